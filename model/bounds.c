#include "model/bounds.h"

bool bounds_given(const struct model *m)
{
    return m->options.since_ns != TIME_UNKNOWN || m->options.until_ns != TIME_UNKNOWN;
}

static bool has_year(int64_t bound)
{
    return stamp_yearless(bound) != bound;
}

/* Without years the weeks before New Year and those behind it lie side by side. */
static int64_t beside_new_year(int64_t ns)
{
    const int64_t nearly_a_year = 335 * NS_PER_DAY, year = 366 * NS_PER_DAY;
    return ns > nearly_a_year ? ns - year : ns < -nearly_a_year ? ns + year : ns;
}

bool bounds_leave_any(int64_t since, int64_t until)
{
    if (since == TIME_UNKNOWN || until == TIME_UNKNOWN || (since < NS_PER_DAY) != (until < NS_PER_DAY))
        return true;
    if (since < NS_PER_DAY || has_year(since) || has_year(until))
        return has_year(since) != has_year(until) || since <= until;
    return beside_new_year(until - since) >= 0;
}

/* How long behind a bound. One under a day is a time of day; where it, or the log, has no year, years do not count. */
static int64_t from_bound(const struct stamp *time, int64_t bound)
{
    if (bound < NS_PER_DAY)
        return time->ns % NS_PER_DAY - bound;
    if ((time->has_year && has_year(bound)) || time->kind == STAMP_UPTIME)
        return time->ns - bound;
    return beside_new_year(stamp_yearless(time->ns) - stamp_yearless(bound));
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
