#include "analysis/clock_set.h"

#include <stdio.h>

enum { SLACK_S = 5 }; /* between the times in the text and the stamps around it */
#define LEAST_NS (2 * SLACK_S * NS_PER_S)

/* "08:14:03 UTC Tue May 12 2026", as `show clock` has it. */
static bool read_shown(struct text t, struct stamp *s)
{
    struct text word[6];
    for (size_t i = 0; i < 6; i++)
        if (!text_word(&t, &word[i]))
            return false;
    char room[64];
    const int n = snprintf(room, sizeof room, "%.*s %.*s %.*s %.*s", TEXT_ARGS(word[3]), TEXT_ARGS(word[4]), TEXT_ARGS(word[5]),
                           TEXT_ARGS(word[0]));
    return n > 0 && (size_t)n < sizeof room && stamp_scan(text_over(room, (size_t)n), s) && s->kind == STAMP_DATE && s->has_year;
}

/* Do two times, one behind the other, show that step? What passed between them is more than nothing, and, where the clock went back,
 * less than would hide it. */
static bool shows(int64_t before, int64_t after, int64_t by)
{
    const int64_t passed = after - before - by;
    return passed >= -SLACK_S * NS_PER_S && (by > 0 || passed < -by / 2);
}

static void stepped(struct input *in, uint32_t line, int64_t ns, int64_t by)
{
    if (in->step_count < CLOCK_STEPS)
        in->steps[in->step_count++] = (struct clock_step){ .place = line, .after_ns = ns, .by_ns = by };
}

static void read_told(struct input *in, const struct event *e)
{
    struct stamp from, to;
    if (e->time.kind != STAMP_DATE || !read_shown(fact_get_text(e->facts, "from"), &from) ||
        !read_shown(fact_get_text(e->facts, "to"), &to))
        return;
    const int64_t by = e->time.has_year ? to.ns - from.ns : stamp_yearless(to.ns) - stamp_yearless(from.ns);
    if (by < LEAST_NS && by > -LEAST_NS)
        return;
    if (in->last_stamp.kind == STAMP_DATE && shows(in->last_stamp.ns, e->time.ns, by))
        stepped(in, e->line, e->time.ns, by);
    else
        in->told_by_ns = by;
}

void clock_set_read(struct input *in, const struct event *e)
{
    if (in->told_by_ns && e->time.kind == STAMP_DATE && shows(in->last_stamp.ns, e->time.ns, in->told_by_ns))
        stepped(in, e->line, e->time.ns, in->told_by_ns);
    in->told_by_ns = 0;
    if (e->code == CODE_CLOCK_SET)
        read_told(in, e);
}
