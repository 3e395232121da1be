/* The log leaves out what is needed: lines were dropped, debugs were off, or an attempt failed without a word why. */
#include "analysis/evidence.h"
#include "analysis/journeys.h"
#include "analysis/reach.h"
#include "analysis/troubles.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_IOS,
      "collect again: `configure terminal` / `logging buffered 10000000 debugging` / `no logging console` / `no logging "
      "rate-limit` / "
      "`service timestamps debug datetime msec` / `end`, then "
      "`debug crypto condition peer {family} {peer}`, `debug crypto ikev2`, `debug crypto ikev2 internal`, `debug crypto ikev2 "
      "packet`" },
    { TO_BOTH, PLATFORM_ASA,
      "collect again: `debug crypto condition peer {peer}`, `debug crypto ikev2 protocol 127`, `debug crypto ikev2 platform "
      "127`" },
};

/* The user cut the log, not the router. */
static const struct advice window[] = {
    { TO_BOTH, PLATFORM_UNKNOWN, "nothing there: give `--since` and `--until` more room; they leave out a part of {log}" },
};

/* An input of the SA's that --since and --until leave only a part of. */
static const struct input *cut_by_window(const struct model *m, const struct ike_sa *sa)
{
    for (const struct view *v = sa->views; v; v = v->next)
        if (v->input < m->input_count && m->inputs[v->input].outside)
            return &m->inputs[v->input];
    return NULL;
}

/* An attempt that failed and of which no rule knew why. */
static void judge_sa(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    if (sa->outcome != SA_FAILED || found_error(sa))
        return;
    struct heard last = last_word(sa);
    struct diagnosis d;
    if (!diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, CONFIDENCE_CERTAIN,
                         last.note ? arena_format(m->run, "failed %.*s", TEXT_ARGS(last_word_text(last))) : TEXT("failed")))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING);
    const struct exchange *x = sa->exchanges_last;
    diagnosis_word(&d, "exchange", text_of(x ? registry_name(REGISTRY_EXCHANGE, x->type) : NULL));
    diagnosis_word(&d, "state", text_of(sa->views ? sa->views->final_state : NULL));
    diagnosis_word(&d, "last", last_word_text(last));
    diagnosis_say(&d,
                  last.note ? "An attempt failed, and its log's last word is all that tells why"
                            : "An attempt failed and the inputs do not say why",
                  last.note ? "The attempt between {both} failed[[ in {exchange}]][[ (last state {state})]]; "
                              "its log's last word before the end: '{last}'."
                            : "The attempt between {both} failed[[ in {exchange}]][[ (last state {state})]], "
                              "and what is here does not say why.");
    ADVISE(&d, common);
    quote_note(&d, last);
    if (x)
        quote_leg(&d, x, x->response.seen ? &x->response : &x->request, "the last that was seen");
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct note *n = v->notes; n; n = n->next)
            if (n->severity >= SEVERITY_WARNING)
                quote_note(&d, (struct heard){ n, v });
}

static const struct advice shown[] = {
    { TO_THIS, PLATFORM_UNKNOWN,
      "show it again after some seconds; where it stands there still, or begins anew, the answer does not come: is the peer "
      "there, and UDP 500 and 4500 open on the way: `ping[[ vrf {fvrf}]] {peer}`, and at the peer `show crypto ikev2 sa`" },
};

/* What else the same router shows of the way to its peer. */
static void look_around(struct model *m, struct diagnosis *d, const struct ike_sa *sa)
{
    const struct view *v = sa->views;
    if (!v)
        return;
    struct reach down = reach_down(m, v->device, TEXT(""), v->local.address),
                 ping = reach_pinged(m, v->device, v->remote.address);
    if (down.record)
        reach_tell_down(d, v->device, v->local.address, v->remote.address, down);
    if (ping.record)
        reach_tell_ping(d, ping);
}

