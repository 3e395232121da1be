/* One end signs with a certificate, the other expects a pre-shared key, or the other way round. */
#include "analysis/quote.h"
#include "analysis/tunnels.h"

/* {sent_ios}, {sent_asa}: the method that came, as each platform writes it; {other_...}: what is most likely expected. */
static const struct advice common[] = {
    { TO_THIS, PLATFORM_IOS, "expect what {peer_name} uses: `crypto ikev2 profile NAME` / `authentication remote {sent_ios}`" },
    { TO_THIS, PLATFORM_ASA,
      "expect what {peer_name} uses: `tunnel-group {peer} ipsec-attributes` / `ikev2 remote-authentication {sent_asa}`" },
    { TO_THAT, PLATFORM_IOS,
      "or use what {peer_name} expects{as_said}: `crypto ikev2 profile NAME` / `authentication local {other_ios}`" },
    { TO_THAT, PLATFORM_ASA,
      "or use what {peer_name} expects{as_said}: `tunnel-group {peer} ipsec-attributes` / `ikev2 local-authentication "
      "{other_asa}`" },
};

struct method_words {
    unsigned own; /* enum own_method */
    const char *ios, *asa_local, *asa_remote;
};

/* {method, IOS, ASA local, ASA remote} */
static const struct method_words method_words_of[] = {
    { OWN_KEY, "pre-share", "pre-shared-key KEY", "pre-shared-key KEY" },
    { OWN_RSA, "rsa-sig", "certificate TRUSTPOINT", "certificate" },
    { OWN_ECDSA, "ecdsa-sig", "certificate TRUSTPOINT", "certificate" },
    { OWN_MLDSA, "mldsa-sig", "certificate TRUSTPOINT", "certificate" },
    { OWN_EAP, "eap", "certificate TRUSTPOINT", "eap query-identity" },
};

static const struct method_words *words_for(unsigned own)
{
    for (size_t i = 0; i < COUNT_OF(method_words_of); i++)
        if (method_words_of[i].own & own)
            return &method_words_of[i];
    return NULL;
}

/* What the router that refused is configured to expect; 0: its configuration is not here. */
static unsigned expected_by(struct model *m, const struct ike_sa *sa, enum side side)
{
    uint32_t router = router_of(m, sa, side), line;
    if (!router)
        return 0;
    struct tunnel_end end = { .device = router, .path = config_path_to(m, router, address_on(sa, side_other(side)), NULL) };
    end.auth = platform_of(m, sa, side) == PLATFORM_ASA ? end.path.tunnel_group : end.path.profile;
    return own_methods(&end, false, &line);
}

static void advise(struct diagnosis *d, const struct ike_sa *sa, enum side side, unsigned method)
{
    unsigned expects = side ? expected_by(d->m, sa, side) : 0, sent = own_method_seen(method);
    const struct method_words *came = words_for(sent), *other = words_for(expects           ? expects
                                                                          : sent == OWN_KEY ? OWN_CERTIFICATE
                                                                                            : OWN_KEY);
    diagnosis_word(d, "sent_ios", text_of(came ? came->ios : "METHOD"));
    diagnosis_word(d, "sent_asa", text_of(came ? came->asa_remote : "METHOD"));
    diagnosis_word(d, "other_ios", text_of(other ? other->ios : "METHOD"));
    diagnosis_word(d, "other_asa", text_of(other ? other->asa_local : "METHOD"));
    diagnosis_word(d, "as_said",
                   expects ? TEXT(", by its configuration")
                           : TEXT(" (its `authentication remote`, on an ASA `ikev2 remote-authentication`, says it), likely"));
    ADVISE(d, common);
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard said = heard(sa, CODE_AUTH_METHOD_MISMATCH);
    if (!said.note)
        said = heard_text(sa, CODE_NEGOTIATION_ABORTED, "method configured is mismatching");
    struct diagnosis d;
    enum side side = speaker_of(said, SIDE_RESPONDER);
    if (!said.note || !diagnosis_begin(&d, m, r, sa, side, told_by_step(said) ? CONFIDENCE_LIKELY : CONFIDENCE_CERTAIN, TEXT("")))
        return;
    unsigned method = sa_auth_method(sa, side_other(side));
    const char *name = method ? registry_name(REGISTRY_AUTH, method) : NULL;
    diagnosis_word(&d, "method", text_of(name));
    diagnosis_say(&d, NULL, "{there} authenticates with another method[[ ({method})]] than {here} has configured for it.");
    diagnosis_more(&d, "The keys and certificates themselves were not compared.");
    advise(&d, sa, side, method);
    quote_note(&d, said);
    quote_all(&d, sa, CODE_AUTH_METHOD, 3);
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_AUTH);
    if (x)
        quote_leg(&d, x, side == SIDE_INITIATOR ? &x->response : &x->request, name ? name : "");
}

