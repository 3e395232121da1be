/* ESP with a sequence number that was used before, or a router that says it dropped such. RFC 4303 section 3.4.3. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_IOS,
      "packets reordered by more than the window: `crypto ipsec security-association replay window-size 1024`; QoS behind "
      "encryption is the usual reason" },
    { TO_BOTH, PLATFORM_ASA,
      "packets reordered by more than the window: `crypto ipsec security-association replay window-size 1024`" },
    { TO_BOTH, PLATFORM_UNKNOWN,
      "if the same packets come again with other contents, find who sends them: two routers sharing one SA, a failover without "
      "synchronised counters, or an attack" },
};

static void judge_child(struct model *m, const struct rule *r, struct child_sa *c)
{
    const struct flow *flows[2] = { c->to_responder, c->to_initiator };
    for (int i = 0; i < 2; i++) {
        const struct traffic *t = flows[i] ? &flows[i]->traffic : NULL;
        struct diagnosis d;
        if (!t || !t->replayed ||
            !diagnosis_begin(&d, m, r, c->ike_sa, i ? SIDE_RESPONDER : SIDE_INITIATOR, CONFIDENCE_CERTAIN,
                             i ? TEXT("1") : TEXT("0")))
            continue;
        d.f->child_sa = c;
        diagnosis_count(&d, "packets", t->replayed, "ESP packet", "ESP packets");
        diagnosis_word(&d, "carry", t->replayed == 1 ? TEXT("carries") : TEXT("carry"));
        diagnosis_say(&d, NULL,
                      "{packets} from {here} to {there} {carry} a sequence number that was used before with other contents.");
        ADVISE(&d, common);
        quote_frame(&d, t->input, t->first_frame, "ESP flow with SPI 0x%08x, frames %u to %u", (unsigned)flows[i]->spi,
                    (unsigned)t->first_frame, (unsigned)t->last_frame);
    }
}

static void judge_sa(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard said = heard(sa, CODE_IPSEC_REPLAY);
    struct diagnosis d;
    enum side side = speaker_of(said, SIDE_RESPONDER);
    if (!said.note || !diagnosis_begin(&d, m, r, sa, side, CONFIDENCE_CERTAIN, TEXT("log")))
        return;
    diagnosis_say(&d, NULL,
                  "{here} dropped packets of {there} because their sequence numbers were used before or too old for its window.");
    ADVISE(&d, common);
    quote_all(&d, sa, CODE_IPSEC_REPLAY, 4);
}

static void judge_whole(struct model *m, const struct rule *r)
{
    for (const struct note *n = m->loose; n; n = n->next) {
        struct diagnosis d;
        if (n->code != CODE_IPSEC_REPLAY)
            continue;
        const struct text peer = note_esp_end(n, true);
        const uint32_t device = model_input(m, n->input)->device;
        if (!diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_CERTAIN,
                             arena_format(m->run, "said %u %.*s", (unsigned)device, TEXT_ARGS(peer))))
            continue;
        diagnosis_word(&d, "router", device_name_or(m, device, TEXT("the router")));
        diagnosis_word(&d, "peer", peer);
        diagnosis_say(&d, NULL,
                      "{router} dropped ESP packets[[ of {peer}]] because their sequence numbers were used before or too old for "
                      "its window.");
        ADVISE(&d, common);
        quote_note(&d, (struct heard){ n, NULL });
    }
    for (const struct flow *f = m->flows; f; f = f->next) {
        struct diagnosis d;
        if (f->claimed || !f->traffic.replayed ||
            !diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_CERTAIN, arena_format(m->run, "%u", (unsigned)f->spi)))
            continue;
        diagnosis_count(&d, "packets", f->traffic.replayed, "ESP packet", "ESP packets");
        diagnosis_word(&d, "carry", f->traffic.replayed == 1 ? TEXT("carries") : TEXT("carry"));
        diagnosis_wordf(&d, "spi", "0x%08x", (unsigned)f->spi);
        diagnosis_say(&d, NULL, "{packets} with SPI {spi} {carry} a sequence number that was used before with other contents.");
        ADVISE(&d, common);
        quote_frame(&d, f->traffic.input, f->traffic.first_frame, "first packet of the flow");
    }
}

const struct rule rule_replay = {
    .id = "replay",
    .severity = SEVERITY_WARNING,
    .rank = 64,
    .title = "Sequence numbers were used again",
    .meaning = "Every ESP packet has its own sequence number. One that comes again is dropped by the receiver: reordering beyond "
               "its window, two senders with one SA, or an attack.",
    .advice = "Widen the replay window when QoS reorders packets; otherwise find the second sender.",
    .sa = judge_sa,
    .child = judge_child,
    .whole = judge_whole,
};
