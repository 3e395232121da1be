/* AH at one end and ESP at the other: transform sets that have nothing to compare, whatever their algorithms are. */
#ifndef IKESCOPE_ANALYSIS_PROTOCOLS_H
#define IKESCOPE_ANALYSIS_PROTOCOLS_H

#include "analysis/quote.h"
#include "analysis/remedies.h"

/* protocols_differ: is no set of the one list of the same protocols (ESP, AH, or both) as one of the other? False where a list is
 * empty, or has what is not known. */
bool protocols_differ(const struct configured *one, const struct configured *other);
/* protocols_tell sets the words {offered} (of list 0) and {accepted}, and quotes the sets of both. */
void protocols_tell(struct diagnosis *d, const struct configured *const lists[2]);
/* protocols_advice is what to type at end i so that it has the other's; empty: the platform has no words for it. */
struct text protocols_advice(struct model *m, const struct configured *const lists[2], const struct remedied at[2], unsigned i);

#endif
