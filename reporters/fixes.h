/*
 * What a finding advises, by where it is to be done: what holds for both ends alike is said once. Where one end alone
 * was a witness, what is to be done there comes first. Every format of `report`
 * goes through this, so that all of them say the same.
 */
#ifndef IKESCOPE_REPORTERS_FIXES_H
#define IKESCOPE_REPORTERS_FIXES_H

#include "model/model.h"

enum { FIX_PLACES = 5, FIX_LINES = 24 };

struct fixes {
    const char *where; /* "on the initiator", "on the responder", "here", "on the peer", "at both ends"; "": the lines say it */
    const struct party *party; /* NULL: both, or of no SA */
    struct text lines[FIX_LINES];
    size_t count;
};

/* fix_is_second: the other end can do better; what is to be done there is said first. */
bool fix_is_second(struct text line);
/* fixes_of fills what there is and says how many places that are, 0 to 5. */
size_t fixes_of(const struct finding *f, struct fixes places[FIX_PLACES]);

#endif
