/*
 * A sliding window over a source: octets are read in large blocks and shown in place. What was shown is valid until the
 * next call of window_want(). With a keeper it is valid until that is asked to let go of the buffer it stands in; the window then
 * uses several buffers in turn. It grows only as octets arrive, and never past WINDOW_LARGEST.
 */
#ifndef IKESCOPE_DECODER_WINDOW_H
#define IKESCOPE_DECODER_WINDOW_H

#include "base/limits.h"
#include "base/source.h"

enum { WINDOW_BUFFERS = 8, WINDOW_LARGEST = 40 << 20 /* holds the largest block, LIMIT_BLOCK, twice */ };

struct keeper { /* of views; let_go NULL: there is none */
    /* What was shown from this buffer is about to be overwritten. Of several calls, the last one names the buffer that comes
     * next. */
    void (*let_go)(void *context, unsigned buffer);
    void *context;
};

struct window {
    struct source *from; /* borrowed */
    uint8_t *at;
    size_t start, end, room;
    uint64_t offset; /* of at[start] in the source */
    bool over;       /* the source has no more */
    struct keeper keeper;
    unsigned buffer; /* at stands in it */
    struct {
        uint8_t *at;
        size_t room;
    } others[WINDOW_BUFFERS];
};

void window_init(struct window *w, struct source *from);
void window_keep(struct window *w, struct keeper keeper); /* before anything was shown */
void window_clear(struct window *w);
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
