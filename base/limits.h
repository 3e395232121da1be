/* Limits on everything that an input can multiply. Reaching one is a fact of the report, never silence: limits_over() counts it,
 * and the finding `input-limit` says so (analysis/rules/input_limit.c). */
#ifndef IKESCOPE_BASE_LIMITS_H
#define IKESCOPE_BASE_LIMITS_H

#include "base/bytes.h"
#include "base/error.h"

enum limits_values {
#define LIMIT(name, word, value, flags, bounds, beyond) LIMIT_##name = (value),
#include "base/limits.def"
#undef LIMIT
};

enum limit { /* the rows: OVER_LINE is the row of LIMIT_LINE */
#define LIMIT(name, word, value, flags, bounds, beyond) OVER_##name,
#include "base/limits.def"
#undef LIMIT
             LIMIT_COUNT
};

enum limit_flag { LIMIT_WORDS = 0, LIMIT_LACKS = 1, LIMIT_LOWERS = 2 };

struct limit_row {
    const char *name; /* "ike-sas" */
    uint64_t value;
    unsigned flags;              /* enum limit_flag */
    const char *bounds, *beyond; /* what it bounds, and what becomes of the rest */
};
extern const struct limit_row limit_rows[LIMIT_COUNT];

struct limit_hit {
    uint64_t times;        /* how much was left out, or how often */
    uint32_t input, place; /* of the first time; place 0: unknown */
    bool packet;           /* place is a frame's number */
};

struct limits {
    struct limit_hit hit[LIMIT_COUNT];
    uint64_t lowered[LIMIT_COUNT]; /* by --limit; 0: the row's own value holds */
    uint32_t input, place;         /* where the reader is: limits_at() */
    bool packet;
};

/* limits_at notes the line or frame that is being read, for the limits that are reached there. */
static inline void limits_at(struct limits *l, uint32_t input, uint32_t place, bool packet)
{
    l->input = input;
    l->place = place;
    l->packet = packet;
}
/* limits_over counts that a limit was reached, or that this much was left out. */
void limits_over(struct limits *l, enum limit row, uint64_t times);
/* limits_room: may there be one more than `count`? If not, that is counted. */
bool limits_room(struct limits *l, enum limit row, uint64_t count);
uint64_t limits_value(const struct limits *l, enum limit row);
/* limits_lower takes "NAME=N". It fails where no row of that name can be lowered (only those with LIMIT_LOWERS can, whose code
 * asks limits_room() or limits_value() everywhere), or where N is not from 1 to the row's value, and says which it is. */
bool limits_lower(struct limits *l, const char *setting, struct error *err);
/* limits_join adds what was counted elsewhere, and forgets it there. */
void limits_join(struct limits *l, struct limits *other);
uint64_t limits_total(const struct limits *l); /* how many times any limit was passed */

/* Code that has no `struct limits` at hand sets a bit, which limits_bits() counts where there is one. */
static inline uint64_t limit_bit(enum limit row)
{
    return UINT64_C(1) << row;
}
void limits_bits(struct limits *l, uint64_t bits);

#endif
