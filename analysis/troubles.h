/* Troubles of inputs, as the readers noted them, become findings of the rule they name. */
#ifndef IKESCOPE_ANALYSIS_TROUBLES_H
#define IKESCOPE_ANALYSIS_TROUBLES_H

#include "analysis/quote.h"

void troubles_tell(struct model *m, const struct rule *r, const struct advice *rows, size_t count);

#endif
