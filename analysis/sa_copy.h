/*
 * Makes a deep copy of an IKE SA in another model, or in fresh memory of its own: this is how a stream gets rid of what it need
 * not keep (analysis/forget.h). While SAs are copied, ike_sa.copy and child_sa.copy of the originals point to the copies.
 */
#ifndef IKESCOPE_ANALYSIS_SA_COPY_H
#define IKESCOPE_ANALYSIS_SA_COPY_H

#include "model/model.h"

/* sa_copy copies the SA with its views, exchanges and children into to->run; it puts it in no list. Without `whole` only what is
 * asked of an SA that was judged (its ends, times, states, children), and not the exchanges and notes. */
struct ike_sa *sa_copy(struct model *to, struct ike_sa *sa, bool whole);
/* sa_copy_links makes the copy's links to other SAs and children lead to their copies, or to NULL where they were not copied. */
void sa_copy_links(struct ike_sa *copy);
/* notes_copy copies a list; *last is its end. */
struct note *notes_copy(struct arena *arena, const struct note *first, struct note **last);
struct printed_offer printed_offer_copy(struct arena *arena, const struct printed_offer *offer);

#endif
