#include "analysis/diagnose.h"
#include "analysis/mended.h"

#include <stdlib.h>

#include "analysis/rule.h"
#include "analysis/sas_at.h"
#include "analysis/symptoms.h"
#include "analysis/takeover.h"
#include "analysis/tunnels.h"
#include "analysis/ways.h"
#include "base/workers.h"

const struct rule *rule_find(struct text id)
{
    for (size_t i = 0; i < rule_count; i++)
        if (text_equal(text_of(rules[i]->id), id))
            return rules[i];
    return NULL;
}

static int by_rank(const void *a, const void *b)
{
    const struct rule *x = *(const struct rule *const *)a, *y = *(const struct rule *const *)b;
    return x->rank != y->rank ? (x->rank < y->rank ? -1 : 1) : strcmp(x->id, y->id);
}

static int by_weight(const void *a, const void *b)
{
    const struct finding *x = *(const struct finding *const *)a, *y = *(const struct finding *const *)b;
    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    if (x->confidence != y->confidence)
        return x->confidence > y->confidence ? -1 : 1;
    if (x->first_ns != y->first_ns && x->first_ns != TIME_UNKNOWN && y->first_ns != TIME_UNKNOWN)
        return x->first_ns < y->first_ns ? -1 : 1;
    uint32_t sx = x->ike_sa ? x->ike_sa->number : 0, sy = y->ike_sa ? y->ike_sa->number : 0;
    if (sx != sy)
        return sx < sy ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static void sort(struct model *m)
{
    uint32_t count = 0;
    for (const struct finding *f = m->findings; f; f = f->next)
        count++;
    if (count == 0)
        return;
    struct finding **at = arena_array(m->run, struct finding *, count);
    count = 0;
    for (struct finding *f = m->findings; f; f = f->next) {
        f->number = count + 1; /* the order of discovery decides last */
        at[count++] = f;
    }
    qsort(at, count, sizeof *at, by_weight);
    for (uint32_t i = 0; i < count; i++) {
        at[i]->number = i + 1;
        at[i]->next = i + 1 < count ? at[i + 1] : NULL;
    }
    m->findings = at[0];
}

/* An IKE SA or a Child SA before the rules, in the order in which they are asked. */
struct judged {
    struct ike_sa *sa;
    struct child_sa *child; /* or NULL */
    uint32_t from;          /* the rules for such before this one have nothing to say of it */
};

static void ask(struct model *m, const struct rule *r, const struct judged *j)
{
    if (j->child) {
        r->child(m, r, j->child);
    } else {
        r->sa(m, r, j->sa);
        tunnel_refusal(m, r, j->sa);
    }
}

/* The rules for each, in order. */
struct asked {
    const struct rule **of_sa, **of_child;
    size_t of_sa_count, of_child_count;
};

static const struct rule *rule_for(const struct asked *a, const struct judged *j, size_t i) /* NULL: there are no more */
{
    return j->child ? (i < a->of_child_count ? a->of_child[i] : NULL) : i < a->of_sa_count ? a->of_sa[i] : NULL;
}

/* ---- on all cores ---- */

/*
 * Most rules have nothing to say of most SAs, and that may be found in any order: what was found before only ever silences a
 * rule. So where there are many SAs each core tries the rules on some of them, and only what is left, each from the first rule
 * that has something to say, is judged in order. A trial sees the model with memory of its own.
 */
struct trial {
    struct job job;
    const struct model *of;
    const struct asked *asked;
    struct judged *first;
    size_t count;
};
enum { TRIALS = 64, TRIAL_LEAST = 64 };

static void try_rules(struct job *job, unsigned worker)
{
    struct trial *t = (struct trial *)job; /* its first member */
    struct record_index index = { .count = 0 };
    bool speaks = false;
    struct model m = *t->of;
    (void)worker;
    m.run = arena_create();
    m.record_index = &index;
    m.on_trial = &speaks;
    for (size_t i = 0; i < t->count; i++) {
        struct judged *j = &t->first[i];
        const struct rule *r;
        speaks = false;
        for (j->from = 0; (r = rule_for(t->asked, j, j->from)) != NULL; j->from++) {
            ask(&m, r, j);
            if (speaks)
                break;
        }
        arena_reset(m.run);
    }
    if (limits_total(&m.limits) != limits_total(&t->of->limits)) /* a limit was passed: to be counted in order */
        for (size_t i = 0; i < t->count; i++)
            t->first[i].from = 0;
    arena_destroy(m.run);
}

/* What configurations, show output and keys tell is made ready when it is asked for. */
static bool logs_alone(const struct model *m)
{
    for (size_t i = 0; i < m->input_count; i++)
        if (m->inputs[i].kind == INPUT_CAPTURE || m->inputs[i].kind == INPUT_KEYS)
            return false;
    return !m->records;
}

static void try_all(const struct model *m, const struct asked *asked, struct judged *all, size_t count)
{
    if (m->options.threads < 2 || count < 2 * TRIAL_LEAST || !logs_alone(m))
        return;
    struct trial trials[TRIALS];
    const size_t each = count / TRIALS < TRIAL_LEAST ? TRIAL_LEAST : count / TRIALS + 1;
    size_t n = 0;
    struct workers *w = workers_create(m->options.threads);
    for (size_t at = 0; at < count; at += each, n++) {
        trials[n] = (struct trial){ .job = { .run = try_rules }, .of = m, .asked = asked, .first = &all[at] };
        trials[n].count = count - at < each ? count - at : each;
        workers_give(w, &trials[n].job);
    }
    for (size_t i = 0; i < n; i++)
        workers_finish(w, &trials[i].job);
    workers_destroy(w);
}

static void judge(struct model *m, const struct asked *asked)
{
    size_t n = 1;
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        n++;
    for (const struct child_sa *child = m->child_sas; child; child = child->next)
        n++;
    struct judged *all = memory_take(n * sizeof *all);
    n = 0;
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        all[n++].sa = sa;
    for (struct child_sa *child = m->child_sas; child; child = child->next)
        all[n++].child = child;
    try_all(m, asked, all, n);
    const struct rule *r;
    for (size_t i = 0; i < n; i++)
        for (size_t k = all[i].from; (r = rule_for(asked, &all[i], k)) != NULL; k++)
            ask(m, r, &all[i]);
    memory_free(all);
}

void diagnose(struct model *m)
{
    const struct rule **order = arena_array(m->run, const struct rule *, rule_count + 1);
    for (size_t i = 0; i < rule_count; i++)
        order[i] = rules[i];
    qsort(order, rule_count, sizeof *order, by_rank);
    struct asked asked = { .of_sa = arena_array(m->run, const struct rule *, rule_count + 1),
                           .of_child = arena_array(m->run, const struct rule *, rule_count + 1) };
    for (size_t i = 0; i < rule_count; i++) {
        if (order[i]->sa)
            asked.of_sa[asked.of_sa_count++] = order[i];
        if (order[i]->child)
            asked.of_child[asked.of_child_count++] = order[i];
    }
    m->record_index->platform_known = false;
    loose_settle(m);
    ways_count_cut(m);
    judge(m, &asked);
    for (size_t i = 0; i < rule_count; i++) {
        if (order[i]->whole)
            order[i]->whole(m, order[i]);
        tunnels_judge(m, order[i]);
    }
    takeover_tell(m);
    mended_tell(m);
    map_clear(&m->findings_about);
    sas_at_forget(m);
    sort(m);
}
