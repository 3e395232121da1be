/* Exports that are one JSON text: whatever shape it has, the events are those of the log alone, and each line counts once. */
#include "parser/document.h"

#include "log.h"

#define T "*Nov 11 19:30:34.811: "

static const char *const log_lines[] = {
    T "IKEv2:Adding Proposal P1 to toolkit policy",
    T "IKEv2:(SA ID = 1):Next payload: SA, version: 2.0 Exchange type: IKE_SA_INIT, flags: INITIATOR Message id: 0, length: 56",
    "Payload contents:",
    " NOTIFY(COOKIE)  Next payload: NONE, reserved: 0x0, length: 28",
    T "IKEv2:Insert SA",
};
enum { LINES = COUNT_OF(log_lines), TEXT_MOST = 16384 };

/* {what stands before, around each line, between them and behind; how many lines that is in all} */
struct form {
    const char *before, *each, *between, *behind;
    uint64_t lines;
};

static const struct form forms[] = {
    { "[", "{\"host\":\"r1\",\"message\":\"%s\"}", ",", "]", 1 },
    { "[\n", "  {\n    \"message\": \"%s\",\n    \"n\": [1, -2.5e3, true, null, {}]\n  }", ",\n", "\n]\n", 2 + 4 * LINES },
    { "", "{\n\"message\": \"%s\"}", "\n", "\n", 2 * LINES }, /* one after the other */
    { "{\"hits\":{\"total\":5,\"hits\":[", "{\"_source\":{\"host\":{\"name\":\"r1\"},\"message\":\"%s\"}}", ",", "]}}\n", 1 },
    { "GET syslog/_search\n\n{\"hits\":{\"hits\":[\n", "{\"_source\":{\n\"host\":{\"name\":\"r1\"},\"message\":\"%s\"}}", ",\n",
      "\n]}}\n", 4 + 2 * LINES },
    { "{\"data\":{\"result\":[{\"stream\":{\"host\":\"r1\"},\"values\":[", "[\"1772532000\",\"%s\"]", ",", "]}]}}\n", 1 },
    { "{\"fields\":[\"_time\",\"host\",\"_raw\"],\"rows\":[", "[\"t\",\"r1\",\"%s\"]", ",", "]}", 1 },
    { "{\"results\":[", "{\"host\":\"r1\",\"x\":\"\\u00e4\\ud83d\\ude00\\n\",\"_raw\":\"%s\"}", ",\n", "]}", LINES },
    { "[", "{\"message\":[\"%s\"]}", ",", "]", 1 },
    { "[", "\"%s\"", ",", "]", 1 },
    /* a message that is an object, whose last words tell the router; names that nobody knows; what programs print */
    { "[", "{\"event\":{\"kind\":\"k\",\"original\":\"%s\"},\"host\":{\"name\":\"r1\"}}", ",", "]", 1 },
    { "[", "{\"insertId\":\"1\",\"textPayload\":\"%s\"}", ",\n", "]", LINES },
    { "{\"changed\":false,\"stdout_lines\":[[", "\"%s\"", ",", "]]}", 1 },
    { "{\"msg\":[", "\"%s\"", ",", "]}", 1 },
    { "{\"r1\":{\"show logging\":\"", "%s", "\\n", "\",\"rc\":0}}\n", 1 },
    { "[", "'%s'", ", ", "]\n", 1 },
    { "{'r1': {'failed': False, 'result': '", "%s", "\\n", "\\x20\\n'}}", 1 },
};

static size_t write_form(const struct form *f, char *text)
{
    size_t n = (size_t)snprintf(text, TEXT_MOST, "%s", f->before);
    for (unsigned i = 0; i < LINES; i++) {
        const char *at = strstr(f->each, "%s");
        n += (size_t)snprintf(text + n, TEXT_MOST - n, "%s%.*s%s%s", i ? f->between : "", (int)(at - f->each), f->each,
                              log_lines[i], at + 2);
    }
    return n + (size_t)snprintf(text + n, TEXT_MOST - n, "%s", f->behind);
}

static uint64_t counted(const struct log *l)
{
    uint64_t sum = 0;
    for (unsigned c = 0; c < LINE_CLASS_COUNT; c++)
        sum += log_input(l)->lines[c];
    return sum;
}

