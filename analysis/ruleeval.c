#include "analysis/ruleeval.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/rulerow.h"
#include "analysis/ruleterms.h"
#include "base/pattern.h"

/* Kleene's three values: what is absent decides nothing. */
enum truth { NO, YES, UNKNOWN };

struct judging {
    const struct rule_file *file;
    const struct report *report;
    struct arena *arena;
    struct check *check;
    bool complete;       /* no input is cut, damaged or too quiet to judge absence by */
    struct text unclear; /* why a condition could not be decided: the first absent field */
};

static enum truth negate(enum truth t)
{
    return t == UNKNOWN ? UNKNOWN : t == YES ? NO : YES;
}

static bool number_of(struct text t, double *n)
{
    return rule_seconds(t, n) || rule_octets(t, n);
}

static bool equal(const struct value *v, const struct yaml_node *want)
{
    double n;
    if (v->kind == VALUE_NUMBER && !want->quoted && number_of(want->text, &n))
        return fabs(v->number - n) < 1e-9;
    return text_equal_nocase(v->text, want->text);
}

static enum truth compare(const struct value *v, struct text op, const struct yaml_node *want, bool *decided)
{
    double a = v->number, b;
    if (v->kind != VALUE_NUMBER && !number_of(v->text, &a))
        return UNKNOWN;
    if (!number_of(want->text, &b))
        return UNKNOWN;
    *decided = true;
    if (text_equal(op, TEXT("lt")))
        return a < b;
    if (text_equal(op, TEXT("le")))
        return a <= b;
    if (text_equal(op, TEXT("gt")))
        return a > b;
    return a >= b;
}

static bool in_list(const struct value *v, const struct yaml_node *list)
{
    for (const struct yaml_node *n = list->first; n; n = n->next)
        if (equal(v, n))
            return true;
    return false;
}

static enum truth matches(const struct value *v, const struct yaml_node *want)
{
    struct text groups[PATTERN_GROUPS];
    struct pattern *p = pattern_create(want->text.at, NULL);
    bool yes = p && pattern_match(p, v->text, groups);
    bool gave_up = p && pattern_exhausted(p);
    pattern_destroy(p);
    return yes ? YES : gave_up ? UNKNOWN : NO;
}

static enum truth operators(struct judging *j, struct value *values, const struct yaml_node *map);

/* One operator on one value. */
static enum truth apply(struct judging *j, struct value *v, const struct yaml_node *op)
{
    struct text name = op->key;
    bool decided;
    if (text_equal(name, TEXT("eq")))
        return equal(v, op);
    if (text_equal(name, TEXT("ne")))
        return !equal(v, op);
    if (text_equal(name, TEXT("in")))
        return in_list(v, op);
    if (text_equal(name, TEXT("nin")))
        return !in_list(v, op);
    if (text_equal(name, TEXT("match")))
        return matches(v, op);
    if (text_equal(name, TEXT("cidr"))) {
        if (op->kind != YAML_SEQUENCE)
            return cidr_contains(op->text, v->text);
        for (const struct yaml_node *n = op->first; n; n = n->next)
            if (cidr_contains(n->text, v->text))
                return YES;
        return NO;
    }
    (void)j;
    return compare(v, name, op, &decided);
}

/* A value that an `all`, `any` or `not` asks of: one of the list, by itself. */
static enum truth inner(struct judging *j, struct value *v, const struct yaml_node *want)
{
    struct value alone = *v;
    alone.next = NULL;
    if (want->kind == YAML_MAPPING)
        return operators(j, &alone, want);
    return want->kind == YAML_SEQUENCE ? in_list(&alone, want) : equal(&alone, want);
}

/* The list as a whole is what is listed, in any order, and nothing else. */
static enum truth exactly(struct value *values, const struct yaml_node *list)
{
    size_t have = 0;
    for (struct value *v = values; v; v = v->next, have++)
        if (!in_list(v, list))
            return NO;
    return have == yaml_count(list);
}

/* Whether every value, or any of them, is as the operator says; unknown where one is that would have decided it. */
static enum truth of_values(struct judging *j, struct value *values, const struct yaml_node *op, bool every,
                            enum truth (*holds)(struct judging *, struct value *, const struct yaml_node *))
{
    enum truth result = every ? YES : NO;
    for (struct value *v = values; v; v = v->next) {
        enum truth t = holds(j, v, op);
        if (t == (every ? NO : YES))
            return t;
        if (t == UNKNOWN)
            result = UNKNOWN;
    }
    return result;
}

