/* A message that one router sent and the other, whose log was running, did not receive. With captures on the way it is told on
 * which part of it the message vanished. */
#include "analysis/journeys.h"
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "look for drops on the part of the way that is named: interfaces, access lists, policers, firewalls, a full control-plane "
      "queue" },
    { TO_BOTH, PLATFORM_UNKNOWN, "capture at both ends at once to narrow it down further" },
};

enum { TOLD_ONE_BY_ONE = 8, MISSED = 1 };

static void say_where(struct diagnosis *d, const struct journey *j)
{
    if (j->behind_wire)
        diagnosis_word(d, "has", d->m->inputs[j->has_input].name);
    if (j->before_wire)
        diagnosis_word(d, "lacks", d->m->inputs[j->lacks_input].name);
    if (j->behind_wire && j->before_wire)
        diagnosis_more(d, "The capture {has} has it and {lacks} has not: it vanished between these two points.");
    else if (j->behind_wire)
        diagnosis_more(d,
                       "The capture {has} has it: it vanished between the point of the capture and {there}, or was dropped there "
                       "before IKE saw it.");
    else if (j->before_wire)
        diagnosis_more(d,
                       "The capture {lacks} does not have it either: it vanished between {here} and the point of the capture.");
    else
        diagnosis_more(d, "Where on the way it vanished, a capture would tell.");
}

/* A capture that lacks messages which did arrive may have missed this one as well. */
static void doubt_capture(struct diagnosis *d, const struct ike_sa *sa, const struct journey *j)
{
    const struct leg *missed[MISSED];
    const struct exchange *of[MISSED];
    const struct view *wire = j->before_wire ? view_of_input(sa, j->lacks_input) : NULL;
    uint32_t count = wire ? capture_missed(d->m, sa, wire, missed, of, MISSED) : 0;
    if (!count)
        return;
    diagnosis_wordf(d, "missed", "%u message%s", (unsigned)count, count == 1 ? "" : "s");
    diagnosis_more(d,
                   "But {lacks} also lacks {missed} that did arrive by what both logs say, so it may have missed this one, too.");
}

static void tell(struct model *m, const struct rule *r, struct ike_sa *sa, const struct exchange *x, const struct journey *j,
                 uint32_t told)
{
    const char *type = registry_name(REGISTRY_EXCHANGE, x->type);
    bool request = j->leg == &x->request, made_good = j->lost < j->copies;
    struct diagnosis d;
    struct text about = told < TOLD_ONE_BY_ONE ? arena_format(m->run, "%u %u %d %d", (unsigned)x->type, (unsigned)x->message_id,
                                                              request, (int)x->from)
                                               : TEXT("more");
    if (!diagnosis_begin(&d, m, r, sa, j->sender, CONFIDENCE_LIKELY, about))
        return;
    diagnosis_wordf(&d, "message", "%s %s (message id %u)", type ? type : "IKE", request ? "request" : "response",
                    (unsigned)x->message_id);
    diagnosis_word(&d, "article", x->type == EXCHANGE_CREATE_CHILD_SA ? TEXT("a") : TEXT("an"));
    if (j->copies > 1)
        diagnosis_wordf(&d, "times", "%u", (unsigned)j->copies);
    if (made_good)
        diagnosis_wordf(&d, "lost", j->lost == 1 ? "the first copy" : "the first %u copies", (unsigned)j->lost);
    diagnosis_say(
        &d, NULL,
        !j->sent_by_log ? "The capture shows {article} {message} of {here}, and the log of {there}, which was running, does "
                          "not have it."
        : made_good     ? "{here} sent {article} {message} {times} times, because {lost} did not arrive: the log of {there}, "
                          "which was running, does not have it."
                        : "{here} sent {article} {message}[[ {times} times]], and the log of {there}, which was running, does "
                          "not have it.");
    say_where(&d, j);
    doubt_capture(&d, sa, j);
    ADVISE(&d, common);
    quote_leg(&d, x, j->leg, "");
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct journeys journeys = { .m = m, .sa = sa };
    uint32_t told = 0;
    if (!sa->views || !sa->views->next)
        return;
    for (const struct exchange *x = sa->exchanges; x; x = x->next)
        for (int i = 0; i < 2; i++) {
            struct journey j;
            if (journey_of(&journeys, x, i ? &x->response : &x->request, &j) && j.lost && j.receiver_ran)
                tell(m, r, sa, x, &j, told++);
        }
    journeys_end(&journeys);
}

const struct rule rule_message_lost = {
    .id = "message-lost",
    .severity = SEVERITY_WARNING,
    .rank = 40,
    .title = "A message was lost on the way",
    .meaning = "One router's log, or a capture, shows that a message was sent, and the other router's log of the same time does "
               "not show its arrival. A log that had ended or not begun by then does not count, and neither does one that lacks "
               "what its own router is known to have sent then.",
    .advice = "Look at the part of the way that the finding names; take a capture at both ends.",
    .sa = judge,
};
