/* Linux netfilter log, the usual way to see IPsec policies at work: attributes of { length, type, value } in the capturing
 * machine's octet order, padded to four; the packet is one of them. */
#include "base/limits.h"
#include "decoder/ethertype.h"

enum { ATTRIBUTE_PAYLOAD = 9, ATTRIBUTES = 64 };

static enum network peel(struct cursor *c)
{
    cursor_skip(c, 4);
    for (int n = 0; n < ATTRIBUTES && cursor_ok(c) && c->left.len >= 4; n++) {
        struct cursor little = *c;
        size_t length = cursor_number_le(&little, 2), type = cursor_number_le(&little, 2);
        if (type > 0xff) {
            little = *c;
            length = cursor_u16(&little);
            type = cursor_u16(&little);
        }
        if (length < 4)
            return NETWORK_OTHER;
        if (type == ATTRIBUTE_PAYLOAD) {
            *c = little;
            return ip_peel(c);
        }
        cursor_skip(c, (length + 3) / 4 * 4);
    }
    return NETWORK_OTHER;
}

const struct link_decoder link_nflog = { "netfilter log", { 239 }, peel };
