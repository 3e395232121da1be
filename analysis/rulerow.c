#include "analysis/rulerow.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct value *value_text(struct arena *arena, struct text t)
{
    struct value *v = arena_new(arena, struct value);
    v->kind = VALUE_TEXT;
    v->text = t;
    return v;
}

static struct value *value_number(struct arena *arena, double n)
{
    struct value *v = arena_new(arena, struct value);
    v->kind = VALUE_NUMBER;
    v->number = n;
    v->text = n == floor(n) && fabs(n) < 1e15 ? arena_format(arena, "%lld", (long long)n) : arena_format(arena, "%.6f", n);
    return v;
}

static struct value *value_bool(struct arena *arena, bool yes)
{
    struct value *v = arena_new(arena, struct value);
    v->kind = VALUE_BOOL;
    v->number = yes;
    v->text = yes ? TEXT("true") : TEXT("false");
    return v;
}

static struct value **append(struct value **at, struct value *v)
{
    *at = v;
    while (*at)
        at = &(*at)->next;
    return at;
}

static struct value **collect(const struct json *j, struct text path, struct arena *arena, struct value **at)
{
    enum json_kinds kind = json_kind(j);
    double n;
    if (kind == JSON_ARRAY) {
        for (size_t i = 0; i < json_count(j); i++)
            at = collect(json_at(j, i), path, arena, at);
        return at;
    }
    if (path.len) {
        struct text part;
        if (kind != JSON_OBJECT || !text_cut(&path, '.', &part))
            return at;
        return collect(json_member(j, arena_string(arena, part)), path, arena, at);
    }
    if (kind == JSON_TEXT)
        return append(at, value_text(arena, json_as_text(j)));
    if (kind == JSON_BOOL)
        return append(at, value_bool(arena, json_as_bool(j)));
    if (json_as_real(j, &n))
        return append(at, value_number(arena, n));
    return at;
}

static struct value *at_path(const struct json *j, const char *path, struct arena *arena)
{
    struct value *first = NULL;
    collect(j, text_of(path), arena, &first);
    return first;
}

static bool number_at(const struct json *j, const char *path, struct arena *arena, double *n)
{
    struct value *v = at_path(j, path, arena);
    if (!v || v->kind != VALUE_NUMBER)
        return false;
    *n = v->number;
    return true;
}

static double sum(struct value *v)
{
    double s = 0;
    for (; v; v = v->next)
        s += v->number;
    return s;
}

/* "192.0.2.1:500", "[2001:db8::1]:500", and neither with a port: the address */
static struct text without_port(struct text endpoint)
{
    size_t colon = text_find_byte(endpoint, ':');
    if (text_starts(endpoint, TEXT("[")))
        return text_upto(text_from(endpoint, 1), text_find_byte(endpoint, ']') - 1);
    bool port = colon != TEXT_NOWHERE && text_find_byte(text_from(endpoint, colon + 1), ':') == TEXT_NOWHERE;
    return port ? text_upto(endpoint, colon) : endpoint;
}

void sa_ends(const struct json *sa, struct text ends[2])
{
    ends[0] = json_as_text(json_member(json_member(sa, "initiator"), "address"));
    ends[1] = json_as_text(json_member(json_member(sa, "responder"), "address"));
    if (ends[0].len || ends[1].len)
        return;
    const struct json *view = json_at(json_member(sa, "views"), 0);
    ends[0] = without_port(json_as_text(json_member(view, "local")));
    ends[1] = without_port(json_as_text(json_member(view, "remote")));
}

static struct value *peers_of(const struct json *sa, struct arena *arena)
{
    struct text ends[2];
    struct value *v = NULL, **at = &v;
    sa_ends(sa, ends);
    for (size_t i = 0; i < 2; i++)
        if (ends[i].len)
            at = append(at, value_text(arena, ends[i]));
    return v;
}

