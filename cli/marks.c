#include "cli/marks.h"

#include "base/arena.h"
#include "base/map.h"

enum { MARK_NAME = 12, MARK_DONE = 9 };

uint64_t mark_name(struct text name)
{
    return hash_lasting(bytes_of_text(name)) >> 16;
}

bool mark_put(struct buffer *into, struct mark mark, uint64_t offset)
{
    if (mark.done <= offset)
        return true;
    buffer_format(into, "%0*llx%0*llx", MARK_NAME, (unsigned long long)mark.name, MARK_DONE,
                  (unsigned long long)(mark.done - offset));
    return mark.done - offset < UINT64_C(1) << (4 * MARK_DONE) && !into->full;
}

void marks_read(struct text t, uint64_t offset, struct mark **marks, size_t *count)
{
    size_t more = t.len / (MARK_NAME + MARK_DONE);
    *marks = memory_grow(*marks, (*count + more + 1) * sizeof **marks);
    for (size_t i = 0; i < more; i++) {
        struct text one = text_from(t, i * (MARK_NAME + MARK_DONE));
        struct mark m;
        if (!text_number(text_upto(one, MARK_NAME), 16, &m.name) ||
            !text_number(text_upto(text_from(one, MARK_NAME), MARK_DONE), 16, &m.done))
            return;
        m.done += offset;
        (*marks)[(*count)++] = m;
    }
}
