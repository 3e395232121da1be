#include "decoder/keynames.h"

#include "model/iana.h"

enum { NAME_ROOM = 64 };

/* { letters and digits of the name in lower case, id, key bits told by the name, ICV bits told by the name } */
struct name_row {
    const char *name;
    uint16_t id, key_bits, icv_bits;
};

static const struct name_row encryption[] = {
    { "aescbc", ENCR_AES_CBC, 0, 0 },
    { "cbcaes", ENCR_AES_CBC, 0, 0 },
    { "aes", ENCR_AES_CBC, 0, 0 },
    { "rijndaelcbc", ENCR_AES_CBC, 0, 0 },
    { "3des", ENCR_3DES, 0, 0 },
    { "des3", ENCR_3DES, 0, 0 },
    { "des3cbc", ENCR_3DES, 0, 0 },
    { "3descbc", ENCR_3DES, 0, 0 },
    { "tripledescbc", ENCR_3DES, 0, 0 },
    { "cbcdes3ede", ENCR_3DES, 0, 0 },
    { "des", ENCR_DES, 0, 0 },
    { "descbc", ENCR_DES, 0, 0 },
    { "cbcdes", ENCR_DES, 0, 0 },
    { "null", ENCR_NULL, 0, 0 },
    { "ciphernull", ENCR_NULL, 0, 0 },
    { "ecbciphernull", ENCR_NULL, 0, 0 },
    { "aesctr", ENCR_AES_CTR, 0, 0 },
    { "rfc3686ctraes", ENCR_AES_CTR, 0, 0 },
    { "ctraes", ENCR_AES_CTR, 0, 0 },
    { "aesgcm", ENCR_AES_GCM_16, 0, 0 },
    { "aesgcm16", ENCR_AES_GCM_16, 0, 0 },
    { "aesgcm12", ENCR_AES_GCM_12, 0, 0 },
    { "aesgcm8", ENCR_AES_GCM_8, 0, 0 },
    { "rfc4106gcmaes", ENCR_AES_GCM_16, 0, 0 },
    { "aesgcmwith16octeticv", ENCR_AES_GCM_16, 0, 0 },
    { "aesgcmwith12octeticv", ENCR_AES_GCM_12, 0, 0 },
    { "aesgcmwith8octeticv", ENCR_AES_GCM_8, 0, 0 },
    { "aesgcmwithiivand16octeticv", ENCR_AES_GCM_16_IIV, 0, 0 },
    { "aesgcm16iiv", ENCR_AES_GCM_16_IIV, 0, 0 },
    { "aesccm", ENCR_AES_CCM_16, 0, 0 },
    { "aesccm16", ENCR_AES_CCM_16, 0, 0 },
    { "aesccm12", ENCR_AES_CCM_12, 0, 0 },
    { "aesccm8", ENCR_AES_CCM_8, 0, 0 },
    { "rfc4309ccmaes", ENCR_AES_CCM_16, 0, 0 },
    { "aesccmwith16octeticv", ENCR_AES_CCM_16, 0, 0 },
    { "aesccmwith12octeticv", ENCR_AES_CCM_12, 0, 0 },
    { "aesccmwith8octeticv", ENCR_AES_CCM_8, 0, 0 },
    { "chacha20poly1305", ENCR_CHACHA20_POLY1305, 256, 0 },
    { "rfc7539espchacha20poly1305", ENCR_CHACHA20_POLY1305, 256, 0 },
    { "chacha20withpoly1305", ENCR_CHACHA20_POLY1305, 256, 0 },
    { "chacha20withpoly1305andiiv", ENCR_CHACHA20_POLY1305_IIV, 256, 0 },
    { "camelliacbc", ENCR_CAMELLIA_CBC, 0, 0 },
    { "cbccamellia", ENCR_CAMELLIA_CBC, 0, 0 },
    { "camellia", ENCR_CAMELLIA_CBC, 0, 0 },
    { "camelliactr", ENCR_CAMELLIA_CTR, 0, 0 },
    { "camelliaccm16", ENCR_CAMELLIA_CCM_16, 0, 0 },
    { "camelliaccm12", ENCR_CAMELLIA_CCM_12, 0, 0 },
    { "camelliaccm8", ENCR_CAMELLIA_CCM_8, 0, 0 },
    { "blowfish", ENCR_BLOWFISH, 0, 0 },
    { "bfcbc", ENCR_BLOWFISH, 0, 0 },
    { "blowfishcbc", ENCR_BLOWFISH, 0, 0 },
    { "cbcblowfish", ENCR_BLOWFISH, 0, 0 },
    { "cast", ENCR_CAST, 0, 0 },
    { "castcbc", ENCR_CAST, 0, 0 },
    { "cast5cbc", ENCR_CAST, 0, 0 },
    { "cast128cbc", ENCR_CAST, 0, 0 },
    { "cbccast5", ENCR_CAST, 0, 0 },
    { "rfc4543gcmaes", ENCR_NULL_AUTH_AES_GMAC, 0, 0 },
    { "nullaesgmac", ENCR_NULL_AUTH_AES_GMAC, 0, 0 },
};

