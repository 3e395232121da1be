/* There is no key to authenticate with. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_THIS, PLATFORM_IOS,
      "give it a key for this peer: `crypto ikev2 keyring NAME` / `peer NAME` / `address {peer}` / `pre-shared-key KEY`, and "
      "`keyring local NAME` in the profile" },
    { TO_THIS, PLATFORM_ASA,
      "give it keys for this peer: `tunnel-group {peer} ipsec-attributes` / `ikev2 local-authentication pre-shared-key KEY`, "
      "`ikev2 remote-authentication pre-shared-key KEY`" },
};

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    static const enum event_code codes[] = { CODE_NO_PSK_FOUND, CODE_POLICY_BUILD_FAILED, CODE_AUTH_METHOD_UNSET };
    struct heard said = { NULL, NULL };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0] && !said.note; i++)
        said = heard(sa, codes[i]);
    struct diagnosis d;
    enum side side = speaker_of(said, SIDE_INITIATOR);
    if (!said.note || sa_up(sa) || heard(sa, CODE_TUNNEL_GROUP_NOT_FOUND).note ||
        !diagnosis_begin(&d, m, r, sa, side, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    diagnosis_say(&d, NULL, "{here} has no key or certificate configured to authenticate itself to {there}, or {there} to it.");
    ADVISE(&d, common);
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        quote_note(&d, heard(sa, codes[i]));
}

enum { ONE_ATTEMPT = 6 }; /* lines */

/* One attempt leaves several such lines; the one before may name the tunnel-group, which is the peer. */
static void judge_loose(struct model *m, const struct rule *r)
{
    const struct note *group = NULL, *before = NULL;
    for (const struct note *n = m->loose; n; n = n->next) {
        struct diagnosis d;
        if (n->code == CODE_TUNNEL_GROUP_FOUND)
            group = n;
        if (n->code != CODE_POLICY_BUILD_FAILED && n->code != CODE_NO_PSK_FOUND && n->code != CODE_AUTH_METHOD_UNSET)
            continue;
        bool same = before && before->input == n->input && n->line - before->line <= ONE_ATTEMPT;
        bool named = group && group->input == n->input && n->line - group->line <= ONE_ATTEMPT;
        struct text peer = named ? note_word(group, "tunnel_group", "tunnel group ") : (struct text){ NULL, 0 };
        before = n;
        if (same || !diagnosis_begin(&d, m, r, NULL, SIDE_INITIATOR, CONFIDENCE_CERTAIN, peer))
            continue;
        diagnosis_word(&d, "peer", peer);
        diagnosis_say(&d, NULL,
                      "the router has no key or certificate configured for the peer[[ {peer}]] it wants to reach, so it did not "
                      "even begin.");
        ADVISE(&d, common);
        quote_note(&d, (struct heard){ n, NULL });
    }
}

const struct rule rule_no_key = {
    .id = "no-key",
    .severity = SEVERITY_ERROR,
    .rank = 9,
    .title = "No key is configured for the peer",
    .meaning = "A router has neither a pre-shared key nor a certificate for this peer, so it can not build its IKEv2 policy or "
               "its AUTH payload.",
    .advice = "IOS: a keyring entry for the peer, named in the profile. ASA: `ikev2 local-authentication` and `ikev2 "
              "remote-authentication` in the tunnel-group.",
    .sa = judge,
    .whole = judge_loose,
};
