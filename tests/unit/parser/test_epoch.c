/* A number for a time: which numbers are one, and where collectors put them. `date -u -d @1780000000` says 2026-05-28 20:26:40. */
#include "log.h"
#include "parser/epoch.h"

static void dates(void)
{
    static const struct {
        const char *number, *date; /* NULL: it is none */
    } rows[] = {
        { "1780000000", "2026-05-28T20:26:40.000Z" },
        { " 1780000000 ", "2026-05-28T20:26:40.000Z" },
        { "1780000000.5", "2026-05-28T20:26:40.500Z" },
        { "1780000000.000001", "2026-05-28T20:26:40.000001Z" },
        { "1780000000123", "2026-05-28T20:26:40.123Z" },
        { "1780000000123456", "2026-05-28T20:26:40.123456Z" },
        { "1780000000123456789", "2026-05-28T20:26:40.123456789Z" },
        { "1000000000", "2001-09-09T01:46:40.000Z" },
        { "4102444800", "2100-01-01T00:00:00.000Z" },
        { "999999999", NULL },
        { "0999999999", NULL },
        { "4102444801", NULL },
        { "17800000001", NULL },
        { "178000000012", NULL },
        { "1780000000.", NULL },
        { "1780000000.1234567890", NULL },
        { "1780000000123.5", NULL },
        { "178000000x", NULL },
        { "-1780000000", NULL },
        { "17800000001234567890", NULL },
        { "", NULL },
    };
    struct arena *arena = arena_create();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct text date = epoch_date(text_of(rows[i].number), arena);
        const bool right = rows[i].date ? text_equal(date, text_of(rows[i].date)) : !date.at;
        if (!right)
            fprintf(stderr, "%s: '%.*s'\n", rows[i].number, TEXT_ARGS(date));
        CHECK(right);
    }
    arena_destroy(arena);
}

/* The lines have no time of their own, and the export's is a number. */
static void exports(void)
{
#define B "IKEv2:(SESSION ID = 1,SA ID = 1):"
    static const char *const logs[] = {
        "{\"time\":1780000000.5,\"host\":\"r1\",\"event\":\"" B
        "Insert SA\"}\n{\"time\":1780000001,\"host\":\"r1\",\"event\":\"" B "Deleting SA\"}\n",
        "{\"ts\":\"1780000000500000000\",\"line\":\"" B "Insert SA\"}\n{\"ts\":\"1780000001000000000\",\"line\":\"" B
        "Deleting SA\"}\n",
        "epoch,host,message\n1780000000.5,r1,\"" B "Insert SA\"\n1780000001,r1,\"" B "Deleting SA\"\n",
        "CEF:0|Cisco|IOS|17|1|x|5|rt=1780000000500 dvchost=r1 msg=" B "Insert SA\nCEF:0|Cisco|IOS|17|1|x|5|rt=1780000001000 "
        "dvchost=r1 msg=" B "Deleting SA\n",
    };
    for (size_t i = 0; i < COUNT_OF(logs); i++) {
        struct log *l = log_of(logs[i]);
        CHECK_NUMBER(l->count, 2);
        CHECK_NUMBER(l->seen[0].time.kind, STAMP_UTC);
        CHECK_NUMBER(l->seen[0].time.ns, INT64_C(1780000000500000000));
        CHECK_NUMBER(l->seen[1].time.ns, INT64_C(1780000001000000000));
        log_free(l);
    }
    /* its own time counts, and a number in a column that nobody calls a time is none */
    struct log *l = log_of("{\"time\":1780000000,\"event\":\"*Nov 11 19:30:34.811: " B "Insert SA\"}\n");
    CHECK(l->count == 1 && l->seen[0].time.kind == STAMP_DATE && !l->seen[0].time.has_year);
    log_free(l);
    l = log_of("id,host,message\n1780000000,r1,\"" B "Insert SA\"\n1780000001,r1,\"" B "Deleting SA\"\n");
    CHECK(l->count == 2 && l->seen[0].time.kind == STAMP_NONE);
    log_free(l);
}

int main(void)
{
    dates();
    exports();
    return TEST_REPORT();
}
