/* ESP whose integrity check fails: altered on the way, or checked with another key. */
#include "analysis/quote.h"

static const struct advice keys_advice[] = {
    { TO_BOTH, PLATFORM_UNKNOWN, "are these the keys of this SA, and is its algorithm as given? A rekey makes new ones" },
};
static const struct advice path_advice[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "something alters packets between {ends}: a NAT or TCP optimiser that touches ESP, faulty hardware or memory, "
      "or the crypto engine" },
    { TO_BOTH, PLATFORM_IOS, "`show crypto ipsec sa peer {peer}`, `show crypto engine accelerator statistic`" },
};

static void judge_child(struct model *m, const struct rule *r, struct child_sa *c)
{
    const struct flow *flows[2] = { c->to_responder, c->to_initiator };
    for (int i = 0; i < 2; i++) {
        const struct traffic *t = flows[i] ? &flows[i]->traffic : NULL;
        struct diagnosis d;
        bool all = t && t->icv_failed && !t->decrypted;
        if (!t || (!t->icv_failed && !flows[i]->wrong_encryption_key) ||
            !diagnosis_begin(&d, m, r, c->ike_sa, i ? SIDE_RESPONDER : SIDE_INITIATOR,
                             all ? CONFIDENCE_LIKELY : CONFIDENCE_CERTAIN, i ? TEXT("1") : TEXT("0")))
            continue;
        d.f->child_sa = c;
        diagnosis_wordf(&d, "count", "%llu", (unsigned long long)t->icv_failed);
        diagnosis_wordf(&d, "all", "%llu", (unsigned long long)t->packets);
        if (!t->icv_failed)
            diagnosis_say(&d, "The given encryption key is wrong",
                          "ESP packets from {here} to {there} pass the integrity check, but what decryption gives is no packet: "
                          "the encryption key given is not theirs.");
        else
            diagnosis_say(&d, NULL,
                          all ? "None of the {all} ESP packets from {here} to {there} fits the given keys."
                              : "{count} of {all} ESP packets from {here} to {there} fail their integrity check, while the "
                                "others pass: they were altered on the way.");
        if (all || !t->icv_failed)
            ADVISE(&d, keys_advice);
        else
            ADVISE(&d, path_advice);
        quote_frame(&d, t->input, t->first_frame, "ESP flow with SPI 0x%08x, frames %u to %u", (unsigned)flows[i]->spi,
                    (unsigned)t->first_frame, (unsigned)t->last_frame);
    }
}

static void judge_sa(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard said = heard(sa, CODE_IPSEC_ICV);
    enum side side = speaker_of(said, SIDE_RESPONDER);
    struct diagnosis d;
    if (!said.note || !diagnosis_begin(&d, m, r, sa, side, CONFIDENCE_CERTAIN, TEXT("log")))
        return;
    diagnosis_say(&d, NULL, "{here} drops packets of {there} because their integrity check fails.");
    ADVISE(&d, path_advice);
    quote_all(&d, sa, CODE_IPSEC_ICV, 4);
}

static void judge_whole(struct model *m, const struct rule *r)
{
    for (const struct note *n = m->loose; n; n = n->next) {
        struct diagnosis d;
        if (n->code != CODE_IPSEC_ICV)
            continue;
        const struct text peer = note_esp_end(n, true);
        const uint32_t device = model_input(m, n->input)->device;
        if (!diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_CERTAIN,
                             arena_format(m->run, "%u %.*s", (unsigned)device, TEXT_ARGS(peer))))
            continue;
        diagnosis_word(&d, "router", device_name_or(m, device, TEXT("the router")));
        diagnosis_word(&d, "local", note_esp_end(n, false));
        diagnosis_word(&d, "peer", peer);
        diagnosis_say(&d, NULL, "{router} drops ESP packets[[ of {peer}]] because their integrity check fails.");
        ADVISE(&d, path_advice);
        quote_note(&d, (struct heard){ n, NULL });
    }
    for (const struct flow *f = m->flows; f; f = f->next) {
        struct diagnosis d;
        if (f->claimed || !f->traffic.icv_failed ||
            !diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_LIKELY, arena_format(m->run, "%u", (unsigned)f->spi)))
            continue;
        diagnosis_count(&d, "packets", f->traffic.icv_failed, "ESP packet", "ESP packets");
        diagnosis_word(&d, "do", f->traffic.icv_failed == 1 ? TEXT("does") : TEXT("do"));
        diagnosis_wordf(&d, "spi", "0x%08x", (unsigned)f->spi);
        diagnosis_say(&d, NULL, "{packets} with SPI {spi} {do} not fit the given keys.");
        ADVISE(&d, keys_advice);
        quote_frame(&d, f->traffic.input, f->traffic.first_frame, "first packet with SPI 0x%08x", (unsigned)f->spi);
    }
}

const struct rule rule_esp_icv_failed = {
    .id = "esp-icv-failed",
    .severity = SEVERITY_WARNING,
    .rank = 58,
    .title = "ESP packets fail their integrity check",
    .meaning = "The integrity value of ESP packets does not fit. When all of a flow fail, the keys given are not theirs; when "
               "some fail, they were altered on the way.",
    .advice = "Check the keys and the algorithm first, then what touches packets on the path.",
    .sa = judge_sa,
    .child = judge_child,
    .whole = judge_whole,
};
