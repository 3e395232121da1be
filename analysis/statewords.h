/* What a pair of state and event of the SM trace means for its SA. Each pair is looked up once; names are interned, so a pair is
 * two pointers. */
#ifndef IKESCOPE_ANALYSIS_STATEWORDS_H
#define IKESCOPE_ANALYSIS_STATEWORDS_H

#include <stdint.h>

enum state_meaning {
    MEANS_ROLE = 1 << 0,  /* the letter is the IKE SA's role */
    MEANS_START = 1 << 1, /* the attempt begins here */
    MEANS_READY = 1 << 2, /* this end says: up */
    MEANS_UP = 1 << 3,    /* only an SA that is up comes here */
    MEANS_FAILED = 1 << 4,
    MEANS_FAILED_UNLESS_UP = 1 << 5,
    MEANS_CHILD_REFUSED = 1 << 6,
    MEANS_DELETED = 1 << 7,
    MEANS_BY_PEER = 1 << 8, /* ... by the other end */
    MEANS_BY_SELF = 1 << 9,
    MEANS_KEYS_LOADED = 1 << 10, /* handed to IPsec: a Child SA */
    MEANS_FREED = 1 << 11,       /* the slot is given back */
    MEANS_REPLACED = 1 << 12,    /* the keys of the IKE SA that takes its place are there */
    MEANS_IKE_ONLY = 1 << 13,    /* the answer is taken as one for the IKE SA alone, unless what follows says otherwise */
    MEANS_CHILD_TAKEN = 1 << 14, /* ... which is that it holds a Child SA as well */
    MEANS_PEER_KEY = 1 << 15     /* it takes the key with which the peer signs: a pre-shared one */
};

/* How many pairs are remembered at most (a power of two, far above what devices print), and at how many places a pair may stand.
 */
enum { STATE_PAIRS = 4096, STATE_PLACES = 4 };

struct state_pair {
    const char *state, *event;
    uint32_t meaning;
};
struct state_words { /* a zeroed one is empty and valid. It grows with the pairs that are seen, as a stream has one per device */
    struct state_pair *seen;
    uint32_t room, used;
};

void state_words_clear(struct state_words *w);
uint32_t state_meaning(struct state_words *w, const char *state, const char *event);

#endif
