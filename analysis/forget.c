#include "analysis/forget.h"

#include <assert.h>
#include <stdlib.h>

#include "analysis/child_index.h"
#include "analysis/exchange_index.h"
#include "analysis/restarts.h"
#include "analysis/sa_copy.h"
#include "base/limits.h"

enum {
    ANCESTORS = 8, /* of an SA, as far as they still have a Child SA that is up; the first one is always kept */
    NEAR = 48,     /* SAs that one is judged with */
    LOOSE = 64,    /* newest notes of no SA that are kept */
    ENDED = 16,    /* newest Child SAs of one that is up that were replaced or deleted: rules look at several in a row */
};

/* ---- judging one ---- */

struct near {
    struct ike_sa *at[NEAR];
    size_t count;
};

static void add(struct near *n, struct ike_sa *sa)
{
    for (size_t i = 0; i < n->count; i++)
        if (n->at[i] == sa)
            return;
    if (sa && n->count < NEAR)
        n->at[n->count++] = sa;
}

static struct address end_of(const struct ike_sa *sa, bool initiator)
{
    struct address a = initiator ? sa->initiator.endpoint.address : sa->responder.endpoint.address;
    if (a.family == ADDRESS_NONE && sa->initiator.endpoint.address.family == ADDRESS_NONE &&
        sa->responder.endpoint.address.family == ADDRESS_NONE && sa->views)
        a = initiator ? sa->views->local.address : sa->views->remote.address;
    return a;
}

static bool same_ends(const struct ike_sa *a, const struct ike_sa *b)
{
    struct address ai = end_of(a, true), ar = end_of(a, false), bi = end_of(b, true), br = end_of(b, false);
    return (ai.family || ar.family) &&
           ((address_equal(ai, bi) && address_equal(ar, br)) || (address_equal(ai, br) && address_equal(ar, bi)));
}

static int by_number(const void *a, const void *b)
{
    const struct ike_sa *x = *(struct ike_sa *const *)a, *y = *(struct ike_sa *const *)b;
    return (x->number > y->number) - (x->number < y->number);
}

static struct near near_to(const struct associations *a, struct ike_sa *sa)
{
    struct near n = { .count = 0 };
    add(&n, sa);
    for (unsigned i = 0; i < LAST_MADE; i++) {
        struct ike_sa *other = a->recent[i];
        if (other && !other->gone && (other->same_as == sa || (same_ends(sa, other) && n.count < NEAR / 2)))
            add(&n, other);
    }
    for (unsigned i = 0; i < HISTORY; i++)
        if (a->history[i] && same_ends(sa, a->history[i]))
            add(&n, a->history[i]);
    add(&n, sa->rekeyed_by);
    add(&n, sa->same_as);
    for (struct ike_sa *before = sa->rekeys; before && n.count < NEAR / 2 + ANCESTORS; before = before->rekeys)
        add(&n, before);
    qsort(n.at, n.count, sizeof n.at[0], by_number);
    return n;
}

static void list(struct model *m, struct ike_sa *copy)
{
    *(m->ike_sas_last ? &m->ike_sas_last->next : &m->ike_sas) = copy;
    m->ike_sas_last = copy;
    m->ike_sa_count++;
}

static void list_child(struct model *m, struct child_sa *copy)
{
    *(m->child_sas_last ? &m->child_sas_last->next : &m->child_sas) = copy;
    m->child_sas_last = copy;
    copy->number = ++m->child_sa_count;
}

/* What rules ask of the log as a whole. What may change there is copied. */
static struct model *model_like(const struct model *m)
{
    struct model *alone = model_create();
    alone->options = m->options;
    alone->limits = m->limits;
    for (size_t i = 0; i < m->input_count; i++) {
        model_add_input(alone, m->inputs[i].name, m->inputs[i].path);
        struct text name = alone->inputs[i].name, path = alone->inputs[i].path;
        alone->inputs[i] = m->inputs[i];
        alone->inputs[i].name = name;
        alone->inputs[i].path = path;
    }
    for (size_t i = 1; i < m->device_count; i++) {
        const uint32_t device = model_device(alone, m->devices[i].name); /* which moves them */
        alone->devices[device] = m->devices[i];
    }
    alone->loose = notes_copy(alone->run, m->loose, &alone->loose_last); /* an answer may go to the SA that is judged */
    alone->loose_count = m->loose_count;
    return alone;
}

