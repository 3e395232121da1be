/* Per-packet information: version, flags, its own length and the link type of what stands behind (both low octet first). */
#include "decoder/link.h"

static enum network peel(struct cursor *c)
{
    cursor_skip(c, 2);
    const uint16_t length = cursor_u16_le(c);
    const uint32_t type = cursor_u32_le(c);
    if (length < 8)
        return NETWORK_OTHER;
    cursor_skip(c, length - 8);
    return link_peel_within(type, c);
}

const struct link_decoder link_ppi = { "PPI", { LINK_PPI }, peel };
