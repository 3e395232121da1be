/*
 * A point in time as one observer's clock printed it. A device's clock may have no year, a zone that is only a
 * name, or be an uptime; a stamp keeps what was printed and does not guess.
 */
#ifndef IKESCOPE_BASE_STAMP_H
#define IKESCOPE_BASE_STAMP_H

#include "base/buffer.h"
#include "base/bytes.h"

#define NS_PER_S   INT64_C(1000000000)
#define NS_PER_DAY (86400 * NS_PER_S)

enum stamp_kind {
    STAMP_NONE,   /* nothing was printed */
    STAMP_DATE,   /* date and time of day; ns counts from 1970-01-01T00:00 of the printed clock, zone not applied */
    STAMP_UPTIME, /* ns since the device started */
    STAMP_UTC     /* as STAMP_DATE, and known to be UTC (captures, RFC 5424 with Z) */
};

enum { STAMP_YEAR_LEAST = 1970, STAMP_YEAR_MOST = 2110 }; /* that a clock may show: any of them fits into ns */
enum { STAMP_YEAR_UNKNOWN = 2000 };                       /* the leap year that stands in ns for a year that was not printed */

struct stamp {
    int64_t ns;
    uint8_t kind;   /* enum stamp_kind */
    uint8_t digits; /* of the printed fraction: 0, 3, 6, 9 */
    bool has_year;
    char mark;     /* '*' never synchronised, '.' was synchronised, 0 none */
    char zone[12]; /* as printed, "" none */
};

int64_t stamp_days(int64_t year, unsigned month, unsigned day); /* since 1970-01-01, proleptic Gregorian */
int64_t stamp_in_year(int64_t ns, int64_t year); /* the same day and time; the 29th of February may be the 1st of March */
int64_t stamp_yearless(int64_t ns);              /* the same day and time in STAMP_YEAR_UNKNOWN */
unsigned stamp_month(struct text name);          /* "Jan" … "Dec" to 1 … 12, else 0 */
/* stamp_scan recognises, at the start of a text, every form of time stamp that IOS, IOS-XE, ASA and syslog relays
 * print ("*Nov 11 19:30:34.811", "Nov 30 2024 11:16:54.881 UTC", "2024-06-20T14:03:22.501Z", "2d03h", "00:00:12",
 * "2024/06/20 14:03:22.501123"), and returns how many octets it took, without the ": " behind it, or 0. Of "03/04/2025 14:03:22",
 * of which nobody can tell which number is the month, it takes the octets and leaves STAMP_NONE. */
size_t stamp_scan(struct text t, struct stamp *stamp);
bool stamp_is_date(struct stamp s); /* STAMP_DATE or STAMP_UTC */
/* stamp_print writes YYYY-MM-DDThh:mm:ss.fff, without the year where it is unknown, with Z for STAMP_UTC; at least
 * three digits of fraction. Uptimes are written as seconds with a leading "up". */
void stamp_print(struct stamp s, struct buffer *out);

#endif
