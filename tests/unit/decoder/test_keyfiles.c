/* Each format of key file by a sample written for it: what it says, its edges, and what damage does to it. */
#include "decoder/keyfile.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "decoder/keyfile_lines.h"
#include "hidden.h"
#include "model/iana.h"

#define K16 "00112233445566778899aabbccddeeff"
#define K20 "00112233445566778899aabbccddeeff01234567"
#define K32 "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210"
#define K36 K32 "cafebabe"

static struct model *m;
static size_t found;

static struct input *load(const char *text)
{
    if (m)
        model_destroy(m);
    m = model_create();
    uint32_t input = model_add_input(m, TEXT("sample"), TEXT("sample"))->index;
    struct source *from = source_over(bytes_of_text(text_of(text)));
    CHECK(keyfile_read(m, input, from, &found, NULL));
    source_close(from);
    return model_input(m, input);
}

static struct input *load_psk(const char *text)
{
    if (m)
        model_destroy(m);
    m = model_create();
    uint32_t input = model_add_input(m, TEXT("sample"), TEXT("sample"))->index;
    struct source *from = source_over(bytes_of_text(text_of(text)));
    CHECK(keyfile_read_psk(m, input, from, &found, NULL));
    source_close(from);
    return model_input(m, input);
}

static bool is_hex(struct secret s, const char *hex)
{
    uint8_t octets[256];
    size_t n = text_unhex(text_of(hex), octets, sizeof octets);
    return n == s.len && memcmp(octets, s.at, n) == 0;
}

static bool is_address(struct address a, const char *text)
{
    struct address b;
    return address_read(text_of(text), &b) && address_equal(a, b);
}

/* The troubles of an input are of these lines, in this order, and never quote the line. */
static void check_bad(const struct input *in, const uint32_t *lines, size_t count)
{
    size_t n = 0;
    for (const struct trouble *t = in->troubles; t; t = t->next, n++) {
        CHECK(strcmp(t->rule, "keys-incomplete") == 0);
        CHECK(n < count && t->place == lines[n]);
        if (n < count && t->place != lines[n])
            fprintf(stderr, "line %u, want %u\n", t->place, lines[n]);
        CHECK(!text_has(t->text, TEXT("0011")) && !text_has(t->text, TEXT("hunter")));
    }
    CHECK_NUMBER(n, count);
}

static void test_jsonl(void)
{
    struct input *in = load(
        "{\"type\":\"ike\",\"spi_i\":\"0102030405060708\",\"spi_r\":\"1112131415161718\",\"encr_id\":12,\"key_bits\":128,\"integ_"
        "id\":2,\"prf_id\":2,"
        "\"sk_d\":\"" K20 "\",\"sk_ei\":\"" K16 "\",\"sk_er\":\"" K16 "\",\"color\":\"blue\"}\r\n"
        "\n"
        "{\"type\":\"esp\",\"init\":\"10.0.0.1\",\"resp\":\"10.0.0.2\",\"spi_to_resp\":\"0xc0ffee01\",\"encr_id\":20,\"esn\":1,"
        "\"encr_i\":\"" K36 "\"}\n"
        "{\"type\":\"dh\",\"spi_i\":\"0102030405060708\",\"secret\":\"" K32 "\"}\n"
        "{\"type\":\"psk\",\"id\":\"r1\",\"psk\":\"hunter2\"}\n"
        "{\"type\":\"psk\",\"address\":\"10.0.0.9\",\"psk_hex\":\"00ff\"}\n"
        "{\"type\":\"ppk\",\"id\":\"p\",\"ppk_hex\":\"" K32 "\"}\n"
        "{\"type\":\"ike\",\"spi_i\":\"01\",\"sk_ei\":\"0011zz\"}\n"
        "{\"type\":\"ike\",\"spi_i\":\"0102030405060709\",\"sk_ei\":\"" K16 "\n"
        "{\"type\":\"esp\",\"encr_id\":12}\n"
        "{\"type\":\"ike\",\"spi_i\":\"0102030405060708\",\"spi_r\":\"1112131415161718\",\"encr_id\":12,\"sk_ei\":\"" K20 "\"}\n"
        "{\"type\":\"teapot\"}\n");
    const struct ike_key *k = keyring_ike(m->keyring);
    CHECK(k && !k->next && k->spi_i.value == 0x0102030405060708 && k->encr_id == ENCR_AES_CBC && k->key_bits == 128 &&
          k->integ_id == INTEG_HMAC_SHA1_96);
    CHECK(k && is_hex(k->sk_d, K20) && is_hex(k->sk_ei, K16) && !k->sk_pi.len && k->line == 1 && !k->integ_none);
    const struct esp_key *e = keyring_esp(m->keyring);
    CHECK(e && !e->next && e->spi == 0xc0ffee01 && e->esn && e->has_esn && is_address(e->source, "10.0.0.1") &&
          is_address(e->destination, "10.0.0.2"));
    CHECK(e && is_hex(e->encr, K36) && e->key_bits == 256);
    const struct dh_key *d = keyring_dh(m->keyring);
    CHECK(d && !d->is_private && d->spi_i.value == 0x0102030405060708 && !spi_known(d->spi_r));
    const struct psk_key *p = keyring_psk(m->keyring);
    CHECK(p && text_equal(p->id, TEXT("r1")) && p->psk.len == 7 && p->next && is_address(p->next->address, "10.0.0.9") &&
          p->next->psk.len == 2);
    CHECK(keyring_ppk(m->keyring) && keyring_ppk(m->keyring)->ppk.len == 32);
    CHECK_NUMBER(found, 6);
    check_bad(in, (uint32_t[]){ 8, 9, 10, 11, 12 }, 5);
    load("");
    CHECK_NUMBER(found, 0);
    load("{\"type\":\"psk\",\"psk\":\"x\"}"); /* no line end */
    CHECK_NUMBER(found, 1);
}

