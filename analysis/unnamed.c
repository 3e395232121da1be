#include "analysis/unnamed.h"

#include "analysis/viewing.h"

enum { AT_ONCE_NS = 1000000000 };
static const int64_t dying_ns = 5 * NS_PER_S; /* for so long an SA that goes down may still be heard of */

bool unnamed_end(const struct event *e)
{
    return e->code == CODE_SESSION_DOWN && !(e->has & (HAS_REMOTE | HAS_SPI_I)) && !event_sa_id(e) &&
           !fact_find(e->facts, "peer_address");
}

/* The tunnel's own message, which names the peer, or its debugs stand right before; the message may have named an end before. */
static bool ended_at_once(const struct ike_sa *sa, const struct view *v, const struct event *e)
{
    return sa->deleted && !v->unnamed_named && e->time.kind && v->last_ns != TIME_UNKNOWN &&
           e->time.ns - v->last_ns <= AT_ONCE_NS;
}

struct ike_sa *unnamed_end_of(const struct associations *a, struct observer *o, const struct event *e, struct ike_sa *near)
{
    struct ike_sa *one = NULL;
    const struct view *v = near ? sa_view_seen(near, e) : NULL;
    if (!unnamed_end(e) || (v && ended_at_once(near, v, e)))
        return near;
    o->unnamed_ns = e->time.kind ? e->time.ns : TIME_UNKNOWN;
    if (v && (sa_is_up(near) || view_in_midlife(near)))
        return near;
    for (uint32_t back = 1; back <= LAST_MADE && back <= a->made; back++) {
        struct ike_sa *sa = a->recent[(a->made - back) % LAST_MADE];
        if (!sa || sa->gone || !sa_is_up(sa) || !sa_view_seen(sa, e))
            continue;
        if (one)
            return near;
        one = sa;
    }
    return one ? one : near;
}

/* The end's own note goes, and the SA is up as before. */
static void take_back(struct ike_sa *sa, struct view *v)
{
    struct note *before = NULL, *n = v->notes;
    for (; n && !(n->line == v->unnamed_end && n->code == CODE_SESSION_DOWN); n = n->next)
        before = n;
    if (n && before)
        before->next = n->next;
    else if (n)
        v->notes = n->next;
    if (n && v->notes_last == n)
        v->notes_last = before;
    sa->deleted = false;
    v->unnamed_end = 0;
}

static int64_t end_of(const struct view *v)
{
    for (const struct note *n = v->notes; n; n = n->next)
        if (n->line == v->unnamed_end && n->code == CODE_SESSION_DOWN)
            return n->ns;
    return TIME_UNKNOWN;
}

void unnamed_take_back(const struct associations *a, struct observer *o, const struct event *e, const struct ike_sa *named)
{
    struct view *its = named ? sa_view_seen(named, e) : NULL;
    if (its && o->unnamed_ns != TIME_UNKNOWN && e->time.kind && e->time.ns >= o->unnamed_ns &&
        e->time.ns - o->unnamed_ns <= AT_ONCE_NS)
        its->unnamed_named = true;
    o->unnamed_ns = TIME_UNKNOWN;
    for (uint32_t back = 1; back <= LAST_MADE && back <= a->made; back++) {
        struct ike_sa *sa = a->recent[(a->made - back) % LAST_MADE];
        struct view *v = sa && sa != named && !sa->gone ? sa_view_seen(sa, e) : NULL;
        const int64_t end = v && v->unnamed_end ? end_of(v) : TIME_UNKNOWN;
        if (end != TIME_UNKNOWN && e->time.kind && e->time.ns >= end && e->time.ns - end <= AT_ONCE_NS)
            take_back(sa, v);
    }
}

void unnamed_lived_on(struct ike_sa *sa, struct view *v, const struct event *e, enum binding how)
{
    const bool lives = (e->message && how != BOUND_ADJACENCY) || (e->code == CODE_SESSION_DOWN && (e->has & HAS_REMOTE));
    const int64_t end = lives && e->time.kind ? end_of(v) : TIME_UNKNOWN;
    if (end != TIME_UNKNOWN && e->time.ns - end > dying_ns)
        take_back(sa, v);
}
