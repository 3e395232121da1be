#include "decoder/wlan.h"

#include "decoder/ethertype.h"

enum {
    TYPE_DATA = 0x08,    /* of the first octet, version and type */
    SUBTYPE_NULL = 0x40, /* no data */
    SUBTYPE_QOS = 0x80,  /* two octets more */
    BOTH_DS = 0x03,      /* of the second: a fourth address */
    MORE_FRAGMENTS = 0x04,
    PROTECTED = 0x40,
    ORDER = 0x80,      /* with QoS: HT control */
    FRAGMENT = 0x0f,   /* of sequence control: which one */
    AGGREGATED = 0x80, /* of QoS control: several frames in one */
    SNAP = 0xaaaa
};

enum network wlan_peel(struct cursor *c)
{
    const uint8_t kind = cursor_u8(c), flags = cursor_u8(c);
    cursor_skip(c, 2 + 3 * 6);
    const uint16_t sequence = cursor_u16_le(c);
    if ((flags & BOTH_DS) == BOTH_DS)
        cursor_skip(c, 6);
    const uint16_t qos = kind & SUBTYPE_QOS ? cursor_u16_le(c) : 0;
    if ((kind & SUBTYPE_QOS) && (flags & ORDER))
        cursor_skip(c, 4);
    if ((kind & 0x0f) != TYPE_DATA || (kind & SUBTYPE_NULL) || (flags & (PROTECTED | MORE_FRAGMENTS)) || (sequence & FRAGMENT) ||
        (qos & AGGREGATED))
        return NETWORK_OTHER;
    if (cursor_u16(c) != SNAP)
        return NETWORK_OTHER;
    cursor_skip(c, 1 + 3);
    return ethertype_peel(cursor_u16(c), c);
}
