/* A router that is started anew has none of the SAs any more that it had, whoever else still holds them. */
#ifndef IKESCOPE_ANALYSIS_RESTARTS_H
#define IKESCOPE_ANALYSIS_RESTARTS_H

#include "analysis/associations.h"

/* restarts_note takes note of a router that says so. */
void restarts_note(struct observer *o, const struct event *e);
/* restarts_end ends an SA, of which some observer of this input told nothing more until its router was started anew. */
void restarts_end(const struct associations *a, struct ike_sa *sa);
/* restarts_settle does so with each SA; to be called when an input was read. */
void restarts_settle(const struct associations *a);

#endif
