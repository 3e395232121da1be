/* Apple's pktap: its header's length, the kind of record, the link type of what stands behind (all low octet first). */
#include "decoder/link.h"

enum { PKTAP = 258, RECORD_PACKET = 1 };

static enum network peel(struct cursor *c)
{
    const uint32_t length = cursor_u32_le(c), record = cursor_u32_le(c), type = cursor_u32_le(c);
    const struct link_decoder *inner = type == PKTAP ? NULL : link_find(type);
    if (length < 12 || record != RECORD_PACKET || !inner)
        return NETWORK_OTHER;
    cursor_skip(c, length - 12);
    return inner->peel(c);
}

const struct link_decoder link_pktap = { "pktap", { PKTAP }, peel };
