/* What came could not be decrypted: the two ends do not have the same IKE keys, or the message was altered on its way. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "compare the proposals that the two logs say were chosen, and let no device between the ends change UDP 500 and 4500 (an "
      "inspection of IKE, a port that is translated to another)" },
    { TO_BOTH, PLATFORM_IOS, "clear what is left of it and let it begin anew: `clear crypto ikev2 sa remote {peer}`" },
    { TO_BOTH, PLATFORM_ASA, "clear what is left of it and let it begin anew: `clear crypto ikev2 sa {peer}`" },
};

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard said = heard(sa, CODE_DECRYPT_FAILED);
    struct diagnosis d;
    /* A stray copy next to a tunnel that works is nothing. */
    if (!said.note || sa_up(sa) || sa->outcome != SA_FAILED || found_error(sa) ||
        !diagnosis_begin(&d, m, r, sa, speaker_of(said, SIDE_RESPONDER), CONFIDENCE_LIKELY, TEXT("")))
        return;
    diagnosis_say(&d, NULL, "{here} could not decrypt a message of {there}.");
    diagnosis_more(
        &d, "Either the two ends have derived different IKE keys from IKE_SA_INIT, or the message was altered or cut on the "
            "way; a wrong pre-shared key shows otherwise, after decryption.");
    ADVISE(&d, common);
    quote_all(&d, sa, CODE_DECRYPT_FAILED, 3);
}

const struct rule rule_decrypt_failed = {
    .id = "decrypt-failed",
    .severity = SEVERITY_ERROR,
    .rank = 28,
    .title = "A message could not be decrypted",
    .meaning = "An encrypted IKE message came that its receiver could not open, and the attempt ended there: the ends have "
               "different keys, "
               "or the message was altered on the way.",
    .advice =
        "Compare what both logs say was chosen in IKE_SA_INIT, and look for a device between the ends that changes IKE packets.",
    .sa = judge,
};
