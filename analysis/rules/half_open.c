/* One end believes the tunnel is up, the other has refused it. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_THAT, PLATFORM_UNKNOWN,
      "this end refused; correct what its log names (profile, identity, key or certificate of the peer)" },
    { TO_BOTH, PLATFORM_IOS, "then clear both ends: `clear crypto ikev2 sa remote {peer}`" },
    { TO_BOTH, PLATFORM_ASA, "then clear both ends: `clear crypto ikev2 sa {peer}`" },
};

/* The initiator refuses the responder after its answer: RFC 7296 section 2.21.2. */
static const struct exchange *refused_afterwards(const struct ike_sa *sa)
{
    for (const struct exchange *x = exchange_refused(sa, EXCHANGE_INFORMATIONAL, NOTIFY_AUTHENTICATION_FAILED, NULL); x;
         x = exchange_refused(sa, EXCHANGE_INFORMATIONAL, NOTIFY_AUTHENTICATION_FAILED, x))
        if (x->from == SIDE_INITIATOR)
            return x;
    return NULL;
}

static struct heard refusal_by(const struct ike_sa *sa, enum side side)
{
    static const enum event_code codes[] = { CODE_AUTH_FAILED, CODE_AUTH_VALUE_DIFFERS, CODE_PEER_ID_CHECK_FAILED,
                                             CODE_AUTH_EXCHANGE_FAILED, CODE_CERT_FAILED };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        struct heard h = heard_on(sa, side, codes[i]);
        if (h.note)
            return h;
    }
    return (struct heard){ NULL, NULL };
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = refused_afterwards(sa), *auth = exchange_last(sa, EXCHANGE_IKE_AUTH);
    struct heard by_initiator = refusal_by(sa, SIDE_INITIATOR), by_responder = refusal_by(sa, SIDE_RESPONDER);
    const struct message *answer = auth ? auth->response.message : NULL;
    bool answered = answer && (message_has_type(answer, PAYLOAD_AUTH) || message_proposals(answer, false)) &&
                    !message_error(answer);
    bool up_here = (by_initiator.note && !sa->ready_initiator && (sa->ready_responder || answered)) || x;
    bool up_there = by_responder.note && !sa->ready_responder && sa->ready_initiator;
    struct diagnosis d;
    if ((!up_here && !up_there) ||
        !diagnosis_begin(&d, m, r, sa, up_here ? SIDE_RESPONDER : SIDE_INITIATOR,
                         x || sa->ready_responder || sa->ready_initiator ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY, TEXT("")))
        return;
    diagnosis_say(&d, NULL, "{here} holds this SA to be up, while {there} refused it.");
    diagnosis_more(&d, "Until it is deleted, {here} sends traffic into it that {there} drops as of an unknown SPI.");
    ADVISE(&d, common);
    if (auth && answered)
        quote_leg(&d, auth, &auth->response, "accepts the SA");
    quote_note(&d, up_here ? by_initiator : by_responder);
    quote_note(&d, heard(sa, CODE_SESSION_UP));
    if (x)
        quote_leg(&d, x, &x->request, "AUTHENTICATION_FAILED");
    quote_note(&d, heard(sa, CODE_IPSEC_INVALID_SPI));
}

const struct rule rule_half_open = {
    .id = "half-open",
    .severity = SEVERITY_ERROR,
    .rank = 50,
    .title = "One end is up, the other is not",
    .meaning = "The responder accepted the initiator and installed its SAs; the initiator then refused the responder's identity, "
               "certificate or key. One end counts encrypted "
               "packets, the other logs unknown SPIs.",
    .advice = "Correct the end that refused, then clear the SA on both.",
    .sa = judge,
};
