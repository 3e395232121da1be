/*
 * Reads a log to its end, with as many threads as are wanted. Each takes the next block and carries it through: reads it and
 * looks at its lines (parser/glances.h), has the parser make events of them when it is this block's turn, and hands these over
 * when that is. So every thread is busy with a block of its own that is still in its cache, the parser and whoever takes the
 * events see everything in order, and one of them at most is in each. Blocks end where lines do, as long as lines are shorter
 * than blocks.
 */
#ifndef IKESCOPE_CLI_AHEAD_H
#define IKESCOPE_CLI_AHEAD_H

#include "base/source.h"
#include "parser/parser.h"

struct ahead;

/* to: whoever takes the events; with_payloads: it wants the messages' payloads, not only what they mean. */
struct ahead *ahead_create(struct source *from, unsigned threads, struct event_taker to, bool with_payloads);
struct event_taker ahead_taker(struct ahead *a); /* the parser's */
void ahead_read(struct ahead *a, struct parser *parser);
void ahead_destroy(struct ahead *a); /* after the parser has finished */

#endif
