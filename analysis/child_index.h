/* Finds a Child SA of an IKE SA without a walk over all of them: an SA of months has had thousands. Short lists are walked; the
 * index of a long one is made when a child comes to it, and dropped when children leave the list or move in it. Looking changes
 * nothing, so rules may. */
#ifndef IKESCOPE_ANALYSIS_CHILD_INDEX_H
#define IKESCOPE_ANALYSIS_CHILD_INDEX_H

#include "model/model.h"

/* child_index_find is the first that can be that of these SPIs, either of which may be unknown; NULL: none. */
struct child_sa *child_index_find(const struct ike_sa *sa, struct spi spi_i, struct spi spi_r);
/* child_index_receiver is the first by the SPI on which that side receives. */
struct child_sa *child_index_receiver(const struct ike_sa *sa, enum side receiver, uint64_t spi);
/* child_index_exchange is the one that the log told by no more than the exchange that made it. */
struct child_sa *child_index_exchange(const struct ike_sa *sa, const struct exchange *x);
/* child_index_open: none in front of it is still there; NULL where none is. What ended does not come back. */
struct child_sa *child_index_open(struct ike_sa *sa);
bool child_is_open(const struct child_sa *c);
/* child_index_add: it was put at the end of the list, or more became known of it. */
void child_index_add(struct ike_sa *sa, struct child_sa *c);
void child_index_drop(struct ike_sa *sa);

#endif
