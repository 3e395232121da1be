/* How all ended: the outcome of each IKE SA and of its Child SAs, and the flows that are theirs. */
#ifndef IKESCOPE_ANALYSIS_OUTCOMES_H
#define IKESCOPE_ANALYSIS_OUTCOMES_H

#include "analysis/associations.h"

/* outcomes_settle, at the end: derives what was not derived yet, gives each flow to the Child SA whose SPI it has, and concludes.
 * It may be repeated. */
void outcomes_settle(struct associations *a);

#endif
