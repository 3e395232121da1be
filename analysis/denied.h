/* What filters log of IKE and ESP that they drop: the reason for a silence, reported by a router on the way or by an end itself.
 */
#ifndef IKESCOPE_ANALYSIS_DENIED_H
#define IKESCOPE_ANALYSIS_DENIED_H

#include "analysis/quote.h"

/* denied_between finds a line of any input about a packet between the two ends of this SA. */
struct heard denied_between(const struct model *m, const struct ike_sa *sa);
/* denied_tell says who dropped what and what to do, and quotes it. */
void denied_tell(struct diagnosis *d, struct heard said);

#endif
