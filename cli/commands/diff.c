/* ikescope diff GOOD BAD: the first step at which two attempts part, and what differs up to there. */
#include <stdio.h>

#include "analysis/compare.h"
#include "base/sink.h"
#include "base/writer.h"
#include "cli/command.h"
#include "cli/habits.h"
#include "cli/help.h"
#include "cli/redaction.h"
#include "cli/run.h"
#include "cli/select.h"
#include "cli/terminal.h"
#include "reporters/clean.h"
#include "reporters/words.h"

enum { FINDINGS_TOLD = 5 };

struct pair {
    struct run run[2]; /* good, bad */
    struct comparison c;
};

static void put_name(struct sink *out, const struct model *m, uint32_t input)
{
    clean_write(out, m->inputs[input].name);
}

static void put_finding(struct sink *out, const struct finding *f)
{
    sink_format(out, "[%s] ", f->rule);
    clean_write(out, f->cause);
    sink_byte(out, '\n');
}

static void put_side(struct sink *out, const char *side, const struct model *m, const struct showing *s)
{
    sink_format(out, "    %s  ", side);
    clean_write(out, s->value.len ? s->value : TEXT("none"));
    if (s->place) {
        sink_string(out, "  (");
        put_name(out, m, s->input);
        sink_format(out, "%s%u)", s->packet ? " frame " : ":", s->place);
    }
    sink_byte(out, '\n');
}

static void put_sa(struct sink *out, const char *side, const struct model *m, const struct ike_sa *sa)
{
    struct buffer b;
    if (!sa) {
        sink_format(out, "%s  no IKE SA", side);
        if (m->input_count == 1) {
            sink_string(out, "  (");
            put_name(out, m, 0);
            sink_byte(out, ')');
        }
        sink_byte(out, '\n');
        return;
    }
    buffer_init(&b, 4096);
    ends_print(m, sa, true, &b);
    sink_format(out, "%s  ike%u  %.*s  %s  (", side, sa->number, TEXT_ARGS(buffer_view(&b)),
                sa_outcome_name((enum sa_outcome)sa->outcome));
    put_name(out, m, sa->first_input);
    sink_string(out, ")\n");
    buffer_clear(&b);
}

/* A peer that fails again and again is one line: how often, the first and the last time. */
static void put_attempts(struct sink *out, const struct comparison *c)
{
    struct buffer b;
    buffer_init(&b, 256);
    buffer_format(&b, "      %u attempts of these peers ended alike", c->bad_attempts);
    if (c->first_attempt->first.kind && c->last_attempt->last.kind) {
        buffer_string(&b, ", from ");
        stamp_print(c->first_attempt->first, &b);
        buffer_string(&b, " to ");
        stamp_print(c->last_attempt->last, &b);
    }
    sink_text(out, buffer_view(&b));
    sink_byte(out, '\n');
    buffer_clear(&b);
}

static bool has_rule(const struct model *m, const char *rule)
{
    for (const struct finding *f = m->findings; f; f = f->next)
        if (strcmp(f->rule, rule) == 0)
            return true;
    return false;
}

/* What comes first in a report of that side alone: of its SA, or, where it has none, whatever was found. */
static const struct finding *first_finding(const struct model *m, const struct ike_sa *sa)
{
    for (const struct finding *f = m->findings; f; f = f->next)
        if (!sa || (f->severity >= SEVERITY_WARNING && (!f->ike_sa || f->ike_sa == sa)))
            return f;
    return NULL;
}

/* What is called good and failed itself is nothing to measure the other by. */
static bool good_failed(const struct pair *p)
{
    const struct ike_sa *sa = p->c.good;
    return sa && (sa->outcome == SA_FAILED || sa->child_refused || (sa->outcome == SA_INCOMPLETE && !sa->established));
}

