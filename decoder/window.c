#include "decoder/window.h"

#include "base/arena.h"

enum { FIRST_ROOM = 1 << 18 }; /* stays in a core's cache between being read and being looked at */

void window_init(struct window *w, struct source *from)
{
    *w = (struct window){ .from = from, .at = memory_take(FIRST_ROOM), .room = FIRST_ROOM };
}

static void let_go(struct window *w, unsigned buffer)
{
    if (w->keeper.let_go)
        w->keeper.let_go(w->keeper.context, buffer);
}

void window_keep(struct window *w, struct keeper keeper)
{
    w->keeper = keeper;
    let_go(w, w->buffer); /* so that it knows where this window begins: another one was before it */
}

void window_clear(struct window *w)
{
    for (unsigned i = 0; i < WINDOW_BUFFERS; i++)
        let_go(w, i);
    for (unsigned i = 0; i < WINDOW_BUFFERS; i++)
        memory_free(w->others[i].at);
    memory_free(w->at);
    *w = (struct window){ 0 };
}

/* Goes on in the next buffer: what has not been taken stands at its start then. One that had to grow is not kept. */
static void turn(struct window *w)
{
    const size_t left = w->end - w->start, room = left < FIRST_ROOM / 2 ? FIRST_ROOM : left * 2;
    const unsigned next = (w->buffer + 1) % WINDOW_BUFFERS;
    uint8_t *old = w->at;
    const bool grown = w->room > FIRST_ROOM;
    if (grown)
        let_go(w, w->buffer);
    let_go(w, next);
    if (w->others[next].room < room) {
        memory_free(w->others[next].at);
        w->others[next].at = memory_grow(NULL, room);
        w->others[next].room = room;
    }
    w->others[w->buffer].at = grown ? NULL : old;
    w->others[w->buffer].room = grown ? 0 : w->room;
    w->at = w->others[next].at;
    w->room = w->others[next].room;
    w->others[next].at = NULL;
    memcpy(w->at, old + w->start, left);
    if (grown)
        memory_free(old);
    w->buffer = next;
}

static void move(struct window *w)
{
    if (w->keeper.let_go)
        turn(w);
    else
        memmove(w->at, w->at + w->start, w->end - w->start);
    w->end -= w->start;
    w->start = 0;
}

static void grow(struct window *w)
{
    let_go(w, w->buffer);
    w->room *= 2;
    w->at = memory_grow(w->at, w->room);
}

size_t window_fill(struct window *w, size_t size)
{
    if (size > WINDOW_LARGEST)
        size = WINDOW_LARGEST;
    if (w->over || w->end - w->start >= size)
        return w->end - w->start;
    if (w->start && (size > w->room - w->start || w->room - w->end < w->room / 4))
        move(w);
    while (w->end - w->start < size && !w->over) {
        if (w->end == w->room)
            grow(w);
        size_t n = source_read(w->from, w->at + w->end, w->room - w->end);
        w->end += n;
        w->over = n == 0;
    }
    return w->end - w->start;
}
