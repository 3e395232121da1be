/* A response outside the window of message ids: late, double, or its request is forgotten. RFC 7296 section 2.3. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "now and then this is a late copy and harmless; with IKE_AUTH sent again and again, look at fragments of a large answer" },
    { TO_BOTH, PLATFORM_IOS, "`show crypto ikev2 stats`, `crypto ikev2 fragmentation mtu 1200`" },
};

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard said = heard(sa, CODE_MSGID_OUTSIDE_WINDOW);
    struct diagnosis d;
    enum side side = speaker_of(said, SIDE_INITIATOR);
    if (!said.note || !diagnosis_begin(&d, m, r, sa, side, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    diagnosis_say(&d, NULL,
                  "{here} got a message of {there} with a message id outside its window and dropped it: a late or doubled copy, "
                  "or an answer it had given up.");
    ADVISE(&d, common);
    quote_all(&d, sa, CODE_MSGID_OUTSIDE_WINDOW, 4);
    quote_all(&d, sa, CODE_RETRANSMIT, 2);
}

const struct rule rule_msgid_window = {
    .id = "msgid-window",
    .severity = SEVERITY_WARNING,
    .rank = 62,
    .title = "A message id was outside the window",
    .meaning = "Each side numbers its requests, and only answers to open requests are taken. One came that fits none: a copy "
               "that was late, or the answer to a request that was answered already.",
    .advice = "Harmless alone. Together with retransmissions of IKE_AUTH it points at lost fragments.",
    .sa = judge,
};
