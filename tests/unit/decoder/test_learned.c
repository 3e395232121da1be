/* What keys and proofs need of a message is read from its octets, payload by payload; what does not fit is left. */
#include <stdlib.h>

#include "decoder/session_parts.h"
#include "test.h"

static size_t octets_of(const char *hex, uint8_t *out)
{
    size_t n = 0;
    for (; *hex; hex += 2) {
        while (*hex == ' ')
            hex++;
        out[n++] = (uint8_t)strtoul((const char[]){ hex[0], hex[1], '\0' }, NULL, 16);
    }
    return n;
}

static void tell(struct buffer *out, const char *name, struct bytes b)
{
    if (b.len) {
        buffer_format(out, "%s=", name);
        buffer_hex(out, b);
        buffer_byte(out, ' ');
    }
}

static void say(struct buffer *out, const char *name, bool said)
{
    if (said)
        buffer_format(out, "%s ", name);
}

static void words_of(const struct learned *l, struct buffer *out)
{
    if (l->group || l->auth_method)
        buffer_format(out, "%u ", (unsigned)(l->group ? l->group : l->auth_method));
    tell(out, "ke", l->ke);
    tell(out, "nonce", l->nonce);
    tell(out, "idi", l->idi);
    tell(out, "idr", l->idr);
    tell(out, "auth", l->auth);
    tell(out, "cert", l->cert);
    say(out, "cert_elsewhere", l->has_cert && !l->cert.len);
    tell(out, "ppk_id", l->ppk_id);
    tell(out, "no_ppk_auth", l->no_ppk_auth);
    say(out, "eap", l->eap);
    say(out, "transport", l->transport);
    say(out, "link", l->link);
    out->len -= out->len > 0;
}

static void each_payload(void)
{
    static const struct {
        uint8_t first;
        const char *octets, *learned;
    } rows[] = {
        { PAYLOAD_KE, "00000009 0113 0000 aa", "275 ke=aa" },
        { PAYLOAD_KE, "00000008 0013 0000", "19" },
        { PAYLOAD_KE, "00000007 0013 00", "" },
        { PAYLOAD_NONCE, "00000006 beef", "nonce=beef" },
        { PAYLOAD_IDI, "24000006 0201 00000006 0304", "idi=0201 idr=0304" },
        { PAYLOAD_AUTH, "0000000a 02000000 abcd", "2 auth=abcd" },
        { PAYLOAD_AUTH, "00000007 020000", "" },
        /* the first certificate is the sender's own, be it only pointed at; lists of revoked ones are none */
        { PAYLOAD_CERT, "25000006 0430 00000006 0431", "cert=30" },
        { PAYLOAD_CERT, "25000006 0c30 00000006 0431", "cert_elsewhere" },
        { PAYLOAD_CERT, "25000006 0130 00000006 0431", "cert_elsewhere" },
        { PAYLOAD_CERT, "25000006 0730 00000006 0431", "cert=31" },
        { PAYLOAD_CERT, "25000006 0e30 00000006 0f31", "cert=31" },
        { PAYLOAD_CERT, "25000005 04 00000006 0431", "cert=31" },
        { PAYLOAD_CERT, "25000004 00000006 0431", "cert=31" },
        { PAYLOAD_EAP, "00000008 03010004", "eap" },
        { PAYLOAD_NOTIFY, "00000008 00004007", "transport" },
        { PAYLOAD_NOTIFY, "0000000c 03044007 00005000", "transport" },
        { PAYLOAD_NOTIFY, "0000000a 03044007 0000", "" }, /* its SPI is cut */
        { PAYLOAD_NOTIFY, "00000007 000040", "" },
        { PAYLOAD_NOTIFY, "0000000b 00004034 026d65", "ppk_id=026d65" },
        { PAYLOAD_NOTIFY, "00000008 00004034", "ppk_id=00004034" }, /* the responder names none, and confirms it */
        { PAYLOAD_NOTIFY, "0000000c 02044035 00000001", "" },
        { PAYLOAD_NOTIFY, "0000000e 02044035 00000001 aabb", "no_ppk_auth=aabb" },
        { PAYLOAD_NOTIFY, "00000009 00004039 01", "link" },
        { PAYLOAD_NOTIFY, "00000008 0000000e", "" },
        { PAYLOAD_NOTIFY, "00000008 00004000", "" },
        { PAYLOAD_VENDOR, "28000005 01 00000005 aa", "nonce=aa" },
        { PAYLOAD_NONE, "00000005 aa", "" },
        /* a length that cannot be, or is not there, ends it; what came before it counts */
        { PAYLOAD_NONCE, "24000005 aa 00000005", "nonce=aa" },
        { PAYLOAD_NONCE, "24000005 aa 00000003 02", "nonce=aa" },
        { PAYLOAD_NONCE, "24000005 aa", "nonce=aa" },
        { PAYLOAD_VENDOR, "28000004 00000006 0102", "nonce=0102" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t octets[64];
        const struct message m = { .version = 0x20 };
        struct learned l;
        struct buffer said;
        buffer_init(&said, 1000);
        learned_read(&m, rows[i].first, bytes_over(octets, octets_of(rows[i].octets, octets)), &l);
        words_of(&l, &said);
        CHECK_TEXT(buffer_view(&said), rows[i].learned);
        buffer_clear(&said);
    }
}

int main(void)
{
    each_payload();
    return TEST_REPORT();
}