static struct log *plain(void)
{
    char text[TEXT_MOST];
    size_t n = 0;
    for (unsigned i = 0; i < LINES; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s\n", log_lines[i]);
    return log_of(text);
}

static void all_forms(void)
{
    static char text[TEXT_MOST];
    struct log *want = plain();
    CHECK_NUMBER(want->count, 3);
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        size_t len = write_form(&forms[i], text);
        static const size_t pieces[] = { 1, 7, TEXT_MOST };
        for (size_t p = 0; p < COUNT_OF(pieces); p++) {
            struct log *l = log_read(text, len, pieces[p], "export.json");
            if (l->count != want->count)
                printf("form %zu, in pieces of %zu: %s\n", i, pieces[p], text);
            CHECK_NUMBER(l->count, want->count);
            CHECK_NUMBER(counted(l), forms[i].lines);
            CHECK_NUMBER(log_input(l)->line_total, forms[i].lines);
            CHECK_NUMBER(log_input(l)->lines[LINE_UNPARSED], 0);
            CHECK(!log_input(l)->troubles);
            for (size_t e = 0; e < l->count && e < want->count; e++)
                CHECK(strcmp(l->seen[e].text, want->seen[e].text) == 0);
            log_free(l);
        }
    }
    log_free(want);
}

/* A journal's octets, a text cut in its middle, and a log that stands behind an array. */
static void odd_ones(void)
{
    struct log *l = log_of("[{\"MESSAGE\":[42,78,111,118,32,32,49,32,48,48,58,48,48,58,48,48,58,32,73,75,69,118,50,58,73,110,"
                           "115,101,114,116,32,83,65]}]");
    CHECK_NUMBER(l->count, 1);
    CHECK(strcmp(l->seen[0].text, "Insert SA") == 0);
    log_free(l);
    l = log_of("[{\"message\":\"" T "IKEv2:Insert SA\"},{\"mess");
    CHECK_NUMBER(l->count, 1);
    CHECK(log_input(l)->troubles && strcmp(log_input(l)->troubles->rule, "input-truncated") == 0);
    log_free(l);
    l = log_of("[{\"message\":\"" T "IKEv2:Insert SA\"}]\n\n" T "IKEv2:Deleting SA\nmore\n");
    CHECK_NUMBER(l->count, 2);
    CHECK_NUMBER(l->seen[1].line, 3);
    CHECK_NUMBER(log_input(l)->line_total, 4);
    CHECK_NUMBER(counted(l), 4);
    log_free(l);
}

/* A collector's time may be a number, as in an export of lines; a date beside it is better. */
static void times(void)
{
#define UP "%CRYPTO-5-IKEV2_SESSION_STATUS: Crypto tunnel v2 is UP.  Peer 10.0.0.2:500       Id: 10.0.0.2"
    static const char *const texts[] = {
        "[\n{\"ts\": 1718892202.5, \"message\": \"" UP "\"}\n]",
        "[\n{\"ts\": \"1718892202500\", \"message\": \"" UP "\"}\n]",
        "[\n{\"event\": {\"original\": \"" UP "\", \"epoch\": 1}, \"ts\": 1718892202500\n}\n]",
        "[\n{\"epoch\": 1700000000, \"time\": \"2024-06-20T14:03:22.500Z\", \"message\": \"" UP "\"}\n]",
        "{\"data\":{\"result\":[{\"stream\":{\"host\":\"r1\"},\"values\":[[\"1718892202500000000\",\"" UP "\"]]}]}}",
        "{\"results\":[{\"series\":[{\"values\":[[1718892202500,\"" UP "\"]]}]}]}",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct log *l = log_of(texts[i]);
        CHECK_NUMBER(l->count, 1);
        CHECK_NUMBER(l->seen[0].time.ns, INT64_C(1718892202500000000));
        log_free(l);
    }
}

static void none(void)
{
    static const char *const texts[] = { "",
                                         "[2026-03-03 10:00:00] " T "IKEv2:Insert SA",
                                         "[]",
                                         "{}",
                                         "[\"no log\"]",
                                         "{\"message\":\"no log\"}",
                                         "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[" };
    struct document_shape shape;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        CHECK(!document_detect(text_of(texts[i]), &shape));
}

int main(void)
{
    all_forms();
    odd_ones();
    times();
    none();
    return TEST_REPORT();
}
