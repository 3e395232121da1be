/*
 * The traffic that one end asked the other to protect, and what the crypto ACLs of both say to that. A message tells it, where
 * a log or a capture shows its selectors; else the asking router's configuration does.
 */
#ifndef IKESCOPE_ANALYSIS_ASKED_H
#define IKESCOPE_ANALYSIS_ASKED_H

#include "analysis/evidence.h"
#include "analysis/quote.h"

/* asked_words sets {from} and {to}, what the asking end wants to protect, as it sees it; {from_wild}, {to_wild}, {from_mask},
 * {to_mask} as IOS and an ASA write them in an access list; and where the other end's list is known and has no mirror image of
 * it, {has}, the first entry of that list. True where it is the configuration that tells. message may be NULL. */
bool asked_words(struct diagnosis *d, const struct ike_sa *sa, enum side asked, const struct message *message);
/* asked_quote quotes the crypto ACLs of both ends, as far as their configurations were supplied. */
void asked_quote(struct diagnosis *d, const struct ike_sa *sa);

#endif
