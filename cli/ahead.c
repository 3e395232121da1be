#include "cli/ahead.h"

#include <pthread.h>

#include "base/arena.h"
#include "cli/batch.h"
#include "parser/glances.h"

/* THREADS_MOST: more find nothing to do: what is done in order takes its time. A thread sleeps until ENOUGH waits to be done, as
 * to be woken costs about as much as a block. */
enum {
    THREADS_MOST = 6,
    SLOTS_A_THREAD = 4,
    SLOTS_MOST = THREADS_MOST * SLOTS_A_THREAD,
    ENOUGH = 4,
    BLOCK = 1 << 17,
    TAIL = 1 << 14,
    PIECE = 1 << 16
};

/* A block on its way. It is read and looked at by whoever is free, then parsed, then taken, each in the order of the blocks. */
struct slot {
    uint8_t *at; /* TAIL + BLOCK octets: what the last block left over, and what was read */
    size_t len;
    bool whole;  /* it is whole lines */
    bool looked; /* its faces are read */
    struct glances *glances;
    struct batch batch;
};

struct carrier { /* a thread */
    struct ahead *of;
    pthread_t thread;
    struct face_memo *memo;
};

struct ahead {
    struct source *from;
    struct parser *parser;
    struct event_taker to;
    bool with_payloads;
    unsigned threads, slot_count;
    struct carrier carriers[THREADS_MOST];
    struct slot slots[SLOTS_MOST];
    pthread_mutex_t lock; /* of what follows, up to the next empty line */
    pthread_cond_t ready; /* there is more to do */
    size_t read, parsed, taken;
    bool reading, parsing, taking; /* somebody is in there */
    bool finished;                 /* the last block is read */
    unsigned asleep;

    /* whoever reads: */
    bool ended, inside; /* inside: the last block ended inside a line */
    uint8_t tail[TAIL];
    size_t tail_len; /* the unfinished line behind the last block, which the next one begins with */
    /* whoever parses: */
    struct slot *current; /* whose block the parser has; NULL: its events go straight on */
};

/* Where the last line ends: the length up to and with its LF, 0 where there is none. */
static size_t last_end(const uint8_t *at, size_t len)
{
    while (len && at[len - 1] != '\n')
        len--;
    return len;
}

/* Reads the next block; false at the end. */
static bool fill(struct ahead *a, struct slot *c)
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
    return c->len != 0;
}

static struct slot *slot_of(struct ahead *a, size_t number)
{
    return &a->slots[number % a->slot_count];
}

static bool can_parse(struct ahead *a)
{
    return !a->parsing && a->parsed < a->read && slot_of(a, a->parsed)->looked;
}

static bool can_take(const struct ahead *a)
{
    return !a->taking && a->taken < a->parsed;
}

static bool can_read(const struct ahead *a)
{
    return !a->reading && !a->finished && a->read - a->taken < a->slot_count;
}

/* parse, pass_on and look are called with the lock, and leave it while they work. */

static void parse(struct ahead *a)
{
    struct slot *s = slot_of(a, a->parsed);
    a->parsing = true;
    pthread_mutex_unlock(&a->lock);
    a->current = s;
    if (s->whole)
        parser_feed_glances(a->parser, s->glances);
    else
        parser_feed(a->parser, bytes_over(s->at, s->len));
    pthread_mutex_lock(&a->lock);
    a->parsing = false;
    a->parsed++;
}

static void pass_on(struct ahead *a)
{
    struct slot *s = slot_of(a, a->taken);
    a->taking = true;
    pthread_mutex_unlock(&a->lock);
    batch_pass(&s->batch, a->to);
    pthread_mutex_lock(&a->lock);
    a->taking = false;
    a->taken++;
}

/* How many blocks somebody who is free could do something for. */
static size_t waiting(struct ahead *a)
{
    size_t to_take = can_take(a) ? a->parsed - a->taken : 0, to_read = can_read(a) ? a->slot_count - (a->read - a->taken) : 0;
    return (size_t)can_parse(a) + to_take + to_read;
}

