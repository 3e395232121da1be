#include "analysis/clocks.h"

#include <math.h>

#include "base/arena.h"

enum { SAMPLES = 4096, DRIFT_SAMPLES = 6 };
#define DRIFT_SPAN_NS 60e9
#define NS_PER_DAY    (INT64_C(86400) * 1000000000)

struct sample {
    int64_t at;    /* first clock's reading */
    int64_t ahead; /* second clock's reading minus the first's */
    int way;       /* +1: the message went first to second, -1: the other way, 0: nobody can say */
};

struct samples {
    struct sample *at;
    size_t count;
};

static const struct sighting *first_at(const struct leg *leg, uint32_t input)
{
    for (const struct sighting *s = leg->seen; s; s = s->next)
        if (s->input == input && s->ns != TIME_UNKNOWN)
            return s;
    return NULL;
}

static uint32_t copies_at(const struct leg *leg, uint32_t input)
{
    uint32_t n = 0;
    for (const struct sighting *s = leg->seen; s; s = s->next)
        n += s->input == input;
    return n;
}

static int order_of(const struct sighting *s)
{
    return s->direction == DIRECTION_SENT ? 0 : s->direction == DIRECTION_WIRE ? 1 : s->direction == DIRECTION_RECEIVED ? 2 : -1;
}

static void sample_leg(const struct leg *leg, uint32_t a, uint32_t b, struct samples *into)
{
    const struct sighting *sa = first_at(leg, a), *sb = first_at(leg, b);
    /* Copies make it uncertain which of them was the other's; one each, or as many each, is sure. */
    if (!sa || !sb || copies_at(leg, a) != copies_at(leg, b) || into->count == SAMPLES)
        return;
    int oa = order_of(sa), ob = order_of(sb);
    if (oa < 0 || ob < 0 || (oa == ob && oa != 1))
        return;
    into->at[into->count++] = (struct sample){ sa->ns, sb->ns - sa->ns, (ob > oa) - (ob < oa) };
}

static void sample_pair(const struct model *m, uint32_t a, uint32_t b, struct samples *into)
{
    into->count = 0;
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        bool in_a = false, in_b = false;
        for (const struct view *v = sa->views; v; v = v->next) {
            in_a |= v->input == a;
            in_b |= v->input == b;
        }
        if (!in_a || !in_b)
            continue;
        for (const struct exchange *x = sa->exchanges; x; x = x->next) {
            sample_leg(&x->request, a, b, into);
            sample_leg(&x->response, a, b, into);
        }
    }
}

struct fit {
    double offset, drift, uncertainty; /* offset at the first sample's time, ns */
    int64_t base;                      /* first sample's time, and its ahead, so that doubles stay exact */
    int64_t ahead;
};

/* Least squares of ahead = offset + drift * t + way * latency, by elimination of the 3 by 3 normal equations. */
static bool solve(const struct samples *s, bool with_drift, struct fit *fit, double *latency)
{
    double n[3][4] = { { 0 } };
    for (size_t i = 0; i < s->count; i++) {
        double row[4] = { 1, with_drift ? (double)(s->at[i].at - fit->base) : 0, s->at[i].way,
                          (double)(s->at[i].ahead - fit->ahead) };
        for (int r = 0; r < 3; r++)
            for (int c = 0; c < 4; c++)
                n[r][c] += row[r] * row[c];
    }
    double x[3] = { 0 };
    bool used[3] = { true, with_drift, n[2][2] > 0 };
    for (int p = 0; p < 3; p++) {
        if (!used[p])
            continue;
        if (fabs(n[p][p]) < 1e-6)
            return false;
        for (int r = 0; r < 3; r++) {
            if (r == p || !used[r])
                continue;
            double k = n[r][p] / n[p][p];
            for (int c = p; c < 4; c++)
                n[r][c] -= k * n[p][c];
        }
    }
    for (int p = 0; p < 3; p++)
        x[p] = used[p] && fabs(n[p][p]) > 1e-6 ? n[p][3] / n[p][p] : 0;
    fit->offset = x[0];
    fit->drift = x[1];
    *latency = x[2];
    return true;
}

static bool fit_clock(const struct samples *s, struct fit *fit)
{
    if (s->count == 0)
        return false;
    fit->base = s->at[0].at;
    fit->ahead = s->at[0].ahead;
    bool forth = false, back = false;
    int64_t low = s->at[0].at, high = low;
    for (size_t i = 0; i < s->count; i++) {
        forth |= s->at[i].way >= 0;
        back |= s->at[i].way <= 0;
        low = s->at[i].at < low ? s->at[i].at : low;
        high = s->at[i].at > high ? s->at[i].at : high;
    }
    double latency = 0;
    struct samples both = *s;
    bool drifting = s->count >= DRIFT_SAMPLES && (double)(high - low) > DRIFT_SPAN_NS;
    if (!forth || !back) {
        /* Only one direction: latency and offset cannot be told apart; the quickest message bounds them. */
        struct sample *best = &s->at[0];
        for (size_t i = 1; i < s->count; i++)
            if ((s->at[i].ahead - best->ahead) * s->at[i].way < 0)
                best = &s->at[i];
        fit->offset = (double)(best->ahead - fit->ahead);
        fit->drift = 0;
        fit->uncertainty = 50e6;
        if (!drifting)
            return true;
    }
    if (!solve(&both, drifting, fit, &latency))
        return false;
    if (drifting && fabs(fit->drift) * (double)(high - low) < 2 * fabs(latency) + 1e6) {
        fit->drift = 0; /* within what jitter makes */
        if (!solve(&both, false, fit, &latency))
            return false;
    }
    if (forth && back)
        fit->uncertainty = fabs(latency) + 1e5;
    return true;
}

