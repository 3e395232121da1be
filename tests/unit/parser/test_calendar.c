/* Stamps that print no year, brought into one: which year each line of a log is of. */
#include "parser/calendar.h"
#include "test.h"

struct row {
    const char *printed, *placed; /* placed: with its year, whether it is told or not */
};

static void log_of(int given, const struct row *rows)
{
    struct calendar c = { 0 };
    for (const struct row *r = rows; r->printed; r++) {
        struct stamp s;
        CHECK_NUMBER(stamp_scan(text_of(r->printed), &s), strlen(r->printed));
        const bool had_year = s.has_year;
        calendar_place(&c, given, &s);
        CHECK(s.has_year == (had_year || given));
        s.has_year = true;
        struct buffer b;
        buffer_init(&b, 100);
        stamp_print(s, &b);
        const struct text placed = buffer_view(&b);
        if (!text_equal(placed, text_of(r->placed)))
            fprintf(stderr, "%s, %d: '%.*s'\n", r->printed, given, TEXT_ARGS(placed));
        CHECK(text_equal(placed, text_of(r->placed)));
        buffer_clear(&b);
    }
}

int main(void)
{
    log_of(0, (const struct row[]){ { "Mar  3 10:00:00.120", "2000-03-03T10:00:00.120" },
                                    { "Nov  3 10:00:00.120", "2000-11-03T10:00:00.120" },
                                    { "Mar  1 00:00:12.000", "2000-03-01T00:00:12.000" }, /* it began anew */
                                    { NULL, NULL } });
    log_of(0, (const struct row[]){ { "Dec 31 23:59:59.990", "2000-12-31T23:59:59.990" },
                                    { "Jan  1 00:00:00.000", "2001-01-01T00:00:00.000" },
                                    { "Dec 31 23:59:59.995", "2000-12-31T23:59:59.995" }, /* a relay brought it late */
                                    { "Jan  1 00:00:00.010", "2001-01-01T00:00:00.010" },
                                    { "Mar  1 00:00:00.000", "2001-03-01T00:00:00.000" },
                                    { "Nov 30 00:00:00.000", "2001-11-30T00:00:00.000" },
                                    { "Jan  2 00:00:00.000", "2002-01-02T00:00:00.000" },
                                    { NULL, NULL } });
    log_of(0, (const struct row[]){ { "Dec 31 23:59:59.000", "2000-12-31T23:59:59.000" }, /* and one did so on the last day */
                                    { "Mar  1 00:00:12.000", "2000-03-01T00:00:12.000" },
                                    { NULL, NULL } });
    log_of(0, (const struct row[]){ { "Jan  1 00:00:00.000", "2000-01-01T00:00:00.000" },
                                    { "Dec 31 00:00:00.000", "2000-12-31T00:00:00.000" },
                                    { NULL, NULL } });
    log_of(2023, (const struct row[]){ { "Dec 31 23:59:59.990", "2023-12-31T23:59:59.990" },
                                       { "Jan  1 00:00:00.000", "2024-01-01T00:00:00.000" },
                                       { "Feb 29 12:00:00.000", "2024-02-29T12:00:00.000" },
                                       { "Mar  3 2026 10:00:00.000", "2026-03-03T10:00:00.000" },
                                       { "Mar  1 12:00:00.000", "2024-03-01T12:00:00.000" },
                                       { NULL, NULL } });
    log_of(2025, (const struct row[]){ { "Feb 28 23:59:59.000", "2025-02-28T23:59:59.000" },
                                       { "Mar  1 00:00:00.000", "2025-03-01T00:00:00.000" },
                                       { NULL, NULL } });
    return TEST_REPORT();
}
