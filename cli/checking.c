#include "cli/checking.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "analysis/gate.h"
#include "analysis/symptoms.h"
#include "reporters/fixes.h"
#include "reporters/reporter.h"

enum { LARGEST_FILE = 64 << 20, REPORT_LIMIT = 1 << 30, FLOW_STEPS = 200 };

bool read_file(const char *path, struct arena *arena, struct text *text, struct error *err)
{
    struct source *from = source_open(path, err);
    if (!from)
        return false;
    struct buffer b;
    buffer_init(&b, LARGEST_FILE);
    char block[8192];
    for (size_t n; (n = source_read(from, block, sizeof block)) > 0 && !b.full;)
        buffer_put(&b, block, n);
    bool ok = !source_damaged(from) || fail(err, ERROR_INPUT, "cannot read '%s': %s", path, source_damaged(from));
    source_close(from);
    ok = ok && (!b.full || fail(err, ERROR_INPUT, "'%s' is larger than a rule file can be", path));
    *text = arena_text(arena, buffer_view(&b));
    buffer_clear(&b);
    return ok;
}

void *read_written(const char *option, const char *path, const char *what, void *(*read)(struct text text, struct error *err),
                   struct arena *arena, struct error *err)
{
    struct text text;
    if (!read_file(path, arena, &text, err))
        return NULL;
    void *made = read(text, err);
    if (!made)
        error_prefix(err, "'--%s %s' is %s", option, path, what);
    return made;
}

/* A path in 'extends' is relative to the file that names it. */
static bool load(void *context, const char *path, const char *relative_to, struct arena *arena, struct text *text,
                 const char **opened, struct error *err)
{
    (void)context;
    const char *slash = relative_to && path[0] != '/' ? strrchr(relative_to, '/') : NULL;
    *opened = slash ? arena_format(arena, "%.*s/%s", (int)(slash - relative_to), relative_to, path).at
                    : arena_string(arena, text_of(path));
    if (read_file(*opened, arena, text, err))
        return true;
    if (err)
        err->kind = ERROR_RULES;
    return false;
}

static void tell_mistake(void *context, const struct error *mistake)
{
    (void)context;
    warn(false, "%s", mistake->text);
}

bool rules_load(struct rule_file *into, struct arena *arena, const struct words *paths, bool all_mistakes, struct error *err)
{
    const struct rule_loader loader = { .load = load, .mistake = all_mistakes ? tell_mistake : NULL };
    rulefile_init(into, arena);
    for (size_t i = 0; i < paths->count; i++)
        if (!rulefile_read(into, paths->at[i], NULL, loader, err))
            return false;
    return true;
}

struct json *report_json(const struct model *m, struct error *err)
{
    struct buffer b;
    buffer_init(&b, REPORT_LIMIT);
    struct sink *s = sink_buffer(&b);
    struct view_options view = { .version = IKESCOPE_VERSION };
    reporter_find(TEXT("json"))->write(m, &view, s);
    struct json *report = sink_close(s, err) ? json_read(buffer_view(&b), err) : NULL;
    if (!report)
        error_prefix(err, "the report is too large to judge");
    buffer_clear(&b);
    return report;
}

static void add_flow(struct check *c, struct check_result *r, const struct report *report, const struct json *sa,
                     struct arena *arena)
{
    struct place **at = &r->flow;
    const struct json *exchanges = json_member(sa, "exchanges");
    unsigned steps = 0;
    for (size_t i = 0; i < json_count(exchanges); i++)
        for (int leg = 0; leg < 2 && steps < FLOW_STEPS; leg++) {
            const struct json *x = json_at(exchanges, i), *m = json_member(x, leg ? "response" : "request");
            struct place *p = place_of(c, report, json_at(json_member(m, "sources"), 0), arena);
            int64_t id = 0;
            if (!p)
                continue;
            json_as_number(json_member(x, "msgid"), &id);
            p->text = arena_format(arena, "%.*s %s, message id %lld", TEXT_ARGS(json_as_text(json_member(x, "type"))),
                                   leg ? "response" : "request", (long long)id);
            *at = p;
            at = &p->next;
            steps++;
        }
}

static enum severity severity_named(struct text t)
{
    return text_equal(t, TEXT("error")) ? SEVERITY_ERROR : text_equal(t, TEXT("warning")) ? SEVERITY_WARNING : SEVERITY_NOTE;
}

/* The finding of that id in the model, sought from here on: a report has them in the model's order. NULL for a report that was
 * written in a rule file. */
static const struct finding *finding_of(const struct finding *from, const struct json *f)
{
    uint64_t number;
    struct text id = json_as_text(json_member(f, "id"));
    if (id.len < 2 || !text_number(text_from(id, 1), 10, &number))
        return NULL;
    while (from && from->number != number)
        from = from->next;
    return from;
}

