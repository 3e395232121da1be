/* Radiotap in front of IEEE 802.11: version, padding, its own length (low octet first), what the radio said. */
#include "decoder/wlan.h"

static enum network peel(struct cursor *c)
{
    cursor_skip(c, 2);
    const uint16_t length = cursor_u16_le(c);
    if (length < 4)
        return NETWORK_OTHER;
    cursor_skip(c, length - 4);
    return wlan_peel(c);
}

const struct link_decoder link_radiotap = { "radiotap", { 127 }, peel };
