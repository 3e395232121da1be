#include "analysis/unite.h"

#include "analysis/derive.h"
#include "analysis/exchanges.h"
#include "analysis/said.h"

static void give_views(struct ike_sa *into, struct ike_sa *from)
{
    if (!from->views)
        return;
    if (into->views_last)
        into->views_last->next = from->views;
    else
        into->views = from->views;
    into->views_last = from->views_last;
}

/* The same observer saw both halves: one view. The half without SPIs is the earlier one. */
static void join_halves(struct ike_sa *sa, struct view *late)
{
    for (struct view **at = &sa->views; *at; at = &(*at)->next) {
        struct view *early = *at;
        if (early == late || early->input != late->input || early->device != late->device || early->first_line > late->first_line)
            continue;
        if (early->notes) {
            early->notes_last->next = late->notes;
            late->notes = early->notes;
            late->notes_last = late->notes_last ? late->notes_last : early->notes_last;
            late->note_count += early->note_count;
        }
        late->role = late->role ? late->role : early->role;
        said_unite(late, early);
        late->first_line = early->first_line;
        if (early->first_ns != TIME_UNKNOWN) {
            late->first_ns = early->first_ns;
            late->first = early->first;
        }
        late->ready_line = early->ready_line ? early->ready_line : late->ready_line;
        late->start_seen |= early->start_seen;
        for (size_t i = 0; i < sizeof late->bound / sizeof late->bound[0]; i++)
            late->bound[i] += early->bound[i];
        *at = early->next;
        sa->views_last = NULL;
        for (struct view *v = sa->views; v; v = v->next)
            sa->views_last = v;
        return;
    }
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
    for (struct view *v = into->views; v; v = v->next)
        join_halves(into, v);
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
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        sa->rekeys = sa->rekeys == from ? into : sa->rekeys;
        sa->rekeyed_by = sa->rekeyed_by == from ? into : sa->rekeyed_by;
    }
    for (struct kept_event *e = m->events; e; e = e->next)
        e->ike_sa = e->ike_sa == from ? into : e->ike_sa;
}

void unite_sas(struct associations *a)
{
    struct model *m = a->model;
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        if (sa->same_as && sa->same_as != sa)
            unite(a, sa->same_as, sa);
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