/* Show output alone has it, in the middle of its negotiation: a moment, not a log. */
static bool judge_shown(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct diagnosis d;
    if (!sa->shown_only || !sa->shown || found_error(sa))
        return false;
    const struct fact *facts = fact_children(sa->shown->entry);
    enum side side = sa->views ? (enum side)sa->views->role : SIDE_UNKNOWN;
    if (!diagnosis_begin(&d, m, r, sa, side, CONFIDENCE_CERTAIN, TEXT("shown")))
        return true;
    diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_word(&d, "state", fact_get_text(facts, "status"));
    diagnosis_word(&d, "description", fact_get_text(facts, "status_description"));
    diagnosis_say(&d, "An attempt was under way when it was shown",
                  "{here} shows an IKE SA with {there} that is not up[[: its state is {state}]][[, '{description}']].");
    diagnosis_more(&d, "Show output is one moment; whether it came up, or why not, a debug log tells.");
    struct text fvrf = fact_get_text(facts, "fvrf");
    if (!text_equal(fvrf, TEXT("(none)")) && !text_equal(fvrf, TEXT("none")))
        diagnosis_word(&d, "fvrf", fvrf);
    finding_quote(m, d.f, sa->shown->record, sa->shown->entry->line);
    look_around(m, &d, sa);
    ADVISE(&d, shown);
    diagnosis_debug(&d, TO_THIS);
    return true;
}

/* An excerpt: neither success nor failure is in it. */
static void judge_excerpt(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct diagnosis d;
    bool states = false;
    for (const struct view *v = sa->views; v; v = v->next)
        states |= v->transition_count > 0;
    if (sa->outcome != SA_INCOMPLETE || ike_sa_on_wire_alone(sa) || found_error(sa) || judge_shown(m, r, sa) ||
        !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, CONFIDENCE_CERTAIN, TEXT("excerpt")))
        return;
    diagnosis_severity(&d, SEVERITY_WARNING);
    const struct exchange *x = sa->exchanges_last;
    diagnosis_word(&d, "exchange", text_of(x ? registry_name(REGISTRY_EXCHANGE, x->type) : NULL));
    diagnosis_word(&d, "state", text_of(sa->views ? sa->views->final_state : NULL));
    diagnosis_say(&d, "Only a part of an attempt is here",
                  "What is here of the attempt between {both} ends[[ with {exchange}]][[ in state {state}]], "
                  "before it came up or failed, so nothing can be said about its outcome.");
    struct heard assigned = heard(sa, CODE_ADDRESS_ASSIGNED);
    if (assigned.note) {
        diagnosis_word(&d, "user", fact_get_text(assigned.note->facts, "username"));
        diagnosis_more(&d,
                       "It got as far as the address of its session[[, for {user}]]: keys, identities and method were accepted "
                       "before that.");
        quote_note(&d, assigned);
    }
    if (!sa->start_seen)
        diagnosis_more(&d, "Its beginning is missing, too.");
    if (!x)
        diagnosis_more(&d, "No message of it was logged: the packet debug was off, or those lines were left out.");
    else if (!states)
        diagnosis_more(&d, "No state of it was logged: the internal debug was off, or those lines were left out.");
    const struct input *cut = cut_by_window(m, sa);
    diagnosis_word(&d, "log", cut ? cut->name : TEXT(""));
    if (cut)
        ADVISE(&d, window);
    else
        ADVISE(&d, common);
    if (x)
        quote_leg(&d, x, x->response.seen ? &x->response : &x->request, "the last that was seen");
}

