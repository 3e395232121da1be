/* IKEv1 among the inputs: recognised, counted, not taken apart. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_IOS,
      "if this tunnel should use IKEv2: `set ikev2-profile NAME` in the crypto map or IPsec profile; without it IOS speaks "
      "IKEv1" },
    { TO_BOTH, PLATFORM_ASA,
      "if this tunnel should use IKEv2: `crypto map MAP SEQ set ikev2 ipsec-proposal NAME` and IKEv2 keys in the tunnel-group; "
      "without them ASA speaks IKEv1" },
};

static void judge(struct model *m, const struct rule *r)
{
    for (size_t i = 0; i < m->input_count; i++) {
        const struct input *in = &m->inputs[i];
        struct diagnosis d;
        if (!in->ikev1_count ||
            !diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_CERTAIN, arena_format(m->run, "%zu", i)))
            continue;
        diagnosis_word(&d, "input", in->name);
        diagnosis_wordf(&d, "count", "%u", (unsigned)in->ikev1_count);
        diagnosis_wordf(&d, "what", "IKEv1 %s%s", in->has_packets ? "message" : "line", in->ikev1_count == 1 ? "" : "s");
        diagnosis_word(&d, "are", text_of(in->ikev1_count == 1 ? "is" : "are"));
        diagnosis_word(&d, "entry", in->ikev1_entry);
        diagnosis_say(&d, NULL, "{count} {what} in {input} {are} not part of this report.");
        if (in->ikev1_entry.len)
            diagnosis_more(&d, "For its crypto map entry {entry} the ASA chose IKEv1: no IKEv2 proposal is bound to it.");
        ADVISE(&d, common);
        if (in->has_packets)
            quote_frame(&d, (uint32_t)i, in->ikev1_first, "the first IKEv1 message");
        else
            quote_note(&d,
                       (struct heard){
                           &(struct note){ .text = TEXT("the first IKEv1 line"), .input = (uint32_t)i, .line = in->ikev1_first },
                           NULL });
        if (in->ikev1_entry.len)
            quote_note(&d,
                       (struct heard){
                           &(struct note){ .text = TEXT("IKEv1 is chosen"), .input = (uint32_t)i, .line = in->ikev1_entry_line },
                           NULL });
    }
}

const struct rule rule_ikev1_seen = {
    .id = "ikev1-seen",
    .severity = SEVERITY_NOTE,
    .rank = 94,
    .title = "There is IKEv1 among the inputs",
    .meaning =
        "Some messages or log lines are of IKEv1 (ISAKMP), another protocol with other exchanges. They are counted and left out.",
    .advice = "If the tunnel was meant to use IKEv2, one end's configuration still selects IKEv1.",
    .whole = judge,
};
