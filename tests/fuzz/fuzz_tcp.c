/* TCP with IKE framing: segments of one connection at small sequence numbers, so that they overlap, repeat and leave gaps. */
#include "frames_of.h"

static void header(struct buffer *frame, struct cursor *octets)
{
    const uint8_t how = cursor_u8(octets), sequence = cursor_u8(octets);
    const size_t len = octets->left.len + 40 + (how & 4 ? 6u : 0) + (how & 16 ? 100u : 0);
    const uint8_t head[] = { 0x45,
                             0,
                             (uint8_t)(len >> 8),
                             (uint8_t)len,
                             0,
                             1,
                             0,
                             0,
                             64,
                             6,
                             0,
                             0,
                             10,
                             0,
                             0,
                             (uint8_t)(1 + (how & 1)),
                             10,
                             0,
                             0,
                             (uint8_t)(2 - (how & 1)),
                             0x11,
                             0x94,
                             0x11,
                             (uint8_t)(how & 2 ? 0x95 : 0x94),
                             0xff,
                             0xff,
                             0xff,
                             sequence,
                             0,
                             0,
                             0,
                             0,
                             0x50,
                             (uint8_t)(how & 8 ? 2 : 16),
                             0,
                             0,
                             0,
                             0,
                             0,
                             0 };
    buffer_put(frame, head, sizeof head);
    if (how & 4)
        buffer_put(frame, "IKETCP", 6);
    if (how & 32) /* a whole IKE message before what the fuzzer gives */
        buffer_put(frame,
                   "\0\x22\0\0\0\0"
                   "11111111"
                   "\0\0\0\0\0\0\0\0"
                   "\x21\x20\x22\x08"
                   "\0\0\0\0"
                   "\0\0\0\x1c",
                   34);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    frames_of(data, size, header);
    return 0;
}
