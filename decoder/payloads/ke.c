/* Key Exchange payload - RFC 7296 section 3.4; the data is a public value, or of a KEM its key or ciphertext. */
#include "decoder/payload.h"

static void read_ke(struct fields *f)
{
    struct cursor here = f->in;
    field_number(f, "group", 2);
    unsigned group = cursor_u16(&here);
    if (cursor_ok(&here) && registry_name(REGISTRY_KE, group))
        fact_code(&f->out, "group_name", REGISTRY_KE, group);
    field_number(f, NULL, 2);
    field_rest(f, "data");
}

const struct payload_decoder payload_ke = { { PAYLOAD_KE }, read_ke };