static enum truth one_operator(struct judging *j, struct value *values, const struct yaml_node *op)
{
    if (text_equal(op->key, TEXT("exists")))
        return (values != NULL) == text_equal(op->text, TEXT("true"));
    if (!values)
        return UNKNOWN;
    if (text_equal(op->key, TEXT("eq")) && op->kind == YAML_SEQUENCE)
        return exactly(values, op);
    if (text_equal(op->key, TEXT("not")))
        return negate(op->kind == YAML_MAPPING ? operators(j, values, op) : inner(j, values, op));
    bool all = text_equal(op->key, TEXT("all"));
    if (all || text_equal(op->key, TEXT("any")))
        return of_values(j, values, op, all, inner);
    /* ne and nin speak of every value, the others of any: `nin: [1, 2]` means that neither is there. */
    return of_values(j, values, op, text_equal(op->key, TEXT("ne")) || text_equal(op->key, TEXT("nin")), apply);
}

static enum truth operators(struct judging *j, struct value *values, const struct yaml_node *map)
{
    enum truth result = YES;
    for (const struct yaml_node *op = map->first; op; op = op->next) {
        enum truth t = one_operator(j, values, op);
        if (t == NO)
            return NO;
        if (t == UNKNOWN)
            result = UNKNOWN;
    }
    return result;
}

static enum truth condition(struct judging *j, const struct row *row, const struct yaml_node *c);

static enum truth connective(struct judging *j, const struct row *row, const struct yaml_node *list, bool all)
{
    enum truth result = all ? YES : NO;
    for (const struct yaml_node *n = list->first; n; n = n->next) {
        enum truth t = condition(j, row, n);
        if (t == (all ? NO : YES))
            return t;
        if (t == UNKNOWN)
            result = UNKNOWN;
    }
    return result;
}

static enum truth condition(struct judging *j, const struct row *row, const struct yaml_node *c)
{
    enum truth result = YES;
    for (const struct yaml_node *n = c ? c->first : NULL; n; n = n->next) {
        enum truth t;
        if (text_equal(n->key, TEXT("not"))) {
            t = negate(condition(j, row, n));
        } else if (text_equal(n->key, TEXT("all")) || text_equal(n->key, TEXT("any"))) {
            t = connective(j, row, n, text_equal(n->key, TEXT("all")));
        } else {
            struct value *values = row_values(j->report, row, n->key, j->arena);
            struct yaml_node eq = *n;
            eq.next = NULL;
            if (n->kind == YAML_MAPPING)
                t = operators(j, values, n);
            else {
                struct yaml_node map = { .kind = YAML_MAPPING, .first = &eq };
                eq.key = n->kind == YAML_SEQUENCE ? TEXT("in") : TEXT("eq");
                t = operators(j, values, &map);
            }
            if (t == UNKNOWN && !j->unclear.len)
                j->unclear = n->key;
        }
        if (t == NO)
            return NO;
        if (t == UNKNOWN)
            result = UNKNOWN;
    }
    return result;
}

struct check_result *check_add(struct check *c, struct arena *arena, const char *rule, enum severity severity,
                               enum verdict verdict)
{
    struct check_result *r = arena_new(arena, struct check_result);
    r->rule = rule;
    r->severity = severity;
    r->verdict = verdict;
    if (c->results_last)
        c->results_last->next = r;
    else
        c->results = r;
    c->results_last = r;
    return r;
}

struct place *place_of(const struct check *c, const struct report *report, const struct json *source, struct arena *arena)
{
    struct text id = json_as_text(json_member(source, "input"));
    uint64_t number;
    int64_t at = 0;
    if (id.len < 3 || !text_number(text_from(id, 2), 10, &number) || number == 0)
        return NULL;
    struct place *p = arena_new(arena, struct place);
    if (c->model && number <= c->model->input_count)
        p->file = c->model->inputs[number - 1].path;
    else
        p->file = json_as_text(json_member(json_at(json_member(report->json, "inputs"), (size_t)number - 1), "name"));
    p->packet = json_as_number(json_member(source, "packet"), &at);
    if (!p->packet && !json_as_number(json_member(source, "line"), &at))
        json_as_number(json_member(json_at(json_member(source, "transitions"), 0), "line"), &at); /* a view */
    if (at == 0)
        json_as_number(json_member(source, "first_line"), &at); /* a record */
    p->line = at > 0 ? (uint32_t)at : 0;
    p->text = arena_text(arena, json_as_text(json_member(source, "text")));
    return p;
}

