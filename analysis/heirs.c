#include "analysis/heirs.h"

#include "analysis/symptoms.h"

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
    if (!heir->initiator.device)
        heir->initiator.device = i->device;
    if (!heir->responder.device)
        heir->responder.device = r->device;
    if (x->response.seen && heir->first_ns == TIME_UNKNOWN)
        heir->first_ns = x->response.seen->ns;
}

static bool ends_with(const struct ike_sa *sa, const struct address *one, const struct address *other)
{
    return address_equal(sa->initiator.endpoint.address, *one) && address_equal(sa->responder.endpoint.address, *other);
}

static bool same_log(const struct ike_sa *sa, const struct ike_sa *other)
{
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct view *w = other->views; w; w = w->next)
            if (!v->wire && v->input == w->input && v->device == w->device)
                return true;
    return false;
}

/* The heir's two addresses, whoever is the initiator: a log that begins with it may not tell. */
static bool same_ends(const struct ike_sa *sa, const struct ike_sa *heir)
{
    const struct address *one = &heir->initiator.endpoint.address, *other = &heir->responder.endpoint.address;
    if (one->family == ADDRESS_NONE && heir->views) {
        one = &heir->views->local.address;
        other = &heir->views->remote.address;
    }
    return one->family != ADDRESS_NONE && (ends_with(sa, one, other) || ends_with(sa, other, one));
}

static bool may_follow(const struct ike_sa *sa, const struct ike_sa *heir)
{
    return !heir->start_seen && !heir->rekeys && spi_known(heir->spi_i) && !exchange_last(heir, EXCHANGE_IKE_SA_INIT) &&
           same_ends(sa, heir) && same_log(sa, heir);
}

void heirs_guess(struct model *m)
{
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        const struct exchange *x = sa->replaced && !sa->rekeyed_by ? exchange_last(sa, EXCHANGE_CREATE_CHILD_SA) : NULL;
        if (!x)
            continue;
        for (struct ike_sa *heir = sa->next; heir && !sa->rekeyed_by; heir = heir->next)
            if (may_follow(sa, heir))
                heir_take(sa, heir, x);
    }
}
