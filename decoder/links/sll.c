/* Linux "cooked" capture: packet type, ARPHRD type, address length, eight octets of address, ethertype. */
#include "decoder/ethertype.h"

static enum network peel(struct cursor *c)
{
    cursor_skip(c, 14);
    return ethertype_peel(cursor_u16(c), c);
}

const struct link_decoder link_sll = { "Linux cooked", { 113 }, peel };
