/* An IKE SA that only show output has: does that show it up, and without a Child SA? */
#ifndef IKESCOPE_ANALYSIS_SHOWN_CHILDLESS_H
#define IKESCOPE_ANALYSIS_SHOWN_CHILDLESS_H

#include "model/model.h"

struct childless { /* who says so, and where */
    const struct record *record;
    uint32_t line;
    const struct fact *flow; /* that has no SPIs, with its counters; NULL: no flow is listed */
    bool asa;
};

/* shown_childless is false where nothing says so; an excerpt that leaves the Child SAs out does not. After evidence_join(). */
bool shown_childless(const struct model *m, const struct ike_sa *sa, struct childless *c);
/* shown_childless_mark sets ike_sa.shown_childless of those. */
void shown_childless_mark(struct model *m);

#endif
