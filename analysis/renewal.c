#include "analysis/renewal.h"

#include "analysis/entries.h"
#include "analysis/mirror.h"

/* ---- what both ends have ---- */

struct renewal { /* [0]: who asked; [1]: who refused */
    enum side side[2];
    struct configured *lists[2]; /* what they are configured to offer and accept; NULL unknown */
    const struct proposal *offer, *accept;
    struct matrix matrix;
};

/* A platform's default differs between releases: nothing is told by it. */
static bool all_written(const struct configured *list)
{
    for (const struct configured *c = list; c; c = c->next)
        if (!c->record)
            return false;
    return list != NULL;
}

static struct renewal renewal_of(struct model *m, const struct ike_sa *sa, const struct exchange *x, enum side asked, bool ike)
{
    struct renewal r = { .side = { asked, side_other(asked) } };
    for (unsigned i = 0; i < 2; i++) {
        uint32_t router = router_of(m, sa, r.side[i]);
        struct address own = address_on(sa, r.side[i]), peer = address_on(sa, r.side[1 - i]);
        struct configured *list = !router ? NULL
                                  : ike   ? config_offered_proposals(m, router, own, m->run)
                                        : config_transform_sets(m, router, peer, config_entry_of(m, sa, NULL, r.side[i]), m->run);
        r.lists[i] = all_written(list) ? list : NULL;
    }
    r.offer = x && x->request.message ? message_proposal(x->request.message, ike) : NULL;
    r.offer = r.offer ? r.offer : configured_proposals(m, r.lists[0]);
    r.accept = configured_proposals(m, r.lists[1]);
    r.matrix = matrix_of(r.offer, r.accept);
    return r;
}

static void tell_difference(struct diagnosis *d, const struct renewal *r, bool ike)
{
    matrix_report(d, &r->matrix, r->offer, r->accept, r->side[0]);
    diagnosis_more(d, ike ? "{there} offers {attribute} {offered} for it, while {here} is configured to accept only "
                            "{accepted}[[; {also} differ as well]]: what was agreed on at first is not what is configured now."
                          : "{there} offers {attribute} {offered} for it, while {here} is configured to accept only "
                            "{accepted}[[; {also} differ as well]].");
    matrix_advise(d, &r->matrix, r->side[0], ike);
    for (unsigned i = 0; i < 2; i++)
        matrix_quote_config(d, &r->matrix, r->lists[i]);
}

/* ---- the IKE SA ---- */

/* Whoever asks, the other must accept: after a rekey by the responder the roles are exchanged. */
static const struct advice ike_look[] = {
    { TO_BOTH, PLATFORM_IOS,
      "compare the IKE proposals, not the transform sets: `show crypto ikev2 proposal`, `show crypto ikev2 policy`[[; both ends "
      "need {agreed}]], since either end may ask for the rekey" },
    { TO_BOTH, PLATFORM_ASA,
      "compare the IKE proposals, not the ipsec-proposals: `show run crypto ikev2`[[; a `crypto ikev2 policy` of both ends needs "
      "{agreed}]], since either end may ask for the rekey" },
};

/* Refused before any proposal was looked at. */
static const struct advice ike_syntax[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "compare the releases of both ends, `show version`: what one sends to rekey an IKE SA and the other refuses as malformed "
      "is a matter of software" },
};

/* What the first exchange settled, as a proposal is written. */
static struct text agreed_text(struct model *m, const struct ike_sa *sa)
{
    const struct chosen *c = &sa->proposal;
    struct transform t[4];
    struct proposal p = { .transforms = t, .count = 0, .protocol = PROTOCOL_IKE };
    if (c->has_encr)
        t[p.count++] = (struct transform){ TRANSFORM_ENCR, c->encr, c->key_length };
    if (c->has_integ)
        t[p.count++] = (struct transform){ TRANSFORM_INTEG, c->integ, 0 };
    if (c->has_prf)
        t[p.count++] = (struct transform){ TRANSFORM_PRF, c->prf, 0 };
    if (c->has_dh)
        t[p.count++] = (struct transform){ TRANSFORM_DH, c->dh, 0 };
    return proposal_text(m->run, &p);
}

