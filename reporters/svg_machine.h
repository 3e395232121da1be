/* The way one router's state machine took: its states from top to bottom as they were first entered, and the steps between
 * them, each with the event on which it was taken. */
#ifndef IKESCOPE_REPORTERS_SVG_MACHINE_H
#define IKESCOPE_REPORTERS_SVG_MACHINE_H

#include "model/model.h"
#include "reporters/svg_draw.h"

enum { MACHINE_WIDTH = 524 };

/* machine_draw draws downward from y and returns the y below; y itself where the view has no transitions. */
int machine_draw(struct drawing *d, const struct model *m, const struct ike_sa *sa, const struct view *v, int x, int y);

#endif
