/* Two attempts side by side: where do they first part, and what differs up to there? */
#ifndef IKESCOPE_ANALYSIS_COMPARE_H
#define IKESCOPE_ANALYSIS_COMPARE_H

#include "model/model.h"

struct showing {           /* what one attempt shows, and where */
    struct text value;     /* empty: not there */
    uint32_t input, place; /* place 0: none */
    bool packet;           /* the place is a packet's number, else a line's */
};

struct difference {
    struct difference *next;
    struct text where; /* "IKE_SA_INIT request", "initiator, I_PROC_AUTH" */
    struct text what;  /* "proposal", "KE group", "notifies", "payloads", "state" */
    struct showing good, bad;
    bool parting; /* here they part */
};

struct comparison {
    const struct ike_sa *first_attempt, *last_attempt; /* of the bad attempts of these peers that ended alike */
    const struct ike_sa *good, *bad;
    struct difference *differences;
    uint32_t same_messages, same_transitions;
    const struct difference *parting; /* NULL: they do not part */
    uint32_t bad_attempts;            /* attempts of the same peers that ended as bad did */
};

/* compare_attempts chooses the attempts (the first that came up in `good`, the first that did not in `bad`) and compares them.
 * False when one of the models holds no IKE SA. The result is in the arena. */
bool compare_attempts(const struct model *good, const struct model *bad, struct arena *arena, struct comparison *c);

#endif
