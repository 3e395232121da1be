/* IKE SAs by the address of either end, for rules that ask it of each of thousands of tunnels, notes and configured ways. */
#ifndef IKESCOPE_ANALYSIS_SAS_AT_H
#define IKESCOPE_ANALYSIS_SAS_AT_H

#include "model/model.h"

struct placed_sa {
    struct placed_sa *next, *last; /* last: in the first of them */
    struct ike_sa *sa;
};

/* sas_at: those of which one end has that address, in their order; ADDRESS_NONE: those of which an end's is not known. Only while
 * rules run, which change no SA. A trial (analysis/diagnose.c) that needs what is not there yet is left to the one in order. */
const struct placed_sa *sas_at(const struct model *m, struct address a);
void sas_at_forget(struct model *m);

#endif