static void forget_copies(struct ike_sa *sa)
{
    sa->copy = NULL;
    for (struct child_sa *c = sa->children; c; c = c->sibling)
        c->copy = NULL;
}

struct model *forget_alone(struct associations *a, struct ike_sa *sa, struct associations *who, struct ike_sa **alone)
{
    struct model *m = model_like(a->model);
    struct near n = near_to(a, sa);
    associations_init(who, m);
    for (size_t i = 0; i < n.count; i++)
        sa_copy(m, n.at[i], true);
    for (size_t i = 0; i < n.count; i++) {
        struct ike_sa *copy = n.at[i]->copy;
        sa_copy_links(copy);
        restarts_mark(a, copy);
        list(m, copy);
        for (struct child_sa *c = copy->children; c; c = c->sibling)
            list_child(m, c);
        if (spi_known(copy->spi_i) && !copy->gone)
            associations_file(who, copy);
    }
    *alone = sa->copy;
    for (size_t i = 0; i < n.count; i++)
        forget_copies(n.at[i]);
    return m;
}

/* ---- letting go ---- */

/* So that outcomes drawn once more from its outline come out the same. */
static void keep_outcome(struct ike_sa *sa, enum sa_outcome outcome)
{
    bool failed = outcome == SA_FAILED;
    sa->failed = failed;
    sa->refused_late = false;
    sa->replaced |= outcome == SA_REKEYED;
    sa->deleted = outcome == SA_DELETED;
    sa->established = outcome == SA_DELETED || outcome == SA_ESTABLISHED || outcome == SA_REKEYED;
    if (failed || outcome == SA_INCOMPLETE)
        sa->ready_initiator = sa->ready_responder = false;
    sa->outcome = (uint8_t)outcome;
}

static void leave_bucket(struct associations *a, const struct ike_sa *sa)
{
    uint64_t key = sa->spi_i.value;
    struct spi_bucket *b = map_find(&a->by_spi, bytes_over(&key, sizeof key));
    for (uint32_t i = 0; b && i < b->count; i++)
        if (b->sas[i] == sa) {
            memmove(b->sas + i, b->sas + i + 1, (b->count - i - 1) * sizeof b->sas[0]);
            b->count--;
            return;
        }
}

static void leave_observers(struct associations *a, const struct ike_sa *sa)
{
    for (size_t i = 0; i < a->observers.count; i++) {
        struct observer *o = a->observers.entries[i].value;
        if (!o)
            continue;
        o->last = o->last == sa ? NULL : o->last;
        o->slot_sa = o->slot_sa == sa ? NULL : o->slot_sa;
        questions_forget(&o->questions, sa);
        if (o->datagram.sa == sa)
            o->datagram.line = 0;
        if (o->datagram_before.sa == sa)
            o->datagram_before.line = 0;
    }
}

void forget_let_go(struct associations *a, struct ike_sa *sa, enum sa_outcome outcome)
{
    struct model *m = a->model;
    if (spi_known(sa->spi_i)) {
        leave_bucket(a, sa);
        if (outcome != SA_INCOMPLETE) /* more of what nobody saw end may yet be news */
            a->let_go[a->let_go_count++ % LET_GO] = (struct let_go){ sa->spi_i.value, sa->spi_r.value };
    }
    leave_observers(a, sa);
    for (unsigned i = 0; i < LAST_MADE; i++)
        a->recent[i] = a->recent[i] == sa ? NULL : a->recent[i];
    sa->gone = true;
    keep_outcome(sa, outcome);
    if (!sa->same_as)
        a->history[a->history_count++ % HISTORY] = sa;
    m->ike_sa_count--;
    m->child_sa_count -= sa->child_count < m->child_sa_count ? sa->child_count : m->child_sa_count;
}

/* Of the lists, what lives on. */
static void unlist_gone(struct model *m)
{
    struct ike_sa **at = &m->ike_sas;
    m->ike_sas_last = NULL;
    m->ike_sa_count = 0;
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        if (sa->gone)
            continue;
        m->ike_sas_last = *at = sa;
        at = &sa->next;
        m->ike_sa_count++;
    }
    *at = NULL;
    struct child_sa **child = &m->child_sas;
    m->child_sas_last = NULL;
    m->child_sa_count = 0;
    for (struct child_sa *c = m->child_sas; c; c = c->next) {
        if (c->ike_sa->gone)
            continue;
        m->child_sas_last = *child = c;
        child = &c->next;
        c->number = ++m->child_sa_count;
    }
    *child = NULL;
}

