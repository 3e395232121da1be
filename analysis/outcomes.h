/* How everything ended: the outcome of each IKE SA and of its Child SAs, and which flows belong to them. */
#ifndef IKESCOPE_ANALYSIS_OUTCOMES_H
#define IKESCOPE_ANALYSIS_OUTCOMES_H

#include "analysis/associations.h"

/* outcomes_settle is called when all input was read: it derives what was not derived yet, gives each flow to the Child SA whose
 * SPI it has, and decides the outcomes. It may be repeated. */
void outcomes_settle(struct associations *a);

#endif