static bool earliest(const struct json *sa, const char *state, struct arena *arena, double *t)
{
    bool found = false;
    const struct json *views = json_member(sa, "views");
    for (size_t v = 0; v < json_count(views); v++) {
        const struct json *steps = json_member(json_at(views, v), "transitions");
        for (size_t i = 0; i < json_count(steps); i++) {
            double at;
            const struct json *step = json_at(steps, i);
            if (text_equal(json_as_text(json_member(step, "state")), text_of(state)) && number_at(step, "t", arena, &at) &&
                (!found || at < *t)) {
                *t = at;
                found = true;
            }
        }
    }
    return found;
}

/* From the first IKE_SA_INIT request to the last IKE_AUTH response, or to READY where no messages were printed. */
static struct value *setup_time(const struct json *sa, struct arena *arena)
{
    const struct json *exchanges = json_member(sa, "exchanges");
    double begun = NAN, done = NAN, t;
    for (size_t i = 0; i < json_count(exchanges); i++) {
        const struct json *x = json_at(exchanges, i);
        struct text type = json_as_text(json_member(x, "type"));
        if (text_equal(type, TEXT("IKE_SA_INIT")) && isnan(begun) && number_at(x, "request.t", arena, &t))
            begun = t;
        if (text_equal(type, TEXT("IKE_AUTH")) && number_at(x, "response.t", arena, &t))
            done = t;
    }
    if (isnan(begun) && earliest(sa, "IDLE", arena, &t))
        begun = t;
    if (isnan(done) && earliest(sa, "READY", arena, &t))
        done = t;
    return isnan(begun) || isnan(done) ? NULL : value_number(arena, done - begun);
}

static struct value *findings_of(const struct report *report, struct text id, struct arena *arena)
{
    struct value *first = NULL, **at = &first;
    for (const struct report_finding *f = report_findings(report, id); f; f = f->next)
        at = append(at, value_text(arena, json_as_text(json_member(f->finding, "rule"))));
    return first ? first : value_text(arena, TEXT(""));
}

static struct value *of_ike_sa(const struct report *report, const struct row *row, struct text path, struct arena *arena)
{
    if (text_equal(path, TEXT("setup_time")))
        return setup_time(row->object, arena);
    if (text_equal(path, TEXT("retransmissions")))
        return value_number(arena, sum(at_path(row->object, "exchanges.request.retransmissions", arena)) +
                                       sum(at_path(row->object, "exchanges.response.retransmissions", arena)));
    if (text_equal(path, TEXT("child_count")))
        return value_number(arena, (double)json_count(json_member(row->object, "children")));
    if (text_equal(path, TEXT("findings")))
        return findings_of(report, row->id, arena);
    return NULL;
}

static struct value *of_child(const struct row *row, struct text path, struct arena *arena)
{
    const struct json *c = row->object;
    if (text_equal(path, TEXT("is_rekey")))
        return value_bool(arena, json_member(c, "rekeys") != NULL);
    if (text_equal(path, TEXT("both_ways"))) {
        double i = 0, r = 0;
        if (!json_member(c, "traffic"))
            return NULL;
        number_at(c, "traffic.initiator_to_responder.decrypted", arena, &i);
        number_at(c, "traffic.responder_to_initiator.decrypted", arena, &r);
        return value_bool(arena, i > 0 && r > 0);
    }
    if (text_equal(path, TEXT("selectors"))) {
        struct value *first = NULL, **at = &first;
        for (struct value *i = at_path(c, "tsi", arena); i; i = i->next)
            for (struct value *r = at_path(c, "tsr", arena); r; r = r->next)
                at = append(at, value_text(arena, arena_format(arena, "%.*s == %.*s", TEXT_ARGS(i->text), TEXT_ARGS(r->text))));
        return first;
    }
    return NULL;
}

static struct value *of_exchange(const struct row *row, struct text path, struct arena *arena)
{
    double q, r;
    if (text_equal(path, TEXT("ike_sa")))
        return at_path(row->sa, "id", arena);
    if (text_equal(path, TEXT("duration")))
        return number_at(row->object, "request.t", arena, &q) && number_at(row->object, "response.t", arena, &r)
                   ? value_number(arena, r - q)
                   : NULL;
    if (text_equal(path, TEXT("retransmissions")))
        return value_number(arena, sum(at_path(row->object, "request.retransmissions", arena)) +
                                       sum(at_path(row->object, "response.retransmissions", arena)));
    return NULL;
}

