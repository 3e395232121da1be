/* Text inputs: whatever the octets are, every physical line is counted once, and pieces make no difference, nor does it whether
 * lines are read ahead, in turn, or the long way. Nor in an export, which is not looked for in a live input. */
#include <stdint.h>
#include <stdlib.h>

#include "parser/exported.h"
#include "parser/glances.h"
#include "parser/packing.h"
#include "parser/parser.h"
#include "tests/fuzz/lines_of.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct tally {
    uint64_t events, sum;
};

static void take(void *context, struct event *e)
{
    struct tally *t = context;
    t->events++;
    t->sum = t->sum * 31 + e->code + e->line * 7 + e->lines + e->spi_i.value + e->text.len;
    for (size_t i = 0; i < e->text.len; i++)
        t->sum += (unsigned char)e->text.at[i];
    if (e->message)
        t->sum += e->message->type_count;
}

/* Blocks of whole lines; ahead: their faces are read ahead (parser/glances.h), as the parser's threads do. */
static void feed_blocks(struct parser *p, struct text t, bool ahead)
{
    static struct face_memo memo;
    static struct glances g; /* what it remembers is of the lines before */
    while (t.len) {
        const char *lf = t.len > 300 ? memchr(t.at + 300, '\n', t.len - 300) : NULL;
        size_t n = lf ? (size_t)(lf - t.at) + 1 : t.len;
        char *copy = malloc(n);
        if (!copy)
            abort();
        memcpy(copy, t.at, n);
        if (ahead) {
            glances_read(&g, text_over(copy, n), &memo);
            parser_feed_glances(p, &g);
        } else {
            parser_feed(p, bytes_over((const uint8_t *)copy, n));
        }
        free(copy);
        t = text_from(t, n);
    }
}

enum { AHEAD, IN_TURN, SLOWLY, PIECES }; /* PIECES and more: of so many octets */

/* live: the parser does not hold the first 64 KiB back, which most inputs are less than. */
static struct tally run(const uint8_t *data, size_t size, size_t piece, bool live)
{
    struct tally t = { 0, 0 };
    struct model *m = model_create();
    m->options.keep_events = true;
    model_add_input(m, TEXT("fuzz.log"), TEXT("fuzz.log"));
    struct parser *p = parser_create(m, 0, INPUT_UNKNOWN, (struct event_taker){ take, &t });
    if (live)
        parser_live(p, NULL);
    if (piece == SLOWLY)
        parser_slowly(p);
    if (piece < PIECES)
        feed_blocks(p, text_over((const char *)data, size), piece == AHEAD);
    for (size_t at = 0; piece >= PIECES && at < size; at += piece) {
        size_t n = size - at < piece ? size - at : piece;
        uint8_t *copy = malloc(n); /* an exact block: reading past it is seen */
        if (!copy)
            abort();
        for (size_t i = 0; i < n; i++)
            copy[i] = data[at + i];
        parser_feed(p, (struct bytes){ copy, n });
        free(copy);
    }
    parser_finish(p);
    const struct input *in = model_input(m, 0);
    uint64_t sum = 0;
    for (int c = 0; c < LINE_CLASS_COUNT; c++)
        sum += in->lines[c];
    if (sum != in->line_total)
        abort();
    parser_destroy(p);
    model_destroy(m);
    return t;
}

static void check_same(struct tally a, struct tally b)
{
    if (a.events != b.events || a.sum != b.sum)
        abort();
}

/* What stands behind the octets that the parser holds back to find out that they are an export: the same again. */
static void check_exported(const uint8_t *data, size_t size)
{
    struct exported exported;
    exported_detect(&exported, text_over((const char *)data, size));
    if (!exported.form || size < 200) /* or it would be said too often */
        return;
    const size_t times = LOOK_AHEAD / size + 3;
    uint8_t *again = malloc(times * size);
    if (!again)
        abort();
    for (size_t i = 0; i < times; i++)
        memcpy(again + i * size, data, size);
    check_same(run(again, times * size, IN_TURN, false), run(again, times * size, AHEAD, false));
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    parser_recognise((struct bytes){ data, size });
    const struct tally whole = run(data, size, size > PIECES ? size : PIECES, false);
    check_same(whole, run(data, size, 61, false));
    check_same(whole, run(data, size, SLOWLY, false));
    const struct tally in_turn = run(data, size, IN_TURN, true);
    check_same(in_turn, run(data, size, AHEAD, true));
    check_same(in_turn, run(data, size, SLOWLY, true));
    check_exported(data, size);
    return 0;
}
