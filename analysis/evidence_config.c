/* What a router's configuration says: which router it is of, the way to a peer, what is protected on it. Facts:
 * parser/config_*.c. */
#include "analysis/evidence.h"

#include "analysis/evidence_words.h"

/* ---- whose it is ---- */

static bool is_taken(const struct model *m, uint32_t device, const char *const kinds[], struct text name)
{
    for (; *kinds; kinds++)
        if (config_find(m, device, *kinds, name))
            return true;
    return false;
}

struct text config_free_name(struct model *m, uint32_t device, const char *const kinds[], const char *name)
{
    struct text free = text_of(name);
    for (unsigned n = 2; is_taken(m, device, kinds, free); n++)
        free = arena_format(m->run, "%s-%u", name, n);
    return free;
}

bool config_learns(const struct model *m, uint32_t device, const char *how)
{
    for (const struct record *r = record_next(m, device, "configuration", NULL); r;
         r = record_next(m, device, "configuration", r))
        if (fact_find(r->facts, how))
            return true;
    return false;
}

bool config_whole(const struct model *m, uint32_t device)
{
    bool whole = false;
    for (const struct record *r = record_next(m, device, "configuration", NULL); r;
         r = record_next(m, device, "configuration", r)) {
        if (fact_find(r->facts, "cut"))
            return false;
        whole = whole || (fact_find(r->facts, "begins") && fact_find(r->facts, "ends"));
    }
    return whole;
}

bool config_of_asa(const struct model *m, uint32_t device)
{
    return record_next(m, device, "tunnel-group", NULL) || record_next(m, device, "asa-ikev2-policy", NULL);
}

static uint32_t device_named_alike(const struct model *m, struct text log)
{
    uint32_t found = 0;
    for (const struct config_file *file = config_files(m); file; file = file->next) {
        if (file->device == found || file->input >= m->input_count || !device_named_by(log, m->inputs[file->input].name))
            continue;
        if (found)
            return 0; /* two would do */
        found = file->device;
    }
    return found;
}

/* The same for a router's name, which is asked of each of its SAs: kept for as long as no record comes. */
static uint32_t alike_of(const struct model *m, uint32_t device)
{
    struct record_index *index = m->record_index;
    if (!config_files(m))
        return 0;
    if (index->alike_room < m->device_count || index->alike_changes != index->changes) {
        index->alike = arena_array(m->run, uint32_t, m->device_count);
        index->alike_room = (uint32_t)m->device_count;
        index->alike_changes = index->changes;
    }
    if (!index->alike[device])
        index->alike[device] = 1 + device_named_alike(m, m->devices[device].name);
    return index->alike[device] - 1;
}

uint32_t config_device(const struct model *m, const struct party *party)
{
    if (party->device && config_supplied(m, party->device))
        return party->device;
    struct address a = party->endpoint.address;
    for (const struct owner *o = config_owner(m, 0, a, NULL); o; o = config_owner(m, 0, a, o))
        if (o->interface->device && config_supplied(m, o->interface->device))
            return o->interface->device;
    return party->device && party->device < m->device_count ? alike_of(m, party->device) : 0;
}

/* ---- the way to a peer ---- */

static const struct record *sole_in(const struct record_list *list, const char *having)
{
    const struct record *found = NULL;
    for (const struct record *r = list->first; r; r = r->twin) {
        if (having && !fact_find(r->facts, having))
            continue;
        if (found)
            return NULL;
        found = r;
    }
    return found;
}

/* Each SA without an address asks: the answer is kept for as long as no record comes. */
const struct record *config_sole(const struct model *m, uint32_t device, const char *name, const char *having)
{
    struct record_list *list = records_named(m, device, name);
    if (!list || !list->first)
        return NULL;
    if (list->sole_changes != m->record_index->changes || list->having != having) {
        list->sole = sole_in(list, having);
        list->having = having;
        list->sole_changes = m->record_index->changes;
    }
    return list->sole;
}

