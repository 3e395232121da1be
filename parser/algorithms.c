/* One table of words. Rows: word, IANA number, key bits the word carries (0 none). Words are compared after dropping
 * everything but letters and digits, so "AES-CBC-256", "aes-cbc-256" and "AES_CBC_256" are one row. */
#include "parser/algorithms.h"

struct word_row {
    const char *word;
    uint16_t id, bits;
};

static const struct word_row encryption_words[] = {
    { "des", ENCR_DES, 0 },
    { "descbc", ENCR_DES, 0 },
    { "3des", ENCR_3DES, 0 },
    { "3descbc", ENCR_3DES, 0 },
    { "null", ENCR_NULL, 0 },
    { "none", ENCR_NULL, 0 },
    { "aes", ENCR_AES_CBC, 128 },
    { "aes128", ENCR_AES_CBC, 128 },
    { "aes192", ENCR_AES_CBC, 192 },
    { "aes256", ENCR_AES_CBC, 256 },
    { "aescbc", ENCR_AES_CBC, 0 },
    { "aescbc128", ENCR_AES_CBC, 128 },
    { "aescbc192", ENCR_AES_CBC, 192 },
    { "aescbc256", ENCR_AES_CBC, 256 },
    { "aesctr", ENCR_AES_CTR, 0 },
    { "aesgcm", ENCR_AES_GCM_16, 0 },
    { "aesgcm128", ENCR_AES_GCM_16, 128 },
    { "aesgcm192", ENCR_AES_GCM_16, 192 },
    { "aesgcm256", ENCR_AES_GCM_16, 256 },
    { "aesgmac", ENCR_NULL_AUTH_AES_GMAC, 0 },
    { "aesgmac128", ENCR_NULL_AUTH_AES_GMAC, 128 },
    { "aesgmac192", ENCR_NULL_AUTH_AES_GMAC, 192 },
    { "aesgmac256", ENCR_NULL_AUTH_AES_GMAC, 256 },
    { "chacha20poly1305", ENCR_CHACHA20_POLY1305, 0 },
    { NULL, 0, 0 },
};

static const struct word_row integrity_words[] = {
    { "none", INTEG_NONE, 0 },
    { "null", INTEG_NONE, 0 },
    { "na", INTEG_NONE, 0 }, /* "N/A" of an ASA's combined mode */
    { "md5", INTEG_HMAC_MD5_96, 0 },
    { "md596", INTEG_HMAC_MD5_96, 0 },
    { "md5hmac", INTEG_HMAC_MD5_96, 0 },
    { "sha", INTEG_HMAC_SHA1_96, 0 },
    { "sha1", INTEG_HMAC_SHA1_96, 0 },
    { "sha96", INTEG_HMAC_SHA1_96, 0 },
    { "sha196", INTEG_HMAC_SHA1_96, 0 },
    { "shahmac", INTEG_HMAC_SHA1_96, 0 },
    { "sha256", INTEG_HMAC_SHA2_256_128, 0 },
    { "sha256hmac", INTEG_HMAC_SHA2_256_128, 0 },
    { "sha384", INTEG_HMAC_SHA2_384_192, 0 },
    { "sha384hmac", INTEG_HMAC_SHA2_384_192, 0 },
    { "sha512", INTEG_HMAC_SHA2_512_256, 0 },
    { "sha512hmac", INTEG_HMAC_SHA2_512_256, 0 },
    { NULL, 0, 0 },
};

static const struct word_row prf_words[] = {
    { "md5", PRF_HMAC_MD5, 0 },         { "sha", PRF_HMAC_SHA1, 0 },
    { "sha1", PRF_HMAC_SHA1, 0 },       { "sha96", PRF_HMAC_SHA1, 0 },
    { "sha256", PRF_HMAC_SHA2_256, 0 }, { "sha384", PRF_HMAC_SHA2_384, 0 },
    { "sha512", PRF_HMAC_SHA2_512, 0 }, { NULL, 0, 0 },
};

static const struct word_row ke_words[] = {
    { "mlkem512", KE_ML_KEM_512, 0 },
    { "mlkem768", KE_ML_KEM_768, 0 },
    { "mlkem1024", KE_ML_KEM_1024, 0 },
    { "none", 0, 0 },
    { NULL, 0, 0 },
};

