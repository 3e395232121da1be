/*
 * An episode: what one device says from when it begins to talk until it falls silent, with the state that it takes: a model, a
 * parser, an analysis. Records are written as things happen (cli/stream.h), through a `struct telling` that all share.
 *
 * An IKE SA that has ended is judged and let go when nothing came of it for the time-out, by the log's own clock, though the
 * device goes on talking; one that is up when nothing came of it for longer than it can live. So an episode may be endless: it
 * holds what is open, and what it held of the rest is given back.
 */
#ifndef IKESCOPE_CLI_EPISODE_H
#define IKESCOPE_CLI_EPISODE_H

#include "base/sink.h"
#include "cli/stream.h"
#include "model/model.h"

struct telling { /* what the episodes of a stream share */
    struct stream_options options;
    struct sink *out;
    uint64_t records;
    uint64_t counted[LINE_CLASS_COUNT];
    struct parser_memory *lent; /* NULL: each has its own */
    uint64_t replayed_until;    /* lines before it were read by an earlier run, whose records were written; 0: none */
};

struct recent; /* its last lines */
struct known;  /* what was last said of an SA */

struct queue { /* SAs by when they were last heard of */
    struct known *oldest, *newest;
};

struct episode { /* of one device; model NULL: none open */
    struct telling *to;
    struct text device;
    struct model *model;
    struct analysis *analysis;
    struct parser *parser;
    struct queue ended, up; /* SAs that may be judged before the episode ends */
    struct recent *recent;
    uint64_t first_offset, offset; /* of the episode's first line; of the current one */
    int64_t last_now, last_log;    /* of the last line: the caller's clock, and its own */
    size_t compacted;              /* octets held when that was last looked after */
    uint64_t told_whole[32];       /* findings of more than one SA that were told, by rule and ends: a ring */
    uint32_t told_whole_count;
    uint32_t failed; /* attempts that did, and were not judged yet */
    uint32_t let_go; /* SAs, since it was last compacted */
    bool partly;     /* SAs were let go: its lines since first_offset are no longer what it rests on */
    bool resumed;    /* … and so it was in the run that this one goes on with */
};

void episode_begin(struct episode *d, uint64_t offset);
/* episode_line takes a line; hash is that of all of it, message what the device said. */
void episode_line(struct episode *d, uint64_t hash, struct text message, uint64_t offset, int64_t now);
/* episode_judge_failed judges the attempts that failed; false: nothing else is open, so that the episode may end. */
bool episode_judge_failed(struct episode *d);
/* episode_end judges what is open. cut: it ends though the device goes on talking; what was not finished then is another
 * episode's to judge. */
void episode_end(struct episode *d, bool cut);
void episode_close(struct episode *d); /* gives its memory back without a word */
/* episode_replay is the offset from which its state can be read again. *partly: lines of SAs that were told and let go may lie
 * behind it. */
uint64_t episode_replay(const struct episode *d, bool *partly);

#endif
