/* IPv6 without a link layer. */
#include "decoder/link.h"

static enum network peel(struct cursor *c)
{
    (void)c;
    return NETWORK_IPV6;
}

const struct link_decoder link_ipv6 = { "raw IPv6", { 229 }, peel };