static void put_good_failed(const struct pair *p, struct sink *out)
{
    const struct finding *f = first_finding(p->run[0].model, p->c.good);
    if (!good_failed(p))
        return;
    sink_format(out, "\ngood is not good: its attempt %s, so what both share may be wrong as well\n",
                p->c.good->outcome == SA_FAILED ? (p->c.bad && p->c.bad->outcome == SA_FAILED ? "failed, too" : "failed")
                : p->c.good->child_refused      ? "got no Child SA"
                                                : "did not come to an end that is seen");
    if (f) {
        sink_string(out, "  ");
        put_finding(out, f);
    }
}

static void put_first_findings(const struct pair *p, struct sink *out)
{
    const struct ike_sa *const sas[] = { p->c.good, p->c.bad };
    sink_string(out, "\nthe first finding of each:\n");
    for (int side = 0; side < 2; side++) {
        const struct finding *f = first_finding(p->run[side].model, sas[side]);
        sink_string(out, side ? "  bad   " : "  good  ");
        if (f)
            put_finding(out, f);
        else
            sink_string(out, "no finding\n");
    }
}

static void put_findings(const struct pair *p, struct sink *out)
{
    const struct model *good = p->run[0].model, *bad = p->run[1].model;
    unsigned told = 0;
    for (const struct finding *f = bad->findings; p->c.good && p->c.bad && f && told < FINDINGS_TOLD; f = f->next)
        if (f->severity >= SEVERITY_WARNING && (!f->ike_sa || f->ike_sa == p->c.bad) && !has_rule(good, f->rule)) {
            sink_string(out, told++ ? "  " : "\nwhat is wrong with bad and not with good:\n  ");
            put_finding(out, f);
        }
    if (!told && (!p->c.good || !p->c.bad || first_finding(bad, p->c.bad)))
        put_first_findings(p, out);
}

static void write_text_form(const struct pair *p, struct sink *out)
{
    const struct model *good = p->run[0].model, *bad = p->run[1].model;
    put_sa(out, "good", good, p->c.good);
    put_sa(out, "bad ", bad, p->c.bad);
    if (p->c.bad_attempts > 1)
        put_attempts(out, &p->c);
    put_good_failed(p, out);
    if (p->c.good && p->c.bad)
        sink_format(out, "\nalike: %u message%s, %u transition%s\n", p->c.same_messages, p->c.same_messages == 1 ? "" : "s",
                    p->c.same_transitions, p->c.same_transitions == 1 ? "" : "s");
    for (int parting = 1; parting >= 0; parting--) {
        bool headed = false;
        for (const struct difference *d = p->c.differences; d; d = d->next) {
            if (d->parting != (parting == 1))
                continue;
            if (!headed)
                sink_string(out, parting ? "\nthey part here:\n" : "\nalso different:\n");
            headed = true;
            sink_string(out, "  ");
            clean_write(out, d->where);
            sink_string(out, ": ");
            clean_write(out, d->what);
            sink_byte(out, '\n');
            put_side(out, "good", good, &d->good);
            put_side(out, "bad ", bad, &d->bad);
        }
    }
    if (!p->c.good && !p->c.bad)
        sink_string(out, "\nnothing to compare: neither shows an IKE SA\n");
    else if (!p->c.parting)
        sink_string(out, p->c.differences                             ? "\nthey do not part\n"
                         : p->c.same_messages + p->c.same_transitions ? "no difference found\n"
                                                                      : "nothing to compare: there is no message and no state "
                                                                        "that both show\n");
    put_findings(p, out);
}

static void write_side(struct json_writer *w, const char *side, const struct model *m, const struct showing *s)
{
    write_object(w, side);
    write_text(w, "value", s->value);
    if (s->place) {
        write_text(w, "input", m->inputs[s->input].name);
        write_number(w, s->packet ? "packet" : "line", s->place);
    }
    write_end_object(w);
}

static void write_first_finding(struct json_writer *w, const char *name, const struct finding *f)
{
    if (!f)
        return;
    write_object(w, name);
    write_string(w, "rule", f->rule);
    write_text(w, "cause", f->cause);
    write_end_object(w);
}

