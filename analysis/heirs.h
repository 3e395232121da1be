/* Who replaced whom: an IKE SA that a CREATE_CHILD_SA made is the heir of the one that it was made in. RFC 7296 section 2.8. */
#ifndef IKESCOPE_ANALYSIS_HEIRS_H
#define IKESCOPE_ANALYSIS_HEIRS_H

#include "model/model.h"

/* heir_take links the two. Who asked in x is the initiator of the heir, so the sides may change; what the heir's own messages do
 * not tell of its ends it has from the old one. */
void heir_take(struct ike_sa *sa, struct ike_sa *heir, const struct exchange *x);
enum { REKEYS_FOLLOWED = 64 }; /* of IKE SAs, one after the other: a log may name them in a circle */
/* heir_last is the last IKE SA that holds the children of this one: itself where nobody replaced it. */
const struct ike_sa *heir_last(const struct ike_sa *sa);
/* heirs_guess: a log that prints the new SPIs nowhere in the exchange shows an SA without a beginning between the same ends,
 * behind a rekey whose heir is not known. */
void heirs_guess(struct model *m);

/* heirs_choose settles which of two that a collision made in place of one took its place: the one that was not deleted, or later.
 * RFC 7296 section 2.8.1: the other goes at once. All exchanges are derived before. */
void heirs_choose(struct model *m);

#endif
