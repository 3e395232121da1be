#define _POSIX_C_SOURCE 200809L
#include "cli/ago.h"

#include <time.h>

enum { NUMBER_MOST = 1000000 };
#define SPAN_MOST (INT64_C(200) * 366 * 86400) /* seconds: two centuries each way are more than logs have */

#define NS_PER_SECOND INT64_C(1000000000)
#define NS_PER_DAY    (86400 * NS_PER_SECOND)

/* {word, seconds} */
static const struct {
    const char *word;
    int64_t seconds;
} units[] = {
    { "s", 1 },       { "sec", 1 },      { "second", 1 },   { "seconds", 1 }, { "m", 60 },        { "min", 60 },
    { "minute", 60 }, { "minutes", 60 }, { "h", 3600 },     { "hr", 3600 },   { "hour", 3600 },   { "hours", 3600 },
    { "d", 86400 },   { "day", 86400 },  { "days", 86400 }, { "w", 604800 },  { "week", 604800 }, { "weeks", 604800 },
};

/* {word, days from the midnight before now} */
static const struct {
    const char *word;
    int64_t days;
} midnights[] = { { "today", 0 }, { "yesterday", -1 }, { "tomorrow", 1 } };

static int64_t unit_seconds(struct text word)
{
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (text_equal(word, text_of(units[i].word)))
            return units[i].seconds;
    return 0;
}

/* "1h 30min" */
static bool read_span(struct text t, int64_t *seconds)
{
    *seconds = 0;
    t = text_trim(t);
    if (!t.len)
        return false;
    while (t.len) {
        uint64_t number;
        size_t n = text_digits(t, 10, &number), letters = 0;
        if (!n || number > NUMBER_MOST)
            return false;
        t = text_trim(text_from(t, n));
        while (letters < t.len && t.at[letters] >= 'a' && t.at[letters] <= 'z')
            letters++;
        const int64_t unit = unit_seconds(text_upto(t, letters));
        if (!unit)
            return false;
        *seconds += (int64_t)number * unit;
        if (*seconds > SPAN_MOST)
            return false;
        t = text_trim(text_from(t, letters));
    }
    return true;
}

bool ago_read(struct text value, int64_t now_ns, int64_t *ns)
{
    static const struct text ago = { " ago", 4 };
    int64_t seconds;
    value = text_trim(value);
    if (text_equal(value, TEXT("now"))) {
        *ns = now_ns;
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(midnights); i++)
        if (text_equal(value, text_of(midnights[i].word))) {
            *ns = now_ns - now_ns % NS_PER_DAY + midnights[i].days * NS_PER_DAY;
            return true;
        }
    const bool ahead = text_starts(value, TEXT("+")), behind = text_starts(value, TEXT("-"));
    if (ahead || behind)
        value = text_from(value, 1);
    else if (text_ends(value, ago))
        value.len -= ago.len;
    else
        return false;
    if (!read_span(value, &seconds))
        return false;
    *ns = now_ns + (ahead ? seconds : -seconds) * NS_PER_SECOND;
    return true;
}

int64_t ago_now(void)
{
    struct timespec now;
    struct tm tm;
    clock_gettime(CLOCK_REALTIME, &now);
    if (!localtime_r(&now.tv_sec, &tm))
        return (int64_t)now.tv_sec * NS_PER_SECOND;
    /* days of the civil calendar, counted from March so that a leap day ends its year */
    int64_t year = tm.tm_year + 1900 - (tm.tm_mon < 2), month = (tm.tm_mon + 10) % 12;
    int64_t days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + tm.tm_mday - 1 - 719468;
    return ((days * 24 + tm.tm_hour) * 60 + tm.tm_min) * 60 * NS_PER_SECOND + tm.tm_sec * NS_PER_SECOND;
}
