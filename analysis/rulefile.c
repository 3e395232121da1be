#include "analysis/rulefile.h"

#include "analysis/gate.h"
#include "analysis/ruleterms.h"
#include "base/nearest.h"
#include "base/pattern.h"
#include "base/stamp.h"

#include <stdio.h>

/* DEEPEST: levels of a file; CONDITIONS: of conditions and operators in each other. KNOWN: names that a misspelt one is compared
 * with. */
enum { EXTENDS_DEPTH = 8, DEEPEST = 32, CONDITIONS = 16, LONGEST_VALUE = 1 << 16, LONGEST_ID = 128, KNOWN = 256 };

const char *const check_kind_names[] = { "expect", "never", "count", "within", "sequence", "unique", NULL };
const char *const operator_names[] = { "eq",    "ne",   "in",     "nin", "lt",  "le",  "gt", "ge",
                                       "match", "cidr", "exists", "all", "any", "not", NULL };

const char *subject_name(enum subject s)
{
    static const char *const names[] = {
#define ENTRY(ident, name, help) name,
        SUBJECTS(ENTRY)
#undef ENTRY
    };
    return names[s];
}

const char *verdict_name(enum verdict v)
{
    static const char *const names[] = { "pass", "fail", "undecided" };
    return names[v];
}

struct reading {
    struct rule_file *into;
    struct rule_loader loader;
    const char *file;
    struct error *err;
    unsigned mistakes;
    struct error first; /* of them: the error, where no other follows */
};

/* The file that extends another speaks first: its variables stand before those of what it extends. */
static const struct yaml_node *variable(const struct rule_file *file, const char *name)
{
    const struct yaml_node *value = NULL;
    for (const struct variable_set *v = file->variables; v && !value; v = v->next)
        value = yaml_member(v->map, name);
    return value;
}

static bool complain(struct reading *r, uint32_t line, uint32_t column, const char *what, struct text word,
                     const char *const *known)
{
    char copy[64];
    snprintf(copy, sizeof copy, "%.*s", TEXT_ARGS(text_upto(word, 60)));
    const char *near = known ? nearest(copy, known) : NULL;
    if (near)
        return fail(r->err, ERROR_RULES, "%s:%u:%u: %s '%s'; did you mean '%s'?", r->file, line, column, what, copy, near);
    return fail(r->err, ERROR_RULES, "%s:%u:%u: %s '%s'", r->file, line, column, what, copy);
}

static bool must_be(struct reading *r, const struct yaml_node *n, enum yaml_kind kind)
{
    static const char *const names[] = { "a word or number", "a list", "a mapping" };
    return n->kind == kind || fail(r->err, ERROR_RULES, "%s:%u:%u: '%.*s' must be %s", r->file, n->line, n->column,
                                   TEXT_ARGS(text_upto(n->key, 60)), names[kind]);
}

static bool known_keys(struct reading *r, const struct yaml_node *mapping, const char *const *known)
{
    for (const struct yaml_node *n = mapping->first; n; n = n->next)
        if (!word_in(n->key, known))
            return complain(r, n->key_line, n->key_column, "unknown key", n->key, known);
    return true;
}

