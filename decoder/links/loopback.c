/* BSD loopback: the address family in four octets, in the order of the machine that captured (NULL) or of the network
 * (LOOP). Families are small numbers, so the order shows; IPv6 has another number on each system. */
#include "decoder/link.h"

static enum network peel(struct cursor *c)
{
    uint32_t family = cursor_u32(c);
    if (family > 0xffff)
        family = (family & 0xff) << 24 | (family & 0xff00) << 8 | (family >> 8 & 0xff00) | family >> 24;
    switch (family) {
    case 2:
        return NETWORK_IPV4;
    case 10: /* Linux */
    case 23: /* Windows */
    case 24: /* NetBSD, OpenBSD */
    case 28: /* FreeBSD */
    case 30: /* macOS */
        return NETWORK_IPV6;
    default:
        return NETWORK_OTHER;
    }
}

const struct link_decoder link_loopback = { "BSD loopback", { 0, 108 }, peel };
