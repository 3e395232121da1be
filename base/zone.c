#include "base/zone.h"

#define NS_PER_MINUTE (INT64_C(60) * 1000000000)

/* {name, minutes east of UTC, does another zone have this name as well} */
static const struct {
    const char *name;
    int16_t minutes;
    bool shared;
} known[] = {
    { "UTC", 0, false },    { "GMT", 0, false },    { "Z", 0, false },       { "WET", 0, false },     { "WEST", 60, false },
    { "CET", 60, false },   { "CEST", 120, false }, { "MET", 60, false },    { "MEST", 120, false },  { "EET", 120, false },
    { "EEST", 180, false }, { "MSK", 180, false },  { "SAST", 120, false },  { "SGT", 480, false },   { "HKT", 480, false },
    { "AWST", 480, false }, { "JST", 540, false },  { "KST", 540, false },   { "ACST", 570, false },  { "ACDT", 630, false },
    { "AEST", 600, false }, { "AEDT", 660, false }, { "NZST", 720, false },  { "NZDT", 780, false },  { "EDT", -240, false },
    { "MDT", -360, false }, { "PDT", -420, false }, { "AKST", -540, false }, { "AKDT", -480, false }, { "HST", -600, false },
    { "EST", -300, true }, /* Sydney's */
    { "CDT", -300, true }, /* Havana's */
    { "MST", -420, true }, /* Kuala Lumpur's */
    { "PST", -480, true }, /* Manila's */
};

static bool offset_read(struct text t, int64_t *east_ns)
{
    if (text_starts_nocase(t, TEXT("UTC")) || text_starts_nocase(t, TEXT("GMT")))
        t = text_from(t, 3);
    if (t.len < 2 || (t.at[0] != '+' && t.at[0] != '-'))
        return false;
    bool west = t.at[0] == '-';
    uint64_t hours = 0, minutes = 0;
    struct text rest = text_from(t, 1);
    size_t n = text_digits(text_upto(rest, 2), 10, &hours);
    rest = text_from(rest, n);
    if (rest.len && rest.at[0] == ':')
        rest = text_from(rest, 1);
    if (rest.len && !text_number(rest, 10, &minutes))
        return false;
    if (!n || hours > 14 || minutes > 59)
        return false;
    *east_ns = (int64_t)(hours * 60 + minutes) * NS_PER_MINUTE * (west ? -1 : 1);
    return true;
}

enum zone_sense zone_read(struct text zone, int64_t *east_ns)
{
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (text_equal_nocase(zone, text_of(known[i].name))) {
            *east_ns = known[i].minutes * NS_PER_MINUTE;
            return known[i].shared ? ZONE_USUAL : ZONE_DOUBTLESS;
        }
    return offset_read(zone, east_ns) ? ZONE_DOUBTLESS : ZONE_UNKNOWN;
}