static const struct name_row integrity[] = {
    { "none", INTEG_NONE, 0, 0 },
    { "aead", INTEG_NONE, 0, 0 },
    { "null", INTEG_NONE, 0, 0 },
    { "digestnull", INTEG_NONE, 0, 0 },
    { "hmacmd596", INTEG_HMAC_MD5_96, 0, 0 },
    { "hmacmd5", INTEG_HMAC_MD5_96, 0, 0 },
    { "md5", INTEG_HMAC_MD5_96, 0, 0 },
    { "md596", INTEG_HMAC_MD5_96, 0, 0 },
    { "hmacsha196", INTEG_HMAC_SHA1_96, 0, 0 },
    { "hmacsha1", INTEG_HMAC_SHA1_96, 0, 0 },
    { "sha1", INTEG_HMAC_SHA1_96, 0, 0 },
    { "sha196", INTEG_HMAC_SHA1_96, 0, 0 },
    { "aesxcbc96", INTEG_AES_XCBC_96, 0, 0 },
    { "aesxcbc", INTEG_AES_XCBC_96, 0, 0 },
    { "aesxcbcmac", INTEG_AES_XCBC_96, 0, 0 },
    { "xcbcaes", INTEG_AES_XCBC_96, 0, 0 },
    { "aescmac96", INTEG_AES_CMAC_96, 0, 0 },
    { "aescmac", INTEG_AES_CMAC_96, 0, 0 },
    { "cmacaes", INTEG_AES_CMAC_96, 0, 0 },
    { "hmacsha2256128", INTEG_HMAC_SHA2_256_128, 0, 0 },
    { "hmacsha256128", INTEG_HMAC_SHA2_256_128, 0, 0 },
    { "hmacsha256", INTEG_HMAC_SHA2_256_128, 0, 0 },
    { "hmacsha2256", INTEG_HMAC_SHA2_256_128, 0, 0 },
    { "sha256", INTEG_HMAC_SHA2_256_128, 0, 0 },
    { "sha256128", INTEG_HMAC_SHA2_256_128, 0, 0 },
    { "hmacsha225696", INTEG_HMAC_SHA2_256_128, 0, 96 },
    { "hmacsha25696", INTEG_HMAC_SHA2_256_128, 0, 96 },
    { "hmacsha2384192", INTEG_HMAC_SHA2_384_192, 0, 0 },
    { "hmacsha384192", INTEG_HMAC_SHA2_384_192, 0, 0 },
    { "hmacsha384", INTEG_HMAC_SHA2_384_192, 0, 0 },
    { "hmacsha2384", INTEG_HMAC_SHA2_384_192, 0, 0 },
    { "sha384", INTEG_HMAC_SHA2_384_192, 0, 0 },
    { "hmacsha2512256", INTEG_HMAC_SHA2_512_256, 0, 0 },
    { "hmacsha512256", INTEG_HMAC_SHA2_512_256, 0, 0 },
    { "hmacsha512", INTEG_HMAC_SHA2_512_256, 0, 0 },
    { "hmacsha2512", INTEG_HMAC_SHA2_512_256, 0, 0 },
    { "sha512", INTEG_HMAC_SHA2_512_256, 0, 0 },
    { "hmacmd5128", INTEG_HMAC_MD5_128, 0, 0 },
    { "hmacsha1160", INTEG_HMAC_SHA1_160, 0, 0 },
};

static const struct name_row prf[] = {
    { "hmacmd5", PRF_HMAC_MD5, 0, 0 },          { "md5", PRF_HMAC_MD5, 0, 0 },
    { "hmacsha1", PRF_HMAC_SHA1, 0, 0 },        { "sha1", PRF_HMAC_SHA1, 0, 0 },
    { "aesxcbc", PRF_AES128_XCBC, 0, 0 },       { "aes128xcbc", PRF_AES128_XCBC, 0, 0 },
    { "aescmac", PRF_AES128_CMAC, 0, 0 },       { "aes128cmac", PRF_AES128_CMAC, 0, 0 },
    { "hmacsha2256", PRF_HMAC_SHA2_256, 0, 0 }, { "hmacsha256", PRF_HMAC_SHA2_256, 0, 0 },
    { "sha256", PRF_HMAC_SHA2_256, 0, 0 },      { "sha2256", PRF_HMAC_SHA2_256, 0, 0 },
    { "hmacsha2384", PRF_HMAC_SHA2_384, 0, 0 }, { "hmacsha384", PRF_HMAC_SHA2_384, 0, 0 },
    { "sha384", PRF_HMAC_SHA2_384, 0, 0 },      { "hmacsha2512", PRF_HMAC_SHA2_512, 0, 0 },
    { "hmacsha512", PRF_HMAC_SHA2_512, 0, 0 },  { "sha512", PRF_HMAC_SHA2_512, 0, 0 },
};

