/* How long one router's state machine stayed in each of its states, by its own clock. */
#ifndef IKESCOPE_REPORTERS_STAYS_H
#define IKESCOPE_REPORTERS_STAYS_H

#include "base/writer.h"
#include "model/model.h"

enum { STAYS = 40 };

struct stay {
    const char *state;
    uint32_t times; /* how often it was entered */
    int64_t ns;     /* all visits together; 0: no clock tells, or it was shorter than the clock's steps */
    bool never_left;
};

struct stays {
    struct stay at[STAYS]; /* in the order in which they were first entered */
    size_t count, last;    /* last: index of the state it was in at the end; STAYS where that did not fit */
    bool cut;              /* there were more states than fit */
};

/* stays_of finds none where the view's transitions were not kept. */
void stays_of(const struct model *m, const struct ike_sa *sa, const struct view *v, struct stays *stays);
size_t stays_find(const struct stays *stays, const char *state); /* STAYS: not among them */
/* stays_print writes the states that took time, and the one that it is still in, "R_INIT 40 ms, R_WAIT_AUTH 30.0 s (never left)";
 * nothing where there is neither. */
void stays_print(const struct stays *stays, struct buffer *out);
/* stays_write writes the member "states" of a view, or nothing where there is nothing to tell. */
void stays_write(const struct model *m, const struct ike_sa *sa, const struct view *v, struct json_writer *w);
/* view_never_left tells whether the SA waits or failed in its last state, and nothing ended it. */
bool view_never_left(const struct ike_sa *sa, const struct view *v);
/* view_until is the time up to which the SA was in its last state, as far as the log tells: where nothing ended it, up to the
 * log's end. TIME_UNKNOWN without a clock. */
int64_t view_until(const struct model *m, const struct ike_sa *sa, const struct view *v);

#endif
