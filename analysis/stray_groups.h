/* ASA: tunnel-groups that are named after an address to which nothing of the configuration leads, so that one of them may be the
 * one that was meant where there is none for a peer. */
#ifndef IKESCOPE_ANALYSIS_STRAY_GROUPS_H
#define IKESCOPE_ANALYSIS_STRAY_GROUPS_H

#include "analysis/quote.h"

/* stray_groups_tell asks of the only such group whether it is a mistyped `wanted`, and quotes it. Where there is none or more
 * than one, or no configuration, it says nothing and is false. */
bool stray_groups_tell(struct diagnosis *d, uint32_t device, struct text wanted);

#endif
