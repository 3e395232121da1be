/* Records found by their name, their router and their title, and interfaces by their addresses: a folder may hold the
 * configurations of ten thousand routers, and each rule asks of each. The index is made when somebody asks, of what was added
 * since; a record's name is settled once it is read whole. */
#include "analysis/evidence.h"

#include "analysis/evidence_words.h"
#include "base/map.h"

/* ---- names and routers ---- */

struct list_key { /* the records of one router: of one name, or (kind NULL) all */
    const struct record_kind *kind;
    uint64_t router;
};

struct title_key { /* of one router, name and title, whose hash leads to the first */
    struct list_key of;
    uint64_t title;
};

static struct record_kind *kind_named(const struct model *m, const char *name)
{
    return map_find(&m->record_index->named, bytes_of_text(text_of(name)));
}

static struct record_list *list_of(const struct model *m, struct list_key key)
{
    return map_find(&m->record_index->lists, bytes_over(&key, sizeof key));
}

static struct title_key title_key(const struct record *r, uint32_t router)
{
    return (struct title_key){ { r->of_name, router }, hash_bytes(bytes_of_text(r->title)) };
}

static void *find_titled(const struct model *m, struct title_key key)
{
    return map_find(&m->record_index->titled, bytes_over(&key, sizeof key));
}

/* The list, made when it is new. The map's key is in the arena and lives as long as the model. */
static struct record_list *make_list(const struct model *m, struct list_key key)
{
    struct record_list *list = list_of(m, key);
    if (list)
        return list;
    struct {
        struct record_list list;
        struct list_key key;
    } *made = arena_take(m->run, sizeof *made);
    made->key = key;
    map_put(&m->record_index->lists, bytes_over(&made->key, sizeof key), &made->list);
    return &made->list;
}

/* Something that only a configuration with crypto in it has: the rest also stands in what a log or show output tells. */
static bool supplies(const struct record *r)
{
    static const char *const elsewhere[] = { "hostname", "interface", "access-list", "nat", "configuration", "clock" };
    bool crypto = r->kind == INPUT_CONFIG;
    for (size_t i = 0; crypto && i < COUNT_OF(elsewhere); i++)
        crypto = strcmp(r->name, elsewhere[i]) != 0;
    return crypto;
}

static void append(struct record_list *list, struct record *r, bool of_kind)
{
    *(!list->first ? &list->first : of_kind ? &list->last->twin : &list->last->beside) = r;
    *(of_kind ? &r->twin : &r->beside) = NULL;
    list->last = r;
}

/* Behind those that its router's lists have already. */
static void enlist(const struct model *m, struct record *r, uint32_t router)
{
    struct record_list *all = make_list(m, (struct list_key){ NULL, router });
    m->record_index->changes++;
    append(all, r, false);
    all->supplied = all->supplied || supplies(r);
    append(make_list(m, (struct list_key){ r->of_name, router }), r, true);
    struct title_key *key = arena_new(m->run, struct title_key);
    *key = title_key(r, router);
    if (!find_titled(m, *key))
        map_put(&m->record_index->titled, bytes_over(key, sizeof *key), r);
    if (router)
        words_enlist(m, r, router);
}

static void learn_file(struct record_index *index, const struct record *r, struct arena *arena)
{
    const struct config_file *before = index->files_last;
    if (r->kind != INPUT_CONFIG || !r->device || (before && before->input == r->input && before->device == r->device))
        return;
    struct config_file *file = arena_new(arena, struct config_file);
    file->input = r->input;
    file->device = r->device;
    *(before ? &index->files_last->next : &index->files) = file;
    index->files_last = file;
}

