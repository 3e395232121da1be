#include "analysis/journeys.h"

#include <stdlib.h>

#define MARGIN_NS INT64_C(200000000) /* no retransmission follows its original in less */
#define EDGE_NS   INT64_C(1000000000)

static bool from_log_of(const struct ike_sa *sa, const struct sighting *s, enum side side, enum side sender)
{
    if (s->direction == DIRECTION_WIRE)
        return false;
    /* one input may hold both routers' logs: then the direction tells whose line it is */
    if (s->direction == DIRECTION_SENT || s->direction == DIRECTION_RECEIVED)
        return (side == sender) == (s->direction == DIRECTION_SENT);
    const struct view *v = view_of_input(sa, s->input);
    return v && v->role == side;
}

/* ---- times of the copies at one observer ---- */

enum { COPIES = 64 };

struct copies {
    int64_t at[COPIES];
    uint32_t count;
    const struct sighting *first;
};

static void copies_none(struct copies *c) /* the times need no clearing: this is asked of each leg of each SA */
{
    c->count = 0;
    c->first = NULL;
}

static void add_copy(const struct model *m, struct copies *c, const struct sighting *s)
{
    int64_t t = model_time_of(m, s);
    if (s->fragment > 1 || s->mirrored || t == TIME_UNKNOWN)
        return;
    c->first = c->first ? c->first : s;
    if (c->count < COPIES)
        c->at[c->count++] = t;
}

static void copies_in_log(struct copies *c, const struct model *m, const struct ike_sa *sa, const struct leg *leg, enum side side,
                          enum side sender)
{
    copies_none(c);
    for (const struct sighting *s = leg->seen; s; s = s->next)
        if (from_log_of(sa, s, side, sender))
            add_copy(m, c, s);
}

static void copies_on_wire(struct copies *c, const struct model *m, const struct leg *leg, uint32_t input)
{
    copies_none(c);
    for (const struct sighting *s = leg->seen; s; s = s->next)
        if (s->direction == DIRECTION_WIRE && s->input == input)
            add_copy(m, c, s);
}

/* Of copies sent, how many were lost before they came where the others were seen: all, when none was; else those that a later one
 * had followed before the first was seen. */
static uint32_t lost_before(const struct copies *sent, const struct copies *seen)
{
    if (!seen->count)
        return sent->count;
    uint32_t lost = 0;
    for (uint32_t i = 1; i < sent->count; i++)
        if (sent->at[i] <= seen->at[0] + MARGIN_NS && sent->at[i] > sent->at[0] + 2 * MARGIN_NS)
            lost = i;
    return lost;
}

/* ---- who was running ---- */

/* Does its input hold the other end's log, too? */
static bool shares_input(const struct ike_sa *sa, const struct view *v)
{
    for (const struct view *w = sa->views; w && !v->wire; w = w->next)
        if (w != v && w->input == v->input && !w->wire)
            return true;
    return false;
}

/* What is asked of a view again and again, of one message after the other. */
struct observer {
    const struct ike_sa *sa;
    const struct view *v;
    bool shared, timed;
    int64_t from, to; /* where timed: its first time and its last */
};

static struct observer observer_of(const struct model *m, const struct ike_sa *sa, const struct view *v)
{
    const struct input *in = model_input(m, v->input);
    struct observer o = { .sa = sa, .v = v, .shared = shares_input(sa, v) };
    if (!in->first_stamp.kind || !in->last_stamp.kind || (o.shared && !in->parts_aligned))
        return o;
    o.from = o.shared ? model_time_at(m, v->input, v->first_line, v->first_ns)
                      : model_time_at(m, v->input, in->first_place, in->first_stamp.ns);
    o.to = o.shared ? model_time_at(m, v->input, v->last_line, v->last_ns)
                    : model_time_at(m, v->input, in->last_place, in->last_stamp.ns);
    o.timed = o.from != TIME_UNKNOWN && o.to != TIME_UNKNOWN;
    return o;
}

static bool covers(const struct observer *o, int64_t when)
{
    return o->timed && o->from <= when - EDGE_NS && o->to >= when + EDGE_NS;
}

