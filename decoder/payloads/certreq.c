/* Certificate Request payload - RFC 7296 section 3.7: SHA-1 hashes of the trusted authorities' public keys. */
#include "base/limits.h"
#include "decoder/payload.h"

enum { HASH_LENGTH = 20 };

static void read_certreq(struct fields *f)
{
    unsigned encoding = (unsigned)field_code(f, "encoding", 1, REGISTRY_CERT);
    bool hashes = encoding == CERT_X509_SIGNATURE || encoding == CERT_HASH_URL || encoding == CERT_HASH_URL_BUNDLE ||
                  encoding == CERT_OCSP; /* RFC 4806: of the responders' certificates */
    if (!hashes || field_left(f) % HASH_LENGTH) {
        if (hashes)
            field_odd(f);
        field_rest(f, "data");
        return;
    }
    if (!field_left(f))
        return; /* any authority will do */
    struct fields list = field_inner(f, fact_list(&f->out, "authorities"), field_left(f));
    for (size_t count = 0; field_more(&list); count++)
        field_octets(&list, "", HASH_LENGTH);
    field_done(f, &list);
}

const struct payload_decoder payload_certreq = { { PAYLOAD_CERTREQ }, read_certreq };