static void test_wireshark_ike(void)
{
    struct input *in = load(
        "# made by hand\n"
        "0102030405060708,1112131415161718," K16 "," K16 ",\"AES-CBC-128 [RFC3602]\"," K20 "," K20 ",\"HMAC_SHA1_96 [RFC2404]\"\n"
        "\"0102030405060709\",\"1112131415161718\",\"" K36 "\",\"" K36
        "\",\"AES-GCM-256 with 16 octet ICV [RFC5282]\",\"\",\"\",\"NONE [RFC4306]\"\n"
        "010203040506070a,1112131415161718," K16 "," K16 ",\"AES-CBC-256 [RFC3602]\"," K32 "," K32
        ",\"HMAC_SHA2_256_128 [RFC4868]\"\n"
        "010203040506070b,1112131415161718," K16 "," K16 ",\"ROT13\"," K20 "," K20 ",\"HMAC_SHA1_96 [RFC2404]\"\n"
        "010203040506070c,1112131415161718," K16 "," K16 ",\"AES-CBC-128 [RFC3602]\"," K20 "\n"
        "010203040506070d,1112131415161718,,,\"NULL [RFC2410]\"," K16 "," K16 ",\"HMAC_MD5_96 [RFC2403]\"\n"
        "010203040506070e,1112131415161718," K16 "," K16 ",\"AES-CBC-128 [RFC3602]\"," K20 "," K20
        ",\"ANY 96-bits of Authentication [No Checking]\"\n");
    const struct ike_key *k = keyring_ike(m->keyring);
    CHECK(k && k->encr_id == ENCR_AES_CBC && k->key_bits == 128 && k->integ_id == INTEG_HMAC_SHA1_96 && is_hex(k->sk_ai, K20));
    k = k ? k->next : NULL;
    CHECK(k && k->encr_id == ENCR_AES_GCM_16 && k->key_bits == 256 && k->integ_none && k->spi_i.value == 0x0102030405060709);
    k = k ? k->next : NULL;
    CHECK(k && k->encr_id == ENCR_NULL && is_hex(k->sk_ai, K16)); /* the lines behind a bad one count */
    check_bad(in, (uint32_t[]){ 4, 5, 6 }, 3);
}

static void test_wireshark_esp(void)
{
    struct input *in = load(
        "\"IPv4\",\"10.0.0.1\",\"10.0.0.2\",\"0xc0ffee01\",\"AES-CBC [RFC3602]\",\"0x" K16
        "\",\"HMAC-SHA-1-96 [RFC2404]\",\"0x" K20 "\"\n"
        "\"IPv4\", \"10.*.*.1\", \"*\", \"3221225986\", \"AES-GCM [RFC4106]\", \"0x" K20
        "\", \"ANY 128 bit authentication [no checking]\", \"0x\"\n"
        "\"IPv4\",\"10.0.0.0/8\",\"10.0.0.2\",\"0xc0ffee**\",\"AES-GCM [RFC4106]\",\"0x" K20
        "\",\"ANY 64 bit authentication [no checking]\",\"\"\n"
        "\"IPv6\",\"fd00::1\",\"fd00::/16\",\"*\",\"NULL\",\"0x\",\"HMAC-SHA-256-96 [draft-ietf-ipsec-ciph-sha-256-00]\",\"0x" K32
        "\"\n"
        "\"IPv4\",\"*\",\"*\",\"0xc0ffee05\",\"AES-CBC [RFC3602]\",\"sixteen octets!!\",\"NULL\",\"\",\"64-bit\",\"0x00000002\"\n"
        "\"IPv4\",\"*\",\"*\",\"0xc0ffee06\",\"AES-CBC [RFC3602]\",\"" K16 "\",\"NULL\",\"\"\n"
        "\"IPv4\",\"*\",\"*\",\"0xc0ffee07\",\"AES-CBC [RFC3602]\",\"0x0011\",\"NULL\",\"\"\n"
        "\"IPv4\",\"*\",\"*\",\"0xc0ffee08\",\"AES-CBC [RFC3602],\"0x" K16 "\",\"NULL\",\"\"\n"
        "\"IPv4\",\"10.0.0.1/33x\",\"*\",\"0xc0ffee09\",\"AES-CBC [RFC3602]\",\"0x" K16 "\",\"NULL\",\"\"\n"
        "\"IPv4\",\"*\",\"*\",\"0xc0ffee0a\",\"ChaCha20 with Poly1305 [RFC7634]\",\"0x" K36
        "\",\"NULL\",\"0x\",\"32-bit\",\"\"\n");
    struct address a = { 0 }, b = { 0 }, v6 = { 0 };
    CHECK(address_read(TEXT("10.0.0.1"), &a) && address_read(TEXT("10.0.0.2"), &b) && address_read(TEXT("fd00::1"), &v6));
    const struct esp_key *k = keyring_esp(m->keyring);
    CHECK(k && k->encr_id == ENCR_AES_CBC && k->integ_id == INTEG_HMAC_SHA1_96 && is_hex(k->encr, K16) && is_hex(k->integ, K20));
    k = keyring_find_esp(m->keyring, 3221225986u, a, b, NULL);
    CHECK(k && k->encr_id == ENCR_AES_GCM_16 && !k->integ_unchecked && k->key_bits == 128);
    CHECK(!keyring_find_esp(m->keyring, 3221225986u, b, a, k) ||
          keyring_find_esp(m->keyring, 3221225986u, b, a, k)->spi_mask != UINT32_MAX);
    k = keyring_find_esp(m->keyring, 0xc0ffeeaa, a, b, NULL);
    CHECK(k && k->encr_id == ENCR_AES_GCM_8 && k->spi_mask == 0xffffff00);
    k = keyring_find_esp(m->keyring, 7, v6, v6, NULL);
    CHECK(k && k->encr_id == ENCR_NULL && k->integ_id == INTEG_HMAC_SHA2_256_128 && k->icv_bits == 96 &&
          !keyring_find_esp(m->keyring, 7, a, b, NULL));
    k = keyring_find_esp(m->keyring, 0xc0ffee05, b, a, NULL);
    CHECK(k && k->encr.len == 16 && k->encr.at[0] == 's' && k->esn && k->esn_high == 2);
    k = keyring_find_esp(m->keyring, 0xc0ffee06, b, a, NULL); /* its 0x was forgotten; or it is 32 octets of text */
    CHECK(k && is_hex(k->encr, K16));
    k = keyring_find_esp(m->keyring, 0xc0ffee06, b, a, k);
    CHECK(k && k->encr.len == 32 && k->key_bits == 256);
    k = keyring_find_esp(m->keyring, 0xc0ffee0a, b, a, NULL);
    CHECK(k && k->encr_id == ENCR_CHACHA20_POLY1305 && k->has_esn && !k->esn);
    check_bad(in, (uint32_t[]){ 7, 8, 9 }, 3);
}

