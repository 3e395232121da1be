/*
 * What exchanges mean for their SAs: the chosen algorithms, identities, Child SAs (children.h), rekeys, deletes. Every step may
 * be repeated when a better copy of a message arrives.
 */
#ifndef IKESCOPE_ANALYSIS_DERIVE_H
#define IKESCOPE_ANALYSIS_DERIVE_H

#include "analysis/associations.h"

void derive_exchange(struct associations *a, struct ike_sa *sa, struct exchange *x); /* once both legs are as good as they get */
/* derive_anew: IKE_SA_INIT was answered by "ask anew", and then agreed: what this view said of the first try fails no more. */
void derive_anew(struct ike_sa *sa, struct view *v, const struct exchange *x);
/* derive_late derives what waits for a leg that was condensed away: the other end's log showed the exchange once more, or half of
 * it. */
void derive_late(struct associations *a, struct ike_sa *sa);
/* derive_nat notes the NAT verdicts of an IKE_SA_INIT message's payloads, if the decoder left them. */
void derive_nat(struct ike_sa *sa, const struct message *seen, enum side sender);
/* chosen_from takes over the transforms of a proposal; kinds that it does not name stay as they are. */
void chosen_from(struct chosen *c, const struct proposal *p);

#endif
