/* Copies were sent again, and it went on afterwards: loss or delay on the path. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "look for loss or delay on the path between {ends}: interface drops, policers, an overloaded control plane" },
    { TO_BOTH, PLATFORM_IOS, "`show crypto ikev2 stats timeout`, `show policy-map control-plane`" },
};

/* A log that does not show what was sent again, only that something was. What follows tells whether it got through: of the last
 * request, which nothing answers, and of a copy behind which the log has no more of the SA, nothing does. */
static uint32_t told_again(const struct ike_sa *sa, uint32_t *open)
{
    const struct exchange *last = sa->exchanges_last;
    const struct sighting *silent = last && exchange_silent(last) ? last->request.seen : NULL;
    uint32_t count = 0;
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct note *n = v->notes; n; n = n->next) {
            const bool unanswered = silent && silent->input == n->input && n->line > silent->place;
            if (n->code == CODE_RETRANSMIT)
                ++*(unanswered || n->line >= v->last_line ? open : &count);
        }
    return count;
}

/* Nothing shows that any of them got through. */
static void judge_open(struct model *m, const struct rule *r, struct ike_sa *sa, uint32_t open)
{
    const struct exchange *last = sa->exchanges_last;
    struct diagnosis d;
    if (!diagnosis_begin(&d, m, r, sa, SIDE_INITIATOR, CONFIDENCE_CERTAIN, TEXT("open")))
        return;
    diagnosis_count(&d, "times", open, "time", "times");
    diagnosis_say(&d, NULL, "A request between {both} was sent again {times}, and no answer to it is seen.");
    ADVISE(&d, common);
    if (last && exchange_silent(last))
        quote_leg(&d, last, &last->request, "no answer");
    quote_all(&d, sa, CODE_RETRANSMIT, 4);
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    uint32_t again = 0, exchanges = 0;
    const struct exchange *first = NULL;
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        uint32_t copies = x->request.retransmissions > x->response.retransmissions ? x->request.retransmissions
                                                                                   : x->response.retransmissions;
        if (!copies || exchange_silent(x))
            continue;
        again += copies;
        exchanges++;
        if (!first)
            first = x;
    }
    uint32_t open = 0, told = first ? 0 : told_again(sa, &open);
    struct diagnosis d;
    if (diagnosed(sa, "one-way-path") || (!again && (!(told || open) || !sa_up(sa))))
        return;
    if (!again && !told) {
        judge_open(m, r, sa, open);
        return;
    }
    if (!diagnosis_begin(&d, m, r, sa, SIDE_INITIATOR, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    diagnosis_wordf(&d, "times", "%u time%s", (unsigned)(again + told), again + told == 1 ? "" : "s");
    diagnosis_wordf(&d, "exchanges", "%u exchange%s", (unsigned)exchanges, exchanges == 1 ? "" : "s");
    diagnosis_say(&d, NULL,
                  exchanges ? "Messages between {both} were sent again {times} in {exchanges}, and got through in the end."
                            : "Messages between {both} were sent again {times}, and got through in the end.");
    ADVISE(&d, common);
    for (const struct exchange *x = first; x; x = x->next) {
        if (exchange_silent(x))
            continue;
        if (x->request.retransmissions)
            quote_leg(&d, x, &x->request, "");
        if (x->response.retransmissions)
            quote_leg(&d, x, &x->response, "");
    }
    quote_all(&d, sa, CODE_RETRANSMIT, 4);
}

const struct rule rule_retransmissions = {
    .id = "retransmissions",
    .severity = SEVERITY_WARNING,
    .rank = 60,
    .title = "Messages had to be sent again",
    .meaning = "Requests or answers were sent more than once before the exchange went on. Now and then that is harmless; often "
               "it means loss, delay or an overloaded router.",
    .advice = "Look for loss on the path and for drops in front of the control plane; compare both ends' counters.",
    .sa = judge,
};
