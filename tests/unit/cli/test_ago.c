/* Times counted from now. */
#include "cli/ago.h"

#include "test.h"

#define S   INT64_C(1000000000)
#define DAY (86400 * S)

static void is(const char *text, int64_t want)
{
    int64_t ns = -1;
    CHECK(ago_read(text_of(text), 10 * DAY + 3600 * S, &ns));
    CHECK(ns == want);
}

static void none(const char *text)
{
    int64_t ns;
    CHECK(!ago_read(text_of(text), 10 * DAY, &ns));
}

int main(void)
{
    const int64_t now = 10 * DAY + 3600 * S;
    is("now", now);
    is("-15m", now - 900 * S);
    is("-15 min", now - 900 * S);
    is("-1h 30min", now - 5400 * S);
    is("-1h30m", now - 5400 * S);
    is("+10s", now + 10 * S);
    is("2 days ago", now - 2 * DAY);
    is("1w ago", now - 7 * DAY);
    is("today", 10 * DAY);
    is("yesterday", 9 * DAY);
    is("tomorrow", 11 * DAY);
    static const char *const nothing[] = { "",     "-",    "-15",        "-m",   "15m",   "ago",
                                           " ago", "-15x", "-99999999h", "--5m", "10:00", "soon" };
    for (size_t i = 0; i < COUNT_OF(nothing); i++)
        none(nothing[i]);
    CHECK(ago_now() > 18262 * DAY); /* 2020 */
    return TEST_REPORT();
}
