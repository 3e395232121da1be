/* Gaps in the sequence numbers of an ESP flow that were never filled. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "is the capture complete (`packets dropped by kernel`)? Then look for drops and policers between {ends}" },
    { TO_BOTH, PLATFORM_IOS,
      "`show crypto ipsec sa peer {peer}`: send and recv errors; lower `ip mtu` and `ip tcp adjust-mss` on the tunnel if large "
      "packets are the ones that go missing" },
    { TO_BOTH, PLATFORM_ASA,
      "`show crypto ipsec sa peer {peer}`: send and recv errors; `sysopt connection tcpmss 1350` if large packets are the ones "
      "that go missing" },
};

/* Worth a word: a tenth of few, or a hundredth of many. */
static bool significant(const struct traffic *t)
{
    uint64_t all = t->packets + t->lost;
    return t->lost >= 3 && (t->lost * 10 >= all || (t->lost >= 20 && t->lost * 100 >= all));
}

static void judge(struct model *m, const struct rule *r, struct child_sa *c)
{
    const struct flow *flows[2] = { c->to_responder, c->to_initiator };
    for (int i = 0; i < 2; i++) {
        const struct traffic *t = flows[i] ? &flows[i]->traffic : NULL;
        struct diagnosis d;
        if (!t || !significant(t) ||
            !diagnosis_begin(&d, m, r, c->ike_sa, i ? SIDE_RESPONDER : SIDE_INITIATOR, CONFIDENCE_LIKELY,
                             i ? TEXT("1") : TEXT("0")))
            continue;
        d.f->child_sa = c;
        diagnosis_wordf(&d, "lost", "%llu", (unsigned long long)t->lost);
        diagnosis_wordf(&d, "all", "%llu", (unsigned long long)(t->packets + t->lost));
        diagnosis_say(&d, NULL, "{lost} of {all} ESP packets from {here} to {there} are missing at the point of the capture.");
        diagnosis_more(&d, "They were lost before that point, or the capture missed them; loss behind it does not show here.");
        ADVISE(&d, common);
        quote_frame(&d, t->input, t->first_frame, "ESP flow with SPI 0x%08x, frames %u to %u", (unsigned)flows[i]->spi,
                    (unsigned)t->first_frame, (unsigned)t->last_frame);
    }
}

const struct rule rule_esp_loss = {
    .id = "esp-loss",
    .severity = SEVERITY_WARNING,
    .rank = 66,
    .title = "ESP packets are missing",
    .meaning = "The sequence numbers of an ESP flow have gaps that no later packet fills: packets were lost before the point of "
               "the capture, or the capture missed them.",
    .advice = "Check the capture for drops of its own, then the path for loss; large packets that go missing point at the MTU.",
    .child = judge,
};
