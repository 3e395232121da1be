/* Lines that an attempt begins with, before its log names it: which policy, which profile, whose key. */
#ifndef IKESCOPE_ANALYSIS_EARLY_H
#define IKESCOPE_ANALYSIS_EARLY_H

#include "model/model.h"

/* early_bind gives the listed events that stand before the first line of an IKE SA to it: where a log has several, by the SA id,
 * session id or peer that the line names, or because no other begins as near behind it. */
void early_bind(struct model *m);

#endif
