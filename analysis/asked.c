#include "analysis/asked.h"

static struct selector_pair *list_of(struct model *m, const struct ike_sa *sa, enum side side)
{
    uint32_t router = router_of(m, sa, side);
    struct selector_pair *list = router ? config_selectors(m, router, address_on(sa, side_other(side)), m->run) : NULL;
    return list && list->acl ? list : NULL; /* a tunnel interface asks for everything, and says so by itself */
}

static bool same_traffic(const struct selector *a, const struct selector *b)
{
    return address_equal(a->start, b->start) && address_equal(a->end, b->end) && a->protocol == b->protocol &&
           a->start_port == b->start_port && a->end_port == b->end_port;
}

static bool mirrored(const struct selector_pair *list, const struct selector_pair *p)
{
    for (; list; list = list->next)
        if (same_traffic(&list->local, &p->remote) && same_traffic(&list->remote, &p->local))
            return true;
    return false;
}

/* The entry of the asking end's list that the other end's has no mirror image of; of one entry alone nobody needs the other's. */
static const struct selector_pair *entry_asked(const struct selector_pair *own, const struct selector_pair *others)
{
    if (!others)
        return own && !own->next ? own : NULL;
    for (; own; own = own->next)
        if (!mirrored(others, own))
            return own;
    return NULL;
}

static void set_words(struct diagnosis *d, const struct selector *from, const struct selector *to)
{
    struct arena *run = d->m->run;
    diagnosis_word(d, "from", selectors_text(run, from));
    diagnosis_word(d, "to", selectors_text(run, to));
    diagnosis_word(d, "from_wild", acl_end_text(run, from, true));
    diagnosis_word(d, "to_wild", acl_end_text(run, to, true));
    diagnosis_word(d, "from_mask", acl_end_text(run, from, false));
    diagnosis_word(d, "to_mask", acl_end_text(run, to, false));
}

bool asked_words(struct diagnosis *d, const struct ike_sa *sa, enum side asked, const struct message *message)
{
    const struct selector_pair *own = list_of(d->m, sa, asked), *others = list_of(d->m, sa, side_other(asked));
    const struct selector_pair *entry = entry_asked(own, others);
    if (others && (entry || message))
        diagnosis_word(d, "has",
                       arena_format(d->m->run, "%.*s to %.*s", TEXT_ARGS(selectors_text(d->m->run, &others->local)),
                                    TEXT_ARGS(selectors_text(d->m->run, &others->remote))));
    if (message && message->tsi && message->tsr) {
        set_words(d, message->tsi, message->tsr);
        return false;
    }
    if (entry)
        set_words(d, &entry->local, &entry->remote);
    return entry != NULL;
}

void asked_quote(struct diagnosis *d, const struct ike_sa *sa)
{
    for (enum side side = SIDE_INITIATOR; side <= SIDE_RESPONDER; side++)
        for (const struct selector_pair *p = list_of(d->m, sa, side); p; p = p->next)
            finding_quote(d->m, d->f, p->acl, p->line);
}
