#include "analysis/clocks.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/evidence.h"
#include "base/arena.h"
#include "base/zone.h"

enum { SAMPLES = 4096, DRIFT_SAMPLES = 6, APART_SAMPLES = 4, UNKNOWNS = 3 + CLOCK_STEPS };
#define DRIFT_SPAN_NS  60e9
#define STEP_LEAST_NS  250e6  /* NTP slews what is less; and queues make up to this */
#define STEP_ACROSS_NS 1500e6 /* … between messages of both ways, which differ by twice the latency */
#define ONE_WAY_NS     50e6   /* a guess at the latency where messages of one way alone are known to both */
#define DRIFT_MOST     500e-6 /* no crystal is worse */

struct sample {
    int64_t at;     /* first clock's reading */
    int64_t ahead;  /* second clock's reading minus the first's */
    int64_t second; /* second clock's reading */
    uint32_t place; /* in the second's input */
    uint8_t steps;  /* of the second's clock before it */
    int way;        /* +1: the message went first to second, -1: the other way, 0: nobody can say */
};

struct samples {
    struct sample *at;
    size_t count;
    struct clock_step steps[CLOCK_STEPS]; /* of the second's clock */
    uint8_t step_count;
};

struct met {                      /* a message, as an input shows it */
    uint32_t number, copies;      /* number: the message's, among all */
    const struct sighting *first; /* with a time; NULL: none has one */
};

static int order_of(const struct sighting *s)
{
    return s->direction == DIRECTION_SENT ? 0 : s->direction == DIRECTION_WIRE ? 1 : s->direction == DIRECTION_RECEIVED ? 2 : -1;
}

static void sample_message(const struct met *a, const struct met *b, struct samples *into)
{
    const struct sighting *sa = a->first, *sb = b->first;
    /* Copies make it uncertain which of them was the other's; one each, or as many each, is sure. */
    if (!sa || !sb || a->copies != b->copies)
        return;
    int oa = order_of(sa), ob = order_of(sb);
    if (oa < 0 || ob < 0 || (oa == ob && oa != 1))
        return;
    into->at[into->count++] = (struct sample){
        .at = sa->ns, .ahead = sb->ns - sa->ns, .second = sb->ns, .place = sb->place, .way = (ob > oa) - (ob < oa)
    };
}

/* ---- who has seen what ---- */

struct seen {               /* an SA by an input */
    uint32_t input, number; /* the SA's, among all */
    const struct ike_sa *sa;
};

struct in_time { /* an aligned input that has seen an SA */
    struct in_time *next;
    uint32_t input, least; /* least: of all, in the first of them */
    uint32_t rank;         /* it was aligned as the first, the second … */
};

/* In the order of inputs, and of each in that of SAs: a folder may hold the logs of ten thousand routers, each with SAs of its
 * own. */
struct sightseers {
    struct seen *at;
    size_t *first;            /* of each input, and behind the last */
    struct in_time **aligned; /* by the SA's number */
    struct arena *arena;
    uint32_t *company; /* room for the aligned inputs that have seen an SA of one */
    uint32_t *met;     /* by input: in whose company it was found last, by how often was asked */
    uint32_t asked;
    uint32_t in_time;   /* how many inputs are aligned … */
    uint32_t *tried;    /* … and were, when this one was held against them last */
    struct met *shown;  /* messages, in the order of inputs, and of each in theirs … */
    size_t *shown_from; /* … of each input, and behind the last */
};

typedef void sighting_taker(struct sightseers *s, uint32_t number, const struct sighting *one);

static void messages_each(const struct model *m, struct sightseers *s, sighting_taker *take)
{
    uint32_t number = 0;
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        for (const struct exchange *x = sa->exchanges; x; x = x->next)
            for (int i = 0; i < 2; i++, number++)
                for (const struct sighting *one = i ? x->response.seen : x->request.seen; one; one = one->next)
                    take(s, number, one);
}

