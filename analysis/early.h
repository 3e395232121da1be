/* Lines that an attempt begins with, before its log names it: which policy, which profile, whose key. */
#ifndef IKESCOPE_ANALYSIS_EARLY_H
#define IKESCOPE_ANALYSIS_EARLY_H

#include "model/model.h"

/* early_bind gives the listed events that stand before the first line of a log's only IKE SA to that SA. Where the log has
 * several, nothing tells whose they are. */
void early_bind(struct model *m);

#endif
