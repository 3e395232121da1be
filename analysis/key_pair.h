/*
 * The pre-shared keys of two routers for each other, direction by direction: what one end signs with, the other verifies with.
 * Where each end has one key there is nothing to tell apart; with keys per direction, one may differ and the other not.
 */
#ifndef IKESCOPE_ANALYSIS_KEY_PAIR_H
#define IKESCOPE_ANALYSIS_KEY_PAIR_H

#include "analysis/evidence.h"
#include "analysis/quote.h"

struct key_end {
    const struct fact *key;  /* as config_key_for() gives it; NULL unknown */
    const struct record *at; /* where it stands */
    struct text name;        /* "the initiator 192.0.2.1 (R1)" */
    uint32_t device;         /* where no SA of the two routers was seen: which one it is … */
    struct address local;    /* … and its address */
};

struct key_pair {
    struct key_end end[2];
    struct key_way way[2]; /* way[i]: end i signs */
    bool separate[2];      /* that end signs with another key than it verifies with */
    bool by_direction;     /* either end does, so the direction matters */
    bool exchanged;        /* each end signs with what the other signs with */
    uint8_t back;          /* enum verified: what messages and logs tell of the direction that was not refused */
};

/* key_pair_of fills ways from the ends, of which either may be unknown. */
void key_pair_of(struct key_pair *p);
/* key_pair_differ: do the keys differ in the direction in which end `signer` (0 or 1) signs? 2: in any direction. */
bool key_pair_differ(const struct key_pair *p, unsigned signer);
/* key_pair_blank: where the keys are the same but for a blank behind one of them: that end, 0 or 1; 2: there is none. */
unsigned key_pair_blank(const struct key_pair *p, unsigned signer);
/* key_pair_tell appends to the cause which direction differs, advises both ends, and quotes the lines compared. signer: whose
 * AUTH was refused; 2 unknown. */
void key_pair_tell(struct diagnosis *d, const struct key_pair *p, unsigned signer);

#endif