static void count_sighting(struct sightseers *s, uint32_t number, const struct sighting *one)
{
    if (s->met[one->input] == number + 1)
        return;
    s->met[one->input] = number + 1;
    s->shown_from[one->input + 2]++;
}

static void put_sighting(struct sightseers *s, uint32_t number, const struct sighting *one)
{
    size_t *end = &s->shown_from[one->input + 1];
    if (s->met[one->input] != number + 1)
        s->shown[(*end)++] = (struct met){ .number = number };
    s->met[one->input] = number + 1;
    struct met *met = &s->shown[*end - 1];
    met->copies++;
    if (!met->first && one->ns != TIME_UNKNOWN)
        met->first = one;
}

/* What each input shows of the messages, where there are others to compare it with. */
static void look_at_messages(const struct model *m, struct sightseers *s)
{
    const size_t inputs = m->input_count;
    s->shown_from = memory_take((inputs + 2) * sizeof *s->shown_from);
    if (inputs > 1)
        messages_each(m, s, count_sighting);
    for (size_t i = 2; i < inputs + 2; i++)
        s->shown_from[i] += s->shown_from[i - 1];
    s->shown = memory_take((s->shown_from[inputs + 1] + 1) * sizeof *s->shown);
    memset(s->met, 0, inputs * sizeof *s->met);
    if (inputs > 1)
        messages_each(m, s, put_sighting);
    memset(s->met, 0, inputs * sizeof *s->met);
}

/* Counts where each input's begin, then puts them there. */
static void look_round(const struct model *m, struct sightseers *s)
{
    s->first = memory_take((m->input_count + 2) * sizeof *s->first);
    s->company = memory_take((m->input_count + 1) * sizeof *s->company);
    s->met = memory_take((m->input_count + 1) * sizeof *s->met);
    s->tried = memory_take((m->input_count + 1) * sizeof *s->tried);
    look_at_messages(m, s);
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        for (const struct view *v = sa->views; v; v = v->next)
            s->first[v->input + 2]++;
    for (size_t i = 2; i < m->input_count + 2; i++)
        s->first[i] += s->first[i - 1];
    s->at = memory_take((s->first[m->input_count + 1] + 1) * sizeof *s->at);
    uint32_t number = 0;
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next, number++)
        for (const struct view *v = sa->views; v; v = v->next)
            s->at[s->first[v->input + 1]++] = (struct seen){ v->input, number, sa };
    s->arena = arena_create();
    s->aligned = arena_array(s->arena, struct in_time *, number + 1);
}

static void look_away(struct sightseers *s)
{
    memory_free(s->at);
    memory_free(s->first);
    memory_free(s->company);
    memory_free(s->met);
    memory_free(s->tried);
    memory_free(s->shown);
    memory_free(s->shown_from);
    arena_destroy(s->arena);
}

