/* Certificates and signatures, as the CERT and AUTH payloads carry them. */
#include "base/crypto_internal.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static X509 *parse(struct bytes der)
{
    const unsigned char *at = der.at;
    X509 *x = der.len && der.len < INT32_MAX ? d2i_X509(NULL, &at, (long)der.len) : NULL;
    ERR_clear_error();
    return x;
}

static void bio_text(BIO *bio, char *out, size_t size)
{
    int n = BIO_read(bio, out, (int)size - 1);
    out[n > 0 ? n : 0] = '\0';
}

static void print_name(const X509_NAME *name, char *out, size_t size)
{
    BIO *bio = BIO_new(BIO_s_mem());
    out[0] = '\0';
    if (bio && X509_NAME_print_ex(bio, name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB & ~XN_FLAG_SPC_EQ) >= 0)
        bio_text(bio, out, size);
    BIO_free(bio);
}

static void print_time(const ASN1_TIME *t, char out[static 24])
{
    struct tm tm;
    char text[48];
    out[0] = '\0';
    if (t && ASN1_TIME_to_tm(t, &tm)) {
        int n = snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
                         tm.tm_min, tm.tm_sec);
        if (n == 20)
            memcpy(out, text, 21);
    }
}

static void print_serial(const ASN1_INTEGER *serial, char *out, size_t size)
{
    BIGNUM *bn = ASN1_INTEGER_to_BN(serial, NULL);
    char *hex = bn ? BN_bn2hex(bn) : NULL;
    snprintf(out, size, "%s", hex ? hex : "");
    for (char *c = out; *c; c++)
        if (*c >= 'A' && *c <= 'F')
            *c = (char)(*c - 'A' + 'a');
    OPENSSL_free(hex);
    BN_free(bn);
}

static void print_key(EVP_PKEY *key, struct certificate *c)
{
    const char *type = key ? EVP_PKEY_get0_type_name(key) : NULL;
    char curve[32];
    size_t length = 0;
    if (!type)
        return;
    c->key_bits = (unsigned)EVP_PKEY_get_bits(key);
    if (EVP_PKEY_get_group_name(key, curve, sizeof curve, &length) > 0 && strcmp(type, "EC") == 0) {
        const char *nist = EC_curve_nid2nist(OBJ_txt2nid(curve));
        snprintf(c->key, sizeof c->key, "EC %s", nist ? nist : curve);
    } else {
        snprintf(c->key, sizeof c->key, "%s", type);
    }
}

static void print_alternatives(X509 *x, char *out, size_t size)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
    BIO *bio = BIO_new(BIO_s_mem());
    for (int i = 0; bio && i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *n = sk_GENERAL_NAME_value(names, i);
        const ASN1_STRING *s = n->type == GEN_DNS ? n->d.dNSName : n->type == GEN_EMAIL ? n->d.rfc822Name : n->type == GEN_URI ? n->d.uniformResourceIdentifier : NULL;
        if (!s && n->type != GEN_IPADD)
            continue;
        if (BIO_pending(bio))
            BIO_puts(bio, ", ");
        const unsigned char *ip = n->type == GEN_IPADD ? ASN1_STRING_get0_data(n->d.iPAddress) : NULL;
        if (s)
            ASN1_STRING_print(bio, s);
        else if (ASN1_STRING_length(n->d.iPAddress) == 4)
            BIO_printf(bio, "%u.%u.%u.%u", ip[0], ip[1], ip[2], ip[3]);
        else
            for (int k = 0; k + 1 < ASN1_STRING_length(n->d.iPAddress); k += 2)
                BIO_printf(bio, "%s%x", k ? ":" : "", (unsigned)ip[k] << 8 | ip[k + 1]);
    }
    out[0] = '\0';
    if (bio)
        bio_text(bio, out, size);
    BIO_free(bio);
    GENERAL_NAMES_free(names);
}

