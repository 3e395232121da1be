#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/platform.h"

enum { FIRST_CHUNK = 1024, LARGEST_CHUNK = 1 << 20, LARGEST_KEPT = 1 << 18, ALIGNMENT = 8 };

struct chunk {
    struct chunk *next;
    size_t size, used;
    size_t touched; /* up to where it was used before a reset */
    _Alignas(ALIGNMENT) unsigned char at[];
};

struct arena {
    struct chunk *newest;
    size_t held;
};

static void (*out_of_memory)(void);

void memory_set_handler(void (*handler)(void))
{
    out_of_memory = handler;
}

void *memory_checked(void *p)
{
    if (!p) {
        if (out_of_memory)
            out_of_memory();
        abort(); /* the handler must not return */
    }
    return p;
}

void *memory_take(size_t size)
{
    return memory_checked(calloc(1, size ? size : 1));
}

void *memory_grow(void *old, size_t size)
{
    size_t had = old ? platform_block_size(old) : 0;
    if (!had)
        return memory_checked(realloc(old, size ? size : 1));
    void *grown = memory_checked(malloc(size ? size : 1)); /* realloc would leave the old copy lying about */
    memcpy(grown, old, had < size ? had : size);
    memory_free(old);
    return grown;
}

/* What is given back may have been a key, or a line of a configuration with one: nothing of it stays. */
void memory_free(void *p)
{
    if (p)
        platform_forget(p, platform_block_size(p));
    free(p);
}

void memory_leave(void *p, size_t used)
{
    if (p)
        platform_forget(p, used);
    free(p);
}

static struct chunk *chunk_add(struct arena *arena, size_t least)
{
    size_t size = arena->newest ? arena->newest->size * 2 : FIRST_CHUNK;
    if (size > LARGEST_CHUNK)
        size = LARGEST_CHUNK;
    if (size < least)
        size = least;
    struct chunk *c = memory_checked(malloc(sizeof *c + size));
    if (size == LARGEST_CHUNK)
        platform_prepare(c, sizeof *c + size);
    c->next = arena->newest;
    c->size = size;
    c->used = c->touched = 0;
    arena->newest = c;
    arena->held += sizeof *c + size;
    return c;
}

struct arena *arena_create(void)
{
    return memory_take(sizeof(struct arena));
}

static size_t touched(const struct chunk *c)
{
    return c->touched > c->used ? c->touched : c->used;
}

static void drop(struct arena *arena, struct chunk *c)
{
    arena->held -= sizeof *c + c->size;
    platform_forget(c->at, touched(c));
    free(c);
}

/* The newest chunk is the largest: who fills as much again and again takes it once. */
void arena_reset(struct arena *arena)
{
    struct chunk *kept = arena->newest;
    if (!kept)
        return;
    while (kept->next && kept->size > LARGEST_KEPT) {
        struct chunk *older = kept->next;
        drop(arena, kept);
        kept = older;
    }
    for (struct chunk *c = kept->next, *older; c; c = older) {
        older = c->next;
        drop(arena, c);
    }
    kept->touched = touched(kept);
    kept->used = 0;
    kept->next = NULL;
    arena->newest = kept;
}

void arena_destroy(struct arena *arena)
{
    if (!arena)
        return;
    for (struct chunk *c = arena->newest, *older; c; c = older) {
        older = c->next;
        drop(arena, c);
    }
    free(arena);
}

size_t arena_used(const struct arena *arena)
{
    return arena->held;
}

void *arena_take(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        memory_checked(NULL);
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    struct chunk *c = arena->newest;
    if (!c || c->size - c->used < size)
        c = chunk_add(arena, size);
    void *p = c->at + c->used;
    c->used += size;
    return memset(p, 0, size);
}

void *arena_take_array(struct arena *arena, size_t size, size_t count)
{
    if (size && count > SIZE_MAX / size)
        memory_checked(NULL);
    return arena_take(arena, size * count);
}

struct text arena_text(struct arena *arena, struct text t)
{
    char *copy = arena_take(arena, t.len + 1);
    if (t.len)
        memcpy(copy, t.at, t.len);
    return (struct text){ copy, t.len };
}

struct text arena_copy(struct arena *arena, struct text t)
{
    return t.at ? arena_text(arena, t) : t;
}

struct bytes arena_bytes(struct arena *arena, struct bytes b)
{
    return bytes_of_text(arena_text(arena, text_of_bytes(b)));
}

const char *arena_string(struct arena *arena, struct text t)
{
    return arena_text(arena, t).at;
}

struct text arena_format(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *at = arena_take(arena, (size_t)(n < 0 ? 0 : n) + 1);
    vsnprintf(at, (size_t)(n < 0 ? 0 : n) + 1, format, again);
    va_end(again);
    return (struct text){ at, (size_t)(n < 0 ? 0 : n) };
}
