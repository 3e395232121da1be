/* Nonce payload - RFC 7296 section 3.9: 16 to 256 octets. */
#include "decoder/payload.h"

static void read_nonce(struct fields *f)
{
    size_t length = field_left(f);
    if (length < 16 || length > 256)
        field_odd(f);
    field_rest(f, "data");
}

const struct payload_decoder payload_nonce = { { PAYLOAD_NONCE }, read_nonce };
