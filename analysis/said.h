/*
 * What a router's log says in words. Most logs print no payloads: identities, methods, the result of a check and the chosen
 * algorithms stand there as sentences alone ("My authentication method is 'PSK'", "IKE Proposal: 1 …"). They are kept with the
 * view and fill in what no message told.
 */
#ifndef IKESCOPE_ANALYSIS_SAID_H
#define IKESCOPE_ANALYSIS_SAID_H

#include "analysis/associations.h"

/* said_read takes what an event's text tells about the SA. v NULL: the event belongs to none yet, and what it offers waits with
 * its observer. */
void said_read(struct model *m, struct observer *o, struct ike_sa *sa, struct view *v, const struct event *e);
/* said_peer_key notes that the peer signs with a pre-shared key, since the state machine looked one up, unless the log named
 * another method. */
void said_peer_key(struct model *m, struct view *v);
/* said_choose_ike and said_choose_child take the proposal that this SA or Child SA was made with from what either end printed: a
 * responder prints what it chose, and of what an initiator offers a single choice is as good. */
void said_choose_ike(struct model *m, struct ike_sa *sa);
void said_choose_child(struct model *m, struct ike_sa *sa, struct child_sa *c, enum side asker);
/* said_fill gives a message that this router sent, and whose log only names its payloads, the proposals that were printed in front
 * of it. */
void said_fill(struct model *m, const struct view *v, const struct event *e, struct message *msg);
/* said_settle gives the parties what is still unknown of them. */
void said_settle(struct model *m, struct ike_sa *sa);
/* said_unite takes over what the same observer said in the first half of an SA. */
void said_unite(struct view *late, const struct view *early);

#endif
