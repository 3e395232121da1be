/*
 * Which objects of a router's configuration are at work towards a peer: found by what names what, from those that name the
 * peer's address. Where nothing leads to an object of a kind, the few that there are of it are shown.
 *
 * A hub has objects for thousands of peers, and each of its SAs asks: so what names what is put in a map once, and what was found
 * towards a peer is kept.
 */
#include <stdlib.h>

#include "base/map.h"
#include "reporters/walkthrough.h"

enum { REACHED = 64, FEW = 4, ROUNDS = 6 };

/* What an object can be of use for. */
enum role { SEED = 1, LINKED = 2, BACKWARD = 4, HOLDER = 8, POLICY = 16 };

/* {the kinds of objects, what they are} */
static const struct {
    const char *kinds;
    enum role role;
} roles[] = {
    { "crypto-map interface ikev2-keyring tunnel-group", SEED }, /* where a peer's address stands */
    { "ikev2-proposal ikev2-keyring ikev2-profile transform-set ipsec-proposal ipsec-profile access-list tunnel-group", LINKED },
    { "ikev2-profile ipsec-profile interface crypto-map", BACKWARD },   /* they name what they use … */
    { "ikev2-keyring ikev2-profile ipsec-profile crypto-map", HOLDER }, /* … of these */
    { "ikev2-policy", POLICY },                                         /* for all peers */
};

struct node {
    const struct record *record;
    size_t order;
    unsigned roles;
};

struct link {                 /* the objects that a key leads to, in their order */
    struct link *next, *last; /* last, count: of the first of them */
    const struct node *node;
    size_t count;
};

struct reach {
    const struct node *at[REACHED];
    size_t count;
};

/* What a key is of; a router, and a text, an address or nothing more stand behind it. */
enum key {
    KEY_CONFIG,  /* any object but the hostname */
    KEY_KIND,    /* objects of that kind */
    KEY_POLICY,  /* POLICY */
    KEY_TITLED,  /* LINKED objects of that name */
    KEY_NAMING,  /* BACKWARD objects in which that word stands */
    KEY_SEED,    /* SEED objects of that name, or in which that word stands … */
    KEY_TOWARDS, /* … or that address */
    KEY_OWNER,   /* interfaces that have the address, of any router */
    KEY_REACH    /* struct reach: what is at work towards that address */
};

struct config_web {
    const struct model *m;
    struct arena *arena;
    struct node *nodes;
    size_t count;
    struct map map;
    struct buffer key;
};

static struct bytes key_of(struct config_web *w, enum key key, uint32_t device, struct bytes more)
{
    buffer_reset(&w->key);
    buffer_byte(&w->key, (uint8_t)key);
    buffer_put(&w->key, (const uint8_t *)&device, sizeof device);
    buffer_put(&w->key, more.at, more.len);
    return bytes_of_text(buffer_view(&w->key));
}

static struct bytes octets_of(const struct address *a)
{
    return bytes_over((const uint8_t *)a, sizeof *a);
}

static struct link *links(struct config_web *w, enum key key, uint32_t device, struct bytes more)
{
    return map_find(&w->map, key_of(w, key, device, more));
}

static void put(struct config_web *w, enum key key, const struct node *n, uint32_t device, struct bytes more)
{
    struct link *first = links(w, key, device, more);
    if (first && first->last->node == n)
        return;
    struct link *l = arena_new(w->arena, struct link);
    l->node = n;
    if (first)
        first->last->next = l;
    else
        map_put(&w->map, arena_bytes(w->arena, key_of(w, key, device, more)), first = l);
    first->last = l;
    first->count++;
}

/* ---- what names what ---- */

static void put_mentions(struct config_web *w, const struct node *n, const struct fact *f)
{
    const uint32_t device = n->record->device;
    for (; f; f = f->next) {
        if (f->kind == FACT_ADDRESS && f->as.address.family && n->roles & SEED)
            put(w, KEY_TOWARDS, n, device, octets_of(&f->as.address));
        if (f->kind == FACT_TEXT && n->roles & SEED)
            put(w, KEY_SEED, n, device, bytes_of_text(f->as.text));
        if (f->kind == FACT_TEXT && n->roles & BACKWARD && n->record->title.len)
            put(w, KEY_NAMING, n, device, bytes_of_text(f->as.text));
        if (f->kind == FACT_LIST || f->kind == FACT_GROUP)
            put_mentions(w, n, fact_children(f));
    }
}

