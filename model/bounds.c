#include "model/bounds.h"

bool bounds_given(const struct model *m)
{
    return m->options.since_ns != TIME_UNKNOWN || m->options.until_ns != TIME_UNKNOWN;
}

/* How long behind a bound. One under a day is a time of day; where it, or the log, has no year, years do not count. */
static int64_t from_bound(const struct stamp *time, int64_t bound)
{
    if (bound < NS_PER_DAY)
        return time->ns % NS_PER_DAY - bound;
    const bool bound_has_year = stamp_yearless(bound) != bound;
    if (bound_has_year == time->has_year || time->kind == STAMP_UPTIME)
        return time->ns - bound;
    return stamp_yearless(time->ns) - stamp_yearless(bound);
}

bool bounds_take(struct model *m, uint32_t input, const struct stamp *time, uint32_t place)
{
    const struct options *o = &m->options;
    struct input *in = model_input(m, input);
    if (!in->timed || time->ns < in->covers_first.ns) {
        in->covers_first = *time;
        in->covers_first_place = place;
    }
    if (!in->timed || time->ns > in->covers_last.ns) {
        in->covers_last = *time;
        in->covers_last_place = place;
    }
    in->timed++;
    const bool after = o->since_ns == TIME_UNKNOWN || from_bound(time, o->since_ns) >= 0;
    const bool before = o->until_ns == TIME_UNKNOWN || from_bound(time, o->until_ns) <= 0;
    in->outside += !(after && before);
    return after && before;
}
