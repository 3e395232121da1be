/* The router is too busy or has too many SAs: call admission control. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_THIS, PLATFORM_IOS,
      "`show crypto call admission statistics`, `show crypto ikev2 stats`; is a limit set: `show run | include ikev2 limit`; "
      "`no crypto ikev2 limit max-sa` and `no crypto ikev2 limit max-in-negotation-sa` take it away" },
    { TO_THIS, PLATFORM_ASA,
      "`show crypto ikev2 stats`, `show vpn-sessiondb license-summary`; is a limit set: `show run all crypto ikev2 | include "
      "limit`; `no crypto ikev2 limit max-sa` and `crypto ikev2 limit max-in-negotiation-sa 100` (per cent) take it away" },
    { TO_BOTH, PLATFORM_UNKNOWN,
      "find what uses them up: peers that fail again and again, an attack, or simply too many tunnels for this router" },
};

static const struct advice licence[] = {
    { TO_THIS, PLATFORM_IOS,
      "the licence sets the limit: `show platform cerm-information`, `show license usage`; a higher one needs the HSEC licence" },
};

static const struct advice children[] = {
    { TO_THIS, PLATFORM_IOS,
      "how many Child SAs does it hold for {peer}: `show crypto ikev2 sa detailed`, `show crypto ipsec sa peer {peer}`; what "
      "limits them: `crypto ipsec profile NAME` / `set security-policy limit N` of a tunnel with an access list, and the "
      "platform's own "
      "number of IPsec SAs" },
    { TO_THIS, PLATFORM_ASA,
      "how many Child SAs does it hold for {peer}: `show crypto ipsec sa peer {peer} | include local ident`, `show vpn-sessiondb "
      "detail l2l`; old ones that nobody uses: `clear crypto ipsec sa peer {peer}`" },
    { TO_THAT, PLATFORM_UNKNOWN,
      "ask for fewer: a crypto ACL with few wide entries in place of many narrow ones, or a tunnel interface (VTI), which needs "
      "one Child SA alone; some peers allow one Child SA an IKE SA" },
};

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct heard said = heard(sa, CODE_REQUEST_REJECTED), limit = heard(sa, CODE_LICENCE_LIMIT);
    if (!said.note && !sa_up(sa))
        said = limit; /* said next to a tunnel that came up, it was about another */
    const struct exchange *x = exchange_refused(sa, 0, NOTIFY_NO_ADDITIONAL_SAS, NULL);
    enum side side = said.note      ? speaker_of(said, SIDE_RESPONDER)
                     : x && x->from ? side_other((enum side)x->from)
                                    : SIDE_RESPONDER;
    struct diagnosis d;
    if ((!said.note && !x) || !diagnosis_begin(&d, m, r, sa, side, CONFIDENCE_CERTAIN, TEXT("")))
        return;
    diagnosis_say(&d, NULL,
                  said.note ? "{here} turned {there} away because of its limit on SAs or its load."
                            : "{here} takes no further Child SA from {there} (NO_ADDITIONAL_SAS).");
    diagnosis_more(&d, "Nothing of the request itself was looked at: it is not keys, identities or proposals.");
    if (limit.note)
        ADVISE(&d, licence);
    if (said.note)
        ADVISE(&d, common);
    else
        ADVISE(&d, children);
    quote_all(&d, sa, CODE_REQUEST_REJECTED, 3);
    quote_note(&d, limit);
    if (x)
        quote_leg(&d, x, &x->response, "NO_ADDITIONAL_SAS");
}

static void judge_loose(struct model *m, const struct rule *r)
{
    for (const struct note *n = m->loose; n; n = n->next) {
        struct diagnosis d;
        if ((n->code != CODE_REQUEST_REJECTED && n->code != CODE_LICENCE_LIMIT) ||
            !diagnosis_begin(&d, m, r, NULL, SIDE_RESPONDER, CONFIDENCE_CERTAIN, TEXT("")))
            continue;
        diagnosis_say(&d, NULL, "the router turned requests away because of its limit on SAs or its load.");
        if (n->code == CODE_LICENCE_LIMIT)
            ADVISE(&d, licence);
        ADVISE(&d, common);
        quote_note(&d, (struct heard){ n, NULL });
    }
}

const struct rule rule_admission_limit = {
    .id = "admission-limit",
    .severity = SEVERITY_ERROR,
    .rank = 10,
    .title = "Turned away by a limit on SAs",
    .meaning = "Call admission control refused the request before it was read: too many SAs, too many in negotiation, or too "
               "much load; or the peer takes no further Child SA.",
    .advice = "Look at the statistics, find what uses the SAs up, raise the limit if the router can bear it.",
    .sa = judge,
    .whole = judge_loose,
};