static void learn_names(const struct model *m)
{
    struct record_index *index = m->record_index;
    for (struct record *r = index->last ? index->last->next : m->records; r; r = r->next) {
        struct record_kind *kind = kind_named(m, r->name);
        if (!kind) {
            kind = arena_new(m->run, struct record_kind);
            map_put(&index->named, bytes_of_text(text_of(r->name)), kind);
        }
        *(kind->first ? &kind->last->alike : &kind->first) = r;
        kind->last = r;
        r->of_name = kind;
        r->order = ++index->count;
        index->supplied = index->supplied || supplies(r);
        learn_file(index, r, m->run);
        words_enlist(m, r, 0);
        enlist(m, r, device_one(m, r->device));
    }
    index->last = m->records_last;
}

/* Takes all lists of a router away, and gives what was in them, chained by beside. */
static struct record *delist(const struct model *m, uint32_t router)
{
    struct record_list *all = list_of(m, (struct list_key){ NULL, router });
    struct record *first = all ? all->first : NULL;
    for (struct record *r = first; r; r = r->beside) {
        struct record_list *of_kind = list_of(m, (struct list_key){ r->of_name, router });
        const struct title_key key = title_key(r, router);
        *of_kind = (struct record_list){ .first = NULL };
        map_put(&m->record_index->titled, bytes_over(&key, sizeof key), NULL);
        words_delist(m, r, router);
    }
    if (all)
        *all = (struct record_list){ .first = NULL };
    return first;
}

void routers_unite(struct model *m, uint32_t device, uint32_t router)
{
    learn_names(m);
    struct record *one = delist(m, device), *other = delist(m, router);
    for (uint32_t i = 1; i < m->device_count; i++)
        if (i == device || m->devices[i].same_as == device)
            m->devices[i].same_as = router;
    while (one || other) {
        struct record **from = !other || (one && one->order < other->order) ? &one : &other, *r = *from;
        *from = r->beside;
        enlist(m, r, router);
    }
}

const struct record *record_next(const struct model *m, uint32_t device, const char *name, const struct record *after)
{
    learn_names(m);
    if (after)
        return device ? (name ? after->twin : after->beside) : name ? after->alike : after->next;
    const struct record_kind *kind = name ? kind_named(m, name) : NULL;
    if (name && !kind)
        return NULL;
    if (!device)
        return kind ? kind->first : m->records;
    const struct record_list *list = list_of(m, (struct list_key){ kind, device_one(m, device) });
    return list ? list->first : NULL;
}

struct record_list *records_of(const struct model *m, uint32_t device)
{
    learn_names(m);
    return list_of(m, (struct list_key){ NULL, device_one(m, device) });
}

struct record_list *records_named(const struct model *m, uint32_t device, const char *name)
{
    learn_names(m);
    const struct record_kind *kind = device ? kind_named(m, name) : NULL;
    return kind ? list_of(m, (struct list_key){ kind, device_one(m, device) }) : NULL;
}

const struct record *config_find(const struct model *m, uint32_t device, const char *name, struct text title)
{
    const struct record *r = record_next(m, device, name, NULL);
    if (r && title.len && device)
        r = find_titled(m, (struct title_key){ { r->of_name, device_one(m, device) }, hash_bytes(bytes_of_text(title)) });
    while (r && title.len && !text_equal(r->title, title))
        r = record_next(m, device, name, r);
    return r;
}

bool config_supplied(const struct model *m, uint32_t device)
{
    learn_names(m);
    if (!device)
        return m->record_index->supplied;
    const struct record_list *all = list_of(m, (struct list_key){ NULL, device_one(m, device) });
    return all && all->supplied;
}

const struct config_file *config_files(const struct model *m)
{
    learn_names(m);
    return m->record_index->files;
}

/* ---- addresses ---- */

static struct bytes address_key(const struct address *a)
{
    size_t octets = address_length(*a);
    return bytes_over((const uint8_t *)a, octets ? 1 + octets : sizeof *a);
}

