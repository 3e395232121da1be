#include "reporters/peers.h"

#include "reporters/words.h"

#include <stdlib.h>

struct end {
    struct address address;
    uint32_t device, input;
};

struct key {
    struct end low, high;
};

/* An end without an address is told from others by its router, else by the log that speaks of it. */
static struct end end_of(const struct party *p, const struct ike_sa *sa)
{
    struct end e;
    memset(&e, 0, sizeof e);
    e.address = p->endpoint.address;
    bool unknown = sa->initiator.endpoint.address.family == ADDRESS_NONE && sa->responder.endpoint.address.family == ADDRESS_NONE;
    if (unknown && sa->views) /* a log that does not tell who began still tells local and remote */
        e.address = p == &sa->initiator ? sa->views->local.address : sa->views->remote.address;
    if (e.address.family == ADDRESS_NONE && p->device)
        e.device = p->device;
    else if (e.address.family == ADDRESS_NONE)
        e.input = (sa->views ? sa->views->input : sa->first_input) + 1;
    return e;
}

static struct bytes key_of(const struct ike_sa *sa, struct key *k)
{
    struct end a = end_of(&sa->initiator, sa), b = end_of(&sa->responder, sa);
    int order = address_compare(a.address, b.address);
    bool swap = order > 0 || (order == 0 && memcmp(&a, &b, sizeof a) > 0);
    memset(k, 0, sizeof *k);
    k->low = swap ? b : a;
    k->high = swap ? a : b;
    return bytes_over(k, sizeof *k);
}

static unsigned knowledge(const struct ike_sa *sa)
{
    return (sa->initiator.endpoint.address.family != ADDRESS_NONE) + (sa->responder.endpoint.address.family != ADDRESS_NONE) +
           (sa->initiator.device != 0) + (sa->responder.device != 0);
}

const struct pair *peers_find(const struct peers *p, const struct ike_sa *sa)
{
    struct key k;
    return map_find(&p->by_key, key_of(sa, &k));
}

static struct pair *pair_for(struct peers *p, const struct ike_sa *sa)
{
    struct key k;
    struct pair *pair = map_find(&p->by_key, key_of(sa, &k));
    if (pair)
        return pair;
    pair = arena_new(p->arena, struct pair);
    pair->a = sa->initiator.endpoint.address;
    pair->b = sa->responder.endpoint.address;
    pair->first = pair->best = sa;
    pair->order = (uint32_t)p->count++;
    map_put(&p->by_key, arena_bytes(p->arena, bytes_over(&k, sizeof k)), pair);
    return pair;
}

static enum pair_state state_of(const struct pair *p)
{
    bool error = p->trouble;
    switch ((enum sa_outcome)p->last->outcome) {
    case SA_FAILED:
        return PAIR_FAILED;
    case SA_INCOMPLETE:
        return p->outcomes[SA_ESTABLISHED] ? PAIR_IMPAIRED : PAIR_INCOMPLETE;
    case SA_DELETED:
        if (p->last->redirected)
            return PAIR_REDIRECTED;
        if (!p->outcomes[SA_ESTABLISHED])
            return PAIR_DOWN;
        break;
    case SA_REKEYED:
    case SA_ESTABLISHED:
        break;
    }
    if (error || p->one_way)
        return error ? PAIR_IMPAIRED : PAIR_ONE_WAY;
    return p->last->sealed_guess ? PAIR_LIKELY_UP : PAIR_UP;
}

