#include "analysis/ends.h"

#include "analysis/evidence.h"
#include "base/map.h"

/* ---- names ---- */

static bool owns_address(const struct model *m, uint32_t device, struct address a)
{
    struct party party = { .endpoint = { .address = a } };
    return config_device(m, &party) == device;
}

/* A log may tell only its peer's address: then it is of the router whose configuration alone has a way to that peer. */
static uint32_t device_towards(const struct model *m, struct address peer)
{
    uint32_t found = 0;
    for (uint32_t device = 1; device < m->device_count && peer.family != ADDRESS_NONE; device++) {
        if (!config_supplied(m, device) || m->devices[device].same_as || owns_address(m, device, peer))
            continue;
        struct config_path path = config_path_to(m, device, peer, NULL);
        if (!path.crypto_map && !path.ipsec_profile && !path.key)
            continue;
        if (found)
            return 0;
        found = device;
    }
    return found;
}

/* Whose show output calls which address its own. */
struct owners {
    struct map of; /* struct owned */
    struct arena *arena;
};

struct owned {
    struct address address;
    uint32_t device;
    bool nobodys; /* two show it, or one that nothing but its file names */
};

static void own(struct owners *o, const struct model *m, const struct record *r, struct address address)
{
    struct owned *one = map_find(&o->of, bytes_over(&address, sizeof address));
    if (!one) {
        one = arena_new(o->arena, struct owned);
        one->address = address;
        map_put(&o->of, bytes_over(&one->address, sizeof address), one);
    }
    if (r->device == one->device)
        return;
    one->nobodys = one->nobodys || one->device || !r->device || m->devices[r->device].by_file;
    one->device = one->device ? one->device : r->device;
}

static void learn_owned(struct owners *o, const struct model *m)
{
    /* {command, the list in its facts, a list in each of its members or NULL, the member that is the own address} */
    static const struct {
        const char *command, *list, *inner, *own;
    } forms[] = {
        { "show crypto ikev2 sa", "sas", NULL, "local" },
        { "show crypto ikev2 session", "sas", NULL, "local" },
        { "show crypto ipsec sa", "flows", NULL, "local_endpoint" },
        { "show crypto session", "sessions", "ike_sas", "local" },
    };
    for (const struct record *r = m->records; r; r = r->next)
        for (size_t i = 0; r->kind == INPUT_SHOW && i < COUNT_OF(forms); i++) {
            if (strcmp(r->name, forms[i].command) != 0)
                continue;
            for (const struct fact *f = fact_members(r->facts, forms[i].list); f; f = f->next) {
                const struct fact *in = fact_children(f);
                struct address address;
                if (forms[i].inner) /* one is as good as the others: they are of one router */
                    in = fact_children(fact_members(in, forms[i].inner));
                if (fact_get_address(in, forms[i].own, &address) && address.family != ADDRESS_NONE)
                    own(o, m, r, address);
            }
        }
}

/* The router whose show output calls this address its own; 0: none does, or two do. */
static uint32_t device_showing(const struct owners *o, struct address a)
{
    const struct owned *one = map_find(&o->of, bytes_over(&a, sizeof a));
    return one && !one->nobodys ? one->device : 0;
}

/* Log and configuration of one router can come under two names: the file's, and the hostname. */
enum { NAME_TRIES = 16 }; /* SAs of one log that are asked for their addresses */

static uint32_t configured_as(const struct model *m, const struct party *end, const struct party *peer)
{
    if (end->device && config_supplied(m, end->device))
        return end->device;
    uint32_t owner = config_device(m, end);
    if (!owner && end->device && end->endpoint.address.family == ADDRESS_NONE)
        owner = device_towards(m, peer->endpoint.address);
    return owner;
}

/* A file's name and the hostname that a configuration or a prompt tells may differ in their case alone: "fw-hq.log", FW-HQ. */
static struct bytes in_lower_case(struct arena *arena, struct text name)
{
    char *at = arena_take(arena, name.len + 1);
    for (size_t i = 0; i < name.len; i++)
        at[i] = text_lower(name.at[i]);
    return bytes_over(at, name.len);
}

static void join_spellings(struct model *m)
{
    struct arena *arena = arena_create();
    struct map named = { 0 }; /* the first device of that name that calls itself so */
    for (uint32_t i = 1; i < m->device_count; i++) {
        const struct bytes name = in_lower_case(arena, m->devices[i].name);
        if (!m->devices[i].by_file && !m->devices[i].same_as && !map_find(&named, name))
            map_put(&named, name, &m->devices[i]);
    }
    for (uint32_t file = 1; file < m->device_count; file++) {
        const struct device *d = &m->devices[file];
        const struct device *other = d->by_file && !d->same_as ? map_find(&named, in_lower_case(arena, d->name)) : NULL;
        if (other)
            routers_unite(m, file, (uint32_t)(other - m->devices));
    }
    map_clear(&named);
    arena_destroy(arena);
}