/* Interfaces that were added since somebody asked. */
static void learn_owners(const struct model *m)
{
    struct record_index *o = m->record_index;
    const struct record *r;
    while ((r = record_next(m, 0, "interface", o->last_interface)) != NULL) {
        o->last_interface = r;
        for (const struct fact *g = fact_members(r->facts, "addresses"); g; g = g->next) {
            struct {
                struct owner owner;
                struct address address;
            } *own = arena_take(m->run, sizeof *own);
            if (!fact_get_address(fact_children(g), "address", &own->address))
                continue;
            own->owner.interface = r;
            own->owner.line = g->line;
            struct owner *head = map_find(&o->by_address, address_key(&own->address));
            if (!head) {
                map_put(&o->by_address, address_key(&own->address), &own->owner);
                continue;
            }
            *(head->last ? &head->last->next : &head->next) = &own->owner;
            head->last = &own->owner;
        }
    }
}

const struct owner *config_owner(const struct model *m, uint32_t device, struct address a, const struct owner *after)
{
    learn_owners(m);
    const struct owner *o = after                      ? after->next
                            : a.family == ADDRESS_NONE ? NULL
                                                       : map_find(&m->record_index->by_address, address_key(&a));
    while (o && device && !device_same(m, o->interface->device, device))
        o = o->next;
    return o;
}

/* Flows of show output that was added since somebody asked. */
static void learn_flows(const struct model *m)
{
    struct record_index *index = m->record_index;
    const struct record *r;
    while ((r = record_next(m, 0, "show crypto ipsec sa", index->last_flow)) != NULL) {
        index->last_flow = r;
        for (const struct fact *g = fact_members(r->facts, "flows"); g; g = g->next) {
            struct {
                struct shown_flow flow;
                struct address peer;
            } *shown = arena_take(m->run, sizeof *shown);
            if (!fact_get_address(fact_children(g), "remote_endpoint", &shown->peer) &&
                !fact_get_address(fact_children(g), "peer", &shown->peer))
                continue;
            shown->flow.record = r;
            shown->flow.flow = g;
            struct shown_flow *head = map_find(&index->flows, address_key(&shown->peer));
            if (head)
                head->last->next = &shown->flow;
            else
                map_put(&index->flows, address_key(&shown->peer), head = &shown->flow);
            head->last = &shown->flow;
        }
    }
}

const struct shown_flow *flows_towards(const struct model *m, struct address peer)
{
    learn_flows(m);
    return peer.family == ADDRESS_NONE ? NULL : map_find(&m->record_index->flows, address_key(&peer));
}

/* Both ends of what is up. */
static void learn_up(const struct model *m, const struct record *r, const struct fact *entry)
{
    static const char *const ends[] = { "local", "remote", "peer", "local_endpoint", "remote_endpoint" };
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        struct address a;
        if (!fact_get_address(entry, ends[i], &a) || map_find(&m->record_index->up, address_key(&a)))
            continue;
        struct address *kept = arena_new(m->run, struct address);
        *kept = a;
        map_put(&m->record_index->up, address_key(kept), (void *)(uintptr_t)r);
    }
}

bool shown_up(const struct model *m, struct address a)
{
    struct record_index *index = m->record_index;
    for (const struct record *r = index->last_up ? index->last_up->next : m->records; r; r = r->next) {
        bool flows = strcmp(r->name, "show crypto ipsec sa") == 0;
        index->last_up = r;
        if (r->kind != INPUT_SHOW)
            continue;
        for (const struct fact *g = fact_members(r->facts, flows ? "flows" : "sas"); g; g = g->next) {
            const struct fact *f = fact_children(g);
            if (flows ? fact_members(f, "sas") != NULL : text_equal(fact_get_text(f, "status"), TEXT("READY")))
                learn_up(m, r, f);
        }
        for (const struct fact *g = fact_members(r->facts, "sessions"); g; g = g->next)
            if (text_starts(fact_get_text(fact_children(g), "status"), TEXT("UP")))
                learn_up(m, r, fact_children(g));
    }
    return a.family != ADDRESS_NONE && map_find(&index->up, address_key(&a));
}
