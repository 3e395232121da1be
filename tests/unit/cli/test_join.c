/* What the second stage of a stream does with a meeting that grows without end: it says so once, and what it tells of the SA is
 * drawn from the lines that had room. */
#include "cli/join.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/writer.h"
#include "test.h"

static void feed(struct join *j, uint64_t n, struct text words)
{
    struct buffer b;
    buffer_init(&b, 1 << 20);
    struct sink *sink = sink_buffer(&b);
    struct json_writer w = { .out = sink };
    write_object(&w, NULL);
    write_string(&w, "type", "line");
    write_string(&w, "device", "r1");
    write_string(&w, "spi_i", "0123456789abcdef");
    write_number(&w, "episode", 0);
    write_number(&w, "n", n);
    write_number(&w, "line", n);
    write_text(&w, "text", words);
    write_end_object(&w);
    sink_close(sink, NULL);
    join_record(j, buffer_view(&b), n, (int64_t)n);
    buffer_clear(&b);
}

static unsigned caps_of(uint64_t lines, size_t length)
{
    struct buffer told;
    buffer_init(&told, 1 << 24);
    struct sink *sink = sink_buffer(&told);
    struct join *j = join_create((struct join_options){ 10, INT64_C(1000000000) }, sink);
    char *words = memory_take(length);
    memset(words, 'x', length);
    feed(j, 1,
         TEXT("*May  1 12:00:00.000: IKEv2:(SESSION ID = 1,SA ID = 1):SM Trace-> SA: I_SPI=0123456789ABCDEF "
              "R_SPI=FEDCBA9876543210 (I) MsgID = 00000001 CurState: READY Event: EV_I_OK"));
    for (uint64_t n = 2; n < lines + 2; n++)
        feed(j, n, text_over(words, length));
    join_idle(j, INT64_MAX);
    join_drop(j);
    CHECK(sink_close(sink, NULL));
    memory_free(words);
    struct text rest = buffer_view(&told), line;
    unsigned caps = 0, sas = 0;
    while (text_cut(&rest, '\n', &line)) {
        caps += text_find(line, TEXT("\"type\":\"cap\",\"what\":\"octets of a meeting\"")) != TEXT_NOWHERE;
        sas += text_find(line, TEXT("\"type\":\"sa\"")) != TEXT_NOWHERE;
    }
    CHECK_NUMBER(sas, 1);
    buffer_clear(&told);
    return caps;
}

int main(void)
{
    enum { LENGTH = 1 << 12 };
    CHECK_NUMBER(caps_of(LIMIT_MEETING / LENGTH + 5, LENGTH), 1);
    CHECK_NUMBER(caps_of(LIMIT_MEETING / LENGTH - 5, LENGTH), 0);
    return TEST_REPORT();
}