static void test_ip_xfrm(void)
{
    struct input *in = load(
        "src 10.0.0.1 dst 10.0.0.2\n"
        "\tproto esp spi 0xc0ffee01 reqid 1 mode tunnel\n"
        "\treplay-window 0 flag af-unspec esn\n"
        "\tauth-trunc hmac(sha256) 0x" K32 " 128\n"
        "\tenc cbc(aes) 0x" K16 "\n"
        "\tencap type espinudp sport 4500 dport 4500 addr 0.0.0.0\n"
        "\tanti-replay esn context:\n"
        "\t seq-hi 0x1, seq 0x2a, oseq-hi 0x0, oseq 0x0\n"
        "\tsel src 0.0.0.0/0 dst 0.0.0.0/0\n"
        "src 10.0.0.2 dst 10.0.0.1\n"
        "\tproto esp spi 0xc0ffee02(3237998082) reqid 1(0x00000001) mode tunnel\n"
        "\taead rfc4106(gcm(aes)) 0x" K36 " 96\n"
        "src fd00::1 dst fd00::2\n"
        "\tproto esp spi 0xc0ffee03 reqid 1 mode transport\n"
        "\tauth-trunc hmac(sha256) 0x" K32 " 96\n"
        "\tenc ecb(cipher_null) \n"
        "src fd00::1 dst fd00::2\n"
        "\tproto ah spi 0xc0ffee04 reqid 1 mode transport\n"
        "\tauth-trunc hmac(sha1) 0x" K20 " 96\n"
        "src 10.0.0.2 dst 10.0.0.1\n"
        "\tproto esp spi 0xc0ffee05 reqid 1 mode tunnel\n"
        "\tenc cbc(serpent) 0x" K16 "\n"
        "src 10.0.0.2 dst 10.0.0.1\n"
        "\tproto esp spi 0xc0ffee06 reqid 1 mode tunnel\n"
        "\tenc cbc(aes) <<Keys hidden>>\n"
        "src 10.1.0.0/16 dst 10.2.0.0/16 \n"
        "\tdir out priority 0\n"
        "\ttmpl src 10.0.0.1 dst 10.0.0.2\n"
        "\t\tproto esp spi 0xc0ffee07 reqid 1 mode tunnel\n"
        "src 10.0.0.3 dst 10.0.0.4\\\tproto esp spi 0xc0ffee08 reqid 1 mode tunnel\\\taead rfc7539esp(chacha20,poly1305) 0x" K36
        " 128\\\t\n"
        "# ip xfrm state add src 10.0.0.5 dst 10.0.0.6 proto esp spi 0xc0ffee09 mode tunnel auth 'hmac(sha1)' 0x" K20
        " enc 'cbc(aes)' 0x" K16 "\n"
        "src 10.0.0.7 dst 10.0.0.8\n"
        "\tproto esp spi 0xc0ffee0a reqid 1 mode tunnel\n"
        "\tenc cbc(aes) 0x" K16);
    const struct esp_key *k = keyring_esp(m->keyring);
    CHECK(k && k->spi == 0xc0ffee01 && k->esn && k->esn_high == 1 && k->integ_id == INTEG_HMAC_SHA2_256_128 && !k->icv_bits &&
          k->key_bits == 128 && is_address(k->source, "10.0.0.1") && is_address(k->destination, "10.0.0.2"));
    k = k ? k->next : NULL;
    CHECK(k && k->spi == 0xc0ffee02 && k->encr_id == ENCR_AES_GCM_12 && k->key_bits == 256 && !k->has_esn);
    k = k ? k->next : NULL;
    CHECK(k && k->spi == 0xc0ffee03 && k->encr_id == ENCR_NULL && k->icv_bits == 96 && is_address(k->source, "fd00::1"));
    k = k ? k->next : NULL;
    CHECK(k && k->spi == 0xc0ffee04 && k->protocol == PROTOCOL_AH && k->integ_id == INTEG_HMAC_SHA1_96 && !k->icv_bits);
    k = k ? k->next : NULL;
    CHECK(k && k->spi == 0xc0ffee08 && k->encr_id == ENCR_CHACHA20_POLY1305);
    k = k ? k->next : NULL;
    CHECK(k && k->spi == 0xc0ffee09 && k->encr_id == ENCR_AES_CBC && is_hex(k->integ, K20));
    k = k ? k->next : NULL;
    CHECK(k && k->spi == 0xc0ffee0a && !k->next);
    check_bad(in, (uint32_t[]){ 20, 23 }, 2);
}

