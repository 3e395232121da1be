/*
 * Endless input: an IKE SA that has ended, and of which nothing more is heard, is judged alone, with those that it has to do
 * with, and let go. Its memory is freed when what lives on is copied into fresh memory, and with it whatever grew with the log;
 * neither changes what is reported. Of the SAs let go, the SPIs of some are remembered, so that a late line does not make a new
 * SA, and the last few in outline, so that what happens again and again is noticed.
 */
#ifndef IKESCOPE_ANALYSIS_FORGET_H
#define IKESCOPE_ANALYSIS_FORGET_H

#include "analysis/associations.h"

/* forget_alone makes a model of the SA and of those it has to do with: its ancestors and heir, those between the same ends that
 * were made lately, and those let go. It is not finished (analysis_finish) yet. *who becomes its associations, *alone the SA in
 * it. The caller destroys the model and clears *who. */
struct model *forget_alone(struct associations *a, struct ike_sa *sa, struct associations *who, struct ike_sa **alone);
/* forget_let_go ends an SA with this outcome: nothing is bound to it any more. */
void forget_let_go(struct associations *a, struct ike_sa *sa, enum sa_outcome outcome);
/* forget_compact frees what does not live on. All pointers to SAs change. Not for runs that keep events. */
void forget_compact(struct associations *a);
/* forget_recall puts those let go at the head of the model's list again, so that rules see them. */
void forget_recall(struct associations *a);

#endif
