/* A capture without keys ends behind the answer to IKE_AUTH: it was answered, and nobody can see how. */
#include "analysis/quote.h"
#include "analysis/sealed.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "give the keys of this IKE SA (`-k FILE`; `ikescope list key-formats` says from where), or a debug log of either end" },
    { TO_BOTH, PLATFORM_IOS,
      "`debug crypto ikev2`, `debug crypto ikev2 error`; `show crypto ikev2 sa detailed`, `show crypto ipsec sa`" },
    { TO_BOTH, PLATFORM_ASA, "`debug crypto ikev2 protocol 127`; `show crypto ikev2 sa detail`, `show crypto ipsec sa`" },
};

static const struct advice child[] = {
    { TO_BOTH, PLATFORM_IOS, COMPARE_IOS },
    { TO_BOTH, PLATFORM_ASA, COMPARE_ASA },
};

/* The last one that was answered, where EAP was under way: what was read may end behind the next request. */
static const struct exchange *last_round(const struct ike_sa *sa)
{
    const struct exchange *last = exchange_last(sa, EXCHANGE_IKE_AUTH), *answered = NULL;
    for (const struct exchange *x = sa->exchanges; x && last && !last->response.copies; x = x->next)
        if (x->type == EXCHANGE_IKE_AUTH && sealed_eap(x->response.message))
            answered = x;
    return answered ? answered : last;
}

/* The end of the SA: its clear part says nothing, or that it agrees. */
static void judge_auth(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = last_round(sa);
    const struct message *answer = x ? x->response.message : NULL;
    bool agrees = sa->sealed_guess && sa->outcome == SA_ESTABLISHED;
    struct diagnosis d;
    if ((sa->outcome != SA_INCOMPLETE && !agrees) || !sealed_message(answer) ||
        !leg_seen(sa, x, &x->response, SIDE_UNKNOWN) || /* a log that was cut in it holds nothing that a key would open */
        !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, agrees ? CONFIDENCE_LIKELY : CONFIDENCE_CERTAIN, TEXT("")))
        return;
    if (agrees) {
        bool childless = sealed_childless(sa, answer);
        diagnosis_severity(&d, childless ? SEVERITY_ERROR : SEVERITY_NOTE);
        diagnosis_word(&d, "first", text_of(payload_notation(answer->inner_first)));
        diagnosis_wordf(&d, "length", "%u", (unsigned)answer->length);
        diagnosis_say(
            &d,
            childless ? "The IKE SA is up and its Child SA was refused, most likely"
                      : "The sealed answer to IKE_AUTH agrees, most likely",
            "{here} answered IKE_AUTH with {length} octets that no key opens. What stands outside of the encryption says "
            "that they begin with {first}, as no refusal does: so the IKE SA is up, most likely.");
        diagnosis_more(
            &d, childless ? "They are too few to hold the proposal and the selectors of a Child SA, and no ESP follows: that "
                            "was refused, by TS_UNACCEPTABLE (access lists that do not mirror each other) or "
                            "NO_PROPOSAL_CHOSEN (transform sets)."
                          : "Whether its Child SA is, cannot be seen: no ESP follows.");
        if (childless)
            ADVISE(&d, child);
        else if (x->message_id == 1) /* EAP goes on with message ids 2 and further */
            diagnosis_more(
                &d, "If the initiator proves itself by EAP, it is only the first answer of several, the rest is not here, and "
                    "whether the IKE SA came up cannot be told.");
    } else if (sealed_eap(answer)) {
        diagnosis_say(&d, "What was read ends in the EAP authentication",
                      "{here} answered IKE_AUTH, and no key opens the answer; what stands outside of the encryption says that it "
                      "begins with EAP. So the authentication was still under way, and neither failed nor succeeded yet: both "
                      "ends' AUTH come behind it.");
    } else {
        diagnosis_say(
            &d, NULL,
            "{here} answered IKE_AUTH, the answer is encrypted and no key opens it, and no ESP follows: it may bring the "
            "tunnel up, or refuse it.");
    }
    ADVISE(&d, common);
    quote_leg(&d, x, &x->response, "sealed");
}

/* A further Child SA, or a rekey, of an SA that is up. */
static void judge_child(struct model *m, const struct rule *r, struct ike_sa *sa, const struct exchange *x)
{
    struct diagnosis d;
    if (sealed_says(x->response.message) != SEALED_REFUSES || !ike_sa_on_wire_alone(sa) ||
        !diagnosis_begin(&d, m, r, sa, side_other((enum side)x->from), CONFIDENCE_LIKELY, TEXT("child")))
        return;
    diagnosis_wordf(&d, "length", "%u", (unsigned)x->response.message->length);
    diagnosis_say(&d, "A CREATE_CHILD_SA was refused, most likely",
                  "{here} answered CREATE_CHILD_SA of {there} with {length} octets that no key opens. What stands outside of the "
                  "encryption says that they begin with a notify; an answer that agrees begins with SA and is longer. So the "
                  "further SA or the rekey was refused, most likely: proposals, PFS group, selectors or a rekey of both ends at "
                  "once.");
    ADVISE(&d, common);
    quote_leg(&d, x, &x->response, "sealed, begins with N");
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    judge_auth(m, r, sa);
    for (const struct exchange *x = sa->exchanges; x; x = x->next)
        if (x->type == EXCHANGE_CREATE_CHILD_SA)
            judge_child(m, r, sa, x);
}

const struct rule rule_answer_sealed = {
    .id = "answer-sealed",
    .severity = SEVERITY_WARNING,
    .rank = 60,
    .title = "The answer to IKE_AUTH is sealed",
    .meaning = "IKE_AUTH was answered, and without keys nobody can see what the answer says; nothing behind it in the capture "
               "shows that the tunnel carries traffic. The type of the first payload inside stands outside of the encryption: "
               "with the length, it tells most refusals from answers that agree, never with certainty.",
    .advice = "Give keys or a log; whether it came up cannot be told for certain from the capture alone.",
    .sa = judge,
};