static void test_setkey(void)
{
    struct input *in = load("192.0.2.1 198.51.100.2 \n"
                            "\tesp mode=tunnel spi=3221225985(0xc0000201) reqid=16385(0x00004001)\n"
                            "\tE: aes-cbc  00112233 44556677 8899aabb ccddeeff\n"
                            "\tA: hmac-sha1  00112233 44556677 8899aabb ccddeeff 01234567\n"
                            "\tseq=0x00000000 replay=4 flags=0x00000000 state=mature \n"
                            "192.0.2.1[4500] 198.51.100.2[4500] \n"
                            "\tesp-udp mode=any spi=5(0x00000005) reqid=0(0x00000000)\n"
                            "\tE: aes-gcm-16  00112233 44556677 8899aabb ccddeeff 01234567 89abcdef fedcba98 76543210\n"
                            "\t cafebabe\n"
                            "\tseq=0x00000000 replay=4 flags=0x00000000 state=mature \n"
                            "192.0.2.1 198.51.100.2 \n"
                            "\tah mode=transport spi=6(0x00000006) reqid=0(0x00000000)\n"
                            "\tA: hmac-sha2-256  00112233 44556677 8899aabb ccddeeff 01234567 89abcdef fedcba98 76543210\n"
                            "192.0.2.1 198.51.100.2 \n"
                            "\tesp mode=tunnel spi=7(0x00000007) reqid=0(0x00000000)\n"
                            "\tE: aes-cbc  00112233 4455\n");
    const struct esp_key *k = keyring_esp(m->keyring);
    CHECK(k && k->spi == 0xc0000201 && is_hex(k->encr, K16) && is_hex(k->integ, K20) && is_address(k->source, "192.0.2.1") &&
          k->key_bits == 128);
    k = k ? k->next : NULL;
    CHECK(k && k->spi == 5 && k->encr_id == ENCR_AES_GCM_16 && is_hex(k->encr, K36) &&
          is_address(k->destination, "198.51.100.2"));
    k = k ? k->next : NULL;
    CHECK(k && k->spi == 6 && k->protocol == PROTOCOL_AH && is_hex(k->integ, K32) && !k->next);
    check_bad(in, (uint32_t[]){ 14 }, 1);
}

static void test_fortigate(void)
{
    struct input *in = load("list all ipsec tunnel in vd 0\n"
                            "------------------------------------------------------\n"
                            "name=hq ver=2 serial=1 192.0.2.1:0->198.51.100.2:0 tun_id=198.51.100.2 dst_mtu=1500\n"
                            "bound_if=10 lgwy=static/1 tun=intf mode=auto/1\n"
                            "  SA:  ref=3 options=226 type=00 soft=0 mtu=1438 expire=43155/0B replaywin=2048\n"
                            "       seqno=1 esn=1 replaywin_lastseq=00000000 qat=0\n"
                            "  dec: spi=24c2ab68 esp=aes key=16 " K16 "\n"
                            "       ah=sha1 key=20 " K20 "\n"
                            "  enc: spi=0dd3fc4c esp=aes key=16 " K16 "\n"
                            "       ah=sha256 key=32 " K32 "\n"
                            "  dec:pkts/bytes=0/0, enc:pkts/bytes=0/0\n"
                            "name=v6 ver=2 serial=2 2001:db8::1:0->2001:db8::2:0 dst_mtu=1500\n"
                            "  dec: spi=00000007 esp=aes-gcm key=36 " K36 "\n"
                            "       ah=null key=0 \n"
                            "  enc: spi=00000008 esp=aes key=16 0011\n"
                            "       ah=null key=0\n");
    const struct esp_key *k = keyring_esp(m->keyring);
    CHECK(k && k->spi == 0x24c2ab68 && is_address(k->source, "198.51.100.2") && is_address(k->destination, "192.0.2.1") &&
          k->esn && is_hex(k->integ, K20));
    k = k ? k->next : NULL;
    CHECK(k && k->spi == 0x0dd3fc4c && is_address(k->source, "192.0.2.1") && k->integ_id == INTEG_HMAC_SHA2_256_128);
    k = k ? k->next : NULL;
    CHECK(k && k->spi == 7 && is_address(k->destination, "2001:db8::1") && k->encr_id == ENCR_AES_GCM_16 && !k->has_esn &&
          !k->next);
    check_bad(in, (uint32_t[]){ 15 }, 1);
}

static void test_vpp(void)
{
    struct input *in = load("vpp# show ikev2 sa details\n"
                            " iip 192.0.2.2 ispi 17b0cbd17e27c3 rip 192.0.2.1 rspi e9b7af7fc9b13361\n"
                            " encr:aes-gcm-16 prf:hmac-sha2-256  dh-group:modp-2048\n"
                            " nonce i:" K32 "\n"
                            "       r:" K32 "\n"
                            " SK_d    " K32 "\n"
                            " SK_e  i:00000000: " K32 "\n"
                            "         00000020: cafebabe\n"
                            "       r:00000000: " K32 "\n"
                            "         00000020: deadbeef\n"
                            " SK_p  i:" K32 "\n"
                            "       r:" K32 "\n"
                            " identifier (i) id-type fqdn data a.example\n"
                            "   child sa 0:encr:aes-gcm-16  esn:yes\n"
                            "    spi(i) 9dffd57a spi(r) c4e0ef53\n"
                            "    SK_e  i:" K32 "\n"
                            "          r:" K32 "\n"
                            "    traffic selectors (i):0 type 7 protocol_id 0 addr 10.0.0.0 - 10.0.0.255 port 0 - 65535\n"
                            "   child sa 1:encr:aes-cbc-128 integ:sha1-96 esn:no\n"
                            "    spi(i) 9dffd57b spi(r) c4e0ef54\n"
                            "    SK_e  i:" K16 "\n"
                            "          r:ff112233445566778899aabbccddeeff\n"
                            "    SK_a  i:" K20 "\n"
                            "          r:" K20 "\n"
                            "iip 192.0.2.2 ispi 1 rip 192.0.2.1 rspi 2\n"
                            " encr:aes-cbc-256 prf:hmac-sha1 integ:sha1-96 dh-group:modp-2048\n"
                            " SK_d    zz\n"
                            " SK_e  i:" K32 "\n"
                            "       r:" K32 "\n");
    const struct ike_key *k = keyring_ike(m->keyring);
    CHECK(k && k->spi_i.value == 0x17b0cbd17e27c3 && k->encr_id == ENCR_AES_GCM_16 && k->prf_id == PRF_HMAC_SHA2_256 &&
          k->integ_none && k->key_bits == 256);
    CHECK(k && is_hex(k->sk_ei, K36) && k->sk_er.len == 36 && is_hex(k->sk_d, K32) && is_hex(k->sk_pr, K32));
    k = k ? k->next : NULL;
    CHECK(k && k->spi_i.value == 1 && !k->sk_d.len && is_hex(k->sk_er, K32) && !k->next);
    const struct esp_key *e = keyring_esp(m->keyring);
    CHECK(e && e->spi == 0xc4e0ef54 && is_hex(e->encr, K16) && is_address(e->source, "192.0.2.2") && !e->esn &&
          e->integ_id == INTEG_HMAC_SHA1_96);
    e = e ? e->next : NULL;
    CHECK(e && e->spi == 0x9dffd57b && e->encr.at[0] == 0xff && is_address(e->source, "192.0.2.1") && !e->next);
    check_bad(in, (uint32_t[]){ 25 }, 1);
}

