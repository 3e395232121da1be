/* Group Security Association and Key Download payloads of group key management (RFC 9838): named, and kept as they are. */
#include "decoder/payload.h"

static void read_group(struct fields *f)
{
    field_rest(f, "data");
}

const struct payload_decoder payload_group = { { PAYLOAD_GSA, PAYLOAD_KD }, read_group };
