/*
 * Reads a log ahead of the parser: each further thread takes the next block, reads it and looks at its lines (parser/glances.h)
 * while they are still in its cache, so that the parser waits neither for the disk or the decompressor nor for what a line says
 * by itself. One thread alone reads a block when it is asked for. Blocks end where lines do, as long as lines are shorter than
 * blocks.
 */
#ifndef IKESCOPE_CLI_AHEAD_H
#define IKESCOPE_CLI_AHEAD_H

#include "base/source.h"
#include "parser/parser.h"

struct ahead;

struct ahead *ahead_create(struct source *from, unsigned threads); /* the source is the threads' until ahead_destroy() */
/* ahead_feed gives the parser the next block and says how long it was; 0 at the end. */
size_t ahead_feed(struct ahead *a, struct parser *parser);
void ahead_destroy(struct ahead *a);

#endif
