#include "base/crypto_parts.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

/* One keyed cipher. CCM over a block cipher that the library has no CCM for (Camellia) is CBC-MAC and CTR, RFC 3610. */
struct cipher {
    enum cipher_kind kind;
    size_t tag, block;
    bool encrypt;
    bool quick; /* GCM: nonce and tag can be set in one step */
    EVP_CIPHER_CTX *ctx;
    EVP_CIPHER_CTX *cbc; /* composed CCM: the CBC-MAC; ctx is the counter mode */
};

/* columns: name (with %zu: key bits), of the legacy provider, authenticates, octets of a block, least and most octets of a key */
static const struct {
    const char *name;
    bool legacy, aead;
    uint8_t block;
    uint8_t least, most; /* key octets */
} kinds[CIPHER_KIND_COUNT] = {
    [CIPHER_DES_CBC] = { "DES-CBC", true, false, 8, 8, 8 },
    [CIPHER_3DES_CBC] = { "DES-EDE3-CBC", false, false, 8, 24, 24 },
    [CIPHER_CAST_CBC] = { "CAST5-CBC", true, false, 8, 5, 16 },
    [CIPHER_BLOWFISH_CBC] = { "BF-CBC", true, false, 8, 5, 56 },
    [CIPHER_AES_CBC] = { "AES-%zu-CBC", false, false, 16, 16, 32 },
    [CIPHER_AES_CTR] = { "AES-%zu-CTR", false, false, 16, 16, 32 },
    [CIPHER_CAMELLIA_CBC] = { "CAMELLIA-%zu-CBC", false, false, 16, 16, 32 },
    [CIPHER_CAMELLIA_CTR] = { "CAMELLIA-%zu-CTR", false, false, 16, 16, 32 },
    [CIPHER_AES_GCM] = { "AES-%zu-GCM", false, true, 16, 16, 32 },
    [CIPHER_AES_CCM] = { "AES-%zu-CCM", false, true, 16, 16, 32 },
    [CIPHER_CAMELLIA_CCM] = { "CAMELLIA-%zu-CTR", false, true, 16, 16, 32 },
    [CIPHER_CHACHA20_POLY1305] = { "ChaCha20-Poly1305", false, true, 1, 32, 32 },
};

static bool key_fits(enum cipher_kind kind, size_t length)
{
    bool stepped = strchr(kinds[kind].name, '%') != NULL; /* 16, 24 or 32 octets */
    return length >= kinds[kind].least && length <= kinds[kind].most && (!stepped || length % 8 == 0);
}

static EVP_CIPHER *fetch(enum cipher_kind kind, size_t key_octets)
{
    char name[24];
    const char *pattern = kinds[kind].name, *place = strchr(pattern, '%');
    if (!place)
        snprintf(name, sizeof name, "%s", pattern);
    else
        snprintf(name, sizeof name, "%.*s%zu%s", (int)(place - pattern), pattern, key_octets * 8, place + 3);
    return crypto_cipher(name, kinds[kind].legacy);
}

/* Padding is turned off in the provider alone: EVP_CIPHER_CTX_set_padding() would be repeated by every later IV. */
static bool no_padding(EVP_CIPHER_CTX *ctx)
{
    unsigned off = 0;
    OSSL_PARAM params[2] = { OSSL_PARAM_construct_uint(OSSL_CIPHER_PARAM_PADDING, &off), OSSL_PARAM_construct_end() };
    return EVP_CIPHER_CTX_set_params(ctx, params) > 0;
}

static bool set_key(EVP_CIPHER_CTX *ctx, EVP_CIPHER *cipher, struct bytes key, bool encrypt)
{
    return ctx && cipher && EVP_CipherInit_ex2(ctx, cipher, NULL, NULL, encrypt, NULL) &&
           ((size_t)EVP_CIPHER_get_key_length(cipher) == key.len || EVP_CIPHER_CTX_set_key_length(ctx, (int)key.len) > 0) &&
           EVP_CipherInit_ex2(ctx, NULL, key.at, NULL, encrypt, NULL) &&
           (EVP_CIPHER_get_mode(cipher) != EVP_CIPH_CBC_MODE || no_padding(ctx));
}

/* A GCM nonce may be set as TLS sets it, as the part that changes of one that was given before: EVP_CipherInit_ex2() asks
 * the cipher for lengths each time, which takes as long as 300 octets. */
static bool can_be_quick(const struct cipher *c)
{
    uint8_t fixed[4] = { 0 };
    OSSL_PARAM params[2] = { OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TLS1_IV_FIXED, fixed, sizeof fixed),
                             OSSL_PARAM_construct_end() };
    return c->kind == CIPHER_AES_GCM && !c->encrypt && EVP_CIPHER_CTX_set_params(c->ctx, params) > 0;
}

