/* What to type where a list at one end meets a tunnel interface at the other: the list, or the kind, follows. */
#include "analysis/acl_edit.h"
#include "analysis/kinds.h"
#include "analysis/ways.h"

enum { GRE = 47, WRITTEN_OUT = 4 /* entries of a list */ };

static const char *const list_kinds[] = { "access-list", NULL }, *const profile_kinds[] = { "ipsec-profile", NULL };

static bool is_plain(const struct selector_pair *p)
{
    return !p->local.protocol && !p->local.start_port && !p->remote.start_port && p->local.end_port == 65535 &&
           p->remote.end_port == 65535;
}

/* "`ip access-list extended NAME` / `permit ip A B`", the mirror image of a list; at NULL: not all of it can be written so. */
static struct text mirror_text(struct model *m, const struct record *list, struct text name, bool asa)
{
    struct text all = asa ? TEXT("") : arena_format(m->run, "`ip access-list extended %.*s`", TEXT_ARGS(name));
    unsigned n = 0;
    for (const struct fact *e = fact_members(list->facts, "entries"); e; e = e->next) {
        struct selector_pair p = { .acl = list };
        const bool read = acl_entry_selectors(e, &p);
        struct text from = acl_end_text(m->run, &p.remote, !asa), to = acl_end_text(m->run, &p.local, !asa),
                    action = fact_get_text(fact_children(e), "action");
        if (!read || !is_plain(&p) || !from.len || !to.len || ++n > WRITTEN_OUT)
            return (struct text){ NULL, 0 };
        all = asa ? arena_format(m->run, "%.*s%s`access-list %.*s extended %.*s ip %.*s %.*s`", TEXT_ARGS(all),
                                 all.len ? " / " : "", TEXT_ARGS(name), TEXT_ARGS(action), TEXT_ARGS(from), TEXT_ARGS(to))
                  : arena_format(m->run, "%.*s / `%.*s ip %.*s %.*s`", TEXT_ARGS(all), TEXT_ARGS(action), TEXT_ARGS(from),
                                 TEXT_ARGS(to));
    }
    return n ? all : (struct text){ NULL, 0 };
}

/* What a crypto map's entry and an IPsec profile can both have, as this one has it: "`set transform-set TS` / `set ikev2-profile
 * PROF`", with `before` in front of each. */
static struct text settings_text(struct model *m, const struct record *of, struct text before)
{
    static const char *const kept[] = { "set transform-set",        "set ikev2-profile",        "set pfs",
                                        "set security-association", "set ikev2 ipsec-proposal", "set trustpoint" };
    struct text all = { NULL, 0 };
    for (uint32_t line = of ? of->first_line : 1; of && line <= of->last_line; line++) {
        struct text said = text_trim(record_line(of, line));
        const size_t at = text_starts(said, TEXT("set ")) ? 0 : text_find(said, TEXT(" set "));
        said = at == TEXT_NOWHERE ? TEXT("") : text_trim(text_from(said, at));
        for (size_t i = 0; i < COUNT_OF(kept); i++)
            if (text_starts(said, text_of(kept[i])))
                all = arena_format(m->run, "%.*s / `%.*s%.*s`", TEXT_ARGS(all), TEXT_ARGS(before), TEXT_ARGS(said));
    }
    return all;
}

static struct text free_tunnel(struct model *m, uint32_t device)
{
    struct text name = TEXT("Tunnel0");
    for (unsigned n = 1; config_find(m, device, "interface", name); n++)
        name = arena_format(m->run, "Tunnel%u", n);
    return name;
}

static struct text source_of(const struct tunnel_end *end)
{
    const struct record *carrier = end->path.interface;
    struct text nameif = carrier ? fact_get_text(carrier->facts, "nameif") : (struct text){ NULL, 0 };
    return end->asa ? nameif.len ? nameif : TEXT("NAMEIF") : carrier ? carrier->title : TEXT("INTERFACE");
}

/* "either end will do: here, ", but that the other end serves others, too, and is to stay as it is. */
static const char *opening(const struct tunnel_end *other)
{
    return other->answers ? "here, as the other end is for others, too: " : "either end will do: here, ";
}

/* A tunnel interface that is to come in the place of a crypto map's entry. */
struct new_tunnel {
    struct model *m;
    const struct tunnel_end *end;
    struct address peer;
    struct text name, front, inner; /* front and inner: the VRFs that its own packets and what it carries are in; empty: global */
};

