/* Clocks are aligned by messages that two observers saw: one sent it, or the wire carried it, and the other received it. A
 * message takes time on its way, so the offset between two clocks lies between the bounds that the two directions give. */
#ifndef IKESCOPE_ANALYSIS_CLOCKS_H
#define IKESCOPE_ANALYSIS_CLOCKS_H

#include "model/model.h"

/* clocks_align sets offset, drift and uncertainty of every input that can be aligned, and the model's origin. */
void clocks_align(struct model *m);

#endif
