/* IKE SAs gathered by the two addresses they run between (an end without one: by its router or log): what the first screen lists.
 * Failing pairs first. */
#ifndef IKESCOPE_REPORTERS_PEERS_H
#define IKESCOPE_REPORTERS_PEERS_H

#include "base/map.h"
#include "model/model.h"

enum pair_state {
    PAIR_FAILED = 1,
    PAIR_INCOMPLETE,
    PAIR_DOWN,
    PAIR_IMPAIRED,
    PAIR_ONE_WAY,
    PAIR_REDIRECTED,
    PAIR_LIKELY_UP,
    PAIR_UP
};

struct pair {
    struct address a, b;               /* a: the initiator of the first SA */
    const struct ike_sa *first, *last; /* in order of first sighting */
    const struct ike_sa *best;         /* the one that knows most about who the two are */
    uint32_t count, outcomes[SA_DELETED + 1];
    uint32_t children, children_up;
    uint32_t childless;            /* IKE SAs that are up and whose Child SA was refused */
    const struct finding *finding; /* the first about it: the cause */
    uint32_t finding_count;
    bool idle;     /* it has carried nothing yet */
    bool one_way;  /* a tunnel of it is up and carries traffic in one direction alone */
    uint8_t state; /* enum pair_state */
    uint32_t order;
    struct pair *next; /* while gathering */
};

struct peers {
    struct pair **at; /* failing first, then in order of first sighting */
    size_t count;
    bool several, many; /* IKE SAs; many: more than one looks at one by one */
    struct map by_key;
    struct arena *arena;
};

struct peers peers_of(const struct model *m, struct arena *arena);
void peers_clear(struct peers *p);
const struct pair *peers_find(const struct peers *p, const struct ike_sa *sa);
/* peers_told: how many of the pairs, from the first on, are told one by one: few all, of many those that are not up, where any
 * is not. */
size_t peers_told(const struct peers *p);
/* peers_states: how many of the pairs from..to-1 are in which state: "17 failed, 16 impaired". */
void peers_states(const struct peers *p, size_t from, size_t to, struct buffer *out);
enum { PAIRS_FEW = 5 };
/* pair_figures: "4 IKE SAs (4 failed), 1 Child SA, 2026-03-03T10:00:00.000 to 10:03:03.019 (3 min 03 s)"; brief: the time as
 * "2026-03-03T10:00:00 for 3 min 03 s" */
void pair_figures(const struct pair *pair, bool brief, struct buffer *out);
/* peers_same_course: two attempts that went alike, exchange by exchange, and came to the same: drawing one shows both. Of few SAs
 * only those of one pair that failed, of many those of whichever pair. */
bool peers_same_course(const struct peers *p, const struct ike_sa *a, const struct ike_sa *b);
/* peers_chosen: which SAs are drawn whole, `most` of them: failing ones first, one of those that went alike, and of many none
 * that is well where some are not. Returns how many. */
size_t peers_chosen(const struct model *m, const struct peers *p, size_t most, const struct ike_sa **into);
/* ike_sa_need: how urgently it wants to be seen: 0 failed, 1 incomplete, or up without its Child SA, 2 any other. */
unsigned ike_sa_need(const struct ike_sa *sa);
enum { SA_NEEDS = 3, SAS_ALL_DRAWN = 3, SAS_IN_ORDER = 8 /* so many are seen at one glance, whatever their order */ };
/* peers_drawn: which SAs a drawing shows that has room for `most`: few in order of first sighting, of many the failing ones
 * first. Returns how many. */
size_t peers_drawn(const struct model *m, size_t most, const struct ike_sa **into);
const char *
pair_state_word(enum pair_state s); /* "FAILED", "INCOMPLETE", "DOWN", "IMPAIRED", "ONE WAY", "REDIRECTED", "LIKELY UP", "UP" */

#endif
