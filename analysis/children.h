/*
 * Child SAs: they are made by an answer that accepts a proposal of ESP or AH, and found again by their SPIs in the IKE SA that
 * made them and in those that replaced it. They live in the model, as everything of model/sa.h does.
 */
#ifndef IKESCOPE_ANALYSIS_CHILDREN_H
#define IKESCOPE_ANALYSIS_CHILDREN_H

#include "model/model.h"

/* child_with is the child with these SPIs, one of which may be unknown; it is made where there is none. The IKE SA's initiator
 * receives on spi_i. NULL where LIMIT_CHILD_SAS is reached. */
struct child_sa *child_with(struct model *m, struct ike_sa *sa, struct spi spi_i, struct spi spi_r, uint8_t protocol);
/* child_new makes one, whichever there are already; NULL where LIMIT_CHILD_SAS is reached. */
struct child_sa *child_new(struct model *m, struct ike_sa *sa, struct spi spi_i, struct spi spi_r, uint8_t protocol);
/* child_make makes, or completes, what an IKE_AUTH or CREATE_CHILD_SA exchange has agreed on: RFC 7296 sections 1.2 and 1.3.1.
 * Links it with the one that it rekeys. */
void child_make(struct model *m, struct ike_sa *sa, const struct exchange *x);
/* child_inherited finds a child by the SPI on which *receiver receives, in this IKE SA or one that it replaces; *receiver comes
 * back as a side of the IKE SA that made the child. NULL: none. */
struct child_sa *child_inherited(const struct ike_sa *sa, enum side *receiver, uint64_t value);

#endif
