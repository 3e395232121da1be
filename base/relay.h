/*
 * A file on its way through several threads. A thread reads a block of it, looks at the block, and takes it when all blocks
 * before it were taken, while the others read and look at theirs, some blocks ahead. So what is known of a block stays in the
 * cache of the core that found it out, and whoever takes the blocks sees them in order, one thread at a time: what moves from
 * core to core is the taker's state, and that is little.
 */
#ifndef IKESCOPE_BASE_RELAY_H
#define IKESCOPE_BASE_RELAY_H

#include <stddef.h>

enum { RELAY_MOST = 16 /* threads: more find nothing to do, as what is done in order takes its time */ };

enum relay_read { RELAY_NONE /* nothing was left: the block is not used */, RELAY_LAST, RELAY_MORE };

/* What is done with a block. What fails ends the process (base/arena.h), so nothing is given back. */
struct relay_work {
    enum relay_read (*read)(void *context, void *block); /* in the file's order, one thread at a time; not after the last one */
    /* Several at a time, each with a block of its own; thread: 0 to threads - 1, no two at a time with the same. NULL: nothing.
     */
    void (*look)(void *context, void *block, unsigned thread);
    void (*take)(void *context, void *block); /* in the file's order, one thread at a time: the one that looked */
    void *context;
};

struct relay;

/* relay_create: threads includes the caller's own. A block is `size` octets, zeroed before its first use and then kept from one
 * to the next; clear frees what it refers to. */
struct relay *relay_create(unsigned threads, size_t size, void (*clear)(void *block));
unsigned relay_threads(const struct relay *r);
/* relay_run reads one file to its end. The other threads begin when there is more than one block; where the system gives none,
 * the caller does all the work. */
void relay_run(struct relay *r, const struct relay_work *work);
void relay_destroy(struct relay *r); /* NULL allowed */

#endif
