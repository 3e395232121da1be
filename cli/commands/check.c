/* ikescope check: the CI gate. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analysis/evidence.h"
#include "analysis/gate.h"
#include "cli/checking.h"
#include "cli/command.h"
#include "cli/habits.h"
#include "cli/help.h"
#include "cli/redaction.h"
#include "cli/sandboxing.h"
#include "cli/select.h"
#include "reporters/check_format.h"
#include "reporters/reporter.h"
#include "reporters/words.h"

enum { LADDER_LIMIT = 1 << 20 };

static const struct check_format *format_named(const char *name, struct error *err)
{
    const struct check_format *f = check_format_find(text_of(name));
    if (!f)
        habits_format("check", name, err);
    return f;
}

static void read_flags(const struct invocation *i, struct check *c, bool *undecided_passes)
{
    static const struct {
        const char *word;
        enum severity severity;
    } levels[] = {
        { "error", SEVERITY_ERROR },
        { "warning", SEVERITY_WARNING },
        { "note", SEVERITY_NOTE },
        { "never", SEVERITY_NONE },
    };
    const char *level = option_last(&i->fail_on, "error"), *undecided = option_last(&i->undecided, "");
    for (size_t n = 0; n < COUNT_OF(levels); n++)
        if (strcmp(level, levels[n].word) == 0)
            c->fail_on = levels[n].severity;
    c->undecided_fails = strcmp(undecided, "fail") == 0;
    *undecided_passes = strcmp(undecided, "pass") == 0;
}

/* The Mermaid ladder of what failed, for the step summary. */
static struct text ladder_of(const struct model *m, struct arena *arena)
{
    const struct reporter *mermaid = reporter_find(TEXT("mermaid"));
    struct buffer b;
    buffer_init(&b, LADDER_LIMIT);
    struct sink *s = sink_buffer(&b);
    struct view_options view = { .version = IKESCOPE_VERSION };
    struct text ladder = { NULL, 0 };
    if (mermaid)
        mermaid->write(m, &view, s);
    if (sink_close(s, NULL))
        ladder = arena_text(arena, text_trim(buffer_view(&b)));
    buffer_clear(&b);
    return ladder;
}

static bool write_one(const struct check *c, const struct invocation *i, const struct check_format *f, const char *path,
                      struct arena *arena, struct error *err)
{
    struct check_view v = { .version = IKESCOPE_VERSION,
                            .quiet = option_given(&i->quiet),
                            .color = option_color(&i->color, path) };
    if (f->needs_ladder && c->failed && c->model->ike_sas)
        v.ladder = ladder_of(c->model, arena);
    struct sink *s = sink_file(path, err);
    if (!s)
        return false;
    f->write(c, &v, s);
    return sink_close(s, err);
}

static bool write_all(const struct check *c, const struct invocation *i, struct arena *arena, struct error *err)
{
    bool text_said = false, ok = true; /* what one output does not take, the others get all the same */
    for (size_t n = 0; n < i->output.count; n++) {
        const char *value = i->output.at[n], *equals = strchr(value, '=');
        char name[32];
        snprintf(name, sizeof name, "%.*s", (int)(equals - value), value);
        const struct check_format *f = format_named(name, err);
        text_said |= f && strcmp(equals + 1, "-") == 0;
        ok &= f && write_one(c, i, f, equals + 1, arena, err);
    }
    if (!text_said) {
        const struct check_format *f = format_named(option_last(&i->format, "text"), err);
        ok &= f && write_one(c, i, f, "-", arena, err);
    }
    return ok;
}

static bool formats_known(const struct invocation *i, struct error *err)
{
    for (size_t n = 0; n < i->output.count; n++) {
        char name[32] = "";
        const char *equals = strchr(i->output.at[n], '=');
        if (equals)
            snprintf(name, sizeof name, "%.*s", (int)(equals - i->output.at[n] > 31 ? 31 : equals - i->output.at[n]),
                     i->output.at[n]);
        if (equals && !format_named(name, err))
            return false;
    }
    return format_named(option_last(&i->format, "text"), err) != NULL;
}

/* Code scanning wants paths from the checkout: what lies below the working folder is named from there. */
static void name_from_here(struct model *m)
{
    char here[4096];
    if (!getcwd(here, sizeof here) || strcmp(here, "/") == 0)
        return;
    for (size_t n = 0; n < m->input_count; n++) {
        struct text *path = &m->inputs[n].path;
        size_t len = strlen(here);
        if (text_starts(*path, text_of(here)) && path->len > len + 1 && path->at[len] == '/')
            *path = text_from(*path, len + 1);
    }
}

