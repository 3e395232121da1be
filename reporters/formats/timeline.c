/*
 * timeline: one line an event, in the order of aligned time; entries of one input keep their order. A router's steps
 * within one state are one line; packets are arrows; pauses are told.
 */
#include <stdlib.h>

#include "reporters/clean.h"
#include "reporters/screen.h"
#include "reporters/stays.h"
#include "reporters/words.h"

#define PAUSE INT64_C(2000000000)
enum {
    T_COLUMNS = 11,
    DELTA_COLUMNS = 9,
    DEVICE_COLUMNS = 12,
    DEVICE_WIDE = 18,
    WIDE_PAGE = 100,
    NARROW_PAGE = 72,
    SA_COLUMNS = 7,
    TEXT_LEAST = 16,
    EVENTS_A_LINE = 16,
    LINE_COLUMNS = 600
};

struct entry {
    const struct kept_event *event;
    int64_t t;   /* aligned; TIME_UNKNOWN */
    int64_t key; /* the least time of what is left of its input, so that a clock set back holds nothing up */
    size_t order;
};

struct timeline {
    struct page p;
    const struct model *m;
    struct entry *entries;
    size_t count;
    size_t delta_columns, device_columns;
    int64_t last_t;
};

static int by_time(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static int64_t time_of(const struct timeline *l, const struct event *e)
{
    return e->time.kind ? model_time_at(l->m, e->input, e->line, e->time.ns) : TIME_UNKNOWN;
}

/* ---- arrivals of equal time ---- */

/* Entries of one time stand input by input, and an arrival in the first may have been sent in the second. There the other's
 * entries go ahead, up to that sending; the order within an input stays. */
struct arrivals {
    struct timeline *l;
    struct map sent;      /* by message, 1 and the place of the first entry that sent it */
    struct entry *sorted; /* into which the entries are put, `done` of them so far */
    size_t done;
    size_t *following; /* of each entry the next of its input; the count: none of that time */
    size_t *heads;     /* of each input the first entry that is left */
    bool *at_work;     /* these inputs are being put: who waits for one of them would wait for itself */
    size_t behind;     /* the entry behind those of this time */
};

enum { WAITING_MOST = 64 }; /* inputs that wait for each other, one for the next */

static size_t observer_of(const struct timeline *l, size_t i)
{
    const uint32_t input = l->entries[i].event->event.input;
    return input < l->m->input_count ? input : l->m->input_count;
}

/* Its message, where it was sent or has arrived. */
static bool message_key(const struct kept_event *k, uint8_t kind, uint64_t key[static 3])
{
    const struct message *m = k->event.message;
    if (k->event.kind != kind || !m || !k->ike_sa || !m->exchange || !m->has_message_id)
        return false;
    key[0] = k->ike_sa->number;
    key[1] = m->message_id;
    key[2] = (uint64_t)m->exchange << 1 | ((m->flags & MESSAGE_RESPONSE) != 0);
    return true;
}

/* The entry of another input that is to stand before this one; `behind`: none. */
static size_t awaited(const struct arrivals *a, size_t i)
{
    uint64_t key[3];
    if (!message_key(a->l->entries[i].event, EVENT_PACKET_RECEIVED, key))
        return a->behind;
    const size_t sent = (size_t)(uintptr_t)map_find(&a->sent, bytes_over(key, sizeof key));
    if (!sent || sent > a->behind || a->l->entries[sent - 1].key != a->l->entries[i].key)
        return a->behind;
    const size_t observer = observer_of(a->l, sent - 1);
    return a->at_work[observer] || sent - 1 < a->heads[observer] ? a->behind : sent - 1;
}

static void put_upto(struct arrivals *a, size_t upto, unsigned depth)
{
    const size_t observer = observer_of(a->l, upto);
    a->at_work[observer] = true;
    while (a->heads[observer] <= upto) {
        const size_t i = a->heads[observer], first = awaited(a, i);
        if (first != a->behind && depth < WAITING_MOST)
            put_upto(a, first, depth + 1);
        a->sorted[a->done++] = a->l->entries[i];
        a->heads[observer] = a->following[i];
    }
    a->at_work[observer] = false;
}

static void put_time(struct arrivals *a, size_t from)
{
    for (size_t i = a->behind; i-- > from;) {
        const size_t observer = observer_of(a->l, i);
        a->following[i] = a->heads[observer] < a->behind && a->heads[observer] > i ? a->heads[observer] : a->behind;
        a->heads[observer] = i;
    }
    for (size_t i = from; i < a->behind; i++)
        if (a->heads[observer_of(a->l, i)] <= i)
            put_upto(a, i, 0);
}

static void order_arrivals(struct timeline *l)
{
    struct arrivals a = { .l = l,
                          .sorted = memory_take((l->count + 1) * sizeof *a.sorted),
                          .following = memory_take((l->count + 1) * sizeof *a.following),
                          .heads = memory_take((l->m->input_count + 1) * sizeof *a.heads),
                          .at_work = memory_take((l->m->input_count + 1) * sizeof *a.at_work) };
    struct arena *arena = arena_create();
    uint64_t key[3];
    for (size_t i = 0; i < l->count; i++)
        if (message_key(l->entries[i].event, EVENT_PACKET_SENT, key) && !map_find(&a.sent, bytes_over(key, sizeof key)))
            map_put(&a.sent, arena_bytes(arena, bytes_over(key, sizeof key)), (void *)(uintptr_t)(i + 1));
    for (size_t i = 0; i <= l->m->input_count; i++)
        a.heads[i] = SIZE_MAX;
    for (size_t from = 0; from < l->count; from = a.behind) {
        for (a.behind = from + 1; a.behind < l->count && l->entries[a.behind].key == l->entries[from].key;)
            a.behind++;
        put_time(&a, from);
    }
    memory_free(l->entries);
    l->entries = a.sorted;
    memory_free(a.following);
    memory_free(a.heads);
    memory_free(a.at_work);
    map_clear(&a.sent);
    arena_destroy(arena);
}

/* Within an input keys never fall, so sorting by key keeps its order; an entry without a time takes its neighbour's. */
static void order_entries(struct timeline *l)
{
    size_t n = 0;
    for (const struct kept_event *k = l->m->events; k; k = k->next)
        n++;
    l->entries = memory_take((n + 1) * sizeof *l->entries);
    for (const struct kept_event *k = l->m->events; k; k = k->next, l->count++)
        l->entries[l->count] = (struct entry){ .event = k, .t = time_of(l, &k->event), .order = l->count };
    int64_t *least = memory_take((l->m->input_count + 1) * sizeof *least);
    for (size_t i = 0; i <= l->m->input_count; i++)
        least[i] = INT64_MAX;
    for (size_t i = l->count; i-- > 0;) {
        struct entry *e = &l->entries[i];
        int64_t *of = &least[e->event->event.input < l->m->input_count ? e->event->event.input : l->m->input_count];
        if (e->t != TIME_UNKNOWN && e->t < *of)
            *of = e->t;
        e->key = *of;
    }
    memory_free(least);
    qsort(l->entries, l->count, sizeof *l->entries, by_time);
    if (l->m->input_count > 1)
        order_arrivals(l);
}

/* ---- lines ---- */

static void pause_line(struct timeline *l, int64_t ns)
{
    page_to(&l->p, T_COLUMNS + 2);
    buffer_string(page_text(&l->p), "... ");
    duration_print(ns, &l->p.text);
    page_put(&l->p, STYLE_DIM, page_view(&l->p));
    page_line(&l->p);
}

static void right_aligned(struct page *p, size_t column, enum style style)
{
    size_t n = p->text.len;
    page_to(p, column > n ? column - n : 0);
    page_put(p, style, page_view(p));
}

static void line_begin(struct timeline *l, const struct entry *e)
{
    struct page *p = &l->p;
    if (e->t != TIME_UNKNOWN) {
        if (l->last_t != TIME_UNKNOWN && e->t - l->last_t >= PAUSE)
            pause_line(l, e->t - l->last_t);
        seconds_print(e->t, page_text(p));
        right_aligned(p, T_COLUMNS, STYLE_PLAIN);
        if (l->delta_columns && l->last_t != TIME_UNKNOWN && e->t > l->last_t && e->t - l->last_t < PAUSE) {
            buffer_byte(page_text(p), '+');
            seconds_print(e->t - l->last_t, &p->text);
            right_aligned(p, T_COLUMNS + l->delta_columns, STYLE_DIM);
        }
        if (l->last_t == TIME_UNKNOWN || e->t > l->last_t)
            l->last_t = e->t;
    } else if (e->event->event.time.kind) {
        stamp_print(e->event->event.time, page_text(p));
        page_put(p, STYLE_DIM, page_view(p));
    }
    page_to(p, T_COLUMNS + l->delta_columns + 1);
    struct text device = device_name(l->m, e->event->event.device);
    if (!device.len && e->event->event.input < l->m->input_count)
        device = l->m->inputs[e->event->event.input].name;
    page_cut(p, STYLE_PLAIN, device, l->device_columns);
    page_to(p, T_COLUMNS + l->delta_columns + 2 + l->device_columns);
    if (e->event->ike_sa)
        page_format(p, STYLE_PLAIN, "ike%u", e->event->ike_sa->number);
}

static size_t text_column(const struct timeline *l)
{
    return T_COLUMNS + l->delta_columns + 2 + l->device_columns + SA_COLUMNS;
}

/* The rest of the line: the text, over more lines where it needs them, and at the end of the first the place. */
static void line_rest(struct timeline *l, const struct entry *e, enum style style, struct text t)
{
    struct page *p = &l->p;
    struct buffer clean, place;
    buffer_init(&place, 64);
    buffer_init(&clean, LINE_COLUMNS * 8);
    buffer_format(&place, "%s%u", e->event->event.kind == EVENT_PACKET_SEEN ? "#" : ":", e->event->event.line);
    const char *mark = severity_mark(e->event->event.severity);
    buffer_string(&clean, mark);
    buffer_string(&clean, *mark ? " " : "");
    clean_cut(&clean, t, LINE_COLUMNS);
    struct text rest = buffer_view(&clean);
    size_t used = text_column(l) + place.len + 2, room = p->width > used + TEXT_LEAST ? p->width - used : TEXT_LEAST;
    for (bool first = true; rest.len || first; first = false) {
        struct text part = clean_fit(&rest, room);
        page_to(p, text_column(l) + (first ? 0 : 4));
        page_put(p, style, part);
        if (first) {
            page_to(p, text_column(l) + room + 2);
            page_put(p, STYLE_DIM, buffer_view(&place));
            room -= 4;
        }
        page_line(p);
    }
    buffer_clear(&clean);
    buffer_clear(&place);
}

static void packet_text(const struct event *e, struct buffer *out)
{
    const struct message *m = e->message;
    buffer_string(out, e->kind == EVENT_PACKET_SENT ? "--> " : e->kind == EVENT_PACKET_RECEIVED ? "<-- " : "--- ");
    if (e->kind == EVENT_PACKET_SEEN && m->source.address.family != ADDRESS_NONE) {
        endpoint_print(m->source, out);
        buffer_string(out, " > ");
        endpoint_print(m->destination, out);
        buffer_byte(out, ' ');
    }
    if (m->exchange)
        exchange_print(m->exchange, out);
    if (m->has_flags)
        buffer_string(out, m->flags & MESSAGE_RESPONSE ? " response" : " request");
    if (m->has_message_id)
        buffer_format(out, ", id %u", m->message_id);
    if (m->length)
        buffer_format(out, ", %u octets", m->length);
    buffer_string(out, ": ");
    payloads_print(m, out);
}

/* A relay's file has the steps of several routers, and of both ends of an SA. */
static bool same_observer(const struct event *a, const struct event *b)
{
    return a->device == b->device && (a->has & HAS_ROLE) == (b->has & HAS_ROLE) && (!(a->has & HAS_ROLE) || a->role == b->role);
}

static bool pauses(const struct entry *before, const struct entry *e)
{
    return before->t != TIME_UNKNOWN && e->t != TIME_UNKNOWN && e->t - before->t >= PAUSE;
}

/* Steps of one router and SA in one state, right behind each other: how many there are from i on. */
static size_t run_of(const struct timeline *l, size_t i)
{
    const struct kept_event *first = l->entries[i].event;
    size_t n = 1, used = text_column(l) + strlen(first->event.state ? first->event.state : "") + 24;
    for (; i + n < l->count && n < EVENTS_A_LINE; n++) {
        const struct kept_event *k = l->entries[i + n].event;
        if (k->event.kind != EVENT_SM_TRANSITION || k->event.input != first->event.input || k->ike_sa != first->ike_sa ||
            !k->event.state || !first->event.state || strcmp(k->event.state, first->event.state) != 0 ||
            k->event.msgid != first->event.msgid || !same_observer(&k->event, &first->event) ||
            pauses(&l->entries[i + n - 1], &l->entries[i + n]))
            break;
        used += strlen(l->entries[i + n - 1].event->event.event ? l->entries[i + n - 1].event->event.event : "") + 2;
        if (used + strlen(k->event.event ? k->event.event : "") > l->p.width)
            break;
    }
    return n;
}

static size_t transitions(struct timeline *l, size_t i)
{
    const struct event *first = &l->entries[i].event->event;
    size_t n = run_of(l, i);
    struct buffer out;
    buffer_init(&out, 4096);
    buffer_format(&out, "[%s]", first->state ? first->state : "?");
    if (first->has & HAS_ROLE)
        buffer_string(&out, first->role == SIDE_RESPONDER ? " (R)" : " (I)");
    for (size_t k = 0; k < n; k++) {
        const char *name = l->entries[i + k].event->event.event;
        buffer_format(&out, "%s%s", k ? ", " : " ", name ? name : "?");
    }
    line_begin(l, &l->entries[i]);
    line_rest(l, &l->entries[i], STYLE_PLAIN, buffer_view(&out));
    buffer_clear(&out);
    /* the pause to the next line counts from the last of them */
    for (size_t k = 1; k < n; k++)
        if (l->entries[i + k].t != TIME_UNKNOWN && l->entries[i + k].t > l->last_t)
            l->last_t = l->entries[i + k].t;
    return n;
}

static void single(struct timeline *l, const struct entry *e)
{
    const struct event *ev = &e->event->event;
    struct buffer out;
    buffer_init(&out, 1 << 16);
    enum style style = severity_style(ev->severity);
    if (ev->message && (ev->kind == EVENT_PACKET_SENT || ev->kind == EVENT_PACKET_RECEIVED || ev->kind == EVENT_PACKET_SEEN)) {
        packet_text(ev, &out);
        if (style == STYLE_PLAIN)
            style = message_error(ev->message) ? STYLE_ERROR : STYLE_BOLD;
    } else {
        buffer_text(&out, text_upto(ev->text, 4096));
    }
    line_begin(l, e);
    line_rest(l, e, style, out.len ? buffer_view(&out) : text_of(event_kind_name((enum event_kind)ev->kind)));
    buffer_clear(&out);
}

static void measure(struct timeline *l)
{
    /* on a narrow page the text needs the room of the steps between times */
    l->delta_columns = l->p.width >= NARROW_PAGE ? DELTA_COLUMNS : 0;
    size_t most = l->p.width >= WIDE_PAGE ? DEVICE_WIDE : DEVICE_COLUMNS;
    l->device_columns = 2;
    for (size_t i = 0; i < l->count; i++) {
        const struct event *e = &l->entries[i].event->event;
        struct text name = device_name(l->m, e->device);
        if (!name.len && e->input < l->m->input_count)
            name = l->m->inputs[e->input].name;
        size_t n = name.len <= most ? name.len : most;
        if (n > l->device_columns)
            l->device_columns = n;
        if (l->device_columns == most)
            return;
    }
}

static void clocks(struct timeline *l)
{
    struct page *p = &l->p;
    for (size_t i = 0; i < l->m->input_count; i++) {
        const struct input *in = &l->m->inputs[i];
        if (!in->first_stamp.kind)
            continue;
        struct buffer *out = page_text(p);
        clean_put(out, in->name);
        buffer_string(out, ": from ");
        stamp_print(in->first_stamp, out);
        if (in->first_stamp.kind != STAMP_UTC && in->first_stamp.zone[0])
            buffer_format(out, " %s", in->first_stamp.zone);
        int64_t t = model_time_at(l->m, (uint32_t)i, in->first_place, in->first_stamp.ns);
        if (t == TIME_UNKNOWN) {
            buffer_string(out, ", its clock cannot be aligned");
        } else {
            buffer_string(out, " = ");
            seconds_print(t, out);
            size_t told = out->len;
            buffer_string(out, "; ");
            if (!clock_print(l->m, in, out)) {
                out->len = told;
                if (in->by_messages) {
                    buffer_string(out, ", +/- ");
                    duration_print(in->uncertainty_ns, out);
                }
            }
            if (!in->by_messages && in->clock_of != i)
                buffer_string(out, ", by the calendar: no message is in both");
        }
        page_wrap(p, STYLE_DIM, 4, page_view(p));
        page_line(p);
    }
    page_line(p);
}

/* At the end: how long each SA stayed in each state, a line a router. */
static void stays(struct page *p, const struct model *m)
{
    bool headed = false;
    struct stays stays;
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        for (const struct view *v = sa->views; v; v = v->next) {
            struct buffer *out = page_text(p);
            buffer_format(out, "  ike%u ", sa->number);
            view_name_print(m, v, out);
            buffer_string(out, ": ");
            size_t told = out->len;
            stays_of(m, sa, v, &stays);
            stays_print(&stays, out);
            if (out->len == told)
                continue;
            if (!headed) {
                page_line(p);
                page_string(p, STYLE_PLAIN, "Time in each state");
                page_line(p);
            }
            headed = true;
            page_wrap(p, STYLE_PLAIN, 4, page_view(p));
            page_line(p);
        }
}

static void write(const struct model *m, const struct view_options *o, struct sink *out)
{
    struct timeline l = { .m = m, .last_t = TIME_UNKNOWN };
    page_init(&l.p, o, out);
    order_entries(&l);
    measure(&l);
    clocks(&l);
    for (size_t i = 0; i < l.count;) {
        if (l.entries[i].event->event.kind == EVENT_SM_TRANSITION) {
            i += transitions(&l, i);
        } else {
            single(&l, &l.entries[i]);
            i++;
        }
    }
    if (!l.count) {
        page_string(&l.p, STYLE_PLAIN, "no events in the inputs");
        page_line(&l.p);
    }
    if (!l.count || (m->ike_sas && m->ike_sas->shown_only)) /* the lines of show output are no story by themselves */
        screen_findings_alone(m, &l.p);
    stays(&l.p, m);
    memory_free(l.entries);
    page_clear(&l.p);
}

const struct reporter reporter_timeline = { .name = "timeline",
                                            .summary = "one line an event, all inputs in the order of aligned time",
                                            .needs_events = true,
                                            .needs_payloads = true,
                                            .needs_transitions = true,
                                            .write = write };
