/*
 * "%IKEV2-5-SA_DOWN: SA DOWN": an end that names nobody. Whose it is can only be guessed when it is read; what comes after may show
 * that the guess was wrong, and then it is taken back.
 */
#ifndef IKESCOPE_ANALYSIS_UNNAMED_H
#define IKESCOPE_ANALYSIS_UNNAMED_H

#include "analysis/associations.h"

/* unnamed_end: does the event tell of an end and name nobody? */
bool unnamed_end(const struct event *e);
/* unnamed_end_of: the SA whose end it is; near: of the lines before, or NULL. NULL: nobody's that is known. */
struct ike_sa *unnamed_end_of(const struct associations *a, struct observer *o, const struct event *e, struct ike_sa *near);
/* unnamed_take_back undoes such an end of other SAs where `e`, at once, names the one that went down: sa. */
void unnamed_take_back(const struct associations *a, struct observer *o, const struct event *e, const struct ike_sa *sa);
/* unnamed_lived_on does where an event shows that an SA lived on. */
void unnamed_lived_on(struct ike_sa *sa, struct view *v, const struct event *e, enum binding how);

#endif
