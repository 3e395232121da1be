#include "base/limits.h"

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

bool limits_lower(struct limits *l, struct text setting)
{
    size_t equals = text_find_byte(setting, '=');
    uint64_t value = 0;
    if (equals == TEXT_NOWHERE)
        return false;
    struct text number = text_from(setting, equals + 1);
    if (!number.len || text_digits(number, 10, &value) != number.len)
        return false;
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        if (text_equal(text_upto(setting, equals), text_of(limit_rows[i].name))) {
            if (!(limit_rows[i].flags & LIMIT_LOWERS) || value == 0 || value > limit_rows[i].value)
                return false;
            l->lowered[i] = value;
            return true;
        }
    return false;
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
