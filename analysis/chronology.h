/* Inputs are read one after another, and each tells of an SA in its own order. Once their clocks are aligned, what several tell is
 * put in the order in which it happened, so that the order of inputs on the command line tells nothing. */
#ifndef IKESCOPE_ANALYSIS_CHRONOLOGY_H
#define IKESCOPE_ANALYSIS_CHRONOLOGY_H

#include "model/model.h"

/* chronology_settle: each IKE SA begins where the earliest of its views does, and its exchanges follow their times. What has no time
 * stays behind what it followed. */
void chronology_settle(struct model *m);

#endif
