#include "reporters/peers.h"

#include <stdlib.h>

struct key {
    struct address low, high;
};

static struct bytes key_of(const struct ike_sa *sa, struct key *k)
{
    struct address a = sa->initiator.endpoint.address, b = sa->responder.endpoint.address;
    bool swap = address_compare(a, b) > 0;
    memset(k, 0, sizeof *k);
    k->low = swap ? b : a;
    k->high = swap ? a : b;
    return bytes_over(k, sizeof *k);
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
    pair->first = sa;
    pair->order = (uint32_t)p->count++;
    map_put(&p->by_key, arena_bytes(p->arena, bytes_over(&k, sizeof k)), pair);
    return pair;
}

static enum pair_state state_of(const struct pair *p)
{
    bool error = p->finding && p->finding->severity == SEVERITY_ERROR;
    switch ((enum sa_outcome)p->last->outcome) {
    case SA_FAILED: return PAIR_FAILED;
    case SA_INCOMPLETE: return p->outcomes[SA_ESTABLISHED] ? PAIR_IMPAIRED : PAIR_INCOMPLETE;
    case SA_DELETED: return p->outcomes[SA_ESTABLISHED] ? PAIR_UP : PAIR_DOWN;
    case SA_REKEYED:
    case SA_ESTABLISHED: break;
    }
    return error ? PAIR_IMPAIRED : PAIR_UP;
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

struct peers peers_of(const struct model *m, struct arena *arena)
{
    struct peers p = { .arena = arena };
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        struct pair *pair = pair_for(&p, sa);
        pair->last = sa;
        pair->count++;
        if (sa->outcome <= SA_DELETED)
            pair->outcomes[sa->outcome]++;
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
        if (!pair->finding || f->severity > pair->finding->severity)
            pair->finding = f;
    }
    p.at = arena_array(arena, struct pair *, p.count + 1);
    for (size_t i = 0, n = 0; i < p.by_key.count; i++) {
        struct pair *pair = p.by_key.entries[i].value;
        pair->state = (uint8_t)state_of(pair);
        p.at[n++] = pair;
    }
    qsort(p.at, p.count, sizeof *p.at, by_need);
    return p;
}

void peers_clear(struct peers *p)
{
    map_clear(&p->by_key);
}

const char *pair_state_word(enum pair_state s)
{
    static const char *const words[] = { [PAIR_FAILED] = "FAILED", [PAIR_INCOMPLETE] = "INCOMPLETE", [PAIR_DOWN] = "DOWN",
                                         [PAIR_IMPAIRED] = "IMPAIRED", [PAIR_UP] = "UP" };
    return words[s];
}
