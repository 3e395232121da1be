#include "decoder/ciphers.h"

#include "base/arena.h"

#define REFUSED_ALGORITHM "OpenSSL does not have it"
#define REFUSED_MODE      "not a packet cipher"

/* id, cipher, IV, salt, tag, block, key bits, implicit IV, counter mode, GMAC, refused */
static const struct encryption encryptions[] = {
    { ENCR_DES, CIPHER_DES_CBC, 8, 0, 0, 8, 64, 0, 0, 0, NULL },
    { ENCR_3DES, CIPHER_3DES_CBC, 8, 0, 0, 8, 192, 0, 0, 0, NULL },
    { ENCR_RC5, CIPHER_UNKNOWN, 8, 0, 0, 8, 128, 0, 0, 0, REFUSED_ALGORITHM },
    { ENCR_IDEA, CIPHER_UNKNOWN, 8, 0, 0, 8, 128, 0, 0, 0, REFUSED_ALGORITHM },
    { ENCR_CAST, CIPHER_CAST_CBC, 8, 0, 0, 8, 128, 0, 0, 0, NULL },
    { ENCR_BLOWFISH, CIPHER_BLOWFISH_CBC, 8, 0, 0, 8, 128, 0, 0, 0, NULL },
    { ENCR_3IDEA, CIPHER_UNKNOWN, 8, 0, 0, 8, 384, 0, 0, 0, REFUSED_ALGORITHM },
    { ENCR_DES_IV64, CIPHER_UNKNOWN, 8, 0, 0, 8, 64, 0, 0, 0, "of RFC 1827, never used with IKEv2" },
    { ENCR_DES_IV32, CIPHER_UNKNOWN, 4, 0, 0, 8, 64, 0, 0, 0, "of RFC 1827, never used with IKEv2" },
    { ENCR_NULL, CIPHER_UNKNOWN, 0, 0, 0, 1, 0, 0, 0, 0, NULL },
    { ENCR_AES_CBC, CIPHER_AES_CBC, 16, 0, 0, 16, 128, 0, 0, 0, NULL },
    { ENCR_AES_CTR, CIPHER_AES_CTR, 8, 4, 0, 1, 128, 0, 1, 0, NULL },
    { ENCR_AES_CCM_8, CIPHER_AES_CCM, 8, 3, 8, 1, 128, 0, 0, 0, NULL },
    { ENCR_AES_CCM_12, CIPHER_AES_CCM, 8, 3, 12, 1, 128, 0, 0, 0, NULL },
    { ENCR_AES_CCM_16, CIPHER_AES_CCM, 8, 3, 16, 1, 128, 0, 0, 0, NULL },
    { ENCR_AES_GCM_8, CIPHER_AES_GCM, 8, 4, 8, 1, 128, 0, 0, 0, NULL },
    { ENCR_AES_GCM_12, CIPHER_AES_GCM, 8, 4, 12, 1, 128, 0, 0, 0, NULL },
    { ENCR_AES_GCM_16, CIPHER_AES_GCM, 8, 4, 16, 1, 128, 0, 0, 0, NULL },
    { ENCR_NULL_AUTH_AES_GMAC, CIPHER_AES_GCM, 8, 4, 16, 1, 128, 0, 0, 1, NULL },
    { ENCR_XTS_AES, CIPHER_UNKNOWN, 0, 0, 0, 16, 256, 0, 0, 0, REFUSED_MODE },
    { ENCR_CAMELLIA_CBC, CIPHER_CAMELLIA_CBC, 16, 0, 0, 16, 128, 0, 0, 0, NULL },
    { ENCR_CAMELLIA_CTR, CIPHER_CAMELLIA_CTR, 8, 4, 0, 1, 128, 0, 1, 0, NULL },
    { ENCR_CAMELLIA_CCM_8, CIPHER_CAMELLIA_CCM, 8, 3, 8, 1, 128, 0, 0, 0, NULL },
    { ENCR_CAMELLIA_CCM_12, CIPHER_CAMELLIA_CCM, 8, 3, 12, 1, 128, 0, 0, 0, NULL },
    { ENCR_CAMELLIA_CCM_16, CIPHER_CAMELLIA_CCM, 8, 3, 16, 1, 128, 0, 0, 0, NULL },
    { ENCR_CHACHA20_POLY1305, CIPHER_CHACHA20_POLY1305, 8, 4, 16, 1, 256, 0, 0, 0, NULL },
    { ENCR_AES_CCM_8_IIV, CIPHER_AES_CCM, 0, 3, 8, 1, 128, 1, 0, 0, NULL },
    { ENCR_AES_GCM_16_IIV, CIPHER_AES_GCM, 0, 4, 16, 1, 128, 1, 0, 0, NULL },
    { ENCR_CHACHA20_POLY1305_IIV, CIPHER_CHACHA20_POLY1305, 0, 4, 16, 1, 256, 1, 0, 0, NULL },
    { ENCR_KUZNYECHIK_MGM_KTREE, CIPHER_UNKNOWN, 8, 12, 12, 1, 256, 0, 0, 0, REFUSED_ALGORITHM },
    { ENCR_MAGMA_MGM_KTREE, CIPHER_UNKNOWN, 8, 4, 8, 1, 256, 0, 0, 0, REFUSED_ALGORITHM },
    { ENCR_KUZNYECHIK_MGM_MAC_KTREE, CIPHER_UNKNOWN, 8, 12, 12, 1, 256, 0, 0, 0, REFUSED_ALGORITHM },
    { ENCR_MAGMA_MGM_MAC_KTREE, CIPHER_UNKNOWN, 8, 4, 8, 1, 256, 0, 0, 0, REFUSED_ALGORITHM },
};

