/*
 * The access list through which a tunnel's own packets come in: `ip access-group NAME in` on the interface that it goes out of.
 * IOS applies it also to IKE and ESP that are for the router itself; an ASA applies no list to these.
 */
#ifndef IKESCOPE_ANALYSIS_WAN_LIST_H
#define IKESCOPE_ANALYSIS_WAN_LIST_H

#include "analysis/evidence.h"
#include "analysis/quote.h"

enum wan_packet { WAN_IKE, WAN_NATT, WAN_ESP, WAN_PACKETS }; /* UDP 500, UDP 4500, IP protocol 50 */

struct wan_refusal {
    const struct record *interface, *list;
    uint32_t applied_line; /* there: where the list is applied */
    bool refused[WAN_PACKETS];
    uint32_t lines[WAN_PACKETS]; /* of the entry that refuses; 0: none lets it in, and the end of a list refuses */
};

/* wan_list_refuses: does a list refuse one of these? *line: of the entry that does; 0: none lets it in. */
bool wan_list_refuses(const struct record *list, enum wan_packet what, struct address peer, struct address own, uint32_t *line);
/* wan_refuses is true where the list refuses IKE from the peer, or ESP in both of its forms (plain and in UDP). own may be
 * ADDRESS_NONE, where the router's address is assigned to it, and peer, where nobody knows his. */
bool wan_refuses(const struct model *m, uint32_t device, const struct record *interface, struct address peer, struct address own,
                 struct wan_refusal *refusal);
/* wan_words sets what can be said of a refusal: {router}, {interface}, {caller}, {refused}, and where a list is its cause {list}, {edit},
 * {permits}, {renumber}, {show}; true: what it needs has a place of its own in the list. */
bool wan_words(struct diagnosis *d, uint32_t device, struct address own, struct address peer, const struct wan_refusal *refusal);
/* wan_tell says so of the router {router}, with what to type there, and quotes it. */
void wan_tell(struct diagnosis *d, uint32_t device, struct address own, struct address peer, const struct wan_refusal *refusal);

#endif
