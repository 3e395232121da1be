/* ikescope rules list|explain|lint|test|init: works on rule files. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/gate.h"
#include "analysis/ruleterms.h"
#include "base/nearest.h"
#include "base/writer.h"
#include "cli/checking.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/rulesofrun.h"
#include "cli/run.h"
#include "cli/sandboxing.h"
#include "cli/terminal.h"
#include "reporters/clean.h"

struct job {
    struct invocation *i;
    struct arena *arena;
    struct rule_file file;
    struct sink *out;
    struct error *err;
};

static const char *const operator_help[] = {
    "equal; with a list: exactly these values",
    "not equal, whichever value",
    "one of a list",
    "none of a list",
    "less than",
    "at most",
    "greater than",
    "at least",
    "a PCRE2 expression matches",
    "inside a network (or one of several); a range must lie inside whole",
    "true: the field is there; false: it is not",
    "every value fits",
    "at least one value fits",
    "the opposite",
};
static const char *const kind_help[] = {
    "every row of `over` that `where` takes must be `that`",
    "no row of `over` that `where` takes may be `that`",
    "how many rows of `over` `where` takes must be `is`",
    ("from the first message or transition that is `from` to the first that is `to`, in each IKE SA that `where` takes, at most "
     "`limit`"),
    "`steps` must occur in this order in each IKE SA that `where` takes",
    "no two rows of `over` have the same `field`",
};

/* A line with words of a rule file in it, which are somebody else's text. */
static void say(struct job *j, struct text line)
{
    clean_write(j->out, line);
    sink_byte(j->out, '\n');
}

static void list_rule(struct job *j, const struct rule *r)
{
    enum severity here = gate_severity(r->id, r->severity);
    sink_format(j->out, "  %-28s %-8s %s", r->id, severity_name(here), r->title);
    if (here != r->severity)
        sink_format(j->out, " (in a report: %s)", severity_name(r->severity));
    sink_byte(j->out, '\n');
}

static bool list(struct job *j)
{
    sink_string(j->out, "built-in rules:\n");
    list_rule(j, &gate_tunnel_up);
    for (size_t n = 0; n < rule_count; n++)
        list_rule(j, rules[n]);
    if (!j->file.rules)
        return true;
    sink_string(j->out, "rules of the files:\n");
    for (const struct user_rule *u = j->file.rules; u; u = u->next)
        say(j, arena_format(j->arena, "  %-28s %-8s %.*s (%s:%u, %s over %s)%s", u->id, severity_name(u->severity),
                            TEXT_ARGS(u->title), u->file, u->line, check_kind_names[u->kind], subject_name(u->subject),
                            u->disabled ? " off" : ""));
    return true;
}

static bool explain_rule(struct job *j, const struct rule *r)
{
    if (!r)
        return false;
    enum severity here = gate_severity(r->id, r->severity);
    sink_format(j->out, "%s (%s", r->id, severity_name(here));
    if (here != r->severity)
        sink_format(j->out, "; in a report: %s", severity_name(r->severity));
    sink_format(j->out, ")\n  %s\n", r->title);
    if (r->meaning)
        sink_format(j->out, "  %s\n", r->meaning);
    if (r->advice)
        sink_format(j->out, "  %s\n", r->advice);
    return true;
}

/* The parts of a rule file that change what a finding counts. */
static const struct {
    const char *name, *help;
} part_help[] = {
    { "suppress",
      "a list of findings that are known, `- { rule: ID, where: { peer: ADDRESS }, reason: TEXT, until: YYYY-MM-DD }`: what it "
      "names is still listed, as suppressed with its reason, and fails nothing; behind its last day it counts again. For one "
      "known case; a whole rule is put off by `severity`" },
    { "severity",
      "another severity for a rule everywhere, `severity: { ID: error|warning|note|off }`: off, and it is not judged and "
      "not listed at all. For one known case, with reason and last day, take `suppress`" },
};

