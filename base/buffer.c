#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/arena.h"

void buffer_init(struct buffer *b, size_t limit)
{
    *b = (struct buffer){ .limit = limit };
}

void buffer_clear(struct buffer *b)
{
    memory_free(b->at);
    *b = (struct buffer){ .limit = b->limit };
}

void buffer_reset(struct buffer *b)
{
    b->len = 0;
    b->full = false;
}

static bool reserve(struct buffer *b, size_t more)
{
    if (b->full || more > b->limit || b->len > b->limit - more) {
        b->full = true;
        return false;
    }
    if (b->cap - b->len >= more)
        return true;
    size_t cap = b->cap ? b->cap * 2 : 256;
    while (cap < b->len + more)
        cap *= 2;
    b->at = memory_grow(b->at, cap);
    b->cap = cap;
    return true;
}

void buffer_put(struct buffer *b, const void *at, size_t len)
{
    if (len == 0 || !reserve(b, len))
        return;
    memcpy(b->at + b->len, at, len);
    b->len += len;
}

void buffer_byte(struct buffer *b, char c)
{
    buffer_put(b, &c, 1);
}

void buffer_text(struct buffer *b, struct text t)
{
    buffer_put(b, t.at, t.len);
}

void buffer_string(struct buffer *b, const char *string)
{
    buffer_text(b, text_of(string));
}

void buffer_hex(struct buffer *b, struct bytes octets)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < octets.len; i++) {
        buffer_byte(b, digits[octets.at[i] >> 4]);
        buffer_byte(b, digits[octets.at[i] & 15]);
    }
}

void buffer_format(struct buffer *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n > 0 && reserve(b, (size_t)n + 1)) {
        vsnprintf(b->at + b->len, (size_t)n + 1, format, again);
        b->len += (size_t)n;
    }
    va_end(again);
}
