/* Linux "cooked" capture, second version: ethertype first, then interface, ARPHRD type, packet type and address. */
#include "decoder/ethertype.h"

static enum network peel(struct cursor *c)
{
    const uint16_t type = cursor_u16(c);
    cursor_skip(c, 18);
    return ethertype_peel(type, c);
}

const struct link_decoder link_sll2 = { "Linux cooked v2", { 276 }, peel };
