#include "base/relay.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum { PLACES = 3 }; /* how many blocks a thread looks ahead */

/* A thread. What it has read and looked at is near it, so it is also the one that takes it. */
struct carrier {
    struct relay *of;
    pthread_t thread;
    pthread_cond_t turn; /* the oldest of its blocks is the next */
    unsigned number;
    struct {
        void *block;
        size_t number; /* of all blocks */
    } places[PLACES];
    size_t looked, taken; /* blocks, so far; those between wait in the places */
};

struct relay {
    unsigned threads, begun; /* begun: besides the caller's own */
    unsigned places;         /* of each thread */
    size_t size;
    void (*clear)(void *block);
    const struct relay_work *work;
    struct carrier carriers[RELAY_MOST];
    atomic_size_t taken;  /* blocks, so far */
    pthread_mutex_t lock; /* held by who counts one more, and by who goes to sleep for it */

    pthread_mutex_t reading; /* of what follows */
    size_t read;
    bool ended;
};

static void *block_of(struct carrier *c, size_t n)
{
    void **block = &c->places[n % c->of->places].block;
    if (!*block)
        *block = memory_take(c->of->size);
    return *block;
}

static size_t *number_of(struct carrier *c, size_t n)
{
    return &c->places[n % c->of->places].number;
}

static void *carry(void *context);

static void begin_others(struct relay *r)
{
    for (unsigned i = 1; i < r->threads; i++) {
        if (pthread_create(&r->carriers[i].thread, NULL, carry, &r->carriers[i]) != 0)
            return;
        r->begun++;
    }
}

/* Reads a block and looks at it; false where none is left. */
static bool look(struct carrier *c)
{
    struct relay *r = c->of;
    void *block = block_of(c, c->looked);
    pthread_mutex_lock(&r->reading);
    const enum relay_read got = r->ended ? RELAY_NONE : r->work->read(r->work->context, block);
    r->ended = got != RELAY_MORE;
    *number_of(c, c->looked) = r->read;
    r->read += got != RELAY_NONE;
    const bool first = r->read == 1;
    pthread_mutex_unlock(&r->reading);
    if (got == RELAY_NONE)
        return false;
    if (first && got == RELAY_MORE)
        begin_others(r);
    if (r->work->look)
        r->work->look(r->work->context, block, c->number);
    c->looked++;
    return true;
}

/* Is it the turn of its oldest block? */
static bool its_turn(struct carrier *c)
{
    return *number_of(c, c->taken) == atomic_load_explicit(&c->of->taken, memory_order_acquire);
}

/* Nothing else is to be done. */
static void wait_for_turn(struct carrier *c)
{
    pthread_mutex_lock(&c->of->lock);
    while (!its_turn(c))
        pthread_cond_wait(&c->turn, &c->of->lock);
    pthread_mutex_unlock(&c->of->lock);
}

static void take(struct carrier *c)
{
    struct relay *r = c->of;
    const size_t number = *number_of(c, c->taken);
    r->work->take(r->work->context, block_of(c, c->taken));
    c->taken++;
    pthread_mutex_lock(&r->lock);
    atomic_store_explicit(&r->taken, number + 1, memory_order_release);
    for (unsigned i = 0; i < r->threads; i++)
        pthread_cond_signal(&r->carriers[i].turn);
    pthread_mutex_unlock(&r->lock);
}

static void *carry(void *context)
{
    struct carrier *c = context;
    bool more = true;
    while (more || c->taken < c->looked) {
        if (c->taken < c->looked && its_turn(c))
            take(c);
        else if (more && c->looked - c->taken < c->of->places)
            more = look(c);
        else
            wait_for_turn(c);
    }
    return NULL;
}

struct relay *relay_create(unsigned threads, size_t size, void (*clear)(void *block))
{
    struct relay *r = memory_take(sizeof *r);
    r->threads = threads < 1 ? 1 : threads < RELAY_MOST ? threads : RELAY_MOST;
    r->places = r->threads > 1 ? PLACES : 1;
    r->size = size;
    r->clear = clear;
    pthread_mutex_init(&r->lock, NULL);
    pthread_mutex_init(&r->reading, NULL);
    for (unsigned i = 0; i < r->threads; i++) {
        r->carriers[i].of = r;
        r->carriers[i].number = i;
        pthread_cond_init(&r->carriers[i].turn, NULL);
    }
    return r;
}

unsigned relay_threads(const struct relay *r)
{
    return r->threads;
}

void relay_run(struct relay *r, const struct relay_work *work)
{
    r->work = work;
    r->ended = false;
    r->read = 0;
    r->begun = 0;
    atomic_store(&r->taken, 0);
    for (unsigned i = 0; i < r->threads; i++)
        r->carriers[i].looked = r->carriers[i].taken = 0;
    carry(&r->carriers[0]);
    for (unsigned i = 1; i <= r->begun; i++)
        pthread_join(r->carriers[i].thread, NULL);
}

void relay_destroy(struct relay *r)
{
    if (!r)
        return;
    for (unsigned i = 0; i < r->threads; i++) {
        struct carrier *c = &r->carriers[i];
        for (size_t n = 0; n < PLACES; n++) {
            if (c->places[n].block)
                r->clear(c->places[n].block);
            memory_free(c->places[n].block);
        }
        pthread_cond_destroy(&c->turn);
    }
    pthread_mutex_destroy(&r->lock);
    pthread_mutex_destroy(&r->reading);
    memory_free(r);
}
