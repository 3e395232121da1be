/* Lines through redaction. What was learned and replaced once is not there afterwards as an address of its own. */
#include <assert.h>

#include "base/arena.h"
#include "model/redact_dump.h"
#include "tests/fuzz/lines_of.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 15)
        return 0;
    struct arena *arena = arena_create();
    struct redactor r;
    struct buffer out;
    struct text t = { (const char *)data, size }, line;
    redactor_init(&r, arena);
    buffer_init(&out, 8 << 20);
    struct redact_dump dump = { .r = &r, .width = redact_width(t) };
    for (struct text rest = t; text_cut(&rest, '\n', &line);) {
        redact_collect(&r, arena_text(arena, line));
        redact_dump_learn(&dump, arena_text(arena, line));
    }
    redact_dump_end(&dump);
    for (struct text rest = t, next; text_cut(&rest, '\n', &line);) {
        struct redacted_cut cut;
        struct text after = rest;
        buffer_reset(&out);
        if (!redact_dump_line(&dump, arena_text(arena, line), &out))
            redact_line(&r, arena_text(arena, line), &out);
        if (text_cut(&after, '\n', &next) && redact_cut(&r, dump.width, line, next, &cut))
            assert(cut.tail <= line.len && cut.head <= next.len);
        assert(text_find_byte(buffer_view(&out), '\n') == TEXT_NOWHERE);
    }
    buffer_clear(&out);
    redactor_clear(&r);
    arena_destroy(arena);
    return 0;
}