static void *baseline_read(struct text text, struct error *err)
{
    struct json *check = json_read(text, err);
    if (!check || text_equal(json_as_text(json_member(check, "schema")), TEXT(CHECK_SCHEMA)))
        return check;
    fail(err, ERROR_INPUT, "it has no member 'schema' with '" CHECK_SCHEMA "'");
    json_free(check);
    return NULL;
}

static bool error_found(const struct check *c)
{
    for (const struct check_result *r = c->results; r; r = r->next)
        if (r->verdict == VERDICT_FAIL && r->severity == SEVERITY_ERROR)
            return true;
    return false;
}

/* No SA was seen: nothing tells whether a tunnel came up. Configurations alone were judged for what they are. */
static void add_nothing_seen(struct check *c, struct arena *arena)
{
    const bool configured = configurations_alone(c->model) && config_supplied(c->model, 0);
    const struct rule *rule = configured ? rule_find(TEXT("configuration-fault")) : &gate_tunnel_up;
    struct check_result *r = check_add(c, arena, rule->id, rule->severity, configured ? VERDICT_PASS : VERDICT_UNDECIDED);
    r->title = configured ? TEXT("The configurations can work") : text_of(rule->title);
    r->message = configured ? TEXT("no IKE SA in the inputs; no error in the configurations")
                            : TEXT("no IKE SA in the inputs: there is nothing to judge");
}

static int run_check(int argc, char **argv)
{
    struct invocation i = { 0 };
    int status;
    if (!command_begin("check", argc, argv, &i, &status))
        return status;
    struct error err = { 0 };
    struct run run = { 0 };
    struct rule_file file;
    struct arena *arena = arena_create();
    struct check c = { 0 };
    bool undecided_passes = false;
    struct json *report = NULL, *baseline = NULL;
    struct report indexed = { 0 };
    struct options needs = { .keep_payloads = true, .keep_transitions = true };
    read_flags(&i, &c, &undecided_passes);
    bool ok = formats_known(&i, &err) && rules_load(&file, arena, &i.rules, false, &err);
    if (ok && option_given(&i.baseline))
        ok = (baseline = read_written("baseline", option_last(&i.baseline, ""), "not what 'check' writes", baseline_read, arena,
                                      &err)) != NULL;
    sandboxing_narrow("check", &i);
    ok = ok && run_inputs(&run, &i, needs, &err) && select_sas(run.model, &i, &err);
    if (ok && option_given(&i.redact))
        redact_model(run.model);
    ok = ok && (report = report_json(run.model, &err)) != NULL;
    status = EXIT_TROUBLE;
    if (ok) {
        bool nothing = !run_found_ikev2(run.model);
        c.model = run.model;
        name_from_here(run.model);
        report_index(&indexed, report, arena);
        checking_judge(&c, &file, &indexed, arena);
        if (!run.model->ike_sas && !run.model->flows && !error_found(&c))
            add_nothing_seen(&c, arena);
        checking_conclude(&c, &file, &indexed, baseline, arena);
        if (undecided_passes && c.verdict == VERDICT_UNDECIDED)
            c.verdict = VERDICT_PASS;
        ok = write_all(&c, &i, arena, &err);
        bool open = c.undecided && !c.undecided_fails && !undecided_passes; /* 3 outranks 1, whatever else failed */
        int judged = open || (nothing && !c.undecided_fails && !undecided_passes) ? EXIT_NOTHING
                     : c.verdict == VERDICT_FAIL                                  ? EXIT_FOUND
                                                                                  : EXIT_DONE;
        status = !ok || run.keep_going ? EXIT_TROUBLE : judged;
        if (option_given(&i.exit_zero) && status != EXIT_TROUBLE)
            status = EXIT_DONE;
    }
    if (err.kind && !run_told(&run, &err))
        warn(false, "%s", err.text);
    report_forget(&indexed);
    json_free(report);
    json_free(baseline);
    run_clear(&run);
    arena_destroy(arena);
    options_clear(&i);
    return status;
}

const struct command command_check = {
    .name = "check",
    .arguments = "[--rules FILE]... INPUT...",
    .summary = "the CI gate: fails when a tunnel did not come up, came up weak, or carries traffic one way only",
    .details =
        "Every finding of a report is a result, and so is every rule of the --rules files (docs/rules.md). Several "
        "--output FORMAT=FILE write several forms of one run. Exit status: 0 passed; 1 something at or above --fail-on; 3 "
        "too little to judge. What is known is passed over by a rule file: `suppress: [ { rule: ID, reason: TEXT } ]` still "
        "lists it and fails nothing, `severity: { ID: off }` leaves the rule out; --baseline FILE passes over what an earlier "
        "run found ('ikescope rules explain suppress').",
    .formats = "text json junit sarif github github-summary gitlab tap prometheus",
    .run = run_check,
};
