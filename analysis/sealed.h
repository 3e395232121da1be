/* What the clear part of a sealed answer tells: the type of the first payload inside, and its length. */
#ifndef IKESCOPE_ANALYSIS_SEALED_H
#define IKESCOPE_ANALYSIS_SEALED_H

#include "model/model.h"

/* An error notify alone is one block or two; an answer that agrees holds IDr, AUTH, SA and selectors, or SA and a nonce. */
enum { SEALED_REFUSAL_LENGTH = 112 };
enum sealed_says { SEALED_UNKNOWN, SEALED_REFUSES, SEALED_AGREES };
/* sealed_says is likely, never certain: an answer to IKE_AUTH or CREATE_CHILD_SA that no key opens. */
enum sealed_says sealed_says(const struct message *answer);
/* sealed_childless: is it an answer that agrees to this IKE SA, but is too short to hold a Child SA, so that this was refused? */
bool sealed_childless(const struct ike_sa *sa, const struct message *answer);
/* sealed_eap_ended finds the INFORMATIONAL (with a notify or a delete) by which the initiator broke an EAP off that no key opens:
 * the responder's last word in IKE_AUTH was EAP, and this came in place of an AUTH. NULL: it did not, or nothing shows it. */
const struct exchange *sealed_eap_ended(const struct ike_sa *sa);
bool sealed_eap(const struct message *answer); /* its first payload is EAP: another round must follow it */
bool sealed_message(const struct message *m);  /* no key opens it; false for NULL */

#endif
