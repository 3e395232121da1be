#include "base/limits.h"

#include "base/buffer.h"

const struct limit_row limit_rows[LIMIT_COUNT] = {
#define LIMIT(name, word, value, flags, bounds, beyond) { word, (value), flags, bounds, beyond },
#include "base/limits.def"
#undef LIMIT
};

_Static_assert(LIMIT_COUNT <= 64, "limit_bit() has 64");

void limits_over(struct limits *l, enum limit row, uint64_t times)
{
    struct limit_hit *h = &l->hit[row];
    if (times && !h->times) {
        h->input = l->input;
        h->place = l->place;
        h->packet = l->packet;
    }
    h->times += times;
}

uint64_t limits_value(const struct limits *l, enum limit row)
{
    return l->lowered[row] ? l->lowered[row] : limit_rows[row].value;
}

bool limits_room(struct limits *l, enum limit row, uint64_t count)
{
    if (count < limits_value(l, row))
        return true;
    limits_over(l, row, 1);
    return false;
}

/* All that can be lowered, by name. */
static bool cannot_lower(const char *setting, struct error *err)
{
    struct buffer names;
    buffer_init(&names, 400);
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        if (limit_rows[i].flags & LIMIT_LOWERS)
            buffer_format(&names, "%s%s", names.len ? ", " : "", limit_rows[i].name);
    fail(err, ERROR_USAGE, "'--limit %s' lowers no limit; write NAME=N with one of %.*s", setting,
         TEXT_ARGS(buffer_view(&names)));
    buffer_clear(&names);
    return false;
}

bool limits_lower(struct limits *l, const char *setting, struct error *err)
{
    const struct text all = text_of(setting);
    const size_t equals = text_find_byte(all, '=');
    size_t i = 0;
    while (i < LIMIT_COUNT && !text_equal(text_upto(all, equals == TEXT_NOWHERE ? all.len : equals), text_of(limit_rows[i].name)))
        i++;
    if (i == LIMIT_COUNT || !(limit_rows[i].flags & LIMIT_LOWERS))
        return cannot_lower(setting, err);
    const struct text number = equals == TEXT_NOWHERE ? (struct text){ NULL, 0 } : text_from(all, equals + 1);
    uint64_t value = 0;
    if (!number.len || text_digits(number, 10, &value) != number.len || value == 0 || value > limit_rows[i].value)
        return fail(err, ERROR_USAGE, "'--limit %s' lowers no limit; write %s=N, N from 1 to %llu", setting, limit_rows[i].name,
                    (unsigned long long)limit_rows[i].value);
    l->lowered[i] = value;
    return true;
}

void limits_join(struct limits *l, struct limits *other)
{
    for (size_t i = 0; i < LIMIT_COUNT; i++) {
        struct limit_hit *h = &l->hit[i], *o = &other->hit[i];
        o->times += h->times;
        if (o->times)
            *h = h->times ? (struct limit_hit){ o->times, h->input, h->place, h->packet } : *o;
        *o = (struct limit_hit){ 0 };
    }
}

uint64_t limits_total(const struct limits *l)
{
    uint64_t total = 0;
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        total += l->hit[i].times;
    return total;
}

void limits_bits(struct limits *l, uint64_t bits)
{
    for (unsigned i = 0; bits; i++, bits >>= 1)
        if (bits & 1)
            limits_over(l, (enum limit)i, 1);
}
