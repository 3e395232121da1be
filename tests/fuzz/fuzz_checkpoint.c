/* Octets as a checkpoint, and as the marks that stand in a commit: whatever they say, a stream that begins with them takes
 * lines, and counts no more of them than there were. */
#include <assert.h>

#include "cli/checkpoint.h"
#include "summary.h"
#include "tests/fuzz/lines_of.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run_from(const struct checkpoint *c, struct text marks)
{
    static const struct stream_options options = { .max_devices = 4, .max_sas = 8, .timeout_ns = 1000000000 };
    static const char *const devices[] = { "r1", "r2", "unknown" };
    struct buffer told;
    buffer_init(&told, 1 << 20);
    struct sink *sink = sink_buffer(&told);
    struct stream *s = stream_create(options, sink);
    struct follow_place place;
    uint64_t at = checkpoint_place(c, "a.log", &place) ? place.replay : 0;
    assert(!at || (place.count && place.files[place.count - 1].base <= place.position));
    checkpoint_resume(c, "a.log", s);
    stream_remember(s, marks, at);
    for (unsigned n = 0; n < 12; n++)
        stream_line(s, TEXT("*Mar  3 10:00:00.120: IKEv2:(SESSION ID = 1,SA ID = 1):Failed to do it"), text_of(devices[n % 3]),
                    at + n * 60, (int64_t)n);
    stream_end(&s, 1, false);
    assert(summary_lines(buffer_view(&told)) <= 12);
    stream_destroy(s);
    sink_abandon(sink);
    buffer_clear(&told);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 15)
        return 0;
    struct error err = { 0 };
    struct text t = { (const char *)data, size };
    struct checkpoint *c = checkpoint_read(t, &err);
    assert(c || err.kind);
    run_from(c, c ? TEXT("") : t);
    checkpoint_free(c);
    return 0;
}
