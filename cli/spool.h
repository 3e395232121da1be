/*
 * Lines that somebody was told are safe: each stands in a file before it is confirmed, and whoever is killed behind that word finds
 * it there. The file is then followed like any other log (cli/follow.h), so a restart reads again what is still open. A file that
 * is full gets its end's position in the log behind its name and a new one takes its place; those that nobody needs any more are
 * removed.
 */
#ifndef IKESCOPE_CLI_SPOOL_H
#define IKESCOPE_CLI_SPOOL_H

#include "base/error.h"
#include "cli/follow.h"

enum { SPOOL_KEPT = 15 }; /* full files: fewer than a checkpoint can name */

struct spool {
    const char *path; /* borrowed */
    int fd;
    uint64_t most;             /* octets after which a file is full */
    uint64_t full[SPOOL_KEPT]; /* what the full ones are called, the oldest first */
    size_t count;
};

/* spool_open makes the file or goes on with it. The rest of a line that a kill left unfinished is cut off: it was not confirmed,
 * so it comes again. */
bool spool_open(struct spool *s, const char *path, uint64_t most, struct error *err);
/* spool_add puts a line, or a part of one (end: its end too), into the file with one write. False with err when it is not there as a
 * whole. */
bool spool_add(struct spool *s, struct text line, bool end, struct error *err);
/* spool_turn begins a new file where the one that is written to is full and `f` has read all of it. The log stays readable whatever
 * fails here. */
void spool_turn(struct spool *s, const struct follow *f);
/* spool_release removes the full files that end at `replay` or before it. */
void spool_release(struct spool *s, uint64_t replay);
bool spool_sync(const struct spool *s); /* waits until a power cut takes none of it away */
void spool_close(struct spool *s);

#endif