static void put_owned(struct config_web *w, const struct node *n, const struct fact *f)
{
    for (; f; f = f->next) {
        if (f->kind == FACT_ADDRESS && f->as.address.family)
            put(w, KEY_OWNER, n, 0, octets_of(&f->as.address));
        if (f->kind == FACT_LIST || f->kind == FACT_GROUP)
            put_owned(w, n, fact_children(f));
    }
}

static void put_node(struct config_web *w, const struct node *n)
{
    const struct record *r = n->record;
    const struct bytes none = { NULL, 0 };
    if (strcmp(r->name, "hostname") != 0)
        put(w, KEY_CONFIG, n, r->device, none);
    put(w, KEY_KIND, n, r->device, bytes_of_text(text_of(r->name)));
    if (n->roles & POLICY)
        put(w, KEY_POLICY, n, r->device, none);
    if (n->roles & LINKED && r->title.len)
        put(w, KEY_TITLED, n, r->device, bytes_of_text(r->title));
    if (n->roles & SEED)
        put(w, KEY_SEED, n, r->device, bytes_of_text(r->title));
    if (n->roles & (SEED | BACKWARD))
        put_mentions(w, n, r->facts);
    if (strcmp(r->name, "interface") == 0)
        put_owned(w, n, fact_members(r->facts, "addresses"));
}

struct config_web *config_web_create(const struct model *m, struct arena *arena)
{
    struct config_web *w = arena_new(arena, struct config_web);
    size_t room = 0;
    w->m = m;
    w->arena = arena;
    buffer_init(&w->key, 1 << 22);
    for (const struct record *r = m->records; r; r = r->next)
        room += r->kind == INPUT_CONFIG;
    w->nodes = arena_array(arena, struct node, room + 1);
    for (const struct record *r = m->records; r; r = r->next) {
        if (r->kind != INPUT_CONFIG || !r->device || !r->name)
            continue;
        struct node *n = &w->nodes[w->count];
        *n = (struct node){ .record = r, .order = w->count++ };
        for (size_t i = 0; i < COUNT_OF(roles); i++)
            n->roles |= text_is_one_of(text_of(r->name), roles[i].kinds) ? roles[i].role : 0;
        put_node(w, n);
    }
    return w;
}

void config_web_clear(struct config_web *w)
{
    map_clear(&w->map);
    buffer_clear(&w->key);
}

/* ---- whose configuration it is ---- */

static uint32_t owner(struct config_web *w, const struct party *p)
{
    const struct bytes none = { NULL, 0 };
    if (p->device && links(w, KEY_CONFIG, p->device, none))
        return p->device;
    const struct link *own = p->endpoint.address.family ? links(w, KEY_OWNER, 0, octets_of(&p->endpoint.address)) : NULL;
    if (own)
        return own->node->record->device;
    const struct model *m = w->m;
    struct text name = p->device && p->device < m->device_count ? m->devices[p->device].name : (struct text){ NULL, 0 };
    uint32_t input = UINT32_MAX;
    for (size_t i = 0; i < w->count && name.len; i++) {
        const struct record *r = w->nodes[i].record;
        if (r->input != input && r->input < m->input_count && device_named_by(name, m->inputs[r->input].name))
            return r->device;
        input = r->input;
    }
    return 0;
}

/* ---- what is at work ---- */

/* Objects that may come next: the first of them, in their order, do. */
struct picks {
    const struct node **at;
    size_t count, room;
};

static void pick(struct picks *p, const struct link *l)
{
    for (size_t n = 0; l && n < 2 * REACHED; l = l->next, n++) { /* half of them may have been reached before */
        if (p->count == p->room) {
            p->room = p->room ? 2 * p->room : 64;
            p->at = memory_grow((void *)p->at, p->room * sizeof *p->at);
        }
        p->at[p->count++] = l->node;
    }
}