/* ${name} in scalars; the tree is ours, so the text is replaced where it stands. What was put in is not read again. */
static bool substitute_scalar(struct reading *r, struct yaml_node *n)
{
    struct arena *arena = r->into->arena;
    struct text done = { "", 0 }, rest = n->text;
    size_t at;
    while ((at = text_find(rest, TEXT("${"))) != TEXT_NOWHERE) {
        struct text tail = text_from(rest, at + 2);
        size_t end = text_find_byte(tail, '}');
        if (end == TEXT_NOWHERE)
            return complain(r, n->line, n->column, "'${' without '}' in", n->text, NULL);
        struct text name = text_upto(tail, end);
        const struct yaml_node *value = variable(r->into, arena_string(arena, name));
        if (!value)
            return complain(r, n->line, n->column, "no variable", name, NULL);
        if (value->kind != YAML_SCALAR && name.len + 3 == n->text.len) {
            n->kind = value->kind; /* a whole list or mapping */
            n->first = value->first;
            return true;
        }
        if (value->kind != YAML_SCALAR || text_has(value->text, TEXT("${")))
            return complain(r, n->line, n->column, "this variable is no plain value:", name, NULL);
        done = arena_format(arena, "%.*s%.*s%.*s", TEXT_ARGS(done), TEXT_ARGS(text_upto(rest, at)), TEXT_ARGS(value->text));
        rest = text_from(tail, end + 1);
        if (done.len > LONGEST_VALUE)
            return complain(r, n->line, n->column, "too long with its variables:", n->text, NULL);
    }
    if (rest.at != n->text.at)
        n->text = arena_format(arena, "%.*s%.*s", TEXT_ARGS(done), TEXT_ARGS(rest));
    return true;
}

static bool substitute(struct reading *r, struct yaml_node *n, unsigned depth)
{
    if (depth > DEEPEST)
        return complain(r, n->line, n->column, "nested too deep at", n->key, NULL);
    for (struct yaml_node *m = n->first; m; m = m->next)
        if (!substitute(r, m, depth + 1))
            return false;
    return n->kind != YAML_SCALAR || substitute_scalar(r, n);
}

static bool truth_of(struct reading *r, const struct yaml_node *n, bool *yes)
{
    *yes = text_equal(n->text, TEXT("true"));
    if (n->kind == YAML_SCALAR && (*yes || text_equal(n->text, TEXT("false"))))
        return true;
    return complain(r, n->line, n->column, "neither true nor false:", n->text, NULL);
}

static bool severity_of(struct reading *r, const struct yaml_node *n, enum severity *severity, bool *off)
{
    static const char *const names[] = { "error", "warning", "note", "off", NULL };
    static const enum severity values[] = { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE, SEVERITY_NONE };
    for (size_t i = 0; names[i]; i++)
        if (text_equal(n->text, text_of(names[i]))) {
            *severity = values[i];
            if (off)
                *off = i == 3;
            return i != 3 || off != NULL || complain(r, n->line, n->column, "no severity is called", n->text, names);
        }
    return complain(r, n->line, n->column, "no severity is called", n->text, names);
}

static bool check_operators(struct reading *r, const struct yaml_node *map, enum subject subject, unsigned depth);
static bool all_plain(struct reading *r, const struct yaml_node *list);

/* A condition: fields with a value, a list (any of), or operators; and the connectives all, any, not. */
static bool check_condition(struct reading *r, const struct yaml_node *c, enum subject subject, unsigned depth)
{
    if (depth > CONDITIONS)
        return complain(r, c->line, c->column, "conditions nested too deep at", c->key, NULL);
    if (!must_be(r, c, YAML_MAPPING))
        return false;
    for (const struct yaml_node *n = c->first; n; n = n->next) {
        if (text_equal(n->key, TEXT("not"))) {
            if (!check_condition(r, n, subject, depth + 1))
                return false;
        } else if (text_equal(n->key, TEXT("all")) || text_equal(n->key, TEXT("any"))) {
            if (!must_be(r, n, YAML_SEQUENCE))
                return false;
            for (const struct yaml_node *m = n->first; m; m = m->next)
                if (!check_condition(r, m, subject, depth + 1))
                    return false;
        } else {
            const char *near = NULL;
            if (!field_known(subject, n->key, &near)) {
                const char *const one[] = { near, NULL };
                return complain(r, n->key_line, n->key_column,
                                arena_format(r->into->arena, "%s have no field", subject_name(subject)).at, n->key,
                                near ? one : NULL);
            }
            if (n->kind == YAML_MAPPING && !check_operators(r, n, subject, depth + 1))
                return false;
            if (!all_plain(r, n))
                return false;
        }
    }
    return true;
}