/* What the list protects is in the VRF that the profile says; else where the interface is that has it, or the carrier. */
static struct text inner_vrf(struct model *m, const struct tunnel_end *end, struct text front)
{
    const struct text told = end->path.profile ? fact_get_text(end->path.profile->facts, "ivrf") : TEXT("");
    const struct selector_pair *p = acl_selectors(end->path.acl, m->run);
    if (told.len)
        return told;
    for (const struct record *r = p && front.len ? record_next(m, end->device, "interface", NULL) : NULL; r;
         r = record_next(m, end->device, "interface", r))
        if (r != end->path.interface && interface_reaches(r, p->local.start))
            return fact_get_text(r->facts, "vrf");
    return front;
}

static struct new_tunnel new_tunnel(struct model *m, const struct tunnel_end *end, const struct tunnel_end *other)
{
    const struct record *carrier = end->path.interface;
    const struct text front = carrier && !end->asa ? fact_get_text(carrier->facts, "vrf") : TEXT("");
    return (struct new_tunnel){ m, end, other->address, free_tunnel(m, end->device), front, inner_vrf(m, end, front) };
}

static bool is_peer_alone(const struct new_tunnel *t, const struct selector *s)
{
    return address_equal(s->start, t->peer) && address_equal(s->end, t->peer);
}

/* Who would route that into the tunnel would route the tunnel's own packets into it. */
static bool would_take_itself(const struct new_tunnel *t, const struct selector *s)
{
    return text_equal(t->front, t->inner) && range_has(s->start, s->end, t->peer);
}

static struct text route_start(const struct new_tunnel *t, struct text vrf, struct text nameif)
{
    struct arena *run = t->m->run;
    return t->end->asa ? arena_format(run, "route %.*s", TEXT_ARGS(nameif))
           : vrf.len   ? arena_format(run, "ip route vrf %.*s", TEXT_ARGS(vrf))
                       : TEXT("ip route");
}

/* The static routes for exactly that network, which would stay beside the new one: " / `no ip route ...`". */
static struct text old_routes(const struct new_tunnel *t, const struct selector *s)
{
    const struct record *routes = record_next(t->m, t->end->device, "static-routes", NULL);
    struct text all = { NULL, 0 };
    for (const struct fact *g = routes ? fact_members(routes->facts, "routes") : NULL; g; g = g->next) {
        const struct fact *f = fact_children(g);
        struct address start, end;
        if (fact_get_address(f, "start", &start) && fact_get_address(f, "end", &end) && address_equal(start, s->start) &&
            address_equal(end, s->end) && text_equal(fact_get_text(f, "vrf"), t->inner) &&
            !text_starts_nocase(fact_get_text(f, "interface"), TEXT("Null")))
            all = arena_format(t->m->run, "%.*s / `no %.*s`", TEXT_ARGS(all), TEXT_ARGS(text_trim(record_line(routes, g->line))));
    }
    return all;
}

/* "`ip route A M Tunnel0`" for what the list protects at the other end. Empty: nothing can be routed into it. */
static struct text routes_text(const struct new_tunnel *t)
{
    struct arena *run = t->m->run;
    const struct text start = route_start(t, t->inner, TEXT("NAME")), by = t->end->asa ? TEXT("NEXT-HOP") : t->name;
    struct text all = { NULL, 0 };
    bool pinned = false;
    unsigned n = 0;
    for (const struct selector_pair *p = acl_selectors(t->end->path.acl, run); p && n < WRITTEN_OUT; p = p->next, n++) {
        const struct selector *s = &p->remote;
        if (would_take_itself(t, s) && is_peer_alone(t, s))
            continue;
        const bool every = range_prefix(s->start, s->end) == 0;
        struct text to = every ? TEXT("") : route_network_text(run, s);
        struct text one = arena_format(run, " / `%.*s %.*s %.*s`", TEXT_ARGS(start),
                                       TEXT_ARGS(to.len ? to : TEXT("NETWORK MASK")), TEXT_ARGS(by));
        if (text_has(all, one))
            continue;
        all = arena_format(run, "%.*s%.*s%.*s", TEXT_ARGS(all), TEXT_ARGS(one), TEXT_ARGS(every ? TEXT("") : old_routes(t, s)));
        pinned |= would_take_itself(t, s);
    }
    if (pinned) /* a way of its own for the tunnel's packets, first */
        all = arena_format(run, " / `%.*s %.*s 255.255.255.255 NEXT-HOP`%.*s",
                           TEXT_ARGS(route_start(t, t->front, source_of(t->end))), TEXT_ARGS(address_text(t->peer, run)),
                           TEXT_ARGS(all));
    return all;
}

