/* One SA that was seen as two: a log that begins without SPIs shows an SA by its slot, and later names it with the SPIs of an SA
 * that another input has shown already. */
#ifndef IKESCOPE_ANALYSIS_UNITE_H
#define IKESCOPE_ANALYSIS_UNITE_H

#include "analysis/associations.h"

/* unite_sas moves what SAs marked with same_as hold to the SA that they are, and takes them off the model. To be called once,
 * when every input was read. */
void unite_sas(struct associations *a);

#endif
