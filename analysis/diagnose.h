/* All rules over the finished model; then the findings in the order in which they want to be read. */
#ifndef IKESCOPE_ANALYSIS_DIAGNOSE_H
#define IKESCOPE_ANALYSIS_DIAGNOSE_H

#include "model/model.h"

/* diagnose runs every rule once, causes before their effects, then sorts: errors, warnings, notes; causes before effects;
 * what happened first before what happened later. It numbers the findings from 1. */
void diagnose(struct model *m);

#endif
