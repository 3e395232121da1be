/* What a line of IKEv1 tells of its peer: nothing else of that protocol is read. */
#ifndef IKESCOPE_PARSER_OLDER_H
#define IKESCOPE_PARSER_OLDER_H

#include "model/message.h"

/* older_facts appends `peer_address` and `direction`, "received" or "sent", where the line tells of a message of that peer, or
 * of one to it. */
void older_facts(struct text t, struct facts *facts);

#endif