static struct value *of_message(const struct row *row, struct text path, struct arena *arena)
{
    if (text_equal(path, TEXT("ike_sa")))
        return at_path(row->sa, "id", arena);
    if (!row->leg) /* a transition */
        return NULL;
    if (text_equal(path, TEXT("exchange")))
        return at_path(row->outer, "type", arena);
    if (text_equal(path, TEXT("msgid")))
        return at_path(row->outer, "msgid", arena);
    if (text_equal(path, TEXT("outcome")))
        return at_path(row->outer, "outcome", arena);
    if (text_equal(path, TEXT("leg")))
        return value_text(arena, text_of(row->leg));
    if (text_equal(path, TEXT("notify")))
        return at_path(row->object, "payloads.notify", arena);
    if (text_equal(path, TEXT("payload")))
        return at_path(row->object, "payloads.type", arena);
    if (text_equal(path, TEXT("from"))) {
        bool asked = strcmp(row->leg, "request") == 0;
        struct text from = json_as_text(json_member(row->outer, "from"));
        if (!from.len)
            return NULL;
        return value_text(arena, asked ? from : text_equal(from, TEXT("initiator")) ? TEXT("responder") : TEXT("initiator"));
    }
    return NULL;
}

static struct value *of_counts(const struct row *row, struct text path, struct arena *arena)
{
    static const char *const peers[] = { "attempts", "established", "failed" };
    if (row->subject == SUBJECT_PEERS) {
        for (size_t i = 0; i < 3; i++)
            if (text_equal(path, text_of(peers[i])))
                return value_number(arena, row->numbers[i]);
        struct value *i = value_text(arena, row->words[0]);
        if (text_equal(path, TEXT("peer")))
            i->next = value_text(arena, row->words[1]);
        else if (text_equal(path, TEXT("responder")))
            i = value_text(arena, row->words[1]);
        else if (text_equal(path, TEXT("outcome")))
            i = value_text(arena, row->words[2]);
        return i;
    }
    if (text_equal(path, TEXT("name")))
        return value_text(arena, row->words[0]);
    if (text_equal(path, TEXT("inputs")))
        return row->list;
    if (text_equal(path, TEXT("complete")))
        return value_bool(arena, row->numbers[0] == 0);
    return text_equal(path, TEXT("unparsed")) ? value_number(arena, row->numbers[1]) : NULL;
}

struct value *row_values(const struct report *report, const struct row *row, struct text path, struct arena *arena)
{
    struct value *v = NULL;
    switch (row->subject) {
    case SUBJECT_IKE_SAS:
        v = of_ike_sa(report, row, path, arena);
        break;
    case SUBJECT_CHILD_SAS:
        v = of_child(row, path, arena);
        break;
    case SUBJECT_EXCHANGES:
        v = of_exchange(row, path, arena);
        break;
    case SUBJECT_MESSAGES:
        v = of_message(row, path, arena);
        break;
    case SUBJECT_PEERS:
    case SUBJECT_DEVICES:
        return of_counts(row, path, arena);
    default:
        break;
    }
    if (v)
        return v;
    if (text_equal(path, TEXT("peer")))
        return row->sa ? peers_of(row->sa, arena) : NULL;
    if (row->subject == SUBJECT_SHOW && text_equal(path, TEXT("object")))
        path = TEXT("name");
    collect(row->object, path, arena, &v);
    return v;
}

/* ---- rows ---- */

struct list {
    struct row *first, **at;
    struct arena *arena;
    struct map named; /* computed rows, by what they are of */
};

