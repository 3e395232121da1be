/* AUTHENTICATION_FAILED, and nothing that tells why. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_THIS, PLATFORM_IOS,
      "this end refused; its log names the reason: `debug crypto ikev2` and `debug crypto ikev2 error` while {peer_name} tries, "
      "then `show crypto ikev2 diagnose error`" },
    { TO_THIS, PLATFORM_ASA,
      "this end refused; its log names the reason: `debug crypto ikev2 protocol 127` and `debug crypto ikev2 platform 127` while "
      "{peer_name} tries" },
    { TO_BOTH, PLATFORM_IOS,
      "check in this order: the identity that {peer_name} sends against `match identity remote`, the method (`authentication "
      "local`, `authentication remote`), the key or the certificate" },
    { TO_BOTH, PLATFORM_ASA,
      "check in this order: the identity that {peer_name} sends against the tunnel-group's name, the method, the key or the "
      "certificate: `show run tunnel-group`" },
};

static struct heard complaint(const struct ike_sa *sa)
{
    static const enum event_code codes[] = { CODE_AUTH_FAILURE_RECEIVED, CODE_AUTH_FAILED, CODE_AUTH_FAILURE_SENT };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        struct heard h = heard(sa, codes[i]);
        if (h.note)
            return h;
    }
    struct heard h = heard_text(sa, CODE_NEGOTIATION_ABORTED, "uthenticat");
    return h.note ? h : heard_text(sa, CODE_NEGOTIATION_ABORTED, "Auth exchange failed");
}

/* Who refused: the end whose message carries the notify, or whose log says that it did. */
static enum side refuser(const struct exchange *x, struct heard said)
{
    if (x && x->type == EXCHANGE_INFORMATIONAL)
        return (enum side)x->from;
    if (x)
        return side_other((enum side)x->from);
    if (!said.view || !said.view->role)
        return SIDE_UNKNOWN; /* syslog: whoever printed it refused */
    return said.note->code == CODE_AUTH_FAILURE_RECEIVED ? side_other((enum side)said.view->role) : (enum side)said.view->role;
}

/* A capture that was decrypted shows the certificate and checks the signature: then fewer reasons are left. */
static void say_what_is_left(struct diagnosis *d, const struct ike_sa *sa, const struct party *refused)
{
    if (heard_text(sa, CODE_AUTH_FAILED, "authenticate the IKE SA").note) {
        diagnosis_more(d, "It got as far as comparing what the peer sent, so identity and method were accepted: the pre-shared "
                          "keys differ, or a signature does not fit.");
        return;
    }
    if (refused->validity != VALIDITY_IN_TIME || refused->auth_verified != VERIFIED_TRUE) {
        diagnosis_more(d,
                       "What is seen here does not tell whether the key, the certificate, the method or the identity is wrong; "
                       "proposals are fine, since IKE_SA_INIT went through.");
        return;
    }
    diagnosis_word(d, "subject", refused->cert.subject);
    diagnosis_word(d, "issuer", refused->cert.issuer);
    diagnosis_more(d, "Its certificate '{subject}' is in date and the signature was made with its key; what is left is trust in "
                      "the issuer '{issuer}', revocation, key usage, or the identity that {here} expects or was asked for.");
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = exchange_refused(sa, 0, NOTIFY_AUTHENTICATION_FAILED, NULL);
    struct heard said = complaint(sa);
    struct diagnosis d;
    if ((!x && (!said.note || (said.note->code != CODE_NEGOTIATION_ABORTED && (sa->ready_initiator || sa->ready_responder)))) ||
        !diagnosis_begin(&d, m, r, sa, refuser(x, said), CONFIDENCE_CERTAIN, TEXT("")))
        return;
    const struct identity *id = d.side == SIDE_INITIATOR ? &sa->responder.id : &sa->initiator.id;
    diagnosis_word(&d, "id", id->value);
    diagnosis_say(&d, NULL, "{here} refused the authentication of {there}[[, which calls itself '{id}']].");
    say_what_is_left(&d, sa, d.side == SIDE_INITIATOR ? &sa->responder : &sa->initiator);
    ADVISE(&d, common);
    if (x)
        quote_leg(&d, x, x->type == EXCHANGE_INFORMATIONAL ? &x->request : &x->response, "AUTHENTICATION_FAILED");
    quote_note(&d, said);
    quote_note(&d, heard(sa, CODE_AUTH_EXCHANGE_FAILED));
}

const struct rule rule_auth_failed = {
    .id = "auth-failed",
    .severity = SEVERITY_ERROR,
    .rank = 30,
    .title = "Authentication was refused",
    .meaning = "One end answered with AUTHENTICATION_FAILED. The notify is the same for a wrong key, a wrong identity, an "
               "unknown profile, a bad certificate and a wrong method.",
    .advice = "Read the log of the end that refused. In a capture, give the IKE keys and the pre-shared key: then it can be told "
              "whose AUTH is wrong.",
    .sa = judge,
};
