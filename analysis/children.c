#include "analysis/children.h"

#include "analysis/child_index.h"
#include "analysis/derive.h"
#include "analysis/heirs.h"
#include "analysis/said.h"
#include "base/limits.h"

struct child_sa *child_with(struct model *m, struct ike_sa *sa, struct spi spi_i, struct spi spi_r, uint8_t protocol)
{
    struct child_sa *c = child_index_find(sa, spi_i, spi_r);
    if (!c)
        return child_new(m, sa, spi_i, spi_r, protocol);
    c->spi_i = spi_known(c->spi_i) ? c->spi_i : spi_i;
    c->spi_r = spi_known(c->spi_r) ? c->spi_r : spi_r;
    child_index_add(sa, c);
    return c;
}

struct child_sa *child_new(struct model *m, struct ike_sa *sa, struct spi spi_i, struct spi spi_r, uint8_t protocol)
{
    if (!limits_room(&m->limits, OVER_CHILD_SAS, m->child_sa_count))
        return NULL;
    struct child_sa *c = arena_new(m->run, struct child_sa);
    c->number = ++m->child_sa_count;
    c->ike_sa = sa;
    c->spi_i = spi_i;
    c->spi_r = spi_r;
    c->protocol = protocol;
    c->ns = TIME_UNKNOWN;
    if (m->child_sas_last)
        m->child_sas_last->next = c;
    else
        m->child_sas = c;
    m->child_sas_last = c;
    if (sa->children_last)
        sa->children_last->sibling = c;
    else
        sa->children = c;
    sa->children_last = c;
    sa->child_count++;
    child_index_add(sa, c);
    return c;
}

/* A Child SA outlives the IKE SA that made it: the one that replaces that inherits it (RFC 7296 section 2.8), and what is said
 * about it there concerns it here. Who asked for the replacement is the initiator of the new IKE SA, so the sides may change. */
struct child_sa *child_inherited(const struct ike_sa *sa, enum side *receiver, uint64_t value)
{
    for (unsigned n = 0; sa && n < REKEYS_FOLLOWED; n++, sa = sa->rekeys) {
        struct child_sa *c = child_index_receiver(sa, *receiver, value);
        if (c)
            return c;
        if (sa->sides_swapped)
            *receiver = *receiver == SIDE_INITIATOR ? SIDE_RESPONDER : SIDE_INITIATOR;
    }
    return NULL;
}

/* The only one that may be meant where nothing names it. */
static struct child_sa *only_child(struct ike_sa *sa, const struct child_sa *but)
{
    struct child_sa *only = NULL;
    for (struct child_sa *c = child_index_open(sa); c; c = c->sibling) {
        if (c == but || !child_is_open(c))
            continue;
        if (only)
            return NULL;
        only = c;
    }
    return only;
}

/* A log that lists no more than the payloads' names: an answer with SA and selectors, and no error, makes a Child SA. Its
 * algorithms stand where they were printed by themselves, its SPIs elsewhere or nowhere. */
static void make_named_child(struct model *m, struct ike_sa *sa, const struct exchange *x)
{
    const struct message *q = x->request.message, *r = x->response.message;
    if (!r || x->no_id || message_error(r) || !message_has_type(r, PAYLOAD_SA) || !message_has_type(r, PAYLOAD_TSI) ||
        (x->type != EXCHANGE_IKE_AUTH && x->type != EXCHANGE_CREATE_CHILD_SA))
        return;
    struct child_sa *c = child_index_exchange(sa, x);
    bool fresh = !c;
    if (fresh)
        c = child_with(m, sa, (struct spi){ 0 }, (struct spi){ 0 }, PROTOCOL_ESP);
    if (!c)
        return;
    c->of_exchange = true;
    c->message_id = x->message_id;
    c->from = x->from;
    child_index_add(sa, c);
    c->initial = x->type == EXCHANGE_IKE_AUTH;
    c->mode = message_notice(r, NOTIFY_USE_TRANSPORT_MODE) ? MODE_TRANSPORT : MODE_TUNNEL;
    c->outcome = c->outcome ? c->outcome : SA_ESTABLISHED;
    c->pfs = x->type == EXCHANGE_CREATE_CHILD_SA && message_has_type(r, PAYLOAD_KE);
    said_choose_child(m, sa, c, (enum side)x->from);
    c->pfs_dh = c->pfs && c->proposal.has_dh ? c->proposal.dh : 0;
    if (x->response.seen && c->ns == TIME_UNKNOWN) {
        c->ns = leg_timed(&x->response)->ns;
        c->input = leg_timed(&x->response)->input;
        c->place = leg_timed(&x->response)->place;
    }
    struct child_sa *old = fresh && q && message_notice(q, NOTIFY_REKEY_SA) ? only_child(sa, c) : NULL;
    if (old) {
        c->rekeys = old;
        old->rekeyed_by = c;
    }
}

