/* Payloads that are named and kept as they are: Generic Secure Password Method (RFC 6467), Puzzle Solution (RFC 8019). */
#include "decoder/payload.h"

static void read_puzzle(struct fields *f)
{
    field_rest(f, "data");
}

const struct payload_decoder payload_puzzle = { { PAYLOAD_PS, PAYLOAD_GSPM }, read_puzzle };
