/* IKE_SA_INIT works, IKE_AUTH is not answered or never comes. */
#include "analysis/denied.h"
#include "analysis/icmp.h"
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "let UDP 4500 pass in both directions between {ends}: behind NAT, everything from IKE_AUTH on uses it" },
};

/* Without NAT a peer may move all the same (MOBIKE), which only its own log shows. */
static const struct advice either_port[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "let UDP 500 and UDP 4500 pass in both directions between {ends}: without NAT, most peers stay on UDP 500, and some move" },
};
static const struct advice same_port[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "between {ends} UDP 500 lets IKE_SA_INIT pass and not what follows: look there for a firewall that inspects IKE, a "
      "policer, or a way back that is another one" },
};

static const struct advice large[] = {
    { TO_INITIATOR, PLATFORM_IOS, "if IKE_AUTH carries certificates: `crypto ikev2 fragmentation mtu 1200` on both ends" },
    { TO_INITIATOR, PLATFORM_ASA, "if IKE_AUTH carries certificates: `crypto ikev2 fragmentation mtu 1200` on both ends" },
};

static const struct advice in_the_middle[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      "does the AAA server answer it: `show aaa servers`, `debug radius`, `debug aaa authentication`; when it turned the user "
      "away, its log says so" },
    { TO_RESPONDER, PLATFORM_ASA,
      "does the AAA server answer it: `show aaa-server`, `debug radius`; when it turned the user away, its log says so" },
};

/* An IKE_AUTH before this one was answered: EAP takes several, and so do several rounds (RFC 4739). */
static const struct exchange *answered_before(const struct ike_sa *sa, const struct exchange *x)
{
    const struct exchange *found = NULL;
    for (const struct exchange *y = sa->exchanges; y && y != x; y = y->next)
        if (y->type == EXCHANGE_IKE_AUTH && y->response.seen)
            found = y;
    return found;
}

/* The way is not in question: the responder fell silent in the middle. */
static void tell_middle(struct diagnosis *d, const struct ike_sa *sa, const struct exchange *before)
{
    diagnosis_say(d, "IKE_AUTH is no longer answered",
                  sa->initiator.eap
                      ? "{responder} answered the IKE_AUTH of {initiator} at first, and fell silent in the middle of EAP."
                      : "{responder} answered the IKE_AUTH of {initiator} at first, and then no longer.");
    diagnosis_more(
        d, sa->initiator.eap
               ? "So ports, path and proposals are fine: it waits for its AAA server, or has ended the attempt without a word."
               : "So ports, path and proposals are fine; it has ended the attempt without a word, or what follows is too "
                 "large for the path.");
    if (sa->initiator.eap)
        ADVISE(d, in_the_middle);
    quote_leg(d, before, &before->response, "the last answer");
}

/* There is no NAT, and it was seen to leave for UDP 500, as IKE_SA_INIT before it did. */
static bool stays_on_500(const struct ike_sa *sa, const struct exchange *x)
{
    const struct sighting *s = x ? x->request.seen : NULL;
    return s && !s->announced && sa->responder.endpoint.port == PORT_IKE && !sa_in_udp(sa) && !sa->initiator_behind_nat &&
           !sa->responder_behind_nat;
}

/* Which port is to blame, or that none is. in_vain: the responder itself says that it waited. */
static void tell_port(struct diagnosis *d, const struct ike_sa *sa, bool on_500, bool in_vain)
{
    bool nat = sa->initiator_behind_nat || sa->responder_behind_nat;
    if (nat && sa_kept_500(sa))
        diagnosis_more(d,
                       "There is NAT on the way, and IKE_AUTH stayed on UDP 500 all the same: NAT traversal is off at one end.");
    else if (nat)
        diagnosis_more(d, "There is NAT on the way, so IKE_AUTH moved to UDP 4500: that port is the first suspect.");
    else if (sa->path_last && sa->path_last->responder.port == PORT_NATT)
        diagnosis_more(d, "IKE_AUTH moved to UDP 4500, and what came before it did not: that port is the first suspect.");
    else
        diagnosis_more(d, "Proposals and UDP 500 are fine, since IKE_SA_INIT went through.");
    if (on_500)
        diagnosis_more(d, in_vain
                              ? "IKE_AUTH went the same way, over UDP 500, and {responder} waited for it in vain: it is lost in "
                                "between."
                              : "IKE_AUTH went the same way, over UDP 500, so UDP 4500 is not the trouble: it or its answer is "
                                "lost, or {responder} dropped it without a word, and only the log there tells which.");
}

