#include "analysis/again.h"

/* Codes that bind by rules of their own (associations.c), or leave something for the lines behind them. */
static const bool apart[CODE_COUNT] = {
    [CODE_IKEV1] = true,
    [CODE_IKEV1_CHOSEN] = true,
    [CODE_TUNNEL_NOT_SET_UP] = true,
    [CODE_REQUEST_ADMITTED] = true,
    [CODE_REQUEST_RECEIVED] = true,
    [CODE_TUNNEL_REQUESTED] = true,
    [CODE_NEGOTIATION_ABORTED] = true,
    [CODE_SA_CREATED] = true,
    [CODE_SESSION_UP] = true,
    [CODE_SESSION_DOWN] = true,
    [CODE_POLICY_SEARCH_BY_ID] = true,
    [CODE_ICMP_ERROR] = true,
    [CODE_IP_FRAGMENTS_MISSING] = true,
    [CODE_PSK_LOOKUP] = true,
    [CODE_PEER_PSK_LOOKUP] = true,
    [CODE_PSK_USED] = true,
    [CODE_AUTH_VERIFIED] = true,
    [CODE_PEER_ID_CHECK] = true,
    [CODE_DATAGRAM_RECEIVED] = true,
    [CODE_DATAGRAM_SENT] = true,
};

/* Neither a message nor an error, nor anything with addresses. */
static bool is_usual(const struct event *e)
{
    return !e->message && !e->reason && e->severity < SEVERITY_WARNING && !(e->has & (HAS_LOCAL | HAS_REMOTE)) &&
           !apart[e->code] && e->kind != EVENT_DISPATCH && e->kind != EVENT_COMMAND && e->kind != EVENT_PKI &&
           e->kind != EVENT_PACKET_SEEN;
}

/* Nothing waits for this line to tell whose it is. */
static bool is_settled(const struct observer *o)
{
    return o->names_spis && !o->datagram.line && !o->pending && !o->waiting_count && o->key_of.family == ADDRESS_NONE;
}

enum binding again_binding(const struct again *a, const struct event *e, uint64_t now)
{
    const struct observer *o = a->observer;
    const struct ike_sa *sa = a->sa;
    if (!sa || o->last != sa || !sa->spi_r_firm || a->view->input != e->input || a->view->device != e->device || !is_usual(e) ||
        !is_settled(o))
        return BOUND_NONE;
    const uint32_t sa_id = event_sa_id(e), session_id = e->has & HAS_SESSION_ID ? e->session_id : 0;
    const bool in_slot = o->slot_sa == sa && o->slot_sa_id == sa_id;
    if (e->has & HAS_SPI_I) {
        const bool same = (e->has & HAS_SPI_R) && e->spi_i.value && e->spi_i.value == sa->spi_i.value &&
                          e->spi_r.value == sa->spi_r.value;
        return same && in_slot && o->slot_session_id == session_id ? BOUND_SPI : BOUND_NONE;
    }
    if (!spi_known(sa->spi_i))
        return BOUND_NONE;
    if (sa_id)
        return in_slot && (!session_id || session_id == o->slot_session_id) ? BOUND_SA_ID : BOUND_NONE;
    return !session_id && associations_near(o, e, now) ? BOUND_ADJACENCY : BOUND_NONE;
}
