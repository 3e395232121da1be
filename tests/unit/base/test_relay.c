/* Blocks are taken in order, each once and by the thread that looked at it, whoever reads them; one thread at a time reads, and
 * one takes. */
#include "base/relay.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/arena.h"
#include "test.h"

enum { THREADS = 5 };

struct block {
    unsigned number, looks;
    unsigned looked_by;
    pthread_t looker;
    int *owned; /* so that clearing shows */
};

struct run {
    unsigned count, read, taken; /* without a lock: no two threads at a time */
    bool says_last, looks;
    atomic_uint clashes, reading, taking, by_thread[THREADS], clears;
};

static struct run run;

static enum relay_read read_one(void *context, void *block)
{
    struct run *r = context;
    struct block *b = block;
    r->clashes += atomic_fetch_add(&r->reading, 1) != 0;
    enum relay_read got = RELAY_NONE;
    if (r->read < r->count) {
        if (!b->owned)
            b->owned = memory_take(sizeof *b->owned);
        b->number = r->read++;
        b->looks = 0;
        got = r->says_last && r->read == r->count ? RELAY_LAST : RELAY_MORE;
    } else {
        r->clashes += (r->says_last && r->count); /* it was told that there is no more */
    }
    atomic_fetch_sub(&r->reading, 1);
    return got;
}

static void look(void *context, void *block, unsigned thread)
{
    struct run *r = context;
    struct block *b = block;
    r->clashes += (thread >= THREADS || atomic_fetch_add(&r->by_thread[thread], 1) != 0);
    b->looks++;
    b->looked_by = thread;
    b->looker = pthread_self();
    for (volatile unsigned i = 0; i < b->number % 7 * 300; i++)
        continue;
    atomic_fetch_sub(&r->by_thread[thread], 1);
}

static void take(void *context, void *block)
{
    struct run *r = context;
    const struct block *b = block;
    r->clashes += atomic_fetch_add(&r->taking, 1) != 0;
    r->clashes += (b->number != r->taken || b->looks != r->looks || (r->looks && !pthread_equal(b->looker, pthread_self())));
    r->taken++;
    atomic_fetch_sub(&r->taking, 1);
}

static void clear(void *block)
{
    struct block *b = block;
    memory_free(b->owned);
    atomic_fetch_add(&run.clears, 1);
}

static void check(struct relay *relay, unsigned count, bool says_last, bool looks)
{
    run = (struct run){ .count = count, .says_last = says_last, .looks = looks };
    relay_run(relay, &(struct relay_work){ read_one, looks ? look : NULL, take, &run });
    CHECK_NUMBER(run.taken, count);
    CHECK_NUMBER(run.clashes, 0);
}

int main(void)
{
    for (unsigned threads = 0; threads <= THREADS; threads++) {
        struct relay *relay = relay_create(threads, sizeof(struct block), clear);
        CHECK_NUMBER(relay_threads(relay), threads ? threads : 1);
        for (unsigned n = 0; n < 4; n++) { /* one file after another */
            check(relay, 0, n % 2, n / 2);
            check(relay, 1, n % 2, n / 2);
            check(relay, 2, n % 2, n / 2);
            check(relay, 3000, n % 2, n / 2);
        }
        run.clears = 0;
        relay_destroy(relay);
        CHECK(run.clears >= 1 && (threads > 1 || run.clears == 1));
    }
    struct relay *many = relay_create(1000, sizeof(struct block), clear);
    CHECK_NUMBER(relay_threads(many), RELAY_MOST);
    relay_destroy(many);
    relay_destroy(NULL);
    return TEST_REPORT();
}
