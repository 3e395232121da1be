/*
 * Where the crypto is applied: interfaces, and who the router is. Records:
 *
 *   hostname NAME
 *   interface NAME    addresses: list of group { address, mask or prefix_length, secondary (bool), virtual (bool: of HSRP, VRRP
 *                     or GLBP), standby (number: its group, of HSRP) }, standby_names (list of group { group, name }),
 *                     address_from ("dhcp", "negotiated"), unnumbered, ipv6_enable (bool), nameif (ASA), crypto_map,
 *                     map_redundancy (the name of the HSRP group whose address the map goes by), tunnel_source,
 *                     tunnel_destination, tunnel_mode, tunnel_profile (ipsec profile), tunnel_shared (bool), tunnel_acl, tunnel_ikev2_profile,
 *                     tunnel_vrf, tunnel_key, nhrp_peers (list of group { address, inside }: of a multipoint tunnel, the
 *                     addresses outside of it that it is told to call, and whose address inside that is, where it is one peer's
 *                     alone or begins a subnet), nhrp_unread (the same of what is no address), nhrp_servers (list of group
 *                     { address, nbma, multicast (bool) }: next-hop servers by their address inside, and the one outside where it
 *                     stands beside it), nhrp_multicast (list of text: where multicasts go, or "dynamic"), keys: list of group KEY
 *                     (of NHRP: parser/config_ikev2.c), nhrp_template (the number of the virtual template for its shortcuts), vrf, mtu, ip_mtu,
 *                     tcp_mss, zone (of the firewall: parser/config_zone.c), access_group_in (the access list for what comes in), nat_outside (bool), shutdown (bool), description
 *   clock NAME        a zone that its stamps may be printed in: offset ("+01:00": how far it is ahead of UTC)
 */
#include "parser/configuration.h"

#include <stdlib.h>

static void open_interface(struct config *c, const struct config_args *a)
{
    if (a->count == 0)
        return;
    size_t taken;
    struct text name = config_interface(c, a->word, a->count, &taken);
    config_open(c, "interface", taken ? name : a->word[0], IN_INTERFACE);
}

static void own_address(struct config *c, const struct config_args *a)
{
    struct address address, mask;
    uint64_t bits;
    if (a->count == 0 || a->no)
        return;
    size_t slash = text_find_byte(a->word[0], '/');
    if (!address_read(text_upto(a->word[0], slash), &address)) {
        config_text(c, "address_from", a->word[0]);
        return;
    }
    struct facts f = config_group(c, "addresses");
    fact_address(&f, "address", address);
    if (slash != TEXT_NOWHERE && text_number(text_from(a->word[0], slash + 1), 10, &bits))
        fact_number(&f, "prefix_length", bits);
    else if (a->count > 1 && address_read(a->word[1], &mask))
        fact_address(&f, "mask", mask);
    if (a->count > 2 && text_equal(a->word[2], TEXT("secondary")))
        fact_bool(&f, "secondary", true);
}

static void put_nhrp_peer(struct config *c, struct text word, struct text inside)
{
    struct address address;
    const bool read = address_read(word, &address) && address_length(address);
    struct facts f = config_group(c, read ? "nhrp_peers" : "nhrp_unread");
    if (read)
        fact_address(&f, "address", address);
    else
        fact_text(&f, "address", word); /* a name, or something in the place of an address */
    if (address_read(inside, &address) && address_length(address))
        fact_address(&f, "inside", address);
}

/* "ip nhrp map 10.0.0.1 203.0.113.1", "… 10.0.0.0 255.255.255.0 203.0.113.1", "… 2001:db8::1/128 203.0.113.1": the last address is
 * the one outside. */
static void own_nhrp_map(struct config *c, const struct config_args *a)
{
    struct address address;
    const struct text inside = a->count < 2 ? (struct text){ NULL, 0 } : text_upto(a->word[0], text_find_byte(a->word[0], '/'));
    if (a->no || !address_read(inside, &address))
        return;
    put_nhrp_peer(c, a->word[a->count > 2 && address_read(a->word[2], &address) ? 2 : 1], inside);
}

/* "ip nhrp nhs 10.0.0.1 nbma 203.0.113.1 multicast", "ip nhrp nhs dynamic nbma 203.0.113.1" */
static void own_nhrp_server(struct config *c, const struct config_args *a)
{
    const bool told = a->count > 2 && text_equal(a->word[1], TEXT("nbma"));
    struct address server, nbma;
    if (a->no)
        return;
    bool multicast = false;
    for (size_t i = 0; i < a->count; i++)
        multicast = multicast || text_equal(a->word[i], TEXT("multicast"));
    if (told)
        put_nhrp_peer(c, a->word[2], a->word[0]);
    if (!a->count || !address_read(a->word[0], &server) || !address_length(server))
        return;
    struct facts f = config_group(c, "nhrp_servers");
    fact_address(&f, "address", server);
    if (told && address_read(a->word[2], &nbma) && address_length(nbma))
        fact_address(&f, "nbma", nbma);
    else if (told)
        fact_text(&f, "nbma", a->word[2]); /* a name */
    if (multicast)
        fact_bool(&f, "multicast", true);
}

