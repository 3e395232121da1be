/* Copies were sent again, and it went on afterwards: loss or delay on the path. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "look for loss or delay on the path between {ends}: interface drops, policers, an overloaded control plane" },
    { TO_BOTH, PLATFORM_IOS, "`show crypto ikev2 stats timeout`, `show policy-map control-plane`" },
};

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
    uint32_t told = first ? 0 : heard_count(sa, CODE_RETRANSMIT);
    struct diagnosis d;
    if (diagnosed(sa, "one-way-path") || (!again && (!told || !sa_up(sa))))
        return;
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
