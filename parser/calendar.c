#include "parser/calendar.h"

/* A clock that goes back by more, a year ended. One that began anew, "*Mar  1 00:00:12", goes back by less on any day. */
static const int64_t new_year_ns = 306 * NS_PER_DAY;

void calendar_place(struct calendar *c, int given, struct stamp *stamp)
{
    if (stamp->kind != STAMP_DATE || stamp->has_year)
        return;
    const bool first = !c->year;
    if (first)
        c->year = c->first = given ? given : STAMP_YEAR_UNKNOWN;
    int64_t ns = c->year == STAMP_YEAR_UNKNOWN ? stamp->ns : stamp_in_year(stamp->ns, c->year);
    if (!first && ns < c->last_ns - new_year_ns)
        ns = stamp_in_year(ns, ++c->year);
    else if (c->year > c->first && ns > c->last_ns + new_year_ns) /* a late line of the old year, or another router's log */
        ns = stamp_in_year(ns, --c->year);
    c->last_ns = ns;
    stamp->ns = ns;
    stamp->has_year = given != 0;
}