static const struct word_row auth_words[] = {
    { "psk", AUTH_PSK, 0 },
    { "presharedkeys", AUTH_PSK, 0 },
    { "presharedkey", AUTH_PSK, 0 },
    { "preshare", AUTH_PSK, 0 },
    { "rsa", AUTH_RSA, 0 },
    { "rsasig", AUTH_RSA, 0 },
    { "digitalsignature", AUTH_DIGITAL_SIGNATURE, 0 },
    { "mldsa", AUTH_DIGITAL_SIGNATURE, 0 },
    { "mldsasig", AUTH_DIGITAL_SIGNATURE, 0 },
    { NULL, 0, 0 },
};

/* The words of transform sets: protocol, type, number, bits. */
static const struct esp_row {
    const char *word;
    uint8_t protocol, type;
    uint16_t id, bits;
} esp_words[] = {
    { "espdes", PROTOCOL_ESP, TRANSFORM_ENCR, ENCR_DES, 0 },
    { "esp3des", PROTOCOL_ESP, TRANSFORM_ENCR, ENCR_3DES, 0 },
    { "espnull", PROTOCOL_ESP, TRANSFORM_ENCR, ENCR_NULL, 0 },
    { "espaes", PROTOCOL_ESP, TRANSFORM_ENCR, ENCR_AES_CBC, 128 },
    { "espaes192", PROTOCOL_ESP, TRANSFORM_ENCR, ENCR_AES_CBC, 192 },
    { "espaes256", PROTOCOL_ESP, TRANSFORM_ENCR, ENCR_AES_CBC, 256 },
    { "esp192aes", PROTOCOL_ESP, TRANSFORM_ENCR, ENCR_AES_CBC, 192 }, /* as show crypto ipsec sa spells it */
    { "esp256aes", PROTOCOL_ESP, TRANSFORM_ENCR, ENCR_AES_CBC, 256 },
    { "espgcm", PROTOCOL_ESP, TRANSFORM_ENCR, ENCR_AES_GCM_16, 128 },
    { "espgcm256", PROTOCOL_ESP, TRANSFORM_ENCR, ENCR_AES_GCM_16, 256 },
    { "espaesgcm", PROTOCOL_ESP, TRANSFORM_ENCR, ENCR_AES_GCM_16, 128 },
    { "espaesgcm128", PROTOCOL_ESP, TRANSFORM_ENCR, ENCR_AES_GCM_16, 128 },
    { "espaesgcm192", PROTOCOL_ESP, TRANSFORM_ENCR, ENCR_AES_GCM_16, 192 },
    { "espaesgcm256", PROTOCOL_ESP, TRANSFORM_ENCR, ENCR_AES_GCM_16, 256 },
    { "espgmac", PROTOCOL_ESP, TRANSFORM_ENCR, ENCR_NULL_AUTH_AES_GMAC, 128 },
    { "espgmac256", PROTOCOL_ESP, TRANSFORM_ENCR, ENCR_NULL_AUTH_AES_GMAC, 256 },
    { "espmd5hmac", PROTOCOL_ESP, TRANSFORM_INTEG, INTEG_HMAC_MD5_96, 0 },
    { "espshahmac", PROTOCOL_ESP, TRANSFORM_INTEG, INTEG_HMAC_SHA1_96, 0 },
    { "espsha1hmac", PROTOCOL_ESP, TRANSFORM_INTEG, INTEG_HMAC_SHA1_96, 0 },
    { "espsha256hmac", PROTOCOL_ESP, TRANSFORM_INTEG, INTEG_HMAC_SHA2_256_128, 0 },
    { "espsha384hmac", PROTOCOL_ESP, TRANSFORM_INTEG, INTEG_HMAC_SHA2_384_192, 0 },
    { "espsha512hmac", PROTOCOL_ESP, TRANSFORM_INTEG, INTEG_HMAC_SHA2_512_256, 0 },
    { "espnone", PROTOCOL_ESP, TRANSFORM_INTEG, INTEG_NONE, 0 },
    { "espnohmac", PROTOCOL_ESP, TRANSFORM_INTEG, INTEG_NONE, 0 },
    { "espnullhmac", PROTOCOL_ESP, TRANSFORM_INTEG, INTEG_NONE, 0 }, /* an ASA, beside a combined mode */
    { "ahmd5hmac", PROTOCOL_AH, TRANSFORM_INTEG, INTEG_HMAC_MD5_96, 0 },
    { "ahshahmac", PROTOCOL_AH, TRANSFORM_INTEG, INTEG_HMAC_SHA1_96, 0 },
    { "ahsha256hmac", PROTOCOL_AH, TRANSFORM_INTEG, INTEG_HMAC_SHA2_256_128, 0 },
    { "ahsha384hmac", PROTOCOL_AH, TRANSFORM_INTEG, INTEG_HMAC_SHA2_384_192, 0 },
    { "ahsha512hmac", PROTOCOL_AH, TRANSFORM_INTEG, INTEG_HMAC_SHA2_512_256, 0 },
    { NULL, 0, 0, 0, 0 },
};