static int by_need(const void *a, const void *b)
{
    const struct pair *x = *(struct pair *const *)a, *y = *(struct pair *const *)b;
    if (x->state != y->state)
        return x->state < y->state ? -1 : 1;
    bool ex = x->finding && x->finding->severity == SEVERITY_ERROR, ey = y->finding && y->finding->severity == SEVERITY_ERROR;
    if (ex != ey)
        return ex ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static bool tells_one_way(const struct finding *f)
{
    return f->severity >= SEVERITY_WARNING && (strcmp(f->rule, "no-return-traffic") == 0 || strcmp(f->rule, "one-way-path") == 0);
}

/* It was all over before the last attempt began, which failed: it is not what fails now. */
static bool is_past(const struct pair *p, const struct finding *f)
{
    return p->last->outcome == SA_FAILED && f->ike_sa != p->last && f->last_ns != TIME_UNKNOWN &&
           p->last->first_ns != TIME_UNKNOWN && f->last_ns < p->last->first_ns;
}

static bool tells_more(const struct pair *p, const struct finding *f)
{
    return !p->finding || f->severity > p->finding->severity ||
           (f->severity == p->finding->severity && is_past(p, p->finding) && !is_past(p, f));
}

/* What an attempt lacks stands in none of the inputs that it was seen in, since one of them ends early. */
static bool is_cut_off(const struct pair *p, const struct finding *f)
{
    if (p->last->outcome != SA_INCOMPLETE || (p->finding && p->finding->severity > SEVERITY_NOTE))
        return false;
    for (const struct finding_line *l = f->evidence; l; l = l->next)
        for (const struct view *v = p->last->views; v; v = v->next)
            if (v->input == l->input)
                return true;
    return false;
}

/* Why a pair has not finished may be told of an input, and of no SA. */
static void explain_incomplete(const struct model *m, struct peers *p)
{
    for (const struct finding *f = m->findings; f; f = f->next)
        if (!f->ike_sa && f->severity == SEVERITY_WARNING && strcmp(f->rule, "input-truncated") == 0)
            for (size_t i = 0; i < p->count; i++)
                if (is_cut_off(p->at[i], f))
                    p->at[i]->finding = f;
}

struct peers peers_of(const struct model *m, struct arena *arena)
{
    struct peers p = { .arena = arena };
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        struct pair *pair = pair_for(&p, sa);
        pair->last = sa;
        if (knowledge(sa) > knowledge(pair->best))
            pair->best = sa;
        pair->count++;
        if (sa->outcome <= SA_DELETED)
            pair->outcomes[sa->outcome]++;
        pair->childless += ike_sa_childless(sa);
        for (const struct child_sa *c = sa->children; c; c = c->sibling) {
            pair->children++;
            pair->children_up += c->outcome == SA_ESTABLISHED;
        }
    }
    for (const struct finding *f = m->findings; f; f = f->next) {
        struct key k;
        struct pair *pair = f->ike_sa ? map_find(&p.by_key, key_of(f->ike_sa, &k)) : NULL;
        if (!pair)
            continue;
        pair->finding_count++;
        pair->trouble |= f->severity == SEVERITY_ERROR && (pair->outcomes[SA_DELETED] || !ike_sa_mends(pair->last, f->ike_sa));
        pair->one_way |= tells_one_way(f);
        pair->idle |= f->severity == SEVERITY_NOTE && strcmp(f->rule, "no-traffic") == 0;
        if (tells_more(pair, f))
            pair->finding = f;
    }
    p.several = m->ike_sa_count > SAS_ALL_DRAWN;
    p.many = m->ike_sa_count > SAS_IN_ORDER;
    p.at = arena_array(arena, struct pair *, p.count + 1);
    for (size_t i = 0, n = 0; i < p.by_key.count; i++) {
        struct pair *pair = p.by_key.entries[i].value;
        pair->state = (uint8_t)state_of(pair);
        p.at[n++] = pair;
    }
    explain_incomplete(m, &p);
    qsort(p.at, p.count, sizeof *p.at, by_need);
    return p;
}

size_t peers_told(const struct peers *p)
{
    size_t troubled = 0;
    while (troubled < p->count && p->at[troubled]->state < PAIR_LIKELY_UP)
        troubled++;
    return p->count <= PAIRS_FEW || !troubled ? p->count : troubled;
}

void peers_clear(struct peers *p)
{
    map_clear(&p->by_key);
}

unsigned ike_sa_need(const struct ike_sa *sa)
{
    return sa->outcome == SA_FAILED ? 0 : sa->outcome == SA_INCOMPLETE || ike_sa_childless(sa) ? 1 : 2;
}

size_t peers_drawn(const struct model *m, size_t most, const struct ike_sa **into)
{
    const bool in_order = m->ike_sa_count <= most && m->ike_sa_count <= SAS_IN_ORDER;
    size_t n = 0;
    for (unsigned round = 0; round < (in_order ? 1 : SA_NEEDS); round++)
        for (const struct ike_sa *sa = m->ike_sas; sa && n < most; sa = sa->next)
            if (in_order || ike_sa_need(sa) == round)
                into[n++] = sa;
    return n;
}

const char *pair_state_word(enum pair_state s)
{
    static const char *const words[] = { [PAIR_FAILED] = "FAILED",       [PAIR_INCOMPLETE] = "INCOMPLETE",
                                         [PAIR_DOWN] = "DOWN",           [PAIR_IMPAIRED] = "IMPAIRED",
                                         [PAIR_ONE_WAY] = "ONE WAY",     [PAIR_REDIRECTED] = "REDIRECTED",
                                         [PAIR_LIKELY_UP] = "LIKELY UP", [PAIR_UP] = "UP" };
    return words[s];
}

