/* IKE SAs gathered by the two addresses between which they run (an end without one: by its router or log). The first screen lists
 * these pairs, failing ones first. */
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
    const struct finding *finding; /* the first one about it, which is the cause; of its last attempt, where that failed */
    uint32_t finding_count;
    bool idle;     /* it has carried nothing yet */
    bool trouble;  /* something is wrong that no later attempt went without */
    bool one_way;  /* a tunnel of it is up and carries traffic in one direction only */
    uint8_t state; /* enum pair_state */
    uint32_t order;
    struct pair *next; /* while gathering */
};

struct peers {
    struct pair **at; /* failing first, then in order of first sighting */
    size_t count;
    bool several, many; /* there are several IKE SAs; many: too many to be read one by one */
    struct map by_key;
    struct arena *arena;
};

struct peers peers_of(const struct model *m, struct arena *arena);
void peers_clear(struct peers *p);
const struct pair *peers_find(const struct peers *p, const struct ike_sa *sa);
/* peers_told is how many of the pairs, from the first on, are described one by one: of few pairs all, of many those that are not
 * up, if there are such. */
size_t peers_told(const struct peers *p);
/* peers_states prints how many of the pairs from..to-1 are in which state: "17 failed, 16 impaired". */
void peers_states(const struct peers *p, size_t from, size_t to, struct buffer *out);
enum { PAIRS_FEW = 5 };
/* pair_figures: "4 IKE SAs (4 failed), 1 Child SA, 2026-03-03T10:00:00.000 to 10:03:03.019 (3 min 03 s)"; brief: the time as
 * "2026-03-03T10:00:00 for 3 min 03 s" */
void pair_figures(const struct model *m, const struct pair *pair, bool brief, struct buffer *out);
/* peers_same_course: did two attempts go alike, exchange by exchange, to the same end, so that drawing one shows both? Of few SAs
 * only failed ones of the same pair count as alike, of many those of any pair. */
bool peers_same_course(const struct peers *p, const struct ike_sa *a, const struct ike_sa *b);
/* peers_chosen fills the SAs that are drawn in full, at most `most`, and returns how many: failing ones first, only one of those
 * that went alike, and of many none that is well if some are not. */
size_t peers_chosen(const struct model *m, const struct peers *p, size_t most, const struct ike_sa **into);
/* ike_sa_need is how urgently it should be seen: 0 failed, 1 incomplete or up without its Child SA, 2 any other. */
unsigned ike_sa_need(const struct ike_sa *sa);
enum { SA_NEEDS = 3, SAS_ALL_DRAWN = 3, SAS_IN_ORDER = 8 /* this many are taken in at one glance, in whatever order */ };
/* peers_drawn fills the SAs that a drawing with room for `most` shows, and returns how many: few in order of first sighting, of
 * many the failing ones first. */
size_t peers_drawn(const struct model *m, size_t most, const struct ike_sa **into);
const char *pair_state_word(enum pair_state s); /* "FAILED", "ONE WAY", "LIKELY UP", … */

#endif
