/* What a window shows stays as it was for as long as its buffer lives, also where the window grows, ends, and another one begins.
 */
#include "decoder/window.h"

#include "base/arena.h"
#include "base/map.h"
#include "test.h"

enum { OCTETS = 6 << 20, VIEWS = 20000, KEPT = 4 };

struct view {
    struct bytes octets;
    uint64_t print;
};

struct watch { /* of the buffers that were left last; what stands in the newest was not left yet */
    struct view views[KEPT + 1][VIEWS];
    size_t counts[KEPT + 1];
    struct window_buffer left[KEPT];
    size_t looked;
};

static void look_at(struct watch *w, size_t n)
{
    for (size_t i = 0; i < w->counts[n]; i++)
        CHECK(hash_bytes(w->views[n][i].octets) == w->views[n][i].print);
    w->looked += w->counts[n];
}

/* A buffer was left: the oldest one goes back to the window, which may write over it. */
static void on_left(struct watch *watch, struct window *w, struct window_buffer b)
{
    look_at(watch, 0);
    if (watch->left[0].at)
        window_lend(w, watch->left[0]);
    memmove(watch->left, watch->left + 1, (KEPT - 1) * sizeof watch->left[0]);
    memmove(watch->views, watch->views + 1, KEPT * sizeof watch->views[0]);
    memmove(watch->counts, watch->counts + 1, KEPT * sizeof watch->counts[0]);
    watch->left[KEPT - 1] = b;
    watch->counts[KEPT] = 0;
}

static void walk(struct watch *watch, const uint8_t *octets, size_t len, uint32_t seed)
{
    struct source *from = source_over(bytes_over(octets, len));
    struct window w;
    size_t shown = 0;
    memset(watch, 0, sizeof *watch);
    window_init(&w, from);
    for (size_t at = 0; at < len && watch->counts[KEPT] < VIEWS; shown++) {
        seed = seed * 1664525 + 1013904223;
        size_t want = seed >> 16 & 2047; /* now and then far more than a buffer holds */
        if ((seed >> 8 & 2047) == 0)
            want += 700000;
        size_t have = window_want(&w, want + 1);
        struct window_buffer left = window_left(&w);
        if (left.at)
            on_left(watch, &w, left);
        struct bytes v = window_view(&w, 0, want < have ? want + 1 : have);
        CHECK(v.len && memcmp(v.at, octets + at, v.len) == 0);
        watch->views[KEPT][watch->counts[KEPT]++] = (struct view){ v, hash_bytes(v) };
        window_last(&w);
        window_skip(&w, v.len);
        at += v.len;
    }
    window_turn(&w);
    struct window_buffer left = window_left(&w);
    CHECK(left.at && !window_left(&w).at);
    on_left(watch, &w, left);
    window_clear(&w);
    for (size_t n = 0; n <= KEPT; n++)
        look_at(watch, n);
    for (size_t n = 0; n < KEPT; n++)
        memory_free(watch->left[n].at);
    CHECK(shown > 1);
    CHECK_NUMBER(watch->looked, shown);
    source_close(from);
}

/* Where nothing is to last, no buffer is left behind. */
static void pass(const uint8_t *octets, size_t len)
{
    struct source *from = source_over(bytes_over(octets, len));
    struct window w;
    size_t at = 0;
    window_init(&w, from);
    for (size_t have; (have = window_want(&w, 1500)) > 0;) {
        struct bytes v = window_view(&w, 0, have < 1500 ? have : 1500);
        CHECK(memcmp(v.at, octets + at, v.len) == 0);
        window_skip(&w, v.len);
        at += v.len;
        CHECK(!w.left.at && !w.spare.at);
    }
    CHECK_NUMBER(at, len);
    CHECK_NUMBER(w.offset, len);
    window_turn(&w);
    CHECK(!window_left(&w).at);
    window_clear(&w);
    source_close(from);
}

int main(void)
{
    uint8_t *octets = memory_take(OCTETS);
    for (size_t i = 0; i < OCTETS; i++)
        octets[i] = (uint8_t)(i * 2654435761u >> 13);
    struct watch *watch = memory_take(sizeof *watch);
    for (uint32_t n = 0; n < 6; n++) /* long and short */
        walk(watch, octets, n % 2 ? OCTETS : 5000 + n * 100000, n);
    pass(octets, OCTETS);
    memory_free(watch);
    memory_free(octets);
    return TEST_REPORT();
}
