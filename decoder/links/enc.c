/* BSD's enc(4), where its IPsec shows packets before and after: address family, SPI and flags in four octets each. */
#include "decoder/ethertype.h"

static enum network peel(struct cursor *c)
{
    cursor_skip(c, 12);
    return ip_peel(c);
}

const struct link_decoder link_enc = { "BSD enc", { 109 }, peel };