/* Letters and digits before a '[', in lower case. */
static size_t plain(struct text name, char out[NAME_ROOM])
{
    size_t n = 0;
    static const char *const prefixes[] = { "ENCR_", "AUTH_", "PRF_" };
    for (size_t i = 0; i < 3; i++)
        if (text_starts(name, text_of(prefixes[i])))
            name = text_from(name, strlen(prefixes[i]));
    for (size_t i = 0; i < name.len && name.at[i] != '[' && n < NAME_ROOM - 1; i++)
        if (text_is_alnum(name.at[i]))
            out[n++] = text_lower(name.at[i]);
    out[n] = 0;
    return n;
}

static bool look_up(const struct name_row *rows, size_t count, const char *name, struct key_algorithm *a)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i].name, name) == 0) {
            *a = (struct key_algorithm){ rows[i].id, rows[i].key_bits, rows[i].icv_bits, false };
            return true;
        }
    return false;
}

bool key_encryption(struct text name, struct key_algorithm *a)
{
    char word[NAME_ROOM];
    size_t n = plain(name, word);
    size_t rows = COUNT_OF(encryption);
    if (look_up(encryption, rows, word, a))
        return true;
    /* A key length at the end ("aes128", "AES-CBC-256") or in the middle ("AES-GCM-128 with 16 octet ICV"). */
    static const char *const sizes[] = { "128", "192", "256" };
    for (size_t s = 0; s < 3; s++) {
        char *hit = strstr(word, sizes[s]);
        if (!hit)
            continue;
        char without[NAME_ROOM];
        size_t at = (size_t)(hit - word);
        memcpy(without, word, at);
        memcpy(without + at, hit + 3, n - at - 3 + 1);
        if (look_up(encryption, rows, without, a)) {
            a->key_bits = (uint16_t)(128 + 64 * s);
            return true;
        }
    }
    return false;
}

bool key_integrity(struct text name, struct key_algorithm *a)
{
    char word[NAME_ROOM];
    uint64_t bits;
    plain(name, word);
    if (strncmp(word, "any", 3) == 0 && text_digits(text_of(word + 3), 10, &bits) && bits <= 512) {
        *a = (struct key_algorithm){ INTEG_NONE, 0, (uint16_t)bits, true };
        return true;
    }
    return look_up(integrity, COUNT_OF(integrity), word, a);
}

bool key_prf(struct text name, struct key_algorithm *a)
{
    char word[NAME_ROOM];
    plain(name, word);
    return look_up(prf, COUNT_OF(prf), word, a);
}

/* { from id, to id, octets of salt, authenticates } */
static const struct salt_row {
    uint8_t first, last, salt;
    bool combined;
} salts[] = {
    { ENCR_AES_CTR, ENCR_AES_CTR, 4, false },
    { ENCR_AES_CCM_8, ENCR_AES_CCM_16, 3, true },
    { ENCR_AES_GCM_8, ENCR_AES_GCM_16, 4, true },
    { ENCR_NULL_AUTH_AES_GMAC, ENCR_NULL_AUTH_AES_GMAC, 4, true },
    { ENCR_CAMELLIA_CTR, ENCR_CAMELLIA_CTR, 4, false },
    { ENCR_CAMELLIA_CCM_8, ENCR_CAMELLIA_CCM_16, 3, true },
    { ENCR_CHACHA20_POLY1305, ENCR_CHACHA20_POLY1305, 4, true },
    { ENCR_AES_CCM_8_IIV, ENCR_AES_CCM_8_IIV, 3, true },
    { ENCR_AES_GCM_16_IIV, ENCR_AES_GCM_16_IIV, 4, true },
    { ENCR_CHACHA20_POLY1305_IIV, ENCR_CHACHA20_POLY1305_IIV, 4, true },
};

static const struct salt_row *salt_row(unsigned encr_id)
{
    for (size_t i = 0; i < COUNT_OF(salts); i++)
        if (encr_id >= salts[i].first && encr_id <= salts[i].last)
            return &salts[i];
    return NULL;
}

