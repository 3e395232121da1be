/* Failures that are over, since a later attempt of the same end came up. */
#ifndef IKESCOPE_ANALYSIS_MENDED_H
#define IKESCOPE_ANALYSIS_MENDED_H

#include "model/model.h"

/* mended_tell adds to the cause of each error of a failed attempt which later one came up. */
void mended_tell(struct model *m);

#endif
