/* Finds an exchange of an IKE SA without a walk over all of them, since a week of keep-alives makes tens of thousands. Short
 * lists are walked; the index of a long one is made when it is asked for, and dropped when exchanges leave the list or move in
 * it. */
#ifndef IKESCOPE_ANALYSIS_EXCHANGE_INDEX_H
#define IKESCOPE_ANALYSIS_EXCHANGE_INDEX_H

#include "model/model.h"

/* exchange_alike is the newest with this type and message id, exchange_alike_before the one before it; NULL: none. */
struct exchange *exchange_alike(struct ike_sa *sa, unsigned type, uint32_t message_id);
struct exchange *exchange_alike_before(const struct exchange *x);
/* exchange_may_be_of: can it be an exchange of that type for which this side asked, as far as is known? */
bool exchange_may_be_of(const struct exchange *x, unsigned type, enum side from);
/* exchange_open is the oldest of a type and side that nobody has answered, exchange_newest the newest, answered or not. */
struct exchange *exchange_open(struct ike_sa *sa, unsigned type, enum side from);
struct exchange *exchange_newest(struct ike_sa *sa, unsigned type, enum side from);
/* exchange_index_add is to be called after an exchange was put at the end of the list. */
void exchange_index_add(struct ike_sa *sa, struct exchange *x);
void exchange_index_drop(struct ike_sa *sa);

#endif
