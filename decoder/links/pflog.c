/* OpenBSD's and FreeBSD's packet filter log: a header whose first octet is its length, padded to four, and an IP packet. */
#include "decoder/ethertype.h"

static enum network peel(struct cursor *c)
{
    const size_t length = cursor_u8(c);
    if (length < 4)
        return NETWORK_OTHER;
    cursor_skip(c, (length + 3) / 4 * 4 - 1);
    return ip_peel(c);
}

const struct link_decoder link_pflog = { "packet filter log", { 117 }, peel };