/* ---- captures ---- */

enum { NEIGHBOURS = 32 };
#define GOES_ON_NS INT64_C(5000000000)

static const struct advice elsewhere[] = {
    { TO_BOTH, PLATFORM_UNKNOWN, "capture UDP 500 and UDP 4500 at both ends: where is the IKE_AUTH seen last" },
};

/* The same initiator asks for another SA behind it. */
static bool asked_again(const struct ike_sa *sa)
{
    unsigned n = 0;
    for (const struct ike_sa *s = sa->next; s && n < NEIGHBOURS; s = s->next, n++)
        if (address_equal(s->initiator.endpoint.address, sa->initiator.endpoint.address) &&
            address_equal(s->responder.endpoint.address, sa->responder.endpoint.address) && s->start_seen)
            return true;
    return false;
}

/* IKE_SA_INIT was answered with an agreement, and that is all that the captures have of it, although they go on. */
static const struct exchange *ends_after_init(const struct model *m, const struct ike_sa *sa, bool again)
{
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_SA_INIT);
    if (!x || !ike_sa_on_wire_alone(sa) || sa->established || sa->failed || sa->redirected || !sa->has_proposal ||
        x->outcome != EXCHANGE_OK || !x->response.seen)
        return NULL;
    for (const struct exchange *y = sa->exchanges; y; y = y->next)
        if (y->type != EXCHANGE_IKE_SA_INIT)
            return NULL;
    const struct sighting *s = x->response.seen_last;
    const struct stamp last = model_input(m, s->input)->last_stamp;
    return again || (last.kind && s->ns != TIME_UNKNOWN && last.ns - s->ns >= GOES_ON_NS) ? x : NULL;
}

