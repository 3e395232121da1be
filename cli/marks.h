/*
 * Marks stand beside an offset that is committed to Kafka, in its metadata. They tell which later lines were dealt with already,
 * so that a reader that begins at the offset passes over these. Each is 12 hexadecimal digits of a name and 9 of how far past the
 * offset.
 */
#ifndef IKESCOPE_CLI_MARKS_H
#define IKESCOPE_CLI_MARKS_H

#include "base/buffer.h"

struct mark {
    uint64_t name, done; /* mark_name(); the offset from which on things are new */
};

uint64_t mark_name(struct text name); /* 48 bits of it */
/* mark_put adds a mark; false when there is no room. Where nothing was done past the offset, none is needed and none is added. */
bool mark_put(struct buffer *into, struct mark mark, uint64_t offset);
/* marks_read appends the marks of a text to *marks, which it grows; the caller frees it with memory_free(). */
void marks_read(struct text t, uint64_t offset, struct mark **marks, size_t *count);

#endif
