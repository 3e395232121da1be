#include "decoder/window.h"

#include "base/arena.h"

enum { FIRST_ROOM = 1 << 18 }; /* stays in a core's cache between being read and being looked at */

void window_init(struct window *w, struct source *from)
{
    *w = (struct window){ .from = from, .at = memory_take(FIRST_ROOM), .room = FIRST_ROOM };
}

void window_clear(struct window *w)
{
    memory_free(w->at);
    memory_free(w->left.at);
    memory_free(w->spare.at);
    *w = (struct window){ 0 };
}

void window_lend(struct window *w, struct window_buffer b)
{
    const bool keep = !w->spare.at && b.room == FIRST_ROOM; /* one that had to grow is not used again */
    if (keep)
        w->spare = b;
    else
        memory_free(b.at);
}

struct window_buffer window_left(struct window *w)
{
    const struct window_buffer b = w->left;
    w->left = (struct window_buffer){ 0 };
    return b;
}

/* What has not been taken stands at the start of the next buffer then. */
void window_turn(struct window *w)
{
    if (!w->lasting)
        return;
    const size_t have = w->end - w->start, room = have < FIRST_ROOM / 2 ? FIRST_ROOM : have * 2;
    struct window_buffer next = w->spare;
    if (next.room < room) {
        memory_free(next.at);
        next = (struct window_buffer){ memory_grow(NULL, room), room };
    }
    memcpy(next.at, w->at + w->start, have);
    memory_free(w->left.at);
    w->left = (struct window_buffer){ w->at, w->room };
    w->spare = (struct window_buffer){ 0 };
    w->at = next.at;
    w->room = next.room;
    w->start = 0;
    w->end = have;
    w->lasting = false;
}

static void move(struct window *w)
{
    if (w->lasting) {
        window_turn(w);
        return;
    }
    memmove(w->at, w->at + w->start, w->end - w->start);
    w->end -= w->start;
    w->start = 0;
}

static void grow(struct window *w)
{
    w->room *= 2;
    w->at = memory_grow(w->at, w->room);
}

size_t window_fill(struct window *w, size_t size)
{
    if (size > WINDOW_LARGEST)
        size = WINDOW_LARGEST;
    if (w->over || w->end - w->start >= size)
        return w->end - w->start;
    if ((w->start || w->lasting) && (size > w->room - w->start || w->room - w->end < w->room / 4))
        move(w);
    while (w->end - w->start < size && !w->over) {
        if (w->end == w->room)
            grow(w); /* nothing that lasts stands here: it was left behind, or there was room */
        size_t n = source_read(w->from, w->at + w->end, w->room - w->end);
        w->end += n;
        w->over = n == 0;
    }
    return w->end - w->start;
}
