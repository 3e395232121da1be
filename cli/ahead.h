/*
 * Reads a log to its end, with as many threads as are wanted. It is cut into blocks, several of which are on their way at a time.
 * Each is read and its lines are looked at (parser/glances.h), then the parser makes events of them, then these are handed over.
 * A thread that is free does whichever of these is next for any block, so none waits while there is work. The parser and whoever
 * takes the events see everything in order, and one thread at most is in each. Blocks end where lines do, as long as lines are
 * shorter than blocks.
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
