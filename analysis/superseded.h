/* IKE SAs that a peer forgot: it began anew and said by INITIAL_CONTACT that it has no other with us. RFC 7296 section 2.4. */
#ifndef IKESCOPE_ANALYSIS_SUPERSEDED_H
#define IKESCOPE_ANALYSIS_SUPERSEDED_H

#include "model/model.h"

/* superseded_settle marks those of which nothing was seen since. Their outcome stays, as nobody deleted them. To be called when
 * outcomes are settled. */
void superseded_settle(struct model *m);

#endif