struct text subject_peers(const struct json *sa, struct arena *arena)
{
    struct text ends[2];
    sa_ends(sa, ends);
    if (!ends[0].len && !ends[1].len)
        return (struct text){ NULL, 0 };
    return arena_format(arena, "%.*s - %.*s", TEXT_ARGS(ends[0]), TEXT_ARGS(ends[1]));
}

static struct check_result *conclude(struct judging *j, const struct user_rule *rule, enum verdict verdict, const struct row *row,
                                     struct text message)
{
    struct check_result *r = check_add(j->check, j->arena, rule->id, rule->severity, verdict);
    r->title = rule->title;
    r->advice = rule->advice;
    r->message = message;
    if (row) {
        r->subject = arena_text(j->arena, row->id);
        r->subject_key = subject_peers(row->sa, j->arena);
        r->places = place_of(j->check, j->report, row->source, j->arena);
    }
    return r;
}

static struct text because(struct judging *j, const struct user_rule *rule, const char *what)
{
    if (j->unclear.len)
        return arena_format(j->arena, "%.*s: cannot tell, the inputs do not say '%.*s'", TEXT_ARGS(rule->title),
                            TEXT_ARGS(j->unclear));
    return arena_format(j->arena, "%.*s: %s", TEXT_ARGS(rule->title), what);
}

/* The fields that a condition asked for, with what the row has: "outcome is failed". */
static struct text observed(struct judging *j, const struct row *row, const struct yaml_node *c)
{
    struct text all = { "", 0 };
    for (const struct yaml_node *n = c ? c->first : NULL; n; n = n->next) {
        const bool list = text_equal(n->key, TEXT("all")) || text_equal(n->key, TEXT("any"));
        if (list || text_equal(n->key, TEXT("not"))) {
            for (const struct yaml_node *part = list ? n->first : n; part; part = list ? part->next : NULL) {
                struct text seen = observed(j, row, part);
                if (seen.len && text_find(all, seen) == TEXT_NOWHERE)
                    all = arena_format(j->arena, "%.*s%s%.*s", TEXT_ARGS(all), all.len ? "; " : "", TEXT_ARGS(seen));
            }
            continue;
        }
        struct text have = { "", 0 };
        size_t shown = 0;
        for (struct value *v = row_values(j->report, row, n->key, j->arena); v && shown < 6; v = v->next, shown++)
            have = arena_format(j->arena, "%.*s%s%.*s", TEXT_ARGS(have), shown ? ", " : "", TEXT_ARGS(text_upto(v->text, 80)));
        all = arena_format(j->arena, "%.*s%s%.*s is %.*s", TEXT_ARGS(all), all.len ? "; " : "", TEXT_ARGS(n->key),
                           TEXT_ARGS(have.len ? have : TEXT("absent")));
    }
    return all;
}

static void check_rows(struct judging *j, const struct user_rule *rule)
{
    uint32_t rows = 0, bad = 0, open = 0;
    for (struct row *row = rows_of(j->report, rule->subject, j->arena); row; row = row->next) {
        j->unclear = (struct text){ NULL, 0 };
        enum truth mine = condition(j, row, rule->where);
        if (mine == NO)
            continue;
        rows++;
        enum truth t = mine == UNKNOWN ? UNKNOWN : condition(j, row, rule->that);
        if (rule->kind == CHECK_NEVER)
            t = negate(t);
        if (t == YES)
            continue;
        struct text seen = observed(j, row, rule->that);
        if (t == NO) {
            bad++;
            conclude(j, rule, VERDICT_FAIL, row,
                     arena_format(j->arena, "%.*s: %.*s %.*s", TEXT_ARGS(rule->title), TEXT_ARGS(row->id), TEXT_ARGS(seen)));
        } else {
            open++;
            conclude(j, rule, VERDICT_UNDECIDED, row, because(j, rule, "cannot tell"));
        }
    }
    j->unclear = (struct text){ NULL, 0 };
    bool nothing = rows == 0 && (rule->kind == CHECK_EXPECT || json_count(json_member(j->report->json, "ike_sas")) == 0);
    if (nothing)
        conclude(j, rule, VERDICT_UNDECIDED, NULL,
                 arena_format(j->arena, "%.*s: the inputs hold no %s that the rule is about", TEXT_ARGS(rule->title),
                              subject_name(rule->subject)));
    else if (!bad && !open)
        conclude(j, rule, VERDICT_PASS, NULL,
                 arena_format(j->arena, "%.*s: holds for %u of %u", TEXT_ARGS(rule->title), rows, rows));
}

