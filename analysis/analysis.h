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
/* analysis_last_sa is the SA that the last event was bound to, NULL: none. For those who tell things as they happen. */
const struct ike_sa *analysis_last_sa(const struct analysis *a);
void analysis_finish(struct analysis *a);
void analysis_destroy(struct analysis *a);

#endif
