/* Frame relay: an address of two octets or more, whose last one is odd; then RFC 2427's control octet and NLPID, or, as Cisco has
 * it, an ethertype. */
#include "decoder/ethertype.h"

enum { CONTROL_UI = 0x03, NLPID_IPV4 = 0xcc, NLPID_IPV6 = 0x8e, NLPID_SNAP = 0x80, NLPID_PADDING = 0, ADDRESS_MOST = 4 };

static enum network peel(struct cursor *c)
{
    unsigned n = 0;
    while (n++ < ADDRESS_MOST && !(cursor_u8(c) & 1) && !c->failed) {}
    const uint8_t control = cursor_u8(c), next = cursor_u8(c);
    if (control != CONTROL_UI)
        return ethertype_peel((uint16_t)(control << 8 | next), c);
    const uint8_t protocol = next == NLPID_PADDING ? cursor_u8(c) : next;
    if (protocol == NLPID_IPV4 || protocol == NLPID_IPV6)
        return protocol == NLPID_IPV4 ? NETWORK_IPV4 : NETWORK_IPV6;
    if (protocol != NLPID_SNAP)
        return NETWORK_OTHER;
    cursor_skip(c, 3);
    return ethertype_peel(cursor_u16(c), c);
}

const struct link_decoder link_frame_relay = { "Frame Relay", { 107 }, peel };