/* A response with an ESP or AH proposal makes a Child SA. RFC 7296 sections 1.2 and 1.3.1. */
void child_make(struct model *m, struct ike_sa *sa, const struct exchange *x)
{
    const struct message *q = x->request.message, *r = x->response.message;
    const struct proposal *chosen = message_proposal(r, false);
    if (!chosen || !r) {
        make_named_child(m, sa, x);
        return;
    }
    if (x->type == EXCHANGE_IKE_AUTH &&
        !message_proposal(q, false)) /* with EAP the first IKE_AUTH asks and the last one answers */
        for (const struct exchange *first = sa->exchanges; first && first != x; first = first->next)
            if (first->type == EXCHANGE_IKE_AUTH && message_proposal(first->request.message, false))
                q = first->request.message;
    const struct proposal *offered = message_proposal(q, false);
    struct spi of_asker = offered ? offered->spi : (struct spi){ 0 };
    for (const struct proposal *p = offered; p; p = p->next)
        if (p->number == chosen->number && p->protocol == chosen->protocol)
            of_asker = p->spi;
    bool by_initiator = x->from != SIDE_RESPONDER;
    struct child_sa *named = child_index_exchange(sa, x);
    if (named) /* another log tells more of it */
        named->of_exchange = spi_known(named->spi_i) || spi_known(named->spi_r);
    struct child_sa *c = child_with(m, sa, by_initiator ? of_asker : chosen->spi, by_initiator ? chosen->spi : of_asker,
                                    chosen->protocol);
    if (!c)
        return;
    c->protocol = chosen->protocol;
    c->from = x->from;
    c->initial = x->type == EXCHANGE_IKE_AUTH;
    chosen_from(&c->proposal, chosen);
    /* The response's selectors are the narrowed ones; a log may know only the request's. */
    const struct selector *tsi = r->tsi ? r->tsi : q ? q->tsi : NULL, *tsr = r->tsr ? r->tsr : q ? q->tsr : NULL;
    c->tsi = selectors_copy(m->run, by_initiator ? tsi : tsr);
    c->tsr = selectors_copy(m->run, by_initiator ? tsr : tsi);
    c->mode = message_notice(r, NOTIFY_USE_TRANSPORT_MODE) ? MODE_TRANSPORT : MODE_TUNNEL;
    if (x->type == EXCHANGE_CREATE_CHILD_SA)
        c->pfs_dh = r->ke_group;
    if (!c->outcome)
        c->outcome = SA_ESTABLISHED;
    if (x->response.seen && c->ns == TIME_UNKNOWN) {
        c->ns = leg_timed(&x->response)->ns;
        c->input = leg_timed(&x->response)->input;
        c->place = leg_timed(&x->response)->place;
    }
    const struct notice *rekey = q ? message_notice(q, NOTIFY_REKEY_SA) : NULL;
    if (rekey && !c->rekeys) {
        enum side receiver = (enum side)x->from;
        struct child_sa *old = child_inherited(sa, &receiver, rekey->spi.value);
        if (old && old != c) {
            c->rekeys = old;
            old->rekeyed_by = c;
        }
    }
}
