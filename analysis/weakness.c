#include "analysis/weakness.h"

#include "base/buffer.h"
#include "model/iana.h"

/* {transform type, id, only in IKE, as people call it, why} */
const struct weakness weaknesses[] = {
    { TRANSFORM_ENCR, ENCR_DES, false, "DES", "56-bit keys are searched through in a day" },
    { TRANSFORM_ENCR, ENCR_DES_IV64, false, "DES", "56-bit keys are searched through in a day" },
    { TRANSFORM_ENCR, ENCR_DES_IV32, false, "DES", "56-bit keys are searched through in a day" },
    { TRANSFORM_ENCR, ENCR_3DES, false, "3DES", "its 64-bit blocks repeat after some gigabytes (Sweet32)" },
    { TRANSFORM_ENCR, ENCR_RC5, false, "RC5", "its 64-bit blocks repeat after some gigabytes, and nobody reviews it" },
    { TRANSFORM_ENCR, ENCR_IDEA, false, "IDEA", "its 64-bit blocks repeat after some gigabytes" },
    { TRANSFORM_ENCR, ENCR_3IDEA, false, "3IDEA", "its 64-bit blocks repeat after some gigabytes" },
    { TRANSFORM_ENCR, ENCR_CAST, false, "CAST", "its 64-bit blocks repeat after some gigabytes" },
    { TRANSFORM_ENCR, ENCR_BLOWFISH, false, "Blowfish", "its 64-bit blocks repeat after some gigabytes (Sweet32)" },
    { TRANSFORM_ENCR, ENCR_NULL, false, "NULL encryption", "nothing is encrypted" },
    { TRANSFORM_ENCR, ENCR_NULL_AUTH_AES_GMAC, false, "GMAC without encryption", "nothing is encrypted" },
    { TRANSFORM_INTEG, INTEG_HMAC_MD5_96, false, "HMAC-MD5", "MD5 is broken as a hash and must not be used any more" },
    { TRANSFORM_INTEG, INTEG_HMAC_MD5_128, false, "HMAC-MD5", "MD5 is broken as a hash and must not be used any more" },
    { TRANSFORM_INTEG, INTEG_KPDK_MD5, false, "KPDK-MD5", "MD5 is broken as a hash and must not be used any more" },
    { TRANSFORM_INTEG, INTEG_DES_MAC, false, "DES-MAC", "56-bit keys are searched through in a day" },
    { TRANSFORM_INTEG, INTEG_HMAC_SHA1_96, false, "HMAC-SHA1", "SHA-1 is broken as a hash and is being phased out" },
    { TRANSFORM_INTEG, INTEG_HMAC_SHA1_160, false, "HMAC-SHA1", "SHA-1 is broken as a hash and is being phased out" },
    { TRANSFORM_PRF, PRF_HMAC_MD5, true, "PRF HMAC-MD5", "MD5 is broken as a hash and must not be used any more" },
    { TRANSFORM_PRF, PRF_HMAC_SHA1, true, "PRF HMAC-SHA1", "SHA-1 is broken as a hash and is being phased out" },
    { TRANSFORM_PRF, PRF_HMAC_TIGER, true, "PRF HMAC-Tiger", "nobody reviews it any more" },
    { TRANSFORM_DH, KE_MODP_768, false, "DH group 1", "768-bit discrete logarithms have been computed" },
    { TRANSFORM_DH, KE_MODP_1024, false, "DH group 2", "1024-bit discrete logarithms are within reach of states (Logjam)" },
    { TRANSFORM_DH, KE_MODP_1536, false, "DH group 5", "1536 bits are below today's minimum of 2048" },
    { TRANSFORM_DH, KE_MODP_1024_160, false, "DH group 22",
      "its small subgroup and unexplained prime forbid its use (RFC 8247)" },
    { TRANSFORM_DH, KE_MODP_2048_224, false, "DH group 23",
      "its small subgroup and unexplained prime forbid its use (RFC 8247)" },
    { TRANSFORM_DH, KE_MODP_2048_256, false, "DH group 24",
      "its small subgroup and unexplained prime forbid its use (RFC 8247)" },
    { TRANSFORM_DH, KE_ECP_192, false, "DH group 25", "192-bit curves are below today's minimum" },
};

const size_t weakness_count = COUNT_OF(weaknesses);

_Static_assert(COUNT_OF(weaknesses) < 64, "a set has a bit for each row");

const char *weakness_reason(unsigned type, unsigned id)
{
    for (size_t i = 0; i < weakness_count; i++)
        if (weaknesses[i].type == type && weaknesses[i].id == id)
            return weaknesses[i].reason;
    return NULL;
}

/* Some registries have several numbers for one thing: its rows stand together, and the first is its bit. */
uint64_t weakness_bit(unsigned type, unsigned id, bool ike)
{
    for (size_t i = 0; i < weakness_count; i++) {
        if (weaknesses[i].type != type || weaknesses[i].id != id)
            continue;
        if (!ike && weaknesses[i].ike_only)
            return 0;
        while (i && strcmp(weaknesses[i - 1].name, weaknesses[i].name) == 0)
            i--;
        return UINT64_C(1) << i;
    }
    return 0;
}

/* The rows of the set behind this one that have the same reason. */
static uint64_t alike(uint64_t set, size_t i)
{
    uint64_t found = 0;
    for (size_t k = i + 1; set >> k; k++)
        if ((set >> k & 1) && strcmp(weaknesses[i].reason, weaknesses[k].reason) == 0)
            found |= UINT64_C(1) << k;
    return found;
}

struct text weakness_names(struct arena *arena, uint64_t set, bool reasons)
{
    struct buffer b;
    buffer_init(&b, 4096);
    for (size_t i = 0; set >> i; i++) {
        if (!(set >> i & 1))
            continue;
        buffer_string(&b, b.len ? ", " : "");
        buffer_string(&b, weaknesses[i].name);
        uint64_t same = alike(set, i); /* one reason for several */
        for (size_t k = i + 1; same >> k; k++) {
            buffer_string(&b, same >> k & 1 ? " and " : "");
            buffer_string(&b, same >> k & 1 ? weaknesses[k].name : "");
        }
        if (reasons)
            buffer_format(&b, " (%s)", weaknesses[i].reason);
        set &= ~same;
    }
    struct text t = arena_text(arena, buffer_view(&b));
    buffer_clear(&b);
    return t;
}
