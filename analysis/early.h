/* Lines that an attempt begins with, before its log names it: which policy, which profile, whose key. */
#ifndef IKESCOPE_ANALYSIS_EARLY_H
#define IKESCOPE_ANALYSIS_EARLY_H

#include "model/model.h"

/* early_bind binds the listed events (model.events) that stand before the first line of an IKE SA to it. Where a log has several
 * SAs, the SA id, session id or peer in the line decides, or that no other SA begins as near behind it. */
void early_bind(struct model *m);

#endif
