#include "analysis/early.h"

#include <stdlib.h>

#include "analysis/associations.h"
#include "base/map.h"

enum { EARLY_SECONDS = 60, NAMELESS = 64, IN_SLOT = 64 };
#define EARLY_NS   (EARLY_SECONDS * INT64_C(1000000000))
#define AT_ONCE_NS INT64_C(3000000000)

struct begin { /* where a router's lines in one input begin to name an SA */
    struct ike_sa *sa;
    const struct view *view;
};

struct begins { /* by input, router and line */
    struct begin *at;
    size_t count;
};

static int by_line(const void *a, const void *b)
{
    const struct view *x = ((const struct begin *)a)->view, *y = ((const struct begin *)b)->view;
    if (x->input != y->input)
        return x->input < y->input ? -1 : 1;
    if (x->device != y->device)
        return x->device < y->device ? -1 : 1;
    return x->first_line < y->first_line ? -1 : x->first_line > y->first_line;
}

static struct begins begins_of(struct model *m)
{
    struct begins b = { NULL, 0 };
    for (int fill = 0; fill < 2; fill++) {
        size_t n = 0;
        for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
            for (const struct view *v = sa->views; v; v = v->next) {
                if (v->wire)
                    continue;
                if (fill)
                    b.at[n] = (struct begin){ sa, v };
                n++;
            }
        if (!fill)
            b.at = memory_take((n + 1) * sizeof *b.at);
        b.count = n;
    }
    qsort(b.at, b.count, sizeof *b.at, by_line);
    return b;
}