/* The kinds of certificates are told apart where that is what differs. */
static struct text method_words(struct model *m, unsigned methods, bool kinds)
{
    static const struct {
        unsigned of;
        bool kind;
        const char *word;
    } words[] = { { OWN_KEY, false, "a pre-shared key" },      { OWN_RSA, true, "an RSA certificate" },
                  { OWN_ECDSA, true, "an ECDSA certificate" }, { OWN_MLDSA, true, "an ML-DSA certificate" },
                  { OWN_CERTIFICATE, false, "a certificate" }, { OWN_EAP, false, "EAP" },
                  { OWN_OTHER, false, "another method" } };
    struct text t = { NULL, 0 };
    for (unsigned i = 0; i < COUNT_OF(words); i++) {
        const bool is_kind = (words[i].of & OWN_CERTIFICATE) != 0;
        if ((methods & words[i].of) && (!is_kind || words[i].kind == kinds))
            t = arena_format(m->run, "%.*s%s%s", TEXT_ARGS(t), t.len ? " or " : "", words[i].word);
    }
    return t;
}

/* What one end signs with against what the other expects, for both directions. */
static void judge_end(struct model *m, const struct rule *r, const struct tunnel *t, unsigned here)
{
    const struct tunnel_end *verifier = &t->end[here], *signer = &t->end[1 - here];
    uint32_t signs_at = 0, expects_at = 0;
    unsigned signs = own_methods(signer, true, &signs_at), expects = own_methods(verifier, false, &expects_at);
    struct diagnosis d;
    if (!signs || !expects || ((signs | expects) & OWN_OTHER) || (signs & expects) ||
        !tunnel_diagnosis(&d, m, r, t, here, CONFIDENCE_LIKELY))
        return;
    const bool kinds = (signs & OWN_CERTIFICATE) && (expects & OWN_CERTIFICATE);
    diagnosis_word(&d, "signs", method_words(m, signs, kinds));
    diagnosis_word(&d, "expects", method_words(m, expects, kinds));
    diagnosis_say(&d, NULL,
                  t->sa ? "{there_name} authenticated with {signs}, and {here_name} is configured to expect {expects} of it."
                        : "For their tunnel {there_name} is configured to authenticate with {signs}, and {here_name} expects "
                          "{expects} of it.");
    tunnel_to_come(&d, t);
    const struct method_words *came = words_for(signs), *other = words_for(expects);
    diagnosis_word(&d, "sent_ios", text_of(came->ios));
    diagnosis_word(&d, "sent_asa", text_of(came->asa_remote));
    diagnosis_word(&d, "other_ios", text_of(other->ios));
    diagnosis_word(&d, "other_asa", text_of(other->asa_local));
    tunnel_advise(&d, t, here,
                  "either end will do: here, expect what comes: `crypto ikev2 profile NAME` / `authentication remote {sent_ios}`",
                  "either end will do: here, expect what comes: `tunnel-group {peer} ipsec-attributes` / `ikev2 "
                  "remote-authentication {sent_asa}`");
    tunnel_advise(
        &d, t, 1 - here,
        "either end will do: here, authenticate as is expected: `crypto ikev2 profile NAME` / `authentication local {other_ios}`",
        "either end will do: here, authenticate as is expected: `tunnel-group {peer} ipsec-attributes` / `ikev2 "
        "local-authentication {other_asa}`");
    finding_quote(m, d.f, signer->auth, signs_at);
    finding_quote(m, d.f, verifier->auth, expects_at);
}

const struct rule rule_auth_method_mismatch = {
    .id = "auth-method-mismatch",
    .severity = SEVERITY_ERROR,
    .rank = 10,
    .title = "Authentication methods differ",
    .meaning = "Each end has its own method in IKEv2: what one uses (`authentication local`) must be what the other expects "
               "(`authentication remote`). Here one signs with a pre-shared key and the other expects a certificate, or the "
               "other way round, or with a certificate of another kind (RSA, ECDSA, ML-DSA).",
    .advice = "Set `authentication local` and `authentication remote` in both profiles, or the local and remote authentication "
              "of the tunnel-group.",
    .sa = judge,
    .tunnel_end = judge_end,
};