static bool explain_word(struct job *j, const char *word)
{
    bool found = explain_rule(j, gate_rule(text_of(word)));
    for (size_t n = 0; n < COUNT_OF(part_help); n++)
        if (strcmp(part_help[n].name, word) == 0) {
            sink_format(j->out, "%s: %s\n", word, part_help[n].help);
            found = true;
        }
    for (size_t n = 0; check_kind_names[n]; n++)
        if (strcmp(check_kind_names[n], word) == 0) {
            sink_format(j->out, "%s: %s\n", word, kind_help[n]);
            found = true;
        }
    for (size_t n = 0; operator_names[n]; n++)
        if (strcmp(operator_names[n], word) == 0) {
            sink_format(j->out, "%s: %s\n", word, operator_help[n]);
            found = true;
        }
    for (int s = 0; s < SUBJECT_COUNT; s++) {
        if (strcmp(subject_name((enum subject)s), word) != 0)
            continue;
        sink_format(j->out, "%s have these fields:\n", word);
        for (size_t n = 0; n < field_count; n++)
            if (field_rows[n].subject == (enum subject)s)
                sink_format(j->out, "  %-44s %s\n", field_rows[n].path, field_rows[n].help ? field_rows[n].help : "");
        found = true;
    }
    for (const struct user_rule *u = j->file.rules; u; u = u->next)
        if (strcmp(u->id, word) == 0) {
            say(j, arena_format(j->arena, "%s (%s), %s:%u", u->id, severity_name(u->severity), u->file, u->line));
            say(j, arena_format(j->arena, "  %.*s", TEXT_ARGS(u->title)));
            say(j, arena_format(j->arena, "  %s over %s", check_kind_names[u->kind], subject_name(u->subject)));
            found = true;
        }
    return found;
}

static bool explain_fails(struct job *j, const char *word)
{
    const char **names = arena_array(j->arena, const char *, rule_count + 64), *near;
    size_t count = 0;
    names[count++] = gate_tunnel_up.id;
    for (size_t n = 0; n < rule_count; n++)
        names[count++] = rules[n]->id;
    for (size_t n = 0; n < COUNT_OF(part_help); n++)
        names[count++] = part_help[n].name;
    for (size_t n = 0; n < 16 && check_kind_names[n]; n++)
        names[count++] = check_kind_names[n];
    for (size_t n = 0; n < 16 && operator_names[n]; n++)
        names[count++] = operator_names[n];
    for (int s = 0; s < SUBJECT_COUNT && s < 16; s++)
        names[count++] = subject_name((enum subject)s);
    names[count] = NULL;
    near = nearest(word, names);
    return near ? fail(j->err, ERROR_USAGE, "no rule, kind of check, operator or subject is called '%s'; did you mean '%s'?",
                       word, near)
                : fail(j->err, ERROR_USAGE, "no rule, kind of check, operator or subject is called '%s'", word);
}

static bool explain(struct job *j)
{
    if (j->i->inputs.count < 2) {
        for (size_t n = 0; check_kind_names[n]; n++)
            explain_word(j, check_kind_names[n]);
        for (size_t n = 0; operator_names[n]; n++)
            explain_word(j, operator_names[n]);
        for (int s = 0; s < SUBJECT_COUNT; s++)
            explain_word(j, subject_name((enum subject)s));
        return true;
    }
    for (size_t n = 1; n < j->i->inputs.count; n++)
        if (!explain_word(j, j->i->inputs.at[n]))
            return explain_fails(j, j->i->inputs.at[n]);
    return true;
}

static bool lint(struct job *j)
{
    unsigned count = 0, tests = 0;
    for (const struct user_rule *u = j->file.rules; u; u = u->next)
        count++;
    for (const struct rule_test *t = j->file.tests; t; t = t->next)
        tests++;
    for (const struct suppression *s = j->file.suppressions; s; s = s->next)
        if (s->until_days < checking_today())
            say(j, arena_format(j->arena, "%s:%u: the suppression of %s ended with %.*s", s->file, s->line, s->rule,
                                TEXT_ARGS(s->until)));
    sink_format(j->out, "%u rule%s, %u test%s: nothing wrong\n", count, count == 1 ? "" : "s", tests, tests == 1 ? "" : "s");
    return true;
}

