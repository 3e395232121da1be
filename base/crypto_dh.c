/* Shared secrets from one side's private key: the groups of the IANA registry of key exchange methods. */
#include "base/crypto_parts.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>

enum family { FAMILY_MODP, FAMILY_ECP, FAMILY_RFC7748, FAMILY_KEM };

/* columns: number of the registry, family, octets of the shared secret, curve or key type, prime */
static const struct group {
    uint16_t number;
    uint8_t family;
    uint16_t octets;
    int nid;
    BIGNUM *(*prime)(BIGNUM *);
    const char *name; /* where the library has the prime only by name */
} groups[] = {
    { 1, FAMILY_MODP, 96, 0, BN_get_rfc2409_prime_768, NULL },
    { 2, FAMILY_MODP, 128, 0, BN_get_rfc2409_prime_1024, NULL },
    { 5, FAMILY_MODP, 192, 0, BN_get_rfc3526_prime_1536, NULL },
    { 14, FAMILY_MODP, 256, 0, BN_get_rfc3526_prime_2048, NULL },
    { 15, FAMILY_MODP, 384, 0, BN_get_rfc3526_prime_3072, NULL },
    { 16, FAMILY_MODP, 512, 0, BN_get_rfc3526_prime_4096, NULL },
    { 17, FAMILY_MODP, 768, 0, BN_get_rfc3526_prime_6144, NULL },
    { 18, FAMILY_MODP, 1024, 0, BN_get_rfc3526_prime_8192, NULL },
    { 19, FAMILY_ECP, 32, NID_X9_62_prime256v1, NULL, NULL },
    { 20, FAMILY_ECP, 48, NID_secp384r1, NULL, NULL },
    { 21, FAMILY_ECP, 66, NID_secp521r1, NULL, NULL },
    { 22, FAMILY_MODP, 128, 0, NULL, "dh_1024_160" },
    { 23, FAMILY_MODP, 256, 0, NULL, "dh_2048_224" },
    { 24, FAMILY_MODP, 256, 0, NULL, "dh_2048_256" },
    { 25, FAMILY_ECP, 24, NID_X9_62_prime192v1, NULL, NULL },
    { 26, FAMILY_ECP, 28, NID_secp224r1, NULL, NULL },
    { 27, FAMILY_ECP, 28, NID_brainpoolP224r1, NULL, NULL },
    { 28, FAMILY_ECP, 32, NID_brainpoolP256r1, NULL, NULL },
    { 29, FAMILY_ECP, 48, NID_brainpoolP384r1, NULL, NULL },
    { 30, FAMILY_ECP, 64, NID_brainpoolP512r1, NULL, NULL },
    { 31, FAMILY_RFC7748, 32, EVP_PKEY_X25519, NULL, NULL },
    { 32, FAMILY_RFC7748, 56, EVP_PKEY_X448, NULL, NULL },
    { 35, FAMILY_KEM, 32, 0, NULL, NULL }, /* ML-KEM: the shared secret alone helps, the library has no ML-KEM */
    { 36, FAMILY_KEM, 32, 0, NULL, NULL },
    { 37, FAMILY_KEM, 32, 0, NULL, NULL },
};

static const struct group *group_of(unsigned number)
{
    for (size_t i = 0; i < COUNT_OF(groups); i++)
        if (groups[i].number == number)
            return &groups[i];
    return NULL;
}

size_t dh_secret_length(unsigned group)
{
    const struct group *g = group_of(group);
    return g ? g->octets : 0;
}

static BIGNUM *named_prime(const char *name)
{
    BIGNUM *p = NULL;
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DHX", NULL);
    OSSL_PARAM params[2] = { OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)(uintptr_t)name, 0),
                             OSSL_PARAM_construct_end() };
    if (ctx && EVP_PKEY_fromdata_init(ctx) > 0 && EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEY_PARAMETERS, params) > 0 &&
        !EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_FFC_P, &p))
        p = NULL;
    EVP_PKEY_free(key);
    EVP_PKEY_CTX_free(ctx);
    return p;
}

