/* Who speaks IKEv1, as far as its lines tell: a peer that is silent to IKEv2 may be there all the same. */
#ifndef IKESCOPE_ANALYSIS_IKEV1_H
#define IKESCOPE_ANALYSIS_IKEV1_H

#include "base/map.h"

#include "analysis/symptoms.h"

/* Which peers were met already, in which input: thousands of lines tell the same of each. */
struct ikev1_met {
    struct map peers;
    struct arena *keys;
};
/* ikev1_first: is this line the first of its input that tells of a message of that peer, or to it? */
bool ikev1_first(struct ikev1_met *met, const struct event *e);
void ikev1_forget(struct ikev1_met *met);

/* ikev1_spoken is a line of an IKEv1 message that the responder of this SA sent: one that the initiator's log received, or one to
 * the initiator in the log of another router. Empty where there is none. Only while rules run. */
struct heard ikev1_spoken(const struct model *m, const struct ike_sa *sa);
bool ikev1_received(struct heard spoken); /* is it of the log that received it? */
/* ikev1_silenced is an SA of which ikev1_spoken() is a line of this input, and whose responder said nothing else. NULL: none. */
const struct ike_sa *ikev1_silenced(const struct model *m, uint32_t input);

#endif