/* A report written into a rule file: YAML to JSON, words that look like numbers and truth values as such. */
static void to_json(struct json_writer *w, const char *name, const struct yaml_node *n)
{
    uint64_t number;
    if (n->kind == YAML_SCALAR) {
        struct text digits = text_starts(n->text, TEXT("-")) ? text_from(n->text, 1) : n->text;
        double real;
        if (!n->quoted && (text_equal(n->text, TEXT("true")) || text_equal(n->text, TEXT("false"))))
            write_bool(w, name, n->text.len == 4);
        else if (!n->quoted && text_number(digits, 10, &number) && number < INT64_MAX)
            write_signed(w, name, digits.len == n->text.len ? (int64_t)number : -(int64_t)number);
        else if (!n->quoted && n->text.len && n->text.at[n->text.len - 1] <= '9' && text_has(n->text, TEXT(".")) &&
                 rule_seconds(n->text, &real))
            write_decimal(w, name, (int64_t)llround(real * 1e6), 6);
        else
            write_text(w, name, n->text);
        return;
    }
    if (n->kind == YAML_MAPPING)
        write_object(w, name);
    else
        write_array(w, name);
    for (const struct yaml_node *m = n->first; m; m = m->next)
        to_json(w, n->kind == YAML_MAPPING ? m->key.at : NULL, m);
    if (n->kind == YAML_MAPPING)
        write_end_object(w);
    else
        write_end_array(w);
}

static struct json *report_of_test(struct job *j, const struct rule_test *t, struct run *run, struct error *err)
{
    if (t->report) {
        struct buffer b;
        buffer_init(&b, 16 << 20);
        struct sink *s = sink_buffer(&b);
        struct json_writer w = { .out = s };
        to_json(&w, NULL, t->report);
        struct json *report = sink_close(s, err) ? json_read(buffer_view(&b), err) : NULL;
        buffer_clear(&b);
        return report;
    }
    const char *slash = t->input.at[0] != '/' ? strrchr(t->file, '/') : NULL;
    const char *path = slash ? arena_format(j->arena, "%.*s/%.*s", (int)(slash - t->file), t->file, TEXT_ARGS(t->input)).at
                             : t->input.at;
    struct invocation one = { .inputs = { &path, 1 }, .keys = j->i->keys };
    struct options needs = { .keep_payloads = true, .keep_transitions = true };
    run->quiet = true;
    return run_inputs(run, &one, needs, err) ? report_json(run->model, err) : NULL;
}

/* The verdict of one rule over all its results: fail outranks undecided outranks pass. */
static int verdict_of(const struct check *c, const char *rule)
{
    int worst = -1;
    for (const struct check_result *r = c->results; r; r = r->next) {
        int rank = r->verdict == VERDICT_FAIL ? 2 : r->verdict == VERDICT_UNDECIDED ? 1 : 0;
        if (strcmp(r->rule, rule) == 0 && rank > worst)
            worst = rank;
    }
    return worst;
}

static unsigned compare_test(struct job *j, const struct rule_test *t, const struct check *c)
{
    static const char *const words[] = { "pass", "undecided", "fail" };
    const struct yaml_node *const lists[] = { t->pass, t->undecided, t->fail };
    unsigned bad = 0;
    for (int want = 0; want < 3; want++) {
        const struct yaml_node *list = lists[want], *n = !list ? NULL : list->kind == YAML_SEQUENCE ? list->first : list;
        for (; n; n = list->kind == YAML_SEQUENCE ? n->next : NULL) {
            int got = verdict_of(c, arena_string(j->arena, n->text));
            if (got == want)
                continue;
            say(j, arena_format(j->arena, "%s:%u: %.*s: rule '%.*s' should %s, and is %s", t->file, t->line, TEXT_ARGS(t->name),
                                TEXT_ARGS(n->text), words[want], got < 0 ? "not there" : words[got]));
            bad++;
        }
    }
    return bad;
}

static bool test(struct job *j)
{
    unsigned passed = 0, failed = 0;
    for (const struct rule_test *t = j->file.tests; t; t = t->next) {
        struct run run = { 0 };
        struct error err = { 0 };
        struct json *report = report_of_test(j, t, &run, &err);
        struct check c = { .fail_on = SEVERITY_ERROR, .model = run.model };
        unsigned bad = 0;
        if (report) {
            struct report judged;
            report_index(&judged, report, j->arena);
            checking_judge(&c, &j->file, &judged, j->arena);
            report_forget(&judged);
            bad = compare_test(j, t, &c);
        } else {
            say(j, arena_format(j->arena, "%s:%u: %.*s: %s", t->file, t->line, TEXT_ARGS(t->name), err.text));
            bad = 1;
        }
        passed += bad == 0;
        failed += bad != 0;
        json_free(report);
        run_clear(&run);
    }
    sink_format(j->out, "%u passed, %u failed\n", passed, failed);
    if (passed + failed == 0)
        return fail(j->err, ERROR_RULES, "the rule files hold no tests");
    return failed == 0 || fail(j->err, ERROR_RULES, "%u test%s failed", failed, failed == 1 ? "" : "s");
}

