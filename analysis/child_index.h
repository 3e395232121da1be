/* Finds a Child SA of an IKE SA without a walk over all of them, since an SA that lived for months has had thousands. Short lists
 * are walked; the index of a long one is made when a child is added, and dropped when children leave the list or move in it.
 * Looking changes nothing, so rules may do it. */
#ifndef IKESCOPE_ANALYSIS_CHILD_INDEX_H
#define IKESCOPE_ANALYSIS_CHILD_INDEX_H

#include "model/model.h"

/* child_index_find is the first child that these SPIs fit, either of which may be unknown; NULL: none. */
struct child_sa *child_index_find(const struct ike_sa *sa, struct spi spi_i, struct spi spi_r);
/* child_index_receiver is the first by the SPI on which that side receives. */
struct child_sa *child_index_receiver(const struct ike_sa *sa, enum side receiver, uint64_t spi);
/* child_index_exchange is the child of which the log shows nothing but this exchange that made it (child_sa.of_exchange). */
struct child_sa *child_index_exchange(const struct ike_sa *sa, const struct exchange *x);
/* child_index_open is the first child that has not ended; NULL where all have. */
struct child_sa *child_index_open(struct ike_sa *sa);
bool child_is_open(const struct child_sa *c);
/* child_index_add is to be called after a child was put at the end of the list, or after more became known of it. */
void child_index_add(struct ike_sa *sa, struct child_sa *c);
void child_index_drop(struct ike_sa *sa);

#endif
