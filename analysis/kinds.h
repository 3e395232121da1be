/*
 * What kind of tunnel each of two ends has, and so what it asks to protect: a crypto map what its list says, a tunnel interface
 * everything or its GRE. Where these do not go together no Child SA comes up.
 */
#ifndef IKESCOPE_ANALYSIS_KINDS_H
#define IKESCOPE_ANALYSIS_KINDS_H

#include "analysis/tunnels.h"

/* What an end will ask to protect: a GRE tunnel its GRE packets, a tunnel of IPsec all IPv4 or all IPv6, a crypto map, or a tunnel
 * with a list, what that list says. */
enum asks { ASKS_UNKNOWN, ASKS_GRE, ASKS_ALL, ASKS_ALL_IPV6, ASKS_LIST };

enum asks kinds_asks(const struct tunnel_end *end);
/* kinds_differ: does neither end accept what the other one asks for? what: of each. */
bool kinds_differ(struct model *m, const struct tunnel *t, enum asks what[2]);
/* KINDS_SAID is the sentence, kinds_words() sets its words. */
#define KINDS_SAID "{one_name} has {one_asks}; {other_name} has {other_asks}. Neither accepts what the other asks for."
void kinds_words(struct diagnosis *d, const struct tunnel *t, const enum asks what[2]);
/* kinds_quote quotes what makes this end ask for that. */
void kinds_quote(struct model *m, struct diagnosis *d, const struct tunnel_end *end);
/* kinds_advise says what to type at either end, and quotes both. */
void kinds_advise(struct diagnosis *d, const struct tunnel *t, const enum asks what[2]);

/* kinds_tell adds to a finding about this SA, whose selectors were refused, that the configurations of both ends are of different
 * kinds, and what to type; false: they are not, or one is not here. */
bool kinds_tell(struct diagnosis *d, struct ike_sa *sa);

/* ---- between kinds.c and kind_advice.c ---- */

/* kinds_mode is what follows `tunnel mode` of a tunnel that asks for that. */
struct text kinds_mode(enum asks what, bool over_ipv6);
/* kinds_gre_beside is the GRE tunnel interface without protection that goes to the same peer as this end's crypto map, which
 * then is to protect it; NULL: there is none. */
const struct record *kinds_gre_beside(const struct model *m, const struct tunnel_end *end, const struct tunnel_end *other);
/* kinds_advise_end advises one end of two of which one at least has a list. */
void kinds_advise_end(struct diagnosis *d, const struct tunnel *t, unsigned end, const enum asks what[2]);

#endif