/* Two routers' views in one input show it twice. */
static bool already(const struct sightseers *s, size_t i)
{
    return i > 0 && s->at[i - 1].input == s->at[i].input && s->at[i - 1].sa == s->at[i].sa;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void is_aligned(struct sightseers *s, uint32_t input)
{
    s->in_time++;
    for (size_t i = s->first[input]; i < s->first[input + 1]; i++) {
        struct in_time *one = arena_new(s->arena, struct in_time), *before = s->aligned[s->at[i].number];
        *one = (struct in_time){ .next = before, .input = input, .rank = s->in_time };
        one->least = before && before->least < input ? before->least : input;
        s->aligned[s->at[i].number] = one;
    }
}

/* The first aligned input that has seen one of its SAs; NOBODY: none has. */
#define NOBODY UINT32_MAX
static uint32_t companion_of(const struct sightseers *s, uint32_t input)
{
    uint32_t least = NOBODY;
    for (size_t i = s->first[input]; i < s->first[input + 1]; i++) {
        const struct in_time *one = s->aligned[s->at[i].number];
        least = one && one->least < least ? one->least : least;
    }
    return least;
}

/* All aligned inputs that have, from the first to the last; none that it was held against before. */
static size_t company_of(struct sightseers *s, uint32_t input)
{
    const uint32_t before = s->tried[input];
    size_t count = 0;
    s->asked++;
    s->tried[input] = s->in_time;
    for (size_t i = s->first[input]; i < s->first[input + 1]; i++)
        for (const struct in_time *one = s->aligned[s->at[i].number]; one && one->rank > before; one = one->next) {
            if (s->met[one->input] == s->asked)
                continue;
            s->met[one->input] = s->asked;
            s->company[count++] = one->input;
        }
    qsort(s->company, count, sizeof *s->company, by_number);
    return count;
}

/* ---- what they have in common ---- */

static int by_message(const void *key, const void *of)
{
    const struct met *x = key, *y = of;
    return (x->number > y->number) - (x->number < y->number);
}

/* Each message of the input that shows fewer is looked for in the other. */
static void sample_pair(const struct sightseers *s, uint32_t a, uint32_t b, struct samples *into)
{
    const size_t counts[2] = { s->shown_from[a + 1] - s->shown_from[a], s->shown_from[b + 1] - s->shown_from[b] };
    const bool swapped = counts[0] < counts[1];
    const struct met *few = &s->shown[s->shown_from[swapped ? a : b]], *many = &s->shown[s->shown_from[swapped ? b : a]];
    into->count = into->step_count = 0;
    for (size_t i = 0; i < counts[!swapped] && into->count < SAMPLES; i++) {
        const struct met *same = bsearch(&few[i], many, counts[swapped], sizeof *many, by_message);
        if (same)
            sample_message(swapped ? &few[i] : same, swapped ? same : &few[i], into);
    }
}

static int by_place(const void *a, const void *b)
{
    const struct sample *x = a, *y = b;
    return x->place != y->place ? (x->place > y->place) - (x->place < y->place) : (x->at > y->at) - (x->at < y->at);
}

/* How far the sample is off what the last one of its way (or any, when there is none) lets expect; 0: as expected. */
static double jump(const struct sample *s, const struct sample *const last[3])
{
    const struct sample *like = last[s->way + 1];
    double allowed = like ? STEP_LEAST_NS : STEP_ACROSS_NS;
    for (int i = 0; i < 3 && !like; i++)
        like = last[i];
    if (!like)
        return 0;
    double off = (double)(s->ahead - like->ahead);
    return fabs(off) > allowed + DRIFT_MOST * fabs((double)(s->at - like->at)) ? off : 0;
}

/* A clock that NTP or a hand stepped: from one message on, all are ahead by so much more. One message alone that is off, and the
 * next is not, is a pair that does not belong together. */
static void find_steps(struct samples *s)
{
    qsort(s->at, s->count, sizeof *s->at, by_place);
    const struct sample *last[3] = { NULL };
    size_t kept = 0;
    for (size_t i = 0; i < s->count; i++) {
        struct sample one = s->at[i];
        double off = jump(&one, last);
        if (off != 0 && i + 1 < s->count) {
            double next = jump(&s->at[i + 1], last);
            if (next == 0 || (next > 0) != (off > 0))
                continue;
        }
        if (off != 0) {
            if (s->step_count == CLOCK_STEPS)
                break;
            s->steps[s->step_count++] = (struct clock_step){ .place = one.place, .after_ns = one.second };
            if (kept) {
                s->steps[s->step_count - 1].before = s->at[kept - 1].place;
                s->steps[s->step_count - 1].before_ns = s->at[kept - 1].second;
            }
            last[0] = last[1] = last[2] = NULL;
        }
        one.steps = s->step_count;
        s->at[kept] = one;
        last[one.way + 1] = &s->at[kept++];
    }
    s->count = kept;
}

struct fit {
    double offset, drift, uncertainty; /* offset at the first sample's time, ns */
    double steps[CLOCK_STEPS];
    int64_t base; /* first sample's time, and its ahead, so that doubles stay exact */
    int64_t ahead;
};

/* Gauss and Jordan on the normal equations; an unknown that no sample tells stays 0. */
static bool eliminate(double n[UNKNOWNS][UNKNOWNS + 1], const bool used[UNKNOWNS], double x[UNKNOWNS])
{
    for (int p = 0; p < UNKNOWNS; p++) {
        if (!used[p])
            continue;
        if (fabs(n[p][p]) < 1e-6)
            return false;
        for (int r = 0; r < UNKNOWNS; r++) {
            if (r == p || !used[r])
                continue;
            double k = n[r][p] / n[p][p];
            for (int c = p; c <= UNKNOWNS; c++)
                n[r][c] -= k * n[p][c];
        }
    }
    for (int p = 0; p < UNKNOWNS; p++)
        x[p] = used[p] && fabs(n[p][p]) > 1e-6 ? n[p][UNKNOWNS] / n[p][p] : 0;
    return true;
}

/* Least squares of ahead = offset + drift * t + way * latency + the steps so far. */
static bool solve(const struct samples *s, bool with_drift, struct fit *fit, double *latency)
{
    double n[UNKNOWNS][UNKNOWNS + 1] = { { 0 } }, x[UNKNOWNS];
    bool used[UNKNOWNS] = { true, with_drift, false };
    for (size_t i = 0; i < s->count; i++) {
        /* the time in seconds: the squares must stay comparable */
        double row[UNKNOWNS + 1] = { 1, with_drift ? (double)(s->at[i].at - fit->base) / 1e9 : 0, s->at[i].way };
        for (int k = 0; k < s->at[i].steps; k++)
            row[3 + k] = 1;
        row[UNKNOWNS] = (double)(s->at[i].ahead - fit->ahead);
        for (int r = 0; r < UNKNOWNS; r++)
            for (int c = 0; c <= UNKNOWNS; c++)
                n[r][c] += row[r] * row[c];
    }
    used[2] = n[2][2] > 0;
    for (int k = 0; k < s->step_count; k++)
        used[3 + k] = true;
    if (!eliminate(n, used, x))
        return false;
    fit->offset = x[0];
    fit->drift = x[1] / 1e9;
    *latency = x[2];
    memcpy(fit->steps, x + 3, sizeof fit->steps);
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
    bool drifting = s->count >= DRIFT_SAMPLES && (double)(high - low) > DRIFT_SPAN_NS;
    if (!forth || !back) {
        /* Only one direction: latency and offset cannot be told apart; the quickest message bounds them. */
        struct sample *best = &s->at[0];
        for (size_t i = 1; i < s->count; i++)
            if (s->at[i].steps == 0 && (s->at[i].ahead - best->ahead) * s->at[i].way < 0)
                best = &s->at[i];
        fit->offset = (double)(best->ahead - fit->ahead);
        fit->drift = 0;
        fit->uncertainty = ONE_WAY_NS;
        if (!drifting && !s->step_count)
            return true;
    }
    if (!solve(s, drifting, fit, &latency))
        return false;
    if (drifting && fabs(fit->drift) * (double)(high - low) < 2 * fabs(latency) + 1e6) {
        fit->drift = 0; /* within what jitter makes */
        if (!solve(s, false, fit, &latency))
            return false;
    }
    if (forth && back)
        fit->uncertainty = fabs(latency) + 1e5;
    return true;
}

/* With t on the reference's clock: A = offset_A + (1 + drift_A) t, and B = A + ahead + offset + drift (A - base), and its steps.
 */
static void place(struct input *b, const struct input *a, const struct samples *s, const struct fit *fit)
{
    b->drift = (1 + a->drift) * (1 + fit->drift) - 1;
    b->offset_ns = a->offset_ns + fit->ahead + (int64_t)llround(fit->offset) -
                   (int64_t)llround(fit->drift * (double)(fit->base - a->offset_ns));
    b->uncertainty_ns = a->uncertainty_ns + (int64_t)llround(fit->uncertainty);
    b->step_count = s->step_count;
    for (int k = 0; k < s->step_count; k++) {
        b->steps[k] = s->steps[k];
        b->steps[k].by_ns = (int64_t)llround(fit->steps[k]);
    }
    b->aligned = b->by_messages = true;
}

/* How well an input's clock serves as the report's: a capture's, one with years, one that nobody set back, any. */
static int score_of(const struct input *in)
{
    switch (in->first_stamp.kind) {
    case STAMP_UTC:
        return 6;
    case STAMP_DATE:
        return (in->set_back ? 2 : 4) + in->first_stamp.has_year;
    case STAMP_UPTIME:
        return 1;
    default:
        return 0;
    }
}

static uint32_t reference(const struct model *m)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < m->input_count; i++)
        if (score_of(&m->inputs[i]) > score_of(&m->inputs[best]))
            best = i;
    return best;
}