/* A rule file from a run: its peers, its pace, its algorithms and its selectors. */
static bool init(struct job *j)
{
    struct run run = { 0 };
    struct options needs = { .keep_payloads = true, .keep_transitions = true };
    struct invocation from = { .inputs = j->i->from, .keys = j->i->keys };
    if (!j->i->from.count)
        return fail(j->err, ERROR_USAGE, "'rules init' needs --from LOG, a run to learn from");
    struct json *report = run_inputs(&run, &from, needs, j->err) ? report_json(run.model, j->err) : NULL;
    bool ok = report && rules_of_run(run.model, report, j->out, j->arena, j->err);
    json_free(report);
    run_clear(&run);
    return ok;
}

static int run_rules(int argc, char **argv)
{
    static const struct {
        const char *name;
        bool (*run)(struct job *);
    } actions[] = { { "list", list }, { "explain", explain }, { "lint", lint }, { "test", test }, { "init", init } };
    struct invocation i = { 0 };
    int status;
    if (!command_begin("rules", argc, argv, &i, &status))
        return status;
    struct error err = { 0 };
    struct job j = { .i = &i, .arena = arena_create(), .err = &err };
    const char *action = i.inputs.count ? i.inputs.at[0] : "";
    size_t n = 0;
    while (n < 5 && strcmp(actions[n].name, action) != 0)
        n++;
    /* lint and test take their files as plain arguments too */
    struct words files = i.rules;
    const char **joined = memory_take((i.rules.count + i.inputs.count + 1) * sizeof *joined);
    if (n == 2 || n == 3) {
        files = (struct words){ joined, 0 };
        for (size_t k = 0; k < i.rules.count; k++)
            joined[files.count++] = i.rules.at[k];
        for (size_t k = 1; k < i.inputs.count; k++)
            joined[files.count++] = i.inputs.at[k];
    }
    bool ok = n < 5 || fail(&err, ERROR_USAGE,
                            *action ? "'rules %s' is not list, explain, lint, test or init"
                                    : "rules what%s? Try 'ikescope rules list', explain, lint, test or init",
                            action);
    ok = ok && ((n != 2 && n != 3) || files.count || fail(&err, ERROR_USAGE, "'rules %s' needs a rule file", action));
    bool plain = n == 1 || n == 2 || n == 3 || i.inputs.count < 2; /* the others take options alone */
    ok = ok && (plain || fail(&err, ERROR_USAGE, "'rules %s' takes no '%s'%s", action, i.inputs.at[1],
                              option_given(&i.from) || n == 0 ? "" : "; the run to learn from stands behind '--from'"));
    ok = ok && rules_load(&j.file, j.arena, &files, actions[n].run == lint, &err);
    if (ok && actions[n].run != test) /* a test's log lies where the rule file says */
        sandboxing_narrow("rules", &i);
    struct terminal screen;
    ok = ok && (j.out = terminal_begin(&screen, option_last(&i.output, "-"), actions[n].run == init, 0, &err)) != NULL;
    if (ok) {
        ok = actions[n].run(&j);
        if (!ok && actions[n].run == init)
            terminal_abandon(&screen); /* half a rule file is none */
        else if (!ok && err.kind == ERROR_USAGE)
            terminal_withdraw(&screen);
        else
            ok &= terminal_end(&screen, &err);
    }
    if (!ok)
        warn(false, "%s", err.text);
    memory_free((void *)joined);
    arena_destroy(j.arena);
    options_clear(&i);
    return ok ? EXIT_DONE : EXIT_TROUBLE;
}

const struct command command_rules = {
    .name = "rules",
    .arguments = "list|explain|lint|test|init [FILE]...",
    .summary = "works on rule files: lists and explains rules, checks and tests a file, writes one from a run",
    .details = "list: the rules that --rules FILE holds, and the built-in ones. explain ID: what a rule wants and why. lint "
               "FILE: mistakes in a rule file, with line. test FILE: runs the examples in it. init --from LOG: a rule file that "
               "a good run passes; what a failed one should have passed is marked.",
    .run = run_rules,
};