static bool all_plain(struct reading *r, const struct yaml_node *list)
{
    for (const struct yaml_node *m = list->kind == YAML_SEQUENCE ? list->first : NULL; m; m = m->next)
        if (m->kind != YAML_SCALAR)
            return complain(r, m->line, m->column, "a list of plain values is needed for", list->key, NULL);
    return true;
}

/* The operand of match, cidr, exists and the four that order. */
static bool check_operand(struct reading *r, const struct yaml_node *n)
{
    static const char *const ordering[] = { "lt", "le", "gt", "ge", NULL };
    double number;
    bool yes;
    if (text_equal(n->key, TEXT("match"))) {
        struct error bad = { 0 };
        struct pattern *p = pattern_create(n->text.at, &bad);
        if (!p)
            return fail(r->err, ERROR_RULES, "%s:%u:%u: %s", r->file, n->line, n->column,
                        bad.kind ? bad.text : "an expression is needed");
        pattern_destroy(p);
    }
    if (text_equal(n->key, TEXT("exists")))
        return truth_of(r, n, &yes);
    if (word_in(n->key, ordering) && !rule_seconds(n->text, &number) && !rule_octets(n->text, &number))
        return complain(r, n->line, n->column, "a number, a time as 3s or a size as 10MiB is needed, not", n->text, NULL);
    if (text_equal(n->key, TEXT("cidr"))) {
        const struct yaml_node *one = n->kind == YAML_SEQUENCE ? n->first : n;
        for (; one; one = n->kind == YAML_SEQUENCE ? one->next : NULL)
            if (!cidr_known(one->text))
                return complain(r, one->line, one->column, "no network:", one->text, NULL);
    }
    return true;
}

static bool check_operators(struct reading *r, const struct yaml_node *map, enum subject subject, unsigned depth)
{
    static const char *const lists[] = { "in", "nin", NULL }, *const nested[] = { "all", "any", "not", NULL };
    static const char *const either[] = { "eq", "cidr", "all", "any", "not", NULL };
    if (depth > CONDITIONS || !map->first)
        return complain(r, map->line, map->column, "an operator is missing at", map->key, NULL);
    for (const struct yaml_node *n = map->first; n; n = n->next) {
        if (!word_in(n->key, operator_names))
            return complain(r, n->key_line, n->key_column, "unknown operator", n->key, operator_names);
        if (n->kind == YAML_MAPPING && word_in(n->key, nested)) {
            if (!check_operators(r, n, subject, depth + 1))
                return false;
            continue;
        }
        if (word_in(n->key, lists) ? !must_be(r, n, YAML_SEQUENCE)
                                   : (n->kind == YAML_MAPPING || !word_in(n->key, either)) && !must_be(r, n, YAML_SCALAR))
            return false;
        if (!all_plain(r, n) || !check_operand(r, n))
            return false;
    }
    return true;
}

static bool read_within(struct reading *r, struct user_rule *rule, const struct yaml_node *body)
{
    const struct yaml_node *limit = yaml_member(body, "limit");
    rule->from = yaml_member(body, "from");
    rule->to = yaml_member(body, "to");
    if (!limit || !rule_seconds(limit->text, &rule->limit_seconds))
        return complain(r, body->line, body->column, "'within' needs 'limit', a time as 3s or 250ms, in", text_of(rule->id),
                        NULL);
    if (!rule->to)
        return complain(r, body->line, body->column, "'within' needs 'to' in", text_of(rule->id), NULL);
    return (!rule->from || check_condition(r, rule->from, SUBJECT_MESSAGES, 0)) &&
           check_condition(r, rule->to, SUBJECT_MESSAGES, 0);
}

static bool read_that(struct reading *r, struct user_rule *rule, const struct yaml_node *body)
{
    rule->that = yaml_member(body, "that");
    if (!rule->that)
        return complain(r, body->line, body->column, "'that' is missing in", text_of(rule->id), NULL);
    return check_condition(r, rule->that, rule->subject, 0);
}

