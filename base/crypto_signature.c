/* Signatures, as the AUTH payload carries them, checked by the key of a certificate. */
#include "base/crypto_parts.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

static X509 *parse(struct bytes der)
{
    const unsigned char *at = der.at;
    X509 *x = der.len && der.len < INT32_MAX ? d2i_X509(NULL, &at, (long)der.len) : NULL;
    ERR_clear_error();
    return x;
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

struct scheme {
    const EVP_MD *hash; /* NULL: the scheme hashes by itself (EdDSA) */
    const EVP_MD *mask; /* PSS: the hash of its mask */
    int key_type;
    bool pss;
    int salt;
};

/* RFC 4055 section 2.2: MGF1 with the hash that its parameter names; with SHA-1 where nothing is said. */
static const EVP_MD *mask_hash(const X509_ALGOR *mask)
{
    X509_ALGOR *hash = mask ? ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(X509_ALGOR), mask->parameter) : NULL;
    const EVP_MD *md = !mask ? EVP_sha1() : hash ? EVP_get_digestbynid(OBJ_obj2nid(hash->algorithm)) : NULL;
    X509_ALGOR_free(hash);
    return md;
}

static bool pss_scheme(const X509_ALGOR *a, struct scheme *s)
{
    RSA_PSS_PARAMS *pss = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(RSA_PSS_PARAMS), a->parameter);
    if (!pss)
        return false;
    s->key_type = EVP_PKEY_RSA;
    s->pss = true;
    s->hash = EVP_get_digestbynid(pss->hashAlgorithm ? OBJ_obj2nid(pss->hashAlgorithm->algorithm) : NID_sha1);
    s->mask = mask_hash(pss->maskGenAlgorithm);
    s->salt = pss->saltLength ? (int)ASN1_INTEGER_get(pss->saltLength) : 20;
    RSA_PSS_PARAMS_free(pss);
    return s->hash && s->mask && s->salt >= 0;
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

/* A key of RSA may be kept for PSS alone (RFC 4055 section 1.2). */
static bool key_suits(EVP_PKEY *key, const struct scheme *s)
{
    const int type = EVP_PKEY_get_base_id(key);
    return type == s->key_type || (s->pss && type == EVP_PKEY_RSA_PSS);
}

static enum signature_verdict verify(EVP_PKEY *key, const struct scheme *s, struct bytes data, struct bytes signature)
{
    if (!key || !key_suits(key, s))
        return SIGNATURE_UNDECIDED;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *params = NULL;
    bool ready = ctx && EVP_DigestVerifyInit(ctx, &params, s->hash, NULL, key) > 0;
    if (ready && s->pss)
        ready = EVP_PKEY_CTX_set_rsa_padding(params, RSA_PKCS1_PSS_PADDING) > 0 &&
                EVP_PKEY_CTX_set_rsa_pss_saltlen(params, s->salt) > 0 && EVP_PKEY_CTX_set_rsa_mgf1_md(params, s->mask) > 0;
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
    if (sig && r && s && ECDSA_SIG_set0(sig, r, s)) {
        r = s = NULL; /* they are the signature's now */
        length = i2d_ECDSA_SIG(sig, der);
    }
    BN_free(r);
    BN_free(s);
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
    for (size_t i = 0; i < COUNT_OF(tried) && v != SIGNATURE_GOOD; i++) {
        struct scheme s = { .hash = crypto_hash(tried[i]), .key_type = EVP_PKEY_RSA };
        if (s.hash)
            v = verify(key, &s, data, signature);
    }
    return v;
}

/* The key of a certificate, or a bare one: RFC 7670's form, and the older one of RSA alone. */
static EVP_PKEY *key_of(struct bytes der)
{
    X509 *x = parse(der);
    if (x) {
        EVP_PKEY *certified = X509_get_pubkey(x);
        X509_free(x);
        return certified;
    }
    if (der.len == 0 || der.len > LONG_MAX)
        return NULL;
    const uint8_t *at = der.at;
    EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)der.len);
    at = der.at;
    return key ? key : d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, (long)der.len);
}

enum signature_verdict signature_verify(struct bytes certificate_der, enum signature_kind kind, enum hash_kind hash,
                                        struct bytes data, struct bytes signature)
{
    EVP_PKEY *key = key_of(certificate_der);
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
    EVP_PKEY_free(key);
    ERR_clear_error();
    return v;
}
