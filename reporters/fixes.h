/*
 * What a finding advises, sorted by where it is to be done; what holds for both ends alike is said once. Where only one end was
 * a witness, what is to be done there comes first. Every format of `report` uses this, so all of them say the same.
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

/* fix_is_second: is this line only second best, so that what is to be done at the other end is said first? */
bool fix_is_second(struct text line);
/* fixes_of fills the places and returns how many there are, 0 to FIX_PLACES. */
size_t fixes_of(const struct finding *f, struct fixes places[FIX_PLACES]);

#endif
