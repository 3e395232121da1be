/*
 * What exchanges mean for their SAs: the chosen algorithms, identities, Child SAs and their SPIs, rekeys, deletes,
 * addresses, and in the end each SA's outcome. Every step may be repeated when a better copy of a message arrives.
 */
#ifndef IKESCOPE_ANALYSIS_DERIVE_H
#define IKESCOPE_ANALYSIS_DERIVE_H

#include "analysis/associations.h"

void derive_exchange(struct associations *a, struct ike_sa *sa, struct exchange *x); /* once both legs are as good as they get */
void derive_outcomes(struct associations *a); /* at the end: all SAs, children and the flows that are theirs */
/* derive_nat notes the NAT verdicts of an IKE_SA_INIT message's payloads, if the decoder left them. */
void derive_nat(struct ike_sa *sa, const struct message *seen, enum side sender);
struct child_sa *derive_child(struct model *m, struct ike_sa *sa, struct spi spi_i, struct spi spi_r, uint8_t protocol);
/* derive_child_new makes one, whatever else there is; NULL where LIMIT_CHILD_SAS is reached. */
struct child_sa *derive_child_new(struct model *m, struct ike_sa *sa, struct spi spi_i, struct spi spi_r, uint8_t protocol);
/* selectors_copy is a copy of the whole list in the arena. */
struct selector *selectors_copy(struct arena *arena, const struct selector *s);
void chosen_from(struct chosen *c, const struct proposal *p);

#endif
