/* A growing run of octets with a limit. A put that would pass the limit sets `full` and is dropped as a whole; all later
 * puts are dropped too, so one look at `full` in the end tells whether anything is missing. The buffer owns its memory. */
#ifndef IKESCOPE_BASE_BUFFER_H
#define IKESCOPE_BASE_BUFFER_H

#include "base/bytes.h"

struct buffer {
    char *at;
    size_t len, cap, limit;
    bool full;
};

void buffer_init(struct buffer *b, size_t limit); /* limit: octets it may hold at most */
void buffer_clear(struct buffer *b);              /* frees; a zeroed buffer is allowed */
void buffer_reset(struct buffer *b);              /* empties, keeps the memory */
void buffer_put(struct buffer *b, const void *at, size_t len);
void buffer_byte(struct buffer *b, char c);
void buffer_text(struct buffer *b, struct text t);
void buffer_string(struct buffer *b, const char *string);
void buffer_hex(struct buffer *b, struct bytes octets); /* lower case, no separators */
void buffer_format(struct buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* buffer_view is a view of what the buffer holds; it ends with the next put, reset or clear. */
static inline struct text buffer_view(const struct buffer *b)
{
    return (struct text){ b->at, b->len };
}

#endif