/* With t on the reference's clock: A = offset_A + (1 + drift_A) t, and B = A + ahead + offset + drift (A - base). */
static void place(struct input *b, const struct input *a, const struct fit *fit)
{
    b->drift = (1 + a->drift) * (1 + fit->drift) - 1;
    b->offset_ns = a->offset_ns + fit->ahead + (int64_t)llround(fit->offset) -
                   (int64_t)llround(fit->drift * (double)(fit->base - a->offset_ns));
    b->uncertainty_ns = a->uncertainty_ns + (int64_t)llround(fit->uncertainty);
    b->aligned = true;
}

static uint32_t reference(const struct model *m)
{
    uint32_t best = 0;
    int score = -1;
    for (uint32_t i = 0; i < m->input_count; i++) {
        const struct input *in = &m->inputs[i];
        int s = in->first_stamp.kind == STAMP_UTC    ? 3
                : in->first_stamp.kind == STAMP_DATE ? (in->first_stamp.has_year ? 2 : 1)
                : in->first_stamp.kind               ? 0
                                                     : -1;
        if (s > score) {
            score = s;
            best = i;
        }
    }
    return best;
}

/* Without a common message, calendars are all there is: the year that one lacks is the other's. */
static void by_calendar(struct input *in, const struct input *ref)
{
    if (!in->first_stamp.kind || in->first_stamp.kind == STAMP_UPTIME || ref->first_stamp.kind == STAMP_UPTIME)
        return;
    in->offset_ns = in->has_zone ? in->zone_ns : 0;
    in->aligned = true;
    in->uncertainty_ns = INT64_C(1000000000);
    if (in->first_stamp.has_year == ref->first_stamp.has_year)
        return;
    const struct input *with = in->first_stamp.has_year ? in : ref, *without = in->first_stamp.has_year ? ref : in;
    int64_t year = 1970 + with->first_stamp.ns / NS_PER_DAY * 400 / 146097;
    int64_t shift = (stamp_days(STAMP_YEAR_UNKNOWN, 1, 1) - stamp_days(year, 1, 1)) * NS_PER_DAY;
    /* Of a leap year's day the 29th of February has no other place than its own; months behind it move by a day. */
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    int64_t day = without->first_stamp.ns / NS_PER_DAY - stamp_days(STAMP_YEAR_UNKNOWN, 1, 1);
    if (!leap && day > 59)
        shift += NS_PER_DAY;
    in->offset_ns += without == in ? shift : -shift;
}

void clocks_align(struct model *m)
{
    if (m->input_count == 0)
        return;
    struct samples s = { memory_take(SAMPLES * sizeof(struct sample)), 0 };
    uint32_t ref = reference(m);
    struct input *r = &m->inputs[ref];
    if (r->first_stamp.kind) {
        r->aligned = true;
        r->offset_ns = r->has_zone ? r->zone_ns : 0;
    }
    for (bool more = r->aligned; more;) {
        more = false;
        for (uint32_t b = 0; b < m->input_count; b++)
            for (uint32_t a = 0; a < m->input_count && !m->inputs[b].aligned; a++) {
                struct fit fit = { 0 };
                if (!m->inputs[a].aligned || a == b || !m->inputs[b].first_stamp.kind)
                    continue;
                sample_pair(m, a, b, &s);
                if (!fit_clock(&s, &fit))
                    continue;
                place(&m->inputs[b], &m->inputs[a], &fit);
                more = true;
            }
    }
    for (uint32_t i = 0; i < m->input_count; i++)
        if (!m->inputs[i].aligned && r->aligned)
            by_calendar(&m->inputs[i], r);
    memory_free(s.at);

    m->origin_ns = 0; /* model_time() is relative to it */
    int64_t origin = TIME_UNKNOWN;
    for (uint32_t i = 0; i < m->input_count; i++) {
        if (!m->inputs[i].aligned || !m->inputs[i].first_stamp.kind)
            continue;
        int64_t t = model_time(m, i, m->inputs[i].first_stamp.ns);
        if (t != TIME_UNKNOWN && (origin == TIME_UNKNOWN || t < origin))
            origin = t;
    }
    m->origin_ns = origin;
}