static void check_count(struct judging *j, const struct user_rule *rule)
{
    double n = 0;
    bool unsure = false;
    struct row *last = NULL;
    for (struct row *row = rows_of(j->report, rule->subject, j->arena); row; row = row->next) {
        enum truth t = condition(j, row, rule->where);
        n += t == YES;
        unsure |= t == UNKNOWN;
        if (t == YES)
            last = row;
    }
    struct value v = { .kind = VALUE_NUMBER, .number = n, .text = arena_format(j->arena, "%.0f", n) };
    enum truth t = rule->that->kind == YAML_SCALAR ? (enum truth)equal(&v, rule->that) : operators(j, &v, rule->that);
    struct text message = arena_format(j->arena, "%.*s: there are %.0f such %s", TEXT_ARGS(rule->title), n,
                                       subject_name(rule->subject));
    /* What a cut log does not show may have been there. */
    bool open = t == NO && (unsure || (!j->complete && n == 0));
    conclude(j, rule, open ? VERDICT_UNDECIDED : t == YES ? VERDICT_PASS : VERDICT_FAIL, t == YES ? NULL : last, message);
}

/* What is said once of all IKE SAs that a rule is about, so many, of which so many are good. */
static void conclude_sas(struct judging *j, const struct user_rule *rule, uint32_t rows, uint32_t good)
{
    if (!rows)
        conclude(j, rule, VERDICT_UNDECIDED, NULL,
                 arena_format(j->arena, "%.*s: the inputs hold no IKE SA that the rule is about", TEXT_ARGS(rule->title)));
    else if (good == rows)
        conclude(j, rule, VERDICT_PASS, NULL,
                 arena_format(j->arena, "%.*s: holds for %u of %u", TEXT_ARGS(rule->title), good, rows));
}

static void check_within(struct judging *j, const struct user_rule *rule)
{
    uint32_t rows = 0, good = 0;
    for (struct row *sa = rows_of(j->report, SUBJECT_IKE_SAS, j->arena); sa; sa = sa->next) {
        if (condition(j, sa, rule->where) != YES)
            continue;
        rows++;
        struct row *first = NULL, *second = NULL;
        for (struct row *r = rows_of_sa(sa->sa, j->arena); r && !second; r = r->next) {
            if (!first && (!rule->from || condition(j, r, rule->from) == YES))
                first = r;
            if (first && condition(j, r, rule->to) == YES)
                second = r;
        }
        struct text limit = arena_format(j->arena, "%.3f s", rule->limit_seconds);
        if (first && second && !isnan(first->t) && !isnan(second->t)) {
            double took = second->t - first->t;
            if (took <= rule->limit_seconds) {
                good++;
                continue;
            }
            conclude(j, rule, VERDICT_FAIL, sa,
                     arena_format(j->arena, "%.*s: %.*s took %.3f s, limit %.*s", TEXT_ARGS(rule->title), TEXT_ARGS(sa->id), took,
                                  TEXT_ARGS(limit)));
            continue;
        }
        bool timeless = first && second;
        bool open = timeless || !first ||
                    (!j->complete && text_equal(json_as_text(json_member(sa->object, "outcome")), TEXT("incomplete")));
        conclude(j, rule, open ? VERDICT_UNDECIDED : VERDICT_FAIL, sa,
                 arena_format(j->arena, "%.*s: %.*s %s", TEXT_ARGS(rule->title), TEXT_ARGS(sa->id),
                              timeless ? "has no times"
                              : !first ? "does not show where to begin"
                                       : "never got there"));
    }
    conclude_sas(j, rule, rows, good);
}