static void test_pluto(void)
{
    struct input *in = load(
        "Nov 24 23:24:39.123456: | ikev2 I 0x0102030405060708 0x1112131415161718 sha256:0x" K32 " aes128:0x" K16 "\n"
        "Nov 24 23:24:39.123456: | ikev2 R 0x0102030405060708 0x1112131415161718 sha256:0x" K32 " aes128:0x" K16 "\n"
        "Nov 24 23:24:39.123460: | our  keymat\n"
        "Nov 24 23:24:39.123461: |   00 11 22 33  44 55 66 77  88 99 aa bb  cc dd ee ff   ..\"3DUfw........\n"
        "Nov 24 23:24:39.123462: |   00 11 22 33  44 55 66 77  88 99 aa bb  cc dd ee ff   ..\"3DUfw........\n"
        "Nov 24 23:24:39.123463: |   01 23 45 67                                          .#Eg\n"
        "Nov 24 23:24:39.123464: | peer keymat  ff 11 22 33  44 55 66 77  88 99 aa bb  cc dd ee ff\n"
        "Nov 24 23:24:39.123465: |   00 11 22 33  44 55 66 77  88 99 aa bb  cc dd ee ff   01 23 45 67\n"
        "Nov 24 23:24:39.123466: |   01 23 45 67\n"
        "Nov 24 23:24:40.1: \"west\" #2: initiator established Child SA using #1; IPsec tunnel [192.0.1.0-192.0.1.255:0-65535 0] "
        "-> [192.0.2.0/24]"
        " {ESP/ESN=>0x45ab6ae2 <0x6ef6dd6e xfrm=AES_CBC_128-HMAC_SHA1_96 DPD=passive}\n"
        "Nov 24 23:24:41.1: | ESP enckey:  00 11 22 33  44 55 66 77  88 99 aa bb  cc dd ee ff\n"
        "Nov 24 23:24:41.1: |   01 23 45 67\n"
        "Nov 24 23:24:41.1: | ESP enckey:  ff 11 22 33  44 55 66 77  88 99 aa bb  cc dd ee ff\n"
        "Nov 24 23:24:41.1: |   01 23 45 67\n"
        "Nov 24 23:24:41.1: \"west\" #3: IPsec SA established tunnel mode {ESP=>0x00000003 <0x00000004 xfrm=AES_GCM_16_128-NONE "
        "NATOA=none}\n"
        "Nov 24 23:24:42.1: | calc_skeyseed_v2 initiator salt  ca fe ba be\n"
        "Nov 24 23:24:42.1: | calc_skeyseed_v2 responder salt\n"
        "Nov 24 23:24:42.1: |   de ad be ef   ....\n"
        "Nov 24 23:24:42.1: | ikev2 I 0x0102030405060709 0x1112131415161718 none:0x aes_gcm256:0x" K32 "\n"
        "Nov 24 23:24:42.1: | ikev2 R 0x0102030405060709 0x1112131415161718 none:0x aes_gcm256:0x" K32 "\n"
        "Nov 24 23:24:43.1: | ikev2 I 0x010203040506070a 0x1112131415161718 sha1:0x00zz aes128:0x" K16 "\n"
        "Nov 24 23:24:43.1: | ikev2 I 0x010203040506070b 0x1112131415161718 sha256 aes256\n");
    const struct ike_key *k = keyring_ike(m->keyring);
    CHECK(k && k->spi_r.value == 0x1112131415161718 && is_hex(k->sk_ai, K32) && is_hex(k->sk_er, K16) &&
          k->encr_id == ENCR_AES_CBC && k->integ_id == INTEG_HMAC_SHA2_256_128 && k->key_bits == 128);
    k = k ? k->next : NULL;
    CHECK(k && k->encr_id == ENCR_AES_GCM_16 && is_hex(k->sk_ei, K36) && is_hex(k->sk_er, K32 "deadbeef") && k->integ_none &&
          !k->next);
    const struct esp_key *e = keyring_esp(m->keyring);
    CHECK(e && e->spi == 0x6ef6dd6e && is_hex(e->encr, K16) && is_hex(e->integ, K20) && e->esn);
    e = e ? e->next : NULL;
    CHECK(e && e->spi == 0x45ab6ae2 && e->encr.at[0] == 0xff && is_hex(e->integ, K20));
    unsigned more = 0;
    for (e = e ? e->next : NULL; e; e = e->next, more++)
        CHECK(e->encr_id == ENCR_AES_GCM_16 && e->encr.len == 20 && !e->integ.len && (e->spi == 3 || e->spi == 4) && !e->esn);
    CHECK_NUMBER(more, 4); /* which is which, the ICV tells */
    check_bad(in, (uint32_t[]){ 21 }, 1);
}

