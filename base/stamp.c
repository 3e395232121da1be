#include "base/stamp.h"

#include <stdio.h>

/* No device prints a year beyond these, and what lies between two of them fits 63 bits of nanoseconds twice. */
enum { UPTIME_YEARS = 100, ZONE_LETTERS = 5 };

int64_t stamp_days(int64_t year, unsigned month, unsigned day)
{
    /* Days from civil: March-based years make the leap day the last one. */
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

static void civil(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *day = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
    *month = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
    *year = yoe + era * 400 + (*month <= 2);
}

int64_t stamp_in_year(int64_t ns, int64_t into)
{
    const int64_t in_day = (ns % NS_PER_DAY + NS_PER_DAY) % NS_PER_DAY;
    int64_t year;
    unsigned month, day;
    civil(ns / NS_PER_DAY - (ns % NS_PER_DAY < 0), &year, &month, &day);
    return stamp_days(into, month, day) * NS_PER_DAY + in_day;
}

int64_t stamp_yearless(int64_t ns)
{
    return stamp_in_year(ns, STAMP_YEAR_UNKNOWN);
}

#define THREE(a, b, c) ((uint32_t)(unsigned char)(a) | (uint32_t)(unsigned char)(b) << 8 | (uint32_t)(unsigned char)(c) << 16)

unsigned stamp_month(struct text name)
{
    static const uint32_t months[] = { THREE('J', 'a', 'n'), THREE('F', 'e', 'b'), THREE('M', 'a', 'r'), THREE('A', 'p', 'r'),
                                       THREE('M', 'a', 'y'), THREE('J', 'u', 'n'), THREE('J', 'u', 'l'), THREE('A', 'u', 'g'),
                                       THREE('S', 'e', 'p'), THREE('O', 'c', 't'), THREE('N', 'o', 'v'), THREE('D', 'e', 'c') };
    if (name.len < 3)
        return 0;
    uint32_t key = THREE(name.at[0], name.at[1], name.at[2]);
    for (unsigned i = 0; i < 12; i++)
        if (months[i] == key)
            return i + 1;
    return 0;
}

/* A reader over the text that remembers failure, like the cursor, but for characters. */
struct scan {
    struct text left;
    bool failed;
};

static unsigned number(struct scan *s, size_t least, size_t most, unsigned max)
{
    uint64_t v = 0;
    size_t n = text_digits(text_upto(s->left, most), 10, &v);
    if (s->failed || n < least || v > max) {
        s->failed = true;
        return 0;
    }
    s->left = text_from(s->left, n);
    return (unsigned)v;
}

static bool accept(struct scan *s, char c)
{
    if (s->failed || s->left.len == 0 || s->left.at[0] != c)
        return false;
    s->left = text_from(s->left, 1);
    return true;
}

static void expect(struct scan *s, char c)
{
    if (!accept(s, c))
        s->failed = true;
}

static void fraction(struct scan *s, struct stamp *out)
{
    if (s->left.len < 2 || s->left.at[0] != '.' || s->left.at[1] < '0' || s->left.at[1] > '9')
        return;
    uint64_t v = 0;
    size_t n = text_digits(text_upto(text_from(s->left, 1), 9), 10, &v);
    s->left = text_from(s->left, n + 1);
    out->digits = (uint8_t)n;
    for (; n < 9; n++)
        v *= 10;
    out->ns += (int64_t)v;
}

/* ",123", as programs' own logs have it: of three digits, or it is the next column. */
static void comma_fraction(struct scan *s, struct stamp *out)
{
    uint64_t v;
    if (s->failed || s->left.len < 4 || s->left.at[0] != ',' || text_digits(text_upto(text_from(s->left, 1), 4), 10, &v) != 3)
        return;
    s->left = text_from(s->left, 4);
    out->digits = 3;
    out->ns += (int64_t)v * INT64_C(1000000);
}

static void clock_time(struct scan *s, struct stamp *out)
{
    unsigned h = number(s, 1, 2, 24);
    expect(s, ':');
    unsigned m = number(s, 2, 2, 59);
    expect(s, ':');
    unsigned sec = number(s, 2, 2, 60);
    out->ns += (int64_t)(h * 3600 + m * 60 + sec) * NS_PER_S;
    if (!s->failed)
        fraction(s, out);
}

/* " AM", or "am", behind a clock of twelve hours: .ns is what the clock said so far. */
static void half_day(struct scan *s, struct stamp *out)
{
    if (s->failed || s->left.len < 3 || s->left.at[0] != ' ' || (s->left.at[2] != 'M' && s->left.at[2] != 'm') ||
        (s->left.len > 3 && text_is_letter(s->left.at[3])))
        return;
    const bool am = s->left.at[1] == 'A' || s->left.at[1] == 'a', pm = s->left.at[1] == 'P' || s->left.at[1] == 'p';
    const int64_t hour = out->ns / (3600 * NS_PER_S);
    if ((!am && !pm) || hour < 1 || hour > 12)
        return;
    out->ns += ((pm ? 12 : 0) - (hour == 12 ? 12 : 0)) * 3600 * NS_PER_S;
    s->left = text_from(s->left, 3);
}

static void zone(struct scan *s, struct stamp *out)
{
    /* " UTC", " GMT", " CEST", " UTC+5": two to five letters and an offset; must be followed by ':' or the end, or
     * it is the first word of a message. */
    if (s->left.len < 3 || s->left.at[0] != ' ')
        return;
    size_t n = 1;
    while (n < s->left.len && n < sizeof out->zone - 1 &&
           ((s->left.at[n] >= 'A' && s->left.at[n] <= 'Z') || (n > 2 && strchr("+-0123456789", s->left.at[n]))))
        n++;
    if (n < 3 || n > 10 || (n < s->left.len && s->left.at[n] != ':'))
        return;
    memcpy(out->zone, s->left.at + 1, n - 1);
    out->zone[n - 1] = 0;
    s->left = text_from(s->left, n);
}

static bool two_digits(const char *at, unsigned *value)
{
    unsigned tens = (unsigned)(at[0] == ' ' ? 0 : at[0] - '0'), ones = (unsigned)(at[1] - '0');
    *value = tens * 10 + ones;
    return tens <= 9 && ones <= 9;
}

static unsigned digit(char c)
{
    return (unsigned)((unsigned char)c - (unsigned)'0');
}

/* "19:30:34.811", with something that is no digit behind it, or a relay's "19:30:34" with a blank or a colon; its length, or 0.
 */
static size_t usual_clock(const char *at, struct stamp *out)
{
    unsigned h, m, s, ms;
    if (at[2] != ':' || at[5] != ':' || at[0] == ' ' || at[3] == ' ' || at[6] == ' ' || !two_digits(at, &h) ||
        !two_digits(at + 3, &m) || !two_digits(at + 6, &s) || h > 24 || m > 59 || s > 60)
        return 0;
    const int64_t ns = (h * 3600 + m * 60 + s) * NS_PER_S;
    if (at[8] == ' ' || at[8] == ':') {
        out->ns = ns;
        return 8;
    }
    if (at[8] != '.' || at[10] == ' ' || !two_digits(at + 10, &ms) || digit(at[9]) > 9 || digit(at[12]) <= 9)
        return 0;
    out->digits = 3;
    out->ns = ns + (ms + digit(at[9]) * 100) * INT64_C(1000000);
    return 12;
}

/* The usual "Nov 11 19:30:34.811" and "Nov 30 2024 11:16:54.881", perhaps with a zone, straight ahead. */
static size_t scan_usual(struct text t, unsigned month, struct stamp *out)
{
    const char *at = t.at;
    unsigned day, century, years;
    if (t.len < 25 || at[3] != ' ' || at[6] != ' ' || !two_digits(at + 4, &day) || day < 1 || day > 31)
        return 0;
    int year = STAMP_YEAR_UNKNOWN;
    size_t clock = 7;
    bool has_year = at[11] == ' ';
    if (has_year) {
        if (at[7] == ' ' || at[9] == ' ' || !two_digits(at + 7, &century) || !two_digits(at + 9, &years))
            return 0;
        year = (int)(century * 100 + years);
        if (year < STAMP_YEAR_LEAST || year > STAMP_YEAR_MOST)
            return 0;
        clock = 12;
    }
    size_t end = usual_clock(at + clock, out);
    if (!end)
        return 0;
    end += clock;
    out->kind = STAMP_DATE;
    out->has_year = has_year;
    out->ns += stamp_days(year, month, day) * NS_PER_DAY;
    if (at[end] == ' ') {
        struct scan s = { .left = text_from(t, end) };
        zone(&s, out);
        end = t.len - s.left.len;
    }
    return end;
}

/* "Nov 11 19:30:34.811", "Nov 30 2024 11:16:54.881 UTC", "May  2 …", "Mar 03, 2026 10:00:03 AM" */
static size_t scan_month_first(struct text t, struct stamp *out)
{
    unsigned month = stamp_month(t);
    if (!month)
        return 0;
    size_t usual = scan_usual(t, month, out);
    if (usual)
        return usual;
    struct scan s = { .left = text_from(t, 3) };
    expect(&s, ' ');
    accept(&s, ' ');
    unsigned day = number(&s, 1, 2, 31);
    accept(&s, ',');
    expect(&s, ' ');
    int64_t year = STAMP_YEAR_UNKNOWN;
    if (s.left.len > 4 && (s.left.at[4] == ' ' || s.left.at[4] == ',')) {
        year = number(&s, 4, 4, 9999);
        accept(&s, ',');
        expect(&s, ' ');
        out->has_year = true;
    }
    clock_time(&s, out);
    half_day(&s, out);
    if (s.failed || day == 0 || year < STAMP_YEAR_LEAST || year > STAMP_YEAR_MOST)
        return 0;
    zone(&s, out);
    out->kind = STAMP_DATE;
    out->ns += stamp_days(year, month, day) * NS_PER_DAY;
    return t.len - s.left.len;
}

/* "Fri Sep 06 14:32:18 2013", as ctime() prints it, "Fri Sep  6 14:32:18 CEST 2013", as date does; also without the year */
static size_t scan_weekday_first(struct text t, struct stamp *out)
{
    static const char days[] = "Mon Tue Wed Thu Fri Sat Sun ";
    const struct text day = text_upto(t, 4);
    size_t n = text_find(text_of(days), day) % 4 == 0 ? scan_month_first(text_from(t, 4), out) : 0;
    if (!n || out->has_year)
        return n ? n + 4 : 0;
    struct scan s = { .left = text_from(t, n + 4) };
    expect(&s, ' ');
    size_t letters = 0;
    while (letters < s.left.len && letters < ZONE_LETTERS && s.left.at[letters] >= 'A' && s.left.at[letters] <= 'Z')
        letters++;
    const struct text name = text_upto(s.left, letters);
    s.left = text_from(s.left, letters);
    if (letters)
        expect(&s, ' ');
    unsigned year = number(&s, 4, 4, STAMP_YEAR_MOST);
    if (s.failed || year < STAMP_YEAR_LEAST || (s.left.len && !strchr(letters ? ": ]" : ":]", s.left.at[0])))
        return n + 4;
    memcpy(out->zone, name.at, letters);
    out->ns = stamp_in_year(out->ns, year);
    out->has_year = true;
    return t.len - s.left.len;
}

/* "2024-06-20T14:03:22.501Z", "2024-06-20T14:03:22+02:00", "2024/06/20 14:03:22.501123" */
static size_t scan_year_first(struct text t, struct stamp *out)
{
    struct scan s = { .left = t };
    int64_t year = number(&s, 4, 4, 9999);
    char separator = accept(&s, '/') ? '/' : '-';
    if (separator == '-')
        expect(&s, '-');
    unsigned month = number(&s, 1, 2, 12);
    expect(&s, separator);
    unsigned day = number(&s, 1, 2, 31);
    if (!accept(&s, 'T'))
        expect(&s, ' ');
    clock_time(&s, out);
    if (!out->digits)
        comma_fraction(&s, out);
    half_day(&s, out);
    if (s.failed || !month || !day || year < STAMP_YEAR_LEAST || year > STAMP_YEAR_MOST)
        return 0;
    out->has_year = true;
    out->kind = STAMP_DATE;
    out->ns += stamp_days(year, month, day) * NS_PER_DAY;
    if (accept(&s, 'Z')) {
        out->kind = STAMP_UTC;
    } else if (s.left.len >= 6 && (s.left.at[0] == '+' || s.left.at[0] == '-')) {
        int sign = s.left.at[0] == '+' ? -1 : 1;
        struct scan o = { .left = text_from(s.left, 1) };
        unsigned h = number(&o, 2, 2, 23);
        accept(&o, ':');
        unsigned m = number(&o, 2, 2, 59);
        if (!o.failed) {
            out->kind = STAMP_UTC;
            out->ns += sign * (int64_t)(h * 3600 + m * 60) * NS_PER_S;
            s = o;
        }
    } else {
        zone(&s, out);
    }
    return t.len - s.left.len;
}

/* "3/14/2025 10:02:11 AM", "14/03/2025, 10:02:11 am", "14.03.2025 10:02:11": with dots the day stands first. With slashes it is the
 * number that can be no month; where either could be, capitals behind the clock tell an American's date, small letters anybody
 * else's. Nothing behind it leaves the day open: it is a time in front of a line all the same, but tells none. */
static size_t scan_year_last(struct text t, struct stamp *out)
{
    struct scan s = { .left = t };
    const unsigned first = number(&s, 1, 2, 31);
    const char separator = accept(&s, '.') ? '.' : '/';
    if (separator == '/')
        expect(&s, '/');
    const unsigned second = number(&s, 1, 2, 31);
    expect(&s, separator);
    const int64_t year = number(&s, 4, 4, STAMP_YEAR_MOST);
    accept(&s, ',');
    expect(&s, ' ');
    clock_time(&s, out);
    const size_t clock = s.left.len;
    half_day(&s, out);
    const bool half = s.left.len != clock, capital = half && s.left.at[-1] == 'M';
    const bool day_first = separator == '.' || first > 12 || (second <= 12 && !capital);
    const bool open = separator == '/' && !half && first <= 12 && second <= 12 && first != second;
    const unsigned day = day_first ? first : second, month = day_first ? second : first;
    if (s.failed || !day || !month || month > 12 || year < STAMP_YEAR_LEAST)
        return 0;
    if (open) {
        *out = (struct stamp){ .kind = STAMP_NONE };
        return t.len - s.left.len;
    }
    out->kind = STAMP_DATE;
    out->has_year = true;
    out->ns += stamp_days(year, month, day) * NS_PER_DAY;
    return t.len - s.left.len;
}

/* "14-Mar-2025 10:02:11.123", "14 Mar 2025 10:02:11", "14/Mar/2025:10:02:11 +0000" */
static size_t scan_day_first(struct text t, struct stamp *out)
{
    struct scan s = { .left = t };
    const unsigned day = number(&s, 1, 2, 31);
    const char separator = s.left.len ? s.left.at[0] : 0;
    s.left = text_from(s.left, 1);
    const unsigned month = stamp_month(s.left);
    s.left = text_from(s.left, 3);
    expect(&s, separator);
    const int64_t year = number(&s, 4, 4, STAMP_YEAR_MOST);
    expect(&s, separator == '/' ? ':' : ' ');
    clock_time(&s, out);
    if (s.failed || !day || !month || year < STAMP_YEAR_LEAST || !strchr("-/ ", separator))
        return 0;
    out->kind = STAMP_DATE;
    out->has_year = true;
    out->ns += stamp_days(year, month, day) * NS_PER_DAY;
    if (separator == '/' && s.left.len >= 6 && s.left.at[0] == ' ' && (s.left.at[1] == '+' || s.left.at[1] == '-')) {
        uint64_t zone_hours;
        if (text_digits(text_upto(text_from(s.left, 2), 4), 10, &zone_hours) == 4) {
            const int64_t seconds = (int64_t)(zone_hours / 100 * 3600 + zone_hours % 100 * 60);
            out->kind = STAMP_UTC;
            out->ns -= (s.left.at[1] == '+' ? 1 : -1) * seconds * NS_PER_S;
            s.left = text_from(s.left, 6);
        }
    } else {
        zone(&s, out);
    }
    return t.len - s.left.len;
}

/* "00:00:12", "2d03h", "1w2d", "1y5w"; at least two parts, and the caller wants a ':' behind. */
static size_t scan_uptime(struct text t, struct stamp *out)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = { { 'y', 365 * 86400 }, { 'w', 7 * 86400 }, { 'd', 86400 }, { 'h', 3600 } };
    struct scan s = { .left = t };
    if (t.len > 3 && (t.at[1] == ':' || t.at[2] == ':')) {
        clock_time(&s, out);
    } else {
        size_t parts = 0;
        while (s.left.len && s.left.at[0] >= '0' && s.left.at[0] <= '9' && parts < 2) {
            unsigned v = number(&s, 1, 3, 999);
            size_t u = 0;
            while (u < 4 && (s.left.len == 0 || s.left.at[0] != units[u].unit))
                u++;
            if (u == 4 || s.failed || (u == 0 && v > UPTIME_YEARS))
                return 0;
            s.left = text_from(s.left, 1);
            out->ns += v * units[u].seconds * NS_PER_S;
            parts++;
        }
        s.failed |= parts < 2;
    }
    if (s.failed || s.left.len == 0 || s.left.at[0] != ':')
        return 0;
    out->kind = STAMP_UPTIME;
    return t.len - s.left.len;
}

