/* Both ends began the same rekey at the same time. RFC 7296 section 2.8.1. */
#include "analysis/quote.h"

static const struct advice common[] = {
    { TO_BOTH, PLATFORM_IOS,
      "give one end shorter lifetimes than the other, so that it always begins: there, `crypto ikev2 profile NAME` / `lifetime "
      "77760` / `exit` / `crypto map MAP SEQ ipsec-isakmp` (or `crypto ipsec profile NAME`) / `set security-association lifetime "
      "seconds 3240`, a tenth less than the defaults" },
    { TO_BOTH, PLATFORM_ASA,
      "give one end shorter lifetimes than the other, so that it always begins: there, `crypto ikev2 policy N` / `lifetime "
      "seconds 77760` / `exit` / `crypto map MAP SEQ set security-association lifetime seconds 25920`, a tenth less than the "
      "defaults" },
};

/* Did b begin before a was answered? Told by one observer, in the order of its lines or frames. */
static bool began_within(const struct exchange *a, const struct exchange *b)
{
    for (const struct sighting *s = a->request.seen; s; s = s->next) {
        const struct sighting *asked = NULL, *answered = NULL;
        for (const struct sighting *t = b->request.seen; t && !asked; t = t->next)
            asked = t->input == s->input ? t : NULL;
        for (const struct sighting *t = a->response.seen; t && !answered; t = t->next)
            answered = t->input == s->input ? t : NULL;
        if (asked && answered && asked->place > s->place && asked->place < answered->place)
            return true;
    }
    return false;
}

static bool same_subject(const struct ike_sa *sa, const struct exchange *a, const struct exchange *b)
{
    if (a->renews_ike && b->renews_ike)
        return true;
    if (!a->request.message || !b->request.message)
        return false;
    if (!exchange_rekeys(a) || !exchange_rekeys(b) || exchange_rekeys_ike(a) != exchange_rekeys_ike(b))
        return false;
    return !exchange_other_child(sa, a, b);
}

enum { NEAR = 64 }; /* what is open at the same time stands so near in the list: windows are smaller (RFC 7296 section 2.3) */

static const struct exchange *crossing(const struct ike_sa *sa, const struct exchange **other)
{
    for (const struct exchange *x = sa->exchanges; x; x = x->next) {
        unsigned n = 0;
        for (const struct exchange *y = x->type == EXCHANGE_CREATE_CHILD_SA ? x->next : NULL; y && n < NEAR; y = y->next, n++)
            if (y->type == EXCHANGE_CREATE_CHILD_SA && x->from && y->from && y->from != x->from &&
                (began_within(x, y) || began_within(y, x)) && same_subject(sa, x, y)) {
                *other = y;
                return x;
            }
    }
    return NULL;
}

/* The same from its outcome: two Child SAs in place of one, made by either end. */
static const struct child_sa *twice_replaced(const struct ike_sa *sa)
{
    for (const struct child_sa *c = sa->children; c; c = c->sibling) {
        const struct child_sa *last = c->rekeys ? c->rekeys->rekeyed_by : NULL;
        if (last && last != c && last->ike_sa == sa && last->from != c->from)
            return c;
    }
    return NULL;
}

static void judge(struct model *m, const struct rule *r, struct ike_sa *sa)
{
    const struct exchange *other = NULL, *x = crossing(sa, &other),
                          *busy = exchange_refused(sa, EXCHANGE_CREATE_CHILD_SA, NOTIFY_TEMPORARY_FAILURE, NULL);
    struct heard said = heard(sa, CODE_REKEY_COLLISION);
    const struct child_sa *twice = twice_replaced(sa);
    struct diagnosis d;
    if ((!x && !busy && !said.note && !twice) ||
        !diagnosis_begin(&d, m, r, sa, SIDE_INITIATOR, x || said.note || twice ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY,
                         TEXT("")))
        return;
    diagnosis_say(&d, NULL, "{initiator} and {responder} began to rekey at the same time.");
    diagnosis_more(&d, busy ? "One was told TEMPORARY_FAILURE and tries again later; that is harmless unless it repeats."
                            : "The rules of IKEv2 keep one of the two new SAs; that is harmless.");
    ADVISE(&d, common);
    if (x) {
        quote_leg(&d, x, &x->request, "");
        quote_leg(&d, other, &other->request, "");
    }
    if (busy)
        quote_leg(&d, busy, &busy->response, "TEMPORARY_FAILURE");
    quote_note(&d, said);
    if (twice && !d.f->evidence)
        quote_text(&d, "two Child SAs replace Child SA %u, one asked for by either end", (unsigned)twice->rekeys->number);
}

const struct rule rule_rekey_collision = {
    .id = "rekey-collision",
    .severity = SEVERITY_NOTE,
    .rank = 80,
    .title = "Both ends began to rekey at once",
    .meaning = "With equal lifetimes both ends want to replace the same SA in the same moment. IKEv2 settles it by the nonces: "
               "the lower one's SA is deleted, or one end answers "
               "TEMPORARY_FAILURE.",
    .advice = "Harmless when a new SA is up afterwards. Stagger the lifetimes to avoid it.",
    .sa = judge,
};