size_t key_salt(unsigned encr_id)
{
    const struct salt_row *row = salt_row(encr_id);
    return row ? row->salt : 0;
}

bool key_combined(unsigned encr_id)
{
    const struct salt_row *row = salt_row(encr_id);
    return row && row->combined;
}

uint16_t key_bits_of(unsigned encr_id, size_t octets)
{
    size_t salt = key_salt(encr_id);
    if (encr_id == ENCR_NULL || encr_id == ENCR_DES || encr_id == ENCR_3DES || octets <= salt || octets - salt > 64)
        return 0;
    return (uint16_t)((octets - salt) * 8);
}

/* { algorithm with its own truncation, is it a cipher, bits told, what it then is } */
static const struct {
    uint8_t id;
    bool cipher;
    uint16_t bits;
    uint8_t then;
} truncations[] = {
    { ENCR_AES_GCM_16, true, 64, ENCR_AES_GCM_8 },
    { ENCR_AES_GCM_16, true, 96, ENCR_AES_GCM_12 },
    { ENCR_AES_CCM_16, true, 64, ENCR_AES_CCM_8 },
    { ENCR_AES_CCM_16, true, 96, ENCR_AES_CCM_12 },
    { ENCR_CAMELLIA_CCM_16, true, 64, ENCR_CAMELLIA_CCM_8 },
    { ENCR_CAMELLIA_CCM_16, true, 96, ENCR_CAMELLIA_CCM_12 },
    { INTEG_HMAC_MD5_96, false, 128, INTEG_HMAC_MD5_128 },
    { INTEG_HMAC_SHA1_96, false, 160, INTEG_HMAC_SHA1_160 },
    { INTEG_HMAC_MD5_96, false, 96, INTEG_HMAC_MD5_96 },
    { INTEG_HMAC_SHA1_96, false, 96, INTEG_HMAC_SHA1_96 },
    { INTEG_AES_XCBC_96, false, 96, INTEG_AES_XCBC_96 },
    { INTEG_AES_CMAC_96, false, 96, INTEG_AES_CMAC_96 },
    { INTEG_HMAC_SHA2_256_128, false, 128, INTEG_HMAC_SHA2_256_128 },
    { INTEG_HMAC_SHA2_384_192, false, 192, INTEG_HMAC_SHA2_384_192 },
    { INTEG_HMAC_SHA2_512_256, false, 256, INTEG_HMAC_SHA2_512_256 },
};

void key_truncate(struct key_algorithm *a, bool cipher, uint64_t bits)
{
    for (size_t i = 0; i < COUNT_OF(truncations); i++)
        if (truncations[i].id == a->id && truncations[i].cipher == cipher && truncations[i].bits == bits) {
            a->id = truncations[i].then;
            a->icv_bits = 0;
            return;
        }
    if (!cipher && a->id != INTEG_NONE && bits && bits <= 512 && bits % 8 == 0)
        a->icv_bits = (uint16_t)bits;
}

/* { from id, to id, shortest and longest key in octets without salt, step } */
static const struct length_row {
    uint8_t first, last, least, most, step;
} lengths[] = {
    { ENCR_DES_IV64, ENCR_DES, 8, 8, 8 },
    { ENCR_3DES, ENCR_3DES, 24, 24, 8 },
    { ENCR_CAST, ENCR_CAST, 5, 16, 1 },
    { ENCR_BLOWFISH, ENCR_BLOWFISH, 5, 56, 1 },
    { ENCR_NULL, ENCR_NULL, 0, 0, 1 },
    { ENCR_AES_CBC, ENCR_NULL_AUTH_AES_GMAC, 16, 32, 8 },
    { ENCR_CAMELLIA_CBC, ENCR_CAMELLIA_CCM_16, 16, 32, 8 },
    { ENCR_CHACHA20_POLY1305, ENCR_CHACHA20_POLY1305, 32, 32, 8 },
    { ENCR_AES_CCM_8_IIV, ENCR_AES_GCM_16_IIV, 16, 32, 8 },
    { ENCR_CHACHA20_POLY1305_IIV, ENCR_CHACHA20_POLY1305_IIV, 32, 32, 8 },
};

bool key_fits(unsigned encr_id, unsigned key_bits, size_t octets)
{
    size_t salt = key_salt(encr_id);
    if (octets == 0)
        return true;
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        const struct length_row *row = &lengths[i];
        if (encr_id < row->first || encr_id > row->last)
            continue;
        size_t body = octets - salt;
        return octets >= salt && body >= row->least && body <= row->most && (body - row->least) % row->step == 0 &&
               (!key_bits || key_bits == body * 8);
    }
    return true; /* a cipher that is not known here */
}