/* id, MAC, key octets, ICV octets, refused */
static const struct integrity integrities[] = {
    { INTEG_NONE, MAC_UNKNOWN, 0, 0, NULL },
    { INTEG_HMAC_MD5_96, MAC_HMAC_MD5, 16, 12, NULL },
    { INTEG_HMAC_SHA1_96, MAC_HMAC_SHA1, 20, 12, NULL },
    { INTEG_DES_MAC, MAC_UNKNOWN, 8, 8, "never specified for IKEv2" },
    { INTEG_KPDK_MD5, MAC_UNKNOWN, 16, 16, "never specified for IKEv2" },
    { INTEG_AES_XCBC_96, MAC_AES_XCBC, 16, 12, NULL },
    { INTEG_HMAC_MD5_128, MAC_HMAC_MD5, 16, 16, NULL },
    { INTEG_HMAC_SHA1_160, MAC_HMAC_SHA1, 20, 20, NULL },
    { INTEG_AES_CMAC_96, MAC_AES_CMAC, 16, 12, NULL },
    { INTEG_AES_128_GMAC, MAC_UNKNOWN, 20, 24, NULL },
    { INTEG_AES_192_GMAC, MAC_UNKNOWN, 28, 24, NULL },
    { INTEG_AES_256_GMAC, MAC_UNKNOWN, 36, 24, NULL },
    { INTEG_HMAC_SHA2_256_128, MAC_HMAC_SHA2_256, 32, 16, NULL },
    { INTEG_HMAC_SHA2_384_192, MAC_HMAC_SHA2_384, 48, 24, NULL },
    { INTEG_HMAC_SHA2_512_256, MAC_HMAC_SHA2_512, 64, 32, NULL },
};

/* id, MAC, preferred key, output, fixed key, refused */
static const struct prf prfs[] = {
    { PRF_HMAC_MD5, MAC_HMAC_MD5, 16, 16, false, NULL },
    { PRF_HMAC_SHA1, MAC_HMAC_SHA1, 20, 20, false, NULL },
    { PRF_HMAC_TIGER, MAC_UNKNOWN, 24, 24, false, REFUSED_ALGORITHM },
    { PRF_AES128_XCBC, MAC_AES_XCBC, 16, 16, true, NULL },
    { PRF_HMAC_SHA2_256, MAC_HMAC_SHA2_256, 32, 32, false, NULL },
    { PRF_HMAC_SHA2_384, MAC_HMAC_SHA2_384, 48, 48, false, NULL },
    { PRF_HMAC_SHA2_512, MAC_HMAC_SHA2_512, 64, 64, false, NULL },
    { PRF_AES128_CMAC, MAC_AES_CMAC, 16, 16, true, NULL },
    { PRF_HMAC_STREEBOG_512, MAC_UNKNOWN, 64, 64, false, REFUSED_ALGORITHM },
};

#define FIND(table, wanted)                                                                                                      \
    for (size_t i = 0; i < COUNT_OF(table); i++)                                                                                 \
        if ((table)[i].id == (wanted))                                                                                           \
            return &(table)[i];                                                                                                  \
    return NULL

