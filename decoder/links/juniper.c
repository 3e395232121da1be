/* Junos's `monitor traffic`: "MGC", flags, maybe a length of two octets with as much behind it, then the Ethernet frame; where the
 * flags say that there is none, a number of the protocol in four octets and the packet. */
#include "decoder/ethertype.h"

enum { MAGIC = 0x4d4743, WITHOUT_FRAME = 0x02, EXTENSIONS = 0x80 };

static enum network peel(struct cursor *c)
{
    const uint64_t magic = cursor_number(c, 3);
    const uint8_t flags = cursor_u8(c);
    if (magic != MAGIC)
        return NETWORK_OTHER;
    if (flags & EXTENSIONS)
        cursor_skip(c, cursor_u16(c));
    if (!(flags & WITHOUT_FRAME))
        return ethernet_peel(c);
    cursor_skip(c, 4);
    return ip_peel(c);
}

const struct link_decoder link_juniper = { "Juniper Ethernet", { 178 }, peel };
