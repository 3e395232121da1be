/* Certificates, bundles, revocation lists, names and algorithms in words; anything cut short is refused. */
#include "base/x509.h"
#include "test.h"

/* Made with openssl req, crl2pkcs7 and ca -gencrl. */
static const char bundle[] =
    "3082020006092a864886f70d010702a08201f1308201ed0201013100300b06092a864886f70d010701a08201d5308201d130820177a00302010202"
    "021234300a06082a8648ce3d0403023035310b30090603550406130243483111300f060355040a0c084c61622c20496e633113301106035504030c"
    "0a72312e6578616d706c65301e170d3236313132343031333330355a170d3336313132313031333330355a3035310b300906035504061302434831"
    "11300f060355040a0c084c61622c20496e633113301106035504030c0a72312e6578616d706c653059301306072a8648ce3d020106082a8648ce3d"
    "03010703420004ba66aa71e5a255896452eafa249f91d87f1e9a0903058120ea7b1b8cf57b2ad18cb5a456958129f2ef44fa8cd7cf29f7bcffd862"
    "72db4cd9c40957ed02422a5ba377307530280603551d110421301f820a72312e6578616d706c6587040a000001810b6f7073406578616d706c6530"
    "0b0603551d0f040403020780301d0603551d250416301406082b0601050507030106082b06010505070311301d0603551d0e04160414811bae649e"
    "2897674018bcc621f967805a69ab1d300a06082a8648ce3d0403020348003045022100b7cb0368d046b58c572324d226dfc4f3b20d3a0c026a6bc1"
    "eadf16cbf3a8336b02206693b2d5e2931001e7ec53825fb176be4c108cf17d8c61a5acd21202afd97d203100";
static const char revocations[] =
    "3081e330818a020101300a06082a8648ce3d0403023035310b30090603550406130243483111300f060355040a0c084c61622c20496e6331133011"
    "06035504030c0a72312e6578616d706c65170d3236313132343031343033355a170d3336313132313031343033355a30143012020177170d323630"
    "3130313030303030305aa00e300c300a0603551d140403020101300a06082a8648ce3d040302034800304502206989370c2974e2dd3c155f7edb99"
    "c585a660ee7c3da96d2682590ee1b5969cb4022100baa949cd8e6cac3e251a61681f7b525726e1314446e3bce9d6994f1de71bb1be";
enum { CERTIFICATE_AT = 45, CERTIFICATE_LENGTH = 469 }; /* in the bundle */

static uint8_t octets[1024];

static void check_cut(struct arena *arena, size_t len)
{
    for (size_t shorter = 0; shorter < len; shorter++) {
        struct x509 x;
        struct text t;
        uint8_t *at = malloc(shorter + !shorter);
        memcpy(at, octets, shorter);
        struct bytes cut = bytes_over(at, shorter);
        CHECK(!x509_read(cut, arena, &x) && !x509_read_crl(cut, arena, &x) && !x509_read_pkcs7(cut, arena, &x, 1));
        CHECK(!x509_name_text(cut, arena, &t) && !x509_read_key(cut, false, arena, &x) && !x509_read_key(cut, true, arena, &x));
        CHECK(!x509_general_name_text(cut, arena, &t) || shorter > 0);
        free(at);
    }
}

int main(void)
{
    struct arena *arena = arena_create();
    struct x509 x, several[4];
    struct text t = { 0 };
    size_t len = text_unhex(text_of(bundle), octets, sizeof octets);
    CHECK_NUMBER(x509_read_pkcs7(bytes_over(octets, len), arena, several, 4), 1);
    CHECK_TEXT(several[0].subject, "C=CH, O=Lab\\, Inc, CN=r1.example");
    CHECK_NUMBER(x509_read_pkcs7(bytes_over(octets, len), arena, several, 0), 0);
    check_cut(arena, len);
    CHECK(!x509_read(bytes_over(octets, len), arena, &x));

    struct bytes der = bytes_over(octets + CERTIFICATE_AT, CERTIFICATE_LENGTH);
    CHECK(x509_read(der, arena, &x));
    CHECK_TEXT(x.issuer, "C=CH, O=Lab\\, Inc, CN=r1.example");
    CHECK(x.self_issued && x.key_bits == 256 && x.name_count == 3 && memcmp(x.sha1, several[0].sha1, 20) == 0);
    CHECK(memcmp(x.key_sha1, "\x5f\x68\x73\xc6", 4) == 0); /* by openssl pkey -pubout | openssl sha1 */

    static const uint8_t deceives[] = { 0x82, 8, 'g', 'o', 'o', 'd', 0, 'e', 'v', 'l' };
    CHECK(x509_general_name_text(bytes_over(deceives, sizeof deceives), arena, &t));
    CHECK_NUMBER(t.len, 12); /* not "DNS:good" */

    len = text_unhex(text_of(revocations), octets, sizeof octets);
    CHECK(x509_read_crl(bytes_over(octets, len), arena, &x));
    CHECK_TEXT(x.issuer, "C=CH, O=Lab\\, Inc, CN=r1.example");
    CHECK_NUMBER(x.revoked, 1);
    CHECK(x.not_before.len && x.not_after.len);
    check_cut(arena, len);

    static const struct {
        const char *hex, *want; /* "" refused */
    } algorithms[] = {
        { "300d06092a864886f70d0101050500", "RSASSA-PKCS1-v1_5 with SHA1" },
        { "300a06082a8648ce3d040302", "ECDSA with SHA2-256" },
        { "300506032b6571", "Ed448" },
        { "300b06092a864886f70d01010a", "RSASSA-PSS with SHA1" },
        { "300506032a0304", "1.2.3.4" },
        { "300506032a03", "" },
        { "", "" },
    };
    for (size_t i = 0; i < COUNT_OF(algorithms); i++) {
        len = text_unhex(text_of(algorithms[i].hex), octets, sizeof octets);
        t = TEXT("");
        CHECK(x509_algorithm_text(bytes_over(octets, len), arena, &t) == (algorithms[i].want[0] != 0));
        CHECK_TEXT(t, algorithms[i].want);
    }
    arena_destroy(arena);
    return TEST_REPORT();
}
