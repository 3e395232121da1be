#include "analysis/sas_at.h"

static void place(struct model *m, struct ike_sa *sa, const struct address *at)
{
    const struct bytes key = bytes_over(at, at->family == ADDRESS_NONE ? 1 : sizeof *at);
    struct placed_sa *first = map_find(&m->sas_at, key), *placed;
    if (first && first->last->sa == sa)
        return; /* both ends are the same */
    placed = arena_new(m->run, struct placed_sa);
    placed->sa = sa;
    if (first)
        first->last->next = placed;
    else
        map_put(&m->sas_at, key, first = placed);
    first->last = placed;
}

const struct placed_sa *sas_at(const struct model *asked, struct address a)
{
    struct model *m = (struct model *)(uintptr_t)asked; /* what is found is kept, and changes nothing */
    if (!m->sas_placed && m->on_trial) {
        *m->on_trial = true;
        return NULL;
    }
    for (struct ike_sa *sa = m->sas_placed ? NULL : m->ike_sas; sa; sa = sa->next) {
        place(m, sa, &sa->initiator.endpoint.address);
        place(m, sa, &sa->responder.endpoint.address);
    }
    m->sas_placed = true;
    return map_find(&m->sas_at, bytes_over(&a, a.family == ADDRESS_NONE ? 1 : sizeof a));
}

void sas_at_forget(struct model *m)
{
    map_clear(&m->sas_at);
    m->sas_placed = false;
}