/* Is this a line, or frame, of this observer? */
static bool is_of(const struct observer *o, const struct exchange *x, const struct leg *leg, const struct sighting *s)
{
    return s->input == o->v->input && (!o->shared || from_log_of(o->sa, s, (enum side)o->v->role, leg_sender(x, leg)));
}

static bool sighted(const struct observer *o, const struct exchange *x, const struct leg *leg)
{
    for (const struct sighting *s = leg->seen; s; s = s->next)
        if (is_of(o, x, leg, s))
            return true;
    return false;
}

static int by_time(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void beat(struct heartbeat *h, int64_t t)
{
    if (h->count == h->room) {
        h->room = h->room ? 2 * h->room : 32;
        h->at = memory_grow(h->at, h->room * sizeof *h->at);
    }
    h->at[h->count++] = t;
}

static void settle(struct heartbeat *h)
{
    if (h->count)
        qsort(h->at, h->count, sizeof *h->at, by_time);
}

/* The times of the log's own messages. */
static struct heartbeat heartbeat_of(const struct model *m, const struct observer *o)
{
    struct heartbeat h = { .at = NULL };
    for (const struct exchange *x = o->sa->exchanges; x; x = x->next)
        for (int i = 0; i < 2; i++) {
            const struct leg *leg = i ? &x->response : &x->request;
            for (const struct sighting *s = leg->seen; s; s = s->next) {
                int64_t t = is_of(o, x, leg, s) ? model_time_of(m, s) : TIME_UNKNOWN;
                if (t == TIME_UNKNOWN)
                    continue;
                h.receives |= s->direction == DIRECTION_RECEIVED;
                beat(&h, t);
            }
        }
    settle(&h);
    return h;
}

/* Those next before and behind `when`. */
static bool around(const struct heartbeat *h, int64_t when, int64_t *before, int64_t *after)
{
    size_t low = 0, high = h->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (h->at[middle] <= when)
            low = middle + 1;
        else
            high = middle;
    }
    *before = low ? h->at[low - 1] : INT64_MIN;
    *after = low < h->count ? h->at[low] : INT64_MAX;
    return h->receives;
}

/* The time at which somebody else shows the router of this log send the message, which the log lacks; TIME_UNKNOWN: nobody, or it
 * has it. */
static int64_t sent_unlogged(const struct model *m, const struct observer *o, const struct exchange *x, const struct leg *leg)
{
    if (leg_sender(x, leg) != (enum side)o->v->role || !leg->seen || sighted(o, x, leg))
        return TIME_UNKNOWN;
    return model_time_of(m, leg->seen);
}

static struct heartbeat lacked_by(const struct model *m, const struct observer *o)
{
    struct heartbeat h = { .at = NULL };
    for (const struct exchange *x = o->sa->exchanges; x; x = x->next)
        for (int i = 0; i < 2; i++) {
            const int64_t t = sent_unlogged(m, o, x, i ? &x->response : &x->request);
            if (t != TIME_UNKNOWN)
                beat(&h, t);
        }
    settle(&h);
    return h;
}

/* Between the messages around that time, is there none that the log should have and has not? v: the one of that side. */
static bool log_ran(struct journeys *all, const struct view *v, int64_t when)
{
    struct log_times *log = &all->of[v->role == SIDE_RESPONDER];
    int64_t before, after, lacked, next;
    const struct observer o = observer_of(all->m, all->sa, v);
    if (!covers(&o, when))
        return false;
    if (!log->known) {
        log->own = heartbeat_of(all->m, &o);
        log->lacked = lacked_by(all->m, &o);
        log->known = true;
    }
    if (!around(&log->own, when, &before, &after))
        return false;
    (void)around(&log->lacked, before, &lacked, &next); /* the first that is later than the one before */
    return next >= after;
}

void journeys_end(struct journeys *all)
{
    for (int i = 0; i < 2; i++) {
        memory_free(all->of[i].own.at);
        memory_free(all->of[i].lacked.at);
    }
}

