#include "analysis/unite.h"

#include "analysis/child_index.h"
#include "analysis/derive.h"
#include "analysis/exchanges.h"
#include "analysis/named.h"
#include "analysis/said.h"

static void join_notes(struct view *view, struct view *first, struct view *second)
{
    struct note *notes = first->notes ? first->notes : second->notes,
                *last = second->notes ? second->notes_last : first->notes_last;
    if (first->notes && second->notes)
        first->notes_last->next = second->notes;
    view->note_count = first->note_count + second->note_count;
    view->notes = notes;
    view->notes_last = last;
}

/* The same observer saw both halves: one view. The half without SPIs is the earlier one, but for a retry's request behind what
 * asked for it. */
static void join_halves(struct view *view, struct view *half)
{
    const bool earlier = half->first_line <= view->first_line;
    if (earlier)
        join_notes(view, half, view);
    else
        join_notes(view, view, half);
    view->role = view->role ? view->role : half->role;
    said_unite(view, half);
    named_unite(view, half);
    if (earlier) {
        view->first_line = half->first_line;
        view->ready_line = half->ready_line ? half->ready_line : view->ready_line;
        if (half->first_ns != TIME_UNKNOWN) {
            view->first_ns = half->first_ns;
            view->first = half->first;
        }
    }
    view->last_line = half->last_line > view->last_line ? half->last_line : view->last_line;
    if (half->last_ns != TIME_UNKNOWN && (view->last_ns == TIME_UNKNOWN || half->last_ns > view->last_ns)) {
        view->last_ns = half->last_ns;
        view->last = half->last;
    }
    view->start_seen |= half->start_seen;
    view->failed |= half->failed;
    for (size_t i = 0; i < COUNT_OF(view->bound); i++)
        view->bound[i] += half->bound[i];
}

static struct view *of_observer(struct ike_sa *sa, const struct view *like)
{
    for (struct view *v = sa->views; v; v = v->next)
        if (v->input == like->input && v->device == like->device)
            return v;
    return NULL;
}

static void give_views(struct ike_sa *into, struct ike_sa *from)
{
    for (struct view *half = from->views, *next; half; half = next) {
        struct view *same = of_observer(into, half);
        next = half->next;
        if (same) {
            join_halves(same, half);
            continue;
        }
        half->next = NULL;
        *(into->views ? &into->views_last->next : &into->views) = half;
        into->views_last = half;
    }
    from->views = from->views_last = NULL;
}

static bool has_child(const struct ike_sa *sa, const struct child_sa *child)
{
    for (const struct child_sa *c = sa->children; c; c = c->sibling)
        if (c->spi_i.value == child->spi_i.value && c->spi_r.value == child->spi_r.value)
            return true;
    return false;
}

static void drop_child(struct model *m, const struct child_sa *child)
{
    m->child_sas_last = NULL;
    for (struct child_sa **at = &m->child_sas; *at;) {
        if (*at == child) {
            *at = child->next;
            m->child_sa_count--;
            continue;
        }
        m->child_sas_last = *at;
        at = &(*at)->next;
    }
}

static void give_children(struct model *m, struct ike_sa *into, struct ike_sa *from)
{
    child_index_drop(into);
    child_index_drop(from);
    for (struct child_sa *c = from->children, *next; c; c = next) {
        next = c->sibling;
        if (has_child(into, c)) {
            drop_child(m, c);
            continue;
        }
        c->ike_sa = into;
        c->sibling = NULL;
        if (into->children_last)
            into->children_last->sibling = c;
        else
            into->children = c;
        into->children_last = c;
        into->child_count++;
    }
}

static void give_party(struct party *into, const struct party *from)
{
    if (into->endpoint.address.family == ADDRESS_NONE)
        into->endpoint = from->endpoint;
    if (!into->device)
        into->device = from->device;
}

static void unite(struct associations *a, struct ike_sa *into, struct ike_sa *from)
{
    struct model *m = a->model;
    give_views(into, from);
    exchanges_unite(into, from);
    for (struct exchange *x = into->exchanges; x; x = x->next)
        if (!x->derived && x->request.message && x->response.message)
            derive_exchange(a, into, x);
    give_children(m, into, from);
    give_party(&into->initiator, &from->initiator);
    give_party(&into->responder, &from->responder);
    into->start_seen |= from->start_seen;
    into->established |= from->established;
    into->ready_initiator |= from->ready_initiator;
    into->ready_responder |= from->ready_responder;
}

static struct ike_sa *united(struct ike_sa *sa)
{
    while (sa && sa->same_as && sa->same_as != sa)
        sa = sa->same_as;
    return sa;
}

void unite_sas(struct associations *a)
{
    struct model *m = a->model;
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        if (sa->same_as && sa->same_as != sa)
            unite(a, sa->same_as, sa);
    for (struct kept_event *e = m->events; e; e = e->next) /* once for all: there are many of both */
        e->ike_sa = united(e->ike_sa);
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        sa->rekeys = united(sa->rekeys);
        sa->rekeyed_by = united(sa->rekeyed_by);
    }
    m->ike_sas_last = NULL;
    for (struct ike_sa **at = &m->ike_sas; *at;) {
        if ((*at)->same_as) {
            m->ike_sa_count--;
            *at = (*at)->next;
        } else {
            m->ike_sas_last = *at;
            at = &(*at)->next;
        }
    }
}
