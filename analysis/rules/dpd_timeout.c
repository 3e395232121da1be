/* The peer was there and is gone: keep-alives of an SA that was up got no answer. RFC 7296 section 2.4. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_THIS, PLATFORM_IOS,
      "is the path there: `ping[[ vrf {front_vrf}]] {peer} source {local}`, and the routes and interfaces in the minutes "
      "before" },
    { TO_THIS, PLATFORM_ASA, "is the path there: `ping {peer}`, and the interfaces in the minutes before" },
    { TO_THAT, PLATFORM_UNKNOWN, "what happened here at that time: a reload, a failover, an interface down, a command?" },
    { TO_BOTH, PLATFORM_UNKNOWN,
      "behind NAT, an idle mapping may have expired: NAT keepalives of 20 seconds, and a DPD interval shorter than the mapping's "
      "life" },
    { TO_THIS, PLATFORM_IOS,
      "`show crypto ikev2 stats timeout`; how patient it is stands in the profile: `crypto ikev2 profile NAME` / "
      "`dpd 30 5 periodic` asks every 30 seconds and, without an answer, again after 5" },
};

enum { COPIES_TO_JUDGE = 2 };

static bool deletes(const struct exchange *x, bool ike)
{
    const struct message *q = x->request.message;
    for (const struct deletion *d = q ? q->deletions : NULL; d; d = d->next)
        if ((d->protocol == PROTOCOL_IKE) == ike)
            return true;
    return false;
}

static const struct exchange *unanswered(const struct ike_sa *sa)
{
    const struct exchange *found = NULL;
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        if (x->type == EXCHANGE_CREATE_CHILD_SA && x->outcome == EXCHANGE_OK)
            found = NULL; /* it answers: the log lacks a line */
        if (x->type != EXCHANGE_INFORMATIONAL)
            continue;
        if (exchange_silent(x) && x->request.retransmissions && !deletes(x, true))
            found = x;
        else if (!exchange_silent(x))
            found = NULL; /* it came back */
    }
    return found;
}

static bool rekey_unanswered(const struct ike_sa *sa)
{
    const struct exchange *x = exchange_last(sa, EXCHANGE_CREATE_CHILD_SA);
    return heard(sa, CODE_CHILD_EXCHANGE_FAILED).note || (x && exchange_silent(x));
}

static const struct advice forgotten[] = {
    { TO_THAT, PLATFORM_UNKNOWN, "what happened here before: a reload, a failover, a command that cleared its SAs?" },
    { TO_THIS, PLATFORM_IOS,
      "do not wait for the time-out: `clear crypto ikev2 sa remote {peer}`; a shorter one: `dpd 10 2 periodic` in the profile" },
    { TO_THIS, PLATFORM_ASA,
      "do not wait for the time-out: `clear crypto ikev2 sa {peer}`; a shorter one: `isakmp keepalive threshold 10 retry 2` in "
      "the tunnel-group" },
};

/* It answered, and that it does not have this SA: RFC 7296 section 2.21.4. Nothing protects such an answer, so that who asked
 * goes on asking until it gives up. */
static bool judge_forgotten(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = exchange_refused(sa, EXCHANGE_INFORMATIONAL, NOTIFY_INVALID_IKE_SPI, NULL);
    struct heard gave_up = heard(sa, CODE_RETRANSMIT_EXCEEDED), dead = heard(sa, CODE_DPD_DEAD);
    struct diagnosis d;
    if (!x || !x->request.seen || !x->response.seen ||
        (!gave_up.note && !dead.note && x->request.retransmissions < COPIES_TO_JUDGE))
        return false;
    if (!diagnosis_begin(&d, m, r, sa, (enum side)x->from, gave_up.note || dead.note ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY,
                         TEXT("forgotten")))
        return true;
    uint32_t asked = leg_copies(sa, x, &x->request, (enum side)x->from);
    if (asked > 1)
        diagnosis_wordf(&d, "times", "%u times ", (unsigned)asked);
    else
        diagnosis_word(&d, "times", TEXT("once "));
    diagnosis_say(
        &d, "The peer no longer knows the SA",
        "{there} has lost this IKE SA: asked {times}whether it is still there, it answered {here} with INVALID_IKE_SPI, which is "
        "not protected, so {here} had to go on asking until it gave up.");
    diagnosis_more(&d, "The path is fine; {there} was restarted or its SAs were cleared.");
    ADVISE(&d, forgotten);
    quote_leg(&d, x, &x->request, "is it there?");
    quote_leg(&d, x, &x->response, "INVALID_IKE_SPI");
    quote_note(&d, dead);
    quote_note(&d, gave_up);
    return true;
}