void forget_recall(struct associations *a)
{
    struct model *m = a->model;
    unlist_gone(m);
    for (unsigned i = 0; i < HISTORY; i++) {
        struct ike_sa *sa = a->history[(a->history_count + HISTORY - 1 - i) % HISTORY]; /* the newest first: each goes in front */
        if (!sa)
            continue;
        sa->next = m->ike_sas;
        m->ike_sas = sa;
        m->ike_sas_last = m->ike_sas_last ? m->ike_sas_last : sa;
        m->ike_sa_count++;
    }
}

/* ---- compacting ---- */

static bool holds_child(const struct ike_sa *sa)
{
    for (const struct child_sa *c = sa->children; c; c = c->sibling)
        if (!c->rekeyed_by && !c->initiator_deleted && !c->responder_deleted && c->outcome != SA_DELETED)
            return true;
    return false;
}

static bool ended(const struct child_sa *c)
{
    return c->rekeyed_by || (c->initiator_deleted && c->responder_deleted) || c->outcome == SA_DELETED;
}

/* Of an SA that lives for months, the Child SAs that ended long ago, and what is too many of those whose end nobody tells, stay
 * behind: nothing is bound to them any more. */
static void shed_children(struct model *m, struct ike_sa *sa)
{
    child_index_drop(sa);
    uint32_t over[2] = { 0 }; /* of those open still, of those that ended: how many are too many */
    for (const struct child_sa *c = sa->children; c; c = c->sibling)
        over[ended(c)]++;
    over[0] = over[0] > LIMIT_UNENDED ? over[0] - LIMIT_UNENDED : 0;
    over[1] = over[1] > ENDED ? over[1] - ENDED : 0;
    limits_over(&m->limits, OVER_UNENDED, over[0]);
    struct child_sa **at = &sa->children;
    while (*at && (over[0] || over[1])) {
        struct child_sa *c = *at;
        if (!over[ended(c)]) {
            at = &c->sibling;
            continue;
        }
        over[ended(c)]--;
        *at = c->sibling;
        sa->child_count--;
    }
}

static void keep(struct model *m, struct ike_sa *sa)
{
    shed_children(m, sa);
    list(m, sa_copy(m, sa, true));
    unsigned n = 0;
    for (struct ike_sa *before = sa->rekeys; before && (n == 0 || holds_child(before)) && n < ANCESTORS;
         before = before->rekeys, n++)
        if (!before->copy && before->gone)
            sa_copy(m, before, false);
}

static void move_inputs(struct model *m)
{
    for (size_t i = 0; i < m->input_count; i++) {
        struct input *in = &m->inputs[i];
        in->name = arena_text(m->run, in->name);
        in->path = arena_text(m->run, in->path);
        in->ikev1_entry = arena_copy(m->run, in->ikev1_entry);
        in->ikev2_gave_up = arena_copy(m->run, in->ikev2_gave_up);
    }
    model_forget_records(m);
    const struct note *loose = m->loose;
    for (; m->loose_count > LOOSE && loose; m->loose_count--)
        loose = loose->next;
    m->loose = notes_copy(m->run, loose, &m->loose_last);
    m->spare_exchanges = NULL;
    m->spare_sightings = NULL;
}

static struct ike_sa *moved(const struct ike_sa *sa)
{
    return sa && !sa->gone ? sa->copy : NULL;
}

static void move_datagram(struct datagram *d)
{
    struct ike_sa *sa = d->line ? moved(d->sa) : NULL;
    struct view *v = sa ? sa->views : NULL;
    while (v && (v->input != d->view->input || v->device != d->view->device))
        v = v->next;
    if (v) {
        d->sa = sa;
        d->view = v;
    } else {
        *d = (struct datagram){ .line = 0 };
    }
}