static const struct advice on_wire[] = {
    { TO_RESPONDER, PLATFORM_IOS, "does the request arrive, and does an answer leave? " CAPTURE_IOS },
    { TO_RESPONDER, PLATFORM_ASA, "does the request arrive, and does an answer leave? " CAPTURE_ASA },
    { TO_RESPONDER, PLATFORM_IOS,
      "is it taken and refused without a word: `debug crypto condition peer {family} {peer}`, `debug "
      "crypto ikev2`, `debug crypto ikev2 error`" },
    { TO_RESPONDER, PLATFORM_ASA,
      "is it taken and refused without a word: `debug crypto condition peer {peer}`, `debug crypto ikev2 protocol 127`, `debug "
      "crypto ikev2 platform 127`" },
    { TO_INITIATOR, PLATFORM_UNKNOWN, "let the capture run for a minute: an initiator asks again for about two minutes" },
    { TO_BOTH, PLATFORM_UNKNOWN, "let UDP {port} pass in both directions between {ends}" },
};

/* A capture alone that shows a request and no answer, too seldom or too short for more. */
static bool judge_on_wire(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = sa->exchanges_last;
    const struct sighting *last = x ? x->request.seen : NULL;
    struct diagnosis d;
    if (!ike_sa_on_wire_alone(sa) || sa->outcome != SA_INCOMPLETE || !x || !exchange_silent(x) || !last || found_error(sa) ||
        cut_by_window(m, sa) || diagnosed(sa, "one-direction-captured"))
        return false;
    if (!diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, CONFIDENCE_CERTAIN, TEXT("unanswered")))
        return true;
    while (last->next)
        last = last->next;
    const struct input *in = model_input(m, last->input);
    const uint64_t behind = in->packet_total > last->place ? in->packet_total - last->place : 0;
    const bool four = sa->path_last && sa->path_last->responder.port == PORT_NATT;
    const uint32_t copies = leg_copies(sa, x, &x->request, SIDE_UNKNOWN);
    diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_word(&d, "exchange", text_of(registry_name(REGISTRY_EXCHANGE, x->type)));
    diagnosis_word(&d, "asker", side_text(m, sa, x->from == SIDE_RESPONDER ? SIDE_RESPONDER : SIDE_INITIATOR));
    diagnosis_word(&d, "asked", side_text(m, sa, x->from == SIDE_RESPONDER ? SIDE_INITIATOR : SIDE_RESPONDER));
    diagnosis_word(&d, "often", copies > 1 ? arena_format(m->run, "%u times", (unsigned)copies) : TEXT("once"));
    diagnosis_word(&d, "port", four ? TEXT("4500") : TEXT("500 and 4500"));
    diagnosis_count(&d, "behind", behind, "packet", "packets");
    diagnosis_say(&d, "The capture shows a request and no answer",
                  "{asker} sent its {exchange} request to {asked} {often}, and no answer passes this point of capture.");
    diagnosis_more(&d, behind ? "The capture goes on for {behind} behind it."
                              : "It is the last packet of the capture: the answer may have come after that.");
    if (x->type == EXCHANGE_IKE_AUTH)
        diagnosis_more(&d,
                       "IKE_SA_INIT was answered, so the two reach each other and agree on proposals. No key would tell more: "
                       "what is sealed is the request, and a refusal would be an answer.");
    else if (x->type == EXCHANGE_IKE_SA_INIT)
        diagnosis_more(&d, "It is lost or filtered on the way, the peer is not there, or it has no IKEv2 for this address and "
                           "stays silent; keys and identities were not even looked at.");
    ADVISE(&d, on_wire);
    quote_leg(&d, x, &x->request, "no answer");
    return true;
}

