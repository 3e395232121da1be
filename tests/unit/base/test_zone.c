#include "base/zone.h"

#include "test.h"

static void check(const char *zone, enum zone_sense sense, int minutes)
{
    int64_t east = 0;
    CHECK_NUMBER(zone_read(text_of(zone), &east), sense);
    CHECK_NUMBER(east / (INT64_C(60) * 1000000000), sense ? minutes : 0);
}

int main(void)
{
    check("UTC", ZONE_DOUBTLESS, 0);
    check("CET", ZONE_DOUBTLESS, 60);
    check("cest", ZONE_DOUBTLESS, 120);
    check("PDT", ZONE_DOUBTLESS, -420);
    check("ACST", ZONE_DOUBTLESS, 570);
    check("EST", ZONE_USUAL, -300);
    check("+02:00", ZONE_DOUBTLESS, 120);
    check("-0330", ZONE_DOUBTLESS, -210);
    check("UTC+5", ZONE_DOUBTLESS, 300);
    /* India's, Israel's, Ireland's; Chicago's and Shanghai's; none */
    check("IST", ZONE_UNKNOWN, 0);
    check("CST", ZONE_UNKNOWN, 0);
    check("", ZONE_UNKNOWN, 0);
    check("UTC+", ZONE_UNKNOWN, 0);
    check("+15:00", ZONE_UNKNOWN, 0);
    check("+02:61", ZONE_UNKNOWN, 0);
    return TEST_REPORT();
}