static struct text in_vrf(struct model *m, const char *command, struct text vrf)
{
    return vrf.len ? arena_format(m->run, "`%s %.*s` / ", command, TEXT_ARGS(vrf)) : TEXT("");
}

/* A tunnel interface of the other end's kind in the place of a crypto map's entry. Empty: what that protects is the two ends
 * themselves, which no tunnel between them can carry. */
static struct text replace_map_text(struct model *m, const struct tunnel_end *end, const struct tunnel_end *other,
                                    struct text mode)
{
    const struct record *entry = end->path.crypto_map;
    const struct new_tunnel t = new_tunnel(m, end, other);
    const struct text profile = config_free_name(m, end->device, profile_kinds, "TUNNEL"), peer = address_text(t.peer, m->run),
                      source = source_of(end), set = settings_text(m, entry, TEXT("")), routes = routes_text(&t);
    if (!routes.len)
        return routes;
    struct text first = arena_format(m->run, "`crypto ipsec profile %.*s`%.*s", TEXT_ARGS(profile), TEXT_ARGS(set));
    struct text own = other->answers && !end->asa
                          ? arena_format(m->run, "`ip unnumbered %.*s` / ", TEXT_ARGS(source))
                          : TEXT("`ip address ADDRESS MASK` (of the subnet that the other end's tunnel has) / ");
    if (!text_equal(t.front, t.inner) && other->answers)
        own = TEXT("`ip unnumbered INTERFACE` (one of that VRF) / ");
    struct text is = arena_format(
        m->run,
        "`interface %.*s` / %s%.*s%.*s`tunnel source %s%.*s` / `tunnel destination %.*s` / %.*s`tunnel mode %.*s` / `tunnel "
        "protection ipsec profile %.*s`",
        TEXT_ARGS(t.name), end->asa ? "`nameif NAME` / " : "", TEXT_ARGS(in_vrf(m, "vrf forwarding", t.inner)), TEXT_ARGS(own),
        end->asa ? "interface " : "", TEXT_ARGS(source), TEXT_ARGS(peer), TEXT_ARGS(in_vrf(m, "tunnel vrf", t.front)),
        TEXT_ARGS(mode), TEXT_ARGS(profile));
    return arena_format(m->run,
                        "%sa tunnel interface in the place of the crypto map's entry: %.*s / %.*s / `exit` / `%s %.*s`%.*s",
                        opening(other), TEXT_ARGS(first), TEXT_ARGS(is),
                        end->asa ? "clear configure crypto map" : "no crypto map", TEXT_ARGS(entry->title), TEXT_ARGS(routes));
}

/* The crypto map is there for a GRE tunnel, and its list has not that tunnel's packets. */
static struct text gre_entry_text(struct model *m, const struct tunnel_end *end, const struct tunnel_end *other, bool asa)
{
    const struct record *list = end->path.acl;
    const struct selector_pair *old = acl_selectors(list, m->run);
    while (old && old->local.protocol != GRE)
        old = old->next;
    struct text removal = old ? acl_removal_text(m->run, list, old->line, asa) : (struct text){ NULL, 0 };
    struct text near = address_text(end->address, m->run), far = address_text(other->address, m->run);
    return arena_format(m->run,
                        "let its list have the packets of the GRE tunnel: `ip access-list extended %.*s` / `permit gre host %.*s "
                        "host %.*s`%s%.*s%s",
                        TEXT_ARGS(list->title), TEXT_ARGS(near), TEXT_ARGS(far), removal.len ? " / `" : "", TEXT_ARGS(removal),
                        removal.len ? "`" : "");
}

static bool protects_gre_alone(struct model *m, const struct tunnel_end *end)
{
    const struct selector_pair *p = acl_selectors(end->path.acl, m->run);
    const bool any = p != NULL;
    while (p && p->local.protocol == GRE)
        p = p->next;
    return any && !p;
}

