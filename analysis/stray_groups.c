#include "analysis/stray_groups.h"

#include "analysis/evidence.h"
#include "analysis/ways.h"

/* A way that answers anybody may lead to any address. */
static bool has_peer(const struct config_way *ways, size_t count, const struct record *group)
{
    struct address a;
    if (!address_read(group->title, &a))
        return true; /* it is not named after an address */
    for (size_t i = 0; i < count; i++)
        if (!ways[i].peer.family || address_equal(ways[i].peer, a))
            return true;
    return false;
}

/* The only group with keys that is named by a word: it is of no peer, since an ASA finds one by what arrives. */
static const struct record *named_by_word(const struct model *m, uint32_t device)
{
    const struct record *found = NULL;
    struct address a;
    for (const struct record *g = record_next(m, device, "tunnel-group", NULL); g;
         g = record_next(m, device, "tunnel-group", g)) {
        struct text type = fact_get_text(g->facts, "type");
        if (!fact_members(g->facts, "keys") || address_read(g->title, &a) || text_starts(g->title, TEXT("Default")) ||
            (type.len && !text_equal(type, TEXT("ipsec-l2l"))))
            continue;
        if (found)
            return NULL;
        found = g;
    }
    return found;
}

bool stray_groups_tell(struct diagnosis *d, uint32_t device, struct text wanted)
{
    const struct record *stray = NULL, *g = NULL;
    unsigned strays = 0;
    if (!device || !config_supplied(d->m, device))
        return false;
    struct config_way *ways = arena_array(d->m->run, struct config_way, WAYS);
    size_t count = ways_of(d->m, device, ways);
    while ((g = record_next(d->m, device, "tunnel-group", g)) != NULL) {
        if (!has_peer(ways, count, g)) {
            stray = g;
            strays++;
        }
    }
    const struct record *word = strays ? NULL : named_by_word(d->m, device);
    if (word) {
        diagnosis_word(d, "stray", word->title);
        diagnosis_more(d, "Its tunnel-group {stray} has keys, but an ASA looks for one that is named as the peer's address "
                          "arrives, or as the identity that it sends.");
        finding_quote(d->m, d->f, word, 0);
        return true;
    }
    if (strays != 1)
        return false;
    diagnosis_word(d, "stray", stray->title);
    diagnosis_word(d, "wanted", wanted);
    diagnosis_more(d, "Its tunnel-group {stray} is named after an address that nothing there has as its peer: is that a mistyped "
                      "{wanted}?");
    finding_quote(d->m, d->f, stray, 0);
    return true;
}
