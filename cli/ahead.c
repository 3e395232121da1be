#include "cli/ahead.h"

#include <pthread.h>

#include "base/arena.h"

enum { BLOCKS = 4, BLOCK = 1 << 18 };

struct ahead {
    struct source *from;
    pthread_t thread;
    bool threaded; /* no thread was to be had: blocks are read when they are asked for */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t filled, taken;       /* blocks so far; filled - taken are waiting, the first of them is in use */
    bool ended, stopping, lent; /* lent: the caller holds the block at taken */
    size_t length[BLOCKS];
    uint8_t *at[BLOCKS];
};

static void *fill(void *context)
{
    struct ahead *a = context;
    for (bool more = true; more;) {
        pthread_mutex_lock(&a->lock);
        while (a->filled - a->taken == BLOCKS && !a->stopping)
            pthread_cond_wait(&a->changed, &a->lock);
        bool stop = a->stopping;
        size_t slot = a->filled % BLOCKS;
        pthread_mutex_unlock(&a->lock);
        size_t n = stop ? 0 : source_read(a->from, a->at[slot], BLOCK);
        pthread_mutex_lock(&a->lock);
        a->length[slot] = n;
        a->filled += n > 0;
        more = n > 0;
        a->ended = !more;
        pthread_cond_signal(&a->changed);
        pthread_mutex_unlock(&a->lock);
    }
    return NULL;
}

struct ahead *ahead_create(struct source *from)
{
    struct ahead *a = memory_take(sizeof *a);
    a->from = from;
    for (size_t i = 0; i < BLOCKS; i++)
        a->at[i] = memory_grow(NULL, BLOCK);
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->changed, NULL);
    a->threaded = pthread_create(&a->thread, NULL, fill, a) == 0;
    return a;
}

struct bytes ahead_next(struct ahead *a)
{
    if (!a->threaded)
        return bytes_over(a->at[0], source_read(a->from, a->at[0], BLOCK));
    pthread_mutex_lock(&a->lock);
    if (a->lent) {
        a->taken++;
        pthread_cond_signal(&a->changed);
    }
    while (a->filled == a->taken && !a->ended)
        pthread_cond_wait(&a->changed, &a->lock);
    struct bytes block = { NULL, 0 };
    if (a->filled != a->taken)
        block = bytes_over(a->at[a->taken % BLOCKS], a->length[a->taken % BLOCKS]);
    a->lent = block.len > 0;
    pthread_mutex_unlock(&a->lock);
    return block;
}

void ahead_destroy(struct ahead *a)
{
    if (!a)
        return;
    if (a->threaded) {
        pthread_mutex_lock(&a->lock);
        a->stopping = true;
        pthread_cond_signal(&a->changed);
        pthread_mutex_unlock(&a->lock);
        pthread_join(a->thread, NULL);
    }
    pthread_mutex_destroy(&a->lock);
    pthread_cond_destroy(&a->changed);
    for (size_t i = 0; i < BLOCKS; i++)
        memory_free(a->at[i]);
    memory_free(a);
}
