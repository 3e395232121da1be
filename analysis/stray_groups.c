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
    if (strays != 1)
        return false;
    diagnosis_word(d, "stray", stray->title);
    diagnosis_word(d, "wanted", wanted);
    diagnosis_more(d, "Its tunnel-group {stray} is named after an address that nothing there has as its peer: is that a mistyped "
                      "{wanted}?");
    finding_quote(d->m, d->f, stray, 0);
    return true;
}
