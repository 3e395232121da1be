/* A message that one router logged as sent and the other, whose log was running, never logged as received. With a capture
 * between them it is told on which part of the way it vanished. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "look for drops on the part of the way that is named: interfaces, access lists, policers, firewalls, a full control-plane "
      "queue" },
    { TO_BOTH, PLATFORM_UNKNOWN, "capture at both ends at once to narrow it down further" },
};

#define MARGIN_NS INT64_C(2000000000)

/* Was this observer's log running when something was sent? It is, when it shows the SA before and after. */
static bool running(const struct model *m, const struct view *v, const struct sighting *sent)
{
    int64_t when = model_time(m, sent->input, sent->ns);
    const struct input *in = model_input(m, v->input);
    int64_t from = model_time(m, v->input, in->first_stamp.kind ? in->first_stamp.ns : v->first_ns);
    int64_t to = model_time(m, v->input, in->last_stamp.kind ? in->last_stamp.ns : v->last_ns);
    if (when == TIME_UNKNOWN || from == TIME_UNKNOWN || to == TIME_UNKNOWN)
        return false;
    return from <= when - MARGIN_NS / 2 && to >= when + MARGIN_NS / 2;
}

/* A log without packet dumps shows no message at all: it proves nothing about one. */
static bool logs_packets(const struct ike_sa *sa, uint32_t input)
{
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        const struct leg *legs[2] = { &x->request, &x->response };
        for (int i = 0; i < 2; i++)
            for (const struct sighting *s = legs[i]->seen; s; s = s->next)
                if (s->input == input && s->direction == DIRECTION_RECEIVED)
                    return true;
    }
    return false;
}

struct loss {
    const struct exchange *exchange;
    const struct leg *leg;
    const struct sighting *sent;
    enum side sender;
    uint32_t sent_copies, arrived, wire;
    bool has_wire;
};

static bool lost(const struct model *m, const struct ike_sa *sa, const struct exchange *x, const struct leg *leg,
                 struct loss *loss)
{
    enum side sender = leg == &x->request ? (enum side)x->from : side_other((enum side)x->from);
    const struct view *receiver = view_on(sa, side_other(sender)), *wire = view_wire(sa);
    *loss = (struct loss){ .exchange = x, .leg = leg, .sender = sender, .has_wire = wire != NULL };
    loss->sent = sender ? leg_seen(m, sa, leg, sender) : NULL;
    if (!loss->sent || !receiver || !logs_packets(sa, receiver->input) || !running(m, receiver, loss->sent))
        return false;
    loss->sent_copies = leg_copies(sa, leg, sender);
    loss->arrived = leg_copies(sa, leg, side_other(sender));
    loss->wire = leg_copies(sa, leg, SIDE_UNKNOWN);
    return loss->arrived == 0;
}

static void tell(struct model *m, const struct rule *r, struct ike_sa *sa, const struct loss *l)
{
    const char *type = registry_name(REGISTRY_EXCHANGE, l->exchange->type);
    bool request = l->leg == &l->exchange->request;
    struct diagnosis d;
    if (!diagnosis_begin(
            &d, m, r, sa, l->sender, CONFIDENCE_LIKELY,
            arena_format(m->run, "%u %u %d", (unsigned)l->exchange->type, (unsigned)l->exchange->message_id, request)))
        return;
    diagnosis_wordf(&d, "message", "%s %s (message id %u)", type ? type : "IKE", request ? "request" : "response",
                    (unsigned)l->exchange->message_id);
    if (l->sent_copies > 1)
        diagnosis_wordf(&d, "times", "%u", (unsigned)l->sent_copies);
    diagnosis_say(&d, NULL,
                  "{here} sent an {message}[[ {times} times]], and the log of {there}, which was running, does not have it.");
    if (l->wire)
        diagnosis_more(&d, "The capture has it: it vanished between the point of the capture and {there}, or was dropped there "
                           "before IKE saw it.");
    else if (l->has_wire)
        diagnosis_more(&d, "The capture does not have it either: it vanished between {here} and the point of the capture.");
    else
        diagnosis_more(&d, "Where on the way it vanished, a capture would tell.");
    ADVISE(&d, common);
    quote_leg(&d, l->exchange, l->leg, "");
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    if (m->input_count < 2)
        return;
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        const struct leg *legs[2] = { &x->request, &x->response };
        for (int i = 0; i < 2; i++) {
            struct loss l;
            if (x->from && lost(m, sa, x, legs[i], &l))
                tell(m, r, sa, &l);
        }
    }
}

const struct rule rule_message_lost = {
    .id = "message-lost",
    .severity = SEVERITY_WARNING,
    .rank = 40,
    .title = "A message was lost on the way",
    .meaning = "One router logged that it sent a message, and the other router's log of the same time does not show its arrival. "
               "A log that had ended or not begun by then does not count.",
    .advice = "Look at the part of the way that the finding names; take a capture at both ends.",
    .sa = judge,
};
