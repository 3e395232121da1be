/*
 * The ladder of one IKE SA: two lifelines with a lane of states each, the messages between them, notes at the side they
 * come from, pauses, what was lost. Every row is a group of its own with its own piece of the lifelines, so that a
 * page can hide rows (folds, filters) and push the rest together without drawing anything again.
 */
#ifndef IKESCOPE_REPORTERS_SVG_LADDER_H
#define IKESCOPE_REPORTERS_SVG_LADDER_H

#include "reporters/steps.h"
#include "reporters/svg_draw.h"

enum { LADDER_WIDTH = 1020 };

struct ladder_options {
    bool interactive; /* folded rows are in it too, hidden, and rows say what they are in data- attributes */
    size_t most;      /* rows at most; 0: all. The drawing says what is left out */
};

/* ladder_draw draws downward from y and returns the y below. */
int ladder_draw(struct drawing *d, const struct model *m, const struct steps *steps, struct ladder_options o, int y);

/* exchange_colour is the class of a group that holds one of its messages; each type has its own. It begins with a blank, or is
 * empty. */
const char *exchange_colour(const struct exchange *x);

#endif
