/* What a window shows stays as it was until its keeper lets go of the buffer, also where the window grows, ends, and another
 * one begins. */
#include "decoder/window.h"

#include "base/arena.h"
#include "base/map.h"
#include "test.h"

enum { OCTETS = 6 << 20, VIEWS = 20000 };

struct watch {
    struct {
        struct bytes view;
        uint64_t print;
        unsigned buffer;
    } kept[VIEWS];
    size_t count, looked;
    unsigned buffer; /* the last one that was let go of: the next views stand there */
};

static void let_go(void *context, unsigned buffer)
{
    struct watch *w = context;
    size_t left = 0;
    for (size_t i = 0; i < w->count; i++) {
        if (w->kept[i].buffer != buffer) {
            w->kept[left++] = w->kept[i];
            continue;
        }
        CHECK(hash_bytes(w->kept[i].view) == w->kept[i].print);
        w->looked++;
    }
    w->count = left;
    w->buffer = buffer;
}

static void walk(struct watch *watch, const uint8_t *octets, size_t len, uint32_t seed)
{
    struct source *from = source_over(bytes_over(octets, len));
    struct window w;
    size_t shown = 0;
    window_init(&w, from);
    window_want(&w, 32);
    window_keep(&w, (struct keeper){ let_go, watch });
    for (size_t at = 0; at < len && watch->count < VIEWS; shown++) {
        seed = seed * 1664525 + 1013904223;
        size_t want = seed >> 16 & 2047; /* now and then far more than a buffer holds */
        if ((seed >> 8 & 2047) == 0)
            want += 700000;
        size_t have = window_want(&w, want + 1);
        struct bytes v = window_view(&w, 0, want < have ? want + 1 : have);
        CHECK(v.len && memcmp(v.at, octets + at, v.len) == 0);
        watch->kept[watch->count].view = v;
        watch->kept[watch->count].print = hash_bytes(v);
        watch->kept[watch->count++].buffer = watch->buffer;
        window_skip(&w, v.len);
        at += v.len;
    }
    size_t before = watch->looked + watch->count;
    window_clear(&w);
    CHECK_NUMBER(watch->count, 0);
    CHECK_NUMBER(watch->looked, before);
    CHECK(shown > 1);
    source_close(from);
}

int main(void)
{
    uint8_t *octets = memory_take(OCTETS);
    for (size_t i = 0; i < OCTETS; i++)
        octets[i] = (uint8_t)(i * 2654435761u >> 13);
    struct watch *watch = memory_take(sizeof *watch);
    for (uint32_t n = 0; n < 6; n++) /* one window after another, long and short, and one keeper */
        walk(watch, octets, n % 2 ? OCTETS : 5000 + n * 100000, n);
    memory_free(watch);
    memory_free(octets);
    return TEST_REPORT();
}
