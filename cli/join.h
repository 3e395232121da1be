/*
 * The second stage of a stream: the two ends of a tunnel are two devices, and here their lines meet.
 *
 * The first stage writes each line of an IKE SA with the initiator's SPI, which both ends know from the first message on (records
 * of type "line", numbered through each device's episode). All that comes for one SPI is a meeting. It is judged when nothing
 * came for the time-out (or earlier, where a limit is reached: then those silent longest are judged, and that is said once). The
 * lines of each device become an input of one model, and the same engine that makes a report concludes what neither end could
 * know alone. A line that was written twice is recognised by its number, and one that is read twice by its offset. So the result
 * depends on the lines alone, and not on who read them or how often.
 */
#ifndef IKESCOPE_CLI_JOIN_H
#define IKESCOPE_CLI_JOIN_H

#include "base/buffer.h"
#include "base/sink.h"

struct join_options {
    uint32_t max_meetings;
    size_t max_octets; /* of the lines of all open meetings */
    int64_t timeout_ns;
};

struct join;

struct join *join_create(struct join_options options, struct sink *out); /* records go to the sink, borrowed */
/* join_record takes one record of the first stage. offset: its place in the topic; now: ns of a clock that does not go back. */
void join_record(struct join *j, struct text record, uint64_t offset, int64_t now);
void join_idle(struct join *j, int64_t now);
/* join_replay is the offset from which all open meetings can be read again; `at` when none is open. */
uint64_t join_replay(const struct join *j, uint64_t at);
/* join_marks and join_remember do for meetings what stream_marks and stream_remember do for episodes (cli/stream.h). */
bool join_marks(struct join *j, uint64_t replay, struct buffer *into);
void join_remember(struct join *j, struct text marks, uint64_t replay); /* before the first record */
void join_drop(struct join *j);                                         /* frees it, and writes nothing about what is open */

#endif
