/* Apple's pktap: its header's length, the kind of record, the link type of what stands behind (all low octet first). */
#include "decoder/link.h"

enum { RECORD_PACKET = 1 };

static enum network peel(struct cursor *c)
{
    const uint32_t length = cursor_u32_le(c), record = cursor_u32_le(c), type = cursor_u32_le(c);
    if (length < 12 || record != RECORD_PACKET)
        return NETWORK_OTHER;
    cursor_skip(c, length - 12);
    return link_peel_within(type, c);
}

const struct link_decoder link_pktap = { "pktap", { LINK_PKTAP }, peel };
