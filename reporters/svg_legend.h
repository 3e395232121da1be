/* What colours and signs of a ladder mean: only those that stand in it. */
#ifndef IKESCOPE_REPORTERS_SVG_LEGEND_H
#define IKESCOPE_REPORTERS_SVG_LEGEND_H

#include "reporters/steps.h"
#include "reporters/svg_draw.h"

/* legend_draw writes it as the ladder's last row and returns the y below; nothing where there is nothing to explain. */
int legend_draw(struct drawing *d, const struct steps *steps, int y);

#endif