bool stamp_is_date(struct stamp s)
{
    return s.kind == STAMP_DATE || s.kind == STAMP_UTC;
}

static bool is_separator(char c)
{
    return c == '/' || c == '.';
}

size_t stamp_scan(struct text t, struct stamp *stamp)
{
    *stamp = (struct stamp){ 0 };
    size_t lead = 0;
    if (t.len && (t.at[0] == '*' || t.at[0] == '.')) {
        stamp->mark = t.at[0];
        lead = 1;
        t = text_from(t, 1);
    }
    if (t.len < 5)
        return 0;
    size_t n;
    if (t.at[0] >= 'A' && t.at[3] == ' ' && t.at[4] >= 'A')
        n = scan_weekday_first(t, stamp);
    else if (t.at[0] >= 'A')
        n = scan_month_first(t, stamp);
    else if (t.len > 11 && (stamp_month(text_from(t, 2)) || stamp_month(text_from(t, 3))))
        n = scan_day_first(t, stamp);
    else if (is_separator(t.at[1]) || is_separator(t.at[2]))
        n = scan_year_last(t, stamp);
    else if (t.at[4] == '-' || t.at[4] == '/')
        n = scan_year_first(t, stamp);
    else
        n = scan_uptime(t, stamp);
    if (!n)
        *stamp = (struct stamp){ 0 };
    return n ? n + lead : 0;
}

void stamp_print(struct stamp s, struct buffer *out)
{
    if (s.kind == STAMP_NONE)
        return;
    int64_t seconds = s.ns / NS_PER_S, ns = s.ns % NS_PER_S;
    if (ns < 0) {
        ns += NS_PER_S;
        seconds--;
    }
    char digits[16];
    snprintf(digits, sizeof digits, "%09lld", (long long)ns);
    int keep = s.digits > 6 ? 9 : s.digits > 3 ? 6 : 3;
    if (s.kind == STAMP_UPTIME) {
        buffer_format(out, "up%lld.%.*s", (long long)seconds, keep, digits);
        return;
    }
    int64_t days = seconds / 86400, rest = seconds % 86400, year;
    if (rest < 0) {
        rest += 86400;
        days--;
    }
    unsigned month, day;
    civil(days, &year, &month, &day);
    if (s.has_year)
        buffer_format(out, "%04lld-", (long long)year);
    buffer_format(out, "%02u-%02uT%02lld:%02lld:%02lld.%.*s", month, day, (long long)(rest / 3600), (long long)(rest / 60 % 60),
                  (long long)(rest % 60), keep, digits);
    if (s.kind == STAMP_UTC)
        buffer_byte(out, 'Z');
}
