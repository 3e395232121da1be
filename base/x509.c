/* Certificates in words, by OpenSSL. Every object is opened and closed within one function. */
#include "base/x509.h"

#include "base/buffer.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pkcs7.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

enum { TEXT_LIMIT = 4096, DER_LIMIT = 1 << 20 };

/* RFC 2253 escapes, the order of the octets, UTF-8 as it is. */
static const unsigned long NAME_FORM = (XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_FN_SN | ASN1_STRFLGS_RFC2253) &
                                       ~(unsigned long)ASN1_STRFLGS_ESC_MSB;

static bool readable(struct bytes der)
{
    return der.len > 0 && der.len <= DER_LIMIT;
}

/* d2i functions take a part of the octets and leave the rest: here the rest must be nothing. */
static bool all_taken(const uint8_t *at, struct bytes der)
{
    return at == der.at + der.len;
}

static struct text bio_text(BIO *bio, struct arena *arena)
{
    char *at = NULL;
    long len = BIO_get_mem_data(bio, &at);
    return len > 0 ? arena_text(arena, text_over(at, (size_t)len < TEXT_LIMIT ? (size_t)len : TEXT_LIMIT))
                   : (struct text){ NULL, 0 };
}

static struct text name_text(const X509_NAME *name, struct arena *arena)
{
    BIO *bio = BIO_new(BIO_s_mem());
    struct text text = { NULL, 0 };
    if (bio && name && X509_NAME_print_ex(bio, name, 0, NAME_FORM) >= 0)
        text = bio_text(bio, arena);
    BIO_free(bio);
    return text;
}

bool x509_name_text(struct bytes der, struct arena *arena, struct text *text)
{
    if (!readable(der))
        return false;
    const uint8_t *at = der.at;
    X509_NAME *name = d2i_X509_NAME(NULL, &at, (long)der.len);
    bool ok = name && all_taken(at, der);
    if (ok)
        *text = name_text(name, arena);
    X509_NAME_free(name);
    ERR_clear_error();
    return ok;
}

/* "DNS:r1.example". A name is all of its octets: one of zero in it is there to deceive. */
static struct text worded(const char *word, struct text name, struct arena *arena)
{
    struct buffer b;
    buffer_init(&b, 2 * TEXT_LIMIT);
    buffer_format(&b, "%s:", word);
    buffer_text(&b, text_upto(name, TEXT_LIMIT));
    const struct text text = arena_text(arena, buffer_view(&b));
    buffer_clear(&b);
    return text;
}

static struct text general_name(const GENERAL_NAME *name, struct arena *arena)
{
    int type = 0;
    const void *value = GENERAL_NAME_get0_value(name, &type);
    if (type == GEN_IPADD) { /* as addresses are written elsewhere; OpenSSL's own form of IPv6 is not */
        const ASN1_OCTET_STRING *octets = value;
        const uint8_t *a = ASN1_STRING_get0_data(octets);
        if (ASN1_STRING_length(octets) == 4)
            return arena_format(arena, "IP:%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
    }
    if (type == GEN_DNS || type == GEN_EMAIL || type == GEN_URI) {
        const ASN1_IA5STRING *string = value;
        const char *word = type == GEN_DNS ? "DNS" : type == GEN_EMAIL ? "email" : "URI";
        return worded(word, text_over((const char *)ASN1_STRING_get0_data(string), (size_t)ASN1_STRING_length(string)), arena);
    }
    if (type == GEN_DIRNAME) {
        return worded("DN", name_text(value, arena), arena);
    }
    BIO *bio = BIO_new(BIO_s_mem());
    struct text text = { NULL, 0 };
    if (bio && GENERAL_NAME_print(bio, (GENERAL_NAME *)name) >= 0)
        text = bio_text(bio, arena);
    BIO_free(bio);
    return text;
}

bool x509_general_name_text(struct bytes der, struct arena *arena, struct text *text)
{
    if (!readable(der))
        return false;
    const uint8_t *at = der.at;
    GENERAL_NAME *name = d2i_GENERAL_NAME(NULL, &at, (long)der.len);
    bool ok = name && all_taken(at, der);
    if (ok)
        *text = general_name(name, arena);
    GENERAL_NAME_free(name);
    ERR_clear_error();
    return ok;
}

static struct text time_text(const ASN1_TIME *time, struct arena *arena)
{
    struct tm tm;
    if (!time || !ASN1_TIME_to_tm(time, &tm))
        return (struct text){ NULL, 0 };
    return arena_format(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
                        tm.tm_min, tm.tm_sec);
}

static struct text hex_text(const uint8_t *at, size_t len, struct arena *arena)
{
    struct buffer b;
    buffer_init(&b, TEXT_LIMIT);
    buffer_hex(&b, bytes_over(at, len < 512 ? len : 512));
    struct text text = arena_text(arena, buffer_view(&b));
    buffer_clear(&b);
    return text;
}

static void describe_key(EVP_PKEY *key, struct arena *arena, struct x509 *x)
{
    if (!key)
        return;
    const char *type = EVP_PKEY_get0_type_name(key);
    char curve[64] = "";
    size_t len = 0;
    int bits = EVP_PKEY_get_bits(key);
    x->key_bits = bits > 0 ? (unsigned)bits : 0;
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC && EVP_PKEY_get_group_name(key, curve, sizeof curve, &len)) {
        const char *nist = EC_curve_nid2nist(OBJ_txt2nid(curve));
        x->key = arena_format(arena, "EC %s", nist ? nist : curve);
    } else {
        x->key = arena_text(arena, text_of(type ? type : "unknown"));
    }
}

