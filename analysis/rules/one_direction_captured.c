/* A capture of an IKE SA that has one end's messages alone, though what the other sent arrived: it was taken where the way back
 * does not go by, or filtered. What it lacks was not lost. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_IOS, "capture both directions at one of the ends itself: " CAPTURE_IOS },
    { TO_BOTH, PLATFORM_ASA, "capture both directions at one of the ends itself: " CAPTURE_ASA },
    { TO_BOTH, PLATFORM_UNKNOWN,
      "capture where both directions pass, on both links where the way back is another one, and with a filter that names hosts "
      "and not their roles (`host A and host B`, not `src A`)" },
};

/* Requests that an end sends at most before the first of them is answered: what IOS offers, who offers most (RFC 7296 section 2.3). */
enum { WINDOW = 5 };

struct half_seen {
    unsigned messages[SIDE_RESPONDER + 1]; /* by who sent them */
    unsigned answers;                      /* of these messages */
    unsigned steps;                        /* on to the next request, WINDOW of which show that an answer arrived */
    const struct exchange *first, *last;
};

static void count(struct half_seen *h, const struct exchange *x, const struct leg *leg)
{
    const enum side from = leg_sender(x, leg);
    if (!leg->copies || from == SIDE_UNKNOWN)
        return;
    h->messages[from]++;
    h->answers += leg == &x->response;
    h->first = h->first ? h->first : x;
    h->last = x;
}

/* A request has the responder's SPI only once IKE_SA_INIT was answered, and until the SA is up each waits for the one before; then
 * it has a higher message id than all that are not answered and fit the window. */
static unsigned steps(const struct exchange *x)
{
    const struct exchange *next = x->next;
    if (x->response.copies || !x->request.copies || !next || !next->request.copies || next->from != x->from ||
        next->type == EXCHANGE_IKE_SA_INIT || next->message_id != x->message_id + 1)
        return 0;
    return x->type == EXCHANGE_CREATE_CHILD_SA || x->type == EXCHANGE_INFORMATIONAL ? 1 : WINDOW;
}

static struct half_seen look(const struct ike_sa *sa)
{
    struct half_seen h = { 0 };
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        count(&h, x, &x->request);
        count(&h, x, &x->response);
        h.steps += steps(x);
    }
    return h;
}

enum { FLOWS_ASKED = 4096 };

/* Did the side whose IKE messages are missing send ESP past this place, as far as it pays to look? */
static bool sends_esp(const struct model *m, const struct ike_sa *sa, enum side side)
{
    const struct address from = address_on(sa, side), to = address_on(sa, side_other(side));
    unsigned n = 0;
    for (const struct flow *f = m->flows; f; f = f->next)
        if (++n > FLOWS_ASKED || (address_equal(f->source.address, from) && address_equal(f->destination.address, to)))
            return true;
    return false;
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    if (!sa->exchanges || !ike_sa_on_wire_alone(sa))
        return;
    const struct half_seen h = look(sa);
    const enum side seen = h.messages[SIDE_INITIATOR] ? SIDE_INITIATOR : SIDE_RESPONDER;
    const unsigned n = h.messages[seen];
    struct diagnosis d;
    if (n < 2 || h.messages[side_other(seen)] || (h.answers < 2 && h.steps < WINDOW) || sends_esp(m, sa, side_other(seen)) ||
        !diagnosis_begin(&d, m, r, sa, seen, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    diagnosis_count(&d, "messages", n, "message", "messages");
    diagnosis_say(
        &d, NULL,
        h.answers == n ? "The capture has {messages} of {here}, all of them answers, and none of {there}, which it answered."
        : h.steps >= WINDOW
            ? "The capture has {messages} of {here} and none of {there}, whose answers arrived all the same: {here} went "
              "on with what they said."
            : "The capture has {messages} of {here} and none of {there}, whose requests arrived all the same: {here} answered "
              "them.");
    diagnosis_more(&d,
                   "It was taken where only one direction passes, as the way back is another one, or its filter left the other "
                   "out. What it lacks was not lost, and nothing that needs both directions can be told from it: neither "
                   "whether the SA stays up nor, with its keys, what ESP carries.");
    ADVISE(&d, common);
    quote_leg(&d, h.first, h.first->request.copies ? &h.first->request : &h.first->response, "of this side alone");
    if (h.last != h.first)
        quote_leg(&d, h.last, h.last->request.copies ? &h.last->request : &h.last->response, "of this side alone");
}

const struct rule rule_one_direction_captured = {
    .id = "one-direction-captured",
    .severity = SEVERITY_WARNING,
    .rank = 8,
    .title = "The capture has one direction alone",
    .meaning = "All captured messages of an IKE SA are from one end, and show that those of the other arrived there: the capture "
               "was taken where the way back does not go by, or with a filter for one direction.",
    .advice = "Capture at one of the ends, or on both links, with a filter that takes both directions.",
    .sa = judge,
};
