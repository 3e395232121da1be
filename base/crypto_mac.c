#include "base/crypto_parts.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

/* One keyed MAC. HMAC and CMAC keep the library's context, which takes its key once and is started anew for each message.
 * XCBC is RFC 3566 over AES-128-CBC. */
struct mac {
    enum mac_kind kind;
    EVP_MAC_CTX *ctx;
    EVP_CIPHER_CTX *cbc; /* AES-128 under K1 */
    uint8_t k2[16], k3[16];
};

static const struct {
    const char *digest;
    size_t length;
} kinds[] = {
    [MAC_HMAC_MD5] = { "MD5", 16 },
    [MAC_HMAC_SHA1] = { "SHA1", 20 },
    [MAC_HMAC_SHA2_256] = { "SHA2-256", 32 },
    [MAC_HMAC_SHA2_384] = { "SHA2-384", 48 },
    [MAC_HMAC_SHA2_512] = { "SHA2-512", 64 },
    [MAC_AES_XCBC] = { NULL, 16 },
    [MAC_AES_CMAC] = { NULL, 16 },
};

size_t mac_length(enum mac_kind kind)
{
    return (size_t)kind < COUNT_OF(kinds) ? kinds[kind].length : 0;
}

/* XCBC: K1, K2, K3 = E(K, 0x01…), E(K, 0x02…), E(K, 0x03…) */
static bool xcbc_keys(struct mac *m, struct bytes key)
{
    EVP_CIPHER *ecb = crypto_cipher("AES-128-ECB", false), *cbc = crypto_cipher("AES-128-CBC", false);
    EVP_CIPHER_CTX *ctx = ecb && cbc && key.len == 16 ? EVP_CIPHER_CTX_new() : NULL;
    uint8_t in[48], out[48];
    int n = 0;
    for (size_t i = 0; i < sizeof in; i++)
        in[i] = (uint8_t)(1 + i / 16);
    bool ok = ctx && EVP_EncryptInit_ex2(ctx, ecb, key.at, NULL, NULL) && EVP_CIPHER_CTX_set_padding(ctx, 0) &&
              EVP_EncryptUpdate(ctx, out, &n, in, sizeof in) && n == sizeof in;
    EVP_CIPHER_CTX_free(ctx);
    static const uint8_t zero[16];
    if (ok) {
        memcpy(m->k2, out + 16, 16);
        memcpy(m->k3, out + 32, 16);
        m->cbc = EVP_CIPHER_CTX_new();
        ok = m->cbc && EVP_EncryptInit_ex2(m->cbc, cbc, out, zero, NULL) && EVP_CIPHER_CTX_set_padding(m->cbc, 0);
    }
    crypto_wipe(out, sizeof out);
    return ok;
}

static bool library_mac(struct mac *m, struct bytes key)
{
    bool cmac = m->kind == MAC_AES_CMAC;
    EVP_MAC *mac = crypto_mac(cmac ? "CMAC" : "HMAC");
    if (!mac || (cmac && key.len != 16))
        return false;
    static char aes[] = "AES-128-CBC";
    OSSL_PARAM params[2] = { OSSL_PARAM_construct_end(), OSSL_PARAM_construct_end() };
    params[0] = cmac ? OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, aes, 0)
                     : OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)(uintptr_t)kinds[m->kind].digest, 0);
    m->ctx = EVP_MAC_CTX_new(mac);
    static const uint8_t none[1]; /* an empty key is a key: NULL would mean "the former one" */
    return m->ctx && EVP_MAC_init(m->ctx, key.len ? key.at : none, key.len, params);
}

struct mac *mac_create(enum mac_kind kind, struct bytes key)
{
    if (mac_length(kind) == 0)
        return NULL;
    struct mac *m = memory_take(sizeof *m);
    m->kind = kind;
    if (kind == MAC_AES_XCBC ? !xcbc_keys(m, key) : !library_mac(m, key)) {
        mac_destroy(m);
        return NULL;
    }
    return m;
}

void mac_destroy(struct mac *m)
{
    if (!m)
        return;
    EVP_MAC_CTX_free(m->ctx);
    EVP_CIPHER_CTX_free(m->cbc);
    crypto_wipe(m, sizeof *m);
    memory_free(m);
}

static bool xcbc_blocks(struct mac *m, const uint8_t *at, size_t len, uint8_t last[static 16])
{
    uint8_t out[512];
    while (len) {
        int step = (int)(len < sizeof out ? len : sizeof out), n = 0;
        if (!EVP_EncryptUpdate(m->cbc, out, &n, at, step) || n != step)
            return false;
        memcpy(last, out + n - 16, 16);
        at += step;
        len -= (size_t)step;
    }
    return true;
}

/* RFC 3566 section 4: E[n] = E(K1, M[n] ^ E[n-1] ^ K2) for a whole last block, with 10* padding and K3 otherwise. */
static size_t xcbc_of(struct mac *m, const struct bytes *parts, size_t count, uint8_t *out)
{
    static const uint8_t zero[16];
    uint8_t held[16], e[16] = { 0 };
    size_t have = 0;
    if (!EVP_EncryptInit_ex2(m->cbc, NULL, NULL, zero, NULL))
        return 0;
    for (size_t i = 0; i < count; i++) {
        struct cursor c = cursor_over(parts[i]);
        while (!cursor_empty(&c)) {
            if (have == 16) { /* more follows, so this was not the last block */
                if (!xcbc_blocks(m, held, 16, e))
                    return 0;
                have = 0;
                size_t whole = (c.left.len - 1) / 16 * 16;
                if (!xcbc_blocks(m, cursor_take(&c, whole).at, whole, e))
                    return 0;
            }
            size_t take = 16 - have < c.left.len ? 16 - have : c.left.len;
            memcpy(held + have, cursor_take(&c, take).at, take);
            have += take;
        }
    }
    const uint8_t *key = m->k2;
    if (have < 16) {
        memset(held + have, 0, 16 - have);
        held[have] = 0x80;
        key = m->k3;
    }
    for (size_t i = 0; i < 16; i++)
        held[i] ^= key[i]; /* CBC itself adds E[n-1] */
    if (!xcbc_blocks(m, held, 16, e))
        return 0;
    memcpy(out, e, 16);
    return 16;
}

size_t mac_of(struct mac *m, const struct bytes *parts, size_t count, uint8_t out[static CRYPTO_DIGEST])
{
    if (m->kind == MAC_AES_XCBC)
        return xcbc_of(m, parts, count, out);
    size_t length = 0;
    if (!EVP_MAC_init(m->ctx, NULL, 0, NULL))
        return 0;
    for (size_t i = 0; i < count; i++)
        if (parts[i].len && !EVP_MAC_update(m->ctx, parts[i].at, parts[i].len))
            return 0;
    return EVP_MAC_final(m->ctx, out, &length, CRYPTO_DIGEST) ? length : 0;
}
