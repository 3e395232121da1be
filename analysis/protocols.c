#include "analysis/protocols.h"

#include "analysis/proposals.h"

enum { WITH_ESP = 1, WITH_AH = 2 };

static unsigned protocols_of(const struct configured *c)
{
    unsigned all = c->record ? 0 : WITH_ESP; /* what a router has by itself is ESP */
    uint64_t protocol;
    for (const struct fact *f = c->record ? fact_members(c->record->facts, "transforms") : NULL; f; f = f->next) {
        if (!fact_get_number(fact_children(f), "protocol", &protocol))
            return 0;
        all |= protocol == PROTOCOL_AH ? WITH_AH : WITH_ESP;
    }
    return all;
}

static struct text words_of(unsigned protocols)
{
    return protocols == WITH_AH ? TEXT("AH") : protocols == WITH_ESP ? TEXT("ESP") : TEXT("AH with ESP");
}

bool protocols_differ(const struct configured *one, const struct configured *other)
{
    for (const struct configured *c = one; c; c = c->next)
        for (const struct configured *k = other; k; k = k->next) {
            const unsigned a = protocols_of(c), b = protocols_of(k);
            if (!a || !b || a == b)
                return false;
        }
    return one && other;
}

void protocols_tell(struct diagnosis *d, const struct configured *const lists[2])
{
    diagnosis_word(d, "offered", words_of(protocols_of(lists[0])));
    diagnosis_word(d, "accepted", words_of(protocols_of(lists[1])));
    for (unsigned i = 0; i < 2; i++)
        for (const struct configured *c = lists[i]; c; c = c->next)
            if (c->record)
                finding_quote(d->m, d->f, c->record, c->lines && c->proposal.count ? c->lines[0] : 0);
}

struct text protocols_advice(struct model *m, const struct configured *const lists[2], const struct remedied at[2], unsigned i)
{
    struct remedy remedies[2];
    for (unsigned k = 0; k < 2; k++)
        remedies[k] = remedy_set(m, &at[k], lists[1 - k]);
    return remedy_words(m, &remedies[i], &remedies[1 - i]);
}
