/* The responder asked for a cookie before it kept any state. RFC 7296 section 2.6. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      "many half-open SAs: an attack, or peers that fail again and again? `show crypto ikev2 stats`; the threshold is what "
      "`show run | include cookie-challenge` shows; `no crypto ikev2 cookie-challenge` takes it away" },
    { TO_RESPONDER, PLATFORM_ASA,
      "many half-open SAs: an attack, or peers that fail again and again? `show crypto ikev2 stats`; the threshold, by default "
      "`crypto ikev2 cookie-challenge 50`, is a share of what may be in negotiation, in per cent" },
};

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = sa->exchanges;
    for (; x; x = x->next)
        if (x->type == EXCHANGE_IKE_SA_INIT && ((x->response.message && message_notice(x->response.message, NOTIFY_COOKIE)) ||
                                                (x->request.message && message_notice(x->request.message, NOTIFY_COOKIE))))
            break;
    struct heard said = heard(sa, CODE_COOKIE_SENT);
    said = said.note ? said : heard(sa, CODE_COOKIE_RECEIVED);
    struct diagnosis d;
    if ((!x && !said.note) || cookies_refused(sa) > 1 ||
        !diagnosis_begin(&d, m, r, sa, SIDE_RESPONDER, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    diagnosis_say(
        &d, NULL,
        "{responder} asked {initiator} to prove its address with a cookie, which it does when it has many half-open SAs.");
    diagnosis_more(&d, "It costs one round trip and is no failure.");
    ADVISE(&d, common);
    if (x) {
        quote_leg(&d, x, x->response.message && message_notice(x->response.message, NOTIFY_COOKIE) ? &x->response : &x->request,
                  "COOKIE");
    }
    quote_note(&d, said);
}

const struct rule rule_cookie_challenge = {
    .id = "cookie-challenge",
    .severity = SEVERITY_NOTE,
    .rank = 86,
    .title = "The responder asked for a cookie",
    .meaning = "A responder with many half-open SAs answers IKE_SA_INIT with a cookie and keeps no state until the initiator "
               "sends it back. It protects against forged addresses.",
    .advice = "Nothing for one tunnel. When it happens all the time, look for an attack or for peers that fail again and again.",
    .sa = judge,
};