static void join_names(struct model *m)
{
    join_spellings(m);
    struct owners owners = { .arena = arena_create() };
    learn_owned(&owners, m);
    uint8_t *tries = memory_take(m->device_count + 1);
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        struct party *ends[2] = { &sa->initiator, &sa->responder };
        for (unsigned i = 0; i < 2; i++) {
            if (!ends[i]->device) /* nobody logged there; its configuration tells who it is */
                ends[i]->device = configured_as(m, ends[i], ends[1 - i]);
            uint32_t named = ends[i]->device;
            if (named == 0 || named >= m->device_count || m->devices[named].same_as || tries[named] >= NAME_TRIES)
                continue;
            tries[named]++;
            uint32_t owner = configured_as(m, ends[i], ends[1 - i]);
            /* where the configuration has no name of its own either, show output has */
            uint32_t shown = m->devices[owner ? owner : named].by_file ? device_showing(&owners, ends[i]->endpoint.address) : 0;
            if (owner && shown && shown != owner)
                routers_unite(m, owner, shown);
            owner = shown ? shown : owner;
            if (owner && owner != named)
                routers_unite(m, named, owner);
        }
    }
    memory_free(tries);
    map_clear(&owners.of);
    arena_destroy(owners.arena);
}

/* ---- addresses ---- */

struct way { /* a router and the address of its peer: there it has this address itself */
    uint32_t device;
    struct address peer;
};

static struct bytes way_of(const struct model *m, const struct party *own, const struct party *peer, struct way *w)
{
    uint32_t same = m->devices[own->device].same_as;
    memset(w, 0, sizeof *w);
    w->device = same ? same : own->device;
    memcpy(&w->peer, &peer->endpoint.address, sizeof w->peer);
    return bytes_over(w, sizeof *w);
}

static bool known(const struct party *p)
{
    return p->endpoint.address.family != ADDRESS_NONE;
}

/* A log that begins in mid-life may tell its peer's address and not its own: another SA of this router with that peer does. */
static void join_addresses(struct model *m)
{
    struct map ways = { 0 };
    struct way w;
    for (unsigned round = 0; round < 2; round++)
        for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
            struct party *ends[2] = { &sa->initiator, &sa->responder };
            for (unsigned i = 0; i < 2; i++) {
                struct party *own = ends[i], *peer = ends[1 - i];
                if (!own->device || own->device >= m->device_count || !known(peer) || known(own) != (round == 0))
                    continue;
                struct bytes key = way_of(m, own, peer, &w);
                const struct party *like = map_find(&ways, key);
                if (round == 0 && !like)
                    map_put(&ways, arena_bytes(m->run, key), own);
                else if (round == 1 && like)
                    own->endpoint.address = like->endpoint.address;
            }
        }
    map_clear(&ways);
}

void routers_join(struct model *m)
{
    join_names(m);
    join_addresses(m);
}

static void forget_nobody(struct endpoint *e)
{
    if (address_of_nobody(e->address))
        *e = (struct endpoint){ .port = 0 };
}

void ends_forget_nobody(struct model *m)
{
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        forget_nobody(&sa->initiator.endpoint);
        forget_nobody(&sa->responder.endpoint);
        for (struct view *v = sa->views; v; v = v->next) {
            forget_nobody(&v->local);
            forget_nobody(&v->remote);
        }
    }
}

static bool address_in(const struct note *n, const char *fact, struct address *a)
{
    return fact_get_address(n->facts, fact, a) || address_read(fact_get_text(n->facts, fact), a);
}

/* "rec'd IPSEC packet has invalid spi for destaddr=203.0.113.77, …, srcaddr=198.51.100.10" */
static void learn(struct model *m, struct map *owns, const struct note *n, uint32_t input)
{
    struct way w;
    struct address own, peer;
    if (n->code != CODE_IPSEC_INVALID_SPI || !address_in(n, "destination", &own) || !address_in(n, "source", &peer))
        return;
    memset(&w, 0, sizeof w);
    w.device = input;
    memcpy(&w.peer, &peer, sizeof w.peer);
    if (!map_find(owns, bytes_over(&w, sizeof w))) {
        struct address *kept = arena_new(m->run, struct address);
        *kept = own;
        map_put(owns, arena_bytes(m->run, bytes_over(&w, sizeof w)), kept);
    }
}

void ends_learn(struct model *m)
{
    struct map owns = { 0 };
    for (const struct note *n = m->loose; n; n = n->next)
        learn(m, &owns, n, n->input);
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        for (const struct view *v = sa->views; v; v = v->next)
            for (const struct note *n = v->notes; n; n = n->next)
                learn(m, &owns, n, v->input);
    for (struct ike_sa *sa = owns.count ? m->ike_sas : NULL; sa; sa = sa->next)
        for (struct view *v = sa->views; v; v = v->next) {
            struct way w;
            memset(&w, 0, sizeof w);
            w.device = v->input;
            memcpy(&w.peer, &v->remote.address, sizeof w.peer);
            const struct address *own = v->local.address.family ? NULL : map_find(&owns, bytes_over(&w, sizeof w));
            if (own)
                v->local.address = *own;
        }
    map_clear(&owns);
}
