/* ASA: no tunnel-group of the peer's address or identity. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_THIS, PLATFORM_UNKNOWN,
      "`tunnel-group {group} type ipsec-l2l`, then its `ipsec-attributes` with both keys; the name is the peer's address as it "
      "arrives here (after NAT)" },
};

static void tell(struct diagnosis *d, struct heard said)
{
    struct text peer = note_word(said.note, "peer", "peer ");
    diagnosis_word(d, "group", peer.len ? peer : TEXT("PEER-ADDRESS"));
    diagnosis_say(d, NULL, "{here} has no tunnel-group named {group}, so it cannot authenticate this peer.");
    ADVISE(d, common);
    quote_note(d, said);
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard said = heard(sa, CODE_TUNNEL_GROUP_NOT_FOUND);
    enum side side = speaker_of(said, SIDE_RESPONDER);
    struct diagnosis d;
    if (said.note && !sa_up(sa) && diagnosis_begin(&d, m, r, sa, side, CONFIDENCE_CERTAIN, TEXT("")))
        tell(&d, said);
}

/* Without an SA nothing was received: it is the end that wanted to begin. */
static void judge_loose(struct model *m, const struct rule *r)
{
    for (const struct note *n = m->loose; n; n = n->next) {
        struct diagnosis d;
        if (n->code == CODE_TUNNEL_GROUP_NOT_FOUND &&
            diagnosis_begin(&d, m, r, NULL, SIDE_INITIATOR, CONFIDENCE_CERTAIN, note_word(n, "peer", "peer ")))
            tell(&d, (struct heard){ n, NULL });
    }
}

const struct rule rule_no_tunnel_group = {
    .id = "no-tunnel-group",
    .severity = SEVERITY_ERROR,
    .rank = 8,
    .title = "No tunnel-group for the peer",
    .meaning = "An ASA keeps a peer's keys in a tunnel-group named after its address or identity. There is none for this peer.",
    .advice = "Create it, or correct the peer's address; behind NAT it is the address that arrives.",
    .sa = judge,
    .whole = judge_loose,
};
