#include "analysis/entries.h"

#include "analysis/symptoms.h"
#include "analysis/ways.h"

/* ---- of an SA ---- */

static bool protects(const struct record *acl, const struct selector *own, const struct selector *others, struct arena *scratch)
{
    for (const struct selector_pair *p = acl ? acl_selectors(acl, scratch) : NULL; p; p = p->next)
        if (selector_holds(&p->local, own) && selector_holds(&p->remote, others))
            return true;
    return false;
}

/* What the SA's initiator and its responder have of the traffic, by a child or by what one of them asked for. */
static bool traffic_of(const struct ike_sa *sa, const struct child_sa *child, const struct selector *ends[2])
{
    for (const struct child_sa *c = sa->children; c && !child; c = c->next)
        child = c->tsi && c->tsr ? c : NULL;
    ends[0] = child ? child->tsi : NULL;
    ends[1] = child ? child->tsr : NULL;
    for (const struct exchange *x = sa->exchanges; x && !(ends[0] && ends[1]); x = x->next) {
        const struct message *q = x->request.message;
        unsigned asks = x->from == SIDE_RESPONDER;
        ends[asks] = q ? q->tsi : NULL;
        ends[1 - asks] = q ? q->tsr : NULL;
    }
    return ends[0] && ends[1];
}

const struct record *config_entry_of(const struct model *m, const struct ike_sa *sa, const struct child_sa *child, enum side side)
{
    const struct record *entries[ENTRIES], *found = NULL;
    const struct selector *ends[2];
    uint32_t device = router_of(m, sa, side);
    struct address peer = address_on(sa, side_other(side));
    size_t count = device ? config_entries_to(m, device, peer, entries, ENTRIES) : 0, fit = 0;
    unsigned own = side == SIDE_RESPONDER;
    if (count < 2 || !traffic_of(sa, child, ends))
        return NULL;
    struct arena *scratch = arena_create();
    for (size_t i = 0; i < count; i++)
        if (protects(config_path_to(m, device, peer, entries[i]).acl, ends[own], ends[1 - own], scratch)) {
            found = entries[i];
            fit++;
        }
    arena_destroy(scratch);
    return fit == 1 ? found : NULL;
}

/* ---- of two configurations ---- */

bool entry_pairs(const struct model *m, const uint32_t devices[2], const struct address addresses[2],
                 struct entry_pair pairs[ENTRIES], size_t *count)
{
    const struct record *entries[2][ENTRIES], *left[2] = { NULL, NULL };
    bool paired[2][ENTRIES] = { { false } };
    size_t n[2], alone[2] = { 0, 0 };
    *count = 0;
    for (unsigned i = 0; i < 2; i++)
        n[i] = config_entries_to(m, devices[i], addresses[1 - i], entries[i], ENTRIES);
    if (n[0] < 2 && n[1] < 2)
        return false;
    for (size_t a = 0; a < n[0]; a++)
        for (size_t b = 0; b < n[1] && *count < ENTRIES; b++)
            if (ways_belong(m, entries[0][a], entries[1][b])) {
                pairs[(*count)++] = (struct entry_pair){ { entries[0][a], entries[1][b] } };
                paired[0][a] = paired[1][b] = true;
            }
    for (unsigned i = 0; i < 2; i++)
        for (size_t k = 0; k < n[i]; k++)
            if (!paired[i][k]) {
                left[i] = entries[i][k];
                alone[i]++;
            }
    if (alone[0] == 1 && alone[1] == 1 && *count < ENTRIES) /* one of each is left: they are for each other */
        pairs[(*count)++] = (struct entry_pair){ { left[0], left[1] } };
    return true;
}
