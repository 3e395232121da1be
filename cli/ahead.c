#include "cli/ahead.h"

#include "base/arena.h"
#include "base/relay.h"
#include "parser/glances.h"

/* THREADS_MOST: of a log's work more is done in order than of other files'. */
enum { THREADS_MOST = 4, BLOCK = 1 << 17, TAIL = 1 << 14, PIECE = 1 << 16 };

struct block {
    uint8_t *at; /* TAIL + BLOCK octets: what the last block left over, and what was read */
    size_t len;
    bool whole; /* it is whole lines, and its faces can be read */
    struct glances *glances;
};

struct ahead {
    struct relay *relay;
    struct source *from;
    struct parser *parser;
    struct face_memo *memos[THREADS_MOST];
    bool inside; /* inside: the last block ended inside a line */
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

static enum relay_read fill(void *context, void *block)
{
    struct ahead *a = context;
    struct block *b = block;
    if (!b->at) {
        b->at = memory_grow(NULL, TAIL + BLOCK);
        b->glances = memory_take(sizeof *b->glances);
    }
    size_t n, tail = a->tail_len;
    memcpy(b->at, a->tail, tail);
    n = source_read(a->from, b->at + tail, BLOCK);
    bool begins = !a->inside;
    size_t whole = tail + n, end = last_end(b->at, whole);
    b->len = whole;
    a->tail_len = 0;
    if (n && end && whole - end <= TAIL) {
        b->len = end;
        a->tail_len = whole - end;
        memcpy(a->tail, b->at + end, a->tail_len);
    }
    a->inside = b->len != end;
    b->whole = begins && !a->inside;
    return n ? RELAY_MORE : b->len ? RELAY_LAST : RELAY_NONE;
}

static void look(void *context, void *block, unsigned thread)
{
    struct ahead *a = context;
    struct block *b = block;
    if (b->whole)
        glances_read(b->glances, text_over((const char *)b->at, b->len), a->memos[thread]);
}

static void take(void *context, void *block)
{
    struct ahead *a = context;
    struct block *b = block;
    if (b->whole)
        parser_feed_glances(a->parser, b->glances);
    else
        parser_feed(a->parser, bytes_over(b->at, b->len));
}

/* Alone: what is looked at is taken before it leaves the nearest cache. */
static void take_alone(void *context, void *block)
{
    struct ahead *a = context;
    struct block *b = block;
    struct text left = text_over((const char *)b->at, b->len);
    while (b->whole && left.len) {
        const struct text piece = text_upto(left, PIECE);
        size_t end = last_end((const uint8_t *)piece.at, piece.len);
        if (!end)
            break;
        glances_read(b->glances, text_upto(left, end), a->memos[0]);
        parser_feed_glances(a->parser, b->glances);
        left = text_from(left, end);
    }
    if (left.len)
        parser_feed(a->parser, bytes_of_text(left));
}

static void clear(void *block)
{
    struct block *b = block;
    if (b->glances)
        glances_clear(b->glances);
    memory_free(b->glances);
    memory_free(b->at);
}

struct ahead *ahead_create(unsigned threads)
{
    struct ahead *a = memory_take(sizeof *a);
    a->relay = relay_create(threads < THREADS_MOST ? threads : THREADS_MOST, sizeof(struct block), clear);
    for (unsigned i = 0; i < relay_threads(a->relay); i++)
        a->memos[i] = memory_take(sizeof *a->memos[i]);
    return a;
}

void ahead_read(struct ahead *a, struct source *from, struct parser *parser)
{
    const bool alone = relay_threads(a->relay) == 1;
    a->from = from;
    a->parser = parser;
    a->inside = false;
    a->tail_len = 0;
    relay_run(a->relay, &(struct relay_work){ fill, alone ? NULL : look, alone ? take_alone : take, a });
}

void ahead_destroy(struct ahead *a)
{
    if (!a)
        return;
    relay_destroy(a->relay);
    for (unsigned i = 0; i < THREADS_MOST; i++)
        memory_free(a->memos[i]);
    memory_free(a);
}