/* What brings a reading that has no year into the year of another, or into the year beside it where that is nearer. */
static int64_t years_between(int64_t without, int64_t with)
{
    int64_t guess = 1970 + with / NS_PER_DAY * 400 / 146097, best = 0;
    for (int64_t year = guess - 1; year <= guess + 1; year++) {
        const int64_t shift = stamp_in_year(without, year) - without;
        if (year == guess - 1 || llabs(without + shift - with) < llabs(without + best - with))
            best = shift;
    }
    return best;
}

/* What stands between one input's reading and another's, where not both have a year: also where one is of December and the other,
 * which has none either, of the January behind it. */
static int64_t years_apart(bool one_has, int64_t one, bool other_has, int64_t other)
{
    const int64_t most_of_a_year = 300 * NS_PER_DAY;
    if (one_has && !other_has)
        return years_between(other, one);
    if ((!one_has && other_has) || (!one_has && llabs(one - other) > most_of_a_year))
        return -years_between(one, other);
    return 0;
}

/* Without a common message, calendars are all there is: the year that one lacks is the other's. */
static void by_calendar(struct input *in, const struct input *ref)
{
    if (!in->first_stamp.kind || in->first_stamp.kind == STAMP_UPTIME || ref->first_stamp.kind == STAMP_UPTIME)
        return;
    in->offset_ns = in->has_zone ? in->zone_ns : 0;
    in->aligned = true;
    in->offset_ns += years_apart(in->first_stamp.has_year, in->first_stamp.ns, ref->first_stamp.has_year, ref->first_stamp.ns);
}

