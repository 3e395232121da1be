/*
 * A sliding window over a source: octets are read in large blocks and shown in place. What was shown is valid until the next call
 * of window_want(); or, once window_last() was called, for as long as the buffer lives in which it stands. The window then goes
 * on in another buffer, and that one is to be had from window_left(). It grows only as octets arrive, and never past
 * WINDOW_LARGEST.
 */
#ifndef IKESCOPE_DECODER_WINDOW_H
#define IKESCOPE_DECODER_WINDOW_H

#include "base/limits.h"
#include "base/source.h"

enum { WINDOW_LARGEST = 40 << 20 /* holds the largest block, LIMIT_BLOCK, twice */ };

struct window_buffer {
    uint8_t *at; /* NULL: none */
    size_t room;
};

struct window {
    struct source *from; /* borrowed */
    uint8_t *at;
    size_t start, end, room;
    uint64_t offset; /* of at[start] in the source */
    bool over;       /* the source has no more */
    bool lasting;    /* what was shown in this buffer is to last */
    struct window_buffer left, spare;
};

void window_init(struct window *w, struct source *from);
void window_clear(struct window *w);
/* window_lend gives the window a buffer to go on in, which it owns from now on: mostly one that it left behind before. */
void window_lend(struct window *w, struct window_buffer b);
/* window_last: what was shown since the last buffer was left lasts from now on. */
static inline void window_last(struct window *w)
{
    w->lasting = true;
}
/* window_left gives the buffer that was left behind, to the caller, who frees it; none where nothing that lasts was left. */
struct window_buffer window_left(struct window *w);
void window_turn(struct window *w); /* leaves the buffer, where what was shown is to last */
size_t window_fill(struct window *w, size_t size);
/* window_want makes size octets available, if there are that many, and returns how many are: at least size, or all that is left.
 */
static inline size_t window_want(struct window *w, size_t size)
{
    return w->end - w->start >= size ? w->end - w->start : window_fill(w, size);
}
/* window_view is what is available from an offset on, size octets of it at most. */
static inline struct bytes window_view(const struct window *w, size_t offset, size_t size)
{
    size_t have = w->end - w->start;
    if (offset >= have)
        return bytes_over(w->at + w->end, 0);
    return bytes_over(w->at + w->start + offset, size < have - offset ? size : have - offset);
}
static inline void window_skip(struct window *w, size_t size)
{
    size_t have = w->end - w->start, n = size < have ? size : have;
    w->start += n;
    w->offset += n;
}

#endif