static bool quick_nonce(struct cipher *c, struct bytes nonce, uint8_t *tag)
{
    OSSL_PARAM params[3] = { OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag, c->tag),
                             OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TLS1_SET_IV_INV,
                                                               (void *)(uintptr_t)nonce.at, nonce.len),
                             OSSL_PARAM_construct_end() };
    return EVP_CIPHER_CTX_set_params(c->ctx, params) > 0;
}

static bool prepare(struct cipher *c, struct bytes key)
{
    c->ctx = EVP_CIPHER_CTX_new();
    EVP_CIPHER *cipher = fetch(c->kind, key.len);
    if (c->kind == CIPHER_CAMELLIA_CCM) {
        c->cbc = EVP_CIPHER_CTX_new();
        return set_key(c->ctx, cipher, key, true) && set_key(c->cbc, fetch(CIPHER_CAMELLIA_CBC, key.len), key, true);
    }
    if (c->kind != CIPHER_AES_CCM) {
        bool set = set_key(c->ctx, cipher, key, c->encrypt);
        c->quick = set && can_be_quick(c);
        return set;
    }
    /* CCM's lengths must be known before its key: a nonce of 11 octets makes the length field 4 octets (RFC 4309). */
    return c->ctx && cipher && EVP_CipherInit_ex2(c->ctx, cipher, NULL, NULL, c->encrypt, NULL) &&
           EVP_CIPHER_CTX_ctrl(c->ctx, EVP_CTRL_AEAD_SET_IVLEN, 11, NULL) > 0 &&
           EVP_CIPHER_CTX_ctrl(c->ctx, EVP_CTRL_AEAD_SET_TAG, (int)c->tag, NULL) > 0 &&
           EVP_CipherInit_ex2(c->ctx, NULL, key.at, NULL, c->encrypt, NULL);
}

struct cipher *cipher_create(enum cipher_kind kind, struct bytes key, size_t tag, bool encrypt)
{
    if (kind <= CIPHER_UNKNOWN || kind >= CIPHER_KIND_COUNT || !key_fits(kind, key.len) || tag > 16 ||
        (tag != 0) != kinds[kind].aead)
        return NULL;
    struct cipher *c = memory_take(sizeof *c);
    *c = (struct cipher){ .kind = kind, .tag = tag, .block = kinds[kind].block, .encrypt = encrypt };
    if (!prepare(c, key)) {
        cipher_destroy(c);
        return NULL;
    }
    return c;
}

void cipher_destroy(struct cipher *c)
{
    if (!c)
        return;
    EVP_CIPHER_CTX_free(c->ctx);
    EVP_CIPHER_CTX_free(c->cbc);
    memory_free(c);
}

bool cipher_run(struct cipher *c, const uint8_t *iv, struct bytes in, uint8_t *out)
{
    bool counter = c->kind == CIPHER_AES_CTR || c->kind == CIPHER_CAMELLIA_CTR;
    int n = 0;
    if (kinds[c->kind].aead || in.len > INT32_MAX || (!counter && in.len % c->block))
        return false;
    return EVP_CipherInit_ex2(c->ctx, NULL, NULL, iv, -1, NULL) &&
           (in.len == 0 || EVP_CipherUpdate(c->ctx, out, &n, in.at, (int)in.len)) && (size_t)n == in.len;
}

static bool ccm_mac(struct cipher *c, const uint8_t *at, size_t len, uint8_t mac[static 16])
{
    uint8_t block[16], out[16];
    int n = 0;
    while (len) {
        size_t take = len < 16 ? len : 16;
        memset(block, 0, sizeof block);
        memcpy(block, at, take);
        if (!EVP_EncryptUpdate(c->cbc, out, &n, block, 16) || n != 16)
            return false;
        memcpy(mac, out, 16);
        at += take;
        len -= take;
    }
    return true;
}

/* RFC 3610 with L = 15 - length of the nonce: B_0 | l(a) | a | m through CBC-MAC; A_i enciphers m, A_0 the tag. */
static bool ccm(struct cipher *c, struct bytes nonce, struct bytes aad, struct bytes plain, uint8_t tag[static 16])
{
    uint8_t b0[16] = { 0 }, a0[16] = { 0 }, mac[16], head[16] = { 0 };
    size_t length = plain.len;
    static const uint8_t zero[16];
    if (nonce.len < 7 || nonce.len > 13 || aad.len > 0xfeff)
        return false;
    b0[0] = (uint8_t)((aad.len ? 0x40 : 0) | (c->tag - 2) / 2 << 3 | (14 - nonce.len));
    a0[0] = (uint8_t)(14 - nonce.len);
    memcpy(b0 + 1, nonce.at, nonce.len);
    memcpy(a0 + 1, nonce.at, nonce.len);
    for (size_t i = 15; i > nonce.len; i--, length >>= 8)
        b0[i] = (uint8_t)length;
    if (length || !EVP_CipherInit_ex2(c->cbc, NULL, NULL, zero, 1, NULL) || !ccm_mac(c, b0, 16, mac))
        return false;
    if (aad.len) {
        size_t first = aad.len < 14 ? aad.len : 14;
        head[0] = (uint8_t)(aad.len >> 8);
        head[1] = (uint8_t)aad.len;
        memcpy(head + 2, aad.at, first);
        if (!ccm_mac(c, head, 16, mac) || !ccm_mac(c, aad.at + first, aad.len - first, mac))
            return false;
    }
    int n = 0;
    return ccm_mac(c, plain.at, plain.len, mac) && EVP_CipherInit_ex2(c->ctx, NULL, NULL, a0, 1, NULL) &&
           EVP_CipherUpdate(c->ctx, tag, &n, mac, 16) && n == 16; /* ctx now stands at A_1 */
}

