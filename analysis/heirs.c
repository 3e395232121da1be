#include "analysis/heirs.h"

#include <string.h>

#include "analysis/symptoms.h"
#include "analysis/viewing.h"
#include "base/map.h"

void heir_take(struct ike_sa *sa, struct ike_sa *heir, const struct exchange *x)
{
    heir->rekeys = sa;
    sa->rekeyed_by = heir;
    bool swapped = x->from == SIDE_RESPONDER;
    heir->sides_swapped = swapped;
    const struct party *i = swapped ? &sa->responder : &sa->initiator, *r = swapped ? &sa->initiator : &sa->responder;
    if (!heir->initiator.id.value.at)
        heir->initiator.id = i->id;
    if (!heir->responder.id.value.at)
        heir->responder.id = r->id;
    if (heir->initiator.endpoint.address.family == ADDRESS_NONE) {
        heir->initiator.endpoint = i->endpoint;
        heir->responder.endpoint = r->endpoint;
    }
    heir->initiator.vendors |= i->vendors;
    heir->responder.vendors |= r->vendors;
    if (!heir->initiator.device)
        heir->initiator.device = i->device;
    if (!heir->responder.device)
        heir->responder.device = r->device;
    if (x->response.seen && heir->first_ns == TIME_UNKNOWN)
        heir->first_ns = leg_timed(&x->response)->ns;
}

const struct ike_sa *heir_last(const struct ike_sa *sa)
{
    for (unsigned n = 0; sa->rekeyed_by && n < REKEYS_FOLLOWED; n++)
        sa = sa->rekeyed_by;
    return sa;
}

static bool same_log(const struct ike_sa *sa, const struct ike_sa *other)
{
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct view *w = other->views; w; w = w->next)
            if (!v->wire && v->input == w->input && v->device == w->device)
                return true;
    return false;
}

struct orphan { /* an SA that nobody saw begin */
    struct orphan *next;
    struct ike_sa *sa;
    size_t place;
};

/* Those between two addresses, in their order; where a log names none, those of a router's session. */
union ends_key {
    struct address of[2];
    uint32_t session[3]; /* input, router, id */
};

struct ends {
    union ends_key key;
    struct orphan *first, **tail;
};

static struct address bare(struct address a)
{
    struct address b = { .family = a.family };
    memcpy(b.octets, a.octets, address_length(a) ? address_length(a) : sizeof b.octets);
    return b;
}

/* False: they are not both known. */
static bool in_order(struct address of[static 2])
{
    bool known = of[0].family != ADDRESS_NONE && of[1].family != ADDRESS_NONE;
    if (memcmp(&of[0], &of[1], sizeof of[0]) > 0) {
        struct address first = of[0];
        of[0] = of[1];
        of[1] = first;
    }
    return known;
}

/* Two addresses, whoever is the initiator: a log that begins with an heir may not tell. */
static bool ends_of(const struct ike_sa *sa, struct address of[static 2])
{
    struct address one = bare(sa->initiator.endpoint.address), other = bare(sa->responder.endpoint.address);
    if (one.family == ADDRESS_NONE && sa->views) {
        one = bare(sa->views->local.address);
        other = bare(sa->views->remote.address);
    }
    of[0] = one;
    of[1] = other;
    return in_order(of);
}

/* Nobody saw it begin. */
static bool lacks_beginning(const struct ike_sa *sa)
{
    return !sa->start_seen && !sa->rekeys && spi_known(sa->spi_i) && !exchange_last(sa, EXCHANGE_IKE_SA_INIT);
}

/* IOS-XE keeps the session's id over a rekey. */
static bool session_of(const struct ike_sa *sa, union ends_key *key)
{
    const struct view *v = sa->views;
    *key = (union ends_key){ .of = { { 0 } } };
    if (!v || v->next || !v->has_session_id)
        return false;
    key->session[0] = v->input;
    key->session[1] = v->device;
    key->session[2] = v->session_id;
    return true;
}

static bool key_of(const struct ike_sa *sa, union ends_key *key)
{
    struct address of[2];
    if (!ends_of(sa, of))
        return session_of(sa, key);
    *key = (union ends_key){ .of = { of[0], of[1] } };
    return true;
}

static void add_orphan(struct map *by_ends, struct ike_sa *sa, size_t place, struct arena *scratch)
{
    union ends_key key;
    if (!lacks_beginning(sa) || !key_of(sa, &key))
        return;
    struct ends *e = map_find(by_ends, bytes_over(&key, sizeof key));
    if (!e) {
        e = arena_new(scratch, struct ends);
        memcpy(&e->key, &key, sizeof key);
        e->tail = &e->first;
        map_put(by_ends, bytes_over(&e->key, sizeof e->key), e);
    }
    struct orphan *o = arena_new(scratch, struct orphan);
    *o = (struct orphan){ .sa = sa, .place = place };
    *e->tail = o;
    e->tail = &o->next;
}

/* Who asked for the rekey is the initiator of what it made; a log that prints no state of the heir does not tell it again. */
static void give_roles(const struct ike_sa *sa, struct ike_sa *heir, const struct exchange *x)
{
    for (const struct view *v = sa->views; v; v = v->next)
        for (struct view *w = heir->views; w; w = w->next)
            if (!v->wire && v->role && x->from && !w->role && v->input == w->input && v->device == w->device)
                view_role(heir, w, v->role == x->from ? SIDE_INITIATOR : SIDE_RESPONDER);
}

/* The exchange that replaced it: where both ends asked, one of them was refused. */
static const struct exchange *renewal_of(const struct ike_sa *sa)
{
    const struct exchange *best = NULL;
    for (const struct exchange *x = sa->exchanges; x; x = x->next)
        if (x->type == EXCHANGE_CREATE_CHILD_SA &&
            (!best || x->renews_ike || (!best->renews_ike && (x->outcome != EXCHANGE_ERROR || best->outcome == EXCHANGE_ERROR))))
            best = x;
    return best;
}