/* g^ir = (g^r)^i mod p, padded to the length of p (RFC 7296 section 2.14) */
static size_t modp(const struct group *g, struct bytes priv, struct bytes peer, uint8_t *out)
{
    size_t length = 0;
    if (peer.len != g->octets) /* RFC 7296 section 3.4: as long as the prime, zeros in front */
        return 0;
    BN_CTX *ctx = BN_CTX_secure_new();
    BIGNUM *p = g->prime ? g->prime(NULL) : named_prime(g->name);
    BIGNUM *x = BN_bin2bn(priv.at, (int)priv.len, NULL), *y = BN_bin2bn(peer.at, (int)peer.len, NULL), *s = BN_new();
    if (ctx && p && x && y && s && !BN_is_zero(x) && !BN_is_zero(y) && !BN_is_one(y) && BN_cmp(y, p) < 0) {
        BN_set_flags(x, BN_FLG_CONSTTIME);
        if (BN_mod_exp(s, y, x, p, ctx) && BN_bn2binpad(s, out, g->octets) == g->octets)
            length = g->octets;
    }
    BN_free(p);
    BN_clear_free(x);
    BN_free(y);
    BN_clear_free(s);
    BN_CTX_free(ctx);
    return length;
}

/* The shared secret is the x coordinate of the product (RFC 5903 section 7). The peer's value is x | y. */
static size_t ecp(const struct group *g, struct bytes priv, struct bytes peer, uint8_t *out)
{
    size_t length = 0, side = g->octets;
    if (peer.len != 2 * side)
        return 0;
    BN_CTX *ctx = BN_CTX_secure_new();
    EC_GROUP *group = EC_GROUP_new_by_curve_name(g->nid);
    EC_POINT *q = group ? EC_POINT_new(group) : NULL, *product = group ? EC_POINT_new(group) : NULL;
    BIGNUM *d = BN_bin2bn(priv.at, (int)priv.len, NULL), *x = BN_bin2bn(peer.at, (int)side, NULL),
           *y = BN_bin2bn(peer.at + side, (int)side, NULL);
    if (ctx && q && product && d && x && y && EC_POINT_set_affine_coordinates(group, q, x, y, ctx) && /* on the curve */
        EC_POINT_mul(group, product, NULL, q, d, ctx) && EC_POINT_get_affine_coordinates(group, product, x, NULL, ctx) &&
        BN_bn2binpad(x, out, (int)side) == (int)side)
        length = side;
    BN_clear_free(d);
    BN_clear_free(x);
    BN_free(y);
    EC_POINT_free(q);
    EC_POINT_clear_free(product);
    EC_GROUP_free(group);
    BN_CTX_free(ctx);
    return length;
}

static size_t rfc7748(const struct group *g, struct bytes priv, struct bytes peer, uint8_t *out)
{
    size_t length = g->octets;
    EVP_PKEY *mine = EVP_PKEY_new_raw_private_key(g->nid, NULL, priv.at, priv.len);
    EVP_PKEY *theirs = EVP_PKEY_new_raw_public_key(g->nid, NULL, peer.at, peer.len);
    EVP_PKEY_CTX *ctx = mine ? EVP_PKEY_CTX_new(mine, NULL) : NULL;
    bool ok = ctx && theirs && EVP_PKEY_derive_init(ctx) > 0 && EVP_PKEY_derive_set_peer(ctx, theirs) > 0 &&
              EVP_PKEY_derive(ctx, out, &length) > 0;
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(mine);
    EVP_PKEY_free(theirs);
    return ok ? length : 0;
}

size_t dh_shared(unsigned group, struct bytes private_key, struct bytes peer, uint8_t out[static CRYPTO_SHARED])
{
    const struct group *g = group_of(group);
    if (!g || private_key.len == 0 || peer.len == 0 || private_key.len > CRYPTO_SHARED || peer.len > CRYPTO_SHARED)
        return 0;
    switch (g->family) {
    case FAMILY_MODP:
        return modp(g, private_key, peer, out);
    case FAMILY_ECP:
        return ecp(g, private_key, peer, out);
    case FAMILY_RFC7748:
        return rfc7748(g, private_key, peer, out);
    default:
        return 0;
    }
}
