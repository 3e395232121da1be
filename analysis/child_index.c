#include "analysis/child_index.h"

#include "base/map.h"

enum { FEW = 32, KEYS = 4 };

/* What a child is found by. An SPI that is not known is a number, too, as one of the two may be all that was told. */
enum key_kind { BY_NOTHING, BY_SPIS, BY_SPI_I, BY_SPI_R, BY_EXCHANGE };

struct key {
    uint64_t kind, a, b;
};

struct child_index {
    struct child_sa *open;
    uint32_t room, used; /* a power of 2; at most half of it */
    struct slot {
        enum key_kind kind; /* BY_NOTHING: free */
        struct child_sa *child;
    } at[];
};

static struct key key_of(const struct child_sa *c, enum key_kind kind)
{
    switch (kind) {
    case BY_SPIS:
        return (struct key){ kind, c->spi_i.value, c->spi_r.value };
    case BY_SPI_I:
        return (struct key){ kind, c->spi_i.value, 0 };
    case BY_SPI_R:
        return (struct key){ kind, c->spi_r.value, 0 };
    case BY_EXCHANGE:
        return (struct key){ c->of_exchange ? BY_EXCHANGE : BY_NOTHING, c->message_id, c->from };
    default:
        return (struct key){ BY_NOTHING, 0, 0 };
    }
}

static bool key_equal(struct key x, struct key y)
{
    return x.kind == y.kind && x.a == y.a && x.b == y.b;
}

/* The slot of the first that has this key, as far as it is still told by that; else a free one. */
static struct slot *slot_of(struct child_index *index, struct key key)
{
    uint32_t n = (uint32_t)hash_bytes(bytes_over(&key, sizeof key)) & (index->room - 1);
    while (index->at[n].kind && !(index->at[n].kind == key.kind && key_equal(key_of(index->at[n].child, index->at[n].kind), key)))
        n = (n + 1) & (index->room - 1);
    return &index->at[n];
}

static void put(struct child_index *index, struct child_sa *c)
{
    for (enum key_kind kind = BY_SPIS; kind <= BY_EXCHANGE; kind++) {
        const struct key key = key_of(c, kind);
        struct slot *at = key.kind ? slot_of(index, key) : NULL;
        if (!at || (at->kind && at->child->number <= c->number))
            continue;
        index->used += !at->kind;
        *at = (struct slot){ kind, c };
    }
}

/* With room for one more; NULL: the list is short. */
static struct child_index *made(struct ike_sa *sa)
{
    struct child_index *index = sa->child_index;
    if (sa->child_count <= FEW)
        return NULL;
    if (index && index->used + KEYS <= index->room / 2)
        return index;
    uint32_t room = 4 * KEYS * FEW;
    while (room < 4 * KEYS * sa->child_count)
        room *= 2;
    child_index_drop(sa);
    index = memory_take(sizeof *index + room * sizeof index->at[0]);
    index->room = room;
    index->open = sa->children;
    for (struct child_sa *c = sa->children; c; c = c->sibling)
        put(index, c);
    sa->child_index = index;
    return index;
}

static struct child_sa *found(struct child_index *index, enum key_kind kind, uint64_t a, uint64_t b)
{
    const struct slot *at = slot_of(index, (struct key){ kind, a, b });
    return at->kind ? at->child : NULL;
}

static bool may_be(const struct child_sa *c, struct spi spi_i, struct spi spi_r)
{
    bool i = spi_known(spi_i) && spi_known(c->spi_i), r = spi_known(spi_r) && spi_known(c->spi_r);
    return (i && spi_equal(c->spi_i, spi_i) && (!r || spi_equal(c->spi_r, spi_r))) ||
           (r && spi_equal(c->spi_r, spi_r) && (!i || spi_equal(c->spi_i, spi_i))) ||
           (!i && !r && !spi_known(c->spi_i) && !spi_known(c->spi_r) && !c->of_exchange);
}

struct child_sa *child_index_find(const struct ike_sa *sa, struct spi spi_i, struct spi spi_r)
{
    struct child_index *index = sa->child_index;
    const uint64_t i = spi_known(spi_i) ? spi_i.value : 0, r = spi_known(spi_r) ? spi_r.value : 0;
    struct child_sa *first = NULL;
    for (struct child_sa *c = index ? NULL : sa->children; c; c = c->sibling)
        if (may_be(c, spi_i, spi_r))
            return c;
    if (!index)
        return NULL;
    struct child_sa *const candidates[] = {
        found(index, BY_SPIS, i, r), i ? found(index, BY_SPIS, i, 0) : NULL,        r ? found(index, BY_SPIS, 0, r) : NULL,
        found(index, BY_SPIS, 0, 0), i && !r ? found(index, BY_SPI_I, i, 0) : NULL, r && !i ? found(index, BY_SPI_R, r, 0) : NULL,
    };
    for (size_t n = 0; n < COUNT_OF(candidates); n++) {
        struct child_sa *c = candidates[n];
        if (c && may_be(c, spi_i, spi_r) && (!first || c->number < first->number))
            first = c;
    }
    return first;
}

struct child_sa *child_index_receiver(const struct ike_sa *sa, enum side receiver, uint64_t spi)
{
    struct child_index *index = sa->child_index;
    if (index)
        return spi ? found(index, receiver == SIDE_INITIATOR ? BY_SPI_I : BY_SPI_R, spi, 0) : NULL;
    for (struct child_sa *c = sa->children; c; c = c->sibling)
        if ((receiver == SIDE_INITIATOR ? c->spi_i : c->spi_r).value == spi && spi)
            return c;
    return NULL;
}

struct child_sa *child_index_exchange(const struct ike_sa *sa, const struct exchange *x)
{
    struct child_index *index = sa->child_index;
    if (index)
        return found(index, BY_EXCHANGE, x->message_id, x->from);
    for (struct child_sa *c = sa->children; c; c = c->sibling)
        if (c->of_exchange && c->message_id == x->message_id && c->from == x->from)
            return c;
    return NULL;
}

bool child_is_open(const struct child_sa *c)
{
    return !c->rekeyed_by && c->outcome != SA_DELETED && !c->initiator_deleted && !c->responder_deleted;
}

struct child_sa *child_index_open(struct ike_sa *sa)
{
    struct child_index *index = sa->child_index;
    struct child_sa *c = index ? index->open : sa->children;
    while (c && !child_is_open(c) && (c->sibling || !index)) /* behind the last there may be another yet */
        c = c->sibling;
    if (index)
        index->open = c;
    return c && child_is_open(c) ? c : NULL;
}

void child_index_add(struct ike_sa *sa, struct child_sa *c)
{
    struct child_index *index = made(sa);
    if (index)
        put(index, c);
}

void child_index_drop(struct ike_sa *sa)
{
    memory_free(sa->child_index);
    sa->child_index = NULL;
}
