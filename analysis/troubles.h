/* Troubles of inputs, as the readers noted them (model/model.h), become findings of the rule they name. */
#ifndef IKESCOPE_ANALYSIS_TROUBLES_H
#define IKESCOPE_ANALYSIS_TROUBLES_H

#include "analysis/quote.h"

/* troubles_tell makes the findings of one rule; rows: its advice where a trouble has none of its own. */
void troubles_tell(struct model *m, const struct rule *r, const struct advice *rows, size_t count);

#endif