bool certificate_read(struct bytes der, struct certificate *c)
{
    *c = (struct certificate){ 0 };
    X509 *x = parse(der);
    if (!x)
        return false;
    print_name(X509_get_subject_name(x), c->subject, sizeof c->subject);
    print_name(X509_get_issuer_name(x), c->issuer, sizeof c->issuer);
    print_serial(X509_get0_serialNumber(x), c->serial, sizeof c->serial);
    print_time(X509_get0_notBefore(x), c->not_before);
    print_time(X509_get0_notAfter(x), c->not_after);
    print_key(X509_get0_pubkey(x), c);
    print_alternatives(x, c->alt_names, sizeof c->alt_names);
    X509_free(x);
    ERR_clear_error();
    return true;
}

/* RFC 7427 section 3: one octet of length, the AlgorithmIdentifier, the signature. */
static X509_ALGOR *algorithm_of(struct bytes data, size_t *signature_at)
{
    struct cursor c = cursor_over(data);
    struct bytes der = cursor_take(&c, cursor_u8(&c));
    const unsigned char *at = der.at;
    X509_ALGOR *a = der.len ? d2i_X509_ALGOR(NULL, &at, (long)der.len) : NULL;
    ERR_clear_error();
    if (a && at != der.at + der.len) {
        X509_ALGOR_free(a);
        a = NULL;
    }
    *signature_at = a ? c.offset : 0;
    return a;
}

size_t signature_describe(struct bytes data, char *name, size_t size)
{
    size_t at;
    X509_ALGOR *a = algorithm_of(data, &at);
    name[0] = '\0';
    if (!a)
        return 0;
    const ASN1_OBJECT *object;
    X509_ALGOR_get0(&object, NULL, NULL, a);
    int nid = OBJ_obj2nid(object), hash = NID_undef;
    if (nid == NID_undef) {
        OBJ_obj2txt(name, (int)size, object, 1);
    } else {
        const char *more = "";
        if (nid == NID_rsassaPss) {
            RSA_PSS_PARAMS *pss = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(RSA_PSS_PARAMS), a->parameter);
            hash = pss && pss->hashAlgorithm ? OBJ_obj2nid(pss->hashAlgorithm->algorithm) : NID_sha1;
            more = OBJ_nid2sn(hash);
            RSA_PSS_PARAMS_free(pss);
        }
        snprintf(name, size, "%s%s%s", OBJ_nid2sn(nid), *more ? "-" : "", more);
    }
    X509_ALGOR_free(a);
    return at;
}

struct scheme {
    const EVP_MD *hash; /* NULL: the scheme hashes by itself (EdDSA) */
    int key_type;
    bool pss;
    int salt;
};

static bool pss_scheme(const X509_ALGOR *a, struct scheme *s)
{
    RSA_PSS_PARAMS *pss = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(RSA_PSS_PARAMS), a->parameter);
    if (!pss)
        return false;
    s->key_type = EVP_PKEY_RSA;
    s->pss = true;
    s->hash = EVP_get_digestbynid(pss->hashAlgorithm ? OBJ_obj2nid(pss->hashAlgorithm->algorithm) : NID_sha1);
    s->salt = pss->saltLength ? (int)ASN1_INTEGER_get(pss->saltLength) : 20;
    RSA_PSS_PARAMS_free(pss);
    return s->hash != NULL;
}

static bool scheme_of(const X509_ALGOR *a, struct scheme *s)
{
    const ASN1_OBJECT *object;
    X509_ALGOR_get0(&object, NULL, NULL, a);
    int nid = OBJ_obj2nid(object), hash = NID_undef, key = NID_undef;
    *s = (struct scheme){ 0 };
    if (nid == NID_rsassaPss)
        return pss_scheme(a, s);
    if (nid == NID_ED25519 || nid == NID_ED448) {
        s->key_type = nid;
        return true;
    }
    if (!OBJ_find_sigid_algs(nid, &hash, &key))
        return false;
    s->hash = EVP_get_digestbynid(hash);
    s->key_type = key;
    return s->hash != NULL;
}

