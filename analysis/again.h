/*
 * A line that goes on with what the line before it was about: the same router speaks of the same IKE SA by the same names, as
 * most lines of a trace do. For such a line the result of looking up the SA, its slots and its view is known without doing so. A
 * line that could change any of these, or tell anything about another SA, is not one.
 */
#ifndef IKESCOPE_ANALYSIS_AGAIN_H
#define IKESCOPE_ANALYSIS_AGAIN_H

#include "analysis/associations.h"

struct again { /* what the last line of an SA was about; .sa NULL: there is none */
    struct observer *observer;
    struct ike_sa *sa;
    struct view *view;
};

/* again_binding says how an event is bound to the same SA, just as associations_bind() would; BOUND_NONE: ask that. now: events
 * so far, this one included. */
enum binding again_binding(const struct again *a, const struct event *e, uint64_t now);

#endif
