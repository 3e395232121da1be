/* PPP; on a serial line a frame may be Cisco HDLC instead, which its first octet tells (RFC 1547 section 4.3.1). */
#include "decoder/ethertype.h"

static enum network peel(struct cursor *c)
{
    if (c->left.len >= 2 && (c->left.at[0] == 0x0f || c->left.at[0] == 0x8f) && c->left.at[1] == 0) {
        cursor_skip(c, 2);
        return ethertype_peel(cursor_u16(c), c);
    }
    return ppp_peel(c);
}

const struct link_decoder link_ppp = { "PPP", { 9, 50 }, peel };
