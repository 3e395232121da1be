#include "analysis/chronology.h"

#include <stdlib.h>

#include "analysis/exchange_index.h"

struct dated {
    struct exchange *what;
    int64_t t;
    size_t place;
};

struct dates {
    struct dated *at;
    size_t count, room;
    bool sorted;
};

static int by_time(const void *a, const void *b)
{
    const struct dated *x = a, *y = b;
    return x->t != y->t ? (x->t < y->t ? -1 : 1) : x->place < y->place ? -1 : x->place > y->place;
}

static void dates_begin(struct dates *d)
{
    d->count = 0;
    d->sorted = true;
}

static void dates_add(struct dates *d, struct exchange *what, int64_t t)
{
    if (d->count == d->room) {
        d->room = d->room ? d->room * 2 : 64;
        d->at = memory_grow(d->at, d->room * sizeof *d->at);
    }
    const int64_t before = d->count ? d->at[d->count - 1].t : INT64_MIN;
    t = t == TIME_UNKNOWN ? before : t;
    d->sorted &= t >= before;
    d->at[d->count] = (struct dated){ what, t, d->count };
    d->count++;
}

/* False where all of it stands in order already. */
static bool dates_sort(struct dates *d)
{
    if (!d->sorted)
        qsort(d->at, d->count, sizeof *d->at, by_time);
    return !d->sorted;
}

/* When it was first seen, by whomever. */
static int64_t time_of(const struct model *m, const struct exchange *x)
{
    int64_t first = TIME_UNKNOWN;
    for (const struct sighting *s = x->request.seen ? x->request.seen : x->response.seen; s; s = s->next) {
        const int64_t t = model_time_at(m, s->input, s->place, s->ns);
        first = t != TIME_UNKNOWN && (first == TIME_UNKNOWN || t < first) ? t : first;
    }
    return first;
}

static void order_exchanges(const struct model *m, struct dates *d, struct ike_sa *sa)
{
    dates_begin(d);
    for (struct exchange *x = sa->exchanges; x; x = x->next)
        dates_add(d, x, time_of(m, x));
    if (!dates_sort(d))
        return;
    exchange_index_drop(sa);
    struct exchange **at = &sa->exchanges;
    for (size_t i = 0; i < d->count; i++) {
        sa->exchanges_last = *at = d->at[i].what;
        at = &sa->exchanges_last->next;
    }
    *at = NULL;
}

enum { SOONER_S = 1 }; /* what clocks that are aligned may still be apart, and a message's way */

static int64_t begins_at(const struct model *m, const struct view *v)
{
    return v ? model_time_at(m, v->input, v->first_line, v->first_ns) : TIME_UNKNOWN;
}

/* The view by whose clock the SA's first and last are told. */
static const struct view *telling(const struct ike_sa *sa)
{
    const struct view *v = sa->views;
    while (v && (v->input != sa->first_input || v->first_ns != sa->first_ns))
        v = v->next;
    return v;
}

/* By the clock of the log or capture that was read first, unless another shows more of its beginning; its end is told by the same
 * clock, or by another log of the same router. */
static void settle_span(const struct model *m, struct ike_sa *sa)
{
    const struct view *own = telling(sa), *first = NULL;
    int64_t begins = own ? begins_at(m, own) : model_time(m, sa->first_input, sa->first_ns);
    if (begins == TIME_UNKNOWN)
        return;
    begins -= SOONER_S * NS_PER_S;
    for (const struct view *v = sa->views; v; v = v->next) {
        const int64_t t = v == own ? TIME_UNKNOWN : begins_at(m, v);
        if (t != TIME_UNKNOWN && t < begins) {
            begins = t;
            first = v;
        }
    }
    if (first) {
        sa->first_input = first->input;
        sa->first_ns = first->first_ns;
        sa->last_ns = first->last_ns;
        sa->first = first->first;
        sa->last = first->last;
    }
    const uint32_t router = m->inputs[sa->first_input].device;
    int64_t ends = model_time(m, sa->first_input, sa->last_ns);
    for (const struct view *v = ends == TIME_UNKNOWN || !router ? NULL : sa->views; v; v = v->next) {
        const bool goes_on = v->input != sa->first_input && !v->wire && v->device == router;
        const int64_t t = goes_on ? model_time(m, v->input, v->last_ns) : TIME_UNKNOWN;
        if (t != TIME_UNKNOWN && t > ends) { /* by its first log's clock: the other may be one of next year, and show no years */
            sa->last_ns += t - ends;
            sa->last.ns = sa->last_ns;
            ends = t;
        }
    }
}

void chronology_settle(struct model *m)
{
    struct dates d = { 0 };
    bool several = m->input_count > 1;
    for (size_t i = 0; i < m->input_count; i++)
        several |= m->inputs[i].parts_aligned;
    for (struct ike_sa *sa = several ? m->ike_sas : NULL; sa; sa = sa->next) {
        settle_span(m, sa);
        order_exchanges(m, &d, sa);
    }
    memory_free(d.at);
}