/* How far a clock is ahead at its input's first event: of the reference's, both freed of the zones that the user told, and of
 * the years that one of them does not print. */
static void tell_ahead(struct model *m, struct input *in, const struct input *ref)
{
    in->clock_of = ref->index;
    if (!in->aligned || !in->first_stamp.kind)
        return;
    int64_t shown = in->opening_ns - (in->has_zone ? in->zone_ns : 0);
    int64_t true_one = model_time_at(m, in->index, 1, in->opening_ns);
    const bool dates = in->first_stamp.kind != STAMP_UPTIME && ref->first_stamp.kind != STAMP_UPTIME;
    const int64_t years = dates ? years_apart(in->first_stamp.has_year, shown, ref->first_stamp.has_year, true_one) : 0;
    in->ahead_ns = shown - true_one - years;
}

/* Messages only tell between which of them a clock was stepped; the transitions between them tell at which line. */
static void narrow_step(const struct sightseers *s, const struct input *in, struct clock_step *step)
{
    int64_t last = step->before_ns;
    for (size_t i = s->first[in->index]; i < s->first[in->index + 1] && step->before; i++)
        for (const struct view *v = already(s, i) ? NULL : s->at[i].sa->views; v; v = v->next)
            for (const struct transition *t = v->input == in->index ? v->transitions : NULL; t; t = t->next) {
                if (t->line <= step->before || !t->time.kind)
                    continue;
                if (t->line >= step->place)
                    break;
                if (step->by_ns > 0 ? t->ns >= step->before_ns + step->by_ns : t->ns < last) {
                    step->place = t->line;
                    step->after_ns = t->ns;
                    break;
                }
                last = t->ns;
            }
}

/* ---- two routers' logs in one input ---- */

