/* The gateway sent the initiator on to another one: RFC 5685. */
#include "analysis/quote.h"
#include "analysis/redirects.h"

static const struct advice not_followed[] = {
    { TO_INITIATOR, PLATFORM_IOS,
      "does it follow: `crypto ikev2 redirect client`; and its keyring and profile must know the other gateway too: `crypto "
      "ikev2 keyring NAME` / `peer` / `address`, `crypto ikev2 profile NAME` / `match identity remote`" },
    { TO_RESPONDER, PLATFORM_IOS,
      "is the gateway that it names reachable for the clients: `show crypto ikev2 cluster`, `crypto ikev2 cluster` / `master`, "
      "`slave`; without a cluster `no crypto ikev2 redirect gateway init`" },
    { TO_RESPONDER, PLATFORM_ASA,
      "is the gateway that it names reachable for the clients: `show vpn load-balancing`; behind NAT: `vpn load-balancing` / "
      "`nat ADDRESS`" },
};

static const struct advice followed[] = {
    { TO_INITIATOR, PLATFORM_UNKNOWN,
      "nothing has to be done; its keys and identities must fit every gateway that it may be sent to, not only {peer}" },
};

static const struct exchange *sent_on(const struct ike_sa *sa)
{
    return exchange_refused(sa, 0, NOTIFY_REDIRECT, NULL); /* its notify, wherever it stands */
}

static void say_what_followed(struct diagnosis *d, const struct ike_sa *next)
{
    static const char *const fates[] = { [SA_INCOMPLETE] = "it was not seen to end",
                                         [SA_ESTABLISHED] = "it came up",
                                         [SA_FAILED] = "it failed",
                                         [SA_REKEYED] = "it came up",
                                         [SA_DELETED] = "it came up and was deleted later" };
    diagnosis_wordf(d, "next", "ike%u", (unsigned)next->number);
    diagnosis_word(d, "fate", next->redirected ? TEXT("it was sent on again") : text_of(fates[next->outcome]));
    diagnosis_word(d, "other", address_text(address_on(next, SIDE_RESPONDER), d->m->run));
    diagnosis_more(d, "The attempt at {other} ({next}) is the one that counts: {fate}.");
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct diagnosis d;
    struct heard said = heard(sa, CODE_REDIRECT);
    if (!sa->redirected || !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, CONFIDENCE_CERTAIN, sa->redirected_to))
        return;
    const struct exchange *x = sent_on(sa);
    const struct ike_sa *next = redirects_follow(m, sa);
    bool asked = x && x->type == EXCHANGE_INFORMATIONAL;
    diagnosis_word(&d, "gateway", sa->redirected_to);
    diagnosis_word(&d, "exchange", text_of(x && !asked ? registry_name(REGISTRY_EXCHANGE, x->type) : NULL));
    diagnosis_say(&d, NULL,
                  "{responder} sent {initiator} on to another gateway[[, {gateway},]] with REDIRECT[[ in its answer to "
                  "{exchange}]]. That is no failure: clusters share their load so.");
    if (next) {
        say_what_followed(&d, next);
        ADVISE(&d, followed);
    } else {
        diagnosis_severity(&d, SEVERITY_WARNING);
        diagnosis_more(&d, "No attempt at that gateway is in the inputs.");
        ADVISE(&d, not_followed);
    }
    if (x)
        quote_leg(&d, x, asked ? &x->request : &x->response, "REDIRECT");
    quote_note(&d, said);
    if (next && next->exchanges && next->exchanges->request.seen)
        quote_leg(&d, next->exchanges, &next->exchanges->request, "the attempt at the other gateway");
}

const struct rule rule_redirected = {
    .id = "redirected",
    .severity = SEVERITY_NOTE,
    .rank = 12,
    .title = "Sent on to another gateway",
    .meaning =
        "The gateway answered IKE_SA_INIT or IKE_AUTH with REDIRECT (RFC 5685), or sent it later: the initiator is to go to "
        "the gateway that it names. Clusters share their load so, and what becomes of the attempt there is what counts.",
    .advice =
        "Read the attempt at the other gateway. If there is none, let the client follow (`crypto ikev2 redirect client`) and "
        "give it the other gateway's key and identity.",
    .sa = judge,
};