/* Nobody knows what stands there, so a report has the words of both: a gate is read by a pipeline, and has room for one. */
static bool of_other_platform(const struct model *m, struct text line)
{
    bool asa = platform_of(m, NULL, SIDE_UNKNOWN) == PLATFORM_ASA;
    return text_starts(line, asa ? TEXT("IOS: ") : TEXT("ASA: "));
}

/* One piece of advice a line, with where it is to be done; of what is said by platform only the first. */
static struct text advice_of(const struct model *m, const struct finding *f, struct arena *arena)
{
    struct fixes places[FIX_PLACES];
    size_t count = f ? fixes_of(f, places) : 0;
    struct text all = { "", 0 };
    for (size_t p = 0; p < count; p++)
        for (size_t i = 0, by_platform = 0; i < places[p].count; i++) {
            struct text line = places[p].lines[i];
            if (text_starts(line, TEXT("IOS: ")) || text_starts(line, TEXT("ASA: "))) {
                if (by_platform || of_other_platform(m, line))
                    continue;
                by_platform++;
            }
            all = arena_format(arena, "%.*s%s%.*s%s%.*s", TEXT_ARGS(all), all.len ? ";\n" : "", TEXT_ARGS(places[p].where),
                               places[p].where.len ? ": " : "", TEXT_ARGS(line));
        }
    return all;
}

/* Where a finding shows: its evidence, else the configuration's lines that it is about. */
static struct place *places_of(const struct check *c, const struct report *report, const struct json *f, struct arena *arena)
{
    static const char *const lists[] = { "evidence", "config" };
    struct place *first = NULL, **at = &first;
    for (size_t l = 0; l < 2 && !first; l++) {
        const struct json *list = json_member(f, lists[l]);
        for (size_t i = 0; i < json_count(list); i++)
            if ((*at = place_of(c, report, json_at(list, i), arena)) != NULL)
                at = &(*at)->next;
    }
    return first;
}

/* The severity that the files give a built-in rule; the last file's word counts. False: it is off. */
static bool overridden(const struct rule_file *file, const char *id, enum severity *severity)
{
    for (const struct severity_override *o = file->overrides; o; o = o->next)
        if (strcmp(o->rule, id) == 0) {
            if (!o->off)
                *severity = o->severity;
            return !o->off;
        }
    return true;
}

/* Every finding is a result of its own rule. Those that say that the inputs themselves fall short decide nothing. */
static void judge_finding(struct check *c, const struct rule_file *file, const struct report *report, const struct json *f,
                          const struct finding *of, struct arena *arena)
{
    static const char *const too_little[] = { "input-truncated", "debug-incomplete", NULL };
    const char *id = arena_string(arena, json_as_text(json_member(f, "rule")));
    enum severity severity = gate_severity(id, severity_named(json_as_text(json_member(f, "severity"))));
    if (!overridden(file, id, &severity))
        return;
    bool open = false;
    for (size_t i = 0; too_little[i]; i++)
        open |= strcmp(too_little[i], id) == 0 && severity < SEVERITY_ERROR;
    const struct json *sa = report_ike_sa(report, json_as_text(json_member(f, "ike_sa")));
    struct check_result *r = check_add(c, arena, id, severity, open ? VERDICT_UNDECIDED : VERDICT_FAIL);
    r->title = arena_text(arena, json_as_text(json_member(f, "title")));
    r->message = arena_text(arena, json_as_text(json_member(f, "cause")));
    r->advice = advice_of(c->model, of, arena);
    r->subject = arena_text(arena, json_as_text(json_member(f, "ike_sa")));
    r->subject_key = subject_peers(sa, arena);
    r->places = places_of(c, report, f, arena);
    if (sa)
        add_flow(c, r, report, sa, arena);
    if (!r->places && r->flow) { /* of many attempts at once: the first message of one */
        r->places = arena_new(arena, struct place);
        *r->places = (struct place){
            .file = r->flow->file, .text = r->flow->text, .line = r->flow->line, .packet = r->flow->packet
        };
    }
}

/* Whose attempt it is: its peers'; where nothing tells attempts apart (lines of a syslog without addresses), its log's, as findings
 * count them. */
static struct text whose(const struct json *sa, struct arena *arena)
{
    const struct text peers = subject_peers(sa, arena);
    const struct json *view = json_at(json_member(sa, "views"), 0);
    if (peers.len || !view || json_member(sa, "spi_i") || json_member(view, "session_id"))
        return peers;
    return arena_format(arena, "%.*s, %.*s", TEXT_ARGS(json_as_text(json_member(view, "input"))),
                        TEXT_ARGS(json_as_text(json_member(view, "device"))));
}

