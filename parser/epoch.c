#include "parser/epoch.h"

#include <inttypes.h>

#include "base/stamp.h"

enum { SECONDS_DIGITS = 10, FINEST_DIGITS = 19 };
#define FIRST_SECOND UINT64_C(1000000000) /* 2001: before that nothing spoke IKEv2, and a number of fewer digits is no time */
#define LAST_SECOND  UINT64_C(4102444800) /* 2100 */

struct text epoch_date(struct text number, struct arena *arena)
{
    const struct text none = { NULL, 0 };
    number = text_trim(number);
    const size_t dot = text_find_byte(number, '.');
    const struct text whole = text_upto(number, dot), fraction = dot == TEXT_NOWHERE ? none : text_from(number, dot + 1);
    uint64_t units, part = 0;
    if (whole.len < SECONDS_DIGITS || whole.len > FINEST_DIGITS || (whole.len - SECONDS_DIGITS) % 3 ||
        (dot != TEXT_NOWHERE && (whole.len > SECONDS_DIGITS || !fraction.len || fraction.len > 9)) ||
        !text_number(whole, 10, &units) || (fraction.len && !text_number(fraction, 10, &part)))
        return none;
    size_t fine = whole.len - SECONDS_DIGITS + fraction.len; /* digits behind the second */
    uint64_t per_second = 1;
    for (size_t i = 0; i < whole.len - SECONDS_DIGITS; i++)
        per_second *= 10;
    const uint64_t seconds = units / per_second;
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND)
        return none;
    uint64_t ns = fraction.len ? part : units % per_second;
    for (size_t i = fine; i < 9; i++)
        ns *= 10;
    struct stamp s = { .ns = (int64_t)seconds * NS_PER_S + (int64_t)ns,
                       .kind = STAMP_UTC,
                       .digits = (uint8_t)(fine > 6   ? 9
                                           : fine > 3 ? 6
                                                      : 3),
                       .has_year = true };
    struct buffer b;
    buffer_init(&b, 64);
    stamp_print(s, &b);
    const struct text date = arena_text(arena, buffer_view(&b));
    buffer_clear(&b);
    return date;
}

struct text epoch_of_json(const struct json *value, struct arena *arena)
{
    int64_t whole;
    double real;
    if (json_as_number(value, &whole))
        return epoch_date(arena_format(arena, "%" PRId64, whole), arena);
    if (json_as_real(value, &real) && real >= (double)FIRST_SECOND && real < (double)LAST_SECOND)
        return epoch_date(arena_format(arena, "%.6f", real), arena);
    return epoch_date(json_as_text(value), arena);
}
