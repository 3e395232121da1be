/*
 * Tunnels that are looked through: GRE (RFC 2784, 2890; version 1 of PPTP), what Cisco's ERSPAN puts into it, VXLAN and GENEVE.
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
    PORT_GENEVE = 6081
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
        return next == 1 ? NETWORK_IPV4 : next == 2 ? NETWORK_IPV6 : NETWORK_OTHER;
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

bool udp_tunnel_inward(struct sight *s, uint16_t port, struct bytes content, unsigned *class)
{
    struct cursor c = cursor_over(content);
    enum network network;
    if (port == PORT_VXLAN || port == PORT_VXLAN_LINUX || port == PORT_VXLAN_GPE)
        network = vxlan(&c, port == PORT_VXLAN_GPE);
    else if (port == PORT_GENEVE)
        network = geneve(&c);
    else
        return false;
    /* A port is no proof: what does not look like the tunnel is some other program's. */
    *class = cursor_ok(&c) ? tunnel_inward(s, network, &c) : PACKET_OTHER;
    return true;
}
