/* Octets as records for the second stage of a stream: each line is a record, or, without a brace, a log line of one of two
 * devices in one meeting. Reading it all again after a restart tells nothing new. */
#include <assert.h>

#include "base/writer.h"
#include "cli/join.h"
#include "tests/fuzz/lines_of.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(struct join *j, struct text line, uint32_t *counts, uint64_t offset)
{
    static const char *const devices[] = { "r1", "r2" };
    struct buffer b;
    if (line.len && line.at[0] == '{') {
        join_record(j, line, offset, (int64_t)offset);
        return;
    }
    unsigned which = line.len ? (unsigned)line.at[0] & 1 : 0;
    buffer_init(&b, 1 << 20);
    struct sink *sink = sink_buffer(&b);
    struct json_writer w = { .out = sink };
    write_object(&w, NULL);
    write_string(&w, "type", "line");
    write_string(&w, "device", devices[which]);
    write_string(&w, "spi_i", "0123456789abcdef");
    write_number(&w, "episode", 0);
    write_number(&w, "n", ++counts[which]);
    write_number(&w, "line", counts[which]);
    write_text(&w, "text", text_from(line, line.len > 0));
    write_end_object(&w);
    sink_close(sink, NULL);
    join_record(j, buffer_view(&b), offset, (int64_t)offset);
    buffer_clear(&b);
}

static void run(struct text rest, struct buffer *told, struct buffer *marks, bool again)
{
    struct sink *sink = sink_buffer(told);
    struct join *j = join_create((struct join_options){ 3, 1 << 12, 1 << 14 }, sink);
    uint32_t counts[2] = { 0, 0 };
    uint64_t offset = 0;
    struct text line;
    if (again)
        join_remember(j, buffer_view(marks), 0);
    for (; text_cut(&rest, '\n', &line); offset++)
        take(j, line, counts, offset);
    assert(join_replay(j, offset) <= offset);
    join_idle(j, INT64_MAX);
    buffer_init(marks, 4000);
    (void)join_marks(j, 0, marks);
    join_drop(j);
    sink_close(sink, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 14)
        return 0;
    struct buffer once, twice, marks, more;
    struct text t = { (const char *)data, size };
    buffer_init(&once, 64 << 20);
    buffer_init(&twice, 64 << 20);
    run(t, &once, &marks, false);
    more = marks;
    if (!marks.full) {
        run(t, &twice, &more, true);
        assert(text_find(buffer_view(&twice), TEXT("\"type\":\"sa\"")) == TEXT_NOWHERE);
        buffer_clear(&marks);
    }
    buffer_clear(&more);
    buffer_clear(&once);
    buffer_clear(&twice);
    return 0;
}
