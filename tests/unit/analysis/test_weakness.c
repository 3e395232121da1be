/* Sets of weak algorithms: what has several numbers is in a set once. */
#include "analysis/weakness.h"

#include "model/iana.h"
#include "test.h"

static void check_names(uint64_t set, bool reasons, const char *want)
{
    struct arena *arena = arena_create();
    CHECK_TEXT(weakness_names(arena, set, reasons), want);
    arena_destroy(arena);
}

int main(void)
{
    const uint64_t des = weakness_bit(TRANSFORM_ENCR, ENCR_DES, true),
                   sha1 = weakness_bit(TRANSFORM_INTEG, INTEG_HMAC_SHA1_96, true),
                   prf = weakness_bit(TRANSFORM_PRF, PRF_HMAC_SHA1, true), dh = weakness_bit(TRANSFORM_DH, KE_MODP_1024, true);
    CHECK(des && sha1 && prf && dh);
    CHECK(weakness_bit(TRANSFORM_ENCR, ENCR_DES_IV64, true) == des && weakness_bit(TRANSFORM_ENCR, ENCR_DES_IV32, false) == des);
    CHECK(weakness_bit(TRANSFORM_INTEG, INTEG_HMAC_SHA1_160, true) == sha1 && sha1 != prf);
    CHECK(weakness_bit(TRANSFORM_PRF, PRF_HMAC_SHA1, false) == 0);
    CHECK(weakness_bit(TRANSFORM_ENCR, ENCR_AES_GCM_16, true) == 0);
    check_names(0, false, "");
    check_names(des | weakness_bit(TRANSFORM_ENCR, ENCR_DES_IV64, true), false, "DES");
    check_names(sha1 | prf | dh, false, "HMAC-SHA1 and PRF HMAC-SHA1, DH group 2");
    check_names(sha1 | prf, true, "HMAC-SHA1 and PRF HMAC-SHA1 (SHA-1 is broken as a hash and is being phased out)");
    return TEST_REPORT();
}
