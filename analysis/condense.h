/* A run whose format prints no payloads keeps of a finished exchange only what it meant: its messages are dropped, and a
 * long-lived SA's finished INFORMATIONAL exchanges are folded (counted and taken off the list), so memory grows with the SAs and
 * not with the log. Exchanges that went wrong keep everything, since findings quote them. Of endless input the finished
 * CREATE_CHILD_SA exchanges are folded too, and of those that went wrong only the newest LIMIT_UNENDED are kept. */
#ifndef IKESCOPE_ANALYSIS_CONDENSE_H
#define IKESCOPE_ANALYSIS_CONDENSE_H

#include "model/model.h"

/* condense_arena is where a message of this SA is to be kept. */
struct arena *condense_arena(struct model *m, struct ike_sa *sa);
/* condense_sa is called before a new exchange begins; a no-op where payloads are kept. */
void condense_sa(struct model *m, struct ike_sa *sa);
/* condense_quiet is called when others have been made since and most of its messages are likely to have come: it condenses once
 * more, and moves the messages that stay out of the room that all of them took. */
void condense_quiet(struct model *m, struct ike_sa *sa);

#endif
