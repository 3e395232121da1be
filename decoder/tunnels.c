/*
 * Tunnels that are looked through: GRE (RFC 2784, 2890; version 1 of PPTP), what Cisco's ERSPAN puts into it, and those over UDP.
 * A router's monitor session sends captures this way.
 */
#include "decoder/ethertype.h"
#include "decoder/inward.h"

enum {
    GRE_CHECKSUM = 0x8000,
    GRE_ROUTING = 0x4000,
    GRE_KEY = 0x2000,
    GRE_SEQUENCE = 0x1000,
    GRE_ACKNOWLEDGED = 0x0080,
    GRE_VERSION = 7,
    ERSPAN = 0x88be,
    ERSPAN_III = 0x22eb,
    PORT_VXLAN = 4789,
    PORT_VXLAN_LINUX = 8472,
    PORT_VXLAN_GPE = 4790,
    PORT_GENEVE = 6081,
    PORT_GTP = 2152,
    PORT_LISP = 4341,
    PORT_MPLS = 6635,
    PORT_L2TP = 1701,
    PORT_TZSP = 37008
};

/* ERSPAN: type I is a bare Ethernet frame (no sequence number in GRE), type II has eight octets before it, type III twelve, and
 * eight more where its last bit says so. */
static enum network erspan(uint16_t type, bool sequenced, struct cursor *c)
{
    if (type == ERSPAN_III) {
        cursor_skip(c, 11);
        if (cursor_u8(c) & 1)
            cursor_skip(c, 8);
    } else if (sequenced) {
        cursor_skip(c, 8);
    }
    return ethernet_peel(c);
}

unsigned gre_inward(struct sight *s, const struct ip *ip)
{
    struct cursor c = cursor_over(ip->payload);
    const uint16_t flags = cursor_u16(&c), type = cursor_u16(&c);
    if (!cursor_ok(&c))
        return short_of(s);
    if ((flags & GRE_VERSION) > 1)
        return PACKET_OTHER;
    if (flags & (GRE_CHECKSUM | GRE_ROUTING))
        cursor_skip(&c, 4);
    if (flags & GRE_KEY)
        cursor_skip(&c, 4);
    if (flags & GRE_SEQUENCE)
        cursor_skip(&c, 4);
    if ((flags & GRE_VERSION) == 1 && flags & GRE_ACKNOWLEDGED)
        cursor_skip(&c, 4);
    for (unsigned n = 0; flags & GRE_ROUTING && cursor_ok(&c); n++) { /* RFC 1701: source routes, ended by length 0 */
        if (n == LIMIT_NESTING)
            return tunnel_inward(s, NETWORK_TOO_DEEP, &c);
        cursor_skip(&c, 3);
        const uint8_t length = cursor_u8(&c);
        if (length == 0)
            break;
        cursor_skip(&c, length);
    }
    if (cursor_ok(&c) && cursor_empty(&c))
        return PACKET_OTHER; /* a keepalive, or an acknowledgement */
    const enum network network = type == ERSPAN || type == ERSPAN_III ? erspan(type, flags & GRE_SEQUENCE, &c)
                                                                      : ethertype_peel(type, &c);
    return tunnel_inward(s, network, &c);
}

/* RFC 7348; the generic extension says what follows, the first form has Ethernet. */
static enum network vxlan(struct cursor *c, bool generic)
{
    const uint8_t flags = cursor_u8(c);
    cursor_skip(c, 2);
    const uint8_t next = cursor_u8(c);
    cursor_skip(c, 4);
    if (!(flags & 0x08))
        return NETWORK_OTHER;
    if (generic && flags & 0x04 && next != 3)
        return next == 1 ? NETWORK_IPV4 : next == 2 ? NETWORK_IPV6 : next == 4 ? nsh_peel(c) : NETWORK_OTHER;
    return ethernet_peel(c);
}

/* RFC 8926. */
static enum network geneve(struct cursor *c)
{
    const uint8_t options = cursor_u8(c);
    cursor_skip(c, 1);
    const uint16_t type = cursor_u16(c);
    cursor_skip(c, 4 + (size_t)(options & 0x3f) * 4);
    return options >> 6 ? NETWORK_OTHER : ethertype_peel(type, c);
}

