/* Vendor ID payload - RFC 7296 section 3.12. */
#include "decoder/payload.h"

static void read_vendor(struct fields *f)
{
    struct bytes id = f->in.left;
    const char *name = vendor_name(id);
    if (name)
        fact_text(&f->out, "vendor", text_of(name));
    else if (text_printable(text_of_bytes(id)))
        fact_text(&f->out, "vendor", text_of_bytes(id)); /* many spell out who they are */
    field_rest(f, "data");
}

const struct payload_decoder payload_vendor = { { PAYLOAD_VENDOR }, read_vendor };