/* The IKE SAs that have an error, and whose they are: the same cause again and again is one finding. */
static void note_error(struct map *errors, const struct report *report, struct check_result *r, struct arena *arena)
{
    if (r->verdict != VERDICT_FAIL || r->severity != SEVERITY_ERROR)
        return;
    map_put(errors, bytes_of_text(r->subject), r);
    const struct json *sa = report_ike_sa(report, r->subject);
    const struct text owner = sa ? whose(sa, arena) : r->subject_key;
    if (owner.len)
        map_put(errors, bytes_of_text(owner), r);
}

static bool has_error(const struct map *errors, struct text sa, struct text owner)
{
    return map_find(errors, bytes_of_text(sa)) || (owner.len && map_find(errors, bytes_of_text(owner)));
}

/* What becomes of a tunnel: {the outcome of its IKE SA, the verdict, the words}; any other outcome is the last row's */
static const struct {
    const char *outcome;
    enum verdict verdict;
    const char *words;
} becomes[] = {
    { "failed", VERDICT_FAIL, "did not come up" },
    { "incomplete", VERDICT_UNDECIDED, "is not finished: the inputs end before it is up or refused" },
    { "deleted", VERDICT_PASS, "came up, and was deleted later" },
    { "", VERDICT_PASS, "came up" },
};

/* A tunnel that did not come up fails, also where no finding names why. */
static void judge_tunnel(struct check *c, const struct rule_file *file, const struct report *report, const struct json *sa,
                         const struct map *errors, struct arena *arena)
{
    struct text outcome = json_as_text(json_member(sa, "outcome")), id = json_as_text(json_member(sa, "id")),
                peers = subject_peers(sa, arena);
    size_t end = 0;
    while (*becomes[end].outcome && !text_equal(outcome, text_of(becomes[end].outcome)))
        end++;
    if ((becomes[end].verdict != VERDICT_PASS && has_error(errors, id, whose(sa, arena))) || json_member(sa, "redirected"))
        return; /* the finding says it better, whatever comes behind the log; what counts is the attempt at the other gateway */
    enum severity severity = gate_tunnel_up.severity;
    if (!overridden(file, gate_tunnel_up.id, &severity))
        return;
    struct check_result *r = check_add(c, arena, gate_tunnel_up.id, severity, becomes[end].verdict);
    r->title = text_of(gate_tunnel_up.title);
    r->message = arena_format(arena, "the IKE SA %.*s%s%.*s%s %s", TEXT_ARGS(id), peers.len ? " (" : "", TEXT_ARGS(peers),
                              peers.len ? ")" : "", becomes[end].words);
    r->subject = arena_text(arena, id);
    r->subject_key = peers;
    add_flow(c, r, report, sa, arena);
    if (r->flow)
        r->places = place_of(c, report,
                             json_at(json_member(json_member(json_at(json_member(sa, "exchanges"), 0), "request"), "sources"), 0),
                             arena);
    if (!r->places)
        r->places = place_of(c, report, json_at(json_member(sa, "views"), 0), arena);
}

void checking_judge(struct check *c, const struct rule_file *file, const struct report *report, struct arena *arena)
{
    const struct json *findings = json_member(report->json, "findings"), *sas = json_member(report->json, "ike_sas");
    if (file->builtin) {
        const struct finding *at = c->model ? c->model->findings : NULL;
        struct map errors = { 0 };
        for (size_t i = 0; i < json_count(findings); i++) {
            const struct finding *of = finding_of(at, json_at(findings, i));
            judge_finding(c, file, report, json_at(findings, i), of, arena);
            at = of ? of->next : at;
        }
        for (struct check_result *r = c->results; r; r = r->next)
            note_error(&errors, report, r, arena);
        for (size_t i = 0; i < json_count(sas); i++)
            if (!json_member(json_at(sas, i), "rekeys"))
                judge_tunnel(c, file, report, json_at(sas, i), &errors, arena);
        map_clear(&errors);
    }
    ruleeval_run(file, report, arena, c);
}

int64_t checking_today(void)
{
    /* SOURCE_DATE_EPOCH, where set, is the day that counts: for runs that must repeat. */
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    uint64_t seconds;
    if (fixed && text_number(text_of(fixed), 10, &seconds))
        return (int64_t)(seconds / 86400);
    return (int64_t)(time(NULL) / 86400);
}

