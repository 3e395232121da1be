/*
 * Endless input: an IKE SA that has ended and of which nothing more is heard is judged alone, with those that it has to do with,
 * and let go. Its memory comes back when what lives on is copied into fresh memory, so that whatever grew with the log is gone
 * with it; neither shows in what is told. Of those let go, the SPIs of some are remembered, so that a late line makes no SA anew,
 * and the last few in outline, so that what happens again and again is seen.
 */
#ifndef IKESCOPE_ANALYSIS_FORGET_H
#define IKESCOPE_ANALYSIS_FORGET_H

#include "analysis/associations.h"

/* forget_alone is a model of the SA and of those it has to do with: its ancestors and heir, those between the same ends that were
 * made lately, and those let go. Not finished yet; *who serves it. *alone is the SA there. The caller destroys both. */
struct model *forget_alone(struct associations *a, struct ike_sa *sa, struct associations *who, struct ike_sa **alone);
/* forget_let_go: nothing is bound to it any more; outcome is what became of it. */
void forget_let_go(struct associations *a, struct ike_sa *sa, enum sa_outcome outcome);
/* forget_compact gives back what does not live on. All pointers to SAs change. Not for runs that keep events. */
void forget_compact(struct associations *a);
/* forget_recall lists those let go again, first, so that rules see them. */
void forget_recall(struct associations *a);

#endif