static bool ccm_crypt(struct cipher *c, struct bytes nonce, struct bytes in, uint8_t *out)
{
    uint8_t a1[16] = { 0 };
    int n = 0;
    if (nonce.len < 7 || nonce.len > 13 || in.len > INT32_MAX)
        return false;
    a1[0] = (uint8_t)(14 - nonce.len);
    memcpy(a1 + 1, nonce.at, nonce.len);
    a1[15] = 1;
    return EVP_CipherInit_ex2(c->ctx, NULL, NULL, a1, 1, NULL) &&
           (in.len == 0 || EVP_CipherUpdate(c->ctx, out, &n, in.at, (int)in.len));
}

static bool library_aead(struct cipher *c, struct bytes nonce, const struct bytes *aad, size_t aad_count, struct bytes in,
                         uint8_t *tag, uint8_t *out)
{
    int n = 0;
    bool is_ccm = c->kind == CIPHER_AES_CCM;
    if (in.len > INT32_MAX || (is_ccm && (aad_count > 1 || nonce.len != 11)) || (!is_ccm && nonce.len != 12))
        return false;
    if (is_ccm && !c->encrypt && EVP_CIPHER_CTX_ctrl(c->ctx, EVP_CTRL_AEAD_SET_TAG, (int)c->tag, tag) <= 0)
        return false;
    if (!(c->quick ? quick_nonce(c, nonce, tag) : EVP_CipherInit_ex2(c->ctx, NULL, NULL, nonce.at, -1, NULL)) ||
        (is_ccm && !EVP_CipherUpdate(c->ctx, NULL, &n, NULL, (int)in.len)))
        return false;
    for (size_t i = 0; i < aad_count; i++)
        if (aad[i].len && !EVP_CipherUpdate(c->ctx, NULL, &n, aad[i].at, (int)aad[i].len))
            return false;
    static const uint8_t none[1]; /* CCM checks its tag in this step, also of an empty message */
    if (in.len || is_ccm) {
        uint8_t spare[16] = { 0 };
        if (!EVP_CipherUpdate(c->ctx, in.len ? out : spare, &n, in.len ? in.at : none, (int)in.len))
            return false;
    }
    if (!is_ccm && !c->quick && !c->encrypt && EVP_CIPHER_CTX_ctrl(c->ctx, EVP_CTRL_AEAD_SET_TAG, (int)c->tag, tag) <= 0)
        return false;
    uint8_t rest[16];
    if (!(is_ccm && !c->encrypt) && EVP_CipherFinal_ex(c->ctx, rest, &n) <= 0)
        return false;
    return !c->encrypt || EVP_CIPHER_CTX_ctrl(c->ctx, EVP_CTRL_AEAD_GET_TAG, (int)c->tag, tag) > 0;
}

bool cipher_open(struct cipher *c, struct bytes nonce, const struct bytes *aad, size_t aad_count, struct bytes in,
                 const uint8_t *tag, uint8_t *out)
{
    uint8_t wanted[16], made[16];
    if (!kinds[c->kind].aead || c->encrypt)
        return false;
    memcpy(wanted, tag, c->tag);
    if (c->kind != CIPHER_CAMELLIA_CCM)
        return library_aead(c, nonce, aad, aad_count, in, wanted, out);
    return aad_count == 1 && ccm_crypt(c, nonce, in, out) && ccm(c, nonce, aad[0], bytes_over(out, in.len), made) &&
           crypto_equal(made, wanted, c->tag);
}

bool cipher_seal(struct cipher *c, struct bytes nonce, const struct bytes *aad, size_t aad_count, struct bytes in, uint8_t *tag,
                 uint8_t *out)
{
    uint8_t made[16];
    if (!kinds[c->kind].aead || !c->encrypt)
        return false;
    if (c->kind != CIPHER_CAMELLIA_CCM)
        return library_aead(c, nonce, aad, aad_count, in, tag, out);
    if (aad_count != 1 || !ccm(c, nonce, aad[0], in, made) || !ccm_crypt(c, nonce, in, out))
        return false;
    memcpy(tag, made, c->tag);
    return true;
}