static void test_tcpdump(void)
{
    struct input *in = load("0x12345678@192.0.2.45 3des-cbc-hmac96:0x000102030405060708090a0b0c0d0e0f1011121314151617\n"
                            "0x12345679@fd00::1 aes128-cbc:0x" K16
                            ",0x1234567a@192.0.2.46 3des-cbc-hmac96:0x000102030405060708090a0b0c0d0e0f1011121314151617\n"
                            "ikev2 I 0x0102030405060708 0x1112131415161718 sha1:0x" K20 " aes256:0x" K32 "\n"
                            "0x12345678@192.0.2.45 rc3-cbc:0x0011\n");
    const struct esp_key *k = keyring_esp(m->keyring);
    CHECK(k && k->encr_id == ENCR_3DES && k->integ_unchecked && k->icv_bits == 96 && !k->source.family &&
          is_address(k->destination, "192.0.2.45"));
    k = k ? k->next : NULL;
    CHECK(k && k->spi == 0x12345679 && k->encr_id == ENCR_AES_CBC && !k->integ_unchecked &&
          is_address(k->destination, "fd00::1"));
    k = k ? k->next : NULL;
    CHECK(k && k->spi == 0x1234567a && !k->next);
    const struct ike_key *i = keyring_ike(m->keyring);
    CHECK(i && is_hex(i->sk_ei, K32) && !i->sk_er.len && i->key_bits == 256); /* half an SA opens half of it */
    check_bad(in, (uint32_t[]){ 4 }, 1);
}

static void test_charon(void)
{
    struct input *in = load(
        "Nov 24 23:24:34 gw charon: 07[NET] <site|1> received packet: from 10.0.0.2[500] to 10.0.0.1[500] (472 bytes)\n"
        "Nov 24 23:24:34 gw charon: 07[ENC] <site|1> parsed IKE_SA_INIT response 0 [ SA KE No ]\n"
        "Nov 24 23:24:34 gw charon: 07[CFG2] <site|1> selected proposal: IKE:AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024\n"
        "Nov 24 23:24:34 gw charon: 07[IKE] <site|1> shared Diffie Hellman secret => 24 bytes @ 0x7f\n"
        "Nov 24 23:24:34 gw charon: 08[IKE] <site|2> Sk_d secret => 4 bytes @ 0x7f\n" /* another thread, between */
        "Nov 24 23:24:34 gw charon: 07[IKE] <site|1>    0: 00 11 22 33 44 55 66 77 88 99 AA BB CC DD EE FF  ..\"3DUfw........\n"
        "Nov 24 23:24:34 gw charon: 08[IKE] <site|2>    0: 01 02 03 04                                      ....\n"
        "Nov 24 23:24:34 gw charon: 07[IKE] <site|1>   16: 00 11 22 33 44 55 66 77                          ..\"3DUfw\n"
        "Nov 24 23:24:34 gw charon: 07[IKE] <site|1> Sk_d secret => 20 bytes @ 0x7f\n"
        "Nov 24 23:24:34 gw charon: 07[IKE] <site|1>    0: 00 11 22 33 44 55 66 77 88 99 AA BB CC DD EE FF  ..\"3DUfw........\n"
        "Nov 24 23:24:34 gw charon: 07[IKE] <site|1>   16: 01 23 45 67                                      .#Eg\n"
        "Nov 24 23:24:34 gw charon: 07[IKE] <site|1> Sk_ei secret => 16 bytes @ 0x7f\n"
        "   0: 00 11 22 33 44 55 66 77 88 99 AA BB CC DD EE FF  ..\"3DUfw........\n" /* a journal's continuation line */
        "Nov 24 23:24:34 gw charon: 07[IKE] <site|1> Sk_er secret => 16 bytes @ 0x7f\n"
        "Nov 24 23:24:34 gw charon: 07[IKE] <site|1>    0: 00 11 22 33 44 55 66 77 88 99 AA BB\n"
        "Nov 24 23:24:34 gw charon: 07[IKE] <site|1> natd_chunk => 22 bytes @ 0x7f\n"
        "Nov 24 23:24:34 gw charon: 07[IKE] <site|1>    0: 01 02 03 04 05 06 07 08 11 12 13 14 15 16 17 18  ................\n"
        "Nov 24 23:24:34 gw charon: 07[IKE] <site|1>   16: 0A 00 00 01 01 F4                                ......\n"
        "Nov 24 23:24:34 gw charon: 07[ENC] <site|1> generating IKE_AUTH request 1 [ IDi ]\n"
        "Nov 24 23:24:35 gw charon: 09[IKE] PPK => 4 bytes @ 0x7f\n"
        "Nov 24 23:24:35 gw charon: 09[IKE]    0: 70 70 6B 31                                      ppk1\n"
        "Nov 24 23:24:35 gw charon: 09[IKE] derive keys using PPK => 4 bytes @ 0x7f\n"
        "Nov 24 23:24:35 gw charon: 09[IKE]    0: 70 70 6B 31                                      ppk1\n"
        "Nov 24 23:24:35 gw charon: 09[IKE] Sk_pr secret => 16 bytes @ 0x7f\n");
    const struct ike_key *k = keyring_ike(m->keyring);
    CHECK(k && k->spi_i.value == 0x0102030405060708 && k->spi_r.value == 0x1112131415161718 && is_hex(k->sk_d, K20) &&
          is_hex(k->sk_ei, K16) && !k->sk_er.len);
    CHECK(k && k->encr_id == ENCR_AES_CBC && k->key_bits == 128 && k->integ_id == INTEG_HMAC_SHA1_96 &&
          k->prf_id == PRF_HMAC_SHA1);
    k = k ? k->next : NULL;
    CHECK(k && k->sk_d.len == 4 && !spi_known(k->spi_i) && !k->next);
    const struct dh_key *d = keyring_dh(m->keyring);
    CHECK(d && d->secret.len == 24 && d->spi_r.value == 0x1112131415161718 && !d->next);
    const struct ppk_key *q = keyring_ppk(m->keyring);
    CHECK(q && q->ppk.len == 4 && q->ppk.at[3] == '1' && !q->next); /* told at each use, kept once */
    check_bad(in, (uint32_t[]){ 14, 24 }, 2);
}