static void own_nhrp_authentication(struct config *c, const struct config_args *a)
{
    if (!a->no)
        config_key(c, "both", a->word, a->count);
}

/* "standby [1] name HA": a crypto map goes by the name. */
static void own_standby_name(struct config *c, const struct config_args *a, uint64_t group)
{
    const size_t at = a->count && text_equal(a->word[0], TEXT("name")) ? 0 : 1;
    if (a->no || at + 1 >= a->count || !text_equal(a->word[at], TEXT("name")))
        return;
    struct facts f = config_group(c, "standby_names");
    fact_number(&f, "group", group);
    fact_text(&f, "name", a->word[at + 1]);
}

/* "standby 1 ip A", "vrrp 1 ip A": a tunnel may end there. */
static void own_virtual(struct config *c, const struct config_args *a)
{
    struct address address;
    uint64_t group = 0;
    if (a->count && a->fact && !text_number(a->word[0], 10, &group))
        group = 0; /* of HSRP it need not be said */
    if (a->fact)
        own_standby_name(c, a, group);
    for (size_t i = 0; i + 1 < a->count && !a->no; i++) {
        if (!text_equal(a->word[i], TEXT("ip")) && !text_equal(a->word[i], TEXT("ipv6")))
            continue;
        if (!address_read(a->word[i + 1], &address) || !address_length(address))
            return;
        struct facts f = config_group(c, "addresses");
        fact_address(&f, "address", address);
        fact_bool(&f, "virtual", true);
        if (a->fact)
            fact_number(&f, a->fact, group);
        return;
    }
}

/* In a configuration without indentation "crypto map M 10 ..." may follow an interface and is none of its commands. */
static void own_map(struct config *c, const struct config_args *a)
{
    uint64_t sequence;
    if (a->count > 1 && (text_number(a->word[1], 10, &sequence) || text_equal(a->word[1], TEXT("interface")) ||
                         text_equal(a->word[1], TEXT("local-address")))) {
        struct text words[CONFIG_WORDS] = { TEXT("crypto"), TEXT("map") };
        size_t n = 2;
        for (size_t i = 0; i < a->count && n < CONFIG_WORDS; i++)
            words[n++] = a->word[i];
        (void)config_run(c, IN_GLOBAL, words, n);
    } else if (a->no) {
        config_bool(c, "crypto_map", false);
    } else if (a->count) {
        config_text(c, "crypto_map", a->word[0]);
        if (a->count > 2 && text_equal(a->word[1], TEXT("redundancy")))
            config_text(c, "map_redundancy", a->word[2]);
    }
}

/* "ipsec profile P [shared] [ikev2-profile Q]", "ipsec policy ipv4 ACL" */
static void own_protection(struct config *c, const struct config_args *a)
{
    for (size_t i = 0; i < a->count && !a->no; i++)
        if (text_equal(a->word[i], TEXT("shared")))
            config_bool(c, "tunnel_shared", true);
    for (size_t i = 0; i + 1 < a->count; i++) {
        if (text_equal(a->word[i], TEXT("profile")))
            config_text(c, "tunnel_profile", a->word[i + 1]);
        else if (text_equal(a->word[i], TEXT("ikev2-profile")))
            config_text(c, "tunnel_ikev2_profile", a->word[i + 1]);
        else if (text_equal(a->word[i], TEXT("ipv4")) || text_equal(a->word[i], TEXT("ipv6")))
            config_text(c, "tunnel_acl", a->word[i + 1]);
    }
}

/* "NAME in": what comes in is filtered; what the router sends itself passes by a list for what goes out. */
static void own_access_group(struct config *c, const struct config_args *a)
{
    if (!a->no && a->count > 1 && text_equal(a->word[1], TEXT("in")))
        config_text(c, "access_group_in", a->word[0]);
}

static void own_hostname(struct config *c, const struct config_args *a)
{
    if (!a->count || a->no)
        return;
    config_router(c, a->word[0]);
    config_open(c, "hostname", a->word[0], IN_GLOBAL);
}