static int by_order(const void *a, const void *b)
{
    const struct node *x = *(const struct node *const *)a, *y = *(const struct node *const *)b;
    return x->order < y->order ? -1 : x->order > y->order;
}

static bool reached(const struct reach *r, const struct node *n)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->at[i] == n)
            return true;
    return false;
}

static void take_first(struct reach *r, struct picks *p)
{
    if (p->count)
        qsort((void *)p->at, p->count, sizeof *p->at, by_order);
    for (size_t i = 0; i < p->count && r->count < REACHED; i++)
        if (!reached(r, p->at[i]))
            r->at[r->count++] = p->at[i];
    p->count = 0;
}

/* A crypto map's entry is called "NAME SEQ", and others speak of NAME. */
static struct text called(const struct record *r)
{
    struct text name = strcmp(r->name, "crypto-map") == 0 ? fact_get_text(r->facts, "name") : (struct text){ NULL, 0 };
    return name.len ? name : r->title;
}

static void pick_named(struct config_web *w, struct picks *p, uint32_t device, const struct fact *f)
{
    for (; f; f = f->next) {
        if (f->kind == FACT_TEXT && f->as.text.len)
            pick(p, links(w, KEY_TITLED, device, bytes_of_text(f->as.text)));
        if (f->kind == FACT_LIST || f->kind == FACT_GROUP)
            pick_named(w, p, device, fact_children(f));
    }
}

static void spread(struct config_web *w, struct reach *r, struct picks *p)
{
    size_t from = 0;
    for (unsigned round = 0; round < ROUNDS && from < r->count; round++) {
        const size_t before = r->count;
        for (size_t i = from; i < before; i++) {
            const struct record *c = r->at[i]->record;
            pick_named(w, p, c->device, c->facts);
            if (r->at[i]->roles & HOLDER)
                pick(p, links(w, KEY_NAMING, c->device, bytes_of_text(called(c))));
        }
        from = before;
        take_first(r, p);
    }
}

static const struct reach *reach_towards(struct config_web *w, uint32_t device, const struct address *peer)
{
    struct reach *r = map_find(&w->map, key_of(w, KEY_REACH, device, octets_of(peer)));
    if (r)
        return r;
    struct picks p = { .at = NULL };
    r = arena_new(w->arena, struct reach);
    pick(&p, links(w, KEY_POLICY, device, (struct bytes){ NULL, 0 }));
    if (peer->family) {
        const struct text text = address_text(*peer, w->arena);
        pick(&p, links(w, KEY_TOWARDS, device, octets_of(peer)));
        pick(&p, links(w, KEY_SEED, device, bytes_of_text(text)));
    }
    take_first(r, &p);
    spread(w, r, &p);
    memory_free((void *)p.at);
    map_put(&w->map, arena_bytes(w->arena, key_of(w, KEY_REACH, device, octets_of(peer))), r);
    return r;
}

static struct walk_config **append(struct walk_config **tail, const struct record *r, struct arena *arena)
{
    *tail = arena_new(arena, struct walk_config);
    (*tail)->record = r;
    return &(*tail)->next;
}

struct walk_config *walk_configs(struct config_web *w, const struct party *own, const struct party *peer, const char *kinds,
                                 struct arena *arena)
{
    const uint32_t device = kinds[0] ? owner(w, own) : 0;
    struct walk_config *first = NULL, **tail = &first;
    if (!device)
        return NULL;
    struct picks led = { .at = NULL };
    const struct reach *r = reach_towards(w, device, &peer->endpoint.address);
    struct text rest = text_of(kinds), word;
    while (text_word(&rest, &word)) {
        const struct link *all = links(w, KEY_KIND, device, bytes_of_text(word));
        for (size_t i = 0; i < r->count; i++)
            if (text_equal(word, text_of(r->at[i]->record->name)))
                pick(&led, &(struct link){ .node = r->at[i] });
        if (!led.count && all && all->count <= FEW)
            pick(&led, all);
        if (led.count)
            qsort((void *)led.at, led.count, sizeof *led.at, by_order);
        for (size_t i = 0; i < led.count; i++)
            tail = append(tail, led.at[i]->record, arena);
        led.count = 0;
    }
    memory_free((void *)led.at);
    return first;
}