static bool judge_wire(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    bool again = asked_again(sa), nat = sa->initiator_behind_nat || sa->responder_behind_nat;
    const struct exchange *x = ends_after_init(m, sa, again);
    struct diagnosis d;
    if (!x || !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, CONFIDENCE_LIKELY, TEXT("wire")))
        return x != NULL;
    if (!again)
        diagnosis_severity(&d, SEVERITY_WARNING);
    diagnosis_say(
        &d, NULL,
        again ? "{responder} answered IKE_SA_INIT, and {initiator} began anew instead of going on: no IKE_AUTH came past the "
                "point of the capture."
              : "{responder} answered IKE_SA_INIT, and no IKE_AUTH of {initiator} came past the point of the capture.");
    diagnosis_more(&d,
                   nat ? "There is NAT on the way, so IKE_AUTH goes over UDP 4500: that port does not pass before this point, or "
                         "the capture leaves it out."
                       : "It was lost before this point, as most peers send it over UDP 4500 or, with certificates, in IP "
                         "fragments; or the capture leaves those out; or the answer did not reach {initiator}, or it did not "
                         "like what it says.");
    if (sa->ppk_declined)
        diagnosis_more(&d,
                       "{initiator} offered to use a postquantum preshared key and {responder} did not: where that is required, "
                       "the attempt ends here.");
    ADVISE(&d, common);
    ADVISE(&d, elsewhere);
    ADVISE(&d, large);
    diagnosis_debug(&d, TO_INITIATOR);
    quote_leg(&d, x, &x->response, "the last that is seen");
    return true;
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    if (judge_wire(m, r, sa))
        return;
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_AUTH);
    struct heard timeout = heard(sa, CODE_WAIT_AUTH_TIMEOUT), gave_up = heard(sa, CODE_RETRANSMIT_EXCEEDED);
    if (x && gave_up.note && gave_up.view->role == SIDE_RESPONDER)
        gave_up.note = NULL; /* it has the request: what it repeated was something else */
    bool silent = x && exchange_silent(x) && (x->request.retransmissions || gave_up.note);
    bool never = !x && timeout.note;
    silent |= !x && !never && gave_up.note && sa->outcome == SA_FAILED && /* a log without packets */
              (spi_known(sa->spi_r) || heard(sa, CODE_AUTH_EXCHANGE_FAILED).note);
    struct diagnosis d;
    if (sa->established || (!silent && !never) ||
        !diagnosis_begin(&d, m, r, sa, never ? SIDE_RESPONDER : SIDE_INITIATOR,
                         gave_up.note || timeout.note ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY, TEXT("")))
        return;
    struct icmp_error icmp = icmp_heard(sa, ICMP_CLOSED | ICMP_FILTERED | ICMP_NO_WAY);
    bool came = silent && x && leg_seen(sa, x, &x->request, SIDE_RESPONDER);
    bool on_500 = !came && stays_on_500(sa, x);
    const struct exchange *before = silent && !came ? answered_before(sa, x) : NULL;
    if (before) {
        tell_middle(&d, sa, before);
        diagnosis_debug(&d, TO_RESPONDER);
        quote_leg(&d, x, &x->request, "no answer");
        quote_note(&d, gave_up);
        return;
    }
    if (never)
        diagnosis_say(&d, NULL, "{responder} answered IKE_SA_INIT and then waited in vain for the IKE_AUTH of {initiator}.");
    else if (came)
        diagnosis_say(&d, "IKE_AUTH is not answered",
                      "{responder} received the IKE_AUTH of {initiator} and no answer of it was seen.");
    else
        diagnosis_say(&d, icmp.said.note ? icmp_title(&d, &icmp) : "IKE_AUTH is not answered",
                      "IKE_SA_INIT was answered, but the IKE_AUTH of {initiator} got no answer from {responder}.");
    tell_port(&d, sa, on_500, timeout.note != NULL);
    diagnosis_nat(&d);
    if (icmp.said.note && !came && !never)
        icmp_say(&d, &icmp);
    struct heard dropped = denied_between(m, sa);
    if (dropped.note)
        denied_tell(&d, dropped);
    if (on_500)
        ADVISE(&d, same_port);
    else if (sa->nat_known && !sa->initiator_behind_nat && !sa->responder_behind_nat)
        ADVISE(&d, either_port);
    else
        ADVISE(&d, common);
    if (on_500)
        ADVISE(&d, elsewhere);
    if (!x || !x->request.message || x->request.message->cert_count) /* seen to carry none, it is small */
        ADVISE(&d, large);
    diagnosis_debug(&d, never ? TO_INITIATOR : TO_RESPONDER);
    if (x)
        quote_leg(&d, x, &x->request, "no answer");
    quote_note(&d, gave_up);
    quote_note(&d, timeout);
    quote_note(&d, heard(sa, CODE_NAT_FLOAT));
}

const struct rule rule_auth_not_received = {
    .id = "auth-not-received",
    .severity = SEVERITY_ERROR,
    .rank = 22,
    .title = "IKE_AUTH never arrives",
    .meaning = "IKE_SA_INIT was answered, so proposals and UDP 500 are fine, but IKE_AUTH is lost: UDP 4500 is filtered after "
               "NAT was detected, a large "
               "message lost its IP fragments, or the peer drops it silently.",
    .advice = "Allow UDP 4500 both ways, switch on IKE fragmentation when certificates are used, and look at the other end's log "
              "for the same seconds.",
    .sa = judge,
};