const struct encryption *encryption_find(unsigned id)
{
    FIND(encryptions, id);
}
const struct integrity *integrity_find(unsigned id)
{
    FIND(integrities, id);
}
const struct prf *prf_find(unsigned id)
{
    FIND(prfs, id);
}

const struct encryption *encryption_rows(size_t *count)
{
    *count = COUNT_OF(encryptions);
    return encryptions;
}
const struct integrity *integrity_rows(size_t *count)
{
    *count = COUNT_OF(integrities);
    return integrities;
}
const struct prf *prf_rows(size_t *count)
{
    *count = COUNT_OF(prfs);
    return prfs;
}

size_t encryption_key_octets(const struct encryption *e, unsigned key_bits)
{
    /* Fixed-length ciphers carry no key length attribute; one that is given nevertheless does not count (3DES "168"). */
    bool fixed = e->cipher == CIPHER_DES_CBC || e->cipher == CIPHER_3DES_CBC || e->cipher == CIPHER_CHACHA20_POLY1305;
    return (fixed || !key_bits ? e->key_bits : key_bits) / 8u + e->salt;
}

/* ---- Openers ---- */

struct opener {
    const struct encryption *encr;
    struct cipher *cipher; /* NULL: ENCR_NULL */
    struct mac *mac;       /* NULL: AEAD, none or unchecked */
    size_t icv;
    uint8_t nonce[16]; /* salt at its start, or 0 */
};

static bool give_up(struct opener *o, const char **why, const char *reason)
{
    opener_destroy(o);
    *why = reason;
    return false;
}

static bool open_integrity(struct opener *o, const struct suite *s, struct bytes key, const char **why)
{
    if (s->unchecked) {
        o->icv = s->icv_bits / 8u;
        return true;
    }
    if (!s->integ || s->integ->id == INTEG_NONE)
        return true;
    if (s->integ->refused || s->integ->mac == MAC_UNKNOWN)
        return give_up(o, why, s->integ->refused ? s->integ->refused : "AES-GMAC as integrity algorithm belongs to AH");
    if (key.len == 0)
        return give_up(o, why, "no integrity key");
    o->mac = mac_create(s->integ->mac, key);
    o->icv = s->icv_bits ? s->icv_bits / 8u : s->integ->icv;
    if (!o->mac || o->icv > mac_length(s->integ->mac))
        return give_up(o, why, "the integrity key's length does not fit its algorithm");
    return true;
}

struct opener *opener_create(const struct suite *s, struct bytes encr_key, struct bytes integ_key, const char **why)
{
    const struct encryption *e = s->encr;
    *why = NULL;
    if (!e || e->refused) {
        *why = e ? e->refused : "unknown encryption algorithm";
        return NULL;
    }
    struct opener *o = memory_take(sizeof *o);
    o->encr = e;
    if (e->cipher != CIPHER_UNKNOWN) {
        if (encr_key.len <= e->salt)
            return give_up(o, why, "no encryption key"), NULL;
        struct bytes key = { encr_key.at, encr_key.len - e->salt };
        o->cipher = cipher_create(e->cipher, key, e->tag, false);
        if (!o->cipher)
            return give_up(o, why, "the encryption key's length does not fit its algorithm"), NULL;
        memcpy(o->nonce, encr_key.at + key.len, e->salt);
        if (e->counter)
            o->nonce[15] = 1;
    }
    o->icv = e->tag;
    if (!e->tag && !open_integrity(o, s, integ_key, why))
        return NULL;
    return o;
}

void opener_destroy(struct opener *o)
{
    if (!o)
        return;
    cipher_destroy(o->cipher);
    mac_destroy(o->mac);
    crypto_wipe(o, sizeof *o);
    memory_free(o);
}

size_t opener_icv(const struct opener *o)
{
    return o->icv;
}

bool opener_ciphers(const struct opener *o)
{
    return o->cipher != NULL;
}
bool opener_verifies(const struct opener *o)
{
    return o->mac || o->encr->tag;
}

bool opener_aead(const struct opener *o)
{
    return o->encr->tag != 0;
}

