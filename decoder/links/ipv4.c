/* IPv4 without a link layer. */
#include "decoder/link.h"

static enum network peel(struct cursor *c)
{
    (void)c;
    return NETWORK_IPV4;
}

const struct link_decoder link_ipv4 = { "raw IPv4", { 228 }, peel };
