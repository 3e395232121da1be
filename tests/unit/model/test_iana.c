/* The registries: rows rise, names are clean and unique, every row has its reference, look-ups find every row. */
#include "model/iana.h"
#include "model/model.h" /* all enumerations of the model in one unit: none may clash */
#include "test.h"

static bool clean(const char *name)
{
    size_t len = strlen(name);
    if (!len || name[0] == ' ' || name[len - 1] == ' ')
        return false;
    for (size_t i = 0; i < len; i++)
        if (name[i] < 0x20 || name[i] > 0x7e || name[i] == '"')
            return false;
    return true;
}

static void check_registry(enum registry registry)
{
    size_t count = 0;
    const struct registry_row *rows = registry_rows(registry, &count);
    CHECK(count > 0 && rows);
    CHECK(registry_stem(registry) && registry_heading(registry));
    for (size_t i = 0; i < count; i++) {
        CHECK(i == 0 || rows[i - 1].number < rows[i].number);
        CHECK(clean(rows[i].name));
        CHECK(rows[i].reference && clean(rows[i].reference));
        CHECK(registry_name(registry, rows[i].number) == rows[i].name);
        uint32_t number = 0;
        CHECK(registry_number(registry, text_of(rows[i].name), &number));
        CHECK_NUMBER(number, rows[i].number); /* fails for the second of two equal names */
    }
    CHECK(!registry_name(registry, rows[count - 1].number + 1ull));
    CHECK(!registry_name(registry, UINT64_MAX));
    CHECK(!registry_name(registry, 1ull << 32 | rows[0].number));
    uint32_t number;
    CHECK(!registry_number(registry, TEXT(""), &number));
    CHECK(!registry_number(registry, TEXT("no such name"), &number));
}

static void check_known(void)
{
    CHECK_TEXT(text_of(registry_name(REGISTRY_EXCHANGE, 43)), "IKE_INTERMEDIATE");
    CHECK_TEXT(text_of(registry_name(REGISTRY_ENCR, ENCR_AES_GCM_16_IIV)), "ENCR_AES_GCM_16_IIV");
    CHECK_NUMBER(ENCR_3DES, 3);
    CHECK_NUMBER(INTEG_HMAC_SHA2_512_256, 14);
    CHECK_TEXT(text_of(registry_name(REGISTRY_INTEG, INTEG_HMAC_SHA1_96)), "AUTH_HMAC_SHA1_96");
    CHECK_NUMBER(KE_ML_KEM_768, 36);
    CHECK_NUMBER(NOTIFY_SIGNATURE_HASH_ALGORITHMS, 16431);
    CHECK_NUMBER(NOTIFY_ADDITIONAL_KEY_EXCHANGE, 16441);
    CHECK_NUMBER(PAYLOAD_SKF, 53);
    CHECK_NUMBER(AUTH_DIGITAL_SIGNATURE, 14);
    CHECK_NUMBER(AUTH_NULL, 13);
    CHECK_NUMBER(IPPROTO_NO_SCTP, 132);
    CHECK(!registry_name(REGISTRY_NOTIFY, 2));
    CHECK(!registry_name(REGISTRY_NOTIFY, 40960));
    uint32_t number = 0;
    CHECK(registry_number(REGISTRY_NOTIFY, TEXT("no_proposal_chosen"), &number));
    CHECK_NUMBER(number, 14);
    CHECK(registry_number(REGISTRY_TRANSFORM, TEXT("dh"), &number));
    CHECK_NUMBER(number, TRANSFORM_DH);
    CHECK(!registry_number(REGISTRY_PRF, TEXT("dh"), &number));
}

int main(void)
{
    for (unsigned i = 1; i < REGISTRY_COUNT; i++)
        check_registry((enum registry)i);
    check_known();
    size_t count = 1;
    CHECK(!registry_rows(REGISTRY_NONE, &count));
    CHECK_NUMBER(count, 0);
    CHECK(!registry_name(REGISTRY_NONE, 0));
    CHECK(!registry_name((enum registry)(REGISTRY_COUNT + 7), 0));
    CHECK(!registry_stem(REGISTRY_NONE));
    CHECK_NUMBER(transform_registry(TRANSFORM_ENCR), REGISTRY_ENCR);
    CHECK_NUMBER(transform_registry(TRANSFORM_ADDKE1), REGISTRY_KE);
    CHECK_NUMBER(transform_registry(TRANSFORM_ADDKE7), REGISTRY_KE);
    CHECK_NUMBER(transform_registry(TRANSFORM_KWA), REGISTRY_NONE);
    CHECK_NUMBER(transform_registry(0), REGISTRY_NONE);
    return TEST_REPORT();
}