static bool map_leads_to(const struct record *map, struct address peer)
{
    for (const struct fact *g = fact_members(map->facts, "peers"); g; g = g->next) {
        struct address a;
        if (fact_get_address(fact_children(g), "address", &a) && address_equal(a, peer))
            return true;
    }
    return false;
}

size_t config_entries_to(const struct model *m, uint32_t device, struct address peer, const struct record *entries[], size_t room)
{
    static const enum word_place places[] = { WORD_MAP_PEER, WORD_TUNNEL_PEER };
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(places) && device; i++)
        for (const struct worded *w = words_to(m, device, places[i], peer); w && count < room; w = w->next)
            if (config_find(m, device, w->record->name, w->record->title) == w->record) /* not supplied twice */
                entries[count++] = w->record;
    return count;
}

static const struct record *map_to(const struct model *m, uint32_t device, struct address peer)
{
    const struct worded *map = words_to(m, device, WORD_MAP_PEER, peer);
    /* an entry without a peer answers anybody: a dynamic map */
    return map ? map->record
               : words_earlier(words_to(m, device, WORD_DYNAMIC_PEER, peer), words_first(m, device, WORD_DYNAMIC_PEER, TEXT("")));
}

static const struct record *tunnel_to(const struct model *m, uint32_t device, struct address peer)
{
    const struct worded *tunnel = words_to(m, device, WORD_TUNNEL_PEER, peer);
    return words_earlier(tunnel ? tunnel : words_first(m, device, WORD_TUNNEL_PEER, TEXT("")), NULL);
}

const struct record *config_map_of(const struct model *m, const struct record *entry)
{
    if (strcmp(entry->name, "crypto-dynamic-map") != 0)
        return entry;
    return words_earlier(words_first(m, entry->device, WORD_DYNAMIC, fact_get_text(entry->facts, "name")), NULL);
}

static const struct record *interface_of_map(const struct model *m, uint32_t device, const struct record *map)
{
    const struct record *of = config_map_of(m, map);
    struct text name = of ? fact_get_text(of->facts, "name") : (struct text){ NULL, 0 };
    const struct worded *carrier = name.len ? words_first(m, device, WORD_CARRIED, name) : NULL;
    const struct record *binding = carrier || !name.len ? NULL : config_find(m, device, "crypto-map-binding", name);
    struct text nameif = binding ? fact_get_text(binding->facts, "interface") : (struct text){ NULL, 0 };
    return words_earlier(nameif.len ? words_first(m, device, WORD_NAMEIF, nameif) : carrier, NULL);
}

static const struct record *named(const struct model *m, uint32_t device, const char *kind, struct text name)
{
    return name.len ? config_find(m, device, kind, name) : NULL;
}

const struct record *config_tunnel_group(const struct model *m, uint32_t device, struct address peer)
{
    if (peer.family == ADDRESS_NONE)
        return device ? config_sole(m, device, "tunnel-group", "keys") : NULL;
    const struct worded *group = words_to(m, device, WORD_GROUP_ADDRESS, peer);
    return group ? group->record : config_find(m, device, "tunnel-group", TEXT("DefaultL2LGroup"));
}

/* "pki trustpoint A verify", "pki trustpoint B sign": the one that the router's own certificate is of. Of several without such a word
 * it is one that holds one. */
static const struct fact *signing(const struct model *m, uint32_t device, const struct fact *names)
{
    const struct fact *first = NULL;
    for (const struct fact *f = names; f && f->kind == FACT_TEXT; f = f->next) {
        const struct text use = f->next && f->next->kind == FACT_TEXT ? f->next->as.text : (struct text){ NULL, 0 };
        const bool verify = text_equal(use, TEXT("verify")), sign = text_equal(use, TEXT("sign"));
        const struct record *chain = verify ? NULL : config_find(m, device, "certificate-chain", f->as.text);
        if (sign || (chain && fact_find(chain->facts, "own")))
            return f;
        first = first || verify ? first : f;
        f = verify ? f->next : f;
    }
    return first ? first : names;
}