/* Lines of IKE or IPsec, and no SA in them: why the report is empty, and what would fill it. */
static void judge_empty(struct model *m, const struct rule *r)
{
    if (m->ike_sa_count || m->flow_count || m->records || m->findings || m->options.endless)
        return; /* a stretch of an endless log need not show an SA: those that are up say little */
    for (size_t i = 0; i < m->input_count; i++) {
        const struct input *in = &m->inputs[i];
        uint64_t events = in->lines[LINE_EVENT], inside = in->lines[LINE_CONTINUATION];
        bool dump = !events && inside && inside + in->lines[LINE_BLANK] == in->line_total;
        struct diagnosis d;
        if ((!events && !dump) ||
            !diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_CERTAIN, arena_format(m->run, "empty %zu", i)))
            continue;
        diagnosis_severity(&d, SEVERITY_WARNING);
        diagnosis_word(&d, "name", in->name);
        diagnosis_say(
            &d, "Too little to tell of any IKE SA",
            dump ? "In {name} stands the inside of a packet's dump alone: the line that begins it, with its time, its message "
                   "id and its length, is missing, so it is not known of which message and of which SA it is."
                 : "In {name} stand lines of IKE or IPsec, but none that shows a message or a state of an IKE SA, so no "
                   "attempt can be rebuilt from it.");
        ADVISE(&d, common);
        if (m->loose)
            quote_note(&d, (struct heard){ m->loose, NULL });
    }
}

static void judge_whole(struct model *m, const struct rule *r)
{
    troubles_tell(m, r, common, COUNT_OF(common));
    for (const struct note *n = m->loose; n; n = n->next) {
        struct diagnosis d;
        if ((n->code != CODE_RATE_LIMITED && n->code != CODE_LOG_GAP) ||
            !diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_CERTAIN, TEXT("gap")))
            continue;
        diagnosis_say(&d, "The log has gaps", "the router dropped log messages, so lines are missing in the log.");
        ADVISE(&d, common);
        quote_note(&d, (struct heard){ n, NULL });
    }
    judge_empty(m, r);
}

/* A log that stopped and went on: others show its router send what it does not have. */
static void judge_pauses(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    for (const struct view *v = sa->views; v && m->input_count > 1; v = v->next) {
        const struct leg *first, *last;
        uint32_t count = !v->wire && v->role ? log_missed(m, sa, v, &first, &last) : 0;
        struct diagnosis d;
        if (!count || !diagnosis_begin(&d, m, r, sa, (enum side)v->role, CONFIDENCE_CERTAIN, TEXT("pause")))
            continue;
        diagnosis_word(&d, "log", m->inputs[v->input].name);
        diagnosis_wordf(&d, "messages", "%u message%s", (unsigned)count, count == 1 ? "" : "s");
        diagnosis_say(
            &d, "A log was not running all the time",
            "The log {log} of {here} lacks {messages} that the other inputs show {here} send, between others that it has: "
            "its debugs were off or its lines were dropped then, and what it lacks was not necessarily lost.");
        ADVISE(&d, common);
        for (const struct exchange *x = sa->exchanges; x; x = x->next)
            for (int i = 0; i < 2; i++)
                if ((i ? &x->response : &x->request) == first || (i ? &x->response : &x->request) == last)
                    quote_leg(&d, x, i ? &x->response : &x->request, "");
    }
}

/* The same lines where they were tied to an SA, and attempts nobody explained. */
static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard gap = heard(sa, CODE_LOG_GAP);
    gap = gap.note ? gap : heard(sa, CODE_RATE_LIMITED);
    struct diagnosis d;
    if (gap.note && diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, CONFIDENCE_CERTAIN, TEXT("gap"))) {
        diagnosis_say(&d, "The log has gaps",
                      "The router dropped log messages while it dealt with {both}, so lines are missing.");
        ADVISE(&d, common);
        quote_note(&d, gap);
    }
    judge_pauses(m, r, sa);
    judge_sa(m, r, sa);
    if (!judge_on_wire(m, r, sa))
        judge_excerpt(m, r, sa);
}

const struct rule rule_debug_incomplete = {
    .id = "debug-incomplete",
    .severity = SEVERITY_NOTE,
    .rank = 95,
    .title = "The log leaves out what is needed",
    .meaning = "Lines are missing: the router dropped messages, some debugs were off, the log begins in the middle, or an "
               "attempt failed without any line that tells why.",
    .advice = "Log to a large buffer instead of the console, with milliseconds, limited to one peer, and with the packet and "
              "internal debugs on.",
    .sa = judge,
    .whole = judge_whole,
};
