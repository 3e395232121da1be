/*
 * A router's log names the objects of its configuration that it takes: "found matching IKEv2 profile 'P'", "Matched peer block
 * 'HUB'", "mapped to tunnel group 192.0.2.1". Advice is then written with these names. An initiator says so before its SA has any
 * id in the log, so that names wait with their observer until the lines of a new SA follow.
 */
#ifndef IKESCOPE_ANALYSIS_NAMED_H
#define IKESCOPE_ANALYSIS_NAMED_H

#include "analysis/associations.h"

/* named_read takes a name from an event of the view's SA; v NULL: of none yet. */
void named_read(struct model *m, struct observer *o, struct view *v, const struct event *e);
/* named_unite: the same observer's earlier half of an SA named these. */
void named_unite(struct view *late, const struct view *early);

#endif
