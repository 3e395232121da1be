/* What the clear part of a sealed answer tells: the type of the first payload inside, and its length. */
#ifndef IKESCOPE_ANALYSIS_SEALED_H
#define IKESCOPE_ANALYSIS_SEALED_H

#include "model/model.h"

/* An error notify alone is one block or two; an answer that agrees holds IDr, AUTH, SA and selectors, or SA and a nonce. */
enum { SEALED_REFUSAL_LENGTH = 112 };
enum sealed_says { SEALED_UNKNOWN, SEALED_REFUSES, SEALED_AGREES };
/* sealed_says is likely, never certain: an answer to IKE_AUTH or CREATE_CHILD_SA that no key opens. */
enum sealed_says sealed_says(const struct message *answer);
/* sealed_childless: it agrees to this IKE SA, and has no room for a Child SA: that was refused. */
bool sealed_childless(const struct ike_sa *sa, const struct message *answer);
/* sealed_eap_ended: an EAP that no key opens was broken off: the responder's last word in IKE_AUTH was EAP, and what the
 * initiator sent next is no AUTH but this INFORMATIONAL, with a notify or a delete. NULL: it was not, or does not show. */
const struct exchange *sealed_eap_ended(const struct ike_sa *sa);
bool sealed_eap(const struct message *answer); /* its first payload is EAP: another round must follow it */
bool sealed_message(const struct message *m);  /* no key opens it; false for NULL */

#endif
