/* The lane of one end's states beside its lifeline: one piece for each state, told apart by what the end does there (works, waits
 * for the peer, is up, is gone). The names stand beside it, and the colours only repeat them. */
#ifndef IKESCOPE_REPORTERS_SVG_LANE_H
#define IKESCOPE_REPORTERS_SVG_LANE_H

#include "reporters/steps.h"
#include "reporters/svg_draw.h"

struct lane {
    const char *state; /* at the row's top; NULL not known yet */
    struct {
        const char *state;
        int y;
    } marks[STEP_STATE_COUNT]; /* what is entered inside the row */
    size_t count;
};

const char *lane_class(const char *state); /* "s-work", "s-wait", "s-ready", "s-gone" */
void lane_mark(struct lane *l, const char *state, int y);
/* lane_draw draws the row's piece of the lane around x, and leaves the lane in its last state. */
void lane_draw(struct drawing *d, struct lane *l, int x, int width, int height);

#endif
