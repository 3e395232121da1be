#include "decoder/ip.h"

#include "model/iana.h"

enum { IPV6_HEAD = 40, CHAIN_LONGEST = 16 };

static bool incomplete(struct ip *ip)
{
    ip->cut = true;
    return false;
}

/* RFC 791 section 3.1. A total length of 0 is what offloading drivers show to a capture: then it is all there is. */
static bool read_ipv4(struct bytes octets, struct ip *ip)
{
    struct cursor c = cursor_over(octets);
    const uint8_t first = cursor_u8(&c);
    cursor_skip(&c, 1);
    size_t total = cursor_u16(&c);
    ip->id = cursor_u16(&c);
    const uint16_t fragment = cursor_u16(&c);
    cursor_skip(&c, 1);
    ip->protocol = cursor_u8(&c);
    cursor_skip(&c, 2);
    ip->source = cursor_take(&c, 4);
    ip->destination = cursor_take(&c, 4);
    if (octets.len && first >> 4 != 4)
        return false;
    if (!cursor_ok(&c))
        return incomplete(ip);
    ip->header = (size_t)(first & 15) * 4;
    ip->naming = 9;
    if (total == 0)
        total = octets.len;
    if (ip->header < 20 || total < ip->header)
        return false;
    if (octets.len < ip->header)
        return incomplete(ip);
    ip->version = 4;
    ip->more = fragment & 0x2000;
    ip->offset = (uint32_t)(fragment & 0x1fff) * 8;
    ip->fragment = ip->more || ip->offset;
    ip->packet = bytes_over(octets.at, total < octets.len ? total : octets.len);
    ip->payload = bytes_over(ip->packet.at + ip->header, ip->packet.len - ip->header);
    ip->missing = total - ip->packet.len;
    return true;
}

/* RFC 8200 section 4: extension headers up to one that is not, or a fragment header behind which the rest is unknown. */
static bool read_extensions(struct cursor *c, struct ip *ip)
{
    for (int n = 0; n < CHAIN_LONGEST; n++) {
        const size_t at = c->offset;
        const uint8_t type = ip->protocol;
        if (type == IPPROTO_NO_IPV6_FRAG) {
            const uint8_t next = cursor_u8(c);
            cursor_skip(c, 1);
            const uint16_t fragment = cursor_u16(c);
            ip->id = cursor_u32(c);
            if (!cursor_ok(c))
                return incomplete(ip);
            ip->protocol = next;
            ip->more = fragment & 1;
            ip->offset = fragment & 0xfff8;
            ip->fragment = ip->more || ip->offset;
            if (ip->fragment) { /* an "atomic" one, RFC 6946, is no fragment */
                ip->fragment_header = at;
                return true;
            }
        } else if (type == IPPROTO_NO_HOPOPT || type == IPPROTO_NO_IPV6_ROUTE || type == IPPROTO_NO_IPV6_OPTS ||
                   type == IPPROTO_NO_MOBILITY_HEADER || type == IPPROTO_NO_HIP || type == IPPROTO_NO_SHIM6) {
            ip->protocol = cursor_u8(c);
            cursor_skip(c, (size_t)cursor_u8(c) * 8 + 6);
            if (!cursor_ok(c))
                return incomplete(ip);
        } else {
            return true;
        }
        ip->naming = at;
    }
    return false;
}

static bool read_ipv6(struct bytes octets, struct ip *ip)
{
    struct cursor c = cursor_over(octets);
    const uint32_t first = cursor_u32(&c);
    size_t length = cursor_u16(&c);
    ip->protocol = cursor_u8(&c);
    cursor_skip(&c, 1);
    ip->source = cursor_take(&c, 16);
    ip->destination = cursor_take(&c, 16);
    if (octets.len >= 4 && first >> 28 != 6)
        return false;
    if (!cursor_ok(&c))
        return incomplete(ip);
    ip->version = 6;
    ip->naming = 6;
    if (length == 0 && ip->protocol != IPPROTO_NO_IPV6_NONXT) /* a jumbogram, or an offloading driver */
        length = c.left.len;
    const size_t have = length < c.left.len ? length : c.left.len;
    ip->packet = bytes_over(octets.at, IPV6_HEAD + have);
    c.left.len = have;
    if (!read_extensions(&c, ip)) {
        ip->cut = ip->cut && have < length; /* else a header points past the packet's end */
        return false;
    }
    ip->header = c.offset;
    ip->payload = c.left;
    ip->missing = length - have;
    return true;
}

bool ip_read(enum network network, struct bytes octets, struct ip *ip)
{
    *ip = (struct ip){ 0 };
    return network == NETWORK_IPV6 ? read_ipv6(octets, ip) : network == NETWORK_IPV4 && read_ipv4(octets, ip);
}
