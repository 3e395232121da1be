/* The lane of one end's states beside its lifeline: one piece for each state, told apart by what the end does there (works, waits
 * for the peer, is up, is gone). The names stand beside it, and the colours only repeat them. */
#ifndef IKESCOPE_REPORTERS_SVG_LANE_H
#define IKESCOPE_REPORTERS_SVG_LANE_H

#include "reporters/steps.h"
#include "reporters/svg_draw.h"

struct lane {
    const char *state; /* at the row's top; NULL not known yet */
    const char *class;
    struct {
        const char *state, *class;
        int y;
    } marks[STEP_STATE_COUNT]; /* what is entered inside the row */
    size_t count;
};

const char *lane_class(const char *state); /* "s-work", "s-wait", "s-ready", "s-gone" */
/* lane_class_at: of a state that t entered last; an exchange that failed is over in AUTH_DONE, one that went well goes on. t NULL:
 * whatever entered it. */
const char *lane_class_at(const char *state, const struct transition *t);
void lane_mark(struct lane *l, const char *state, const char *class, int y);
/* lane_draw draws the row's piece of the lane around x, and leaves the lane in its last state. */
void lane_draw(struct drawing *d, struct lane *l, int x, int width, int height);

#endif
