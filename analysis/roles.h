/*
 * Which end wrote this log? The state machine's letter and the directions of messages tell; for a log that has neither, there are
 * lines that only one side prints.
 */
#ifndef IKESCOPE_ANALYSIS_ROLES_H
#define IKESCOPE_ANALYSIS_ROLES_H

#include "model/event.h"

/* role_said is the only side that prints this line while an SA is being made; SIDE_UNKNOWN: either may. */
enum side role_said(const struct event *e);

#endif