static struct text object_text(const ASN1_OBJECT *object, struct arena *arena, bool longer)
{
    char oid[128];
    int nid = OBJ_obj2nid(object);
    if (nid != NID_undef)
        return arena_text(arena, text_of(longer ? OBJ_nid2ln(nid) : OBJ_nid2sn(nid)));
    int len = OBJ_obj2txt(oid, sizeof oid, object, 1);
    return len > 0 ? arena_text(arena, text_of(oid)) : (struct text){ NULL, 0 };
}

static void read_alt_names(const X509 *cert, struct arena *arena, struct x509 *x)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(names) && x->name_count < X509_NAMES; i++) {
        struct text name = general_name(sk_GENERAL_NAME_value(names, i), arena);
        if (name.len)
            x->names[x->name_count++] = name;
    }
    GENERAL_NAMES_free(names);
}

static void read_usages(X509 *cert, struct arena *arena, struct x509 *x)
{
    static const char *const words[] = { "digitalSignature", "nonRepudiation", "keyEncipherment",
                                         "dataEncipherment", "keyAgreement",   "keyCertSign",
                                         "cRLSign",          "encipherOnly",   "decipherOnly" };
    ASN1_BIT_STRING *usage = X509_get_ext_d2i(cert, NID_key_usage, NULL, NULL);
    for (int i = 0; usage && i < (int)(COUNT_OF(words)); i++)
        if (ASN1_BIT_STRING_get_bit(usage, i))
            x->usages[x->usage_count++] = text_of(words[i]);
    ASN1_BIT_STRING_free(usage);
    EXTENDED_KEY_USAGE *extended = X509_get_ext_d2i(cert, NID_ext_key_usage, NULL, NULL);
    for (int i = 0; i < sk_ASN1_OBJECT_num(extended) && x->extended_count < X509_USAGES; i++)
        x->extended[x->extended_count++] = object_text(sk_ASN1_OBJECT_value(extended, i), arena, false);
    EXTENDED_KEY_USAGE_free(extended);
    BASIC_CONSTRAINTS *basic = X509_get_ext_d2i(cert, NID_basic_constraints, NULL, NULL);
    x->is_ca = basic && basic->ca;
    BASIC_CONSTRAINTS_free(basic);
}

static void describe(X509 *cert, struct bytes der, struct arena *arena, struct x509 *x)
{
    x->subject = name_text(X509_get_subject_name(cert), arena);
    x->issuer = name_text(X509_get_issuer_name(cert), arena);
    x->self_issued = X509_NAME_cmp(X509_get_subject_name(cert), X509_get_issuer_name(cert)) == 0;
    const ASN1_INTEGER *serial = X509_get0_serialNumber(cert);
    x->serial = hex_text(ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial), arena);
    x->not_before = time_text(X509_get0_notBefore(cert), arena);
    x->not_after = time_text(X509_get0_notAfter(cert), arena);
    const X509_ALGOR *algorithm = X509_get0_tbs_sigalg(cert);
    const ASN1_OBJECT *object = NULL;
    X509_ALGOR_get0(&object, NULL, NULL, algorithm);
    x->signature = object_text(object, arena, true);
    describe_key(X509_get0_pubkey(cert), arena, x);
    read_alt_names(cert, arena, x);
    read_usages(cert, arena, x);
    EVP_Digest(der.at, der.len, x->sha1, NULL, EVP_sha1(), NULL);
    EVP_Digest(der.at, der.len, x->sha256, NULL, EVP_sha256(), NULL);
    uint8_t *spki = NULL;
    int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &spki);
    if (len > 0)
        EVP_Digest(spki, (size_t)len, x->key_sha1, NULL, EVP_sha1(), NULL);
    OPENSSL_free(spki);
}

bool x509_read(struct bytes der, struct arena *arena, struct x509 *x)
{
    *x = (struct x509){ 0 };
    if (!readable(der))
        return false;
    const uint8_t *at = der.at;
    X509 *cert = d2i_X509(NULL, &at, (long)der.len);
    bool ok = cert && all_taken(at, der);
    if (ok)
        describe(cert, der, arena, x);
    X509_free(cert);
    ERR_clear_error();
    return ok;
}

