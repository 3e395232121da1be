/*
 * The traffic that one end asked the other to protect, and what the crypto ACLs of both say about it. It is told by a message, if
 * a log or a capture shows its selectors, else by the configuration of the router that asked.
 */
#ifndef IKESCOPE_ANALYSIS_ASKED_H
#define IKESCOPE_ANALYSIS_ASKED_H

#include "analysis/evidence.h"
#include "analysis/quote.h"

/* asked_words sets {from} and {to}, what the asking end wants to protect, as it sees it; {mirror_wild} and {mirror_mask}, its mirror
 * image, as IOS and as an ASA writes it behind `permit`; and, where the other end's list is known and has no mirror image of it,
 * {has}, the first entry of that list; {beside}, what ends the new entry of that list, and what is to be said or typed about the old
 * one; {own_edit}, what the asking end could type instead, where both lists are known, and {tunnel_list}, a list that it may have,
 * where its own is not. True where the configuration told it. message may be NULL. */
bool asked_words(struct diagnosis *d, const struct ike_sa *sa, enum side asked, const struct message *message);
/* asked_everything advises what to do where all of it was asked for, as route-based tunnels do; false: it was not. Words to type into a
 * list are not set then: a router would lose its network by them. */
bool asked_everything(struct diagnosis *d);
/* asked_quote quotes the crypto ACLs of both ends, as far as their configurations were supplied. */
void asked_quote(struct diagnosis *d, const struct ike_sa *sa);

#endif