static uint32_t device_at(const struct input *in, uint32_t line)
{
    for (const struct part *p = in->parts; p; p = p->next)
        if (line >= p->first_line && line <= p->last_line)
            return p->device;
    return in->device;
}

/* How far one router's clock is ahead of the other's: at most, and at least, by the first messages there and back. Later ones
 * would tell of drift, which a part of an input has no place for. */
struct apart {
    uint32_t one, other;
    int64_t most, least;
    unsigned there, back;
};

static void measure_leg(const struct input *in, const struct leg *leg, struct apart *a)
{
    const struct sighting *sent = NULL, *received = NULL;
    for (const struct sighting *s = leg->seen; s; s = s->next) {
        bool ours = s->input == in->index && s->ns != TIME_UNKNOWN;
        if (ours && s->direction == DIRECTION_SENT && !sent)
            sent = s;
        if (ours && s->direction == DIRECTION_RECEIVED && !received)
            received = s;
    }
    if (!sent || !received)
        return;
    uint32_t from = device_at(in, sent->place), to = device_at(in, received->place);
    if (from == to || !from || !to)
        return;
    if (!a->one) {
        a->one = device_at(in, sent->place < received->place ? sent->place : received->place);
        a->other = a->one == from ? to : from;
    }
    int64_t took = received->ns - sent->ns;
    if (from == a->one && to == a->other && a->there < APART_SAMPLES) {
        a->most = !a->there || took < a->most ? took : a->most;
        a->there++;
    } else if (from == a->other && to == a->one && a->back < APART_SAMPLES) {
        a->least = !a->back || -took > a->least ? -took : a->least;
        a->back++;
    }
}

/* A step where the lines of the other begin, and one back where those of the first go on. */
static void steps_of_parts(struct input *in, const struct apart *a)
{
    int64_t ahead = a->there && a->back ? a->least + (a->most - a->least) / 2
                    : a->there          ? a->most - (int64_t)ONE_WAY_NS
                                        : a->least + (int64_t)ONE_WAY_NS;
    uint32_t now = a->one;
    uint8_t count = 0;
    for (const struct part *p = in->parts; p; p = p->next) {
        if (p->device == now || (p->device != a->one && p->device != a->other))
            continue;
        if (count == CLOCK_STEPS)
            return; /* they go to and fro: two terminals in one window */
        now = p->device;
        in->steps[count++] = (struct clock_step){ .device = now,
                                                  .place = p->first_line,
                                                  .by_ns = now == a->one ? -ahead : ahead };
    }
    in->step_count = count;
    in->parts_aligned = true;
}

static void align_parts(const struct sightseers *s, struct input *in)
{
    struct apart a = { 0 };
    if (!in->parts || !in->parts->next || in->step_count || !in->aligned)
        return;
    for (size_t i = s->first[in->index]; i < s->first[in->index + 1]; i++)
        for (const struct exchange *x = already(s, i) ? NULL : s->at[i].sa->exchanges; x; x = x->next) {
            measure_leg(in, &x->request, &a);
            measure_leg(in, &x->response, &a);
        }
    if (a.there || a.back)
        steps_of_parts(in, &a);
}

/* ---- zones ---- */

/* A configuration's `clock timezone NAME`: of the same router, or of all that have the name, where they agree. */
static bool zone_configured(const struct model *m, const struct input *in, struct text name, int64_t *east_ns)
{
    bool found = false, agree = true;
    for (const struct record *r = record_next(m, 0, "clock", NULL); r; r = record_next(m, 0, "clock", r)) {
        int64_t ns;
        if (!text_equal_nocase(r->title, name) || !zone_read(fact_get_text(r->facts, "offset"), &ns))
            continue;
        if (r->device && r->device == in->device) {
            *east_ns = ns;
            return true;
        }
        agree = agree && (!found || ns == *east_ns);
        *east_ns = ns;
        found = true;
    }
    return found && agree;
}

