/*
 * Text to events: the one door of parser/. Octets of a text input go in, in pieces of any size; events go to the taker,
 * show output and configurations become records of the model, and every physical line is counted in the input's
 * accounting exactly once. No files, clock, locale or environment inside.
 *
 *   octets - lines - records (an entry with its continuation lines) - dialect - events
 *                \- sections (show output, configurations) - records of the model
 */
#ifndef IKESCOPE_PARSER_PARSER_H
#define IKESCOPE_PARSER_PARSER_H

#include "model/model.h"

struct parser;
struct parser_memory; /* what lines were found to mean, so that like lines need not be read again */

/* parser_create reads one input of the model, which must outlive the parser. The input's device may be set (--device); if it is 0
 * it is found in the text, or taken from the input's name. forced: the kind that --as names, or INPUT_UNKNOWN. */
struct parser *parser_create(struct model *model, uint32_t input, enum input_kind forced, struct event_taker taker);
/* parser_lend gives the parser a memory that several parsers use, one after another; it is borrowed. Without it, or with NULL,
 * the parser makes its own. To be called before the first feed. */
void parser_lend(struct parser *p, struct parser_memory *lent);
/* parser_live says that the input has no end (stream), so that nothing is held back to look for a router's name in it. `lent` is
 * as for parser_lend(), and may serve all parsers of a thread at once. To be called before the first feed. */
void parser_live(struct parser *p, struct parser_memory *lent);
/* parser_slowly has every line read the long way: what the quick ways, which most lines take, are held against. To be called before
 * the first feed, and octets to be fed by parser_feed(). */
void parser_slowly(struct parser *p);
struct parser_memory *parser_memory_create(void);
void parser_memory_destroy(struct parser_memory *m); /* NULL allowed */
void parser_feed(struct parser *p, struct bytes octets);
/* parser_feed_glances does with a block that was read ahead (parser/glances.h) what parser_feed() does with its text. */
struct glances;
void parser_feed_glances(struct parser *p, struct glances *g);
/* parser_settle hands over what still waits for continuation lines: for a live input that has been silent for a while. */
void parser_settle(struct parser *p);
void parser_finish(struct parser *p); /* hands over what is pending, completes the accounting, sets input.kind */
void parser_destroy(struct parser *p);

/* parser_recognise is the kind of input that these first octets look most like, or INPUT_UNKNOWN. */
enum input_kind parser_recognise(struct bytes first);

#endif
