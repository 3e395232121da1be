#include "base/stamp.h"

#include "test.h"

/* The first and the last time that there are, and the days about a leap day, without their year. */
static void check_yearless(int64_t ns, unsigned month, unsigned day)
{
    const int64_t in_day = (ns % NS_PER_DAY + NS_PER_DAY) % NS_PER_DAY;
    CHECK_NUMBER(stamp_yearless(ns), stamp_days(STAMP_YEAR_UNKNOWN, month, day) * NS_PER_DAY + in_day);
    CHECK_NUMBER(stamp_yearless(stamp_yearless(ns)), stamp_yearless(ns));
}

/* A date in numbers with its year last: which of them is the day, 0: it cannot be told. */
static void check_numbers(const char *text, size_t taken, unsigned month, unsigned day)
{
    struct stamp s;
    CHECK_NUMBER(stamp_scan(text_of(text), &s), taken);
    CHECK_NUMBER(stamp_is_date(s), day != 0);
    if (day)
        CHECK_NUMBER(s.ns, stamp_days(2025, month, day) * NS_PER_DAY + (22 * 3600 + 2 * 60 + 11) * NS_PER_S);
}

int main(void)
{
    check_numbers("3/14/2025 10:02:11 PM x", 21, 3, 14);
    check_numbers("3/4/2025, 10:02:11 PM", 21, 3, 4);
    check_numbers("3/4/2025 10:02:11 pm", 20, 4, 3);
    check_numbers("14/03/2025 22:02:11", 19, 3, 14);
    check_numbers("03/14/2025 22:02:11", 19, 3, 14);
    check_numbers("3/3/2025 22:02:11", 17, 3, 3);
    check_numbers("03.04.2025 22:02:11", 19, 4, 3);
    check_numbers("03/04/2025 22:02:11 x", 19, 0, 0);
    check_numbers("14 Mar 2025 22:02:11", 20, 3, 14);
    check_numbers("14-Mar-2025 22:02:11 x", 20, 3, 14);
    check_numbers("14/Mar/2025:23:02:11 +0100 x", 26, 3, 14);
    check_numbers("Fri Mar 14 22:02:11 2025] x", 24, 3, 14);
    check_numbers("Fri Mar 14 22:02:11 CEST 2025 x", 29, 3, 14);
    check_numbers("2025-03-14 22:02:11,1", 19, 3, 14);
    check_numbers("2025-03-14 22:02:11,000 x", 23, 3, 14);
    check_numbers("14/14/2025 22:02:11", 0, 0, 0);
    check_numbers("10.1.1.1 22:02:11", 0, 0, 0);
    check_yearless(INT64_MIN, 9, 21); /* 1677 */
    check_yearless(INT64_MAX, 4, 11); /* 2262 */
    check_yearless(0, 1, 1);
    check_yearless(-1, 12, 31);
    check_yearless(stamp_days(2024, 2, 29) * NS_PER_DAY + 7, 2, 29);
    check_yearless(stamp_days(2023, 3, 1) * NS_PER_DAY - 1, 2, 28);
    return TEST_REPORT();
}
