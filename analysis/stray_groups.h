/* ASA: tunnel-groups that are named after an address to which nothing in the configuration leads. Where a peer has no group, one
 * of these may have been meant for it. */
#ifndef IKESCOPE_ANALYSIS_STRAY_GROUPS_H
#define IKESCOPE_ANALYSIS_STRAY_GROUPS_H

#include "analysis/quote.h"

/* stray_groups_tell suggests that the only such group is a mistyped `wanted`, or says that the only one with keys is named by a
 * word, and quotes it. Where there is none or more than one, or no configuration, it says nothing and returns false. */
bool stray_groups_tell(struct diagnosis *d, uint32_t device, struct text wanted);

#endif