static bool read_count(struct reading *r, struct user_rule *rule, const struct yaml_node *body)
{
    double number;
    const struct yaml_node *is = rule->that = yaml_member(body, "is");
    if (!is || is->kind == YAML_SEQUENCE)
        return complain(r, body->line, body->column, "'is' (a number, or operators as {ge: 1}) is missing in", text_of(rule->id),
                        NULL);
    if (is->kind == YAML_MAPPING)
        return check_operators(r, is, rule->subject, 0);
    return rule_octets(is->text, &number) || complain(r, is->line, is->column, "'is' needs a number, not", is->text, NULL);
}

static bool read_sequence(struct reading *r, struct user_rule *rule, const struct yaml_node *body)
{
    rule->steps = yaml_member(body, "steps");
    if (!rule->steps || rule->steps->kind != YAML_SEQUENCE || !rule->steps->first)
        return complain(r, body->line, body->column, "'steps' (a list) is missing in", text_of(rule->id), NULL);
    for (const struct yaml_node *n = rule->steps->first; n; n = n->next)
        if (!check_condition(r, n, SUBJECT_MESSAGES, 0))
            return false;
    return true;
}

static bool read_unique(struct reading *r, struct user_rule *rule, const struct yaml_node *body)
{
    const struct yaml_node *field = yaml_member(body, "field");
    const char *near = NULL;
    if (!field || !field_known(rule->subject, field->text, &near)) {
        const char *const one[] = { near, NULL };
        return complain(r, (field ? field : body)->line, (field ? field : body)->column,
                        "'unique' needs 'field', one that its subject has; not", field ? field->text : TEXT(""),
                        near ? one : NULL);
    }
    rule->field = field->text;
    return true;
}

static bool read_over(struct reading *r, struct user_rule *rule, const struct yaml_node *over)
{
    const char *names[SUBJECT_COUNT + 1] = { NULL };
    for (int i = 0; i < SUBJECT_COUNT; i++) {
        names[i] = subject_name((enum subject)i);
        if (text_equal(over->text, text_of(names[i]))) {
            rule->subject = (enum subject)i;
            return true;
        }
    }
    return complain(r, over->line, over->column, "nothing to check is called", over->text, names);
}

static bool read_body(struct reading *r, struct user_rule *rule, const struct yaml_node *body)
{
    /* {its members, what reads those that are its own} */
    static const struct {
        const char *keys[5];
        bool (*read)(struct reading *r, struct user_rule *rule, const struct yaml_node *body);
    } kinds[CHECK_KIND_COUNT] = {
        [CHECK_EXPECT] = { { "over", "where", "that" }, read_that },
        [CHECK_NEVER] = { { "over", "where", "that" }, read_that },
        [CHECK_COUNT_OF] = { { "over", "where", "is" }, read_count },
        [CHECK_WITHIN] = { { "where", "from", "to", "limit" }, read_within },
        [CHECK_SEQUENCE] = { { "where", "steps" }, read_sequence },
        [CHECK_UNIQUE] = { { "over", "where", "field" }, read_unique },
    };
    if (!must_be(r, body, YAML_MAPPING) || !known_keys(r, body, kinds[rule->kind].keys))
        return false;
    const struct yaml_node *over = yaml_member(body, "over");
    const bool of_messages = rule->kind == CHECK_WITHIN || rule->kind == CHECK_SEQUENCE; /* of each IKE SA that fits 'where' */
    rule->subject = rule->kind == CHECK_SEQUENCE ? SUBJECT_MESSAGES : SUBJECT_IKE_SAS;
    if (over && !read_over(r, rule, over))
        return false;
    rule->where = yaml_member(body, "where");
    if (rule->where && !check_condition(r, rule->where, of_messages ? SUBJECT_IKE_SAS : rule->subject, 0))
        return false;
    return kinds[rule->kind].read(r, rule, body);
}

static bool id_fits(struct text id)
{
    for (size_t i = 0; i < id.len; i++) {
        char c = id.at[i];
        if (!(text_is_alnum(c) || (c && strchr("._:/-", c))))
            return false;
    }
    return id.len <= LONGEST_ID;
}

