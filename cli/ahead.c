#include "cli/ahead.h"

#include <pthread.h>

#include "base/arena.h"
#include "parser/glances.h"

/* More threads than these find nothing to do: what is done in order takes its time. */
enum { READERS_MOST = 7, BLOCKS_MOST = READERS_MOST + 4, BLOCK = 1 << 17, TAIL = 1 << 14 };

struct block {
    uint8_t *at;             /* TAIL + BLOCK octets: what the last block left over, and what was read */
    size_t len, left;        /* octets of this block, and of the unfinished line behind them, which the next one begins with */
    bool whole;              /* it is whole lines */
    bool ready;              /* the parser may have it */
    struct glances *glances; /* NULL: nobody reads ahead */
};

struct reader {
    struct ahead *of;
    pthread_t thread;
    struct face_memo memo;
};

struct ahead {
    struct source *from;
    struct reader *readers;
    unsigned reading;                    /* how many of them there are */
    pthread_mutex_t source_lock;         /* blocks are read in their order */
    pthread_mutex_t lock;                /* of what follows */
    pthread_cond_t ready, room;          /* the block the parser waits for; blocks to read into */
    size_t count;                        /* blocks there are */
    size_t filled, taken;                /* blocks so far; filled - taken are waiting, the first of them is in use */
    bool ended, stopping, lent, starved; /* lent: the parser has the block at taken; starved: it waits for one */
    bool inside;                         /* the last block ended inside a line */
    struct block blocks[BLOCKS_MOST];
};

static struct block *block_at(struct ahead *a, size_t number)
{
    return &a->blocks[number % a->count];
}

/* Where the last line ends: the length up to and with its LF, 0 where there is none. */
static size_t last_end(const uint8_t *at, size_t len)
{
    while (len && at[len - 1] != '\n')
        len--;
    return len;
}

/* Reads the next block; false at the end. */
static bool fill(struct ahead *a, struct block *b, const struct block *before)
{
    size_t tail = before ? before->left : 0;
    if (tail)
        memcpy(b->at, before->at + before->len, tail);
    size_t n = source_read(a->from, b->at + tail, BLOCK);
    bool begins = !a->inside;
    size_t whole = n ? tail + n : tail, end = last_end(b->at, whole);
    b->len = whole;
    b->left = 0;
    if (n && end && whole - end <= TAIL) {
        b->len = end;
        b->left = whole - end;
    }
    a->inside = b->len != end;
    b->whole = begins && !a->inside;
    return b->len != 0;
}

/* The next block that is free, filled; NULL at the end. A reader that found none sleeps until half of them are free: to be woken
 * costs more than to read one. */
static struct block *fill_next(struct ahead *a)
{
    pthread_mutex_lock(&a->source_lock);
    pthread_mutex_lock(&a->lock);
    while (a->filled - a->taken == a->count && !a->stopping)
        pthread_cond_wait(&a->room, &a->lock);
    size_t number = a->filled;
    bool more = !a->ended && !a->stopping;
    pthread_mutex_unlock(&a->lock);
    struct block *b = block_at(a, number);
    if (more) {
        b->ready = false;
        more = fill(a, b, number ? block_at(a, number - 1) : NULL);
        pthread_mutex_lock(&a->lock);
        a->filled += more;
        a->ended = !more;
        if (a->ended && a->starved)
            pthread_cond_signal(&a->ready);
        pthread_mutex_unlock(&a->lock);
    }
    pthread_mutex_unlock(&a->source_lock);
    return more ? b : NULL;
}

static void *read_ahead(void *context)
{
    struct reader *r = context;
    struct ahead *a = r->of;
    struct block *b;
    while ((b = fill_next(a)) != NULL) {
        if (b->whole)
            glances_read(b->glances, text_over((const char *)b->at, b->len), &r->memo);
        pthread_mutex_lock(&a->lock);
        b->ready = true;
        if (a->starved)
            pthread_cond_signal(&a->ready);
        pthread_mutex_unlock(&a->lock);
    }
    return NULL;
}

struct ahead *ahead_create(struct source *from, unsigned threads)
{
    struct ahead *a = memory_take(sizeof *a);
    unsigned readers = threads - 1 < READERS_MOST ? threads - 1 : READERS_MOST;
    a->from = from;
    a->count = readers + 4;
    pthread_mutex_init(&a->source_lock, NULL);
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->ready, NULL);
    pthread_cond_init(&a->room, NULL);
    for (size_t i = 0; i < a->count; i++) {
        a->blocks[i].at = memory_grow(NULL, TAIL + BLOCK);
        if (readers)
            a->blocks[i].glances = memory_grow(NULL, sizeof *a->blocks[i].glances);
    }
    a->readers = readers ? memory_take(readers * sizeof *a->readers) : NULL;
    while (a->reading < readers) {
        struct reader *r = &a->readers[a->reading];
        r->of = a;
        if (pthread_create(&r->thread, NULL, read_ahead, r) != 0)
            break; /* without any, blocks are read when they are asked for */
        a->reading++;
    }
    return a;
}

/* The next block, or NULL at the end. */
static struct block *next(struct ahead *a)
{
    if (!a->reading) {
        size_t number = a->filled++;
        struct block *b = block_at(a, number);
        return fill(a, b, number ? block_at(a, number - 1) : NULL) ? b : NULL;
    }
    pthread_mutex_lock(&a->lock);
    if (a->lent) {
        a->taken++;
        if (a->filled - a->taken <= a->count / 2)
            pthread_cond_signal(&a->room);
    }
    a->starved = true;
    while (a->filled == a->taken ? !a->ended : !block_at(a, a->taken)->ready)
        pthread_cond_wait(&a->ready, &a->lock);
    a->starved = false;
    struct block *b = a->filled != a->taken ? block_at(a, a->taken) : NULL;
    a->lent = b != NULL;
    pthread_mutex_unlock(&a->lock);
    return b;
}

size_t ahead_feed(struct ahead *a, struct parser *parser)
{
    struct block *b = next(a);
    if (!b)
        return 0;
    if (a->reading && b->whole)
        parser_feed_glances(parser, b->glances);
    else
        parser_feed(parser, bytes_over(b->at, b->len));
    return b->len;
}

void ahead_destroy(struct ahead *a)
{
    if (!a)
        return;
    pthread_mutex_lock(&a->lock);
    a->stopping = true;
    pthread_cond_broadcast(&a->room);
    pthread_mutex_unlock(&a->lock);
    for (unsigned i = 0; i < a->reading; i++)
        pthread_join(a->readers[i].thread, NULL);
    pthread_mutex_destroy(&a->source_lock);
    pthread_mutex_destroy(&a->lock);
    pthread_cond_destroy(&a->ready);
    pthread_cond_destroy(&a->room);
    for (size_t i = 0; i < a->count; i++) {
        memory_free(a->blocks[i].glances);
        memory_free(a->blocks[i].at);
    }
    memory_free(a->readers);
    memory_free(a);
}
