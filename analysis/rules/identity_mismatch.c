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

/* IOS compares the identity with the certificate's names as well, says so, and goes on. */
static void judge_loose(struct model *m, const struct rule *r)
{
    const struct note_list said = loose_of(m, CODE_ID_NOT_IN_CERT);
    for (uint32_t i = 0; i < said.count; i++) {
        const struct note *n = said.at[i];
        const uint32_t device = n->input < m->input_count ? m->inputs[n->input].device : 0;
        const struct text id = note_word(n, "id", "ID of ");
        struct diagnosis d;
        if (!diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_CERTAIN, id))
            continue;
        diagnosis_severity(&d, SEVERITY_NOTE);
        diagnosis_word(&d, "id", id);
        diagnosis_word(&d, "address", note_word(n, "address", "certificate addr with "));
        diagnosis_word(&d, "router", device_name_or(m, device, TEXT("The router")));
        diagnosis_say(&d, NULL,
                      "{router} got the identity {id} with a certificate that is not made out to it[[, but to {address}]].");
        diagnosis_more(&d, "IOS says so at each negotiation and goes on: by itself this keeps no tunnel down.");
        diagnosis_advise_router(&d, device, (struct address){ 0 }, (struct address){ 0 },
                                "to be rid of it: on the peer, enroll again with that address (`crypto pki trustpoint NAME` / "
                                "`ip-address INTERFACE`), or send the certificate's name: `crypto ikev2 profile NAME` / "
                                "`identity local dn`");
        quote_note(&d, (struct heard){ n, NULL });
    }
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
    .whole = judge_loose,
};