static struct observer *move_observer(struct model *m, const struct observer *from)
{
    struct observer *o = arena_new(m->run, struct observer);
    *o = *from;
    o->last = moved(from->last);
    o->slot_sa = moved(from->slot_sa);
    for (unsigned i = 0; i < QUESTIONS * ASKERS; i++)
        o->questions.asked[i / ASKERS][i % ASKERS].sa = moved(from->questions.asked[i / ASKERS][i % ASKERS].sa);
    o->pending = notes_copy(m->run, from->pending, &o->pending_last);
    for (unsigned i = 0; i < o->waiting_count; i++) {
        const struct event *e = from->waiting[i].event;
        struct event *waiting = arena_new(m->run, struct event);
        *waiting = *e;
        waiting->text = arena_text(m->run, e->text);
        waiting->message = message_copy(m->run, e->message, true);
        o->waiting[i].event = waiting;
    }
    o->named.keyring = arena_text(m->run, from->named.keyring);
    o->named.block = arena_text(m->run, from->named.block);
    o->named.policy = arena_text(m->run, from->named.policy);
    move_datagram(&o->datagram);
    move_datagram(&o->datagram_before);
    for (unsigned i = 0; i < OFFERED; i++)
        o->offered[i].ike = printed_offer_copy(m->run, &from->offered[i].ike);
    return o;
}

static void move_maps(struct associations *a, const struct associations *from)
{
    struct model *m = a->model;
    for (size_t i = 0; i < from->observers.count; i++) {
        const struct observer *old = from->observers.entries[i].value;
        struct observer *o = old ? move_observer(m, old) : NULL;
        if (o)
            map_put(&a->observers, bytes_over(o->key, sizeof o->key), o);
    }
    for (size_t i = 0; i < from->slots.count; i++) {
        const struct slot *old = from->slots.entries[i].value;
        if (!old || !moved(old->sa))
            continue;
        struct slot *s = arena_new(m->run, struct slot);
        *s = *old;
        s->sa = moved(old->sa);
        map_put(&a->slots, bytes_over(s->key, sizeof s->key), s);
    }
    for (size_t i = 0; i < from->by_peer.count; i++) {
        const struct peers *old = from->by_peer.entries[i].value;
        struct ike_sa *sa = old ? moved(old->sa) : NULL, *before = old ? moved(old->before) : NULL;
        if (!sa && !before)
            continue;
        struct peers *p = arena_new(m->run, struct peers);
        *p = *old;
        p->sa = sa ? sa : before;
        p->before = sa ? before : NULL;
        map_put(&a->by_peer, bytes_over(p->key, sizeof p->key), p);
    }
    for (size_t i = 0; i < from->by_spi.count; i++) {
        const struct spi_bucket *old = from->by_spi.entries[i].value;
        for (uint32_t n = 0; old && n < old->count; n++)
            if (moved(old->sas[n]))
                associations_file(a, moved(old->sas[n]));
    }
}

static void move_associations(struct associations *a)
{
    struct associations from = *a;
    *a = (struct associations){ .model = from.model,
                                .made = from.made,
                                .quiet = from.quiet,
                                .let_go_count = from.let_go_count,
                                .history_count = from.history_count,
                                .late = from.late };
    memcpy(a->let_go, from.let_go, sizeof a->let_go);
    for (unsigned i = 0; i < HISTORY; i++)
        a->history[i] = from.history[i] ? from.history[i]->copy : NULL;
    for (size_t i = 0; i < LAST_MADE; i++)
        a->recent[i] = moved(from.recent[i]);
    move_maps(a, &from);
    associations_clear(&from);
}

void forget_compact(struct associations *a)
{
    struct model *m = a->model;
    assert(!m->options.keep_events && !m->flows && !m->findings);
    struct arena *old = m->run;
    struct ike_sa *listed = m->ike_sas, *made = m->ike_sas_made;
    struct child_sa *children = m->child_sas;
    m->run = arena_create();
    m->ike_sas = m->ike_sas_last = m->ike_sas_made = NULL;
    m->child_sas = m->child_sas_last = NULL;
    m->ike_sa_count = m->child_sa_count = 0;
    for (struct ike_sa *sa = listed; sa; sa = sa->next)
        if (!sa->gone)
            keep(m, sa);
    for (unsigned i = 0; i < HISTORY; i++)
        if (a->history[i] && !a->history[i]->copy)
            sa_copy(m, a->history[i], false);
    for (struct ike_sa *sa = made; sa; sa = sa->made_before)
        if (sa->copy)
            sa_copy_links(sa->copy);
    for (struct child_sa *c = children; c; c = c->next)
        if (c->copy && !c->ike_sa->gone)
            list_child(m, c->copy);
    move_inputs(m);
    move_associations(a);
    for (struct ike_sa *sa = made; sa; sa = sa->made_before) {
        exchange_index_drop(sa);
        child_index_drop(sa);
        arena_destroy(sa->held);
    }
    arena_destroy(old);
}