static void check_sequence(struct judging *j, const struct user_rule *rule)
{
    uint32_t rows = 0, good = 0;
    for (struct row *sa = rows_of(j->report, SUBJECT_IKE_SAS, j->arena); sa; sa = sa->next) {
        if (condition(j, sa, rule->where) != YES)
            continue;
        rows++;
        const struct yaml_node *step = rule->steps->first;
        unsigned number = 1;
        for (struct row *r = rows_of_sa(sa->sa, j->arena); r && step; r = r->next)
            if (condition(j, r, step) == YES) {
                step = step->next;
                number++;
            }
        if (!step) {
            good++;
            continue;
        }
        bool open = !j->complete;
        conclude(j, rule, open ? VERDICT_UNDECIDED : VERDICT_FAIL, sa,
                 arena_format(j->arena, "%.*s: %.*s never came to step %u", TEXT_ARGS(rule->title), TEXT_ARGS(sa->id), number));
    }
    conclude_sas(j, rule, rows, good);
}

static void check_unique(struct judging *j, const struct user_rule *rule)
{
    struct map seen = { 0 };
    uint32_t rows = 0, bad = 0;
    for (struct row *row = rows_of(j->report, rule->subject, j->arena); row; row = row->next) {
        if (condition(j, row, rule->where) != YES)
            continue;
        for (struct value *v = row_values(j->report, row, rule->field, j->arena); v; v = v->next, rows++) {
            if (!map_find(&seen, bytes_of_text(v->text))) {
                map_put(&seen, bytes_of_text(v->text), v);
                continue;
            }
            bad++;
            conclude(j, rule, VERDICT_FAIL, row,
                     arena_format(j->arena, "%.*s: %.*s %.*s stands twice", TEXT_ARGS(rule->title), TEXT_ARGS(rule->field),
                                  TEXT_ARGS(v->text)));
        }
    }
    map_clear(&seen);
    if (!rows)
        conclude(j, rule, VERDICT_UNDECIDED, NULL,
                 arena_format(j->arena, "%.*s: nothing has '%.*s'", TEXT_ARGS(rule->title), TEXT_ARGS(rule->field)));
    else if (!bad)
        conclude(j, rule, VERDICT_PASS, NULL,
                 arena_format(j->arena, "%.*s: %u values, none twice", TEXT_ARGS(rule->title), rows));
}

static bool inputs_complete(const struct report *report)
{
    const struct json *inputs = json_member(report->json, "inputs"), *findings = json_member(report->json, "findings");
    for (size_t i = 0; i < json_count(inputs); i++) {
        const struct json *complete = json_member(json_at(inputs, i), "complete");
        if (complete && !json_as_bool(complete))
            return false;
    }
    for (size_t i = 0; i < json_count(findings); i++)
        if (text_equal(json_as_text(json_member(json_at(findings, i), "rule")), TEXT("debug-incomplete")))
            return false;
    return true;
}

void ruleeval_run(const struct rule_file *file, const struct report *report, struct arena *arena, struct check *check)
{
    static void (*const kinds[CHECK_KIND_COUNT])(struct judging *, const struct user_rule *) = {
        [CHECK_EXPECT] = check_rows,   [CHECK_NEVER] = check_rows,        [CHECK_COUNT_OF] = check_count,
        [CHECK_WITHIN] = check_within, [CHECK_SEQUENCE] = check_sequence, [CHECK_UNIQUE] = check_unique,
    };
    struct judging j = { file, report, arena, check, inputs_complete(report), { NULL, 0 } };
    for (const struct user_rule *rule = file->rules; rule; rule = rule->next) {
        struct user_rule mine = *rule;
        for (const struct severity_override *o = file->overrides; o; o = o->next)
            if (strcmp(o->rule, rule->id) == 0) {
                mine.severity = o->off ? mine.severity : o->severity;
                mine.disabled |= o->off;
                break; /* the newest stands first */
            }
        if (!mine.disabled)
            kinds[rule->kind](&j, &mine);
    }
}

const struct suppression *ruleeval_suppressed(const struct rule_file *file, const char *rule, const struct report *report,
                                              struct text ike_sa, int64_t today_days, struct arena *arena)
{
    const struct json *sa = report_ike_sa(report, ike_sa);
    for (const struct suppression *s = file->suppressions; s; s = s->next) {
        if (strcmp(s->rule, rule) != 0 || today_days > s->until_days)
            continue;
        if (!s->where)
            return s;
        struct judging j = { file, report, arena, NULL, true, { NULL, 0 } };
        if (sa && condition(&j, row_of_sa(sa, arena), s->where) == YES)
            return s;
    }
    return NULL;
}
