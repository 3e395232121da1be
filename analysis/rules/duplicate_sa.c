/* Two IKE SAs between the same two peers, neither replacing the other. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_RESPONDER, PLATFORM_IOS, "if both ends dial at once, let only one begin: here, `responder-only` in the IPsec profile" },
    { TO_RESPONDER, PLATFORM_ASA,
      "if both ends dial at once, let only one begin: here, `crypto map MAP SEQ set connection-type answer-only`" },
    { TO_BOTH, PLATFORM_IOS,
      "`show crypto ikev2 sa remote {peer}`; remove a stale one with `clear crypto ikev2 sa remote {peer}`" },
    { TO_BOTH, PLATFORM_ASA, "`show crypto ikev2 sa`; remove a stale one with `clear crypto ikev2 sa {peer}`" },
};

enum { NEIGHBOURS = 32 };

static bool lives(const struct ike_sa *sa)
{
    return sa->outcome == SA_ESTABLISHED && !sa->rekeyed_by;
}

static bool same_peers(const struct ike_sa *a, const struct ike_sa *b)
{
    const struct text id = a->initiator.id.value;
    bool straight = text_equal(id, b->initiator.id.value), crossed = text_equal(id, b->responder.id.value);
    if (!straight && !crossed)
        return false;
    struct address ai = a->initiator.endpoint.address, ar = a->responder.endpoint.address, bi = b->initiator.endpoint.address,
                   br = b->responder.endpoint.address;
    return (straight && address_equal(ai, bi) && address_equal(ar, br)) ||
           (crossed && address_equal(ai, br) && address_equal(ar, bi));
}

static const struct child_sa *living_child(const struct ike_sa *sa)
{
    for (const struct child_sa *c = sa->children; c; c = c->sibling)
        if (c->outcome == SA_ESTABLISHED && c->tsi && c->tsr)
            return c;
    return NULL;
}

static bool same_traffic(struct model *m, const struct ike_sa *a, const struct ike_sa *b)
{
    const struct child_sa *x = living_child(a), *y = living_child(b);
    if (!x || !y)
        return false;
    struct text xi = selectors_text(m->run, x->tsi), xr = selectors_text(m->run, x->tsr), yi = selectors_text(m->run, y->tsi),
                yr = selectors_text(m->run, y->tsr);
    return (text_equal(xi, yi) && text_equal(xr, yr)) || (text_equal(xi, yr) && text_equal(xr, yi));
}

/* The log says that the older one goes, or it went: nothing is left to do. */
static bool resolved(const struct ike_sa *sa, struct heard said)
{
    if (text_has(said.note->text, TEXT("deleting")) || text_has(said.note->text, TEXT("Deleting")))
        return true;
    unsigned n = 0;
    for (const struct ike_sa *s = sa->next; s && n < NEIGHBOURS; s = s->next, n++)
        if (same_peers(sa, s) && (s->deleted || sa->deleted))
            return true;
    return false;
}

static const struct advice restarted[] = {
    { TO_BOTH, PLATFORM_IOS,
      "nothing has to be done; what restarted it: `show version | include uptime|reload`, `show logging`" },
    { TO_BOTH, PLATFORM_ASA, "nothing has to be done; what restarted it: `show version | include up`, `show logging`" },
};

/* It ended without a delete: an end that had lost it began anew. */
static void judge_superseded(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    struct diagnosis d;
    if (!diagnosis_begin(&d, m, r, sa, SIDE_INITIATOR, CONFIDENCE_LIKELY, TEXT("superseded")))
        return;
    diagnosis_severity(&d, SEVERITY_NOTE);
    diagnosis_say(
        &d, "An end lost its IKE SA and began anew",
        "{initiator} and {responder} made another IKE SA while this one was up, and INITIAL_CONTACT said that it is the "
        "only one: whoever sent that had lost this one without a delete, by a restart or a clear.");
    ADVISE(&d, restarted);
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_AUTH);
    if (x)
        quote_leg(&d, x, &x->response, "the one that is gone");
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    if (sa->superseded) {
        judge_superseded(m, r, sa);
        return;
    }
    struct heard said = heard(sa, CODE_DUPLICATE_FOUND);
    const struct ike_sa *twin = NULL;
    unsigned n = 0;
    bool may_have = lives(sa) && sa->initiator.id.value.len;
    for (const struct ike_sa *s = sa->next; may_have && s && !twin && n < NEIGHBOURS; s = s->next, n++)
        if (lives(s) && s->rekeys != sa && same_peers(sa, s) && same_traffic(m, sa, s))
            twin = s;
    struct diagnosis d;
    if ((!said.note && !twin) ||
        !diagnosis_begin(&d, m, r, sa, SIDE_INITIATOR, said.note ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY, TEXT("")))
        return;
    if (twin)
        diagnosis_wordf(&d, "other", "ike%u", (unsigned)twin->number);
    if (!twin && resolved(sa, said)) {
        diagnosis_severity(&d, SEVERITY_NOTE);
        diagnosis_say(&d, NULL,
                      "{initiator} and {responder} had two IKE SAs with each other, and one of them is let go as superfluous.");
        diagnosis_more(&d, "Both ends began at once, or one lost its state and the other did not; the routers have settled it.");
        quote_note(&d, said);
        return;
    }
    diagnosis_say(&d, NULL,
                  "{initiator} and {responder} have two IKE SAs with each other[[ (the second is {other})]], and neither "
                  "replaced the other.");
    diagnosis_more(&d, "Both ends began at once, or one lost its state and the other did not; traffic may use either.");
    ADVISE(&d, common);
    quote_note(&d, said);
    const struct exchange *x = exchange_last(sa, EXCHANGE_IKE_AUTH), *y = twin ? exchange_last(twin, EXCHANGE_IKE_AUTH) : NULL;
    if (twin && x)
        quote_leg(&d, x, &x->response, "the first");
    if (y)
        quote_leg(&d, y, &y->response, "the second");
}

const struct rule rule_duplicate_sa = {
    .id = "duplicate-sa",
    .severity = SEVERITY_WARNING,
    .rank = 65,
    .title = "Two IKE SAs with the same peer",
    .meaning = "Two IKE SAs for the same identities and the same traffic are up side by side: both ends began at once, or one "
               "end lost its state without telling the other.",
    .advice = "Let one end begin, use DPD and INITIAL_CONTACT so that stale SAs go, clear the older one.",
    .sa = judge,
};
