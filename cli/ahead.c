#include "cli/ahead.h"

#include <pthread.h>

#include "base/arena.h"
#include "cli/batch.h"
#include "parser/glances.h"

/* More threads than these find nothing to do: what is done in order takes its time. */
enum { THREADS_MOST = 6, BLOCK = 1 << 18, TAIL = 1 << 14, PIECE = 1 << 16 };

/* What admits one block after the other, in their order. */
struct gate {
    pthread_cond_t opened;
    size_t passed;
};

struct carrier { /* a thread, and the block that it carries */
    struct ahead *of;
    pthread_t thread;
    uint8_t *at; /* TAIL + BLOCK octets: what the last block left over, and what was read */
    size_t len, number;
    bool whole; /* it is whole lines */
    struct glances *glances;
    struct face_memo *memo;
    struct batch batch;
};

struct ahead {
    struct source *from;
    struct parser *parser;
    struct event_taker to;
    bool with_payloads;
    unsigned threads;
    struct carrier carriers[THREADS_MOST];
    /* one at a time: */
    pthread_mutex_t reading;
    size_t count;       /* blocks read */
    bool ended, inside; /* inside: the last block ended inside a line */
    uint8_t tail[TAIL];
    size_t tail_len; /* the unfinished line behind the last block, which the next one begins with */
    /* in turn: */
    pthread_mutex_t lock; /* of the gates */
    struct gate parsing, taking;
    struct carrier *parsed; /* whose block the parser has; NULL: its events go straight on */
};

/* Where the last line ends: the length up to and with its LF, 0 where there is none. */
static size_t last_end(const uint8_t *at, size_t len)
{
    while (len && at[len - 1] != '\n')
        len--;
    return len;
}

/* Reads the next block; false at the end. */
static bool fill(struct ahead *a, struct carrier *c)
{
    if (a->ended)
        return false;
    size_t n, tail = a->tail_len;
    memcpy(c->at, a->tail, tail);
    n = source_read(a->from, c->at + tail, BLOCK);
    bool begins = !a->inside;
    size_t whole = tail + n, end = last_end(c->at, whole);
    c->len = whole;
    a->tail_len = 0;
    if (n && end && whole - end <= TAIL) {
        c->len = end;
        a->tail_len = whole - end;
        memcpy(a->tail, c->at + end, a->tail_len);
    }
    a->inside = c->len != end;
    a->ended = n == 0;
    c->whole = begins && !a->inside;
    c->number = a->count++;
    return c->len != 0;
}

static bool fill_alone(struct ahead *a, struct carrier *c)
{
    pthread_mutex_lock(&a->reading);
    bool more = fill(a, c);
    pthread_mutex_unlock(&a->reading);
    return more;
}

static void enter(struct ahead *a, struct gate *g, size_t number)
{
    pthread_mutex_lock(&a->lock);
    while (g->passed != number)
        pthread_cond_wait(&g->opened, &a->lock);
    pthread_mutex_unlock(&a->lock);
}

static void leave(struct ahead *a, struct gate *g)
{
    pthread_mutex_lock(&a->lock);
    g->passed++;
    pthread_cond_broadcast(&g->opened);
    pthread_mutex_unlock(&a->lock);
}

static void *carry(void *context)
{
    struct carrier *c = context;
    struct ahead *a = c->of;
    while (fill_alone(a, c)) {
        const struct text text = text_over((const char *)c->at, c->len);
        if (c->whole)
            glances_read(c->glances, text, c->memo);
        enter(a, &a->parsing, c->number);
        a->parsed = c;
        if (c->whole)
            parser_feed_glances(a->parser, c->glances);
        else
            parser_feed(a->parser, bytes_of_text(text));
        leave(a, &a->parsing);
        enter(a, &a->taking, c->number);
        batch_pass(&c->batch, a->to);
        leave(a, &a->taking);
    }
    return NULL;
}

static void take(void *context, struct event *e)
{
    struct ahead *a = context;
    struct carrier *c = a->parsed;
    if (c)
        batch_add(&c->batch, e, text_over((const char *)c->at, c->len), a->with_payloads);
    else
        a->to.take(a->to.context, e);
}

struct ahead *ahead_create(struct source *from, unsigned threads, struct event_taker to, bool with_payloads)
{
    struct ahead *a = memory_take(sizeof *a);
    a->from = from;
    a->to = to;
    a->with_payloads = with_payloads;
    a->threads = threads < THREADS_MOST ? threads : THREADS_MOST;
    pthread_mutex_init(&a->reading, NULL);
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->parsing.opened, NULL);
    pthread_cond_init(&a->taking.opened, NULL);
    for (unsigned i = 0; i < a->threads; i++) {
        struct carrier *c = &a->carriers[i];
        c->of = a;
        c->at = memory_grow(NULL, TAIL + BLOCK);
        c->glances = memory_take(sizeof *c->glances);
        c->memo = memory_take(sizeof *c->memo);
    }
    return a;
}

struct event_taker ahead_taker(struct ahead *a)
{
    return a->threads > 1 ? (struct event_taker){ take, a } : a->to;
}

/* Alone: what is looked at is taken before it leaves the nearest cache. */
static void read_alone(struct ahead *a, struct carrier *c)
{
    while (fill(a, c)) {
        struct text left = text_over((const char *)c->at, c->len);
        while (c->whole && left.len) {
            const struct text piece = text_upto(left, PIECE);
            size_t end = last_end((const uint8_t *)piece.at, piece.len);
            if (!end)
                break;
            glances_read(c->glances, text_upto(left, end), c->memo);
            parser_feed_glances(a->parser, c->glances);
            left = text_from(left, end);
        }
        if (left.len)
            parser_feed(a->parser, bytes_of_text(left));
    }
}

void ahead_read(struct ahead *a, struct parser *parser)
{
    a->parser = parser;
    if (a->threads == 1) {
        read_alone(a, &a->carriers[0]);
        return;
    }
    unsigned more = 0;
    while (more + 1 < a->threads && pthread_create(&a->carriers[more + 1].thread, NULL, carry, &a->carriers[more + 1]) == 0)
        more++; /* where the system gives none, this one does all */
    carry(&a->carriers[0]);
    for (unsigned i = 1; i <= more; i++)
        pthread_join(a->carriers[i].thread, NULL);
    a->parsed = NULL;
}

void ahead_destroy(struct ahead *a)
{
    if (!a)
        return;
    for (unsigned i = 0; i < a->threads; i++) {
        struct carrier *c = &a->carriers[i];
        batch_clear(&c->batch);
        glances_clear(c->glances);
        memory_free(c->glances);
        memory_free(c->memo);
        memory_free(c->at);
    }
    pthread_mutex_destroy(&a->reading);
    pthread_mutex_destroy(&a->lock);
    pthread_cond_destroy(&a->parsing.opened);
    pthread_cond_destroy(&a->taking.opened);
    memory_free(a);
}