static bool read_rule(struct reading *r, const struct yaml_node *n)
{
    static const char *const keys[] = { "id",    "title", "advice", "severity", "disabled", "expect",
                                        "never", "count", "within", "sequence", "unique",   NULL };
    if (!must_be(r, n, YAML_MAPPING) || !known_keys(r, n, keys))
        return false;
    const struct yaml_node *id = yaml_member(n, "id");
    if (!id || id->text.len == 0)
        return fail(r->err, ERROR_RULES, "%s:%u:%u: a rule needs an 'id'", r->file, n->line, n->column);
    if (!id_fits(id->text))
        return complain(r, id->line, id->column, "an id is of letters, digits and . _ : / -, not", id->text, NULL);
    struct user_rule *rule = arena_new(r->into->arena, struct user_rule);
    rule->id = id->text.at;
    rule->file = r->file;
    rule->line = id->line;
    rule->column = id->column;
    rule->severity = SEVERITY_ERROR;
    const struct yaml_node *part = yaml_member(n, "severity");
    if (part && !severity_of(r, part, &rule->severity, &rule->disabled))
        return false;
    rule->title = (part = yaml_member(n, "title")) ? part->text : id->text;
    rule->advice = (part = yaml_member(n, "advice")) ? part->text : (struct text){ NULL, 0 };
    bool disabled = false;
    if ((part = yaml_member(n, "disabled")) != NULL && !truth_of(r, part, &disabled))
        return false;
    rule->disabled |= disabled;
    const struct yaml_node *body = NULL;
    for (int k = 0; k < CHECK_KIND_COUNT; k++)
        if ((part = yaml_member(n, check_kind_names[k])) != NULL) {
            if (body)
                return complain(r, part->key_line, part->key_column, "a rule checks one thing; also here:", part->key, NULL);
            body = part;
            rule->kind = (enum check_kind)k;
        }
    if (!body)
        return fail(r->err, ERROR_RULES, "%s:%u:%u: rule '%s' needs one of expect, never, count, within, sequence, unique",
                    r->file, n->line, n->column, rule->id);
    if (!read_body(r, rule, body))
        return false;
    for (struct user_rule **at = &r->into->rules; *at; at = &(*at)->next)
        if (strcmp((*at)->id, rule->id) == 0) { /* a later file says it anew */
            if ((*at)->file == r->file)
                return complain(r, id->line, id->column, "this id stands here twice:", id->text, NULL);
            rule->next = (*at)->next;
            *at = rule;
            return true;
        }
    struct user_rule **end = &r->into->rules;
    while (*end)
        end = &(*end)->next;
    *end = rule;
    return true;
}

/* A rule of ours or of the files read so far. */
static bool known_rule(struct reading *r, struct text id, uint32_t line, uint32_t column)
{
    const char *names[KNOWN + 1] = { gate_tunnel_up.id };
    size_t count = 1;
    for (size_t i = 0; i < rule_count && count < KNOWN; i++)
        names[count++] = rules[i]->id;
    for (const struct user_rule *u = r->into->rules; u; u = u->next) {
        if (text_equal(text_of(u->id), id))
            return true;
        if (count < KNOWN)
            names[count++] = u->id;
    }
    names[count] = NULL;
    return word_in(id, names) || complain(r, line, column, "no rule is called", id, names);
}

/* "2027-01-31", as a number of days since 1970. */
static bool read_day(struct text t, int64_t *days)
{
    uint64_t y, m, d;
    struct text year, month;
    if (!text_cut(&t, '-', &year) || !text_cut(&t, '-', &month) || year.len != 4 || !text_number(year, 10, &y) ||
        !text_number(month, 10, &m) || !text_number(t, 10, &d) || m < 1 || m > 12)
        return false;
    const int64_t first = stamp_days((int64_t)y, (unsigned)m, 1);
    const int64_t next = stamp_days((int64_t)y + (m == 12), m == 12 ? 1 : (unsigned)m + 1, 1);
    if (d < 1 || d > (uint64_t)(next - first))
        return false;
    *days = first + (int64_t)d - 1;
    return true;
}

