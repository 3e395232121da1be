/* IP: fragments of few datagrams, extension headers, tunnels. The first octet of a frame chooses how much is given. */
#include "frames_of.h"

static void header(struct buffer *frame, struct cursor *octets)
{
    const uint8_t how = cursor_u8(octets);
    const uint16_t fragment = how & 4 ? cursor_u16(octets) : 0;
    const uint8_t protocol = how & 8 ? cursor_u8(octets) : how & 16 ? 50 : 17;
    if (how & 1)
        return;
    if (how & 2) {
        const size_t len = octets->left.len + 8;
        const uint8_t head[] = { 0x60, 0, 0, 0, (uint8_t)(len >> 8), (uint8_t)len, how & 4 ? 44 : protocol, 64 };
        buffer_put(frame, head, sizeof head);
        buffer_put(frame, "0123456789abcdef0123456789ABCDEF", 32);
        const uint8_t part[] = { protocol, 0, (uint8_t)(fragment >> 12), (uint8_t)((fragment & 0x1f) << 3 | how >> 7), 0,
                                 0,        0, (uint8_t)(how >> 5 & 1) };
        buffer_put(frame, part, sizeof part);
        return;
    }
    const size_t len = octets->left.len + 20;
    const uint8_t head[] = { 0x45,
                             0,
                             (uint8_t)(len >> 8),
                             (uint8_t)len,
                             0,
                             (uint8_t)(how >> 5 & 1),
                             (uint8_t)(fragment & 0x20),
                             (uint8_t)(fragment >> 8 & 0x1f),
                             64,
                             protocol,
                             0,
                             0,
                             10,
                             0,
                             0,
                             1,
                             10,
                             0,
                             0,
                             2 };
    buffer_put(frame, head, sizeof head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    frames_of(data, size, header);
    return 0;
}
