/* Cisco HDLC: address, control, ethertype. */
#include "decoder/ethertype.h"

static enum network peel(struct cursor *c)
{
    cursor_skip(c, 2);
    return ethertype_peel(cursor_u16(c), c);
}

const struct link_decoder link_hdlc = { "Cisco HDLC", { 104 }, peel };
