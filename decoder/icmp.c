/* ICMP and ICMPv6 errors: whose packet they quote. The quoted packet is a reason for silence and never traffic, so the frame
 * is `other` whatever it quotes. */
#include "decoder/inward.h"

enum { MARKER = 4, UNREACHABLE = 3, NEEDS_FRAGMENTATION = 4, TOO_BIG_V6 = 2 };

static bool is_error(uint8_t version, uint8_t type)
{
    if (version == 6)
        return type >= 1 && type <= 4; /* unreachable, too big, time exceeded, parameter problem */
    return type == UNREACHABLE || type == 4 || type == 5 || type == 11 || type == 12; /* quench, redirect, time, parameter */
}

static void read_udp(const struct frames *f, struct bytes udp, struct quote *q)
{
    struct cursor c = cursor_over(udp);
    const uint16_t source = cursor_u16(&c), destination = cursor_u16(&c);
    cursor_skip(&c, 4);
    if (!cursor_ok(&c) || (!is_ike_port(f, source) && !is_ike_port(f, destination)))
        return;
    q->source.port = source;
    q->destination.port = destination;
    q->encap = ENCAP_UDP;
    q->kind = c.left.len ? QUOTE_IKE : QUOTE_PORT;
    q->octets = c.left;
    if (source == PORT_NATT || destination == PORT_NATT) {
        const struct bytes marker = cursor_take(&c, MARKER);
        if (marker.len < MARKER)
            q->kind = QUOTE_PORT;
        else if (marker.at[0] || marker.at[1] || marker.at[2] || marker.at[3])
            q->kind = ike_unmistakable(q->octets, 0, true) ? QUOTE_IKE : QUOTE_ESP;
        else
            q->octets = c.left;
    }
}

unsigned icmp_inward(struct sight *s, const struct ip *ip)
{
    struct cursor c = cursor_over(ip->payload);
    struct quote q = { .ip_version = ip->version };
    q.type = cursor_u8(&c);
    q.code = cursor_u8(&c);
    cursor_skip(&c, 2);
    const uint32_t rest = cursor_u32(&c);
    if (!cursor_ok(&c))
        return short_of(s);
    struct ip quoted;
    if (!s->f->taker.icmp || !is_error(ip->version, q.type) ||
        !ip_read(ip->version == 6 ? NETWORK_IPV6 : NETWORK_IPV4, c.left, &quoted) || quoted.offset != 0)
        return PACKET_OTHER;
    if (ip->version == 6 && q.type == TOO_BIG_V6)
        q.mtu = rest;
    if (ip->version == 4 && q.type == UNREACHABLE && q.code == NEEDS_FRAGMENTATION)
        q.mtu = rest & 0xffff;
    q.reporter = address_of(ip->source);
    q.source.address = address_of(quoted.source);
    q.destination.address = address_of(quoted.destination);
    if (quoted.protocol == IPPROTO_NO_ESP || quoted.protocol == IPPROTO_NO_AH) {
        q.kind = quoted.protocol == IPPROTO_NO_ESP ? QUOTE_ESP : QUOTE_AH;
        q.encap = ENCAP_NONE;
        q.octets = quoted.payload;
    } else if (quoted.protocol == IPPROTO_NO_UDP) {
        read_udp(s->f, quoted.payload, &q);
    }
    if (q.kind != QUOTE_NONE) {
        const struct packet p = packet_of(s, ip, ENCAP_NONE, 0, 0, ip->missing);
        s->f->taker.icmp(s->f->taker.context, &p, &q);
    }
    return PACKET_OTHER;
}
