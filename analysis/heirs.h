/* Who replaced whom: an IKE SA that a CREATE_CHILD_SA made is the heir of the one that it was made in. RFC 7296 section 2.8. */
#ifndef IKESCOPE_ANALYSIS_HEIRS_H
#define IKESCOPE_ANALYSIS_HEIRS_H

#include "model/model.h"

/* heir_take links the two. The side that asked in x is the initiator of the heir, so the sides may swap; what the heir's own
 * messages do not tell of its ends is taken over from the old SA. */
void heir_take(struct ike_sa *sa, struct ike_sa *heir, const struct exchange *x);
enum { REKEYS_FOLLOWED = 64 }; /* of IKE SAs, one after the other: a log may name them in a circle */
/* heir_last is the last IKE SA that holds the children of this one: itself where nobody replaced it. */
const struct ike_sa *heir_last(const struct ike_sa *sa);
/* heirs_guess finds heirs for a log that does not print the new SPIs in the exchange: behind a rekey whose heir is not known, an
 * SA between the same ends that was seen without its beginning. */
void heirs_guess(struct model *m);

/* heirs_choose decides which of two SAs that a collision made is the heir: the one that was not deleted, or deleted later, since
 * the other is deleted at once (RFC 7296 section 2.8.1). To be called once all exchanges are derived. */
void heirs_choose(struct model *m);

#endif
