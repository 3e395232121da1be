/* What a router's configuration says: offers, keys, selectors, the way to a peer. Facts: parser/config_*.c. */
#include "analysis/evidence.h"

/* ---- small readings of facts ---- */

static bool within(struct address a, struct address start, struct address end)
{
    size_t n = address_length(a);
    return n && a.family == start.family && a.family == end.family && memcmp(a.octets, start.octets, n) >= 0 &&
           memcmp(a.octets, end.octets, n) <= 0;
}

static const struct fact *members(const struct fact *facts, const char *list)
{
    const struct fact *f = fact_find(facts, list);
    return fact_children(f);
}

/* How many leading bits start and end share: the narrower of two ranges is the better match. */
static unsigned narrowness(struct address start, struct address end)
{
    unsigned bits = 0;
    for (size_t i = 0; i < address_length(start); i++) {
        uint8_t differ = start.octets[i] ^ end.octets[i];
        if (differ == 0) {
            bits += 8;
            continue;
        }
        while (!(differ & 0x80)) {
            bits++;
            differ = (uint8_t)(differ << 1);
        }
        break;
    }
    return bits;
}

bool config_supplied(const struct model *m, uint32_t device)
{
    for (const struct record *r = m->records; r; r = r->next)
        if (r->kind == INPUT_CONFIG && (device == 0 || device_same(m, r->device, device)) && strcmp(r->name, "hostname") != 0 &&
            strcmp(r->name, "interface") != 0 && strcmp(r->name, "access-list") != 0 && strcmp(r->name, "nat") != 0 &&
            strcmp(r->name, "configuration") != 0 && strcmp(r->name, "clock") != 0)
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

/* "r1.cfg" goes with the log that is called "r1-initial": the file's name, then something that is no letter or digit. */
static bool named_alike(struct text log, struct text file)
{
    size_t slash = text_find_byte(file, '/');
    for (; slash != TEXT_NOWHERE; slash = text_find_byte(file, '/'))
        file = text_from(file, slash + 1);
    struct text stem = text_upto(file, text_find_byte(file, '.'));
    if (stem.len == 0 || log.len < stem.len || !text_starts_nocase(log, stem))
        return false;
    if (log.len == stem.len)
        return true;
    char next = log.at[stem.len];
    return !((next >= '0' && next <= '9') || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z'));
}

static uint32_t device_named_alike(const struct model *m, struct text log)
{
    uint32_t found = 0;
    for (const struct record *r = m->records; r; r = r->next) {
        if (r->kind != INPUT_CONFIG || !r->device || r->device == found || r->input >= m->input_count ||
            !named_alike(log, m->inputs[r->input].name))
            continue;
        if (found)
            return 0; /* two would do */
        found = r->device;
    }
    return found;
}

uint32_t config_device(const struct model *m, const struct party *party)
{
    if (party->device && config_supplied(m, party->device))
        return party->device;
    struct address a = party->endpoint.address;
    for (const struct owner *o = config_owner(m, 0, a, NULL); o; o = config_owner(m, 0, a, o))
        if (o->interface->device && config_supplied(m, o->interface->device))
            return o->interface->device;
    return party->device && party->device < m->device_count ? device_named_alike(m, m->devices[party->device].name) : 0;
}

/* ---- proposals ---- */

struct configured *config_proposal(const struct record *r, struct arena *arena)
{
    const struct fact *list = members(r->facts, "transforms");
    size_t count = 0;
    for (const struct fact *f = list; f; f = f->next)
        count++;
    struct configured *c = arena_new(arena, struct configured);
    *c = (struct configured){ .record = r, .name = r->title };
    c->proposal.transforms = arena_array(arena, struct transform, 2 * count + 2);
    c->lines = arena_array(arena, uint32_t, 2 * count + 2);
    bool ipsec = strcmp(r->name, "transform-set") == 0 || strcmp(r->name, "ipsec-proposal") == 0;
    c->proposal.protocol = ipsec ? PROTOCOL_ESP : PROTOCOL_IKE;
    bool prf = false, combined = false;
    for (const struct fact *f = list; f; f = f->next) {
        uint64_t type, id, bits = 0, protocol;
        if (!fact_get_number(fact_children(f), "type", &type) || !fact_get_number(fact_children(f), "id", &id))
            continue;
        (void)fact_get_number(fact_children(f), "key_length", &bits);
        if (fact_get_number(fact_children(f), "protocol", &protocol) && list == f && protocol == PROTOCOL_AH)
            c->proposal.protocol = PROTOCOL_AH;
        prf = prf || type == TRANSFORM_PRF;
        combined = combined || (type == TRANSFORM_ENCR && (id == ENCR_AES_GCM_16 || id == ENCR_NULL_AUTH_AES_GMAC));
        c->lines[c->proposal.count] = f->line;
        c->proposal.transforms[c->proposal.count++] = (struct transform){ (uint8_t)type, (uint16_t)id, (uint16_t)bits };
    }
    c->prf_implied = !ipsec && !prf;
    size_t stated = c->proposal.count;
    static const struct {
        uint16_t integ, prf;
    } implied[] = {
        { INTEG_HMAC_MD5_96, PRF_HMAC_MD5 },
        { INTEG_HMAC_SHA1_96, PRF_HMAC_SHA1 },
        { INTEG_HMAC_SHA2_256_128, PRF_HMAC_SHA2_256 },
        { INTEG_HMAC_SHA2_384_192, PRF_HMAC_SHA2_384 },
        { INTEG_HMAC_SHA2_512_256, PRF_HMAC_SHA2_512 },
    };
    for (size_t i = 0; c->prf_implied && i < stated; i++)
        for (size_t k = 0; k < sizeof implied / sizeof implied[0]; k++)
            if (c->proposal.transforms[i].type == TRANSFORM_INTEG && c->proposal.transforms[i].id == implied[k].integ) {
                c->lines[c->proposal.count] = c->lines[i];
                c->proposal.transforms[c->proposal.count++] = (struct transform){ TRANSFORM_PRF, implied[k].prf, 0 };
            }
    struct text mode = fact_get_text(r->facts, "mode");
    c->mode = text_equal(mode, TEXT("transport")) ? MODE_TRANSPORT : ipsec ? MODE_TUNNEL : MODE_UNKNOWN;
    return c;
}

/* The default proposal of IOS 15, as the rekey of a router that has one sends it; later releases have others. */
static struct configured *default_ike(struct arena *arena)
{
    static const struct transform rows[] = {
        { TRANSFORM_ENCR, ENCR_AES_CBC, 256 },
        { TRANSFORM_ENCR, ENCR_AES_CBC, 192 },
        { TRANSFORM_ENCR, ENCR_AES_CBC, 128 },
        { TRANSFORM_PRF, PRF_HMAC_SHA2_512, 0 },
        { TRANSFORM_PRF, PRF_HMAC_SHA2_384, 0 },
        { TRANSFORM_PRF, PRF_HMAC_SHA2_256, 0 },
        { TRANSFORM_PRF, PRF_HMAC_SHA1, 0 },
        { TRANSFORM_PRF, PRF_HMAC_MD5, 0 },
        { TRANSFORM_INTEG, INTEG_HMAC_SHA2_512_256, 0 },
        { TRANSFORM_INTEG, INTEG_HMAC_SHA2_384_192, 0 },
        { TRANSFORM_INTEG, INTEG_HMAC_SHA2_256_128, 0 },
        { TRANSFORM_INTEG, INTEG_HMAC_SHA1_96, 0 },
        { TRANSFORM_INTEG, INTEG_HMAC_MD5_96, 0 },
        { TRANSFORM_DH, KE_MODP_1536, 0 },
        { TRANSFORM_DH, KE_MODP_1024, 0 },
    };
    struct configured *c = arena_new(arena, struct configured);
    c->name = TEXT("default");
    c->proposal.protocol = PROTOCOL_IKE;
    c->proposal.count = sizeof rows / sizeof rows[0];
    c->proposal.transforms = arena_array(arena, struct transform, c->proposal.count);
    memcpy(c->proposal.transforms, rows, sizeof rows);
    c->lines = arena_array(arena, uint32_t, c->proposal.count);
    return c;
}

static struct configured *default_esp(struct arena *arena)
{
    struct configured *c = arena_new(arena, struct configured);
    c->name = TEXT("default");
    c->proposal.protocol = PROTOCOL_ESP;
    c->proposal.count = 2;
    c->proposal.transforms = arena_array(arena, struct transform, 2);
    c->proposal.transforms[0] = (struct transform){ TRANSFORM_ENCR, ENCR_AES_CBC, 128 };
    c->proposal.transforms[1] = (struct transform){ TRANSFORM_INTEG, INTEG_HMAC_SHA1_96, 0 };
    c->lines = arena_array(arena, uint32_t, 2);
    c->mode = MODE_TUNNEL;
    return c;
}

static struct configured **append(struct configured **at, struct configured *c)
{
    *at = c;
    while (*at)
        at = &(*at)->next;
    return at;
}

static struct configured *ike_named(const struct model *m, uint32_t device, struct text name, struct arena *arena)
{
    const struct record *r = config_find(m, device, "ikev2-proposal", name);
    return r ? config_proposal(r, arena) : text_equal(name, TEXT("default")) ? default_ike(arena) : NULL;
}

static bool policy_serves(const struct record *policy, struct address local)
{
    const struct fact *list = members(policy->facts, "match_address_local");
    if (!list || local.family == ADDRESS_NONE)
        return true;
    for (; list; list = list->next)
        if (list->kind == FACT_ADDRESS && address_equal(list->as.address, local))
            return true;
    return false;
}

static uint64_t priority(const struct record *policy)
{
    uint64_t number;
    return text_number(policy->title, 10, &number) ? number : UINT64_MAX;
}

/* An ASA tries its policies from the lowest number. */
static void asa_policies(const struct model *m, uint32_t device, struct configured **head, struct arena *arena)
{
    for (const struct record *r = record_next(m, device, "asa-ikev2-policy", NULL); r;
         r = record_next(m, device, "asa-ikev2-policy", r)) {
        struct configured **at = head;
        while (*at && (!(*at)->record || priority((*at)->record) <= priority(r)))
            at = &(*at)->next;
        struct configured *c = config_proposal(r, arena);
        c->next = *at;
        *at = c;
    }
}

struct configured *config_offered_proposals(const struct model *m, uint32_t device, struct address local, struct arena *arena)
{
    struct configured *head = NULL, **at = &head;
    bool policies = false;
    for (const struct record *r = record_next(m, device, "ikev2-policy", NULL); r;
         r = record_next(m, device, "ikev2-policy", r)) {
        if (!policy_serves(r, local) || config_find(m, device, "ikev2-policy", r->title) != r) /* shown and configured */
            continue;
        for (const struct fact *name = members(r->facts, "proposals"); name; name = name->next) {
            if (name->kind != FACT_TEXT)
                continue;
            policies = true;
            struct configured *c = ike_named(m, device, name->as.text, arena);
            if (c)
                c->policy = r->title;
            at = append(at, c);
        }
    }
    if (policies)
        return head;
    asa_policies(m, device, &head, arena);
    if (head || !config_supplied(m, device) || record_next(m, device, "tunnel-group", NULL))
        return head;
    return ike_named(m, device, TEXT("default"), arena);
}

/* ---- the way to a peer ---- */

/* Where no address is known, the only object of its kind is the one; NULL when there are several, or none. */
static const struct record *sole(const struct model *m, uint32_t device, const char *name, const char *having)
{
    const struct record *found = NULL;
    for (const struct record *r = record_next(m, device, name, NULL); r; r = record_next(m, device, name, r)) {
        if (having && !fact_find(r->facts, having))
            continue;
        if (found)
            return NULL;
        found = r;
    }
    return found;
}

static bool map_leads_to(const struct record *map, struct address peer)
{
    for (const struct fact *g = members(map->facts, "peers"); g; g = g->next) {
        struct address a;
        if (fact_get_address(fact_children(g), "address", &a) && address_equal(a, peer))
            return true;
    }
    return false;
}

static bool tunnel_leads_to(const struct record *interface, struct address peer)
{
    struct address a;
    return fact_get_text(interface->facts, "tunnel_profile").len &&
           address_read(fact_get_text(interface->facts, "tunnel_destination"), &a) && address_equal(a, peer);
}

size_t config_entries_to(const struct model *m, uint32_t device, struct address peer, const struct record *entries[], size_t room)
{
    size_t count = 0;
    if (!device || !peer.family)
        return 0;
    for (const struct record *r = record_next(m, device, "crypto-map", NULL); r; r = record_next(m, device, "crypto-map", r))
        if (count < room && map_leads_to(r, peer) && config_find(m, device, "crypto-map", r->title) == r) /* supplied twice */
            entries[count++] = r;
    for (const struct record *r = record_next(m, device, "interface", NULL); r; r = record_next(m, device, "interface", r))
        if (count < room && tunnel_leads_to(r, peer) && config_find(m, device, "interface", r->title) == r)
            entries[count++] = r;
    return count;
}

static const struct record *map_to(const struct model *m, uint32_t device, struct address peer)
{
    for (const struct record *r = record_next(m, device, "crypto-map", NULL); r; r = record_next(m, device, "crypto-map", r))
        if (map_leads_to(r, peer))
            return r;
    /* an entry without a peer answers anybody: a dynamic map */
    for (const struct record *r = record_next(m, device, "crypto-dynamic-map", NULL); r;
         r = record_next(m, device, "crypto-dynamic-map", r))
        if (!members(r->facts, "peers") || map_leads_to(r, peer))
            return r;
    return NULL;
}

static const struct record *tunnel_to(const struct model *m, uint32_t device, struct address peer)
{
    const struct record *open = NULL;
    for (const struct record *r = record_next(m, device, "interface", NULL); r; r = record_next(m, device, "interface", r)) {
        struct text destination = fact_get_text(r->facts, "tunnel_destination");
        if (!fact_get_text(r->facts, "tunnel_profile").len)
            continue;
        if (tunnel_leads_to(r, peer))
            return r;
        if (!open && (destination.len == 0 || text_equal(destination, TEXT("dynamic"))))
            open = r; /* multipoint, or a virtual template */
    }
    return open;
}

static const struct record *interface_of_map(const struct model *m, uint32_t device, const struct record *map)
{
    struct text name = fact_get_text(map->facts, "name");
    for (const struct record *r = record_next(m, device, "interface", NULL); r; r = record_next(m, device, "interface", r))
        if (text_equal(fact_get_text(r->facts, "crypto_map"), name))
            return r;
    const struct record *binding = config_find(m, device, "crypto-map-binding", name);
    struct text nameif = binding ? fact_get_text(binding->facts, "interface") : (struct text){ NULL, 0 };
    for (const struct record *r = record_next(m, device, "interface", NULL); r && nameif.len;
         r = record_next(m, device, "interface", r))
        if (text_equal(fact_get_text(r->facts, "nameif"), nameif))
            return r;
    return NULL;
}

static const struct record *named(const struct model *m, uint32_t device, const char *kind, struct text name)
{
    return name.len ? config_find(m, device, kind, name) : NULL;
}

static const struct record *tunnel_group_of(const struct model *m, uint32_t device, struct address peer)
{
    if (peer.family == ADDRESS_NONE)
        return device ? sole(m, device, "tunnel-group", "keys") : NULL;
    for (const struct record *r = record_next(m, device, "tunnel-group", NULL); r;
         r = record_next(m, device, "tunnel-group", r)) {
        struct address a;
        if (address_read(r->title, &a) && address_equal(a, peer))
            return r;
    }
    return config_find(m, device, "tunnel-group", TEXT("DefaultL2LGroup"));
}

struct config_trustpoint config_trustpoint(const struct model *m, uint32_t device, const struct config_path *path)
{
    const struct record *holders[] = { path->profile, path->tunnel_group, path->crypto_map, path->ipsec_profile };
    struct config_trustpoint t = { .at = NULL };
    for (size_t i = 0; i < sizeof holders / sizeof holders[0] && !t.name.len; i++) {
        const struct fact *list = holders[i] ? fact_find(holders[i]->facts, "pki_trustpoints") : NULL;
        const struct fact *f = list ? fact_children(list) : holders[i] ? fact_find(holders[i]->facts, "trustpoint") : NULL;
        if (f && f->kind == FACT_TEXT)
            t = (struct config_trustpoint){ .name = f->as.text, .at = holders[i], .line = f->line };
    }
    const struct record *only = t.name.len ? NULL : device ? sole(m, device, "pki-trustpoint", NULL) : NULL;
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
                                  : blind ? sole(m, device, "interface", "tunnel_profile")
                                          : tunnel_to(m, device, peer);
    p.crypto_map = entry ? (is_tunnel ? NULL : entry) : blind ? sole(m, device, "crypto-map", "peers") : map_to(m, device, peer);
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
        p.profile = config_profile_for(m, device, NULL, peer);
    if (p.profile)
        p.keyring = named(m, device, "ikev2-keyring", fact_get_text(p.profile->facts, "keyring_local"));
    p.tunnel_group = tunnel_group_of(m, device, peer);
    p.key = config_key_for(m, device, NULL, peer, NULL);
    return p;
}

/* Where it is said what protects the traffic of this path. */
static const struct record *holder_of(const struct config_path *path)
{
    return path->ipsec_profile ? path->ipsec_profile : path->crypto_map;
}

static bool same_words(const struct record *a, const struct record *b, const char *list)
{
    const struct fact *f = members(a->facts, list), *g = members(b->facts, list);
    while (f && g && f->kind == FACT_TEXT && g->kind == FACT_TEXT && text_equal(f->as.text, g->as.text))
        f = f->next, g = g->next;
    return !f && !g;
}

static bool same_pfs(const struct record *a, const struct record *b)
{
    const struct fact *f = fact_find(a->facts, "pfs"), *g = fact_find(b->facts, "pfs");
    return (!f && !g) || (f && g && f->kind == g->kind && f->as.number == g->as.number);
}

/* One entry leads there, it is told which of several it is, or none says anything else than the first. */
static bool one_holder(const struct model *m, uint32_t device, struct address peer, const struct record *entry,
                       const struct record **holder)
{
    struct config_path path = config_path_to(m, device, peer, entry);
    const struct record *entries[ENTRIES];
    size_t count = entry ? 0 : config_entries_to(m, device, peer, entries, ENTRIES);
    *holder = holder_of(&path);
    for (size_t i = 0; i < count && count > 1 && *holder; i++) {
        struct config_path other = config_path_to(m, device, peer, entries[i]);
        const struct record *its = holder_of(&other);
        if (!its || !same_words(*holder, its, "transform_sets") || !same_words(*holder, its, "ipsec_proposals") ||
            !same_pfs(*holder, its))
            return false;
    }
    return *holder != NULL;
}

struct configured *config_transform_sets(const struct model *m, uint32_t device, struct address peer, const struct record *entry,
                                         struct arena *arena)
{
    static const char *const lists[][2] = { { "transform_sets", "transform-set" }, { "ipsec_proposals", "ipsec-proposal" } };
    const struct record *holder;
    struct configured *head = NULL, **at = &head;
    if (!one_holder(m, device, peer, entry, &holder))
        return NULL;
    for (unsigned i = 0; i < 2; i++) {
        for (const struct fact *name = members(holder->facts, lists[i][0]); name; name = name->next) {
            const struct record *r = name->kind == FACT_TEXT ? named(m, device, lists[i][1], name->as.text) : NULL;
            if (r)
                at = append(at, config_proposal(r, arena));
        }
    }
    if (!head && strcmp(holder->name, "ipsec-profile") == 0 && !fact_find(holder->facts, "transform_sets"))
        return default_esp(arena);
    return head;
}

bool config_pfs(const struct model *m, uint32_t device, struct address peer, const struct record *entry, uint32_t *group,
                const struct record **where, uint32_t *line)
{
    const struct record *holder;
    bool told = one_holder(m, device, peer, entry, &holder);
    *group = 0;
    *line = 0;
    if (where)
        *where = told ? holder : NULL;
    if (!told)
        return false;
    const struct fact *pfs = fact_find(holder->facts, "pfs");
    if (!pfs)
        return true;
    *line = pfs->line;
    if (pfs->kind == FACT_CODE)
        *group = (uint32_t)pfs->as.number;
    else if (pfs->kind == FACT_BOOL && pfs->as.number)
        *group = PFS_GROUP_DEFAULT;
    return true;
}

/* ---- selectors ---- */

static bool entry_selectors(const struct fact *entry, struct selector_pair *pair)
{
    const struct fact *facts = fact_children(entry);
    uint64_t protocol = 0, port;
    if (!fact_get_address(facts, "source_start", &pair->local.start) ||
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

struct selector_pair *acl_selectors(const struct record *acl, struct arena *arena)
{
    struct selector_pair *head = NULL, **at = &head;
    for (const struct fact *e = members(acl->facts, "entries"); e; e = e->next) {
        struct selector_pair pair = { .acl = acl, .line = e->line };
        if (!text_equal(fact_get_text(fact_children(e), "action"), TEXT("permit")) || fact_find(fact_children(e), "unresolved") ||
            !entry_selectors(e, &pair))
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

/* ---- profiles and keys ---- */

static bool same_word(struct text a, struct text b)
{
    return a.len && text_equal_nocase(a, b);
}

static bool in_domain(struct text host, struct text domain)
{
    return host.len > domain.len && text_equal_nocase(text_from(host, host.len - domain.len), domain) &&
           (domain.at[0] == '.' || domain.at[0] == '@' || host.at[host.len - domain.len - 1] == '.' ||
            host.at[host.len - domain.len - 1] == '@');
}

/* Does what a configuration says of an identity hold for this one? A score: 0 no, 1 any, more is narrower. */
static unsigned identity_fits(const struct fact *facts, const struct identity *id, struct address peer)
{
    uint64_t type = 0;
    struct address start, end, a;
    struct text want = fact_get_text(facts, "id");
    if (fact_find(facts, "any"))
        return 1;
    (void)fact_get_number(facts, "id_type", &type);
    bool known = id && id->type;
    if (type == ID_IPV4_ADDR || type == ID_IPV6_ADDR) {
        if (known && id->type != type)
            return 0;
        a = peer;
        if (known && !address_read(id->value, &a))
            return 0;
        if (!fact_get_address(facts, "start", &start) || !fact_get_address(facts, "end", &end) || !within(a, start, end))
            return 0;
        return 2 + narrowness(start, end);
    }
    if (!known || id->type != type)
        return 0;
    if (fact_find(facts, "domain"))
        return in_domain(id->value, want) ? 100 : 0;
    return same_word(want, id->value) ? 200 : 0;
}

const struct record *config_profile_for(const struct model *m, uint32_t device, const struct identity *id, struct address peer)
{
    const struct record *best = NULL;
    unsigned best_score = 0;
    if (peer.family == ADDRESS_NONE && !(id && id->type))
        return device ? sole(m, device, "ikev2-profile", NULL) : NULL;
    for (const struct record *r = record_next(m, device, "ikev2-profile", NULL); r;
         r = record_next(m, device, "ikev2-profile", r)) {
        for (const struct fact *g = members(r->facts, "match_identity_remote"); g; g = g->next) {
            unsigned score = identity_fits(fact_children(g), id, peer);
            if (score > best_score) {
                best = r;
                best_score = score;
            }
        }
        /* a certificate map may match any name; nothing here can tell */
        if (!best && id && id->type == ID_DER_ASN1_DN && fact_find(r->facts, "match_certificate"))
            best = r;
    }
    return best;
}

static unsigned key_fits(const struct fact *facts, const struct identity *id, struct address peer)
{
    struct address start, end;
    const struct fact *identity = fact_find(facts, "identity");
    unsigned score = identity ? identity_fits(fact_children(identity), id, peer) : 0;
    if (fact_get_address(facts, "start", &start) && fact_get_address(facts, "end", &end) && within(peer, start, end))
        score = score > 2 + narrowness(start, end) ? score : 2 + narrowness(start, end);
    if (!score && id && id->type == ID_FQDN && same_word(fact_get_text(facts, "hostname"), id->value))
        score = 150;
    return score;
}

static const struct fact *profile_key(const struct model *m, uint32_t device, const struct identity *id, struct address peer,
                                      const struct record **where)
{
    const struct record *profile = config_profile_for(m, device, id, peer);
    const struct fact *best = NULL;
    unsigned best_score = 0;
    bool blind = peer.family == ADDRESS_NONE && !(id && id->type);
    if (blind && device == 0)
        return NULL;
    if (profile && members(profile->facts, "keys")) { /* the key stands in the profile itself */
        *where = profile;
        return profile->facts;
    }
    struct text keyring = profile ? fact_get_text(profile->facts, "keyring_local") : (struct text){ NULL, 0 };
    for (const struct record *r = record_next(m, device, "ikev2-keyring", NULL); r;
         r = record_next(m, device, "ikev2-keyring", r)) {
        if (keyring.len && !text_equal(r->title, keyring))
            continue;
        for (const struct fact *g = members(r->facts, "peers"); g; g = g->next) {
            unsigned score = !fact_find(fact_children(g), "keys") ? 0 : blind ? 1 : key_fits(fact_children(g), id, peer);
            if (blind && best)
                return NULL; /* several keys, and nothing to choose by */
            if (score > best_score) {
                best = g;
                best_score = score;
                *where = r;
            }
        }
    }
    return best;
}

const struct fact *config_key_for(const struct model *m, uint32_t device, const struct identity *id, struct address peer,
                                  const struct record **where)
{
    const struct record *unused;
    if (!where)
        where = &unused;
    *where = NULL;
    const struct fact *key = profile_key(m, device, id, peer, where);
    if (key)
        return key;
    const struct record *group = tunnel_group_of(m, device, peer);
    if (group && members(group->facts, "keys")) {
        *where = group;
        return group->facts;
    }
    return NULL;
}

/* A keyring's peer is a member of a list; a tunnel-group's facts are named themselves. */
static const struct fact *key_list(const struct fact *key)
{
    return members(key->kind == FACT_GROUP && !key->name ? fact_children(key) : key, "keys");
}

uint32_t config_keys_line(const struct fact *key)
{
    const struct fact *list = key ? key_list(key) : NULL;
    return list ? list->line : key ? key->line : 0;
}

/* The key for that side ("local": to sign with, "remote": to verify the other end with), or NULL. */
static const struct fact *key_of(const struct fact *key, const char *side)
{
    for (const struct fact *k = key ? key_list(key) : NULL; k; k = k->next) {
        struct text of = fact_get_text(fact_children(k), "side");
        if (text_equal(of, text_of(side)) || text_equal(of, TEXT("both")))
            return k;
    }
    return NULL;
}

static enum verified same_key(const struct fact *one, const struct fact *other)
{
    uint64_t a, b;
    if (!one || !other || !fact_get_number(fact_children(one), ".key_digest", &a) ||
        !fact_get_number(fact_children(other), ".key_digest", &b))
        return VERIFIED_UNKNOWN;
    return a == b ? VERIFIED_TRUE : VERIFIED_FALSE;
}

struct key_way config_keys_way(const struct fact *signer, const struct fact *verifier)
{
    const struct fact *signs = key_of(signer, "local"), *verifies = key_of(verifier, "remote");
    return (struct key_way){ same_key(signs, verifies), signs ? signs->line : 0, verifies ? verifies->line : 0 };
}

bool config_keys_by_direction(const struct fact *key)
{
    const struct fact *local = key_of(key, "local"), *remote = key_of(key, "remote");
    return local && remote && local != remote && same_key(local, remote) != VERIFIED_TRUE;
}

bool config_keys_exchanged(const struct fact *one, const struct fact *other)
{
    return config_keys_by_direction(one) && same_key(key_of(one, "local"), key_of(other, "local")) == VERIFIED_TRUE &&
           same_key(key_of(one, "remote"), key_of(other, "remote")) == VERIFIED_TRUE;
}