#define AT_ONCE_NS INT64_C(3000000000)

/* The same log told of it before the exchange that made the heir: another tunnel between these ends. */
static bool was_there_before(const struct ike_sa *sa, const struct exchange *x)
{
    const struct sighting *s = x->request.seen ? x->request.seen : x->response.seen;
    for (const struct view *v = s ? sa->views : NULL; v; v = v->next)
        if (v->input == s->input && v->first_ns != TIME_UNKNOWN && s->ns != TIME_UNKNOWN && v->first_ns < s->ns - AT_ONCE_NS)
            return true;
    return false;
}

/* Both ends began at once, and each made an SA in the place of this one: what the other end's request made. RFC 7296 section 2.8.2. */
static const struct exchange *renewal_across(const struct ike_sa *sa, const struct exchange *x)
{
    for (const struct exchange *y = x->renews_ike && x->from ? sa->exchanges : NULL; y; y = y->next)
        if (y->renews_ike && y->from == side_other((enum side)x->from))
            return y;
    return NULL;
}

/* In the log that has both, its router has the part in the heir that it had in the exchange: who asked is the initiator. */
static bool has_part(const struct ike_sa *sa, const struct ike_sa *heir, const struct exchange *x)
{
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct view *w = heir->views; w; w = w->next)
            if (!v->wire && v->role && w->role && v->input == w->input && v->device == w->device &&
                (w->role == SIDE_INITIATOR) != (v->role == x->from))
                return false;
    return true;
}

/* It is told of right behind the exchange; whole: and then no more. */
static bool is_told_at_once(const struct ike_sa *heir, const struct exchange *x, bool whole)
{
    const struct sighting *s = x->response.seen ? x->response.seen : x->request.seen;
    for (const struct view *v = s && s->ns != TIME_UNKNOWN ? heir->views : NULL; v; v = v->next)
        if (v->input == s->input)
            return v->first_ns != TIME_UNKNOWN && (whole ? v->last_ns : v->first_ns) <= s->ns + AT_ONCE_NS;
    return false;
}

/* The second of the two: told of at once, or the first one went at once, so that this one lives, whenever it is told of. */
static bool is_second(const struct ike_sa *sa, const struct ike_sa *heir, const struct exchange *x)
{
    return is_told_at_once(heir, x, false) || (sa->rekeyed_by->deleted && is_told_at_once(sa->rekeyed_by, x, true));
}

enum { GUESSES = 256 }; /* between the same ends */

/* The first of those that may be its heir. across: that of a rekey which crossed another one. */
static bool guess_among(struct ike_sa *sa, struct ends *e, size_t place, const struct exchange *x, bool across)
{
    unsigned tried = 0;
    while (e && e->first && (e->first->place <= place || e->first->sa->rekeys))
        e->first = e->first->next; /* behind this SA is behind all that follow */
    for (struct orphan *o = e ? e->first : NULL; o && tried < GUESSES; o = o->next, tried++)
        if (!o->sa->rekeys && same_log(sa, o->sa) && !was_there_before(o->sa, x) && (!across || has_part(sa, o->sa, x))) {
            if (across && sa->rekeyed_by && !is_second(sa, o->sa, x)) /* it is of a later rekey */
                return false;
            heir_take(sa, o->sa, x);
            give_roles(sa, o->sa, x);
            return true;
        }
    return false;
}

static void guess(struct map *by_ends, struct ike_sa *sa, size_t place, const struct exchange *x, bool across)
{
    union ends_key key;
    const bool found = key_of(sa, &key) && guess_among(sa, map_find(by_ends, bytes_over(&key, sizeof key)), place, x, across);
    if (!found && session_of(sa, &key))
        (void)guess_among(sa, map_find(by_ends, bytes_over(&key, sizeof key)), place, x, across);
}

void heirs_guess(struct model *m)
{
    struct arena *scratch = arena_create();
    struct map by_ends = { 0 };
    size_t place = 0;
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        add_orphan(&by_ends, sa, place++, scratch);
    place = 0;
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next, place++) {
        const struct exchange *x = sa->replaced && !sa->rekeyed_by ? renewal_of(sa) : NULL,
                              *other = x ? renewal_across(sa, x) : NULL;
        if (x)
            guess(&by_ends, sa, place, x, other != NULL);
        if (other)
            guess(&by_ends, sa, place, other, true);
    }
    map_clear(&by_ends);
    arena_destroy(scratch);
}

/* ---- two in place of one ---- */

static bool stayed_longer(const struct ike_sa *sa, const struct ike_sa *other)
{
    if (sa->deleted != other->deleted)
        return other->deleted;
    return sa->deleted && sa->last_ns != TIME_UNKNOWN && other->last_ns != TIME_UNKNOWN && sa->last_ns > other->last_ns;
}

static bool child_deleted(const struct child_sa *c)
{
    return c->initiator_deleted || c->responder_deleted;
}

void heirs_choose(struct model *m)
{
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        if (sa->rekeys && sa->rekeys->rekeyed_by && sa->rekeys->rekeyed_by != sa && stayed_longer(sa, sa->rekeys->rekeyed_by))
            sa->rekeys->rekeyed_by = sa;
    for (struct child_sa *c = m->child_sas; c; c = c->next)
        if (c->rekeys && c->rekeys->rekeyed_by && c->rekeys->rekeyed_by != c && !child_deleted(c) &&
            child_deleted(c->rekeys->rekeyed_by))
            c->rekeys->rekeyed_by = c;
}