static bool read_suppression(struct reading *r, const struct yaml_node *n)
{
    static const char *const keys[] = { "rule", "where", "reason", "until", NULL };
    if (!must_be(r, n, YAML_MAPPING) || !known_keys(r, n, keys))
        return false;
    const struct yaml_node *rule = yaml_member(n, "rule"), *reason = yaml_member(n, "reason"), *until = yaml_member(n, "until");
    if (!rule || !reason || !reason->text.len)
        return fail(r->err, ERROR_RULES, "%s:%u:%u: a suppression needs 'rule' and 'reason'", r->file, n->line, n->column);
    if (!known_rule(r, rule->text, rule->line, rule->column))
        return false;
    struct suppression *s = arena_new(r->into->arena, struct suppression);
    *s = (struct suppression){ .next = r->into->suppressions,
                               .rule = rule->text.at,
                               .where = yaml_member(n, "where"),
                               .reason = reason->text,
                               .until_days = INT64_MAX,
                               .line = n->line,
                               .file = r->file };
    if (s->where && !check_condition(r, s->where, SUBJECT_IKE_SAS, 0))
        return false;
    if (until) {
        if (!read_day(until->text, &s->until_days))
            return complain(r, until->line, until->column, "'until' is a date as 2027-01-31, not", until->text, NULL);
        s->until = until->text;
    }
    r->into->suppressions = s;
    return true;
}

static bool read_overrides(struct reading *r, const struct yaml_node *map)
{
    for (const struct yaml_node *n = map->first; n; n = n->next) {
        struct severity_override *o = arena_new(r->into->arena, struct severity_override);
        o->rule = arena_string(r->into->arena, n->key);
        if (!severity_of(r, n, &o->severity, &o->off))
            return false;
        if (!known_rule(r, n->key, n->key_line, n->key_column))
            return false;
        o->next = r->into->overrides;
        r->into->overrides = o;
    }
    return true;
}

static bool read_test(struct reading *r, const struct yaml_node *n)
{
    static const char *const keys[] = { "name", "report", "input", "pass", "fail", "undecided", NULL };
    if (!must_be(r, n, YAML_MAPPING) || !known_keys(r, n, keys))
        return false;
    const struct yaml_node *name = yaml_member(n, "name"), *input = yaml_member(n, "input");
    struct rule_test *t = arena_new(r->into->arena, struct rule_test);
    *t = (struct rule_test){ .name = name ? name->text : TEXT("unnamed"),
                             .report = yaml_member(n, "report"),
                             .input = input ? input->text : (struct text){ NULL, 0 },
                             .pass = yaml_member(n, "pass"),
                             .fail = yaml_member(n, "fail"),
                             .undecided = yaml_member(n, "undecided"),
                             .file = r->file,
                             .line = n->line };
    if (!t->report == !input)
        return fail(r->err, ERROR_RULES, "%s:%u:%u: a test needs either 'report' or 'input'", r->file, n->line, n->column);
    struct rule_test **end = &r->into->tests;
    while (*end)
        end = &(*end)->next;
    *end = t;
    return true;
}

/* Does reading go on? */
static bool goes_on(struct reading *r, bool ok)
{
    if (ok || !r->loader.mistake)
        return ok;
    if (r->mistakes == 1)
        r->loader.mistake(r->loader.context, &r->first);
    if (r->mistakes++)
        r->loader.mistake(r->loader.context, r->err);
    else
        r->first = *r->err;
    *r->err = (struct error){ .kind = ERROR_NONE };
    return true;
}

static bool each(struct reading *r, const struct yaml_node *root, const char *name,
                 bool (*read)(struct reading *, const struct yaml_node *))
{
    const struct yaml_node *list = yaml_member(root, name);
    if (list && !must_be(r, list, YAML_SEQUENCE))
        return false;
    for (const struct yaml_node *n = list ? list->first : NULL; n; n = n->next)
        if (!goes_on(r, read(r, n)))
            return false;
    return true;
}

