#include "base/stamp.h"

#include "test.h"

/* The first and the last time that there are, and the days about a leap day, without their year. */
static void check_yearless(int64_t ns, unsigned month, unsigned day)
{
    const int64_t in_day = (ns % NS_PER_DAY + NS_PER_DAY) % NS_PER_DAY;
    CHECK_NUMBER(stamp_yearless(ns), stamp_days(STAMP_YEAR_UNKNOWN, month, day) * NS_PER_DAY + in_day);
    CHECK_NUMBER(stamp_yearless(stamp_yearless(ns)), stamp_yearless(ns));
}

int main(void)
{
    check_yearless(INT64_MIN, 9, 21); /* 1677 */
    check_yearless(INT64_MAX, 4, 11); /* 2262 */
    check_yearless(0, 1, 1);
    check_yearless(-1, 12, 31);
    check_yearless(stamp_days(2024, 2, 29) * NS_PER_DAY + 7, 2, 29);
    check_yearless(stamp_days(2023, 3, 1) * NS_PER_DAY - 1, 2, 28);
    return TEST_REPORT();
}
