/*
 * Reads a log to its end, with as many threads as are wanted. It is cut into blocks, several of which are on their way at a time.
 * A thread reads a block, looks at its lines (parser/glances.h), and hands it to the parser when its turn has come; meanwhile the
 * others look at theirs, and each some blocks ahead. So all that is known of a block's lines stays near the thread that has it,
 * and the parser and whoever takes the events see everything in order, one thread at a time. Blocks end where lines do, as long
 * as lines are shorter than blocks.
 */
#ifndef IKESCOPE_CLI_AHEAD_H
#define IKESCOPE_CLI_AHEAD_H

#include "base/source.h"
#include "parser/parser.h"

struct ahead;

struct ahead *ahead_create(unsigned threads);
/* ahead_read reads one log after another: a folder of many small ones takes its memory, and overwrites it, once. */
void ahead_read(struct ahead *a, struct source *from, struct parser *parser);
void ahead_destroy(struct ahead *a); /* after the parsers have finished */

#endif
