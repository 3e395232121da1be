/* IKE SAs that a peer forgot: it began anew and said by INITIAL_CONTACT that it has no other with us. RFC 7296 section 2.4. */
#ifndef IKESCOPE_ANALYSIS_SUPERSEDED_H
#define IKESCOPE_ANALYSIS_SUPERSEDED_H

#include "model/model.h"

/* superseded_settle marks them, where nothing was seen of them since. Their outcome stays: nobody deleted them. Outcomes are
 * settled before. */
void superseded_settle(struct model *m);

#endif
