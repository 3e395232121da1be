#include "decoder/window.h"

#include "base/arena.h"

enum { FIRST_ROOM = 1 << 20 };

void window_init(struct window *w, struct source *from)
{
    *w = (struct window){ .from = from, .at = memory_take(FIRST_ROOM), .room = FIRST_ROOM };
}

void window_clear(struct window *w)
{
    memory_free(w->at);
    *w = (struct window){ 0 };
}

size_t window_fill(struct window *w, size_t size)
{
    if (size > LIMIT_WINDOW)
        size = LIMIT_WINDOW;
    if (w->over || w->end - w->start >= size)
        return w->end - w->start;
    memmove(w->at, w->at + w->start, w->end - w->start);
    w->end -= w->start;
    w->start = 0;
    while (w->end < size && !w->over) {
        if (w->end == w->room) {
            w->room *= 2;
            w->at = memory_grow(w->at, w->room);
        }
        size_t n = source_read(w->from, w->at + w->end, w->room - w->end);
        w->end += n;
        w->over = n == 0;
    }
    return w->end;
}
