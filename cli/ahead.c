#include "cli/ahead.h"

#include <pthread.h>

#include "base/arena.h"
#include "parser/glances.h"

/* More threads than these find nothing to do: what is done in order takes its time. */
enum { THREADS_MOST = 8, BLOCKS_MOST = THREADS_MOST + 3, BLOCK = 1 << 17, TAIL = 1 << 14 };

struct block {
    uint8_t *at;      /* TAIL + BLOCK octets: what the last block left over, and what was read */
    size_t len, left; /* octets of this block, and of the unfinished line behind them, which the next one begins with */
    bool given;       /* the workers look at its lines */
    struct glances *glances;
};

struct ahead {
    struct source *from;
    struct workers *workers; /* NULL: one thread reads the lines in their turn */
    struct face_memo *memos;
    pthread_t thread;
    bool threaded; /* no thread was to be had: blocks are read when they are asked for */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t count;               /* blocks there are */
    size_t filled, taken;       /* blocks so far; filled - taken are waiting, the first of them is in use */
    bool ended, stopping, lent; /* lent: the parser has the block at taken */
    bool inside;                /* the last block ended inside a line */
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
    b->given = a->workers && begins && !a->inside && b->len;
    if (b->given) {
        b->glances->text = text_over((const char *)b->at, b->len);
        workers_give(a->workers, &b->glances->job);
    }
    return b->len != 0;
}

static void *fill_all(void *context)
{
    struct ahead *a = context;
    for (bool more = true; more;) {
        pthread_mutex_lock(&a->lock);
        while (a->filled - a->taken == a->count && !a->stopping)
            pthread_cond_wait(&a->changed, &a->lock);
        bool stop = a->stopping;
        size_t number = a->filled;
        pthread_mutex_unlock(&a->lock);
        more = !stop && fill(a, block_at(a, number), number ? block_at(a, number - 1) : NULL);
        pthread_mutex_lock(&a->lock);
        a->filled += more;
        a->ended = !more;
        pthread_cond_signal(&a->changed);
        pthread_mutex_unlock(&a->lock);
    }
    return NULL;
}

struct ahead *ahead_create(struct source *from, unsigned threads)
{
    struct ahead *a = memory_take(sizeof *a);
    a->from = from;
    threads = threads < THREADS_MOST ? threads : THREADS_MOST;
    a->count = threads + 3;
    if (threads > 1) {
        a->workers = workers_create(threads);
        a->memos = memory_take(threads * sizeof *a->memos);
    }
    for (size_t i = 0; i < a->count; i++) {
        a->blocks[i].at = memory_grow(NULL, TAIL + BLOCK);
        if (a->workers) {
            a->blocks[i].glances = memory_grow(NULL, sizeof *a->blocks[i].glances);
            glances_init(a->blocks[i].glances, a->memos);
        }
    }
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->changed, NULL);
    a->threaded = pthread_create(&a->thread, NULL, fill_all, a) == 0;
    return a;
}

/* The next block, or NULL at the end. */
static struct block *next(struct ahead *a)
{
    if (!a->threaded) {
        size_t number = a->filled++;
        struct block *b = block_at(a, number);
        return fill(a, b, number ? block_at(a, number - 1) : NULL) ? b : NULL;
    }
    pthread_mutex_lock(&a->lock);
    if (a->lent) {
        a->taken++;
        pthread_cond_signal(&a->changed);
    }
    while (a->filled == a->taken && !a->ended)
        pthread_cond_wait(&a->changed, &a->lock);
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
    if (b->given) {
        workers_finish(a->workers, &b->glances->job);
        b->given = false;
        parser_feed_glances(parser, b->glances);
    } else {
        parser_feed(parser, bytes_over(b->at, b->len));
    }
    return b->len;
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
    for (size_t i = 0; i < a->count; i++) {
        if (a->blocks[i].given)
            workers_finish(a->workers, &a->blocks[i].glances->job);
        memory_free(a->blocks[i].glances);
        memory_free(a->blocks[i].at);
    }
    workers_destroy(a->workers);
    memory_free(a->memos);
    memory_free(a);
}
