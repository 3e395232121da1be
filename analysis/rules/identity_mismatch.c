/* The identity that a peer claims is not in its certificate, or not the one expected. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_THIS, PLATFORM_ASA,
      "accept the identity without the certificate's word: `tunnel-group {peer} ipsec-attributes` / `peer-id-validate nocheck`" },
    { TO_THAT, PLATFORM_UNKNOWN,
      "put the identity that is sent[[ ({id})]] into the certificate's subjectAltName, or send one that is in it" },
    { TO_THAT, PLATFORM_ASA, "`crypto isakmp identity auto` sends the certificate's DN" },
    { TO_THAT, PLATFORM_IOS, "`crypto ikev2 profile NAME` / `identity local dn` or `identity local fqdn NAME`" },
    { TO_THIS, PLATFORM_IOS,
      "`crypto ikev2 profile NAME` / `match identity remote ...` or `match certificate MAP` for what {peer_name} sends" },
};

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard said = heard(sa, CODE_PEER_ID_CHECK_FAILED);
    enum side side = speaker_of(said, SIDE_RESPONDER);
    const struct view *ready = said.note ? view_on(sa, side) : NULL;
    bool up = ready && ((side == SIDE_INITIATOR && sa->ready_initiator) || (side == SIDE_RESPONDER && sa->ready_responder));
    struct diagnosis d;
    if (!said.note || up || !diagnosis_begin(&d, m, r, sa, side, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    diagnosis_word(&d, "id", (side == SIDE_INITIATOR ? &sa->responder.id : &sa->initiator.id)->value);
    diagnosis_say(&d, NULL, "{here} did not find the identity of {there}[[, '{id}',]] in the certificate that came with it.");
    diagnosis_more(&d, "The certificate itself and the signature are not the trouble.");
    ADVISE(&d, common);
    struct heard lacks = heard(sa, CODE_PEER_ID_NOT_IN_SAN);
    diagnosis_word(&d, "kind", lacks.note ? fact_get_text(lacks.note->facts, "name") : (struct text){ NULL, 0 });
    diagnosis_more(&d, "[[It has no {kind} among its alternative names.]]");
    quote_note(&d, lacks);
    quote_note(&d, said);
    quote_note(&d, heard_after(said, CODE_ITEM_NOT_FOUND));
    quote_note(&d, heard_after(said, CODE_AUTH_FAILED));
}

const struct rule rule_identity_mismatch = {
    .id = "identity-mismatch",
    .severity = SEVERITY_ERROR,
    .rank = 9,
    .title = "The peer's identity is not in its certificate",
    .meaning = "With certificates, the identity of the ID payload must be one of the certificate's names. The verifier looked "
               "for it in the subjectAltName and found none that fits.",
    .advice = "Add the address or name to the certificate, send another identity, or, on ASA, `peer-id-validate nocheck`.",
    .sa = judge,
};
