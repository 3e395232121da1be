/* A collector's time as a number: seconds since 1970-01-01 in UTC, with a fraction or as milli-, micro- or nanoseconds. */
#ifndef IKESCOPE_PARSER_EPOCH_H
#define IKESCOPE_PARSER_EPOCH_H

#include "base/arena.h"
#include "base/json.h"

/* epoch_date writes such a number as the date that it is, in the arena; at NULL: it is none of this century. */
struct text epoch_date(struct text number, struct arena *arena);
struct text epoch_of_json(const struct json *value, struct arena *arena); /* a number, or a string that holds one */

#endif
