/*
 * Events that wait for their turn: what one block of a log became, kept until whoever takes them is done with the block before.
 * The texts of most events are views of the block, which therefore stays as it is so long; all else is copied.
 */
#ifndef IKESCOPE_CLI_BATCH_H
#define IKESCOPE_CLI_BATCH_H

#include "model/event.h"

struct batch {
    struct arena *arena; /* reset by batch_pass() */
    struct event *events;
    size_t count, room;
};

/* batch_add copies an event, but for texts that lie in the block. */
void batch_add(struct batch *b, const struct event *e, struct text block, bool with_payloads);
void batch_pass(struct batch *b, struct event_taker to); /* hands them over in their order; empty again */
void batch_clear(struct batch *b);

#endif