/* A rekey's outbound SA is registered, and installed later: what is told twice is not the next child's. */
static void test_charon_children(void)
{
#define CHARON "10:00:01 10[CHD] <site|1> "
#define CHARON_KEYS(i, r)                                                                                                        \
    CHARON "using AES_CBC for encryption\n" CHARON "encryption initiator key => 16 bytes @ 0x7f\n" CHARON "   0: " i             \
           " 11 22 33 44 55 66 77 88 99 AA BB CC DD EE FF  ................\n" CHARON                                            \
           "encryption responder key => 16 bytes @ 0x7f\n" CHARON "   0: " r                                                     \
           " 11 22 33 44 55 66 77 88 99 AA BB CC DD EE FF  ................\n"
    load("10:00:01 10[IKE] <site|1> natd_chunk => 22 bytes @ 0x7f\n"
         "10:00:01 10[IKE] <site|1> Sk_d secret => 4 bytes @ 0x7f\n"
         "10:00:01 10[IKE] <site|1>    0: 01 02 03 04                                      ....\n"
         "10:00:01 10[ENC] <site|1> parsed CREATE_CHILD_SA response 2 [ SA No TSi TSr ]\n" CHARON_KEYS("A1", "A2") CHARON
         "adding inbound ESP SA\n" CHARON "  SPI 0xc1000001, src 10.0.0.2 dst 10.0.0.1\n" CHARON
         "registering outbound ESP SA\n" CHARON "  SPI 0xc1000002, src 10.0.0.1 dst 10.0.0.2\n" CHARON
         "adding outbound ESP SA\n" CHARON "  SPI 0xc1000002, src 10.0.0.1 dst 10.0.0.2\n"
         "10:00:02 10[ENC] <site|1> parsed CREATE_CHILD_SA request 0 [ SA No TSi TSr ]\n" CHARON_KEYS("B1", "B2") CHARON
         "adding inbound ESP SA\n" CHARON "  SPI 0xc1000003, src 10.0.0.2 dst 10.0.0.1\n" CHARON
         "registering outbound ESP SA\n" CHARON "  SPI 0xc1000004, src 10.0.0.1 dst 10.0.0.2\n"
         "10:00:02 12[CHD] <site|1> adding outbound ESP SA\n"
         "10:00:02 12[CHD] <site|1>   SPI 0xc1000004, src 10.0.0.1 dst 10.0.0.2\n");
    static const struct {
        uint32_t spi;
        uint8_t key;
    } wanted[] = { { 0xc1000002, 0xa1 }, { 0xc1000001, 0xa2 }, { 0xc1000004, 0xb2 }, { 0xc1000003, 0xb1 } };
    const struct esp_key *e = keyring_esp(m->keyring);
    for (size_t i = 0; i < COUNT_OF(wanted); i++, e = e ? e->next : NULL)
        CHECK(e && e->spi == wanted[i].spi && e->encr.at[0] == wanted[i].key);
    CHECK(!e);
#undef CHARON_KEYS
#undef CHARON
}

static void test_psk(void)
{
    struct input *in = load_psk("hunter2\n");
    CHECK(found == 1 && keyring_psk(m->keyring)->psk.len == 7 && !keyring_psk(m->keyring)->id.at && !in->troubles);
    load_psk("\xef\xbb\xbf# keys\r\nr1.example hunter2\r\n10.0.0.1 0x00ff\r\n%any 0sAAEC\r\n\"one key with blanks\"\n");
    const struct psk_key *p = keyring_psk(m->keyring);
    CHECK(p && text_equal(p->id, TEXT("r1.example")) && p->psk.len == 7);
    p = p ? p->next : NULL;
    CHECK(p && is_address(p->address, "10.0.0.1") && p->psk.len == 2 && p->psk.at[1] == 0xff);
    p = p ? p->next : NULL;
    CHECK(p && !p->id.at && p->psk.len == 3 && p->psk.at[2] == 2);
    p = p ? p->next : NULL;
    CHECK(p && !p->id.at && p->psk.len == 19 && !p->next);
    in = load_psk(
        ": RSA key.pem\n10.0.0.1 @r2.example : PSK \"hunter 2\" # comment\n : PSK hunter3\nfd00::1 : PSK 0xzz\nr3 0x1\n");
    p = keyring_psk(m->keyring);
    CHECK(p && is_address(p->address, "10.0.0.1") && p->psk.len == 8);
    p = p ? p->next : NULL;
    CHECK(p && text_equal(p->id, TEXT("@r2.example")) && p->psk.len == 8);
    p = p ? p->next : NULL;
    CHECK(p && !p->id.at && p->psk.len == 7 && !p->next);
    check_bad(in, (uint32_t[]){ 4, 5 }, 2);
    /* whoever the other end is: a key for nobody but who is named, or for all */
    load_psk("10.0.0.1 %any : PSK \"one\"\n%any 0.0.0.0 : PSK \"three\"\n:: seven77\n");
    p = keyring_psk(m->keyring);
    CHECK(p && is_address(p->address, "10.0.0.1") && p->psk.len == 3);
    for (size_t len = 5; len <= 7; len += 2) {
        p = p ? p->next : NULL;
        CHECK(p && !p->id.at && p->address.family == ADDRESS_NONE && p->psk.len == len);
    }
    CHECK(p && !p->next);
    /* a configuration's words are no keys */
    in = load_psk("secrets {\n ike-1 { id-1 = r1.example\n secret = \"hunter2\" }\n}\n{\"type\":\"psk\"}\nr1.example hunter2\n");
    CHECK_NUMBER(found, 1);
    check_bad(in, (uint32_t[]){ 1, 2, 3, 4, 5 }, 5);
    load_psk("\n\n# nothing\n");
    CHECK_NUMBER(found, 0);
}

