/*
 * Who stands at the two ends of an SA: logs, configurations and show output of one router come under several names, and a log
 * may tell no address of its own. routers_join() says which names are one router (device.same_as), and gives an end the
 * address that the same router has towards the same peer elsewhere. After SAs and records exist, before the rules.
 */
#ifndef IKESCOPE_ANALYSIS_ENDS_H
#define IKESCOPE_ANALYSIS_ENDS_H

#include "model/model.h"

void routers_join(struct model *m);
/* ends_learn fills in the own address of a log that names only its peer, from lines about ESP that was sent to it and dropped. */
void ends_learn(struct model *m);
/* ends_forget_nobody makes an end unknown that its log calls 0.0.0.0 (of a request that was turned away before it was read). */
void ends_forget_nobody(struct model *m);

#endif