bool x509_read_crl(struct bytes der, struct arena *arena, struct x509 *x)
{
    *x = (struct x509){ 0 };
    if (!readable(der))
        return false;
    const uint8_t *at = der.at;
    X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)der.len);
    bool ok = crl && all_taken(at, der);
    if (ok) {
        x->issuer = name_text(X509_CRL_get_issuer(crl), arena);
        x->not_before = time_text(X509_CRL_get0_lastUpdate(crl), arena);
        x->not_after = time_text(X509_CRL_get0_nextUpdate(crl), arena);
        int revoked = sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl));
        x->revoked = revoked > 0 ? (size_t)revoked : 0;
    }
    X509_CRL_free(crl);
    ERR_clear_error();
    return ok;
}

bool x509_read_key(struct bytes der, bool raw_rsa, struct arena *arena, struct x509 *x)
{
    *x = (struct x509){ 0 };
    if (!readable(der))
        return false;
    const uint8_t *at = der.at;
    EVP_PKEY *key = raw_rsa ? d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, (long)der.len) : d2i_PUBKEY(NULL, &at, (long)der.len);
    bool ok = key && all_taken(at, der);
    if (ok)
        describe_key(key, arena, x);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return ok;
}

size_t x509_read_pkcs7(struct bytes der, struct arena *arena, struct x509 *x, size_t room)
{
    if (!readable(der))
        return 0;
    const uint8_t *at = der.at;
    size_t count = 0;
    PKCS7 *bundle = d2i_PKCS7(NULL, &at, (long)der.len);
    const STACK_OF(X509) *certs = bundle && PKCS7_type_is_signed(bundle) && bundle->d.sign ? bundle->d.sign->cert : NULL;
    for (int i = 0; i < sk_X509_num(certs) && count < room; i++) {
        X509 *cert = sk_X509_value(certs, i);
        uint8_t *octets = NULL;
        int len = i2d_X509(cert, &octets);
        x[count] = (struct x509){ 0 };
        if (len > 0)
            describe(cert, bytes_over(octets, (size_t)len), arena, &x[count++]);
        OPENSSL_free(octets);
    }
    PKCS7_free(bundle);
    ERR_clear_error();
    return count;
}

/* Hashes by the names of IANA's registry, so that they can be held against SIGNATURE_HASH_ALGORITHMS. */
static const char *hash_name(int nid)
{
    switch (nid) {
    case NID_sha1:
        return "SHA1";
    case NID_sha224:
        return "SHA2-224";
    case NID_sha256:
        return "SHA2-256";
    case NID_sha384:
        return "SHA2-384";
    case NID_sha512:
        return "SHA2-512";
    case NID_md5:
        return "MD5";
    default:
        return OBJ_nid2sn(nid);
    }
}

static const char *scheme_name(int nid)
{
    switch (nid) {
    case NID_rsaEncryption:
        return "RSASSA-PKCS1-v1_5";
    case NID_X9_62_id_ecPublicKey:
        return "ECDSA";
    case NID_dsa:
        return "DSA";
    default:
        return OBJ_nid2sn(nid);
    }
}

/* Without parameters PSS means SHA-1 (RFC 4055). */
static const char *pss_hash(const X509_ALGOR *algorithm, RSA_PSS_PARAMS **held)
{
    const void *value = NULL;
    int type = V_ASN1_UNDEF, nid = NID_sha1;
    X509_ALGOR_get0(NULL, &type, &value, algorithm);
    if (type == V_ASN1_SEQUENCE) {
        const ASN1_STRING *sequence = value;
        const uint8_t *at = ASN1_STRING_get0_data(sequence);
        *held = d2i_RSA_PSS_PARAMS(NULL, &at, ASN1_STRING_length(sequence));
        if (*held && (*held)->hashAlgorithm) {
            const ASN1_OBJECT *object = NULL;
            X509_ALGOR_get0(&object, NULL, NULL, (*held)->hashAlgorithm);
            nid = OBJ_obj2nid(object);
        }
    }
    return hash_name(nid);
}

bool x509_algorithm_text(struct bytes der, struct arena *arena, struct text *text)
{
    if (!readable(der))
        return false;
    const uint8_t *at = der.at;
    X509_ALGOR *algorithm = d2i_X509_ALGOR(NULL, &at, (long)der.len);
    bool ok = algorithm && all_taken(at, der);
    if (ok) {
        const ASN1_OBJECT *object = NULL;
        RSA_PSS_PARAMS *pss = NULL;
        int hash = NID_undef, scheme = NID_undef;
        X509_ALGOR_get0(&object, NULL, NULL, algorithm);
        int nid = OBJ_obj2nid(object);
        if (nid == NID_rsassaPss)
            *text = arena_format(arena, "RSASSA-PSS with %s", pss_hash(algorithm, &pss));
        else if (nid != NID_undef && OBJ_find_sigid_algs(nid, &hash, &scheme) && hash != NID_undef)
            *text = arena_format(arena, "%s with %s", scheme_name(scheme), hash_name(hash));
        else if (nid == NID_ED25519 || nid == NID_ED448)
            *text = arena_text(arena, nid == NID_ED25519 ? TEXT("Ed25519") : TEXT("Ed448"));
        else
            *text = object_text(object, arena, true);
        RSA_PSS_PARAMS_free(pss);
    }
    X509_ALGOR_free(algorithm);
    ERR_clear_error();
    return ok;
}
