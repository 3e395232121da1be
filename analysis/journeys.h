/*
 * The way of a message from one end to the other, as those tell it who stood along it: the sender's log, captures, the receiver's
 * log. How many of its copies came how far is told by the order of sending and first arrival on aligned clocks: a copy sent long
 * before the first arrival was lost, if a later one was sent before it.
 *
 * An observer that was not running proves nothing. A log was running when it shows messages before and after, and nobody else
 * shows its router sending one in between that is not in the log.
 */
#ifndef IKESCOPE_ANALYSIS_JOURNEYS_H
#define IKESCOPE_ANALYSIS_JOURNEYS_H

#include "analysis/symptoms.h"

struct journey {
    const struct leg *leg;
    enum side sender;
    const struct sighting
        *sent;             /* the first of the copies, by the sender's log, or else by a capture; NULL: nobody shows it leave */
    uint32_t copies, lost; /* how many were sent; how many of them did not arrive */
    bool sent_by_log;
    bool receiver_ran;    /* of a message that was lost: the receiver's log was running then */
    bool before_wire;     /* some vanished before the nearest capture that … */
    bool behind_wire;     /* some had passed a capture */
    uint32_t has_input;   /* … a capture that has what was lost, the one next to the receiver; valid with behind_wire */
    uint32_t lacks_input; /* … and one that lacks it, valid with before_wire */
};

/* journey_of follows the message of a leg; false when nobody shows it leave or its sender is not known. */
bool journey_of(const struct model *m, const struct ike_sa *sa, const struct exchange *x, const struct leg *leg,
                struct journey *j);
/* log_missed: the messages of this SA that others show the router of that log send, while the log, which shows messages before
 * and after, does not. *first, *last: of them. 0: none, it ran. */
uint32_t log_missed(const struct model *m, const struct ike_sa *sa, const struct view *v, const struct leg **first,
                    const struct leg **last);
/* capture_missed: the messages that the sender's and the receiver's log have and this capture lacks though it was running. */
uint32_t capture_missed(const struct model *m, const struct ike_sa *sa, const struct view *wire, const struct leg *missed[],
                        const struct exchange *of[], uint32_t room);

#endif