static void test_mixture(void)
{
    /* Several formats after one another, and lines of nobody between. */
    load("23:24:35 16[IKE] initiating IKE_SA site[1] to 10.0.0.2\n"
         "0102030405060708,1112131415161718," K16 "," K16 ",\"AES-CBC-128 [RFC3602]\"," K20 "," K20
         ",\"HMAC_SHA1_96 [RFC2404]\"\n"
         "root@gw:~# ip xfrm state\n"
         "src 10.0.0.1 dst 10.0.0.2\n"
         "\tproto esp spi 0xc0ffee01 reqid 1 mode tunnel\n"
         "\tenc cbc(aes) 0x" K16 "\n"
         "root@gw:~# exit\n"
         "{\"type\":\"psk\",\"psk\":\"x\"}\n");
    CHECK_NUMBER(found, 3);
    /* An overlong line costs itself and shifts no number. */
    static char big[200001];
    memset(big, 'x', sizeof big - 1);
    snprintf(big + 200000 - 60, 60, "\n{\"type\":\"psk\"}\n{\"type\":\"psk\",\"psk\":\"x\"}");
    struct input *in = load(big);
    CHECK_NUMBER(found, 1);
    check_bad(in, (uint32_t[]){ 2 }, 1);
}

static void test_recognise(void)
{
    static const char *const yes[] = {
        "{\"type\": \"ike\",\"spi_i\":\"00\"}",
        "{\"spi_i\":\"00\",\"type\":\"esp\"}",
        "\"IPv4\",\"*\",\"*\",\"*\",\"NULL\",\"\",\"NULL\",\"\"",
        "0102030405060708,1112131415161718,,,\"NULL [RFC2410]\",,,\"NONE [RFC4306]\"",
        "src 10.0.0.1 dst 10.0.0.2\n\tproto esp spi 0xc0ffee01 reqid 1 mode tunnel",
        "192.0.2.1 198.51.100.2\n\tesp mode=tunnel spi=1(0x1) reqid=0(0x0)",
        ("  dec: spi=24c2ab68 esp=aes key=16 " K16),
        " iip 192.0.2.2 ispi f717b0cbd17e27c3 rip 192.0.2.1 rspi e9b7af7fc9b13361",
        "x: | ikev2 I 0x0102030405060708 0x11 sha1:0x00 aes:0x00",
        "0x12345678@192.0.2.45 3des-cbc-hmac96:0x00",
        "23:24:35 12[IKE] Sk_d secret => 32 bytes @ 0x7f",
    };
    static const char *const no[] = {
        "",
        "hello",
        "*Nov 11 19:30:34.811: IKEv2:Got a packet from dispatcher",
        "{\"type\":\"event\",\"kind\":\"ike\"}",
        "{\"a\":1}",
        "src 10.0.0.0/8 dst 10.0.0.0/8",
        "crypto ikev2 keyring K\n peer R2\n  pre-shared-key hunter2",
        "interface: Tunnel0\n  inbound esp sas:\n  spi: 0x1(1)",
    };
    for (size_t i = 0; i < COUNT_OF(yes); i++) {
        CHECK(keyfile_recognise(bytes_of_text(text_of(yes[i]))));
        if (!keyfile_recognise(bytes_of_text(text_of(yes[i]))))
            fprintf(stderr, "not recognised: %s\n", yes[i]);
    }
    for (size_t i = 0; i < COUNT_OF(no); i++)
        CHECK(!keyfile_recognise(bytes_of_text(text_of(no[i]))));
}

static void test_permissions(void)
{
    char path[] = "keyfile-test-XXXXXX";
    int fd = mkstemp(path);
    CHECK(fd >= 0);
    CHECK(fchmod(fd, 0600) == 0 && !keyfile_others_can_read(path));
    CHECK(fchmod(fd, 0640) == 0 && keyfile_others_can_read(path));
    CHECK(fchmod(fd, 0604) == 0 && keyfile_others_can_read(path));
    close(fd);
    unlink(path);
    CHECK(!keyfile_others_can_read(path) && !keyfile_others_can_read("."));
}

/* The lines of a key file are kept out of swap and core dumps like the keys. */
static void test_lines_hidden(void)
{
    struct limits limits = { .input = 0 };
    struct keyring *ring = keyring_create(&limits);
    struct source *from = source_over(bytes_of_text(TEXT("a key\n")));
    struct key_lines l = key_lines_over(from, ring);
    struct text line;
    CHECK(key_lines_next(&l, &line) && text_equal(line, TEXT("a key")));
    check_hidden(line.at);
    key_lines_end(&l);
    source_close(from);
    keyring_destroy(ring);
}

/* Where little may be locked, it is the keys: in a process of its own, which nobody gives the right to lock more. */
static void test_keys_first(void)
{
    enum { LITTLE = 1 << 16, NOBODY = 65534, NOT_TOLD = 77 };
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        const struct rlimit little = { LITTLE, LITTLE };
        char flags[512];
        if (!can_lock(LITTLE) || (geteuid() == 0 && setuid(NOBODY) != 0) || setrlimit(RLIMIT_MEMLOCK, &little) != 0)
            _exit(NOT_TOLD);
        load_psk("a key\n");
        if (!flags_of(keyring_psk(m->keyring)->psk.at, flags, sizeof flags))
            _exit(NOT_TOLD);
        _exit(strstr(flags, " lo ") ? 0 : 1);
    }
    int status = 1;
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0 || (WEXITSTATUS(status) == NOT_TOLD && puts("not looked at: who may lock what")));
}

int main(void)
{
    test_jsonl();
    test_wireshark_ike();
    test_wireshark_esp();
    test_ip_xfrm();
    test_setkey();
    test_fortigate();
    test_vpp();
    test_pluto();
    test_tcpdump();
    test_charon();
    test_charon_children();
    test_psk();
    test_mixture();
    test_recognise();
    test_permissions();
    test_lines_hidden();
    test_keys_first();
    model_destroy(m);
    return TEST_REPORT();
}