static enum signature_verdict verify(EVP_PKEY *key, const struct scheme *s, struct bytes data, struct bytes signature)
{
    if (!key || EVP_PKEY_get_base_id(key) != s->key_type)
        return SIGNATURE_UNDECIDED;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *params = NULL;
    bool ready = ctx && EVP_DigestVerifyInit(ctx, &params, s->hash, NULL, key) > 0;
    if (ready && s->pss)
        ready = EVP_PKEY_CTX_set_rsa_padding(params, RSA_PKCS1_PSS_PADDING) > 0 && EVP_PKEY_CTX_set_rsa_pss_saltlen(params, s->salt) > 0 &&
                EVP_PKEY_CTX_set_rsa_mgf1_md(params, s->hash) > 0;
    bool good = ready && EVP_DigestVerify(ctx, signature.at, signature.len, data.at, data.len) == 1;
    EVP_MD_CTX_free(ctx);
    ERR_clear_error();
    return !ready ? SIGNATURE_UNDECIDED : good ? SIGNATURE_GOOD : SIGNATURE_BAD;
}

/* r | s of fixed width, as DER: SEQUENCE { INTEGER r, INTEGER s } */
static int der_signature(struct bytes raw, unsigned char **der)
{
    ECDSA_SIG *sig = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw.at, (int)(raw.len / 2), NULL), *s = BN_bin2bn(raw.at + raw.len / 2, (int)(raw.len / 2), NULL);
    int length = -1;
    if (sig && r && s && ECDSA_SIG_set0(sig, r, s))
        length = i2d_ECDSA_SIG(sig, der);
    ECDSA_SIG_free(sig);
    return length;
}

static enum signature_verdict verify_raw(EVP_PKEY *key, int type, enum hash_kind hash, struct bytes data, struct bytes signature)
{
    unsigned char *der = NULL;
    if (signature.len < 2 || signature.len % 2 || signature.len > 1024)
        return SIGNATURE_BAD;
    int length = der_signature(signature, &der);
    struct scheme s = { .hash = crypto_hash(hash), .key_type = type };
    enum signature_verdict v = length > 0 ? verify(key, &s, data, bytes_over(der, (size_t)length)) : SIGNATURE_UNDECIDED;
    OPENSSL_free(der);
    return v;
}

static enum signature_verdict verify_rsa(EVP_PKEY *key, enum hash_kind hash, struct bytes data, struct bytes signature)
{
    /* Method 1 says SHA-1; implementations that sign with a newer hash are seen, and any that fits proves the key. */
    const enum hash_kind tried[] = { hash, HASH_SHA1, HASH_SHA2_256, HASH_SHA2_384, HASH_SHA2_512, HASH_MD5 };
    enum signature_verdict v = SIGNATURE_UNDECIDED;
    for (size_t i = 0; i < sizeof tried / sizeof tried[0] && v != SIGNATURE_GOOD; i++) {
        struct scheme s = { .hash = crypto_hash(tried[i]), .key_type = EVP_PKEY_RSA };
        if (s.hash)
            v = verify(key, &s, data, signature);
    }
    return v;
}

enum signature_verdict signature_verify(struct bytes certificate_der, enum signature_kind kind, enum hash_kind hash, struct bytes data, struct bytes signature)
{
    X509 *x = parse(certificate_der);
    EVP_PKEY *key = x ? X509_get0_pubkey(x) : NULL;
    enum signature_verdict v = SIGNATURE_UNDECIDED;
    if (key && kind == SIGNATURE_RSA) {
        v = verify_rsa(key, hash, data, signature);
    } else if (key && kind == SIGNATURE_ECDSA) {
        v = verify_raw(key, EVP_PKEY_EC, hash, data, signature);
    } else if (key && kind == SIGNATURE_DSS) {
        v = verify_raw(key, EVP_PKEY_DSA, HASH_SHA1, data, signature);
    } else if (key && kind == SIGNATURE_DIGITAL) {
        size_t at;
        struct scheme s;
        X509_ALGOR *a = algorithm_of(signature, &at);
        if (a && scheme_of(a, &s))
            v = verify(key, &s, data, (struct bytes){ signature.at + at, signature.len - at });
        X509_ALGOR_free(a);
    }
    X509_free(x);
    ERR_clear_error();
    return v;
}
