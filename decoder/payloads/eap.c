/* EAP payload - RFC 7296 section 3.16; the packet is RFC 3748's, the methods each their own RFC's.
 *
 *   code | identifier | length (2) | type | the method's data
 *
 * A response of GTC or of a one-time password is a password in clear: only its length is recorded. */
#include "base/limits.h"
#include "decoder/payload.h"

/* ENTRY(number, name), one a line: clang-format would never settle on lists of several a line. */
// clang-format off
#define MSCHAPV2_OPCODES(ENTRY) \
    ENTRY(1, "Challenge") \
    ENTRY(2, "Response") \
    ENTRY(3, "Success") \
    ENTRY(4, "Failure") \
    ENTRY(7, "Change-Password")
#define AKA_SUBTYPES(ENTRY) \
    ENTRY(1, "AKA-Challenge") \
    ENTRY(2, "AKA-Authentication-Reject") \
    ENTRY(4, "AKA-Synchronization-Failure") \
    ENTRY(5, "AKA-Identity") \
    ENTRY(10, "SIM-Start") \
    ENTRY(11, "SIM-Challenge") \
    ENTRY(12, "Notification") \
    ENTRY(13, "Re-authentication") \
    ENTRY(14, "Client-Error")
#define AKA_ATTRIBUTES(ENTRY) \
    ENTRY(1, "AT_RAND") \
    ENTRY(2, "AT_AUTN") \
    ENTRY(3, "AT_RES") \
    ENTRY(4, "AT_AUTS") \
    ENTRY(6, "AT_PADDING") \
    ENTRY(7, "AT_NONCE_MT") \
    ENTRY(10, "AT_PERMANENT_ID_REQ") \
    ENTRY(11, "AT_MAC") \
    ENTRY(12, "AT_NOTIFICATION") \
    ENTRY(13, "AT_ANY_ID_REQ") \
    ENTRY(14, "AT_IDENTITY") \
    ENTRY(15, "AT_VERSION_LIST") \
    ENTRY(16, "AT_SELECTED_VERSION") \
    ENTRY(17, "AT_FULLAUTH_ID_REQ") \
    ENTRY(19, "AT_COUNTER") \
    ENTRY(20, "AT_COUNTER_TOO_SMALL") \
    ENTRY(21, "AT_NONCE_S") \
    ENTRY(22, "AT_CLIENT_ERROR_CODE") \
    ENTRY(23, "AT_KDF_INPUT") \
    ENTRY(24, "AT_KDF") \
    ENTRY(129, "AT_IV") \
    ENTRY(130, "AT_ENCR_DATA") \
    ENTRY(132, "AT_NEXT_PSEUDONYM") \
    ENTRY(133, "AT_NEXT_REAUTH_ID") \
    ENTRY(134, "AT_CHECKCODE") \
    ENTRY(135, "AT_RESULT_IND") \
    ENTRY(136, "AT_BIDDING") \
    ENTRY(137, "AT_IPMS_IND") \
    ENTRY(138, "AT_IPMS_RES") \
    ENTRY(139, "AT_TRUST_IND") \
    ENTRY(152, "AT_PUB_ECDHE")
// clang-format on

struct word {
    unsigned number;
    const char *name;
};
#define ENTRY(number, name) { number, name },
static const struct word mschapv2_opcodes[] = { MSCHAPV2_OPCODES(ENTRY){ 0, NULL } };
static const struct word aka_subtypes[] = { AKA_SUBTYPES(ENTRY){ 0, NULL } };
static const struct word aka_attributes[] = { AKA_ATTRIBUTES(ENTRY){ 0, NULL } };
#undef ENTRY

static void put_word(struct fields *f, const char *name, const struct word *words, unsigned number)
{
    for (const struct word *w = words; w->name; w++)
        if (w->number == number && !f->in.failed)
            fact_text(&f->out, name, text_of(w->name));
}

static void read_identity_method(struct fields *f, unsigned code)
{
    if (code == EAPCODE_RESPONSE)
        field_rest_text(f, "identity");
    else
        field_rest_text(f, "message");
}

static void read_notification(struct fields *f, unsigned code)
{
    (void)code;
    field_rest_text(f, "message");
}

static void read_nak(struct fields *f, unsigned code)
{
    (void)code;
    struct fields list = field_inner(f, fact_list(&f->out, "desired"), field_left(f));
    for (size_t count = 0; field_more(&list) && !field_full(&list, count, OVER_ATTRIBUTES); count++)
        field_code(&list, "", 1, REGISTRY_EAP);
    field_done(f, &list);
}

static void read_md5(struct fields *f, unsigned code)
{
    size_t size = (size_t)field_number(f, NULL, 1);
    field_octets(f, code == EAPCODE_REQUEST ? "challenge" : "response", size);
    field_rest_text(f, "name");
}

/* A password: how long it is, or what holds it. */
static void hide(struct fields *f)
{
    if (!f->in.failed)
        fact_number(&f->out, "password_length", field_left(f));
    field_rest(f, NULL);
}

static void read_gtc(struct fields *f, unsigned code)
{
    if (code == EAPCODE_REQUEST) {
        field_rest_text(f, "message");
        return;
    }
    hide(f);
}