/* The end that has a crypto map; the other one is a tunnel interface. Empty: nothing can be done here. */
static struct text map_end_text(struct model *m, const struct tunnel_end *end, const struct tunnel_end *other, enum asks wanted)
{
    const struct record *gre = kinds_gre_beside(m, end, other);
    const struct text mode = kinds_mode(wanted, end->address.family == ADDRESS_IPV6);
    if (gre && wanted == ASKS_GRE)
        return gre_entry_text(m, end, other, end->asa);
    if (end->asa && (wanted == ASKS_GRE || other->address.family != ADDRESS_IPV4))
        return (struct text){ NULL, 0 }; /* it has no GRE */
    if (!gre || !protects_gre_alone(m, end))
        return replace_map_text(m, end, other, mode);
    const struct record *entry = end->path.crypto_map;
    const struct text profile = config_free_name(m, end->device, profile_kinds, "TUNNEL"),
                      set = settings_text(m, entry, TEXT(""));
    return arena_format(m->run,
                        "%sa tunnel of the other's mode in the place of GRE: `no crypto map %.*s` / `crypto ipsec "
                        "profile %.*s`%.*s / `interface %.*s` / `tunnel mode %.*s` / `tunnel protection ipsec profile %.*s`",
                        opening(other), TEXT_ARGS(entry->title), TEXT_ARGS(profile), TEXT_ARGS(set), TEXT_ARGS(gre->title),
                        TEXT_ARGS(mode), TEXT_ARGS(profile));
}

/* What this end's list protects is the two ends themselves: no tunnel interface can take the crypto map's place. */
static bool stays(struct model *m, const struct tunnel_end *end, const struct tunnel_end *other)
{
    const struct new_tunnel t = new_tunnel(m, end, other);
    return end->path.crypto_map && !kinds_gre_beside(m, end, other) && !routes_text(&t).len;
}

/* A tunnel interface that is to ask for what the other end's list says. */
static struct text tunnel_with_list_text(struct model *m, const struct tunnel_end *end, const struct tunnel_end *other,
                                         enum asks own)
{
    const struct record *tunnel = end->path.interface;
    const struct text name = config_free_name(m, end->device, list_kinds, "TO-PROTECT"),
                      profile = fact_get_text(tunnel->facts, "tunnel_profile");
    struct text list = mirror_text(m, other->path.acl, name, false);
    if (!list.len)
        list = arena_format(m->run, "`ip access-list extended %.*s`, the mirror image of the other's %.*s", TEXT_ARGS(name),
                            TEXT_ARGS(other->path.acl->title));
    const struct text mode = own == ASKS_ALL ? TEXT("")
                                             : arena_format(m->run, "`tunnel mode %.*s` / ",
                                                            TEXT_ARGS(kinds_mode(ASKS_ALL, end->address.family == ADDRESS_IPV6)));
    return arena_format(
        m->run,
        "%sere, the mirror image of the other's list (IOS-XE 16.12 on): %.*s / `interface %.*s` / `no tunnel protection ipsec "
        "profile %.*s` / %.*s`tunnel protection ipsec policy ipv4 %.*s` / `tunnel protection ipsec profile %.*s`",
        other->asa && own == ASKS_GRE ? "an ASA has no GRE: h"
        : stays(m, other, end)        ? "h"
                                      : "either end will do: h",
        TEXT_ARGS(list), TEXT_ARGS(tunnel->title), TEXT_ARGS(profile), TEXT_ARGS(mode), TEXT_ARGS(name), TEXT_ARGS(profile));
}

static bool is_of_map(const struct model *m, uint32_t device, struct text map, unsigned number)
{
    return config_find(m, device, "crypto-map", arena_format(m->run, "%.*s %u", TEXT_ARGS(map), number)) != NULL;
}

