/*
 * ESP on all cores. Packets wait here in the order in which they were read, as views of the capture's window. A batch of them
 * is a job: where one key is sure to be tried first (an SA whose packets open), any worker tries it, with contexts of its
 * own. Batches are counted in order, by the caller alone, as if each packet had just been read: what was found out ahead is
 * one try that need not be made any more, and where things turned out otherwise it is not used. So the result does not
 * depend on the number of threads.
 */
#include "decoder/esp_parts.h"

enum {
    BATCHES = 64,
    BATCH = 64,          /* packets */
    BATCH_LEAST = 8,     /* packets that are worth waking another thread */
    BATCH_OUT = 1 << 18, /* octets of plaintext that `decrypt` wants kept */
};

struct waiting {
    struct packet packet;
    struct attempt attempt;
    struct esp_sa *sa; /* NULL: to be sought when its turn comes */
    size_t out;        /* where the plaintext goes in the batch's */
    uint8_t protocol;
};

struct batch {
    struct job job;
    struct queue *of;
    struct waiting *at;
    size_t count, worth; /* worth: of these, with a try to make ahead */
    unsigned buffer;     /* of the window, where all their octets stand */
    bool given;
    uint8_t *out; /* plaintexts, where they are wanted; else each worker has one place for all */
    size_t out_used, out_room;
};

struct scratch {
    uint8_t *at;
    size_t room;
};

struct queue {
    struct esp *esp;
    struct workers *workers;
    struct batch batches[BATCHES];
    size_t filled, settled; /* batches so far: those between wait; the one being filled is filled % BATCHES */
    unsigned buffer;        /* of the window, that is being read */
    struct scratch scratch[WORKERS_MOST];
};

struct queue *queue_create(struct esp *e, unsigned threads)
{
    struct queue *q = memory_take(sizeof *q);
    q->esp = e;
    q->workers = workers_create(threads);
    return q;
}

static void wipe(uint8_t *at, size_t room)
{
    if (at)
        crypto_wipe(at, room);
    memory_free(at);
}

void queue_destroy(struct queue *q)
{
    if (!q)
        return;
    workers_destroy(q->workers);
    for (size_t i = 0; i < BATCHES; i++) {
        wipe(q->batches[i].out, q->batches[i].out_room);
        memory_free(q->batches[i].at);
    }
    for (size_t i = 0; i < WORKERS_MOST; i++)
        wipe(q->scratch[i].at, q->scratch[i].room);
    memory_free(q);
}

unsigned queue_threads(const struct esp *e)
{
    return e->queue ? workers_count(e->queue->workers) : 1;
}

/* ---- A batch ---- */

static uint8_t *scratch_of(struct scratch *s, size_t len)
{
    if (s->room < len) {
        wipe(s->at, s->room);
        s->room = len < 65536 ? 65536 : len;
        s->at = memory_grow(NULL, s->room);
    }
    return s->at;
}

static void run(struct job *job, unsigned worker)
{
    struct batch *b = (struct batch *)job;
    for (size_t i = 0; i < b->count; i++) {
        struct waiting *w = &b->at[i];
        if (w->attempt.foreseen)
            esp_try_ahead(&w->attempt, worker,
                          b->out_used ? b->out + w->out : scratch_of(&b->of->scratch[worker], w->attempt.octets.len));
    }
}

static void give(struct queue *q, struct batch *b)
{
    if (b->out_room < b->out_used) {
        wipe(b->out, b->out_room);
        b->out_room = b->out_used;
        b->out = memory_grow(NULL, b->out_room);
    }
    b->given = b->worth >= BATCH_LEAST;
    b->job.run = run;
    if (b->given)
        workers_give(q->workers, &b->job);
}

static void settle_one(struct queue *q)
{
    struct batch *b = &q->batches[q->settled++ % BATCHES];
    if (b->given)
        workers_finish(q->workers, &b->job);
    else
        run(&b->job, 0);
    for (size_t i = 0; i < b->count; i++)
        esp_apply(q->esp, b->at[i].sa, &b->at[i].attempt, b->at[i].protocol);
    b->count = b->worth = b->out_used = 0;
}

/* Ends the batch being filled, and sees to it that there is another. */
static void close_batch(struct queue *q)
{
    struct batch *b = &q->batches[q->filled % BATCHES];
    if (b->count == 0)
        return;
    give(q, b);
    q->filled++;
    if (q->filled - q->settled == BATCHES)
        settle_one(q);
}

/* ---- What comes, and goes ---- */

void queue_add(struct queue *q, const struct packet *p, struct bytes octets, uint8_t protocol, uint32_t spi, uint32_t number)
{
    struct batch *b = &q->batches[q->filled % BATCHES];
    if (!b->at)
        b->at = memory_take(BATCH * sizeof *b->at);
    struct waiting *w = &b->at[b->count++];
    b->of = q;
    b->buffer = q->buffer;
    w->packet = *p;
    w->attempt = (struct attempt){ .octets = octets, .packet = &w->packet, .spi = spi, .number = number };
    w->protocol = protocol;
    w->sa = esp_find(q->esp, p, protocol, spi);
    if (w->sa && protocol == PROTOCOL_ESP && !p->truncated)
        w->attempt.foreseen = esp_foresee(q->esp, w->sa, number, &w->attempt.foreseen_high);
    if (w->attempt.foreseen) {
        b->worth++;
        w->out = b->out_used;
        if (q->esp->plain.take)
            b->out_used += octets.len;
    }
    if (b->count == BATCH || b->out_used >= BATCH_OUT)
        close_batch(q);
}

void queue_let_go(struct queue *q, unsigned buffer)
{
    close_batch(q);
    q->buffer = buffer;
    size_t until = q->settled;
    for (size_t n = q->settled; n < q->filled; n++)
        if (q->batches[n % BATCHES].buffer == buffer)
            until = n + 1;
    while (q->settled < until)
        settle_one(q);
}

void queue_settle(struct queue *q)
{
    close_batch(q);
    while (q->settled < q->filled)
        settle_one(q);
}