struct config_trustpoint config_trustpoint(const struct model *m, uint32_t device, const struct config_path *path)
{
    const struct record *holders[] = { path->profile, path->tunnel_group, path->crypto_map, path->ipsec_profile };
    struct config_trustpoint t = { .at = NULL };
    for (size_t i = 0; i < COUNT_OF(holders) && !t.name.len; i++) {
        const struct fact *list = holders[i] ? fact_find(holders[i]->facts, "pki_trustpoints") : NULL;
        const struct fact *f = list         ? signing(m, device, fact_children(list))
                               : holders[i] ? fact_find(holders[i]->facts, "trustpoint")
                                            : NULL;
        if (f && f->kind == FACT_TEXT)
            t = (struct config_trustpoint){ .name = f->as.text, .at = holders[i], .line = f->line };
    }
    const struct record *only = t.name.len ? NULL : device ? config_sole(m, device, "pki-trustpoint", NULL) : NULL;
    t.record = t.name.len ? named(m, device, "pki-trustpoint", t.name) : only;
    t.name = only ? only->title : t.name;
    return t;
}

struct config_path config_path_to(const struct model *m, uint32_t device, struct address peer, const struct record *entry)
{
    struct config_path p = { .interface = NULL };
    bool blind = !entry && peer.family == ADDRESS_NONE, is_tunnel = entry && strcmp(entry->name, "interface") == 0;
    if (blind && device == 0)
        return p;
    const struct record *tunnel = entry   ? (is_tunnel ? entry : NULL)
                                  : blind ? config_sole(m, device, "interface", "tunnel_profile")
                                          : tunnel_to(m, device, peer);
    p.crypto_map = entry   ? (is_tunnel ? NULL : entry)
                   : blind ? config_sole(m, device, "crypto-map", "peers")
                           : map_to(m, device, peer);
    if (blind && tunnel && p.crypto_map)
        return (struct config_path){ .interface = NULL };
    bool exact_map = p.crypto_map && (blind || map_leads_to(p.crypto_map, peer));
    if (tunnel && !exact_map) { /* a tunnel before a dynamic map that answers anybody */
        p.crypto_map = NULL;
        p.interface = tunnel;
        p.ipsec_profile = named(m, device, "ipsec-profile", fact_get_text(tunnel->facts, "tunnel_profile"));
        p.acl = named(m, device, "access-list", fact_get_text(tunnel->facts, "tunnel_acl"));
        p.profile = named(m, device, "ikev2-profile", fact_get_text(tunnel->facts, "tunnel_ikev2_profile"));
    } else if (p.crypto_map) {
        p.interface = interface_of_map(m, device, p.crypto_map);
        p.acl = named(m, device, "access-list", fact_get_text(p.crypto_map->facts, "match_address"));
    }
    const struct record *holder = p.ipsec_profile ? p.ipsec_profile : p.crypto_map;
    if (holder && !p.profile)
        p.profile = named(m, device, "ikev2-profile", fact_get_text(holder->facts, "ikev2_profile"));
    if (!p.profile)
        p.profile = config_profile_for(m, device, NULL, peer, (struct address){ .family = ADDRESS_NONE });
    if (p.profile)
        p.keyring = named(m, device, "ikev2-keyring", fact_get_text(p.profile->facts, "keyring_local"));
    p.tunnel_group = config_tunnel_group(m, device, peer);
    p.key = config_key_of(m, device, p.profile, NULL, peer, NULL);
    return p;
}

/* ---- selectors ---- */

