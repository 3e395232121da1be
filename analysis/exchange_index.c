#include "analysis/exchange_index.h"

#include "base/map.h"

enum { FEW = 32, SIDES = 3 };

/* The types that logs name without a message id; others of those are rare, and walked. */
static const uint8_t slots[] = {
    0, EXCHANGE_IKE_SA_INIT, EXCHANGE_IKE_AUTH, EXCHANGE_CREATE_CHILD_SA, EXCHANGE_INFORMATIONAL, EXCHANGE_IKE_INTERMEDIATE
};
enum { SLOTS = COUNT_OF(slots) };

struct exchange_index {
    struct exchange *open[SLOTS][SIDES];   /* none before it in the list is open */
    struct exchange *newest[SLOTS][SIDES]; /* as far as was known when it was put in */
    uint32_t room;                         /* buckets, a power of 2 */
    struct exchange *at[];                 /* the newest of each; exchange.alike leads to the older ones */
};

static bool alike(const struct exchange *x, unsigned type, uint32_t message_id)
{
    return x->type == type && x->message_id == message_id;
}

bool exchange_may_be_of(const struct exchange *x, unsigned type, enum side from)
{
    return x->type == type && (x->from == from || !from || !x->from);
}

static struct exchange **bucket(struct exchange_index *index, unsigned type, uint32_t message_id)
{
    uint32_t key[2] = { type, message_id };
    return &index->at[hash_bytes(bytes_over(key, sizeof key)) & (index->room - 1)];
}

static int slot_of(unsigned type)
{
    for (int i = 0; i < SLOTS; i++)
        if (slots[i] == type)
            return i;
    return -1;
}

static void put(struct exchange_index *index, struct exchange *x)
{
    struct exchange **at = bucket(index, x->type, x->message_id);
    x->alike = *at;
    *at = x;
    int slot = slot_of(x->type);
    for (int from = 0; slot >= 0 && from < SIDES; from++) {
        if (!exchange_may_be_of(x, x->type, (enum side)from))
            continue;
        index->newest[slot][from] = x;
        if (!index->open[slot][from])
            index->open[slot][from] = x;
    }
}

/* NULL: the list is short. */
static struct exchange_index *index_of(struct ike_sa *sa)
{
    struct exchange_index *index = sa->index;
    if (sa->exchange_count <= FEW)
        return NULL;
    if (index && index->room >= sa->exchange_count)
        return index;
    uint32_t room = 4 * FEW;
    while (room < 2 * sa->exchange_count)
        room *= 2;
    exchange_index_drop(sa);
    index = memory_take(sizeof *index + room * sizeof index->at[0]);
    index->room = room;
    for (struct exchange *x = sa->exchanges; x; x = x->next)
        put(index, x);
    sa->index = index;
    return index;
}

static struct exchange *from_here(struct exchange *x, unsigned type, uint32_t message_id)
{
    while (x && !alike(x, type, message_id))
        x = x->alike;
    return x;
}

struct exchange *exchange_alike(struct ike_sa *sa, unsigned type, uint32_t message_id)
{
    struct exchange_index *index = index_of(sa);
    struct exchange *newest = NULL;
    if (index)
        return from_here(*bucket(index, type, message_id), type, message_id);
    for (struct exchange *x = sa->exchanges; x; x = x->next)
        if (alike(x, type, message_id)) {
            x->alike = newest;
            newest = x;
        }
    return newest;
}

struct exchange *exchange_alike_before(const struct exchange *x)
{
    return from_here(x->alike, x->type, x->message_id);
}

struct exchange *exchange_open(struct ike_sa *sa, unsigned type, enum side from)
{
    struct exchange_index *index = index_of(sa);
    int slot = index ? slot_of(type) : -1;
    struct exchange *x = slot >= 0 ? index->open[slot][from] : sa->exchanges;
    while (x && (x->response.copies || !exchange_may_be_of(x, type, from)))
        x = x->next;
    if (slot >= 0)
        index->open[slot][from] = x; /* what was passed is answered, or another's, and stays so */
    return x;
}

struct exchange *exchange_newest(struct ike_sa *sa, unsigned type, enum side from)
{
    struct exchange_index *index = index_of(sa);
    int slot = index ? slot_of(type) : -1;
    struct exchange *newest = slot >= 0 ? index->newest[slot][from] : NULL;
    if (slot >= 0 && (!newest || exchange_may_be_of(newest, type, from)))
        return newest;
    newest = NULL; /* a short list, or it turned out to be the other side's */
    for (struct exchange *x = sa->exchanges; x; x = x->next)
        if (exchange_may_be_of(x, type, from))
            newest = x;
    if (slot >= 0)
        index->newest[slot][from] = newest;
    return newest;
}

void exchange_index_add(struct ike_sa *sa, struct exchange *x)
{
    if (sa->index)
        put(sa->index, x);
}

void exchange_index_drop(struct ike_sa *sa)
{
    memory_free(sa->index);
    sa->index = NULL;
}
