/* IKE_SA_INIT is sent again and again, and nothing comes back. */
#include "analysis/quote.h"

static const struct advice to_initiator[] = {
    { TO_INITIATOR, PLATFORM_IOS, "`ping {peer} source {local}`: is the peer reachable from the tunnel source at all?" },
    { TO_INITIATOR, PLATFORM_ASA,
      "`ping {peer}`: is the peer reachable at all? `show asp drop` and `show route {peer}` tell whether the requests leave" },
    { TO_INITIATOR, PLATFORM_IOS, "check the peer address: `show run | section crypto ikev2|crypto map|interface Tunnel`" },
    { TO_INITIATOR, PLATFORM_ASA, "check the peer address: `show run crypto map | include peer`" },
    { TO_BOTH, PLATFORM_UNKNOWN,
      "let UDP 500 and UDP 4500 pass in both directions on every access list and firewall between {ends}" },
};
static const struct advice to_responder[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      "see whether the request arrives, with `debug crypto ikev2` while {peer_name} tries, or on the wire: " CAPTURE_IOS },
    { TO_RESPONDER, PLATFORM_ASA, "see whether the request arrives: " CAPTURE_ASA },
    { TO_RESPONDER, PLATFORM_ASA, "is IKEv2 on: `show run crypto ikev2 | include enable`" },
    { TO_RESPONDER, PLATFORM_IOS, "is IKEv2 configured for this peer: `show crypto ikev2 policy`, `show crypto ikev2 profile`" },
};
static const struct advice arrived[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      "the request arrives and is dropped: `debug crypto ikev2 error`, `show crypto ikev2 stats`, `show crypto ikev2 policy`" },
    { TO_RESPONDER, PLATFORM_ASA,
      "the request arrives and is dropped: `debug crypto ikev2 protocol 127`, `show run crypto ikev2`, `show run tunnel-group`" },
};

/* The state machine alone tells: it sends again and waits for the first answer. */
static bool told_waiting(const struct ike_sa *sa)
{
    const struct view *v = view_on(sa, SIDE_INITIATOR);
    return v && v->final_state && strcmp(v->final_state, "I_WAIT_INIT") == 0 && heard_count(sa, CODE_RETRANSMIT) > 1;
}

/* A bare "Maximum number of retransmissions reached" may be of any exchange. */
static enum confidence how_sure(const struct ike_sa *sa, const struct exchange *x, struct heard gave_up, uint32_t again)
{
    bool bare = !x && !spi_known(sa->spi_i) && !heard(sa, CODE_INIT_EXCHANGE_FAILED).note;
    if (bare && heard(sa, CODE_NEGOTIATION_ABORTED).note)
        return CONFIDENCE_LIKELY; /* it came to nothing, so it was one of the first two exchanges */
    return bare ? CONFIDENCE_POSSIBLE : gave_up.note || again > 1 ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_SA_INIT);
    struct heard gave_up = heard(sa, CODE_RETRANSMIT_EXCEEDED);
    if (sa_reached_auth(sa) || (x && !exchange_silent(x)) ||
        (!x && ((!gave_up.note && !told_waiting(sa)) || spi_known(sa->spi_r))))
        return;
    uint32_t again = x ? x->request.retransmissions : 0, heard_again = heard_count(sa, CODE_RETRANSMIT);
    if (!gave_up.note && !again && !heard_again)
        return;
    struct diagnosis d;
    if (!diagnosis_begin(&d, m, r, sa, SIDE_INITIATOR, how_sure(sa, x, gave_up, again), TEXT("")))
        return;
    if (again || heard_again)
        diagnosis_wordf(&d, "times", "%u", (unsigned)(again > heard_again ? again : heard_again) + 1);
    bool came = x && leg_seen(m, sa, &x->request, SIDE_RESPONDER), wire = x && leg_seen(m, sa, &x->request, SIDE_UNKNOWN);
    if (came)
        diagnosis_say(&d, "The responder does not answer",
                      "{responder} received the IKE_SA_INIT of {initiator} and sent no answer.");
    else if (wire && view_on(sa, SIDE_RESPONDER) == NULL)
        diagnosis_say(&d, NULL,
                      "{initiator} sent IKE_SA_INIT[[ {times} times]] towards {responder}, and no answer came past the point of "
                      "the capture.");
    else
        diagnosis_say(&d, NULL, "{initiator} sent IKE_SA_INIT[[ {times} times]] to {responder}, and no answer came back.");
    if (came)
        ADVISE(&d, arrived);
    else
        diagnosis_more(&d, "This is not about keys or proposals, since the peer said nothing at all: it is down, its address is "
                           "wrong, UDP 500 is "
                           "filtered on the way, or it has no IKEv2 policy for this peer and stays silent; only the peer's own "
                           "log or a capture there tells which.");
    ADVISE(&d, to_initiator);
    if (!came)
        ADVISE(&d, to_responder);
    if (x)
        quote_leg(&d, x, &x->request, "no answer");
    quote_note(&d, heard(sa, CODE_RETRANSMIT));
    quote_note(&d, gave_up);
    quote_state(&d, sa, "EV_RE_XMT_EXCEED");
}

const struct rule rule_no_response = {
    .id = "no-response",
    .severity = SEVERITY_ERROR,
    .rank = 20,
    .title = "The peer does not answer IKE_SA_INIT",
    .meaning =
        "The initiator sent IKE_SA_INIT several times and nothing came back. The peer is down or has another address, UDP 500 is "
        "filtered on the "
        "way, or the peer has no IKEv2 policy for this router and stays silent. Keys and proposals were not even looked at.",
    .advice = "Ping the peer from the tunnel's source address, check access lists for UDP 500 and 4500, capture UDP 500 at the "
              "peer, and run "
              "`debug crypto ikev2` there while the tunnel tries.",
    .sa = judge,
};