static const struct advice way_back[] = {
    { TO_THAT, PLATFORM_IOS,
      "it arrives here, so does the way back work: `show {ip} route[[ vrf {front_vrf}]] {peer}`, `ping[[ vrf {front_vrf}]] "
      "{peer} "
      "source {local}`, access lists outbound" },
    { TO_THAT, PLATFORM_ASA, "it arrives here, so does the way back work: `show route {peer}`, `ping {peer}`, `show asp drop`" },
    { TO_THIS, PLATFORM_UNKNOWN, "let UDP 500 and 4500 from {peer} in on {local} and on every firewall and NAT in front of it" },
};

/* The log of who was asked has the question, each time. */
static void tell_arrived(struct diagnosis *d, const struct exchange *x)
{
    diagnosis_say(
        d, "Answers to the liveness check are lost, or not given",
        "{here} asked[[ {times} times]] whether {there} is still there. The log of {there} has the request, and no answer "
        "to it.");
    diagnosis_more(d, "The way from {here} to {there} works; the answers are lost on their way back, or {there} gives none.");
    ADVISE(d, way_back);
    diagnosis_debug(d, TO_THAT);
    quote_leg(d, x, &x->request, "no answer");
}

enum { HEIRS_ASKED = 64 };

/* Did the SA that replaced it, or that one's, go on behind that place? Then the peer is there: what it did not answer was of an SA
 * that goes, most often that it goes. */
static bool heir_goes_on(const struct ike_sa *sa, uint32_t input, uint32_t place)
{
    unsigned n = 0;
    for (const struct ike_sa *heir = sa->rekeyed_by; heir && n < HEIRS_ASKED; heir = heir->rekeyed_by, n++) {
        const struct view *v = view_of_input(heir, input);
        if (v && v->last_line > place)
            return true;
    }
    return false;
}

static bool is_missed(const struct ike_sa *sa, const struct exchange *x, struct heard gave_up)
{
    const struct sighting *last = x ? x->request.seen_last : NULL;
    return !(last && heir_goes_on(sa, last->input, last->place)) &&
           !(gave_up.note && heir_goes_on(sa, gave_up.note->input, gave_up.note->line));
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = unanswered(sa);
    struct heard dead = heard(sa, CODE_DPD_DEAD), gave_up = heard(sa, CODE_RETRANSMIT_EXCEEDED);
    if (!sa->established || judge_forgotten(m, r, sa) || !is_missed(sa, x, gave_up))
        return;
    static const char *const words[] = { "eer lost", "DPD" };
    for (size_t i = 0; i < COUNT_OF(words) && !dead.note; i++)
        dead = heard_text(sa, CODE_SESSION_DOWN, words[i]);
    bool silent = x && (gave_up.note || x->request.retransmissions >= COPIES_TO_JUDGE);
    bool told = gave_up.note && !x && (heard_after(gave_up, CODE_SESSION_DOWN).note || heard_while_up(gave_up)) &&
                !rekey_unanswered(sa);
    enum side side = x && x->from                   ? (enum side)x->from
                     : dead.view && dead.view->role ? (enum side)dead.view->role
                                                    : speaker_of(gave_up, SIDE_UNKNOWN);
    struct diagnosis d;
    if ((!silent && !dead.note && !told) ||
        !diagnosis_begin(&d, m, r, sa, side, gave_up.note || dead.note ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY, TEXT("")))
        return;
    if (x)
        diagnosis_wordf(&d, "times", "%u", (unsigned)x->request.retransmissions + 1);
    if (x && x->from && !dead.note && !gave_up.note && !deletes(x, false) &&
        leg_seen(sa, x, &x->request, side_other((enum side)x->from))) {
        tell_arrived(&d, x);
        return;
    }
    diagnosis_say(&d, NULL,
                  x && deletes(x, false)
                      ? "{there} stopped answering: {here} told it[[ {times} times]] that a Child SA goes, and the tunnel was up "
                        "before."
                      : "{there} stopped answering: {here} asked[[ {times} times]] whether it is still there, and the tunnel was "
                        "up before.");
    diagnosis_more(&d, "This is the path or the peer itself, not a setting of IKE.");
    ADVISE(&d, common);
    if (x)
        quote_leg(&d, x, &x->request, "no answer");
    quote_note(&d, dead);
    quote_note(&d, gave_up);
    quote_note(&d, heard(sa, CODE_INTERFACE_CHANGED));
    quote_note(&d, heard(sa, CODE_SESSION_DOWN));
}

const struct rule rule_dpd_timeout = {
    .id = "dpd-timeout",
    .severity = SEVERITY_ERROR,
    .rank = 20,
    .title = "The peer stopped answering",
    .meaning = "A tunnel that was up asked its peer for a sign of life (dead peer detection), repeated that, got nothing, and "
               "took the tunnel down.",
    .advice = "Look at the path and the peer at that time: interface, route, reload, an expired NAT mapping.",
    .sa = judge,
};
