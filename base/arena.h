/*
 * An arena: memory that lives and dies together. Allocation never fails for the caller: when the machine has
 * none left, the handler set with memory_set_handler() is called and does not return.
 * Growth is limited by callers *before* they allocate (base/limits.h).
 */
#ifndef IKESCOPE_BASE_ARENA_H
#define IKESCOPE_BASE_ARENA_H

#include "base/bytes.h"

struct arena;

struct arena *arena_create(void);
void arena_destroy(struct arena *arena);      /* NULL is allowed */
void arena_reset(struct arena *arena);        /* frees all but a chunk that is kept for reuse */
size_t arena_used(const struct arena *arena); /* octets held from the system */

void *arena_take(struct arena *arena, size_t size); /* zeroed; aligned for 8 octets, enough for all that is kept here */
#define arena_new(arena, type)          ((type *)arena_take((arena), sizeof(type)))
#define arena_array(arena, type, count) ((type *)arena_take_array((arena), sizeof(type), (count)))
void *arena_take_array(struct arena *arena, size_t size, size_t count);
struct bytes arena_bytes(struct arena *arena, struct bytes b); /* a copy */
struct text arena_text(struct arena *arena, struct text t);    /* a copy, NUL-terminated behind its end */
struct text arena_copy(struct arena *arena, struct text t);    /* the same; where there is no text (at NULL) none */
const char *arena_string(struct arena *arena, struct text t);  /* the same as a C string */
struct text arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The heap, for the few things that do not live and die together. These functions never return NULL. Whatever is freed,
 * here or by an arena, is overwritten first, since it may have held a secret. */
void *memory_take(size_t size);            /* zeroed; the caller frees it */
void *memory_grow(void *old, size_t size); /* like realloc; the octets added are not zeroed */
void memory_free(void *p);                 /* NULL is allowed */
/* memory_leave frees a block that was never filled: only its first `used` octets were written, so only they are overwritten. */
void memory_leave(void *p, size_t used);
/* memory_checked returns p, which a library allocated, or calls the handler if it is NULL. */
void *memory_checked(void *p);
/* The handler is called when an allocation fails; it must not return (cli removes half-written outputs and exits 2). */
void memory_set_handler(void (*handler)(void));

#endif
