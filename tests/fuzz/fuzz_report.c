/* A log, or with a first octet that says so a text of a forced kind, through parser, analysis and every format of report and
 * check. What people's terminals get holds no control but line ends, whatever the log held. */
#include <assert.h>

#include "analysis/analysis.h"
#include "parser/parser.h"
#include "reporters/reporter.h"
#include "tests/fuzz/lines_of.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 64 << 20 };

static void fit_for_a_terminal(struct text t)
{
    for (size_t i = 0; i < t.len; i++) {
        uint8_t c = (uint8_t)t.at[i];
        assert(c >= 0x20 || c == '\n' || c == '\t');
        assert(c != 0x7f);
        assert(c != 0xc2 || i + 1 == t.len || (uint8_t)t.at[i + 1] >= 0xa0); /* C1 in UTF-8 */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 1 << 15)
        return 0;
    const enum input_kind forced = data[0] < 32 ? (enum input_kind)(data[0] % INPUT_CAPTURE) : INPUT_UNKNOWN;
    const size_t skip = data[0] < 32;
    struct model *m = model_create();
    m->options = (struct options){ .keep_events = true,
                                   .keep_payloads = true,
                                   .keep_transitions = true,
                                   .show_unparsed = true,
                                   .since_ns = TIME_UNKNOWN,
                                   .until_ns = TIME_UNKNOWN };
    uint32_t input = model_add_input(m, TEXT("fuzz.log"), TEXT("fuzz.log"))->index;
    struct analysis *a = analysis_create(m);
    analysis_begin_input(a, input);
    struct parser *p = parser_create(m, input, forced, analysis_taker(a));
    parser_feed(p, bytes_over(data + skip, size - skip));
    parser_finish(p);
    parser_destroy(p);
    analysis_end_input(a, input);
    analysis_finish(a);
    analysis_destroy(a);
    const struct view_options view = { .events = true, .show_unparsed = true, .version = "0", .width = 100 };
    for (size_t i = 0; i < reporter_count; i++) {
        struct buffer told;
        buffer_init(&told, ROOM);
        struct sink *sink = sink_buffer(&told);
        reporters[i]->write(m, &view, sink);
        sink_flush(sink);
        fit_for_a_terminal(buffer_view(&told));
        sink_abandon(sink);
        buffer_clear(&told);
    }
    model_destroy(m);
    return 0;
}
