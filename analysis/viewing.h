/*
 * What one event of a log tells about its SA and about the log's view of it: role, ends, the state it is in, whether it came up,
 * failed or was deleted. Each of these functions takes one event, in the order of the log.
 */
#ifndef IKESCOPE_ANALYSIS_VIEWING_H
#define IKESCOPE_ANALYSIS_VIEWING_H

#include "analysis/associations.h"

/* view_role settles, once, which end wrote the log; what its lines called local and remote is then given to the two ends. */
void view_role(struct ike_sa *sa, struct view *v, enum side role);
/* view_transition takes one of the state machine's lines; meaning: MEANS_ bits of its words (analysis/statewords.h). */
void view_transition(struct ike_sa *sa, struct view *v, const struct event *e, uint32_t meaning);
void view_enter(struct view *v, const struct event *e); /* the state is another one */
/* view_ends takes the addresses of an event; sender: that of a message, SIDE_UNKNOWN for any other event. */
void view_ends(struct model *m, struct ike_sa *sa, struct view *v, const struct event *e, enum side sender);
/* view_peer keeps whose key or policy was looked up until the SA that it was for begins; now: events so far. */
void view_peer(struct observer *o, struct ike_sa *sa, const struct view *v, const struct event *e, uint64_t now);
void view_code(struct ike_sa *sa, struct view *v, const struct event *e); /* what the text means */
/* view_in_midlife: all that is seen of it are requests that only an SA that is up sends: its log begins later than it did. */
bool view_in_midlife(const struct ike_sa *sa);
bool view_names_ends(const struct event *e); /* is its local address that of this end? */
void view_touch(struct ike_sa *sa, struct view *v, const struct event *e, enum binding how); /* lines, ids, times, ends */

#endif
