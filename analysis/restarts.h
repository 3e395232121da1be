/* A router that is started anew has none of the SAs any more that it had, whoever else still holds them. */
#ifndef IKESCOPE_ANALYSIS_RESTARTS_H
#define IKESCOPE_ANALYSIS_RESTARTS_H

#include "analysis/associations.h"

/* restarts_note takes note of a router that says so. */
void restarts_note(struct observer *o, const struct event *e);
/* restarts_mark marks the views of those who told nothing more of the SA until they were started anew (view.restarted). */
void restarts_mark(const struct associations *a, struct ike_sa *sa);
/* restarts_settle does so with each SA; to be called once, when all inputs were read. */
void restarts_settle(const struct associations *a);

#endif
