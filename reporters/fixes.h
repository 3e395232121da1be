/*
 * What a finding advises, sorted by where it is to be done; what holds for both ends alike is said once. Where only one end was
 * a witness, what is to be done there comes first. Every format of `report` uses this, so all of them say the same.
 */
#ifndef IKESCOPE_REPORTERS_FIXES_H
#define IKESCOPE_REPORTERS_FIXES_H

#include "model/model.h"

enum { FIX_PLACES = 13, FIX_LINES = 24 };

struct fixes {
    struct text where; /* "on the initiator", "on the responder", "here", "on the peer", "on R1", "at both ends"; "": anywhere */
    bool named;        /* "on R1": a router by its name, of no SA */
    const struct party *party; /* NULL: both, or of no SA */
    struct text lines[FIX_LINES];
    size_t count;
};

/* fix_is_second: is this line only second best, so that what is to be done at the other end is said first? */
bool fix_is_second(struct text line);
/* fix_where_print appends where it is to be done, and who that is: "on the initiator, R1 192.0.2.1". */
void fix_where_print(const struct model *m, const struct fixes *at, struct buffer *out);
/* fixes_of fills the places and returns how many there are, 0 to FIX_PLACES. */
size_t fixes_of(const struct finding *f, struct fixes places[FIX_PLACES]);

#endif
