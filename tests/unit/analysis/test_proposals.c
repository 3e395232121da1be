/* The matrix offered by accepted, and the lists of policies that logs print. */
#include "tests/unit/analysis/builder.h"

#include "analysis/proposals.h"
#include "test.h"

static struct arena *arena;

static struct proposal *proposal(const struct transform *t, uint16_t count, struct proposal *next)
{
    struct proposal *p = arena_new(arena, struct proposal);
    p->transforms = arena_array(arena, struct transform, count + 1);
    memcpy(p->transforms, t, count * sizeof *t);
    p->count = count;
    p->protocol = PROTOCOL_IKE;
    p->next = next;
    return p;
}

#define OF(...)                                                                                                                  \
    proposal((const struct transform[]){ __VA_ARGS__ },                                                                          \
             sizeof((const struct transform[]){ __VA_ARGS__ }) / sizeof(struct transform), NULL)
#define CBC(bits)                                                                                                                \
    {                                                                                                                            \
        TRANSFORM_ENCR, ENCR_AES_CBC, bits                                                                                       \
    }
#define GCM                                                                                                                      \
    {                                                                                                                            \
        TRANSFORM_ENCR, ENCR_AES_GCM_16, 256                                                                                     \
    }
#define PRF(id)                                                                                                                  \
    {                                                                                                                            \
        TRANSFORM_PRF, PRF_HMAC_##id, 0                                                                                          \
    }
#define INTEG(id)                                                                                                                \
    {                                                                                                                            \
        TRANSFORM_INTEG, INTEG_HMAC_##id, 0                                                                                      \
    }
#define DH(id)                                                                                                                   \
    {                                                                                                                            \
        TRANSFORM_DH, id, 0                                                                                                      \
    }

static void check_matrix(void)
{
    struct proposal *a = OF(CBC(256), PRF(SHA2_256), INTEG(SHA2_256_128), DH(14));
    struct matrix x = matrix_of(NULL, NULL);
    CHECK(!x.offer && x.count == 0);
    x = matrix_of(a, NULL);
    CHECK(!x.offer && x.count == 0);
    x = matrix_of(a, a);
    CHECK(x.offer == a && x.count == 0);
    x = matrix_of(a, OF(CBC(128), PRF(SHA2_256), INTEG(SHA2_256_128), DH(14)));
    CHECK(x.count == 1 && x.differing[0] == TRANSFORM_ENCR);
    x = matrix_of(a, OF(CBC(0), PRF(SHA2_256), INTEG(SHA2_256_128), DH(14))); /* a dump without key lengths */
    CHECK_NUMBER(x.count, 0);
    x = matrix_of(a, OF(CBC(256), INTEG(SHA2_256_128), DH(19))); /* the PRF is implied */
    CHECK(x.count == 1 && x.differing[0] == TRANSFORM_DH);
    x = matrix_of(OF(GCM, PRF(SHA2_256), DH(14)), a); /* no integrity goes with the cipher */
    CHECK(x.count == 1 && x.differing[0] == TRANSFORM_ENCR);
    x = matrix_of(OF(GCM, PRF(SHA2_256), DH(14)), OF(GCM, PRF(SHA2_256), { TRANSFORM_INTEG, INTEG_NONE, 0 }, DH(14)));
    CHECK_NUMBER(x.count, 0);
    x = matrix_of(OF(CBC(128), CBC(256), PRF(SHA1), PRF(SHA2_256), INTEG(SHA1_96), INTEG(SHA2_256_128), DH(2), DH(14)), a);
    CHECK_NUMBER(x.count, 0);
    /* the nearest pair, not the first */
    struct proposal *far = OF(CBC(128), PRF(SHA1), INTEG(SHA1_96), DH(2)),
                    *near = OF(CBC(256), PRF(SHA2_256), INTEG(SHA2_256_128), DH(5));
    far->next = near;
    x = matrix_of(far, a);
    CHECK(x.offer == near && x.count == 1 && x.differing[0] == TRANSFORM_DH && x.offers == 2);
}

