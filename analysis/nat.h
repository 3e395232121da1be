/*
 * NAT takes what should go into a tunnel: on the way out a router translates first and asks the crypto ACL afterwards, so
 * traffic of the tunnel must be exempt from NAT. Told by the router's configuration, for crypto maps; a tunnel interface has no
 * such trouble.
 */
#ifndef IKESCOPE_ANALYSIS_NAT_H
#define IKESCOPE_ANALYSIS_NAT_H

#include "analysis/evidence.h"
#include "analysis/quote.h"

/* A rule in words, as many as matter. */
enum { NAT_WORDS = 24 };
struct nat_words {
    struct text at[NAT_WORDS];
    size_t count;
};
struct nat_words nat_words_of(struct text rule);
/* nat_place_of is the place of a word; w->count where it is not there. */
size_t nat_place_of(const struct nat_words *w, const char *word);

struct nat_taken {
    const struct record *rule; /* what translates: a `nat` rule, or the object that holds one */
    uint32_t line;
    struct selector local, remote; /* what the crypto ACL wants to protect, and is translated */
    const struct record *list;     /* IOS: the access list that permits the translation */
    uint32_t list_line;
    const struct record *clause; /* IOS: the route map's clause that permits it and has no list; else NULL */
    const struct record *untold; /* the first rule that could not be judged, where none is found to translate; else NULL */
    uint32_t untold_line;
};

/* nat_takes is true where the traffic of the crypto map entry that leads to this peer is translated and nothing exempts it. */
bool nat_takes(struct model *m, uint32_t device, struct address peer, struct nat_taken *taken);
bool nat_has_rules(const struct model *m, uint32_t device);
bool nat_may_compare(struct model *m); /* one more time: a limit, which all that asks for NAT shares */
/* nat_takes_asked is the same of this traffic of that path's crypto map entry, and of single hosts of it which have a static rule of
 * their own. */
bool nat_takes_asked(struct model *m, uint32_t device, const struct config_path *path, const struct selector_pair *pairs,
                     struct nat_taken *taken);
/* nat_names_exit is the rule of an ASA that leaves this traffic, from behind the interface `real`, as it is and says by which interface it goes out, whatever the routes
 * say: one without `route-lookup`. NULL: none does, or an earlier one leaves it to the routes. */
const struct record *nat_names_exit(struct model *m, const struct record *real, const struct selector_pair *p, struct text *exit);

/* What comes to the router itself, and is sent on to a host inside (analysis/nat_inward.c). */
enum inward { INWARD_NOTHING, INWARD_ALL, INWARD_IKE, INWARD_NATT, INWARD_ESP };
struct nat_inward {
    enum inward what;
    const struct record *rule; /* a `nat` rule, or the object that holds one */
    uint32_t line;
    struct text host;
};
/* nat_sends_inward: does a static rule take IKE or ESP that comes to one of these addresses, of that interface? */
bool nat_sends_inward(const struct model *m, uint32_t device, const struct record *carrier, const struct address own[],
                      size_t count, struct nat_inward *taken);
/* nat_gives_addresses: may a rule of this router give somebody inside an address that is not one of its interfaces'? */
bool nat_gives_addresses(const struct model *m, uint32_t device);
/* nat_tell_untold says which rule could not be judged, where there is one. */
void nat_tell_untold(struct diagnosis *d, const struct nat_taken *taken);
/* nat_exempt_text is what to type there. */
struct text nat_exempt_text(struct model *m, uint32_t device, const struct nat_taken *taken);
/* nat_quote quotes the rule, and the access list that it is for. */
void nat_quote(struct diagnosis *d, const struct nat_taken *taken);

#endif
