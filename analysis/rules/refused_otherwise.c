/* An error notify in an answer that no other rule is about: it is the peer's reason all the same. */
#include "analysis/quote.h"

struct reason {
    unsigned notify;
    const char *meaning, *advice;
};

/* {notify, what {here} says by it, what to do} - RFC 7296 section 3.10.1 */
static const struct reason reasons[] = {
    { NOTIFY_UNSUPPORTED_CRITICAL_PAYLOAD, "it got a payload marked critical that it does not know",
      "switch off at {there} what its software sends beyond the standard, or bring {here} to a release that knows it" },
    { NOTIFY_INVALID_MAJOR_VERSION, "it does not speak this version of IKE",
      "is IKEv2 configured at {here} for this peer at all, and not IKEv1 alone?" },
    { NOTIFY_INVALID_SYNTAX,
      "it could not read the message or found a value in it out of range: a defect of one of the two, or a message that was "
      "decrypted with a wrong key",
      "read the log of {here} for the payload that it names, and compare the releases of both ends; the same key and identity "
      "at both ends first" },
    { NOTIFY_INVALID_MESSAGE_ID, "the message id was outside of what it expects",
      "clear the IKE SA at both ends, so that both count from the beginning" },
    { NOTIFY_UNACCEPTABLE_ADDRESSES, "it does not take the addresses that {there} moved to",
      "are the new addresses of {there} allowed at {here}?" },
    { NOTIFY_TICKET_NACK,
      "it does not know the ticket of the session that {there} wants to resume, or that is too old: {there} is to begin anew "
      "with "
      "IKE_SA_INIT",
      "where a full IKE_SA_INIT follows, all is well; where none does, clear the IKE SA at {there}" },
    { NOTIFY_AUTHORIZATION_FAILED, "{there} may not do what it asked for",
      "is {there} authorised at {here}: group, policy, AAA?" },
};

static const struct reason *reason_of(unsigned notify)
{
    for (size_t i = 0; i < COUNT_OF(reasons); i++)
        if (reasons[i].notify == notify)
            return &reasons[i];
    return NULL;
}

static bool makes_the_sa(const struct exchange *x)
{
    return x->type == EXCHANGE_IKE_SA_INIT || x->type == EXCHANGE_IKE_SESSION_RESUME || x->type == EXCHANGE_IKE_INTERMEDIATE ||
           x->type == EXCHANGE_IKE_AUTH;
}

static const struct notice *refusal(const struct exchange *x)
{
    const struct message *answer = makes_the_sa(x) ? x->response.message : NULL;
    const struct notice *n = answer ? message_error(answer) : NULL;
    return n || !answer ? n : message_notice(answer, NOTIFY_TICKET_NACK);
}

/* Outside of any answer: an INFORMATIONAL request that carries the complaint, as RFC 7296 section 2.3 has it for message ids. */
static void judge_complaint(struct model *m, const struct rule *r, struct ike_sa *sa, const struct exchange *x)
{
    const struct notice *n = x->request.message ? message_error(x->request.message) : NULL;
    const struct reason *why = n ? reason_of(n->type) : NULL;
    struct diagnosis d;
    if (!why || !diagnosis_begin(&d, m, r, sa, (enum side)x->from, CONFIDENCE_CERTAIN, arena_format(m->run, "told %u", n->type)))
        return;
    if (sa->established)
        diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_word(&d, "notify", text_of(registry_name(REGISTRY_NOTIFY, n->type)));
    diagnosis_say(&d, "The peer complained with {notify}",
                  "{here} sent {there} {notify} in an INFORMATIONAL exchange of its own.");
    diagnosis_more(&d, arena_string(m->run, arena_format(m->run, "By that it says that %s.", why->meaning)));
    if (sa->deleted)
        diagnosis_more(&d, "The IKE SA did not last beyond it.");
    const struct advice rows[] = { { TO_BOTH, PLATFORM_UNKNOWN, why->advice } };
    ADVISE(&d, rows);
    diagnosis_debug(&d, TO_THIS);
    quote_leg(&d, x, &x->request, arena_string(m->run, diagnosis_word_of(&d, "notify", TEXT(""))));
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    for (const struct exchange *x = sa->exchanges; x; x = x->next)
        if (x->type == EXCHANGE_INFORMATIONAL)
            judge_complaint(m, r, sa, x);
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        const struct notice *n = refusal(x);
        const struct reason *why = n ? reason_of(n->type) : NULL;
        bool nobody = n && !registry_name(REGISTRY_NOTIFY, n->type); /* a vendor's own, or newer than this program */
        struct diagnosis d;
        if ((!why && !nobody) || sa->established ||
            !diagnosis_begin(&d, m, r, sa, side_other(exchange_asker(x)), CONFIDENCE_CERTAIN,
                             arena_format(m->run, "%u", (unsigned)n->type)))
            continue;
        if (n->type == NOTIFY_TICKET_NACK) /* no more than a round trip is lost */
            diagnosis_severity(&d, SEVERITY_WARNING);
        const char *exchange = registry_name(REGISTRY_EXCHANGE, x->type), *name = registry_name(REGISTRY_NOTIFY, n->type);
        diagnosis_word(&d, "exchange", text_of(exchange));
        diagnosis_word(&d, "notify", name ? text_of(name) : arena_format(m->run, "notify %u", (unsigned)n->type));
        diagnosis_say(&d, "Refused with {notify}", "{here} answered the {exchange} of {there} with {notify}.");
        diagnosis_more(&d, why ? arena_string(m->run, arena_format(m->run, "By that it says that %s.", why->meaning))
                               : "No standard says what that number means: it is of a vendor's own, or newer than this program.");
        const struct advice rows[] = { { TO_BOTH, PLATFORM_UNKNOWN,
                                         why ? why->advice : "read the log of {here}: it knows what it refused" } };
        ADVISE(&d, rows);
        diagnosis_debug(&d, d.side == SIDE_INITIATOR ? TO_INITIATOR : TO_RESPONDER);
        quote_leg(&d, x, &x->response, name ? name : "an unknown notify");
    }
}

const struct rule rule_refused_otherwise = {
    .id = "refused-otherwise",
    .severity = SEVERITY_ERROR,
    .rank = 28,
    .title = "Refused with an error notify",
    .meaning = "The peer answered IKE_SA_INIT or IKE_AUTH with an error notify that is about neither proposals, keys, identities "
               "nor traffic selectors: it says itself why.",
    .advice = "Look the notify up with `ikescope explain NOTIFY`, and read the log of the end that sent it.",
    .sa = judge,
};