/* Nothing, comments, or the version alone: whoever gave it takes something to be checked. */
static bool says_something(struct reading *r, const struct yaml_node *root)
{
    const bool nothing = root->kind == YAML_MAPPING || (root->kind == YAML_SCALAR && !root->quoted &&
                                                        (!root->text.len || text_equal(root->text, TEXT("null"))));
    for (const struct yaml_node *n = root->first; n; n = n->next)
        if (!(text_equal(n->key, TEXT("version")) && text_equal(n->text, TEXT("1"))) && !text_equal(n->key, TEXT("$schema")))
            return true;
    return !nothing || fail(r->err, ERROR_RULES,
                            "%s: nothing is in this rule file but comments or its version; 'ikescope rules init' "
                            "writes one to begin with",
                            r->file);
}

static bool read_file(struct rule_file *into, const char *path, const char *relative_to, struct rule_loader loader,
                      unsigned depth, struct error *err)
{
    static const char *const keys[] = { "version",  "extends", "builtin", "variables", "severity",
                                        "suppress", "rules",   "tests",   "$schema",   NULL };
    struct text text;
    const char *opened;
    if (depth > EXTENDS_DEPTH)
        return fail(err, ERROR_RULES, "%s: 'extends' goes round in a circle, or too deep", path);
    if (!loader.load(loader.context, path, relative_to, into->arena, &text, &opened, err))
        return false;
    struct yaml_node *root = yaml_read(text, opened, into->arena, err);
    if (!root)
        return false;
    struct reading r = { .into = into, .loader = loader, .file = opened, .err = err };
    if (!says_something(&r, root) || !must_be(&r, root, YAML_MAPPING) || !goes_on(&r, known_keys(&r, root, keys)))
        return false;
    const struct yaml_node *version = yaml_member(root, "version"), *extends = yaml_member(root, "extends"), *part;
    const struct yaml_node *variables = yaml_member(root, "variables");
    if (variables) {
        struct variable_set **end = &into->variables;
        while (*end)
            end = &(*end)->next;
        *end = arena_new(into->arena, struct variable_set);
        (*end)->map = variables;
        if (!must_be(&r, variables, YAML_MAPPING))
            return false;
    }
    if (version && !text_equal(version->text, TEXT("1")))
        return complain(&r, version->line, version->column, "this build reads version 1 of rule files, not", version->text, NULL);
    for (const struct yaml_node *n = !extends                         ? NULL
                                     : extends->kind == YAML_SEQUENCE ? extends->first
                                                                      : extends;
         n; n = extends->kind == YAML_SEQUENCE ? n->next : NULL)
        if (!read_file(into, arena_string(into->arena, n->text), opened, loader, depth + 1, err))
            return false;
    if ((part = yaml_member(root, "builtin")) != NULL && !truth_of(&r, part, &into->builtin))
        return false;
    for (struct yaml_node *n = root->first; n; n = n->next)
        if (!text_equal(n->key, TEXT("variables")) && !substitute(&r, n, 0))
            return false;
    part = yaml_member(root, "severity");
    if (!goes_on(&r, each(&r, root, "rules", read_rule)) || !goes_on(&r, each(&r, root, "suppress", read_suppression)) ||
        !goes_on(&r, each(&r, root, "tests", read_test)) ||
        !goes_on(&r, !part || (must_be(&r, part, YAML_MAPPING) && read_overrides(&r, part))))
        return false;
    if (r.mistakes == 1)
        *err = r.first;
    else if (r.mistakes)
        (void)fail(err, ERROR_RULES, "%s: %u mistakes", opened, r.mistakes);
    return r.mistakes == 0;
}

void rulefile_init(struct rule_file *into, struct arena *arena)
{
    *into = (struct rule_file){ .builtin = true, .arena = arena };
}

bool rulefile_read(struct rule_file *into, const char *path, const char *relative_to, struct rule_loader loader,
                   struct error *err)
{
    into->variables = NULL;
    return read_file(into, path, relative_to, loader, 0, err);
}
