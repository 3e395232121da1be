/*
 * Reads a log to its end, with as many threads as are wanted. The log is cut into blocks, several of which are worked on at a
 * time: a thread reads a block, looks at its lines (parser/glances.h), and hands it to the parser when its turn has come, while
 * the others look at theirs, some blocks ahead. So what is known of a block's lines stays near the thread that has it, and the
 * parser and the taker of its events see everything in order, one thread at a time. Blocks end where lines do, as long as lines
 * are shorter than blocks.
 */
#ifndef IKESCOPE_CLI_AHEAD_H
#define IKESCOPE_CLI_AHEAD_H

#include "base/source.h"
#include "parser/parser.h"

struct ahead;

struct ahead *ahead_create(unsigned threads);
/* ahead_read may be called for one log after another: a folder of many small ones then takes its memory, and overwrites it, once.
 */
void ahead_read(struct ahead *a, struct source *from, struct parser *parser);
void ahead_destroy(struct ahead *a); /* after the parsers have finished */

#endif
