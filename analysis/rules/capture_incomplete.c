/* A capture that lacks messages which one router logged as sent and the other as received: it proves no loss. */
#include "analysis/journeys.h"
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "capture on every interface that the tunnel's packets may take, with a buffer that does not overflow: capture tools count "
      "what they drop" },
};

enum { SHOWN = 6 };

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    for (const struct view *v = sa->views; v; v = v->next) {
        const struct leg *missed[SHOWN];
        const struct exchange *of[SHOWN];
        uint32_t count = v->wire ? capture_missed(m, sa, v, missed, of, SHOWN) : 0;
        struct diagnosis d;
        if (!count || !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, CONFIDENCE_CERTAIN, m->inputs[v->input].name))
            continue;
        diagnosis_word(&d, "capture", m->inputs[v->input].name);
        diagnosis_wordf(&d, "messages", "%u message%s", (unsigned)count, count == 1 ? "" : "s");
        diagnosis_say(&d, NULL,
                      "The capture {capture} lacks {messages} between {both} that one logged as sent and the "
                      "other as received while it ran: it dropped packets, or they took another way.");
        ADVISE(&d, common);
        for (uint32_t i = 0; i < count && i < SHOWN; i++)
            quote_leg(&d, of[i], missed[i], "");
        d.f->count = count;
    }
}

const struct rule rule_capture_incomplete = {
    .id = "capture-incomplete",
    .severity = SEVERITY_NOTE,
    .rank = 92,
    .title = "The capture lacks messages that were on the way",
    .meaning =
        "Both routers logged a message, one as sent and the other as received, and a capture that was running does not have "
        "it. What such a capture lacks was not necessarily lost.",
    .advice = "Capture on all interfaces that the packets may take, and look at the capture tool's count of dropped packets.",
    .sa = judge,
};
