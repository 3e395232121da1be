#include "cli/ahead.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "parser/glances.h"

/* THREADS_MOST: more find nothing to do, as what is done in order takes its time. SLOTS: how far a thread looks ahead. */
enum { THREADS_MOST = 4, SLOTS = 3, BLOCK = 1 << 17, TAIL = 1 << 14, PIECE = 1 << 16 };

/* A block on its way. */
struct slot {
    uint8_t *at; /* TAIL + BLOCK octets: what the last block left over, and what was read */
    size_t len;
    bool whole; /* it is whole lines, and its faces are read */
    struct glances *glances;
    size_t number;
};

/* A thread. What it has read and looked at is near it, so it is also the one that hands it to the parser. */
struct carrier {
    struct ahead *of;
    pthread_t thread;
    pthread_cond_t turn; /* the oldest of its blocks is the next */
    struct face_memo *memo;
    struct slot slots[SLOTS];
    size_t looked, parsed; /* blocks, so far; those between wait in the slots */
};

struct ahead {
    struct source *from;
    struct parser *parser;
    unsigned threads;
    struct carrier carriers[THREADS_MOST];
    atomic_size_t parsed; /* blocks, so far */
    pthread_mutex_t lock; /* held by who counts one more, and by who goes to sleep for it */

    pthread_mutex_t reading; /* of what follows */
    size_t read;
    bool ended, inside; /* inside: the last block ended inside a line */
    uint8_t tail[TAIL];
    size_t tail_len; /* the unfinished line behind the last block, which the next one begins with */
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

static struct slot *oldest(struct carrier *c)
{
    return &c->slots[c->parsed % SLOTS];
}

/* Reads a block and looks at its lines; false at the end. */
static bool look(struct carrier *c)
{
    struct ahead *a = c->of;
    struct slot *s = &c->slots[c->looked % SLOTS];
    pthread_mutex_lock(&a->reading);
    const bool more = fill(a, s);
    s->number = a->read;
    a->read += more;
    pthread_mutex_unlock(&a->reading);
    if (!more)
        return false;
    if (s->whole)
        glances_read(s->glances, text_over((const char *)s->at, s->len), c->memo);
    c->looked++;
    return true;
}

/* Is it the turn of its oldest block? */
static bool its_turn(struct carrier *c)
{
    return oldest(c)->number == atomic_load_explicit(&c->of->parsed, memory_order_acquire);
}

/* Nothing else is to be done. */
static void wait_for_turn(struct carrier *c)
{
    struct ahead *a = c->of;
    pthread_mutex_lock(&a->lock);
    while (!its_turn(c))
        pthread_cond_wait(&c->turn, &a->lock);
    pthread_mutex_unlock(&a->lock);
}

static void parse(struct carrier *c)
{
    struct ahead *a = c->of;
    struct slot *s = oldest(c);
    if (s->whole)
        parser_feed_glances(a->parser, s->glances);
    else
        parser_feed(a->parser, bytes_over(s->at, s->len));
    c->parsed++;
    pthread_mutex_lock(&a->lock);
    atomic_store_explicit(&a->parsed, s->number + 1, memory_order_release);
    for (unsigned i = 0; i < a->threads; i++)
        pthread_cond_signal(&a->carriers[i].turn);
    pthread_mutex_unlock(&a->lock);
}

static void *carry(void *context)
{
    struct carrier *c = context;
    bool more = true;
    while (more || c->parsed < c->looked) {
        if (c->parsed < c->looked && its_turn(c))
            parse(c);
        else if (more && c->looked - c->parsed < SLOTS)
            more = look(c);
        else
            wait_for_turn(c);
    }
    return NULL;
}

struct ahead *ahead_create(unsigned threads)
{
    struct ahead *a = memory_take(sizeof *a);
    a->threads = threads < THREADS_MOST ? threads : THREADS_MOST;
    pthread_mutex_init(&a->lock, NULL);
    pthread_mutex_init(&a->reading, NULL);
    for (unsigned i = 0; i < a->threads; i++) {
        struct carrier *c = &a->carriers[i];
        c->of = a;
        c->memo = memory_take(sizeof *c->memo);
        pthread_cond_init(&c->turn, NULL);
        for (unsigned n = 0; n < (a->threads > 1 ? SLOTS : 1); n++) {
            c->slots[n].at = memory_grow(NULL, TAIL + BLOCK);
            c->slots[n].glances = memory_take(sizeof *c->slots[n].glances);
        }
    }
    return a;
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

static void begin(struct ahead *a, struct source *from, struct parser *parser)
{
    a->from = from;
    a->parser = parser;
    a->ended = a->inside = false;
    a->read = a->tail_len = 0;
    atomic_store(&a->parsed, 0);
    for (unsigned i = 0; i < a->threads; i++)
        a->carriers[i].looked = a->carriers[i].parsed = 0;
}

void ahead_read(struct ahead *a, struct source *from, struct parser *parser)
{
    struct carrier *self = &a->carriers[0];
    begin(a, from, parser);
    if (a->threads == 1) {
        read_alone(a, &self->slots[0], self->memo);
        return;
    }
    unsigned more = 0;
    while (more + 1 < a->threads && pthread_create(&a->carriers[more + 1].thread, NULL, carry, &a->carriers[more + 1]) == 0)
        more++; /* where the system gives none, this one does all */
    carry(self);
    for (unsigned i = 1; i <= more; i++)
        pthread_join(a->carriers[i].thread, NULL);
}

void ahead_destroy(struct ahead *a)
{
    if (!a)
        return;
    for (unsigned i = 0; i < a->threads; i++) {
        struct carrier *c = &a->carriers[i];
        for (unsigned n = 0; n < SLOTS && c->slots[n].at; n++) {
            glances_clear(c->slots[n].glances);
            memory_free(c->slots[n].glances);
            memory_free(c->slots[n].at);
        }
        pthread_cond_destroy(&c->turn);
        memory_free(c->memo);
    }
    pthread_mutex_destroy(&a->lock);
    pthread_mutex_destroy(&a->reading);
    memory_free(a);
}
