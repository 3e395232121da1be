/*
 * Reads a log to its end through base/relay.h: what is looked at in a block are its lines (parser/glances.h), what takes it is the
 * parser. So the parser and the taker of its events see everything in order, one thread at a time. Blocks end where lines do, as
 * long as lines are shorter than blocks.
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
