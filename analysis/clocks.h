/* Clocks are aligned from messages that two observers saw: one sent it, or the wire carried it, and the other received
 * it. A message's way takes time, so the offset between two clocks lies between what both directions allow. */
#ifndef IKESCOPE_ANALYSIS_CLOCKS_H
#define IKESCOPE_ANALYSIS_CLOCKS_H

#include "model/model.h"

/* clocks_align sets offset, drift and uncertainty of every input that can be aligned, and the model's origin. */
void clocks_align(struct model *m);

#endif