/* Hours and minutes as `clock timezone` has them, "-3 30", to minutes. */
static bool zone_minutes(const struct config_args *a, int *minutes)
{
    uint64_t hours, more = 0;
    if (a->count < 2)
        return false;
    const bool west = a->word[1].at[0] == '-';
    if (!text_number(west ? text_from(a->word[1], 1) : a->word[1], 10, &hours) || hours > 14 ||
        (a->count > 2 && (!text_number(a->word[2], 10, &more) || more > 59)))
        return false;
    *minutes = (int)(hours * 60 + more) * (west ? -1 : 1);
    return true;
}

static void offset_text(struct config *c, const char *name, int minutes)
{
    const int plain = abs(minutes);
    config_text(c, name, arena_format(c->model->read, "%c%02d:%02d", minutes < 0 ? '-' : '+', plain / 60, plain % 60));
}

/* "clock timezone CET 1 0" */
static void own_timezone(struct config *c, const struct config_args *a)
{
    int minutes;
    if (a->no || !zone_minutes(a, &minutes))
        return;
    config_open(c, "clock", a->word[0], IN_GLOBAL);
    offset_text(c, "offset", minutes);
    c->zone_minutes = minutes;
}

/* "clock summer-time CEST recurring last Sun Mar 2:00 last Sun Oct 3:00 [60]", or with "date": the minutes stand last, behind a
 * time of day; it is configured behind the zone that it goes from. */
static void own_summer_time(struct config *c, const struct config_args *a)
{
    uint64_t minutes = 60, said;
    if (a->no || a->count < 2)
        return;
    struct text last = a->word[a->count - 1];
    if (a->count > 3 && text_find_byte(a->word[a->count - 2], ':') != TEXT_NOWHERE && text_number(last, 10, &said)) {
        if (said > 120)
            return;
        minutes = said;
    }
    config_open(c, "clock", a->word[0], IN_GLOBAL);
    offset_text(c, "offset", c->zone_minutes + (int)minutes);
}

/* What stands behind the destination: an interface, or the next hop, or both. */
static void put_route(struct config *c, const struct config_args *a, size_t at, struct text vrf, struct text interface)
{
    struct address start, end, gateway;
    const size_t taken = at < a->count ? config_network(a->word + at, a->count - at, false, &start, &end) : 0;
    if (!taken || a->no)
        return;
    config_open(c, "static-routes", (struct text){ NULL, 0 }, IN_GLOBAL);
    struct facts f = config_group(c, "routes");
    fact_address(&f, "start", start);
    fact_address(&f, "end", end);
    if (vrf.len)
        fact_text(&f, "vrf", vrf);
    at += taken;
    if (!interface.len && at < a->count && !address_read(a->word[at], &gateway)) {
        size_t words;
        interface = config_interface(c, a->word + at, a->count - at, &words);
        interface = words ? interface : a->word[at];
        at += words ? words : 1;
    }
    if (interface.len)
        fact_text(&f, "interface", interface);
    if (at < a->count && address_read(a->word[at], &gateway))
        fact_address(&f, "gateway", gateway);
}

/* "ip route [vrf V] A M [INTERFACE] [NEXT-HOP] ..." */
static void own_route(struct config *c, const struct config_args *a)
{
    const bool named = a->count > 1 && text_equal(a->word[0], TEXT("vrf"));
    put_route(c, a, named ? 2 : 0, named ? a->word[1] : (struct text){ NULL, 0 }, (struct text){ NULL, 0 });
}

/* An ASA's "route NAMEIF A M NEXT-HOP" */
static void own_asa_route(struct config *c, const struct config_args *a)
{
    if (a->count > 2)
        put_route(c, a, 1, (struct text){ NULL, 0 }, a->word[0]);
}