void peers_states(const struct peers *p, size_t from, size_t to, struct buffer *out)
{
    static const char *const words[] = { [PAIR_FAILED] = "failed",
                                         [PAIR_INCOMPLETE] = "incomplete",
                                         [PAIR_DOWN] = "down",
                                         [PAIR_IMPAIRED] = "impaired",
                                         [PAIR_ONE_WAY] = "one way only",
                                         [PAIR_REDIRECTED] = "redirected",
                                         [PAIR_LIKELY_UP] = "likely up",
                                         [PAIR_UP] = "up" };
    uint32_t count[PAIR_UP + 1] = { 0 };
    const char *before = "";
    for (size_t i = from; i < to; i++)
        count[p->at[i]->state <= PAIR_UP ? p->at[i]->state : 0]++;
    for (size_t s = PAIR_FAILED; s <= PAIR_UP; s++)
        if (count[s]) {
            buffer_format(out, "%s%u %s", before, count[s], words[s]);
            before = ", ";
        }
}

void pair_figures(const struct model *m, const struct pair *pair, bool brief, struct buffer *out)
{
    count_print(pair->count, "IKE SA", "IKE SAs", out);
    if (pair->count > 1) {
        const char *before = " (";
        for (size_t i = 0; i <= SA_DELETED; i++)
            if (pair->outcomes[i]) {
                buffer_format(out, "%s%u %s", before, pair->outcomes[i], sa_outcome_name((enum sa_outcome)i));
                before = ", ";
            }
        buffer_byte(out, ')');
    }
    if (pair->childless && pair->count > 1)
        buffer_format(out, ", %u without a Child SA", pair->childless);
    else if (pair->childless)
        buffer_string(out, " without a Child SA");
    if (pair->children) {
        buffer_string(out, ", ");
        count_print(pair->children, "Child SA", "Child SAs", out);
        if (pair->children_up != pair->children)
            buffer_format(out, " (%u established)", pair->children_up);
    }
    if (pair->idle && pair->state >= PAIR_LIKELY_UP)
        buffer_string(out, ", no traffic yet");
    /* clocks of two inputs are not one: then it is the last SA's time that is told, since the state is that one's */
    bool one_clock = pair->last->first_input == pair->first->first_input;
    const struct ike_sa *from = one_clock ? pair->first : pair->last;
    const struct input *in = model_input(m, from->first_input);
    struct stamp first = from->first, last = pair->last->last;
    if (!first.kind)
        return;
    buffer_string(out, one_clock ? ", " : ", the last ");
    if (!brief) {
        span_print(in, first, last, out);
        return;
    }
    first.digits = 3;
    stamp_print(first, out);
    if (last.kind && last.ns > first.ns) {
        buffer_string(out, " for ");
        duration_print(last.ns - first.ns - set_forward(in, first.ns, last.ns), out);
    }
}

static bool same_course(const struct ike_sa *a, const struct ike_sa *b)
{
    if (a->outcome != b->outcome || a->exchange_count != b->exchange_count || a->child_count != b->child_count)
        return false;
    const struct exchange *x = a->exchanges, *y = b->exchanges;
    for (; x && y; x = x->next, y = y->next)
        if (x->type != y->type || x->from != y->from || x->outcome != y->outcome)
            return false;
    const struct view *v = a->views, *w = b->views;
    for (; v && w; v = v->next, w = w->next)
        if (v->role != w->role || v->final_state != w->final_state)
            return false;
    return !v && !w;
}

bool peers_same_course(const struct peers *p, const struct ike_sa *a, const struct ike_sa *b)
{
    if (!same_course(a, b))
        return false;
    return p->many || (peers_find(p, a) == peers_find(p, b) && (p->several || a->outcome == SA_FAILED));
}

static bool chosen_alike(const struct peers *p, const struct ike_sa *const *chosen, size_t n, const struct ike_sa *sa)
{
    for (size_t i = 0; i < n; i++)
        if (peers_same_course(p, chosen[i], sa))
            return true;
    return false;
}

static int by_number(const void *a, const void *b)
{
    const struct ike_sa *const *x = a, *const *y = b;
    return (*x)->number < (*y)->number ? -1 : (*x)->number > (*y)->number;
}

size_t peers_chosen(const struct model *m, const struct peers *p, size_t most, const struct ike_sa **into)
{
    size_t n = 0;
    for (unsigned round = 0; round < SA_NEEDS && !(n && p->many && round == SA_NEEDS - 1); round++)
        for (const struct ike_sa *sa = m->ike_sas; sa && n < most; sa = sa->next)
            if (ike_sa_need(sa) == round && !chosen_alike(p, into, n, sa))
                into[n++] = sa;
    if (n < most) /* else not all are there, and the failing ones stay in front */
        qsort(into, n, sizeof *into, by_number);
    return n;
}
