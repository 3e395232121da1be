/* A log, or with a first octet that says so a text of a forced kind, through parser, analysis and every format of report and
 * check. What people's terminals get holds no control but line ends, whatever the log held; a report's JSON can be read. */
#include <assert.h>

#include "analysis/analysis.h"
#include "cli/checking.h"
#include "parser/parser.h"
#include "reporters/check_format.h"
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

/* What write makes, until it is cleared. */
static void begin(struct buffer *told, struct sink **sink)
{
    buffer_init(told, ROOM);
    *sink = sink_buffer(told);
}

static void end(struct buffer *told, struct sink *sink)
{
    sink_flush(sink);
    fit_for_a_terminal(buffer_view(told));
    sink_abandon(sink);
}

static void report_all(const struct model *m, struct buffer *ladder)
{
    const struct view_options view = { .events = true, .show_unparsed = true, .version = "0", .width = 100 };
    for (size_t i = 0; i < reporter_count; i++) {
        struct buffer told;
        struct sink *sink;
        begin(&told, &sink);
        reporters[i]->write(m, &view, sink);
        end(&told, sink);
        if (text_equal(text_of(reporters[i]->name), TEXT("mermaid")))
            *ladder = told;
        else
            buffer_clear(&told);
    }
}

static void check_all(const struct model *m, struct text ladder)
{
    struct arena *arena = arena_create();
    struct check c = { .fail_on = SEVERITY_ERROR, .model = m };
    const struct check_view view = { .version = "0", .color = false, .ladder = ladder };
    struct rule_file none;
    struct report indexed = { 0 };
    struct json *report = report_json(m, NULL);
    assert(report);
    rulefile_init(&none, arena);
    report_index(&indexed, report, arena);
    checking_judge(&c, &none, &indexed, arena);
    checking_conclude(&c, &none, &indexed, NULL, arena);
    for (size_t i = 0; i < check_format_count; i++) {
        struct buffer told;
        struct sink *sink;
        begin(&told, &sink);
        check_formats[i]->write(&c, &view, sink);
        end(&told, sink);
        buffer_clear(&told);
    }
    report_forget(&indexed);
    json_free(report);
    arena_destroy(arena);
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
    struct buffer ladder = { 0 };
    report_all(m, &ladder);
    check_all(m, buffer_view(&ladder));
    buffer_clear(&ladder);
    model_destroy(m);
    return 0;
}
