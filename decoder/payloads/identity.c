/* Identification payloads - RFC 7296 section 3.5; IDg of RFC 9838 has the same form. */
#include "base/x509.h"
#include "decoder/payload.h"

static void put_id(struct fields *f, struct text id)
{
    if (id.len)
        fact_text(&f->out, "id", id);
}

static struct text hex_text(struct arena *arena, struct bytes octets)
{
    struct buffer b;
    buffer_init(&b, octets.len * 2 + 1);
    buffer_hex(&b, octets);
    struct text text = arena_text(arena, buffer_view(&b));
    buffer_clear(&b);
    return text;
}

/* A key id is opaque; mostly it is a word all the same. */
static struct text opaque_text(struct arena *arena, struct bytes octets)
{
    return text_printable(text_of_bytes(octets)) ? text_of_bytes(octets) : hex_text(arena, octets);
}

void read_identity(struct fields *f, unsigned id_type)
{
    struct arena *arena = f->out.arena;
    struct bytes data = field_rest(f, "data");
    struct text id = { NULL, 0 };
    switch (id_type) {
    case ID_IPV4_ADDR:
    case ID_IPV6_ADDR:
        if (data.len == (id_type == ID_IPV4_ADDR ? 4u : 16u))
            id = address_text(address_of(data), arena);
        else
            field_odd(f);
        break;
    case ID_DER_ASN1_DN:
        if (!x509_name_text(data, arena, &id))
            field_odd(f);
        break;
    case ID_DER_ASN1_GN:
        if (!x509_general_name_text(data, arena, &id))
            field_odd(f);
        break;
    case ID_FC_NAME:
        id = hex_text(arena, data);
        break;
    case ID_NULL:
        if (data.len)
            field_odd(f);
        break;
    default:
        id = opaque_text(arena, data);
        break;
    }
    put_id(f, id);
}

static void read_id(struct fields *f)
{
    unsigned type = (unsigned)field_code(f, "id_type", 1, REGISTRY_ID);
    field_octets(f, NULL, 3);
    read_identity(f, type);
}

const struct payload_decoder payload_identity = { { PAYLOAD_IDI, PAYLOAD_IDR, PAYLOAD_IDG }, read_id };
