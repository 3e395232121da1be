/* ASA's strength enforcement: the IKE SA's cipher must not be weaker than the Child SA's. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_ASA,
      "make the IKE SA at least as strong: `crypto ikev2 policy FREE-NUMBER`, lower than its others, / `encryption aes-256` / "
      "`integrity sha256` / `prf sha256` / `group 14`" },
    { TO_BOTH, PLATFORM_IOS,
      "make the IKE SA at least as strong: `crypto ikev2 proposal NEW` / `encryption aes-cbc-256` / `integrity sha256` / `group "
      "14` / `exit` / `crypto ikev2 policy NAME` / `proposal NEW`; when both ends have it, `no proposal PROPOSAL` there" },
    { TO_THIS, PLATFORM_ASA, "alternatively, stop enforcing it: `no crypto ipsec ikev2 sa-strength-enforcement`" },
};

static void tell(struct diagnosis *d, struct heard said)
{
    diagnosis_word(d, "ike", note_word(said.note, "ike_encryption", "algorithm ("));
    diagnosis_word(d, "esp", note_word(said.note, "ipsec_encryption", "encryption algorithm ("));
    diagnosis_say(d, NULL,
                  "{here} enforces that IKE is as strong as IPsec, and the encryption of this IKE SA[[, {ike},]] is weaker than "
                  "that of its Child SA[[, {esp}]].");
    diagnosis_more(d, "Keys, identities and proposals were accepted; the tunnel comes up and is taken down again.");
    ADVISE(d, common);
    quote_note(d, said);
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard said = heard(sa, CODE_ENCRYPTION_TOO_WEAK);
    enum side side = speaker_of(said, SIDE_RESPONDER);
    struct diagnosis d;
    if (!said.note || !diagnosis_begin(&d, m, r, sa, side, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    tell(&d, said);
    quote_note(&d, heard_after(said, CODE_SA_DELETE_SENT));
    quote_note(&d, heard_after(said, CODE_DELETE_REASON));
}

static void judge_loose(struct model *m, const struct rule *r)
{
    for (const struct note *n = m->loose; n; n = n->next) {
        struct diagnosis d;
        if (n->code == CODE_ENCRYPTION_TOO_WEAK && diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_CERTAIN, TEXT("")))
            tell(&d, (struct heard){ n, NULL });
    }
}

const struct rule rule_ike_weaker_than_esp = {
    .id = "ike-weaker-than-esp",
    .severity = SEVERITY_ERROR,
    .rank = 10,
    .title = "IKE is encrypted more weakly than IPsec",
    .meaning =
        "An ASA with strength enforcement does not keep a tunnel whose IKE SA is encrypted with fewer bits than its Child SA.",
    .advice = "Use a stronger cipher for IKE at both ends, or `no crypto ipsec ikev2 sa-strength-enforcement`.",
    .sa = judge,
    .whole = judge_loose,
};
