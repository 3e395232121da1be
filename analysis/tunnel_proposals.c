/* The proposals of two ends, by their configurations. */
#include "analysis/proposals.h"
#include "analysis/tunnels.h"

static struct configured *list_of(struct model *m, const struct tunnel *t, unsigned i, bool ike)
{
    const struct tunnel_end *end = &t->end[i];
    return ike ? config_offered_proposals(m, end->device, tunnel_sends_from(end), m->run)
               : config_transform_sets(m, end->device, t->end[1 - i].address, end->entry, m->run);
}

bool tunnel_proposals(struct diagnosis *d, struct model *m, const struct rule *r, const struct tunnel *t, bool ike)
{
    struct configured *lists[2];
    for (unsigned i = 0; i < 2; i++) {
        lists[i] = list_of(m, t, i, ike);
        for (const struct configured *c = lists[i]; c; c = c->next)
            if (!c->record)
                return false; /* a default: it differs between releases */
    }
    if (!lists[0] || !lists[1])
        return false;
    const struct proposal *offered = configured_proposals(m, lists[0]), *accepted = configured_proposals(m, lists[1]);
    struct matrix x = matrix_of(offered, accepted);
    /* IKE proposals are for every tunnel of a router */
    if (!x.offer || !x.count ||
        !(ike ? tunnel_diagnosis_of(d, m, r, t, 1, TEXT("")) : tunnel_diagnosis(d, m, r, t, 1, CONFIDENCE_LIKELY)))
        return false;
    diagnosis_word(d, "attribute", text_of(attribute_word(x.differing[0])));
    diagnosis_word(d, "offered", matrix_values(m->run, x.offer, x.differing[0]));
    diagnosis_word(d, "accepted", matrix_values(m->run, x.accept, x.differing[0]));
    for (unsigned i = 0; i < 2; i++)
        matrix_quote_config(d, &x, lists[i]);
    struct remedy remedies[2];
    for (unsigned i = 0; i < 2; i++) {
        const struct tunnel_end *end = &t->end[i];
        const struct remedied at = { .platform = end->asa ? PLATFORM_ASA : PLATFORM_IOS,
                                     .device = end->device,
                                     .local = end->address,
                                     .peer = t->end[1 - i].address,
                                     .entry = end->entry };
        remedies[i] = remedy_for(m, &at, i ? x.accept : x.offer, i ? x.offer : x.accept, ike);
    }
    for (unsigned i = 0; i < 2; i++) {
        const char *words = arena_string(m->run, remedy_words(m, &remedies[i], &remedies[1 - i]));
        if (words[0])
            tunnel_advise(d, t, i, words, words);
    }
    return true;
}

static bool is_default_alone(const struct model *m, const struct tunnel_end *end, const struct configured *list)
{
    return list && !list->record && !list->next && !end->asa && config_whole(m, end->device);
}

static bool all_combined(const struct configured *list)
{
    for (const struct configured *c = list; c; c = c->next)
        if (!c->record || !proposal_combined(&c->proposal))
            return false;
    return list != NULL;
}

/* What every release has by itself goes with an integrity algorithm, which no proposal has beside a combined cipher. */
bool tunnel_default_lacks(struct diagnosis *d, struct model *m, const struct rule *r, const struct tunnel *t, bool ike,
                          unsigned *here)
{
    struct configured *lists[2] = { list_of(m, t, 0, ike), list_of(m, t, 1, ike) };
    *here = is_default_alone(m, &t->end[1], lists[1]);
    const struct tunnel_end *end = &t->end[*here];
    const struct configured *others = lists[1 - *here];
    if (!is_default_alone(m, end, lists[*here]) || !all_combined(others) ||
        (ike && record_next(m, end->device, "ikev2-policy", NULL)) || /* that it is for others is told */
        !(ike ? tunnel_diagnosis_of(d, m, r, t, *here, TEXT("default")) : tunnel_diagnosis(d, m, r, t, *here, CONFIDENCE_LIKELY)))
        return false;
    diagnosis_word(d, "offered", matrix_values(m->run, &others->proposal, TRANSFORM_ENCR));
    diagnosis_word(d, "ipsec", end->path.ipsec_profile ? end->path.ipsec_profile->title : TEXT(""));
    diagnosis_word(d, "ipsec_or", end->path.ipsec_profile ? end->path.ipsec_profile->title : TEXT("NAME"));
    for (const struct configured *c = others; c; c = c->next)
        finding_quote(m, d->f, c->record, 0);
    const struct record *holder = ike ? end->path.profile : end->path.ipsec_profile;
    if (holder)
        finding_quote(m, d->f, holder, 0);
    return true;
}
