/* An initiator that is sent on to another gateway (RFC 5685): the attempt there is the one that counts. */
#ifndef IKESCOPE_ANALYSIS_REDIRECTS_H
#define IKESCOPE_ANALYSIS_REDIRECTS_H

#include "model/model.h"

/* redirects_derive notes what an exchange tells: REDIRECT in the answer to IKE_SA_INIT or IKE_AUTH, or in a request of the
 * gateway while the SA is up. */
void redirects_derive(struct model *m, struct ike_sa *sa, const struct exchange *x);
/* redirects_settle adds what a log says in words; it is true for an SA that ended in a redirect. */
bool redirects_settle(struct ike_sa *sa);
/* redirects_follow is the attempt of the same initiator at the other gateway, or NULL. */
const struct ike_sa *redirects_follow(const struct model *m, const struct ike_sa *sa);

#endif
