/* One end signs with a certificate, the other expects a pre-shared key, or the other way round. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_THIS, PLATFORM_IOS, "`crypto ikev2 profile NAME`: `authentication remote` must name the method that {peer_name} uses" },
    { TO_THAT, PLATFORM_IOS,
      "`crypto ikev2 profile NAME`: `authentication local` must name the method that {peer_name} expects" },
    { TO_THIS, PLATFORM_ASA,
      "`tunnel-group {peer} ipsec-attributes`: `ikev2 remote-authentication pre-shared-key KEY` or `ikev2 remote-authentication "
      "certificate`" },
    { TO_THAT, PLATFORM_ASA,
      "`tunnel-group {peer} ipsec-attributes`: `ikev2 local-authentication pre-shared-key KEY` or `ikev2 local-authentication "
      "certificate TRUSTPOINT`" },
};

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard said = heard(sa, CODE_AUTH_METHOD_MISMATCH);
    if (!said.note)
        said = heard_text(sa, CODE_NEGOTIATION_ABORTED, "method configured is mismatching");
    struct diagnosis d;
    enum side side = speaker_of(said, SIDE_RESPONDER);
    if (!said.note || !diagnosis_begin(&d, m, r, sa, side, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    unsigned method = sa_auth_method(sa, side_other(side));
    const char *name = method ? registry_name(REGISTRY_AUTH, method) : NULL;
    diagnosis_word(&d, "method", text_of(name));
    diagnosis_say(&d, NULL, "{there} authenticates with another method[[ ({method})]] than {here} has configured for it.");
    diagnosis_more(&d, "The keys and certificates themselves were not compared.");
    ADVISE(&d, common);
    quote_note(&d, said);
    quote_all(&d, sa, CODE_AUTH_METHOD, 3);
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_AUTH);
    if (x)
        quote_leg(&d, x, &x->request, name ? name : "");
}

const struct rule rule_auth_method_mismatch = {
    .id = "auth-method-mismatch",
    .severity = SEVERITY_ERROR,
    .rank = 10,
    .title = "Authentication methods differ",
    .meaning = "Each end has its own method in IKEv2: what one uses (`authentication local`) must be what the other expects "
               "(`authentication remote`). Here one signs "
               "with a pre-shared key and the other expects a certificate, or the other way round.",
    .advice = "Set `authentication local` and `authentication remote` in both profiles, or the local and remote authentication "
              "of the tunnel-group.",
    .sa = judge,
};
