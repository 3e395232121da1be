#include "decoder/sequence.h"

enum {
    RING_FIRST = 16,
    RING_MOST = 2048,
    GAPS_MOST = 1024,
    FAR = 65536 /* a jump that an unverified number may make */
};

void sequence_clear(struct sequence *s)
{
    memory_free(s->gaps);
    memory_free(s->ring);
    *s = (struct sequence){ 0 };
}

uint64_t sequence_near(uint64_t highest, uint32_t low)
{
    uint64_t base = highest & ~UINT64_C(0xffffffff), n = base | low;
    const uint64_t half = UINT64_C(1) << 31, one = UINT64_C(1) << 32;
    if (n < highest && highest - n > half && base < UINT64_C(0xffffffff00000000))
        return n + one;
    if (base && n > highest && n - highest > half)
        return n - one;
    return n;
}

static void ring_grow(struct sequence *s)
{
    uint32_t size = s->ring_size ? s->ring_size * 2 : RING_FIRST;
    struct sequence_seen *ring = memory_take(size * sizeof *ring);
    for (uint32_t i = 0; i < s->ring_size; i++)
        ring[s->ring[i].number & (size - 1)] = s->ring[i];
    memory_free(s->ring);
    s->ring = ring;
    s->ring_size = size;
}

static void ring_put(struct sequence *s, uint64_t number, uint64_t print)
{
    if (s->noted++ >= s->ring_size && s->ring_size < RING_MOST)
        ring_grow(s);
    struct sequence_seen *at = &s->ring[number & (s->ring_size - 1)];
    if (number >= at->number)
        *at = (struct sequence_seen){ number, print };
}

/* The gap that holds number, or where it would stand. */
static uint32_t gap_place(const struct sequence *s, uint64_t number)
{
    uint32_t low = 0, high = s->gap_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (s->gaps[middle].to < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void gap_insert(struct sequence *s, uint32_t at, uint64_t from, uint64_t to)
{
    if (s->gap_count == GAPS_MOST) { /* the oldest is lost for good, be it this one */
        if (at == 0)
            return;
        memmove(s->gaps, s->gaps + 1, (s->gap_count - 1) * sizeof *s->gaps);
        s->gap_count--;
        at--;
    }
    if (s->gap_count == s->gap_room) {
        s->gap_room = s->gap_room ? s->gap_room * 2 : 4;
        s->gaps = memory_grow(s->gaps, s->gap_room * sizeof *s->gaps);
    }
    memmove(s->gaps + at + 1, s->gaps + at, (s->gap_count - at) * sizeof *s->gaps);
    s->gaps[at] = (struct sequence_gap){ from, to };
    s->gap_count++;
}

static bool gap_fill(struct sequence *s, uint64_t number)
{
    uint32_t at = gap_place(s, number);
    if (at == s->gap_count || s->gaps[at].from > number)
        return false;
    struct sequence_gap *g = &s->gaps[at];
    uint64_t to = g->to;
    s->lost--;
    if (g->from == number && to == number) {
        memmove(g, g + 1, (s->gap_count - at - 1) * sizeof *g);
        s->gap_count--;
    } else if (g->from == number) {
        g->from++;
    } else {
        g->to = number - 1;
        if (to != number)
            gap_insert(s, at + 1, number + 1, to);
    }
    return true;
}

bool sequence_is_close(const struct sequence *s, uint64_t number)
{
    return number <= s->highest + SEQUENCE_CLOSE && number + SEQUENCE_CLOSE >= s->highest;
}

static void begin(struct sequence *s, uint64_t number)
{
    s->started = true;
    s->first = s->highest = number;
    s->gap_count = 0;
    for (uint32_t i = 0; i < s->ring_size; i++)
        s->ring[i] = (struct sequence_seen){ 0 };
}

enum sequence_verdict sequence_note(struct sequence *s, uint64_t number, uint64_t print, bool trusted, uint32_t input)
{
    enum sequence_verdict v = SEQUENCE_NEW;
    bool far = number > s->highest + FAR || number + FAR < s->first;
    if (trusted && !s->proven && s->started && !sequence_is_close(s, number)) {
        s->started = false; /* what was noted so far tells nothing of this count */
        s->lost = 0;
    }
    s->proven |= trusted;
    if (!s->started || (far && !trusted)) {
        begin(s, number);
        s->input = input;
    } else if (number > s->highest) {
        if (number > s->highest + 1) {
            gap_insert(s, s->gap_count, s->highest + 1, number - 1);
            s->lost += number - s->highest - 1;
        }
        s->highest = number;
        s->input = input;
    } else if (number < s->first) {
        if (number + 1 < s->first) {
            gap_insert(s, 0, number + 1, s->first - 1);
            s->lost += s->first - number - 1;
        }
        s->first = number;
        v = SEQUENCE_LATE;
    } else if (gap_fill(s, number)) {
        v = SEQUENCE_LATE;
    } else {
        const struct sequence_seen *seen = &s->ring[number & (s->ring_size - 1)];
        if (input != s->input)
            return SEQUENCE_ELSEWHERE;
        bool other = seen->number == number && seen->print && print && seen->print != print;
        return other ? SEQUENCE_REPLAY : SEQUENCE_COPY;
    }
    ring_put(s, number, print);
    return v;
}
