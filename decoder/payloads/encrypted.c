/* Encrypted payloads - RFC 7296 section 3.14, RFC 7383 section 2.5. Where the IV ends and the ICV begins is the cipher's
 * matter; here is only what needs no key. */
#include "decoder/payload.h"

static void read_encrypted(struct fields *f)
{
    if (f->payload->type == PAYLOAD_SKF) {
        struct cursor here = f->in;
        unsigned fragment = cursor_u16(&here), fragments = cursor_u16(&here);
        field_number(f, "fragment", 2);
        field_number(f, "fragments", 2);
        if (!fragment || fragment > fragments)
            field_odd(f);
    }
    if (!f->in.failed)
        fact_number(&f->out, "data_length", field_left(f));
    field_rest(f, NULL);
}

const struct payload_decoder payload_encrypted = { { PAYLOAD_SK, PAYLOAD_SKF }, read_encrypted };