static enum opened open_aead(struct opener *o, const struct box *b, struct bytes text, uint8_t *out, size_t *len)
{
    const struct encryption *e = o->encr;
    const uint8_t *icv = text.at + text.len;
    if (e->implicit_iv) /* RFC 8750 section 4: the IV is the sequence number, zero-padded to 8 octets */
        for (size_t i = 0; i < 8; i++)
            o->nonce[e->salt + i] = (uint8_t)(b->sequence >> (56 - 8 * i));
    else
        memcpy(o->nonce + e->salt, b->body.at, e->iv);
    struct bytes nonce = { o->nonce, e->salt + (size_t)8 };
    if (e->gmac) { /* RFC 4543 section 3.3: AAD is header | IV | payload */
        struct bytes aad[] = { b->aad, { b->body.at, e->iv + text.len } };
        if (!cipher_open(o->cipher, nonce, aad, 2, (struct bytes){ NULL, 0 }, icv, out))
            return OPENED_ICV;
        memcpy(out, text.at, text.len);
    } else if (!cipher_open(o->cipher, nonce, &b->aad, 1, text, icv, out)) {
        return OPENED_ICV;
    }
    *len = text.len;
    return OPENED;
}

enum opened opener_open(struct opener *o, const struct box *b, uint8_t *out, size_t *len)
{
    const struct encryption *e = o->encr;
    *len = 0;
    if (b->body.len < e->iv + o->icv)
        return OPENED_SHORT;
    struct bytes text = { b->body.at + e->iv, b->body.len - e->iv - o->icv };
    if (e->tag)
        return open_aead(o, b, text, out, len);
    if (o->mac) {
        uint8_t made[CRYPTO_DIGEST];
        struct bytes parts[] = { b->covered, b->suffix };
        if (mac_of(o->mac, parts, 2, made) < o->icv || !crypto_equal(made, text.at + text.len, o->icv))
            return OPENED_ICV;
    }
    if (text.len % e->block)
        return OPENED_LENGTH;
    if (!o->cipher) {
        if (text.len)
            memcpy(out, text.at, text.len);
    } else {
        const uint8_t *iv = b->body.at;
        if (e->counter) { /* RFC 3686 section 4: nonce | IV | block counter from one */
            memcpy(o->nonce + e->salt, b->body.at, e->iv);
            iv = o->nonce;
        }
        if (!cipher_run(o->cipher, iv, text, out))
            return OPENED_LENGTH;
    }
    *len = text.len;
    return OPENED;
}

/* ---- AH ---- */

struct sealer {
    struct mac *mac;
    struct cipher *gmac;
    size_t icv;
    uint8_t nonce[12];
};

struct sealer *sealer_create(const struct integrity *integ, unsigned icv_bits, struct bytes key, const char **why)
{
    *why = NULL;
    if (!integ || integ->refused || integ->id == INTEG_NONE) {
        *why = integ && integ->refused ? integ->refused : "no integrity algorithm";
        return NULL;
    }
    struct sealer *s = memory_take(sizeof *s);
    s->icv = icv_bits ? icv_bits / 8u : integ->icv;
    if (integ->mac != MAC_UNKNOWN) {
        s->mac = mac_create(integ->mac, key);
    } else if (key.len > 4) {
        s->gmac = cipher_create(CIPHER_AES_GCM, (struct bytes){ key.at, key.len - 4 }, 16, false);
        memcpy(s->nonce, key.at + key.len - 4, 4);
        s->icv = integ->icv;
    }
    if ((!s->mac && !s->gmac) || (s->mac && s->icv > mac_length(integ->mac))) {
        sealer_destroy(s);
        *why = "the integrity key's length does not fit its algorithm";
        return NULL;
    }
    return s;
}

void sealer_destroy(struct sealer *s)
{
    if (!s)
        return;
    mac_destroy(s->mac);
    cipher_destroy(s->gmac);
    crypto_wipe(s, sizeof *s);
    memory_free(s);
}

size_t sealer_icv(const struct sealer *s)
{
    return s->icv;
}

bool sealer_verify(struct sealer *s, const struct bytes *parts, size_t count, struct bytes icv)
{
    uint8_t made[CRYPTO_DIGEST];
    if (icv.len < s->icv)
        return false;
    if (s->mac)
        return mac_of(s->mac, parts, count, made) >= s->icv && crypto_equal(made, icv.at, s->icv);
    memcpy(s->nonce + 4, icv.at, 8); /* RFC 4543 section 3.3: ICV = IV | tag */
    return cipher_open(s->gmac, bytes_over(s->nonce, 12), parts, count, (struct bytes){ NULL, 0 }, icv.at + 8, made);
}