/* An ASA's tunnel interface can have no list: an entry of the crypto map that its source carries, or of a new one. */
static struct text map_for_tunnel_text(struct model *m, const struct tunnel_end *end, const struct tunnel_end *other)
{
    static const char *const map_kinds[] = { "crypto-map-binding", NULL };
    const struct record *tunnel = end->path.interface, *bound = NULL, *profile = end->path.ipsec_profile;
    const struct text name = config_free_name(m, end->device, list_kinds, "TO-PROTECT"),
                      list = mirror_text(m, other->path.acl, name, true), source = fact_get_text(tunnel->facts, "tunnel_source");
    while ((bound = record_next(m, end->device, "crypto-map-binding", bound)) != NULL)
        if (text_equal(fact_get_text(bound->facts, "interface"), source))
            break;
    const struct text map = bound ? bound->title : config_free_name(m, end->device, map_kinds, "VPN");
    unsigned number = 10;
    while (is_of_map(m, end->device, map, number))
        number++;
    struct text all = list.len ? list
                               : arena_format(m->run, "`access-list %.*s extended ...`, the mirror image of the other's %.*s",
                                              TEXT_ARGS(name), TEXT_ARGS(other->path.acl->title));
    const struct text entry = arena_format(m->run, "crypto map %.*s %u ", TEXT_ARGS(map), number);
    all = arena_format(m->run, "%.*s / `%.*smatch address %.*s` / `%.*sset peer %.*s`", TEXT_ARGS(all), TEXT_ARGS(entry),
                       TEXT_ARGS(name), TEXT_ARGS(entry), TEXT_ARGS(address_text(other->address, m->run)));
    all = arena_format(m->run, "%.*s%.*s", TEXT_ARGS(all), TEXT_ARGS(settings_text(m, profile, entry)));
    if (!bound)
        all = arena_format(m->run, "%.*s / `crypto map %.*s interface %.*s`", TEXT_ARGS(all), TEXT_ARGS(map), TEXT_ARGS(source));
    return arena_format(m->run,
                        "%sa crypto map in the place of the tunnel interface, with the mirror image of the other's list: %.*s / "
                        "`no interface %.*s`",
                        stays(m, other, end) ? "here, " : opening(other), TEXT_ARGS(all), TEXT_ARGS(tunnel->title));
}

/* A tunnel interface whose list is to go. */
static struct text without_list_text(struct model *m, const struct tunnel_end *end, const struct tunnel_end *other,
                                     enum asks wanted)
{
    const struct text mode = kinds_mode(wanted, end->address.family == ADDRESS_IPV6),
                      also = wanted == ASKS_ALL ? TEXT("") : arena_format(m->run, " / `tunnel mode %.*s`", TEXT_ARGS(mode));
    return arena_format(m->run, "%s`interface %.*s` / `no tunnel protection ipsec policy ipv4`%.*s, as the other end protects %s",
                        opening(other), TEXT_ARGS(end->path.interface->title), TEXT_ARGS(also),
                        wanted == ASKS_GRE ? "its GRE" : "everything");
}

/* A virtual template is for everybody who calls, and is left as it is. */
static struct text template_text(const struct tunnel_end *other, enum asks own)
{
    return other->asa && own == ASKS_GRE
               ? TEXT("an ASA has no GRE: for that caller an IKEv2 profile and a virtual template of its "
                      "own, of `tunnel mode ipsec ipv4`")
               : TEXT("");
}

void kinds_advise_end(struct diagnosis *d, const struct tunnel *t, unsigned end, const enum asks what[2])
{
    const struct tunnel_end *own = &t->end[end], *other = &t->end[1 - end];
    struct model *m = d->m;
    struct text text = { NULL, 0 };
    if (own->answers)
        text = template_text(other, what[end]);
    else if (what[end] == ASKS_LIST)
        text = own->path.crypto_map ? map_end_text(m, own, other, what[1 - end])
                                    : without_list_text(m, own, other, what[1 - end]);
    else if (kinds_gre_beside(m, other, own) && other->path.crypto_map) {
        if (what[end] != ASKS_GRE && protects_gre_alone(m, other))
            text = arena_format(m->run, "either end will do: here, `interface %.*s` / `tunnel mode %.*s`",
                                TEXT_ARGS(own->path.interface->title),
                                TEXT_ARGS(kinds_mode(ASKS_GRE, own->address.family == ADDRESS_IPV6)));
        else if (what[end] != ASKS_GRE)
            text = tunnel_with_list_text(m, own, other, what[end]);
    } else
        text = own->asa ? map_for_tunnel_text(m, own, other) : tunnel_with_list_text(m, own, other, what[end]);
    if (text.len)
        tunnel_advise(d, t, end, arena_string(m->run, text), arena_string(m->run, text));
}
