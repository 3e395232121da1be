#include "decoder/ethertype.h"

#include "base/limits.h"

enum {
    LENGTH_LARGEST = 1500, /* an ethertype up to this is the length of an 802.3 frame */
    PPP_IPV4 = 0x0021,
    PPP_IPV6 = 0x0057,
    PPP_MPLS = 0x0281
};

static enum network stacked(uint16_t type, struct cursor *c, unsigned depth);

/* 802.2 with SNAP carries an ethertype after all. */
static enum network llc(struct cursor *c, unsigned depth)
{
    const struct bytes head = cursor_take(c, 6);
    const uint16_t type = cursor_u16(c);
    if (head.len < 6 || head.at[0] != 0xaa || head.at[1] != 0xaa || head.at[2] != 3)
        return NETWORK_OTHER;
    return stacked(type, c, depth);
}

static enum network ethernet(struct cursor *c, unsigned depth)
{
    cursor_skip(c, 12);
    return stacked(cursor_u16(c), c, depth);
}

enum network ip_peel(const struct cursor *c)
{
    const unsigned version = c->left.len ? c->left.at[0] >> 4 : 0;
    return version == 4 ? NETWORK_IPV4 : version == 6 ? NETWORK_IPV6 : NETWORK_OTHER;
}

/* Labels up to the bottom of the stack; what follows has no type. What is no IP is Ethernet, and a first nibble of 0 a control word
 * before it, or, as such words are left out where both ends agreed on that, the frame's own. Both ways are tried, so of frames in
 * frames there may be fewer: each would double the work. */
static enum network mpls(struct cursor *c, unsigned depth)
{
    enum { OF_A_FRAME = LIMIT_NESTING / 4 };
    uint32_t label = 0;
    unsigned n = 0;
    for (; n < LIMIT_NESTING && !(label & 0x100) && cursor_ok(c); n++)
        label = cursor_u32(c);
    if (n == LIMIT_NESTING && !(label & 0x100) && cursor_ok(c))
        return NETWORK_TOO_DEEP;
    if (!(label & 0x100) || cursor_empty(c))
        return NETWORK_OTHER;
    const struct cursor bare = *c;
    enum network network = ip_peel(c);
    if (c->left.at[0] >> 4 == 0) {
        cursor_skip(c, 4);
        network = ethernet(c, depth + OF_A_FRAME);
    }
    if (c->failed || network == NETWORK_OTHER) {
        *c = bare;
        network = ethernet(c, depth + OF_A_FRAME);
    }
    return network;
}

/* A frame that is signed and not encrypted: its tag, maybe the sender's identifier, and the ethertype as it was. The signature
 * is behind the packet. */
static enum network macsec(struct cursor *c, unsigned depth)
{
    enum { VERSION = 0x80, SENDER = 0x20, SECRET = 0x0c };
    const uint8_t flags = cursor_u8(c);
    cursor_skip(c, 5 + (flags & SENDER ? 8 : 0));
    return flags & (VERSION | SECRET) ? NETWORK_OTHER : stacked(cursor_u16(c), c, depth);
}

/* RFC 8300 section 2: its length, in words, stands in the first two octets, what follows in the fourth. */
static enum network nsh(struct cursor *c, unsigned depth)
{
    enum { VERSION = 0xc000, WORDS = 0x3f, IPV4 = 1, IPV6 = 2, ETHERNET = 3, MPLS = 5 };
    const uint16_t first = cursor_u16(c);
    const uint8_t type = cursor_u8(c), next = cursor_u8(c);
    const size_t words = first & WORDS;
    (void)type;
    if ((first & VERSION) || words < 2)
        return NETWORK_OTHER;
    cursor_skip(c, words * 4 - 4);
    return next == IPV4       ? NETWORK_IPV4
           : next == IPV6     ? NETWORK_IPV6
           : next == ETHERNET ? ethernet(c, depth)
           : next == MPLS     ? mpls(c, depth)
                              : NETWORK_OTHER;
}

