/* Messages to exchanges: requests paired with responses by message id and by who asked, copies told from new messages,
 * a cookie or KE retry kept in one attempt. RFC 7296 sections 2.1 to 2.3, 2.6, 2.7. */
#ifndef IKESCOPE_ANALYSIS_EXCHANGES_H
#define IKESCOPE_ANALYSIS_EXCHANGES_H

#include "model/model.h"

/* exchanges_add puts the event's message where it belongs and gives its exchange; NULL: not an IKEv2 message, or over a limit.
 * *leg is the leg it went to. */
struct exchange *exchanges_add(struct model *m, struct ike_sa *sa, const struct view *v, const struct event *e, struct leg **leg);
/* exchanges_unite gives the exchanges of `from` to `into`: what both saw is one exchange with the sightings of both. */
void exchanges_unite(struct ike_sa *into, struct ike_sa *from);
/* exchange_conclude decides ok, error or no-response from what both legs show. */
void exchange_conclude(struct exchange *x);
bool message_is_response(const struct message *m);
/* message_sender is the side of the IKE SA that sent it; SIDE_UNKNOWN when nothing tells. */
enum side message_sender(const struct message *m, enum side observer_role);

#endif
