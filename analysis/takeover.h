/* An ASA whose crypto map entry allows both goes on with IKEv1 where IKEv2 failed, and the tunnel is up all the same. */
#ifndef IKESCOPE_ANALYSIS_TAKEOVER_H
#define IKESCOPE_ANALYSIS_TAKEOVER_H

#include "model/model.h"

/* takeover_tell adds this to the cause of each failure after which the log says so. */
void takeover_tell(struct model *m);

#endif
