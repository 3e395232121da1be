/*
 * An episode: what one device says from when it begins to talk until it falls silent, with the state that this needs: a model, a
 * parser, an analysis. Records are written as things happen (cli/stream.h), through a `struct telling` that all episodes share.
 *
 * The device may go on talking for ever. So an IKE SA that has ended is judged and let go once nothing was heard of it for the
 * time-out, by the log's own clock; one that is up, once nothing was heard of it for longer than it can live. An episode holds
 * what is open, and frees what it held of the rest.
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
    uint64_t episodes_cut;              /* for what a device printed of show output and names */
    uint64_t lines_cut, lines_left_out; /* of those for a second stage: long ones, and the first ones of entries of many lines */
    struct parser_memory *lent;         /* for all their parsers; NULL: each has its own */
    uint64_t replayed_until; /* lines before this offset were read by an earlier run, which wrote their records; 0: none */
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
    int64_t stamp, last_heard;     /* what the last line bore for its time, whoever put it there; the last one with an event */
    size_t compacted;              /* octets held after it was last compacted */
    uint64_t told_whole[32];       /* a ring of findings about more than one SA that were written, by rule and ends */
    uint32_t told_whole_count;
    uint32_t failed; /* attempts that failed and were not judged yet */
    uint32_t let_go; /* SAs let go since it was last compacted */
    bool partly;     /* SAs were let go, so its state is no longer what all lines since first_offset would give */
    bool resumed;    /* the same was so in the run that this one continues */
};

/* episode_begin makes model, parser and analysis anew; offset: where the first line begins in its input. */
void episode_begin(struct episode *d, uint64_t offset);
/* episode_line takes a line. hash: of the whole line; message: the part that the device said; now: the caller's clock, ns. */
void episode_line(struct episode *d, uint64_t hash, struct text message, uint64_t offset, int64_t now);
/* episode_judge_failed judges the attempts that failed; false where nothing else is open, so that the episode may end. */
bool episode_judge_failed(struct episode *d);
/* episode_end judges what is open. cut: it ends though the device goes on talking, so what is unfinished is left to the next
 * episode. */
void episode_end(struct episode *d, bool cut);
void episode_close(struct episode *d); /* frees its memory and writes nothing */
/* episode_replay is the offset from which its state can be read again. *partly: behind it there may be lines of SAs that were
 * reported and let go. */
uint64_t episode_replay(const struct episode *d, bool *partly);

#endif
