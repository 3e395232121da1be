/* Certificate payload - RFC 7296 section 3.6. */
#include "base/x509.h"
#include "decoder/payload.h"

enum { HASH_LENGTH = 20 };

static void put_text(struct facts *out, const char *name, struct text value)
{
    if (value.len)
        fact_text(out, name, value);
}

static void put_list(struct facts *out, const char *name, const struct text *values, size_t count)
{
    if (!count)
        return;
    struct facts list = facts_into(out->arena, &fact_list(out, name)->as.child);
    for (size_t i = 0; i < count; i++)
        fact_text(&list, NULL, values[i]);
}

static void put_certificate(struct facts *out, const struct x509 *x)
{
    put_text(out, "subject", x->subject);
    put_text(out, "issuer", x->issuer);
    put_text(out, "serial", x->serial);
    put_text(out, "not_before", x->not_before);
    put_text(out, "not_after", x->not_after);
    put_text(out, "key", x->key);
    if (x->key_bits)
        fact_number(out, "key_bits", x->key_bits);
    put_text(out, "signature_algorithm", x->signature);
    put_list(out, "subject_alt_names", x->names, x->name_count);
    put_list(out, "key_usage", x->usages, x->usage_count);
    put_list(out, "extended_key_usage", x->extended, x->extended_count);
    if (x->is_ca)
        fact_bool(out, "ca", true);
    if (x->self_issued)
        fact_bool(out, "self_issued", true);
    fact_octets(out, "sha1", bytes_over(x->sha1, sizeof x->sha1));
    fact_octets(out, "sha256", bytes_over(x->sha256, sizeof x->sha256));
}

static void read_x509(struct fields *f)
{
    struct x509 x;
    struct bytes data = field_rest(f, "data");
    if (x509_read(data, f->out.arena, &x))
        put_certificate(&f->out, &x);
    else
        field_odd(f);
}

static void read_key(struct fields *f, bool raw_rsa)
{
    struct x509 x;
    struct bytes data = field_rest(f, "data");
    if (x509_read_key(data, raw_rsa, f->out.arena, &x)) {
        put_text(&f->out, "key", x.key);
        if (x.key_bits)
            fact_number(&f->out, "key_bits", x.key_bits);
    } else {
        field_odd(f);
    }
}

static void read_crl(struct fields *f)
{
    struct x509 x;
    struct bytes data = field_rest(f, "data");
    if (!x509_read_crl(data, f->out.arena, &x)) {
        field_odd(f);
        return;
    }
    put_text(&f->out, "issuer", x.issuer);
    put_text(&f->out, "this_update", x.not_before);
    put_text(&f->out, "next_update", x.not_after);
    fact_number(&f->out, "revoked", x.revoked);
}

/* A bundle of certificates in PKCS #7: each one's facts in a list. */
static void read_pkcs7(struct fields *f)
{
    struct x509 certs[8];
    struct bytes data = field_rest(f, "data");
    size_t count = x509_read_pkcs7(data, f->out.arena, certs, COUNT_OF(certs));
    if (!count) {
        field_odd(f);
        return;
    }
    struct facts list = facts_into(f->out.arena, &fact_list(&f->out, "certificates")->as.child);
    for (size_t i = 0; i < count; i++) {
        struct facts one = facts_into(f->out.arena, &fact_group(&list, NULL)->as.child);
        put_certificate(&one, &certs[i]);
    }
}

static void read_cert(struct fields *f)
{
    unsigned encoding = (unsigned)field_code(f, "encoding", 1, REGISTRY_CERT);
    switch (encoding) {
    case CERT_X509_SIGNATURE:
        read_x509(f);
        break;
    case CERT_PKCS7:
        read_pkcs7(f);
        break;
    case CERT_CRL:
    case CERT_ARL:
        read_crl(f);
        break;
    case CERT_RAW_KEY:
        read_key(f, false);
        break;
    case CERT_RAW_RSA:
        read_key(f, true);
        break;
    case CERT_HASH_URL:
    case CERT_HASH_URL_BUNDLE:
        field_octets(f, "sha1", HASH_LENGTH);
        field_rest_text(f, "url");
        break;
    default:
        field_rest(f, "data");
        break;
    }
}

const struct payload_decoder payload_cert = { { PAYLOAD_CERT }, read_cert };
