/* One end signs with a certificate, the other expects a pre-shared key, or the other way round. */
#include "analysis/quote.h"
#include "analysis/tunnels.h"

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

static struct text method_words(struct model *m, unsigned methods)
{
    static const char *const words[] = { "a pre-shared key", "a certificate", "EAP", "another method" };
    struct text t = { NULL, 0 };
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
        if (methods >> i & 1)
            t = arena_format(m->run, "%.*s%s%s", TEXT_ARGS(t), t.len ? " or " : "", words[i]);
    return t;
}

/* What one end signs with against what the other expects, for both directions. */
static void judge_tunnel(struct model *m, const struct rule *r, const struct tunnel *t)
{
    for (unsigned here = 0; here < 2 && !t->ike_up; here++) {
        const struct tunnel_end *verifier = &t->end[here], *signer = &t->end[1 - here];
        uint32_t signs_at = 0, expects_at = 0;
        unsigned signs = own_methods(signer, true, &signs_at), expects = own_methods(verifier, false, &expects_at);
        struct diagnosis d;
        if (!signs || !expects || ((signs | expects) & OWN_OTHER) || (signs & expects) ||
            !tunnel_diagnosis(&d, m, r, t, here, CONFIDENCE_LIKELY))
            continue;
        diagnosis_word(&d, "signs", method_words(m, signs));
        diagnosis_word(&d, "expects", method_words(m, expects));
        diagnosis_say(
            &d, NULL,
            "For their tunnel {there_name} is configured to authenticate with {signs}, and {here_name} expects {expects} of it.");
        tunnel_advise(&d, t, here, "expect what comes: `crypto ikev2 profile NAME` / `authentication remote METHOD`",
                      "expect what comes: `tunnel-group {peer} ipsec-attributes` / `ikev2 remote-authentication METHOD`");
        tunnel_advise(
            &d, t, 1 - here, "or authenticate as is expected: `crypto ikev2 profile NAME` / `authentication local METHOD`",
            "or authenticate as is expected: `tunnel-group {peer} ipsec-attributes` / `ikev2 local-authentication METHOD`");
        finding_quote(m, d.f, signer->auth, signs_at);
        finding_quote(m, d.f, verifier->auth, expects_at);
    }
}

static void judge_tunnels(struct model *m, const struct rule *r)
{
    tunnels_each(m, r, judge_tunnel);
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
    .whole = judge_tunnels,
};
