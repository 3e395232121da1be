/* Notify payload - RFC 7296 section 3.10. What the data means is in decoder/notify_data.c. */
#include "decoder/payload.h"

static void read_notify(struct fields *f)
{
    struct cursor here = f->in;
    unsigned protocol = cursor_u8(&here);
    size_t spi_size = cursor_u8(&here);
    unsigned type = cursor_u16(&here);
    if (!cursor_ok(&here)) {
        f->in.failed = true;
        return;
    }
    if (protocol)
        field_code(f, "protocol", 1, REGISTRY_PROTOCOL);
    else
        field_number(f, NULL, 1);
    field_number(f, NULL, 1);
    if (registry_name(REGISTRY_NOTIFY, type))
        fact_code(&f->out, "notify", REGISTRY_NOTIFY, type);
    field_number(f, "number", 2);
    field_octets(f, "spi", spi_size);
    if (f->in.failed || !f->in.left.len)
        return;
    struct cursor data = f->in;
    field_rest(f, "data");
    /* The same octets again, by what they mean: they may fall short of it, and are kept all the same. */
    struct fields meaning = *f;
    meaning.in = data;
    read_notify_data(&meaning, type);
    f->out = meaning.out;
    if (meaning.in.failed)
        field_odd(f);
}

const struct payload_decoder payload_notify = { { PAYLOAD_NOTIFY }, read_notify };
