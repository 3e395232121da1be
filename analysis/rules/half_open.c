/* One end believes the tunnel is up, the other has refused it. */
#include "analysis/quote.h"

static const struct advice refused[] = {
    { TO_THAT, PLATFORM_UNKNOWN,
      "this end refused; correct what its log names (profile, identity, key or certificate of the peer)" },
};
static const struct advice common[] = {
    { TO_BOTH, PLATFORM_IOS, "clear both ends afterwards: `clear crypto ikev2 sa remote {peer}`" },
    { TO_BOTH, PLATFORM_ASA, "clear both ends afterwards: `clear crypto ikev2 sa {peer}`" },
};

/* IKE for an SA that is not here: the peer still has it. RFC 7296 section 2.21.4. */
static const struct advice forgotten[] = {
    { TO_THAT, PLATFORM_IOS,
      "this end still uses an IKE SA that the other has lost: `clear crypto ikev2 sa remote {peer}`, and `dpd 10 2 periodic` in "
      "the profile so that it notices" },
    { TO_THAT, PLATFORM_ASA,
      "this end still uses an IKE SA that the other has lost: `clear crypto ikev2 sa {peer}`, and `isakmp keepalive threshold 10 "
      "retry 2` in the tunnel-group" },
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
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        struct heard h = heard_on(sa, side, codes[i]);
        if (h.note)
            return h;
    }
    return (struct heard){ NULL, NULL };
}

static void judge_forgotten(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard said = heard(sa, CODE_IKE_INVALID_SPI);
    struct diagnosis d;
    enum side side = speaker_of(said, SIDE_RESPONDER);
    if (!said.note || sa->deleted || !diagnosis_begin(&d, m, r, sa, side, CONFIDENCE_LIKELY, TEXT("forgotten")))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_say(&d, "The peer uses an IKE SA that is not here",
                  "{here} got IKE messages with SPIs of which it has no IKE SA: it deleted the SA, or was restarted, and {there} "
                  "did not notice.");
    ADVISE(&d, forgotten);
    quote_all(&d, sa, CODE_IKE_INVALID_SPI, 4);
}

/* Why one end refused is known: then this is an effect of it. */
static bool refusal_explained(const struct ike_sa *sa)
{
    static const char *const causes[] = { "auth-psk-mismatch", "auth-method-mismatch", "cert-invalid",
                                          "identity-mismatch", "no-matching-profile",  "eap-failed",
                                          "auth-failed",       "mode-config-failed",   "child-no-proposal-chosen" };
    for (size_t i = 0; i < COUNT_OF(causes); i++)
        if (diagnosed(sa, causes[i]))
            return true;
    return false;
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = refused_afterwards(sa), *auth = exchange_last(sa, EXCHANGE_IKE_AUTH);
    struct heard by_initiator = refusal_by(sa, SIDE_INITIATOR), by_responder = refusal_by(sa, SIDE_RESPONDER);
    const struct message *answer = auth ? auth->response.message : NULL;
    bool answered = answer && (message_has_type(answer, PAYLOAD_AUTH) || message_proposal(answer, false)) &&
                    !message_error(answer);
    bool no_eap = !sa->initiator.eap || sa->initiator.eap_outcome == EAP_SUCCEEDED;
    bool refused_there = x && no_eap && (answered || !auth || !answer || answer->decryption == DECRYPTION_NO_KEY);
    bool up_here = (by_initiator.note && !sa->ready_initiator && (sa->ready_responder || answered)) || refused_there;
    bool up_there = by_responder.note && !sa->ready_responder && sa->ready_initiator;
    struct diagnosis d;
    if (!up_here && !up_there) {
        judge_forgotten(m, r, sa);
        return;
    }
    if (!diagnosis_begin(&d, m, r, sa, up_here ? SIDE_RESPONDER : SIDE_INITIATOR,
                         x || sa->ready_responder || sa->ready_initiator ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY, TEXT("")))
        return;
    bool lost = diagnosed(sa, "one-way-path");
    if (lost || refusal_explained(sa))
        diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_say(&d, NULL,
                  lost ? "{here} holds this SA to be up, while {there} has no answer and gave it up."
                       : "{here} holds this SA to be up, while {there} refused it.");
    diagnosis_more(&d, "Until it is deleted, {here} sends traffic into it that {there} drops as of an unknown SPI.");
    if (!lost)
        ADVISE(&d, refused);
    ADVISE(&d, common);
    if (auth && answered)
        quote_leg(&d, auth, &auth->response, "accepts the SA");
    quote_note(&d, up_here ? by_initiator : by_responder);
    quote_note(&d, heard(sa, CODE_SESSION_UP));
    if (x)
        quote_leg(&d, x, &x->request, "AUTHENTICATION_FAILED");
    quote_note(&d, heard(sa, CODE_IPSEC_INVALID_SPI));
}

static void judge_loose(struct model *m, const struct rule *r)
{
    for (const struct note *n = m->loose; n; n = n->next) {
        struct diagnosis d;
        if (n->code != CODE_IKE_INVALID_SPI || !diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_LIKELY, TEXT("loose")))
            continue;
        diagnosis_severity(&d, SEVERITY_WARNING);
        diagnosis_say(&d, "The peer uses an IKE SA that is not here",
                      "the router got IKE messages with SPIs of which it has no IKE SA: it deleted the SA, or was restarted, and "
                      "the other end did not notice.");
        diagnosis_more(&d, "A single one just after a delete is a late copy, and harmless.");
        ADVISE(&d, forgotten);
        quote_note(&d, (struct heard){ n, NULL });
    }
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
    .whole = judge_loose,
};
