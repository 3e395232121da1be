/*
 * "RECV PKT [IKE_AUTH] …", "SENT PKT [IKE_AUTH] …": ASA's platform debug names each message that passes and shows nothing of it.
 * Where the protocol debug dumps the message as well, the dump is the message; else this line is.
 */
#ifndef IKESCOPE_ANALYSIS_DATAGRAMS_H
#define IKESCOPE_ANALYSIS_DATAGRAMS_H

#include "analysis/associations.h"

/* datagram_wait keeps the event's message until it is known whether a dump of it follows. */
void datagram_wait(const struct model *m, struct observer *o, const struct event *e, struct ike_sa *sa, struct view *v);
/* datagram_due gives the message that waits, in the caller's *e and *m, when the event `next` (NULL: the input ended) shows that
 * no dump of it follows. False: there is none, it still waits, or a dump showed it. */
bool datagram_due(struct observer *o, const struct event *next, struct event *e, struct message *m);

#endif