/* The asker's own log tells enough of what it sent; the reason is known to the one that refused. */
static void ask_for_log(struct diagnosis *d, const struct ike_sa *sa)
{
    if (!view_on(sa, d->side))
        diagnosis_debug(d, TO_THIS);
}

void renewal_tell_ike(struct diagnosis *d, const struct ike_sa *sa, const struct exchange *x, enum side asked)
{
    struct model *m = d->m;
    const struct renewal r = renewal_of(m, sa, x, asked, true);
    diagnosis_word(d, "agreed", agreed_text(m, sa));
    diagnosis_more(d, "To rekey an IKE SA, its own proposal and a new key exchange are sent (SA, Ni, KE): transform sets, PFS "
                      "and crypto ACLs play no part in it.");
    bool syntax = x && x->response.message && message_notice(x->response.message, NOTIFY_INVALID_SYNTAX);
    if (syntax) {
        ask_for_log(d, sa);
        ADVISE(d, ike_syntax);
        diagnosis_more(d, "INVALID_SYNTAX is no word about algorithms: to {here} a value in the message was out of range, or its "
                          "software or policy does not take such a rekey.");
    }
    if (r.matrix.offer && r.matrix.count) {
        tell_difference(d, &r, true);
    } else {
        if (r.matrix.offer)
            diagnosis_more(d, "What {there} offers is in the configuration of {here}, too; what is left is what {here} really "
                              "runs, and its log of that second.");
        else
            diagnosis_more(d, "[[Both agreed on {agreed} in IKE_SA_INIT; an end whose proposals were changed since, or that "
                              "never had the other's order, refuses here.]]");
        ADVISE(d, ike_look);
    }
    if (!syntax)
        ask_for_log(d, sa);
}

/* ---- a Child SA ---- */

static const struct advice child_look[] = {
    { TO_BOTH, PLATFORM_IOS,
      "compare `set pfs` and the transform sets of both ends: `show crypto map`, `show crypto ipsec profile`, `show crypto ipsec "
      "transform-set`" },
    { TO_BOTH, PLATFORM_ASA,
      "compare `set pfs` and the ipsec-proposals of both ends: `show run crypto map`, `show run crypto ipsec`" },
};

static const struct advice child_left[] = {
    { TO_THIS, PLATFORM_IOS,
      "is what was supplied what runs, and is it this entry that is taken? An entry with a lower number whose ACL fits as well "
      "comes first: `show crypto map`, `show access-lists`" },
    { TO_THIS, PLATFORM_ASA,
      "is what was supplied what runs, and is it this entry that is taken? An entry with a lower number whose ACL fits as well "
      "comes first: `show run crypto map`, `show run crypto dynamic-map`, `show run access-list`" },
};

static struct text pfs_text(struct model *m, uint32_t group)
{
    return group == PFS_GROUP_DEFAULT ? TEXT("`set pfs` with the platform's default group")
           : group                    ? arena_format(m->run, "group %u", (unsigned)group)
                                      : TEXT("none");
}

/* Each entry of either list has its mirror image in the other. */
static bool selectors_mirror(struct model *m, const uint32_t routers[2], const struct address peers[2])
{
    struct arena *scratch = arena_create();
    struct selector_pair *pairs[2];
    struct map images[2] = { 0 };
    bool alike = true;
    for (unsigned i = 0; i < 2; i++) {
        pairs[i] = config_selectors(m, routers[i], peers[i], scratch);
        alike = alike && pairs[i];
        mirror_add(&images[i], scratch, pairs[i]);
    }
    for (unsigned i = 0; i < 2; i++)
        for (const struct selector_pair *p = pairs[i]; p && alike; p = p->next)
            alike = mirror_has(&images[1 - i], p);
    for (unsigned i = 0; i < 2; i++)
        map_clear(&images[i]);
    arena_destroy(scratch);
    return alike;
}

/* Its request has a KE payload; the log of it says of which group where it is made. */
static struct text asked_group(struct diagnosis *d, const struct view *v, const struct exchange *x)
{
    const uint32_t line = v && x->request.seen ? x->request.seen->place : 0;
    if (v && v->dh_group && v->dh_line <= line && v->dh_line > v->ready_line) {
        quote_line(d, v->input, v->dh_line, "Computing DH public key, DH Group %u", (unsigned)v->dh_group);
        return pfs_text(d->m, v->dh_group);
    }
    return TEXT("some group: its request has a KE payload");
}

