/* IKE_SA_INIT works, IKE_AUTH is not answered or never comes. */
#include "analysis/denied.h"
#include "analysis/icmp.h"
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "let UDP 4500 pass in both directions between {ends}: behind NAT, everything from IKE_AUTH on uses it" },
};

static const struct advice large[] = {
    { TO_INITIATOR, PLATFORM_IOS, "if IKE_AUTH carries certificates: `crypto ikev2 fragmentation mtu 1200` on both ends" },
    { TO_INITIATOR, PLATFORM_ASA, "if IKE_AUTH carries certificates: `crypto ikev2 fragmentation mtu 1200` on both ends" },
};

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
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
    bool floats = sa->path_last && sa->path_last->responder.port == 4500;
    if (never)
        diagnosis_say(&d, NULL, "{responder} answered IKE_SA_INIT and then waited in vain for the IKE_AUTH of {initiator}.");
    else if (came)
        diagnosis_say(&d, "IKE_AUTH is not answered",
                      "{responder} received the IKE_AUTH of {initiator} and no answer of it was seen.");
    else
        diagnosis_say(&d, icmp.said.note ? icmp_title(&d, &icmp) : "IKE_AUTH is not answered",
                      "IKE_SA_INIT was answered, but the IKE_AUTH of {initiator} got no answer from {responder}.");
    if (floats && !sa->initiator_behind_nat && !sa->responder_behind_nat)
        diagnosis_more(&d, "IKE_AUTH moved to UDP 4500, and what came before it did not: that port is the first suspect.");
    else if (sa->initiator_behind_nat || sa->responder_behind_nat)
        diagnosis_more(&d, "There is NAT on the way, so IKE_AUTH moved to UDP 4500: that port is the first suspect.");
    else
        diagnosis_more(&d, "Proposals and UDP 500 are fine, since IKE_SA_INIT went through.");
    diagnosis_nat(&d);
    if (icmp.said.note && !came && !never)
        icmp_say(&d, &icmp);
    struct heard dropped = denied_between(m, sa);
    if (dropped.note)
        denied_tell(&d, dropped);
    ADVISE(&d, common);
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
