/* A capture without keys ends behind the answer to IKE_AUTH: it was answered, and nobody can see how. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "give the keys of this IKE SA (`-k FILE`; `ikescope list key-formats` says from where), or a debug log of either end" },
    { TO_BOTH, PLATFORM_IOS,
      "`debug crypto ikev2`, `debug crypto ikev2 error`; `show crypto ikev2 sa detailed`, `show crypto ipsec sa`" },
    { TO_BOTH, PLATFORM_ASA, "`debug crypto ikev2 protocol 127`; `show crypto ikev2 sa detail`, `show crypto ipsec sa`" },
};

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_AUTH);
    const struct message *answer = x ? x->response.message : NULL;
    struct diagnosis d;
    if (sa->outcome != SA_INCOMPLETE || !answer ||
        (answer->decryption != DECRYPTION_NO_KEY && answer->decryption != DECRYPTION_ICV_FAILED) ||
        !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    diagnosis_say(
        &d, NULL,
        "{here} answered IKE_AUTH, the answer is encrypted and no key opens it, and no ESP follows: it may bring the tunnel "
        "up, or refuse it.");
    ADVISE(&d, common);
    quote_leg(&d, x, &x->response, "sealed");
}

const struct rule rule_answer_sealed = {
    .id = "answer-sealed",
    .severity = SEVERITY_WARNING,
    .rank = 60,
    .title = "The answer to IKE_AUTH is sealed",
    .meaning =
        "IKE_AUTH was answered, and without keys nobody can see whether the answer agrees or refuses; nothing behind it in the "
        "capture shows that the tunnel carries traffic.",
    .advice = "Give keys or a log; whether it came up cannot be told from the capture alone.",
    .sa = judge,
};
