#include "analysis/diagnose.h"

#include <stdlib.h>

#include "analysis/rule.h"
#include "analysis/takeover.h"

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

void diagnose(struct model *m)
{
    const struct rule **order = arena_array(m->run, const struct rule *, rule_count + 1);
    for (size_t i = 0; i < rule_count; i++)
        order[i] = rules[i];
    qsort(order, rule_count, sizeof *order, by_rank);
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        for (size_t i = 0; i < rule_count; i++)
            if (order[i]->sa)
                order[i]->sa(m, order[i], sa);
    for (struct child_sa *child = m->child_sas; child; child = child->next)
        for (size_t i = 0; i < rule_count; i++)
            if (order[i]->child)
                order[i]->child(m, order[i], child);
    for (size_t i = 0; i < rule_count; i++)
        if (order[i]->whole)
            order[i]->whole(m, order[i]);
    takeover_tell(m);
    map_clear(&m->findings_about);
    sort(m);
}