static enum network ppp(struct cursor *c, unsigned depth)
{
    if (c->left.len >= 2 && c->left.at[0] == 0xff && c->left.at[1] == 0x03)
        cursor_skip(c, 2);
    uint16_t protocol = cursor_u8(c);
    if (!(protocol & 1)) /* an odd first octet is a compressed protocol field */
        protocol = (uint16_t)(protocol << 8 | cursor_u8(c));
    return protocol == PPP_IPV4   ? NETWORK_IPV4
           : protocol == PPP_IPV6 ? NETWORK_IPV6
           : protocol == PPP_MPLS ? mpls(c, depth)
                                  : NETWORK_OTHER;
}

static enum network pppoe(struct cursor *c, unsigned depth)
{
    const uint8_t version = cursor_u8(c), code = cursor_u8(c);
    cursor_skip(c, 4);
    return version == 0x11 && code == 0 ? ppp(c, depth) : NETWORK_OTHER;
}

static enum network stacked(uint16_t type, struct cursor *c, unsigned depth)
{
    if (type == ETHERTYPE_IPV4)
        return NETWORK_IPV4;
    if (type == ETHERTYPE_IPV6)
        return NETWORK_IPV6;
    if (c->failed)
        return NETWORK_OTHER;
    if (depth >= LIMIT_NESTING)
        return NETWORK_TOO_DEEP;
    switch (type) {
    case ETHERTYPE_VLAN:
    case ETHERTYPE_QINQ:
    case ETHERTYPE_QINQ_OLD:
    case ETHERTYPE_QINQ_OLDER:
        cursor_skip(c, 2);
        return stacked(cursor_u16(c), c, depth + 1);
    case ETHERTYPE_TRUSTSEC:
        cursor_skip(c, 6);
        return stacked(cursor_u16(c), c, depth + 1);
    case ETHERTYPE_VNTAG:
        cursor_skip(c, 4);
        return stacked(cursor_u16(c), c, depth + 1);
    case ETHERTYPE_MACSEC:
        return macsec(c, depth + 1);
    case ETHERTYPE_NSH:
        return nsh(c, depth + 1);
    case ETHERTYPE_FABRICPATH:
    case ETHERTYPE_PROVIDER:
        cursor_skip(c, type == ETHERTYPE_FABRICPATH ? 2 : 4);
        return ethernet(c, depth + 1);
    case ETHERTYPE_MPLS:
    case ETHERTYPE_MPLS_UPSTREAM:
        return mpls(c, depth + 1);
    case ETHERTYPE_PPPOE:
        return pppoe(c, depth + 1);
    case ETHERTYPE_PPP:
        return ppp(c, depth + 1);
    case ETHERTYPE_BRIDGED:
        return ethernet(c, depth + 1);
    default:
        return type <= LENGTH_LARGEST ? llc(c, depth + 1) : NETWORK_OTHER;
    }
}

enum network nsh_peel(struct cursor *c)
{
    return nsh(c, 0);
}
enum network ethertype_peel(uint16_t type, struct cursor *c)
{
    return stacked(type, c, 0);
}
enum network ethernet_peel(struct cursor *c)
{
    return ethernet(c, 0);
}
enum network llc_peel(struct cursor *c)
{
    return llc(c, 0);
}
enum network ppp_peel(struct cursor *c)
{
    return ppp(c, 0);
}
enum network pppoe_peel(struct cursor *c)
{
    return pppoe(c, 0);
}
enum network mpls_peel(struct cursor *c)
{
    return mpls(c, 0);
}

enum network link_peel_within(uint32_t type, struct cursor *c)
{
    const struct link_decoder *inner = type == LINK_PPI || type == LINK_PKTAP ? NULL : link_find(type);
    return inner ? inner->peel(c) : NETWORK_OTHER;
}

const struct link_decoder *link_find(uint32_t type)
{
    for (size_t i = 0; i < link_decoder_count; i++)
        for (size_t k = 0; k < sizeof link_decoders[i]->types / sizeof link_decoders[i]->types[0]; k++)
            if (link_decoders[i]->types[k] == type && (k == 0 || type != 0))
                return link_decoders[i];
    return NULL;
}
