/* What the second stage of a stream does with a meeting that grows without end, and with more of them than it has room for: it
 * says so once, what it tells of the SA is drawn from the lines that had room, and no SA is lost. */
#include "cli/join.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/writer.h"
#include "test.h"

enum { LENGTH = 1 << 12, ROOM = 4 * LIMIT_MEETING };

static void feed(struct join *j, uint64_t spi, uint64_t n, struct text words)
{
    struct buffer b;
    char name[17];
    buffer_init(&b, 1 << 20);
    snprintf(name, sizeof name, "%016llx", (unsigned long long)spi);
    struct sink *sink = sink_buffer(&b);
    struct json_writer w = { .out = sink };
    write_object(&w, NULL);
    write_string(&w, "type", "line");
    write_string(&w, "device", "r1");
    write_string(&w, "spi_i", name);
    write_number(&w, "episode", 0);
    write_number(&w, "n", n);
    write_number(&w, "line", n);
    write_text(&w, "text", words);
    write_end_object(&w);
    sink_close(sink, NULL);
    join_record(j, buffer_view(&b), n, (int64_t)n);
    buffer_clear(&b);
}

/* So many meetings of so many lines beside their first ones. */
static void check_caps(unsigned meetings, uint64_t lines, unsigned of_one, unsigned of_all)
{
    struct buffer told;
    buffer_init(&told, 1 << 24);
    struct sink *sink = sink_buffer(&told);
    struct join *j = join_create((struct join_options){ 10, ROOM, INT64_C(1000000000) }, sink);
    char *words = memory_take(LENGTH);
    memset(words, 'x', LENGTH);
    for (uint64_t m = 1; m <= meetings; m++) {
        char first[200];
        int n = snprintf(first, sizeof first,
                         "*May  1 12:00:00.000: IKEv2:(SESSION ID = 1,SA ID = 1):SM Trace-> SA: I_SPI=%016llX "
                         "R_SPI=FEDCBA9876543210 (I) MsgID = 00000001 CurState: READY Event: EV_I_OK",
                         (unsigned long long)m);
        feed(j, m, 1, text_over(first, (size_t)n));
        for (uint64_t more = 2; more < lines + 2; more++)
            feed(j, m, more, text_over(words, LENGTH));
    }
    join_idle(j, INT64_MAX);
    join_drop(j);
    CHECK(sink_close(sink, NULL));
    memory_free(words);
    struct text rest = buffer_view(&told), line;
    unsigned one = 0, all = 0, sas = 0;
    while (text_cut(&rest, '\n', &line)) {
        one += text_find(line, TEXT("\"type\":\"cap\",\"what\":\"octets of a meeting\"")) != TEXT_NOWHERE;
        all += text_find(line, TEXT("\"type\":\"cap\",\"what\":\"octets of all meetings\"")) != TEXT_NOWHERE;
        sas += text_find(line, TEXT("\"type\":\"sa\"")) != TEXT_NOWHERE;
    }
    CHECK_NUMBER(sas, meetings);
    CHECK_NUMBER(one, of_one);
    CHECK_NUMBER(all, of_all);
    buffer_clear(&told);
}

int main(void)
{
    const unsigned full = LIMIT_MEETING / LENGTH;
    check_caps(1, full + 5, 1, 0);
    check_caps(1, full - 15, 0, 0);
    check_caps(9, full / 2 + 20, 0, 1);
    check_caps(7, full / 2, 0, 0);
    return TEST_REPORT();
}