static void wake(struct ahead *a)
{
    if (a->asleep && waiting(a) >= ENOUGH)
        pthread_cond_signal(&a->ready);
}

static void look(struct ahead *a, struct face_memo *memo)
{
    struct slot *s = slot_of(a, a->read);
    a->reading = true;
    pthread_mutex_unlock(&a->lock);
    bool more = fill(a, s);
    pthread_mutex_lock(&a->lock);
    a->reading = false;
    s->looked = false;
    a->finished = !more;
    if (!more)
        return;
    a->read++;
    wake(a);
    pthread_mutex_unlock(&a->lock);
    if (s->whole)
        glances_read(s->glances, text_over((const char *)s->at, s->len), memo);
    pthread_mutex_lock(&a->lock);
    s->looked = true;
}

/* Whatever is to be done, the narrowest first: all must pass the parser one after the other. Whoever is awake does not go to
 * sleep while anything waits, so all gets done even where nobody else is woken. */
static void *carry(void *context)
{
    struct carrier *c = context;
    struct ahead *a = c->of;
    pthread_mutex_lock(&a->lock);
    while (!a->finished || a->taken < a->read) {
        if (can_parse(a)) {
            wake(a);
            parse(a);
        } else if (can_take(a)) {
            wake(a);
            pass_on(a);
        } else if (can_read(a)) {
            look(a, c->memo);
        } else {
            a->asleep++;
            pthread_cond_wait(&a->ready, &a->lock);
            a->asleep--;
        }
    }
    pthread_cond_broadcast(&a->ready);
    pthread_mutex_unlock(&a->lock);
    return NULL;
}

static void take(void *context, struct event *e)
{
    struct ahead *a = context;
    struct slot *s = a->current;
    if (s)
        batch_add(&s->batch, e, text_over((const char *)s->at, s->len), a->with_payloads);
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
    a->slot_count = a->threads > 1 ? a->threads * SLOTS_A_THREAD : 1;
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->ready, NULL);
    for (unsigned i = 0; i < a->threads; i++)
        a->carriers[i] = (struct carrier){ .of = a, .memo = memory_take(sizeof *a->carriers[i].memo) };
    for (unsigned i = 0; i < a->slot_count; i++) {
        a->slots[i].at = memory_grow(NULL, TAIL + BLOCK);
        a->slots[i].glances = memory_take(sizeof *a->slots[i].glances);
    }
    return a;
}

struct event_taker ahead_taker(struct ahead *a)
{
    return a->threads > 1 ? (struct event_taker){ take, a } : a->to;
}

/* Alone: what is looked at is taken before it leaves the nearest cache. */
static void read_alone(struct ahead *a, struct slot *s, struct face_memo *memo)
{
    while (fill(a, s)) {
        struct text left = text_over((const char *)s->at, s->len);
        while (s->whole && left.len) {
            const struct text piece = text_upto(left, PIECE);
            size_t end = last_end((const uint8_t *)piece.at, piece.len);
            if (!end)
                break;
            glances_read(s->glances, text_upto(left, end), memo);
            parser_feed_glances(a->parser, s->glances);
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
        read_alone(a, &a->slots[0], a->carriers[0].memo);
        return;
    }
    unsigned more = 0;
    while (more + 1 < a->threads && pthread_create(&a->carriers[more + 1].thread, NULL, carry, &a->carriers[more + 1]) == 0)
        more++; /* where the system gives none, this one does all */
    carry(&a->carriers[0]);
    for (unsigned i = 1; i <= more; i++)
        pthread_join(a->carriers[i].thread, NULL);
    a->current = NULL;
}

void ahead_destroy(struct ahead *a)
{
    if (!a)
        return;
    for (unsigned i = 0; i < a->slot_count; i++) {
        struct slot *s = &a->slots[i];
        batch_clear(&s->batch);
        glances_clear(s->glances);
        memory_free(s->glances);
        memory_free(s->at);
    }
    for (unsigned i = 0; i < a->threads; i++)
        memory_free(a->carriers[i].memo);
    pthread_mutex_destroy(&a->lock);
    pthread_cond_destroy(&a->ready);
    memory_free(a);
}
