/* All rules over the finished model; then the findings in the order in which they want to be read. */
#ifndef IKESCOPE_ANALYSIS_DIAGNOSE_H
#define IKESCOPE_ANALYSIS_DIAGNOSE_H

#include "model/model.h"

/* diagnose runs every rule once, causes before their effects, then sorts the findings: errors, warnings, notes; among these
 * causes before effects; and among these what happened first. It numbers them from 1. */
void diagnose(struct model *m);

#endif