/* What the asker's log, or its message, tells of PFS. */
static struct text asked_for(struct diagnosis *d, const struct ike_sa *sa, enum side asked, const struct exchange *x)
{
    const struct view *v = view_on(sa, asked);
    if (v && v->pfs_group) {
        quote_line(d, v->input, v->pfs_line, "PFS configured, DH group %u", (unsigned)v->pfs_group);
        return pfs_text(d->m, v->pfs_group);
    }
    if (!x || exchange_sealed(x))
        return (struct text){ NULL, 0 };
    const struct message *q = x->request.message;
    return q->ke_group                        ? pfs_text(d->m, q->ke_group)
           : message_has_type(q, PAYLOAD_KE)  ? asked_group(d, v, x)
           : message_has_type(q, PAYLOAD_TSI) ? TEXT("none: its request has no KE payload")
                                              : (struct text){ NULL, 0 };
}

/* What both configurations agree in, as a list of words; what only one tells is {pfs}. */
static struct text agreement(struct diagnosis *d, const struct ike_sa *sa, const struct renewal *r, const struct exchange *x)
{
    struct model *m = d->m;
    uint32_t routers[2];
    struct address peers[2];
    struct pfs pfs[2] = { { .known = false }, { .known = false } };
    struct text list = { NULL, 0 };
    for (unsigned i = 0; i < 2; i++) {
        routers[i] = router_of(m, sa, r->side[i]);
        peers[i] = address_on(sa, r->side[1 - i]);
        if (routers[i])
            pfs[i] = config_pfs(m, routers[i], peers[i], config_entry_of(m, sa, NULL, r->side[i]));
    }
    if (pfs[0].known && pfs[1].known && pfs[0].group == pfs[1].group && pfs[0].group != PFS_GROUP_DEFAULT) {
        list = pfs[0].group ? arena_format(m->run, "PFS (group %u)", (unsigned)pfs[0].group) : TEXT("PFS (none at either end)");
        for (unsigned i = 0; i < 2; i++)
            finding_quote(m, d->f, pfs[i].where, pfs[i].line);
    } else if (pfs[0].known && !pfs[1].known) {
        diagnosis_word(d, "pfs", pfs_text(m, pfs[0].group));
        finding_quote(m, d->f, pfs[0].where, pfs[0].line);
    } else if (!pfs[0].known) {
        diagnosis_word(d, "pfs", asked_for(d, sa, r->side[0], x));
    }
    if (r->matrix.offer)
        list = arena_format(m->run, "%.*s%stransform sets", TEXT_ARGS(list), list.len ? ", " : "");
    if (routers[0] && routers[1] && selectors_mirror(m, routers, peers))
        list = arena_format(m->run, "%.*s%scrypto ACLs", TEXT_ARGS(list), list.len ? ", " : "");
    return list;
}

void renewal_tell_child(struct diagnosis *d, const struct ike_sa *sa, const struct exchange *x, enum side asked)
{
    const struct renewal r = renewal_of(d->m, sa, x, asked, false);
    bool differ = r.matrix.offer && r.matrix.count && !(r.matrix.count == 1 && r.matrix.differing[0] == TRANSFORM_DH);
    if (differ) {
        tell_difference(d, &r, false);
        ask_for_log(d, sa);
        return;
    }
    struct text agree = agreement(d, sa, &r, x);
    bool both = r.lists[0] && r.lists[1] && agree.len;
    diagnosis_word(d, "agree", both ? agree : (struct text){ NULL, 0 });
    if (both) {
        diagnosis_more(
            d, "By the two configurations these agree: {agree}. What remains: {here} ran another configuration when it refused, "
               "or it took another entry of its crypto map for this traffic; its log of that second says which.");
        ADVISE(d, child_left);
    } else {
        diagnosis_more(d, "The first SA came up, so what is used at a rekey alone is suspect: the DH group of PFS[[ ({there} has "
                          "{pfs})]]. Lifetimes need not agree.");
        ADVISE(d, child_look);
    }
    ask_for_log(d, sa);
}
