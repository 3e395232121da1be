/* Crypto ACLs as mirror images: what one router's entry calls local is remote in the other's. */
#ifndef IKESCOPE_ANALYSIS_MIRROR_H
#define IKESCOPE_ANALYSIS_MIRROR_H

#include "analysis/evidence.h"
#include "base/map.h"

/* mirror_add puts the entries of one list where their images are found; a zeroed map is empty, keys stand in the arena. */
void mirror_add(struct map *images, struct arena *arena, struct selector_pair *pairs);
/* mirror_has: is there an entry whose mirror image this one is, in addresses, protocols and ports? */
bool mirror_has(const struct map *images, const struct selector_pair *pair);

#endif