static void check_words(void)
{
    struct transform aes = CBC(256), group = DH(20), odd = { TRANSFORM_ENCR, 250, 0 };
    CHECK_TEXT(vendor_line(arena, PLATFORM_IOS, true, aes), "encryption aes-cbc-256");
    CHECK_TEXT(vendor_line(arena, PLATFORM_IOS, false, aes), "esp-aes 256");
    CHECK_TEXT(vendor_line(arena, PLATFORM_ASA, true, aes), "encryption aes-256");
    CHECK_TEXT(vendor_line(arena, PLATFORM_ASA, false, aes), "protocol esp encryption aes-256");
    CHECK_TEXT(vendor_line(arena, PLATFORM_ASA, true, group), "group 20");
    CHECK_NUMBER(vendor_line(arena, PLATFORM_IOS, true, odd).len, 0);
    CHECK_TEXT(matrix_values(arena, OF(DH(14), CBC(128), DH(19)), TRANSFORM_DH), "14 (MODP_2048) or 19 (ECP_256)");
    CHECK_TEXT(matrix_values(arena, OF(CBC(128)), TRANSFORM_INTEG), "none");
}

static void check_list(const char *text, const char *which, unsigned count, const char *first)
{
    struct note n = { .text = text_of(text), .code = CODE_PROPOSALS_MISMATCH };
    bool listed = false;
    const struct proposal *list = note_policies(&n, which, arena, &listed);
    unsigned got = 0;
    for (const struct proposal *p = list; p; p = p->next)
        got++;
    CHECK_NUMBER(got, count);
    CHECK(listed == (strstr(text, strcmp(which, "received") == 0 ? "Received" : "Expected") != NULL));
    if (list)
        CHECK_TEXT(proposal_text(arena, list), first);
}

static void check_lists(void)
{
    const char *asa =
        "Received Policies: Proposal 1: AES-CBC-256 SHA1 SHA96 DH_GROUP_1024_MODP/Group 2 Proposal 2: 3DES SHA256 SHA256 "
        "DH_GROUP_2048_MODP/Group 14 Failed to find a matching policy Expected Policies: Proposal 1: AES-CBC-256 SHA384 SHA384 "
        "DH_GROUP_2048_MODP_256_PRIME/Group 24";
    check_list(asa, "received", 2, "ENCR_AES_CBC-256 PRF_HMAC_SHA1 AUTH_HMAC_SHA1_96 DH group 2 (MODP_1024)");
    check_list(asa, "expected", 1, "ENCR_AES_CBC-256 PRF_HMAC_SHA2_384 AUTH_HMAC_SHA2_384_192 DH group 24 (MODP_2048_256)");
    const char *xe = "Received Policies: : Failed to find a matching policyProposal 1:  ENCRYPTION: AES-CBC-128 PRF: SHA512 "
                     "INTEGRITY: SHA512 DH "
                     "GROUP: DH_GROUP_384_ECP/Group 20";
    check_list(xe, "received", 1, "ENCR_AES_CBC-128 PRF_HMAC_SHA2_512 AUTH_HMAC_SHA2_512_256 DH group 20 (ECP_384)");
    check_list(xe, "expected", 0, "");
    check_list("Received Policies: ESP: Proposal 1:  AES-CBC-256 SHA256 Don't use ESN", "received", 1,
               "ENCR_AES_CBC-256 AUTH_HMAC_SHA2_256_128");
    check_list("Expected Policies:", "expected", 0, "");
    check_list("Expected Policies: Proposal", "expected", 0, "");
    check_list("Expected Policies: Proposal 99999999999999999999: \xff\xfe", "expected", 0, "");
    check_list("", "received", 0, "");
}

int main(void)
{
    arena = arena_create();
    check_matrix();
    check_words();
    check_lists();
    arena_destroy(arena);
    return TEST_REPORT();
}
