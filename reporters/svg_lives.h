/* The lives of SAs on one time axis: a bar for each IKE SA and each Child SA, and who replaced whom. */
#ifndef IKESCOPE_REPORTERS_SVG_LIVES_H
#define IKESCOPE_REPORTERS_SVG_LIVES_H

#include "model/model.h"
#include "reporters/svg_draw.h"

/* lives_draw draws the SAs between this pair of addresses, most of them at most, and returns the y below. */
int lives_draw(struct drawing *d, const struct model *m, const struct ike_sa *const *sas, size_t count, size_t most, int y);

#endif