static void write_json_form(const struct pair *p, struct sink *out)
{
    struct json_writer w = { .out = out, .indented = true };
    write_object(&w, NULL);
    write_string(&w, "schema", "ikescope.diff/1");
    write_number(&w, "same_messages", p->c.same_messages);
    write_number(&w, "same_transitions", p->c.same_transitions);
    write_number(&w, "bad_attempts", p->c.bad_attempts);
    if (good_failed(p))
        write_bool(&w, "good_failed", true);
    write_first_finding(&w, "good_finding", first_finding(p->run[0].model, p->c.good));
    write_first_finding(&w, "bad_finding", first_finding(p->run[1].model, p->c.bad));
    write_array(&w, "differences");
    for (const struct difference *d = p->c.differences; d; d = d->next) {
        write_object(&w, NULL);
        write_text(&w, "where", d->where);
        write_text(&w, "what", d->what);
        write_bool(&w, "parting", d->parting);
        write_side(&w, "good", p->run[0].model, &d->good);
        write_side(&w, "bad", p->run[1].model, &d->bad);
        write_end_object(&w);
    }
    write_end_array(&w);
    write_end_object(&w);
    sink_byte(out, '\n');
}

static int run_diff(int argc, char **argv)
{
    struct invocation i = { 0 };
    struct error err = { 0 };
    int status;
    if (!command_begin("diff", argc, argv, &i, &status))
        return status;
    struct pair p = { 0 };
    struct arena *arena = arena_create();
    struct options needs = { .keep_payloads = true, .keep_transitions = true };
    const char *format = option_last(&i.format, "text");
    bool json = strcmp(format, "json") == 0;
    bool ok = i.inputs.count == 2 ||
              fail(&err, ERROR_USAGE,
                   "'diff' compares two: 'ikescope diff GOOD BAD' (logs, captures, or folders that hold a case)");
    ok = ok && (habits_is_format("diff", format) || habits_format("diff", format, &err));
    for (int side = 0; ok && side < 2; side++) {
        struct invocation one = i;
        one.inputs = (struct words){ &i.inputs.at[side], 1 };
        ok = run_inputs(&p.run[side], &one, needs, &err);
        if (ok && p.run[side].model->ike_sas && !select_sas(p.run[side].model, &i, &err)) {
            error_prefix(&err, "'%s'", i.inputs.at[side]);
            ok = false;
        }
    }
    if (ok && option_given(&i.redact)) /* one end of both stays one */
        redact_models((struct model *[]){ p.run[0].model, p.run[1].model }, 2);
    status = EXIT_TROUBLE;
    if (ok) {
        const bool both = compare_attempts(p.run[0].model, p.run[1].model, arena, &p.c);
        const int side = p.c.good ? 1 : 0;
        if (!both)
            run_tell_nothing(&p.run[side], arena_format(arena, "no IKE SA in '%s'", i.inputs.at[side]).at);
        struct terminal screen;
        struct sink *out = terminal_begin(&screen, option_last(&i.output, "-"), json, (unsigned)option_number(&i.width, 0), &err);
        if (out && json)
            write_json_form(&p, out);
        else if (out)
            write_text_form(&p, out);
        if (out && terminal_end(&screen, &err))
            status = both ? EXIT_DONE : EXIT_NOTHING;
    }
    if (err.kind && !run_told(&p.run[0], &err) && !run_told(&p.run[1], &err))
        warn(false, "%s", err.text);
    run_clear(&p.run[0]);
    run_clear(&p.run[1]);
    arena_destroy(arena);
    options_clear(&i);
    return status;
}

const struct command command_diff = {
    .name = "diff",
    .arguments = "GOOD BAD",
    .summary = "the first step at which two attempts part, and what differs up to there",
    .details = "GOOD and BAD are two logs, captures or folders (a case each). A peer that fails again and again is one line with "
               "its count; --sa and --peer pick the attempt, on both sides.",
    .formats = "text json",
    .run = run_diff,
};
