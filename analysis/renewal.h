/*
 * What a rekey needs at both ends, judged by what is known of them. To renew the IKE SA, its proposals are offered again, with a
 * new key exchange; to renew a Child SA, transform sets, the DH group of PFS and the selectors. Lifetimes are each end's own
 * affair (RFC 7296 section 2.8) and never a reason to refuse.
 */
#ifndef IKESCOPE_ANALYSIS_RENEWAL_H
#define IKESCOPE_ANALYSIS_RENEWAL_H

#include "analysis/proposals.h"

/* renewal_tell_ike and renewal_tell_child go on with a finding about a refused rekey: what was compared, what agrees, what does
 * not, what is left, and what to do at both ends. x may be NULL; asked: the side that wanted the rekey. */
void renewal_tell_ike(struct diagnosis *d, const struct ike_sa *sa, const struct exchange *x, enum side asked);
void renewal_tell_child(struct diagnosis *d, const struct ike_sa *sa, const struct exchange *x, enum side asked);

#endif
