/* IP without a link layer: either version, told by its first four bits; or one of them, told by the link type. */
#include "decoder/ethertype.h"

static enum network peel(struct cursor *c)
{
    if (cursor_empty(c))
        cursor_skip(c, 1);
    return ip_peel(c);
}

const struct link_decoder link_raw = { "raw IP", { 101, 12, 14 }, peel };