bool acl_entry_selectors(const struct fact *entry, struct selector_pair *pair)
{
    const struct fact *facts = fact_children(entry);
    uint64_t protocol = 0, port;
    if (fact_find(facts, "unresolved") || !fact_get_address(facts, "source_start", &pair->local.start) ||
        !fact_get_address(facts, "source_end", &pair->local.end) ||
        !fact_get_address(facts, "destination_start", &pair->remote.start) ||
        !fact_get_address(facts, "destination_end", &pair->remote.end))
        return false;
    (void)fact_get_number(facts, "protocol", &protocol);
    pair->local.protocol = pair->remote.protocol = (uint8_t)protocol;
    pair->local.type = pair->remote.type = pair->local.start.family == ADDRESS_IPV6 ? TS_IPV6_ADDR_RANGE : TS_IPV4_ADDR_RANGE;
    pair->local.end_port = pair->remote.end_port = 65535;
    if (fact_get_number(facts, "source_port", &port))
        pair->local.start_port = (uint16_t)port;
    if (fact_get_number(facts, "source_port_end", &port))
        pair->local.end_port = (uint16_t)port;
    if (fact_get_number(facts, "destination_port", &port))
        pair->remote.start_port = (uint16_t)port;
    if (fact_get_number(facts, "destination_port_end", &port))
        pair->remote.end_port = (uint16_t)port;
    return true;
}

bool acl_entry_depends(const struct fact *facts)
{
    struct text options = fact_get_text(facts, "options");
    return options.len && !text_starts(options, TEXT("log"));
}

static bool holds(const struct selector *a, const struct selector *b)
{
    return selector_holds(a, b) && (!a->protocol || a->protocol == b->protocol) && a->start_port <= b->start_port &&
           a->end_port >= b->end_port;
}

static bool meets(const struct selector *a, const struct selector *b)
{
    return selector_meets(a, b) && (!a->protocol || !b->protocol || a->protocol == b->protocol) && a->start_port <= b->end_port &&
           b->start_port <= a->end_port;
}

bool pair_holds(const struct selector_pair *wide, const struct selector_pair *narrow)
{
    return holds(&wide->local, &narrow->local) && holds(&wide->remote, &narrow->remote);
}

bool pair_meets(const struct selector_pair *one, const struct selector_pair *other)
{
    return meets(&one->local, &other->local) && meets(&one->remote, &other->remote);
}

struct selector_pair *acl_selectors(const struct record *acl, struct arena *arena)
{
    struct selector_pair *head = NULL, **at = &head;
    for (const struct fact *e = fact_members(acl->facts, "entries"); e; e = e->next) {
        struct selector_pair pair = { .acl = acl, .line = e->line };
        if (!text_equal(fact_get_text(fact_children(e), "action"), TEXT("permit")) || !acl_entry_selectors(e, &pair))
            continue;
        *at = arena_new(arena, struct selector_pair);
        **at = pair;
        at = &(*at)->next;
    }
    return head;
}

static struct selector any_selector(uint8_t family)
{
    struct selector s = { .end_port = 65535, .type = family == ADDRESS_IPV6 ? TS_IPV6_ADDR_RANGE : TS_IPV4_ADDR_RANGE };
    s.start.family = s.end.family = family;
    memset(s.end.octets, 0xff, family == ADDRESS_IPV6 ? 16 : 4);
    return s;
}

struct selector_pair *config_selectors(const struct model *m, uint32_t device, struct address peer, struct arena *arena)
{
    struct config_path path = config_path_to(m, device, peer, NULL);
    const struct record *entries[ENTRIES];
    size_t count = path.acl ? config_entries_to(m, device, peer, entries, ENTRIES) : 0;
    struct selector_pair *all = NULL, **end = &all;
    for (size_t i = 0; i < count && count > 1; i++) { /* what it protects towards this peer is what any of them does */
        struct config_path other = config_path_to(m, device, peer, entries[i]);
        *end = other.acl ? acl_selectors(other.acl, arena) : NULL;
        while (*end)
            end = &(*end)->next;
    }
    if (path.acl)
        return all ? all : acl_selectors(path.acl, arena);
    if (!path.ipsec_profile || !path.interface)
        return NULL;
    struct selector_pair *any = arena_new(arena, struct selector_pair);
    uint8_t family = text_has(fact_get_text(path.interface->facts, "tunnel_mode"), TEXT("ipv6")) ? ADDRESS_IPV6 : ADDRESS_IPV4;
    any->local = any->remote = any_selector(family);
    return any;
}