/* The first begin of that router behind a line of its input. */
static size_t begin_behind(const struct begins *b, const struct event *e, uint32_t line)
{
    struct view probe = { .input = e->input, .device = e->device, .first_line = line };
    struct begin key = { NULL, &probe };
    size_t low = 0, high = b->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_line(&b->at[middle], &key) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first begin behind the event, of the same router; what follows it, of the same router, stands behind that. */
static const struct begin *begins_behind(const struct begins *b, const struct event *e, const struct begin **end)
{
    *end = b->at + begin_behind(b, e, UINT32_MAX);
    return b->at + begin_behind(b, e, e->line);
}

static bool alone(const struct begins *b, const struct begin *at)
{
    const struct view *v = at->view;
    const struct begin *end = b->at + b->count;
    return (at == b->at || at[-1].view->input != v->input || at[-1].view->device != v->device) &&
           (at + 1 == end || at[1].view->input != v->input || at[1].view->device != v->device);
}

/* Another protocol's line, a command typed, or one that names another peer is none of it. */
static bool fits(const struct ike_sa *sa, const struct event *e)
{
    if (associations_strange(sa, sa->views, e->code, e->facts, false) || e->kind == EVENT_PACKET_SEEN ||
        e->kind == EVENT_COMMAND || e->code == CODE_IKEV1 || e->code == CODE_IKEV1_CHOSEN)
        return false;
    if ((e->has & HAS_SPI_I) && spi_known(e->spi_i))
        return false;
    return !(e->has & HAS_REMOTE) || address_equal(e->remote.address, sa->initiator.endpoint.address) ||
           address_equal(e->remote.address, sa->responder.endpoint.address);
}

static bool may_be_its(const struct begin *b, const struct event *e)
{
    bool timed = e->time.kind && b->view->first.kind == e->time.kind;
    return e->line < b->view->first_line && !(timed && b->view->first.ns - e->time.ns > EARLY_NS) && fits(b->sa, e);
}

/* Is this the SA that the event names, by its session or by its peer? */
static enum binding named(const struct begin *b, const struct event *e)
{
    const struct view *v = b->view;
    if (!may_be_its(b, e))
        return BOUND_NONE;
    if ((e->has & HAS_SESSION_ID) && e->session_id)
        return v->has_session_id && v->session_id == e->session_id ? BOUND_SESSION_ID : BOUND_NONE;
    return (e->has & HAS_REMOTE) && e->remote.address.family ? BOUND_ADJACENCY : BOUND_NONE;
}

static bool names_any(const struct event *e)
{
    return ((e->has & HAS_SESSION_ID) && e->session_id) || ((e->has & HAS_REMOTE) && e->remote.address.family);
}

struct slot_lines {  /* lines with an SA id, before a line says which SA stands for it */
    uint32_t key[3]; /* input, router, SA id */
    struct kept_event *at[IN_SLOT];
    size_t count;
    const struct ike_sa *last; /* whose the id was before, and where it was named last */
    uint32_t last_line;
};

static struct slot_lines *slot_for(struct map *slots, struct arena *arena, const struct event *e)
{
    uint32_t key[3] = { e->input, e->device, e->sa_id };
    struct slot_lines *s = map_find(slots, bytes_over(key, sizeof key));
    if (!s) {
        s = arena_new(arena, struct slot_lines);
        memcpy(s->key, key, sizeof key);
        map_put(slots, bytes_over(s->key, sizeof s->key), s);
    }
    return s;
}

/* This event's id stands for its SA: so it did just before. Where it stood for another one, the nearer of both is meant. */
static void slot_named(struct slot_lines *s, const struct kept_event *k)
{
    const struct event *e = &k->event;
    for (size_t i = 0; i < s->count; i++) {
        const struct event *waits = &s->at[i]->event;
        bool late = e->time.kind && waits->time.kind == e->time.kind && e->time.ns - waits->time.ns > EARLY_NS;
        bool other = s->last && s->last != k->ike_sa && waits->line - s->last_line < e->line - waits->line;
        if (late || other || !fits(k->ike_sa, waits))
            continue;
        s->at[i]->ike_sa = k->ike_sa;
        s->at[i]->bound_by = BOUND_SA_ID;
    }
    s->count = 0;
    s->last = k->ike_sa;
    s->last_line = e->line;
}

static void wait_in_slot(struct slot_lines *s, struct kept_event *k)
{
    if (s->count == IN_SLOT)
        s->count = 0;
    s->at[s->count++] = k;
}

struct nameless { /* lines of one router without any name, since it last spoke of an SA */
    struct kept_event *at[NAMELESS];
    size_t count;
    uint32_t input, device;
};

/* They stand in front of an SA's first line. They are its own unless another one begins as near. */
static void bind_nameless(const struct begins *b, const struct kept_event *first, struct nameless *n)
{
    for (size_t i = 0; i < n->count; i++) {
        const struct event *e = &n->at[i]->event;
        const struct begin *end, *next = begins_behind(b, e, &end);
        if (next == end || next->sa != first->ike_sa || !may_be_its(next, e))
            continue;
        int64_t begun = next->view->first.ns;
        bool timed = e->time.kind && next->view->first.kind == e->time.kind;
        bool far = timed && begun - e->time.ns > AT_ONCE_NS;
        bool two = next + 1 < end && (timed ? next[1].view->first.ns - begun <= AT_ONCE_NS
                                            : next[1].view->first_line - next->view->first_line <= NAMELESS);
        if (far || two)
            continue;
        n->at[i]->ike_sa = next->sa;
        n->at[i]->bound_by = BOUND_ADJACENCY;
    }
    n->count = 0;
}

static void put_by(struct nameless *n, struct kept_event *k)
{
    if (n->input != k->event.input || n->device != k->event.device || n->count == NAMELESS)
        n->count = 0;
    n->input = k->event.input;
    n->device = k->event.device;
    n->at[n->count++] = k;
}

static void bind_one(const struct begins *b, struct kept_event *k, struct nameless *n)
{
    const struct event *e = &k->event;
    const struct begin *end, *at = begins_behind(b, e, &end);
    if (at == end)
        return;
    if (alone(b, at)) {
        if (may_be_its(at, e)) {
            k->ike_sa = at->sa;
            k->bound_by = BOUND_ADJACENCY;
        }
        return;
    }
    if (!names_any(e)) {
        put_by(n, k);
        return;
    }
    for (enum binding how; at < end; at++)
        if ((how = named(at, e)) != BOUND_NONE) {
            k->ike_sa = at->sa;
            k->bound_by = (uint8_t)how;
            return;
        }
}

void early_bind(struct model *m)
{
    if (!m->events)
        return;
    struct arena *scratch = arena_create();
    struct begins b = begins_of(m);
    struct map slots = { 0 };
    struct nameless n = { .count = 0 };
    for (struct kept_event *k = m->events; k; k = k->next) {
        const struct event *e = &k->event;
        if (e->kind == EVENT_PACKET_SEEN)
            continue;
        struct slot_lines *s = event_sa_id(e) ? slot_for(&slots, scratch, e) : NULL;
        if (!k->ike_sa && s)
            wait_in_slot(s, k);
        else if (!k->ike_sa)
            bind_one(&b, k, &n);
        else if (n.count && n.input == e->input && n.device == e->device)
            bind_nameless(&b, k, &n);
        if (k->ike_sa && s)
            slot_named(s, k);
    }
    map_clear(&slots);
    memory_free(b.at);
    arena_destroy(scratch);
}