uint32_t log_missed(const struct model *m, const struct ike_sa *sa, const struct view *v, const struct leg **first,
                    const struct leg **last)
{
    const struct observer o = observer_of(m, sa, v);
    struct heartbeat h = { .at = NULL };
    bool known = false;
    uint32_t count = 0;
    *first = *last = NULL;
    for (const struct exchange *x = sa->exchanges; x && o.timed; x = x->next)
        for (int i = 0; i < 2; i++) {
            const struct leg *leg = i ? &x->response : &x->request;
            int64_t before, after, t = sent_unlogged(m, &o, x, leg);
            if (t == TIME_UNKNOWN || !covers(&o, t))
                continue;
            if (!known) /* asked for seldom */
                h = heartbeat_of(m, &o);
            known = true;
            if (!around(&h, t, &before, &after) || before == INT64_MIN || after == INT64_MAX)
                continue;
            *first = *first ? *first : leg;
            *last = leg;
            count++;
        }
    memory_free(h.at);
    return count;
}

uint32_t capture_missed(const struct model *m, const struct ike_sa *sa, const struct view *wire, const struct leg *missed[],
                        const struct exchange *of[], uint32_t room)
{
    const struct observer o = observer_of(m, sa, wire);
    uint32_t count = 0;
    for (const struct exchange *x = sa->exchanges; x && o.timed; x = x->next)
        for (int i = 0; i < 2; i++) {
            const struct leg *leg = i ? &x->response : &x->request;
            enum side sender = leg_sender(x, leg);
            const struct sighting *sent = leg_seen(sa, x, leg, sender);
            if (!sender || !sent || !leg_seen(sa, x, leg, side_other(sender)) || sighted(&o, x, leg))
                continue;
            int64_t t = model_time_of(m, sent);
            if (t == TIME_UNKNOWN || !covers(&o, t))
                continue;
            if (count < room) {
                missed[count] = leg;
                of[count] = x;
            }
            count++;
        }
    return count;
}

/* ---- the way ---- */

static void ask_captures(const struct model *m, const struct ike_sa *sa, struct journey *j, const struct copies *sent)
{
    uint32_t farthest = UINT32_MAX, nearest = 0;
    int64_t when = sent->at[0];
    for (const struct view *v = sa->views; v; v = v->next) {
        const struct observer o = v->wire ? observer_of(m, sa, v) : (struct observer){ .timed = false };
        if (!covers(&o, when) || (!j->sent_by_log && v->input == j->sent->input && j->copies == j->lost && !sent->count))
            continue;
        struct copies seen;
        copies_on_wire(&seen, m, j->leg, v->input);
        uint32_t lost = lost_before(sent, &seen);
        if (lost < j->lost && lost < farthest) { /* it has some of what did not arrive */
            farthest = lost;
            j->behind_wire = true;
            j->has_input = v->input;
        }
        if (lost > nearest) { /* it lacks some of what was sent */
            nearest = lost;
            j->before_wire = true;
            j->lacks_input = v->input;
        }
    }
}

bool journey_of(struct journeys *all, const struct exchange *x, const struct leg *leg, struct journey *j)
{
    const struct model *m = all->m;
    const struct ike_sa *sa = all->sa;
    *j = (struct journey){ .leg = leg, .sender = leg_sender(x, leg) };
    if (!j->sender || !leg->seen || x->again)
        return false;
    enum side receiver = side_other(j->sender);
    struct copies sent, arrived;
    copies_in_log(&sent, m, sa, leg, j->sender, j->sender);
    j->sent_by_log = sent.count > 0;
    for (const struct view *v = sa->views; v && !j->sent_by_log; v = v->next) {
        struct copies c;
        copies_on_wire(&c, m, leg, v->wire ? v->input : UINT32_MAX);
        if (c.count && (!sent.count || c.at[0] < sent.at[0]))
            sent = c;
    }
    if (!sent.count)
        return false;
    copies_in_log(&arrived, m, sa, leg, receiver, j->sender);
    j->sent = sent.first;
    j->copies = sent.count;
    j->lost = lost_before(&sent, &arrived);
    if (!j->lost)
        return true;
    const struct view *log = view_on(sa, receiver);
    j->receiver_ran = log && log_ran(all, log, sent.at[0]);
    ask_captures(m, sa, j, &sent);
    return true;
}