/* What a router's stamps call their zone: as a configuration has it, or as every atlas has. */
static void take_zone(const struct model *m, struct input *in)
{
    const struct text name = text_of(in->first_stamp.zone);
    int64_t ns = 0;
    if (in->zone_by == ZONE_BY_OPTION || in->first_stamp.kind != STAMP_DATE || !name.len)
        return;
    if (zone_configured(m, in, name, &ns))
        in->zone_by = ZONE_BY_CONFIGURATION;
    else if (zone_read(name, &ns) == ZONE_DOUBTLESS)
        in->zone_by = ZONE_BY_NAME;
    else
        return;
    in->has_zone = true;
    in->zone_ns = ns;
}

static bool align_to(struct sightseers *sight, struct input *in, const struct input *like, struct samples *s)
{
    struct fit fit = { 0 };
    sample_pair(sight, like->index, in->index, s);
    find_steps(s);
    if (!fit_clock(s, &fit))
        return false;
    place(in, like, s, &fit);
    is_aligned(sight, in->index);
    return true;
}

/* By the first of those that have seen the same messages and are aligned. */
static bool align_by_messages(struct model *m, struct sightseers *sight, uint32_t b, struct samples *s)
{
    struct input *in = &m->inputs[b];
    const uint32_t first = in->aligned || !in->first_stamp.kind ? NOBODY : companion_of(sight, b);
    const bool untried = !sight->tried[b];
    if (first == NOBODY || (untried && align_to(sight, in, &m->inputs[first], s)))
        return first != NOBODY;
    const size_t count = company_of(sight, b);
    for (size_t i = untried ? 1 : 0; i < count; i++) /* the first of them was tried just now */
        if (align_to(sight, in, &m->inputs[sight->company[i]], s))
            return true;
    return false;
}

/* What the logs themselves told of steps: of several routers in one it is unknown whose clock that was, and of the clock that others were
 * aligned with by messages, they show the step, the other way. */
static void forget_told(struct model *m, struct input *ref)
{
    for (size_t i = 0; i < m->input_count; i++) {
        struct input *in = &m->inputs[i];
        if (in->parts && in->parts->next && !in->by_messages)
            in->step_count = 0;
        if (in->by_messages)
            ref->step_count = 0;
    }
}

void clocks_align(struct model *m)
{
    if (m->input_count == 0)
        return;
    for (uint32_t i = 0; i < m->input_count; i++)
        take_zone(m, &m->inputs[i]);
    struct samples s = { .at = m->input_count > 1 ? memory_take(SAMPLES * sizeof(struct sample)) : NULL };
    uint32_t ref = reference(m);
    struct input *r = &m->inputs[ref];
    if (r->first_stamp.kind) {
        r->aligned = true;
        r->offset_ns = r->has_zone ? r->zone_ns : 0;
    }
    struct sightseers sight = { .at = NULL };
    look_round(m, &sight);
    if (r->aligned)
        is_aligned(&sight, ref);
    for (bool more = r->aligned; more;) {
        more = false;
        for (uint32_t b = 0; b < m->input_count; b++)
            more |= align_by_messages(m, &sight, b, &s);
    }
    for (uint32_t i = 0; i < m->input_count; i++)
        if (!m->inputs[i].aligned && r->aligned)
            by_calendar(&m->inputs[i], r);
    memory_free(s.at);
    forget_told(m, r);

    m->origin_ns = 0; /* model_time() is relative to it */
    int64_t origin = TIME_UNKNOWN;
    for (uint32_t i = 0; i < m->input_count; i++) {
        struct input *in = &m->inputs[i];
        for (uint8_t k = 0; k < in->step_count; k++)
            narrow_step(&sight, in, &in->steps[k]);
        tell_ahead(m, in, r);
        align_parts(&sight, in);
        int64_t t = in->aligned && in->first_stamp.kind ? model_time_at(m, i, in->first_place, in->first_stamp.ns) : TIME_UNKNOWN;
        if (t != TIME_UNKNOWN && (origin == TIME_UNKNOWN || t < origin))
            origin = t;
    }
    m->origin_ns = origin;
    look_away(&sight);
}