static struct row *add(struct list *l, enum subject subject, const struct json *object, const struct json *sa)
{
    struct row *r = arena_new(l->arena, struct row);
    r->subject = subject;
    r->object = object;
    r->sa = sa;
    r->id = json_as_text(json_member(object ? object : sa, "id"));
    r->t = NAN;
    *l->at = r;
    l->at = &r->next;
    return r;
}

static const struct json *first_source(const struct json *sa)
{
    const struct json *exchanges = json_member(sa, "exchanges");
    for (size_t i = 0; i < json_count(exchanges); i++)
        for (int leg = 0; leg < 2; leg++) {
            const struct json *s = json_at(
                json_member(json_member(json_at(exchanges, i), leg ? "response" : "request"), "sources"), 0);
            if (s)
                return s;
        }
    const struct json *view = json_at(json_member(sa, "views"), 0);
    return json_at(json_member(view, "transitions"), 0) ? view : NULL;
}

static void add_sa(struct list *l, const struct json *sa)
{
    add(l, SUBJECT_IKE_SAS, sa, sa)->source = first_source(sa);
}

static void add_exchange_rows(struct list *l, const struct json *sa, const struct json *x, bool messages)
{
    if (!messages) {
        struct row *r = add(l, SUBJECT_EXCHANGES, x, sa);
        r->id = json_as_text(json_member(sa, "id"));
        r->source = json_at(json_member(json_member(x, "request"), "sources"), 0);
        return;
    }
    for (int leg = 0; leg < 2; leg++) {
        const struct json *m = json_member(x, leg ? "response" : "request");
        if (!m)
            continue;
        struct row *r = add(l, SUBJECT_MESSAGES, m, sa);
        r->outer = x;
        r->leg = leg ? "response" : "request";
        r->id = json_as_text(json_member(sa, "id"));
        r->source = json_at(json_member(m, "sources"), 0);
        json_as_real(json_member(m, "t"), &r->t);
    }
}

static void add_peer(struct list *l, const struct json *sa)
{
    struct text ends[2], i, r;
    sa_ends(sa, ends);
    i = ends[0], r = ends[1];
    struct text outcome = json_as_text(json_member(sa, "outcome"));
    if (json_member(sa, "rekeys"))
        return;
    const struct text id = arena_format(l->arena, "%.*s - %.*s", TEXT_ARGS(i), TEXT_ARGS(r));
    struct row *row = map_find(&l->named, bytes_of_text(id));
    if (!row) {
        row = add(l, SUBJECT_PEERS, NULL, sa);
        map_put(&l->named, bytes_of_text(id), row);
        row->id = id;
        row->words[0] = i;
        row->words[1] = r;
        row->source = first_source(sa);
    }
    bool up = text_equal(outcome, TEXT("established")) || text_equal(outcome, TEXT("rekeyed")) ||
              text_equal(outcome, TEXT("deleted"));
    row->numbers[0]++;
    row->numbers[1] += up;
    row->numbers[2] += text_equal(outcome, TEXT("failed"));
    row->words[2] = outcome;
}

static void add_device(struct list *l, const struct json *input)
{
    struct text name = json_as_text(json_member(input, "device"));
    if (!name.len)
        return;
    struct row *row = map_find(&l->named, bytes_of_text(name));
    if (!row) {
        row = add(l, SUBJECT_DEVICES, NULL, NULL);
        map_put(&l->named, bytes_of_text(name), row);
        row->id = row->words[0] = name;
    }
    double unparsed = 0;
    number_at(input, "lines.unparsed", l->arena, &unparsed);
    row->numbers[0] += !json_as_bool(json_member(input, "complete"));
    row->numbers[1] += unparsed;
    struct value *input_name = value_text(l->arena, json_as_text(json_member(input, "name")));
    *(row->last ? &row->last->next : &row->list) = input_name;
    row->last = input_name;
}

