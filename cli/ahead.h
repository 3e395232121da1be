/*
 * Reads a log ahead in a thread of its own, so that the parser never waits for the disk or the decompressor, and has the
 * workers look at its lines before their turn (parser/glances.h). Blocks end where lines do, as long as lines are shorter than
 * blocks.
 */
#ifndef IKESCOPE_CLI_AHEAD_H
#define IKESCOPE_CLI_AHEAD_H

#include "base/source.h"
#include "parser/parser.h"

struct ahead;

struct ahead *ahead_create(struct source *from, unsigned threads); /* the source is the thread's until ahead_destroy() */
/* ahead_feed gives the parser the next block and says how long it was; 0 at the end. */
size_t ahead_feed(struct ahead *a, struct parser *parser);
void ahead_destroy(struct ahead *a);

#endif
