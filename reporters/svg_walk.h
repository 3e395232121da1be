/* The walkthrough as a drawing: three columns, what the initiator does, the exchange, what the responder does. */
#ifndef IKESCOPE_REPORTERS_SVG_WALK_H
#define IKESCOPE_REPORTERS_SVG_WALK_H

#include "model/model.h"
#include "reporters/svg_draw.h"
#include "reporters/walkthrough.h"

int walk_draw(struct drawing *d, const struct walker *w, const struct model *m, const struct ike_sa *sa, int y);

#endif