static void fingerprint(struct check_result *r, struct map *counts, struct arena *arena)
{
    struct text base = arena_format(arena, "%s|%.*s", r->rule, TEXT_ARGS(r->subject_key));
    unsigned *count = map_find(counts, bytes_of_text(base)), same;
    if (!count) {
        count = arena_new(arena, unsigned);
        map_put(counts, bytes_of_text(base), count);
    }
    same = (*count)++;
    struct text key = arena_format(arena, "%s|%.*s|%u", r->rule, TEXT_ARGS(r->subject_key), same);
    struct text again = arena_format(arena, "ikescope/v1|%.*s", TEXT_ARGS(key));
    snprintf(r->fingerprint, sizeof r->fingerprint, "%016llx%016llx", (unsigned long long)hash_lasting(bytes_of_text(key)),
             (unsigned long long)hash_lasting(bytes_of_text(again)));
}

/* What did not pass then, by fingerprint. */
static void baseline_index(struct map *known, struct json *baseline)
{
    const struct json *results = json_member(baseline, "results");
    for (size_t i = 0; i < json_count(results); i++) {
        const struct json *r = json_at(results, i);
        if (!text_equal(json_as_text(json_member(r, "verdict")), TEXT("pass")))
            map_put(known, bytes_of_text(json_as_text(json_member(r, "fingerprint"))), baseline);
    }
}

/* Fails first, most severe first, then undecided, then what holds; among equals the order they were found in. */
static unsigned order_of(const struct check_result *r)
{
    return r->verdict == VERDICT_FAIL ? SEVERITY_ERROR - r->severity : r->verdict == VERDICT_UNDECIDED ? 8 : 9;
}

static void sort_results(struct check *c)
{
    struct check_result *sorted = NULL, **at;
    struct check_result *lists[10] = { NULL }, **ends[10];
    for (int i = 0; i < 10; i++)
        ends[i] = &lists[i];
    for (struct check_result *r = c->results; r; r = r->next) {
        *ends[order_of(r)] = r;
        ends[order_of(r)] = &r->next;
    }
    at = &sorted;
    for (int i = 0; i < 10; i++) {
        *ends[i] = NULL;
        *at = lists[i];
        if (lists[i])
            at = ends[i];
    }
    c->results = sorted;
}

/* A failure that was known until its suppression's last day; told: those that were told, by their places. */
static void tell_ended(const struct rule_file *file, const struct check_result *r, const struct report *report,
                       struct arena *arena, struct map *told)
{
    const struct suppression *s = r->verdict == VERDICT_FAIL
                                      ? ruleeval_suppressed(file, r->rule, report, r->subject, INT64_MIN, arena)
                                      : NULL;
    const struct text place = s ? arena_format(arena, "%s:%u", s->file, s->line) : (struct text){ NULL, 0 };
    if (!s || map_find(told, bytes_of_text(place)))
        return;
    map_put(told, bytes_of_text(place), (void *)(uintptr_t)s);
    warn(false, "%.*s: the suppression of %s ended with %.*s", TEXT_ARGS(place), s->rule, TEXT_ARGS(s->until));
}

void checking_conclude(struct check *c, const struct rule_file *file, const struct report *report, struct json *baseline,
                       struct arena *arena)
{
    int64_t day = checking_today();
    struct map counts = { 0 }, known = { 0 }, told = { 0 };
    baseline_index(&known, baseline);
    for (struct check_result *r = c->results; r; r = r->next) {
        const struct rule *rule = gate_rule(text_of(r->rule));
        r->meaning = text_of(rule ? rule->meaning : NULL);
        r->help = text_of(rule ? rule->advice : NULL);
        fingerprint(r, &counts, arena);
        if (r->verdict != VERDICT_PASS) {
            const struct suppression *s = ruleeval_suppressed(file, r->rule, report, r->subject, day, arena);
            r->suppressed = s != NULL;
            if (s)
                r->suppression = s->reason;
            else
                tell_ended(file, r, report, arena, &told);
            r->baselined = map_find(&known, bytes_of_text(text_of(r->fingerprint))) != NULL;
        }
        if (r->suppressed || r->baselined) {
            c->suppressed++;
        } else if (r->verdict == VERDICT_UNDECIDED) {
            c->undecided++;
            if (!c->reason.len)
                c->reason = r->message.len ? r->message : r->title;
        } else if (r->verdict == VERDICT_FAIL && c->fail_on && r->severity >= c->fail_on) {
            c->failed++;
        } else {
            c->passed++;
        }
    }
    map_clear(&counts);
    map_clear(&told);
    map_clear(&known);
    sort_results(c);
    c->verdict = c->failed || (c->undecided && c->undecided_fails) ? VERDICT_FAIL
                 : c->undecided                                    ? VERDICT_UNDECIDED
                                                                   : VERDICT_PASS;
}
