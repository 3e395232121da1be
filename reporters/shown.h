/* What a router's show output says about an SA, in one line for people, with the same words in every format. */
#ifndef IKESCOPE_REPORTERS_SHOWN_H
#define IKESCOPE_REPORTERS_SHOWN_H

#include "model/model.h"

enum { SHOWN_LINES = 4 }; /* for one SA at most: output that was taken again and again says nothing new */

/* shown_print says what one block tells: "R1 shows 12 encaps, 0 decaps (it sends, and nothing comes back); ...". child: the Child
 * SA that it was joined to, or NULL for an IKE SA. False, with out as it was, when it tells nothing that is not said already. */
bool shown_print(const struct model *m, const struct shown *s, const struct child_sa *child, struct buffer *out);
/* shown_ends_print says between whom: "10.0.0.1 - 10.0.0.2: ". False where the block does not name both. */
bool shown_ends_print(const struct fact *entry, struct buffer *out);

#endif
