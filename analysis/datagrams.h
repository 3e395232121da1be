/*
 * "RECV PKT [IKE_AUTH] …", "SENT PKT [IKE_AUTH] …": ASA's platform debug names each message that passes and shows nothing of it.
 * Where the protocol debug dumps the message as well, the dump is the message; else this line is.
 */
#ifndef IKESCOPE_ANALYSIS_DATAGRAMS_H
#define IKESCOPE_ANALYSIS_DATAGRAMS_H

#include "analysis/associations.h"

/* datagram_wait keeps the event's message until it is known whether a dump of it follows. */
void datagram_wait(struct observer *o, const struct event *e, struct ike_sa *sa, struct view *v);
/* datagram_due is the message that waits, when this event (NULL: the end) shows that no dump follows: *e and *m become it, which
 * live as long as the caller's. False: there is none, it still waits, or it was shown otherwise. */
bool datagram_due(struct observer *o, const struct event *next, struct event *e, struct message *m);

#endif
