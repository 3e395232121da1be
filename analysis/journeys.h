/*
 * The way of a message from one end to the other, as told by all who saw it pass: the sender's log, captures, the receiver's
 * log. How many of its copies came how far follows from the times of sending and first arrival on aligned clocks: a copy that was
 * sent long before the first arrival was lost, if another one was sent between.
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
    const struct sighting *sent; /* the first copy, by the sender's log or else by a capture; NULL: nobody shows it leave */
    uint32_t copies, lost;       /* how many were sent, and how many of them did not arrive */
    bool sent_by_log;
    bool receiver_ran;    /* for a message that was lost: the receiver's log was running then */
    bool before_wire;     /* some copies were lost before a capture (lacks_input) */
    bool behind_wire;     /* some copies were lost behind a capture (has_input) */
    uint32_t has_input;   /* with behind_wire: the capture that has what was lost, the one nearest to the receiver */
    uint32_t lacks_input; /* with before_wire: the capture that lacks it */
};

struct heartbeat { /* times, rising */
    int64_t *at;
    size_t count, room;
    bool receives; /* a log that shows no message shows nothing about one */
};

/* The journeys of one IKE SA's messages, and what its two logs show of when they ran, once somebody asked. Zero but for the first
 * two; journeys_end() gives back what it holds. */
struct journeys {
    const struct model *m;
    const struct ike_sa *sa;
    struct log_times {
        struct heartbeat own, lacked; /* of its own messages, and of those that others show its router send */
        bool known;
    } of[2]; /* the initiator's, the responder's */
};
void journeys_end(struct journeys *all);
/* journey_of follows the message of a leg; false when nobody shows it leave or its sender is not known. */
bool journey_of(struct journeys *all, const struct exchange *x, const struct leg *leg, struct journey *j);
/* log_missed counts the messages of this SA that its router sent, as others show, and that its log lacks though it shows messages
 * before and after. *first, *last: of these. 0: the log was running all the time. */
uint32_t log_missed(const struct model *m, const struct ike_sa *sa, const struct view *v, const struct leg **first,
                    const struct leg **last);
/* capture_missed fills the messages that both logs show and this capture lacks though it was running; it returns how many. */
uint32_t capture_missed(const struct model *m, const struct ike_sa *sa, const struct view *wire, const struct leg *missed[],
                        const struct exchange *of[], uint32_t room);

#endif
