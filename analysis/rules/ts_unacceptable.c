/* TS_UNACCEPTABLE: the responder has no policy for the traffic selectors that were offered. RFC 7296 section 2.9. */
#include "analysis/evidence.h"
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      "the crypto ACL here must be the mirror image of the initiator's[[: `permit ip {tsr_wild} {tsi_wild}`]]; see `show crypto "
      "map`, "
      "`show access-lists`" },
    { TO_RESPONDER, PLATFORM_ASA,
      "the crypto ACL here must be the mirror image of the initiator's[[: `access-list NAME extended permit ip {tsr_mask} "
      "{tsi_mask}`]]; see `show run crypto map`, `show run access-list`" },
    { TO_INITIATOR, PLATFORM_IOS,
      "where the other end must stay as it is: change what is asked for: the crypto ACL here, or, with a tunnel interface, "
      "`tunnel protection ipsec "
      "policy ipv4 ACL`" },
    { TO_INITIATOR, PLATFORM_ASA,
      "where the other end must stay as it is: change what is asked for: the crypto ACL here, or use a VTI on both ends" },
};
static const struct advice route_based[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "everything to everything was asked for, as route-based tunnels do: use a tunnel interface (VTI) on both ends, or a crypto "
      "map on both" },
};

/* The selectors that were refused: of the request. */
static const struct exchange *refused(const struct ike_sa *sa)
{
    const struct exchange *x = exchange_refused(sa, EXCHANGE_IKE_AUTH, NOTIFY_TS_UNACCEPTABLE, NULL);
    return x ? x : exchange_refused(sa, EXCHANGE_CREATE_CHILD_SA, NOTIFY_TS_UNACCEPTABLE, NULL);
}

static enum side refuser(const struct exchange *x, struct heard said)
{
    if (x && x->from)
        return side_other((enum side)x->from);
    return said.note && said.note->code == CODE_NEGOTIATION_ABORTED ? (enum side)said.view->role : SIDE_RESPONDER;
}

/* An end of an ACL entry: IOS writes wildcards, ASA masks. */
static struct text acl_text(struct arena *arena, const struct selector *s, bool wildcard)
{
    if (!s || s->next || s->start.family != ADDRESS_IPV4)
        return (struct text){ NULL, 0 };
    int prefix = range_prefix(s->start, s->end);
    if (prefix < 0)
        return (struct text){ NULL, 0 };
    if (prefix == 0)
        return TEXT("any");
    struct text start = address_text(s->start, arena);
    if (prefix == 32)
        return arena_format(arena, "host %.*s", TEXT_ARGS(start));
    uint32_t host = UINT32_MAX >> prefix, bits = wildcard ? host : ~host;
    return arena_format(arena, "%.*s %u.%u.%u.%u", TEXT_ARGS(start), bits >> 24, bits >> 16 & 255, bits >> 8 & 255, bits & 255);
}

static bool everything(const struct selector *s)
{
    return s && !s->next && range_prefix(s->start, s->end) == 0;
}

static void quote_acls(struct model *m, struct diagnosis *d, const struct ike_sa *sa)
{
    for (enum side side = SIDE_INITIATOR; side <= SIDE_RESPONDER; side++) {
        uint32_t device = router_of(m, sa, side);
        for (struct selector_pair *p = device ? config_selectors(m, device, address_on(sa, side_other(side)), m->run) : NULL; p;
             p = p->next)
            if (p->acl)
                finding_quote(m, d->f, p->acl, p->line);
    }
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *x = refused(sa);
    struct heard said = heard(sa, CODE_TS_REFUSED);
    if (!said.note)
        said = heard_text(sa, CODE_NEGOTIATION_ABORTED, "no IPSEC policy found for received TS");
    bool meanwhile = !x && said.note && !sa->child_refused && sa->children && sa->children->outcome == SA_ESTABLISHED;
    struct diagnosis d;
    if ((!x && !said.note) || meanwhile || !diagnosis_begin(&d, m, r, sa, refuser(x, said), CONFIDENCE_CERTAIN, TEXT("")))
        return;
    const struct exchange *asked = x ? x : exchange_last(sa, EXCHANGE_IKE_AUTH);
    const struct message *q = asked ? asked->request.message : NULL;
    if (q && q->tsi && q->tsr) {
        diagnosis_word(&d, "tsi", selectors_text(m->run, q->tsi));
        diagnosis_word(&d, "tsr", selectors_text(m->run, q->tsr));
        diagnosis_word(&d, "tsi_wild", acl_text(m->run, q->tsi, true));
        diagnosis_word(&d, "tsr_wild", acl_text(m->run, q->tsr, true));
        diagnosis_word(&d, "tsi_mask", acl_text(m->run, q->tsi, false));
        diagnosis_word(&d, "tsr_mask", acl_text(m->run, q->tsr, false));
    }
    diagnosis_say(&d, NULL, "{here} has no IPsec policy for the traffic that {there} wants to protect[[: {tsi} towards {tsr}]].");
    diagnosis_more(&d, "The IKE SA and its authentication are fine; it is the crypto ACLs or traffic selectors, which must be "
                       "mirror images of each other.");
    if (q && everything(q->tsi) && everything(q->tsr))
        ADVISE(&d, route_based);
    ADVISE(&d, common);
    if (x) {
        quote_leg(&d, x, &x->request, q && q->tsi ? "the selectors that were asked for" : "");
        quote_leg(&d, x, &x->response, "TS_UNACCEPTABLE");
    }
    if (q && q->tsi && q->tsr)
        quote_text(&d, "asked for: TSi %.*s, TSr %.*s", TEXT_ARGS(selectors_text(m->run, q->tsi)),
                   TEXT_ARGS(selectors_text(m->run, q->tsr)));
    quote_all(&d, sa, CODE_PROXY_NO_MATCH, 3);
    quote_note(&d, said);
    quote_acls(m, &d, sa);
}

const struct rule rule_ts_unacceptable = {
    .id = "ts-unacceptable",
    .severity = SEVERITY_ERROR,
    .rank = 13,
    .title = "Traffic selectors were not accepted",
    .meaning = "The responder answered with TS_UNACCEPTABLE: the addresses that the initiator wants to send through the tunnel "
               "fit none of its crypto ACLs, or one end is "
               "route-based (0.0.0.0/0 to 0.0.0.0/0) and the other policy-based.",
    .advice = "Make the crypto ACLs mirror images, or use a tunnel interface on both ends.",
    .sa = judge,
};
