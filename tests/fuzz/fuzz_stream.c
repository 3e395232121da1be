/* Lines of a mixed feed (syslog hosts, JSON, bare), small caps: reading the same twice writes the same, every line is
 * counted once, and a reader that begins again where the first one had to tells of no other devices. */
#include <assert.h>

#include "base/json.h"
#include "cli/stream.h"
#include "summary.h"
#include "tests/fuzz/lines_of.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 64 << 20 };

static const struct stream_options options = {
    .max_devices = 3, .max_sas = 8, .timeout_ns = 2000000000, .own_time = true, .lines = true
};

struct reading {
    int64_t total;
    uint64_t replay;
    struct buffer marks;
};

/* The clock goes on by what the line's first octet says: pauses are part of what is tried. */
static void feed(struct text rest, uint64_t from, const struct reading *before, struct buffer *told, struct reading *got)
{
    struct sink *sink = sink_buffer(told);
    struct stream *s = stream_create(options, sink);
    if (before)
        stream_remember(s, buffer_view(&before->marks), before->replay);
    int64_t now = 0;
    uint64_t offset = 0;
    struct text line;
    while (text_cut(&rest, '\n', &line)) {
        now += line.len ? (int64_t)(uint8_t)line.at[0] * 10000000 : 0;
        if (offset >= from)
            stream_line(s, line, (struct text){ NULL, 0 }, offset, now);
        offset += line.len + 1;
        if (!(offset & 7))
            stream_idle(s, now);
    }
    got->replay = stream_replay(s, offset);
    buffer_init(&got->marks, 4000);
    if (!stream_marks(s, got->replay, &got->marks))
        buffer_reset(&got->marks);
    stream_end(&s, 1, false);
    got->total = summary_lines(buffer_view(told));
    stream_destroy(s);
    sink_abandon(sink);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 15)
        return 0;
    struct text t = { (const char *)data, size };
    struct reading first, second, third;
    struct buffer a, b, c;
    buffer_init(&a, ROOM);
    buffer_init(&b, ROOM);
    buffer_init(&c, ROOM);
    feed(t, 0, NULL, &a, &first);
    feed(t, 0, NULL, &b, &second);
    assert(a.len == b.len && (!a.len || memcmp(a.at, b.at, a.len) == 0));
    assert(first.total == second.total);
    feed(t, first.replay, &first, &c, &third);
    assert(third.total <= first.total);
    for (struct text rest = buffer_view(&a), line; text_cut(&rest, '\n', &line);) {
        struct json *j = line.len ? json_read(line, NULL) : NULL;
        assert(!line.len || json_kind(j) == JSON_OBJECT);
        json_free(j);
    }
    buffer_clear(&first.marks);
    buffer_clear(&second.marks);
    buffer_clear(&third.marks);
    buffer_clear(&a);
    buffer_clear(&b);
    buffer_clear(&c);
    return 0;
}
