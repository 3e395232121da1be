/*
 * A router's log names the objects of its configuration that it uses: "found matching IKEv2 profile 'P'", "Matched peer block
 * 'HUB'", "mapped to tunnel group 192.0.2.1". Advice is then written with these names. An initiator prints them before its SA has
 * any id in the log, so they wait with their observer until the lines of a new SA follow.
 */
#ifndef IKESCOPE_ANALYSIS_NAMED_H
#define IKESCOPE_ANALYSIS_NAMED_H

#include "analysis/associations.h"

/* named_read takes a name from an event of the view's SA; v NULL: the event belongs to none yet. */
void named_read(struct model *m, struct observer *o, struct view *v, const struct event *e);
/* named_unite takes over the names from the same observer's view of the first half of an SA. */
void named_unite(struct view *late, const struct view *early);

#endif
