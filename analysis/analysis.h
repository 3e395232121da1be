/*
 * Events to SAs to findings: the door of analysis/. Events of all inputs go in one input after another; analysis_finish()
 * aligns clocks, decides outcomes, joins flows and show output, and runs the rules.
 */
#ifndef IKESCOPE_ANALYSIS_ANALYSIS_H
#define IKESCOPE_ANALYSIS_ANALYSIS_H

#include "model/model.h"

struct analysis;

struct analysis *analysis_create(struct model *model);
struct event_taker analysis_taker(struct analysis *a);
void analysis_begin_input(struct analysis *a, uint32_t input); /* its events follow */
void analysis_end_input(struct analysis *a, uint32_t input);
/* analysis_last_sa is the SA that the last event was bound to, or NULL; for output that is written as things happen. */
struct ike_sa *analysis_last_sa(const struct analysis *a);
void analysis_finish(struct analysis *a);
/*
 * For endless input (analysis/forget.h). analysis_alone judges one SA as if the log ended here: it gives a finished model of that
 * SA and of those it has to do with, which the caller destroys, and in *alone the SA in that model. analysis_of_several: is this
 * finding about more than one SA (f->ike_sa is the first of them) or about the log as a whole (f->ike_sa is NULL)?
 * analysis_let_go ends an SA with this outcome: no event is bound to it any more. analysis_compact frees the memory of the SAs
 * that were let go, and changes all pointers to SAs.
 */
struct model *analysis_alone(struct analysis *a, struct ike_sa *sa, const struct ike_sa **alone);
bool analysis_of_several(const struct finding *f);
void analysis_let_go(struct analysis *a, struct ike_sa *sa, enum sa_outcome outcome);
void analysis_compact(struct analysis *a);
void analysis_destroy(struct analysis *a);

#endif
