/*
 * A line that goes on with what the line before it was about: the same router speaks of the same IKE SA by the same names. Most
 * lines of a trace do. What seeking the SA, its slots and its view anew would tell of such a line is known, and is told here;
 * a line that could change any of it, or say anything of another SA, is not one of them.
 */
#ifndef IKESCOPE_ANALYSIS_AGAIN_H
#define IKESCOPE_ANALYSIS_AGAIN_H

#include "analysis/associations.h"

struct again { /* what the last line of an SA was about; .sa NULL: there is none */
    struct observer *observer;
    struct ike_sa *sa;
    struct view *view;
};

/* again_binding says how an event is bound to the same SA, as associations_bind() would; BOUND_NONE: that has to be asked. now:
 * events so far, this one counted. */
enum binding again_binding(const struct again *a, const struct event *e, uint64_t now);

#endif
