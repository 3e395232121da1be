/* Delete payload - RFC 7296 section 3.11. Sizes and counts that contradict the length are the sender's fault. */
#include "decoder/payload.h"

static void read_delete(struct fields *f)
{
    struct cursor here = f->in;
    unsigned protocol = cursor_u8(&here);
    field_code(f, "protocol", 1, REGISTRY_PROTOCOL);
    size_t spi_size = (size_t)field_number(f, NULL, 1);
    size_t count = (size_t)field_number(f, "count", 2);
    size_t expected = protocol == PROTOCOL_IKE ? 0 : 4;
    if (spi_size != expected)
        field_odd(f);
    if (!field_left(f)) {
        if (count && spi_size)
            field_odd(f);
        return;
    }
    if (!spi_size || field_left(f) != spi_size * count) {
        field_odd(f);
        if (!spi_size) {
            field_rest(f, "data");
            return;
        }
    }
    struct fields list = field_inner(f, fact_list(&f->out, "spis"), field_left(f));
    while (field_left(&list) >= spi_size)
        field_octets(&list, "", spi_size);
    field_rest(&list, NULL);
    field_done(f, &list);
}

const struct payload_decoder payload_delete = { { PAYLOAD_DELETE }, read_delete };