/* opcode | MS-CHAPv2-ID | MS-Length (2) | by opcode; a response to success or failure is the opcode alone */
static void read_mschapv2(struct fields *f, unsigned code)
{
    unsigned opcode = (unsigned)field_number(f, "opcode", 1);
    put_word(f, "opcode_name", mschapv2_opcodes, opcode);
    if (!field_more(f))
        return;
    field_number(f, "ms_id", 1);
    field_number(f, NULL, 2);
    if (opcode == 1 && code == EAPCODE_REQUEST) {
        size_t size = (size_t)field_number(f, NULL, 1);
        field_octets(f, "challenge", size);
        field_rest_text(f, "name");
    } else if (opcode == 2) {
        size_t size = (size_t)field_number(f, NULL, 1);
        field_octets(f, "response", size);
        field_rest_text(f, "name");
    } else if (opcode == 3 || opcode == 4) {
        field_rest_text(f, "message"); /* "S=… M=…", "E=691 R=0 C=… V=3 M=…" */
    } else {
        field_rest(f, "value");
    }
}

/* TLS, TTLS, PEAP, FAST, TEAP: flags L M S R R version(3), the length where L is set, a piece of TLS. */
static void read_tls(struct fields *f, unsigned code)
{
    (void)code;
    unsigned flags = (unsigned)field_number(f, "flags", 1);
    if (f->in.failed)
        return;
    fact_bool(&f->out, "start", (flags & 0x20) != 0);
    fact_bool(&f->out, "more_fragments", (flags & 0x40) != 0);
    if (flags & 0x80)
        field_number(f, "tls_length", 4);
    field_rest(f, "tls");
}

/* subtype | reserved (2) | attributes, each: type | length in words of four | value */
static void read_aka(struct fields *f, unsigned code)
{
    (void)code;
    unsigned subtype = (unsigned)field_number(f, "subtype", 1);
    put_word(f, "subtype_name", aka_subtypes, subtype);
    field_number(f, NULL, 2);
    if (!field_more(f))
        return;
    struct fields list = field_inner(f, fact_list(&f->out, "attributes"), field_left(f));
    for (size_t count = 0; field_more(&list) && !field_full(&list, count, OVER_ATTRIBUTES); count++) {
        struct cursor here = list.in;
        unsigned type = cursor_u8(&here);
        size_t length = cursor_u8(&here) * (size_t)4;
        if (!cursor_ok(&here) || !length || length > field_left(&list)) {
            list.in.failed = true;
            break;
        }
        struct fields one = field_inner(&list, fact_group(&list.out, NULL), length);
        field_number(&one, "attribute", 1);
        put_word(&one, "name", aka_attributes, type);
        field_number(&one, NULL, 1);
        if (type == 14) { /* AT_IDENTITY: actual length, identity, padding */
            size_t size = (size_t)field_number(&one, NULL, 2);
            field_text(&one, "identity", size);
            field_rest(&one, NULL);
        } else {
            field_rest(&one, "value");
        }
        field_done(&list, &one);
    }
    field_done(f, &list);
}

/* vendor (3) | vendor's type (4) | data: RFC 3748 section 5.7 */
static void read_expanded(struct fields *f, unsigned code)
{
    struct cursor here = f->in;
    unsigned vendor = (unsigned)cursor_number(&here, 3), type = cursor_u32(&here);
    field_number(f, "vendor_id", 3);
    field_number(f, "vendor_type", 4);
    if (cursor_ok(&here) && vendor == 0x5597 && type == 1)
        fact_text(&f->out, "method", TEXT("EAP-TNC"));
    /* Cisco's AnyConnect answers in XML, with the password in clear. */
    if (code == EAPCODE_RESPONSE && text_has(text_of_bytes(f->in.left), TEXT("password")))
        hide(f);
    else
        field_rest(f, "value");
}

static const struct method {
    uint8_t type;
    void (*read)(struct fields *f, unsigned code);
} methods[] = {
    { EAP_IDENTITY, read_identity_method },
    { EAP_NOTIFICATION, read_notification },
    { EAP_NAK, read_nak },
    { EAP_MD5, read_md5 },
    { EAP_OTP, read_gtc },
    { EAP_GTC, read_gtc },
    { EAP_TLS, read_tls },
    { EAP_TTLS, read_tls },
    { EAP_PEAP, read_tls },
    { EAP_FAST, read_tls },
    { EAP_TEAP, read_tls },
    { EAP_SIM, read_aka },
    { EAP_AKA, read_aka },
    { EAP_AKA_PRIME, read_aka },
    { EAP_MSCHAPV2, read_mschapv2 },
    { EAP_CISCO_MSCHAPV2, read_mschapv2 },
    { EAP_EXPANDED, read_expanded },
};

static void read_method(struct fields *f, unsigned type, unsigned code)
{
    for (size_t i = 0; i < COUNT_OF(methods); i++)
        if (methods[i].type == type)
            methods[i].read(f, code);
    if (field_more(f))
        field_rest(f, "data");
}

static void read_eap(struct fields *f)
{
    unsigned code = (unsigned)field_code(f, "code", 1, REGISTRY_EAPCODE);
    field_number(f, "identifier", 1);
    size_t length = (size_t)field_number(f, NULL, 2);
    if (!f->in.failed && length != field_left(f) + 4)
        field_odd(f);
    if (!field_more(f))
        return; /* success, failure */
    unsigned type = (unsigned)field_code(f, "eap_type", 1, REGISTRY_EAP);
    if (field_more(f))
        read_method(f, type, code);
}

const struct payload_decoder payload_eap = { { PAYLOAD_EAP }, read_eap };
