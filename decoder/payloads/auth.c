/* Authentication payload - RFC 7296 section 3.8, and RFC 7427 section 3 for digital signatures. */
#include "base/x509.h"
#include "decoder/payload.h"

/* ASN.1 length (1 octet) | AlgorithmIdentifier | signature */
static void read_signature(struct fields *f)
{
    struct cursor probe = f->in;
    size_t length = cursor_u8(&probe);
    struct bytes identifier = cursor_take(&probe, length);
    struct text name = { NULL, 0 };
    if (cursor_ok(&probe) && x509_algorithm_text(identifier, f->out.arena, &name))
        fact_text(&f->out, "signature", name);
    else
        field_odd(f);
    field_rest(f, "data");
}

static void read_auth(struct fields *f)
{
    struct cursor here = f->in;
    unsigned method = cursor_u8(&here);
    if (registry_name(REGISTRY_AUTH, method))
        field_code(f, "method", 1, REGISTRY_AUTH);
    else
        field_number(f, NULL, 1);
    if (!f->in.failed)
        fact_number(&f->out, "number", method);
    field_octets(f, NULL, 3);
    if (method == AUTH_DIGITAL_SIGNATURE)
        read_signature(f);
    else
        field_rest(f, "data");
}

const struct payload_decoder payload_auth = { { PAYLOAD_AUTH }, read_auth };