/* User data of a mobile network: 3GPP TS 29.281 section 5. */
static enum network gtp(struct cursor *c)
{
    enum { VERSION_1 = 0x30, VERSION = 0xf0, OPTIONS = 0x07, MORE_HEADERS = 0x04, USER_DATA = 0xff };
    const uint8_t flags = cursor_u8(c), type = cursor_u8(c);
    cursor_skip(c, 6);
    if ((flags & VERSION) != VERSION_1 || type != USER_DATA)
        return NETWORK_OTHER;
    if (!(flags & OPTIONS))
        return ip_peel(c);
    cursor_skip(c, 3);
    uint8_t next = cursor_u8(c);
    for (unsigned n = 0; (flags & MORE_HEADERS) && next && cursor_ok(c); n++) {
        const uint8_t length = cursor_u8(c);
        if (n == LIMIT_NESTING || length == 0)
            return n == LIMIT_NESTING ? NETWORK_TOO_DEEP : NETWORK_OTHER;
        cursor_skip(c, (size_t)length * 4 - 2);
        next = cursor_u8(c);
    }
    return ip_peel(c);
}

/* Data of RFC 9300 section 5: eight octets, and the packet. */
static enum network lisp(struct cursor *c)
{
    cursor_skip(c, 8);
    return ip_peel(c);
}

/* Data of RFC 2661 section 3.1; what its flags announce stands in this order. */
static enum network l2tp(struct cursor *c)
{
    enum { CONTROL = 0x8000, LENGTH = 0x4000, SEQUENCE = 0x0800, OFFSET = 0x0200, VERSION = 0x000f };
    const uint16_t flags = cursor_u16(c);
    if ((flags & CONTROL) || (flags & VERSION) != 2)
        return NETWORK_OTHER;
    cursor_skip(c, (flags & LENGTH ? 2 : 0) + 4 + (flags & SEQUENCE ? 4 : 0));
    if (flags & OFFSET)
        cursor_skip(c, cursor_u16(c));
    return ppp_peel(c);
}

/* TaZmen Sniffer Protocol, in which a MikroTik router streams what it captures: version, type, protocol, then fields of
 * { tag, length, value } of which two have no length, and the last says that the frame follows. */
static enum network tzsp(struct cursor *c)
{
    enum { VERSION = 1, RECEIVED = 0, TRANSMIT = 1, ETHERNET = 1, TAG_PADDING = 0, TAG_END = 1, TAGS = 64 };
    const uint8_t version = cursor_u8(c), type = cursor_u8(c);
    const uint16_t protocol = cursor_u16(c);
    if (version != VERSION || type > TRANSMIT || protocol != ETHERNET)
        return NETWORK_OTHER;
    for (unsigned n = 0; n < TAGS && cursor_ok(c); n++) {
        const uint8_t tag = cursor_u8(c);
        if (tag == TAG_END)
            return ethernet_peel(c);
        if (tag != TAG_PADDING)
            cursor_skip(c, cursor_u8(c));
    }
    return NETWORK_OTHER;
}

static enum network vxlan_plain(struct cursor *c)
{
    return vxlan(c, false);
}
static enum network vxlan_generic(struct cursor *c)
{
    return vxlan(c, true);
}

/* Labels without an end are no stack of them, where a port alone says that they are labels. */
static enum network mpls(struct cursor *c)
{
    const enum network network = mpls_peel(c);
    return network == NETWORK_TOO_DEEP ? NETWORK_OTHER : network;
}

/* A port is no proof: what does not hold a packet, and nothing else where it stands alone, is some other program's. */
static bool holds_packet(enum network network, const struct cursor *c, size_t missing, bool alone)
{
    struct ip ip;
    if (!cursor_ok(c) || network == NETWORK_TOO_DEEP || !ip_read(network, c->left, &ip))
        return cursor_ok(c) && network == NETWORK_TOO_DEEP;
    const size_t sent = ip.header + ip.payload.len + ip.missing, room = c->left.len + missing;
    return alone ? sent == room : sent <= room;
}

bool udp_tunnel_inward(struct sight *s, uint16_t port, struct bytes content, size_t missing, unsigned *class)
{
    static const struct {
        uint16_t port;
        enum network (*peel)(struct cursor *c);
        bool alone; /* the packet stands behind a header that may be anything: it has to fill the rest */
    } tunnels[] = {
        { PORT_VXLAN, vxlan_plain, false },
        { PORT_VXLAN_LINUX, vxlan_plain, false },
        { PORT_VXLAN_GPE, vxlan_generic, false },
        { PORT_GENEVE, geneve, false },
        { PORT_GTP, gtp, true },
        { PORT_LISP, lisp, true },
        { PORT_MPLS, mpls, false },
        { PORT_L2TP, l2tp, false },
        { PORT_TZSP, tzsp, false },
    };
    for (size_t i = 0; i < COUNT_OF(tunnels); i++) {
        struct cursor c = cursor_over(content);
        const enum network network = tunnels[i].port == port ? tunnels[i].peel(&c) : NETWORK_OTHER;
        if (tunnels[i].port == port && holds_packet(network, &c, missing, tunnels[i].alone)) {
            *class = tunnel_inward(s, network, &c);
            return true;
        }
    }
    return false;
}