struct row *rows_of(const struct report *report, enum subject subject, struct arena *arena)
{
    static const char *const members[SUBJECT_COUNT] = {
        [SUBJECT_IKE_SAS] = "ike_sas",  [SUBJECT_CHILD_SAS] = "child_sas", [SUBJECT_EXCHANGES] = "ike_sas",
        [SUBJECT_MESSAGES] = "ike_sas", [SUBJECT_FINDINGS] = "findings",   [SUBJECT_PEERS] = "ike_sas",
        [SUBJECT_DEVICES] = "inputs",   [SUBJECT_CAPTURES] = "inputs",     [SUBJECT_SHOW] = "records",
    };
    struct list l = { .arena = arena };
    l.at = &l.first;
    const struct json *all = json_member(report->json, members[subject]);
    for (size_t i = 0; i < json_count(all); i++) {
        const struct json *o = json_at(all, i);
        struct row *r = NULL;
        switch (subject) {
        case SUBJECT_EXCHANGES:
        case SUBJECT_MESSAGES: {
            const struct json *exchanges = json_member(o, "exchanges");
            for (size_t x = 0; x < json_count(exchanges); x++)
                add_exchange_rows(&l, o, json_at(exchanges, x), subject == SUBJECT_MESSAGES);
            break;
        }
        case SUBJECT_PEERS:
            add_peer(&l, o);
            break;
        case SUBJECT_DEVICES:
            add_device(&l, o);
            break;
        case SUBJECT_CAPTURES:
            if (json_member(o, "packets"))
                add(&l, subject, o, NULL);
            break;
        case SUBJECT_IKE_SAS:
            add_sa(&l, o);
            break;
        case SUBJECT_SHOW:
            r = add(&l, subject, o, NULL);
            r->id = json_as_text(json_member(o, json_member(o, "title") ? "title" : "name"));
            r->source = o;
            break;
        default:
            r = add(&l, subject, o, report_ike_sa(report, json_as_text(json_member(o, "ike_sa"))));
            r->source = subject == SUBJECT_FINDINGS ? json_at(json_member(o, "evidence"), 0) : r->sa ? first_source(r->sa) : NULL;
            break;
        }
    }
    map_clear(&l.named);
    return l.first;
}

struct row *row_of_sa(const struct json *sa, struct arena *arena)
{
    struct list l = { .arena = arena, .at = &l.first };
    add_sa(&l, sa);
    return l.first;
}

static int by_time(const void *a, const void *b)
{
    const struct row *x = *(const struct row *const *)a, *y = *(const struct row *const *)b;
    for (unsigned i = 0; i < 2; i++)
        if (x->numbers[i] != y->numbers[i])
            return x->numbers[i] < y->numbers[i] ? -1 : 1;
    return 0;
}

struct row *rows_of_sa(const struct json *sa, struct arena *arena)
{
    struct list l = { .arena = arena };
    l.at = &l.first;
    const struct json *exchanges = json_member(sa, "exchanges"), *views = json_member(sa, "views");
    for (size_t x = 0; x < json_count(exchanges); x++)
        add_exchange_rows(&l, sa, json_at(exchanges, x), true);
    for (size_t v = 0; v < json_count(views); v++) {
        const struct json *steps = json_member(json_at(views, v), "transitions");
        for (size_t i = 0; i < json_count(steps); i++) {
            struct row *r = add(&l, SUBJECT_MESSAGES, json_at(steps, i), sa);
            r->source = json_at(views, v);
            json_as_real(json_member(r->object, "t"), &r->t);
        }
    }
    /* what has no time comes right behind what it stands behind; the report's order settles equal times */
    size_t n = 0;
    double stands = -INFINITY;
    for (struct row *r = l.first; r; r = r->next) {
        stands = isnan(r->t) ? stands : r->t;
        r->numbers[0] = stands;
        r->numbers[1] = (double)n++;
    }
    struct row **at = arena_array(arena, struct row *, n + 1);
    n = 0;
    for (struct row *r = l.first; r; r = r->next)
        at[n++] = r;
    if (n)
        qsort(at, n, sizeof *at, by_time);
    for (size_t i = 0; i < n; i++)
        at[i]->next = i + 1 < n ? at[i + 1] : NULL;
    return n ? at[0] : NULL;
}
