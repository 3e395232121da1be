/* Reads a source ahead in a thread of its own, so that the parser never waits for the disk or the decompressor. */
#ifndef IKESCOPE_CLI_AHEAD_H
#define IKESCOPE_CLI_AHEAD_H

#include "base/source.h"

struct ahead;

struct ahead *ahead_create(struct source *from); /* the source is the thread's until ahead_destroy() */
/* ahead_next gives the next block, valid until the following call; empty at the end. */
struct bytes ahead_next(struct ahead *a);
void ahead_destroy(struct ahead *a);

#endif
