/*
 * Which end is this log's? The state machine's letter and the directions of messages tell; where a log has neither, some lines
 * are printed by one side alone.
 */
#ifndef IKESCOPE_ANALYSIS_ROLES_H
#define IKESCOPE_ANALYSIS_ROLES_H

#include "model/event.h"

/* role_said is the side that alone prints this line while an SA is being made; SIDE_UNKNOWN: either may. */
enum side role_said(const struct event *e);

#endif
