/* The head of a drawing: which tunnels are up and which are not; of the first finding cause, fix and evidence, of the others
 * title and cause. */
#ifndef IKESCOPE_REPORTERS_SVG_VERDICT_H
#define IKESCOPE_REPORTERS_SVG_VERDICT_H

#include "reporters/peers.h"
#include "reporters/svg_draw.h"

/* verdict_draw draws downward from y and returns the y below. */
int verdict_draw(struct drawing *d, const struct model *m, const struct peers *peers, int y);

/* verdict_words says the same in one sentence for each pair, for those who cannot see the drawing. */
void verdict_words(const struct model *m, const struct peers *peers, struct buffer *out);

#endif
