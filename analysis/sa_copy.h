/*
 * A deep copy of an IKE SA into another model, or into the fresh memory of its own: how a stream gets rid of what it need not
 * keep (analysis/forget.h). While SAs are copied, `copy` of each that was leads to its copy.
 */
#ifndef IKESCOPE_ANALYSIS_SA_COPY_H
#define IKESCOPE_ANALYSIS_SA_COPY_H

#include "model/model.h"

/* sa_copy copies the SA with its views, exchanges and children into to->run; nothing lists it yet. whole: else only what is asked
 * of an SA that was judged (its ends, times, states, children), without exchanges and notes. */
struct ike_sa *sa_copy(struct model *to, struct ike_sa *sa, bool whole);
/* sa_copy_links makes the copy's links to other SAs and children lead to their copies; to what was not copied it has none. */
void sa_copy_links(struct ike_sa *copy);
/* notes_copy copies a list; *last is its end. */
struct note *notes_copy(struct arena *arena, const struct note *first, struct note **last);
struct printed_offer printed_offer_copy(struct arena *arena, const struct printed_offer *offer);

#endif