/* squeeze keeps lower-case letters and digits; false when more is left than any word of the tables has. */
static bool squeeze(struct text word, char out[static 32])
{
    size_t n = 0;
    for (size_t i = 0; i < word.len; i++) {
        if (!text_is_alnum(word.at[i]))
            continue;
        if (n == 31)
            return false;
        out[n++] = text_lower(word.at[i]);
    }
    out[n] = 0;
    return n != 0;
}

static bool look_up(const struct word_row *rows, struct text word, unsigned type, struct transform *t)
{
    char squeezed[32];
    if (!squeeze(word, squeezed))
        return false;
    const char *plain = strncmp(squeezed, "hmac", 4) == 0 ? squeezed + 4 : squeezed; /* "HMAC-SHA256", "SHA256" */
    for (; rows->word; rows++) {
        if (strcmp(rows->word, plain) == 0) {
            *t = (struct transform){ .type = (uint8_t)type, .id = rows->id, .key_length = rows->bits };
            return true;
        }
    }
    return false;
}

bool algorithm_encryption(struct text word, struct transform *t)
{
    return look_up(encryption_words, word, TRANSFORM_ENCR, t);
}

bool algorithm_configured_encryption(struct text word, struct transform *t)
{
    if (!algorithm_encryption(word, t))
        return false;
    if (!t->key_length && (t->id == ENCR_AES_GCM_16 || t->id == ENCR_NULL_AUTH_AES_GMAC))
        t->key_length = 128;
    return true;
}

bool algorithm_integrity(struct text word, struct transform *t)
{
    return look_up(integrity_words, word, TRANSFORM_INTEG, t);
}

bool algorithm_prf(struct text word, struct transform *t)
{
    return look_up(prf_words, word, TRANSFORM_PRF, t);
}

bool algorithm_ke(struct text word, struct transform *t)
{
    if (look_up(ke_words, word, TRANSFORM_DH, t))
        return true;
    /* The number is what follows the last "group", or the whole word: "14", "group14", "DH_GROUP_2048_MODP/Group 14". */
    size_t at = 0;
    for (size_t i = 0; i + 5 <= word.len; i++)
        if (text_starts_nocase(text_from(word, i), TEXT("group")))
            at = i + 5;
    struct text digits = text_trim(text_from(word, at));
    uint64_t number;
    if (!text_number(digits, 10, &number) || number > 1024)
        return false;
    *t = (struct transform){ .type = TRANSFORM_DH, .id = (uint16_t)number };
    return true;
}

bool algorithm_auth(struct text word, unsigned *method)
{
    struct transform t;
    if (!look_up(auth_words, word, 0, &t))
        return false;
    *method = t.id;
    return true;
}

bool algorithm_esp(struct text word, struct transform *t, unsigned *protocol)
{
    char plain[32];
    if (!squeeze(word, plain))
        return false;
    for (const struct esp_row *row = esp_words; row->word; row++) {
        if (strcmp(row->word, plain) == 0) {
            *t = (struct transform){ .type = row->type, .id = row->id, .key_length = row->bits };
            *protocol = row->protocol;
            return true;
        }
    }
    return false;
}