static const struct config_command commands[] = {
    /* context, kind, arguments at most, words, fact, own */
    { IN_GLOBAL, CONFIG_OWN, 1, "hostname", NULL, own_hostname },
    { IN_GLOBAL, CONFIG_OWN, 2, "interface", NULL, open_interface },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "ip route", NULL, own_route },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "route", NULL, own_asa_route },
    { IN_GLOBAL, CONFIG_OWN, 3, "clock timezone", NULL, own_timezone },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "clock summer-time", NULL, own_summer_time },
    { IN_INTERFACE, CONFIG_OWN, CONFIG_REST, "ip address", NULL, own_address },
    { IN_INTERFACE, CONFIG_OWN, CONFIG_REST, "ipv6 address", NULL, own_address },
    { IN_INTERFACE, CONFIG_OWN, CONFIG_REST, "standby", "standby", own_virtual },
    { IN_INTERFACE, CONFIG_OWN, CONFIG_REST, "vrrp", NULL, own_virtual },
    { IN_INTERFACE, CONFIG_OWN, CONFIG_REST, "glbp", NULL, own_virtual },
    { IN_INTERFACE, CONFIG_SET, 0, "ipv6 enable", "ipv6_enable", NULL },
    { IN_INTERFACE, CONFIG_OWN, 2, "ip access-group", NULL, own_access_group },
    { IN_INTERFACE, CONFIG_OWN, 2, "ipv6 traffic-filter", NULL, own_access_group },
    { IN_INTERFACE, CONFIG_INTERFACE, 2, "ip unnumbered", "unnumbered", NULL },
    { IN_INTERFACE, CONFIG_INTERFACE, 2, "ipv6 unnumbered", "unnumbered", NULL },
    { IN_INTERFACE, CONFIG_WORD, 1, "nameif", "nameif", NULL },
    { IN_INTERFACE, CONFIG_OWN, CONFIG_REST, "crypto map", NULL, own_map },
    { IN_INTERFACE, CONFIG_INTERFACE, CONFIG_REST, "tunnel source", "tunnel_source", NULL },
    { IN_INTERFACE, CONFIG_TEXT, CONFIG_REST, "tunnel source interface", "tunnel_source", NULL },
    { IN_INTERFACE, CONFIG_TEXT, CONFIG_REST, "tunnel destination", "tunnel_destination", NULL },
    { IN_INTERFACE, CONFIG_TEXT, CONFIG_REST, "tunnel mode", "tunnel_mode", NULL },
    { IN_INTERFACE, CONFIG_OWN, CONFIG_REST, "tunnel protection", NULL, own_protection },
    { IN_INTERFACE, CONFIG_WORD, 1, "tunnel vrf", "tunnel_vrf", NULL },
    { IN_INTERFACE, CONFIG_TEXT, CONFIG_REST, "tunnel path-mtu-discovery", "tunnel_pmtud", NULL },
    { IN_INTERFACE, CONFIG_WORD, 1, "vrf forwarding", "vrf", NULL },
    { IN_INTERFACE, CONFIG_WORD, 1, "ip vrf forwarding", "vrf", NULL },
    { IN_INTERFACE, CONFIG_NUMBER, 1, "mtu", "mtu", NULL },
    { IN_INTERFACE, CONFIG_NUMBER, 1, "ip mtu", "ip_mtu", NULL },
    { IN_INTERFACE, CONFIG_NUMBER, 1, "ip tcp adjust-mss", "tcp_mss", NULL },
    { IN_INTERFACE, CONFIG_WORD, 1, "zone-member security", "zone", NULL },
    { IN_INTERFACE, CONFIG_SET, 0, "ip nat outside", "nat_outside", NULL },
    { IN_INTERFACE, CONFIG_SET, 0, "shutdown", "shutdown", NULL },
    { IN_INTERFACE, CONFIG_TEXT, CONFIG_REST, "description", "description", NULL },
    { IN_INTERFACE, CONFIG_IGNORED, CONFIG_REST, "security-level", NULL, NULL },
    { IN_INTERFACE, CONFIG_IGNORED, CONFIG_REST, "ip nhrp", NULL, NULL },
    { IN_INTERFACE, CONFIG_OWN, CONFIG_REST, "ip nhrp map", NULL, own_nhrp_map },
    { IN_INTERFACE, CONFIG_LIST, 1, "ip nhrp map multicast", "nhrp_multicast", NULL },
    { IN_INTERFACE, CONFIG_OWN, CONFIG_REST, "ip nhrp nhs", NULL, own_nhrp_server },
    { IN_INTERFACE, CONFIG_OWN, CONFIG_REST, "ip nhrp authentication", NULL, own_nhrp_authentication },
    { IN_INTERFACE, CONFIG_WORD, 1, "ip nhrp shortcut virtual-template", "nhrp_template", NULL },
    { IN_INTERFACE, CONFIG_IGNORED, CONFIG_REST, "ipv6 nhrp", NULL, NULL },
    { IN_INTERFACE, CONFIG_OWN, CONFIG_REST, "ipv6 nhrp map", NULL, own_nhrp_map },
    { IN_INTERFACE, CONFIG_LIST, 1, "ipv6 nhrp map multicast", "nhrp_multicast", NULL },
    { IN_INTERFACE, CONFIG_OWN, CONFIG_REST, "ipv6 nhrp nhs", NULL, own_nhrp_server },
    { IN_INTERFACE, CONFIG_OWN, CONFIG_REST, "ipv6 nhrp authentication", NULL, own_nhrp_authentication },
    { IN_INTERFACE, CONFIG_WORD, 1, "ipv6 nhrp shortcut virtual-template", "nhrp_template", NULL },
    { IN_INTERFACE, CONFIG_WORD, 1, "tunnel key", "tunnel_key", NULL },
};

const struct config_table config_system_table = { commands, COUNT_OF(commands) };
