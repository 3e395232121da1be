/* What the data of a notify means, by its type. The octets themselves are recorded by decoder/payloads/notify.c; where
 * they fall short of their meaning, that fact is all there is. */
#include "base/crypto.h"
#include "base/limits.h"
#include "decoder/payload.h"

static void read_critical(struct fields *f)
{
    field_code(f, "payload_type", 1, REGISTRY_PAYLOAD);
}
static void read_version(struct fields *f)
{
    field_number(f, "version", 1);
}
static void read_message_id(struct fields *f)
{
    field_number(f, "message_id", 4);
}
static void read_window(struct fields *f)
{
    field_number(f, "window", 4);
}
static void read_cookie(struct fields *f)
{
    field_rest(f, "cookie");
}
static void read_lifetime(struct fields *f)
{
    field_number(f, "lifetime", 4);
}
static void read_token(struct fields *f)
{
    field_rest(f, "token");
}
static void read_ticket(struct fields *f)
{
    field_rest(f, "ticket");
}
static void read_link(struct fields *f)
{
    field_rest(f, "link");
}
static void read_packet(struct fields *f)
{
    field_rest(f, "packet");
}
static void read_domain(struct fields *f)
{
    field_rest_text(f, "domain");
}
static void read_no_ppk_auth(struct fields *f)
{
    field_rest(f, "auth");
}

static void read_invalid_spi(struct fields *f)
{
    if (field_left(f) == 4)
        field_octets(f, "invalid_spi", 4);
}

static void read_group(struct fields *f)
{
    struct cursor here = f->in;
    unsigned group = cursor_u16(&here);
    field_number(f, "group", 2);
    if (cursor_ok(&here) && registry_name(REGISTRY_KE, group))
        fact_code(&f->out, "group_name", REGISTRY_KE, group);
}

static void read_ipcomp(struct fields *f)
{
    field_number(f, "cpi", 2);
    field_code(f, "transform", 1, REGISTRY_IPCOMP);
    field_rest(f, "attributes");
}

static void read_address4(struct fields *f)
{
    field_address(f, "address", 4);
}
static void read_address6(struct fields *f)
{
    field_address(f, "address", 16);
}

/* SHA-1(SPIi | SPIr | address | port), RFC 7296 section 2.23: recomputed where the packet's own address is known. A
 * sender may send several NAT_DETECTION_SOURCE_IP; one match is enough, which is for analysis to say. */
static void judge_nat(struct fields *f, struct endpoint seen)
{
    enum { HASH = 20 };
    uint8_t hash[CRYPTO_DIGEST], port[2] = { (uint8_t)(seen.port >> 8), (uint8_t)seen.port }, spis[16];
    struct bytes said = field_octets(f, "hash", HASH);
    size_t length = address_length(seen.address);
    if (f->in.failed || !length || !seen.port)
        return;
    for (unsigned i = 0; i < 8; i++) {
        spis[i] = (uint8_t)(f->message->spi_i.value >> (56 - 8 * i));
        spis[8 + i] = (uint8_t)(f->message->spi_r.value >> (56 - 8 * i));
    }
    struct bytes parts[] = { bytes_over(spis, sizeof spis), bytes_over(seen.address.octets, length),
                             bytes_over(port, sizeof port) };
    if (hash_of(HASH_SHA1, parts, 3, hash) == HASH)
        fact_text(&f->out, "verdict", memcmp(said.at, hash, HASH) == 0 ? TEXT("matches") : TEXT("differs"));
}
static void read_nat_source(struct fields *f)
{
    judge_nat(f, f->message->source);
}
static void read_nat_destination(struct fields *f)
{
    judge_nat(f, f->message->destination);
}

enum { GATEWAY_IPV4 = 1, GATEWAY_IPV6 = 2, GATEWAY_FQDN = 3 }; /* REGISTRY_GATEWAY */

/* gateway identity type | length | identity | nonce: RFC 5685 sections 8.2 and 8.3 */
static void read_redirect(struct fields *f)
{
    unsigned type = (unsigned)field_code(f, "gateway_type", 1, REGISTRY_GATEWAY);
    size_t length = (size_t)field_number(f, NULL, 1);
    if ((type == GATEWAY_IPV4 && length == 4) || (type == GATEWAY_IPV6 && length == 16))
        field_address(f, "gateway", length);
    else if (type == GATEWAY_FQDN)
        field_text(f, "gateway", length);
    else
        field_octets(f, "gateway", length);
    field_rest(f, "nonce");
}

static void read_ticket_lifetime(struct fields *f)
{
    field_number(f, "lifetime", 4);
    field_rest(f, "ticket");
}

/* Attributes as in a transform: type with the top bit says that two octets of value follow. RFC 5857 section 3.1.2 */
static void read_rohc(struct fields *f)
{
    struct fields list = field_inner(f, fact_list(&f->out, "attributes"), field_left(f));
    for (size_t count = 0; field_more(&list) && !field_full(&list, count, OVER_ATTRIBUTES); count++) {
        struct cursor here = list.in;
        unsigned type = cursor_u16(&here);
        size_t length = type & 0x8000 ? 0 : cursor_u16(&here);
        size_t size = type & 0x8000 ? 4 : 4 + length;
        if (!cursor_ok(&here) || size > field_left(&list)) {
            list.in.failed = true;
            break;
        }
        struct fields one = field_inner(&list, fact_group(&list.out, NULL), size);
        fact_number(&one.out, "attribute", type & 0x7fffu);
        field_number(&one, NULL, 2);
        if (type & 0x8000) {
            field_number(&one, "value", 2);
        } else {
            field_number(&one, NULL, 2);
            field_rest(&one, "value");
        }
        field_done(&list, &one);
    }
    field_done(f, &list);
}

/* RFC 6311 section 4.1 */
static void read_id_sync(struct fields *f)
{
    field_octets(f, "nonce", 4);
    field_number(f, "expected_send", 4);
    field_number(f, "expected_receive", 4);
}

static void read_replay_sync(struct fields *f)
{
    field_number(f, "counter", field_left(f) == 8 ? 8 : 4);
}

static void read_methods(struct fields *f)
{
    static const char *const names[] = { NULL, "PACE", "AugPAKE", "Secure PSK Authentication" };
    struct fields list = field_inner(f, fact_list(&f->out, "methods"), field_left(f));
    for (size_t count = 0; field_left(&list) >= 2 && !field_full(&list, count, OVER_ATTRIBUTES); count++) {
        struct cursor here = list.in;
        unsigned method = cursor_u16(&here);
        bool known = method > 0 && method < COUNT_OF(names);
        field_number(&list, NULL, 2);
        if (known)
            fact_text(&list.out, NULL, text_of(names[method]));
        else
            fact_number(&list.out, NULL, method);
    }
    field_done(f, &list);
}

static void read_hashes(struct fields *f)
{
    struct fields list = field_inner(f, fact_list(&f->out, "hashes"), field_left(f));
    for (size_t count = 0; field_more(&list) && !field_full(&list, count, OVER_ATTRIBUTES); count++)
        field_code(&list, "", 2, REGISTRY_HASH);
    field_done(f, &list);
}

static void read_puzzle(struct fields *f)
{
    struct cursor here = f->in;
    unsigned prf = cursor_u16(&here);
    if (cursor_ok(&here))
        fact_code(&f->out, "prf", REGISTRY_PRF, prf);
    field_number(f, NULL, 2);
    field_number(f, "difficulty", 1);
    field_rest(f, NULL);
}

static void read_ppk_id(struct fields *f, size_t behind)
{
    unsigned type = (unsigned)field_number(f, "ppk_id_type", 1);
    if (type == 1 || type == 2)
        fact_text(&f->out, "ppk_id_type_name", type == 1 ? TEXT("PPK_ID_OPAQUE") : TEXT("PPK_ID_FIXED"));
    if (field_left(f) < behind) {
        f->in.failed = true;
        return;
    }
    size_t length = field_left(f) - behind;
    struct text id = text_over((const char *)f->in.left.at, length);
    if (length && text_printable(id))
        field_text(f, "ppk_id", length);
    else
        field_octets(f, "ppk_id", length);
}
static void read_ppk_identity(struct fields *f)
{
    read_ppk_id(f, 0);
}

/* RFC 9867: the identity, and eight octets that prove the key */
static void read_ppk_identity_key(struct fields *f)
{
    read_ppk_id(f, 8);
    field_octets(f, "confirmation", 8);
}

static void read_aggfrag(struct fields *f)
{
    unsigned flags = (unsigned)field_number(f, "flags", 1);
    if (!f->in.failed) {
        fact_bool(&f->out, "dont_fragment", (flags & 1) != 0);
        fact_bool(&f->out, "congestion_control", (flags & 2) != 0);
    }
}

/* Announcements: length | method | authority's place in CERTREQ, where it counts | algorithm identifier. RFC 9593 */
static void read_auth_methods(struct fields *f)
{
    struct fields list = field_inner(f, fact_list(&f->out, "methods"), field_left(f));
    for (size_t count = 0; field_more(&list) && !field_full(&list, count, OVER_ATTRIBUTES); count++) {
        struct cursor here = list.in;
        size_t length = cursor_u8(&here);
        if (length < 2 || length > field_left(&list)) {
            list.in.failed = true;
            break;
        }
        struct fields one = field_inner(&list, fact_group(&list.out, NULL), length);
        field_number(&one, NULL, 1);
        field_code(&one, "method", 1, REGISTRY_AUTH);
        if (field_more(&one))
            field_number(&one, "authority", 1);
        field_rest(&one, "algorithm");
        field_done(&list, &one);
    }
    field_done(f, &list);
}

static const struct meaning {
    uint16_t type;
    void (*read)(struct fields *f);
} meanings[] = {
    { NOTIFY_UNSUPPORTED_CRITICAL_PAYLOAD, read_critical },
    { NOTIFY_INVALID_MAJOR_VERSION, read_version },
    { NOTIFY_INVALID_MESSAGE_ID, read_message_id },
    { NOTIFY_INVALID_SPI, read_invalid_spi },
    { NOTIFY_INVALID_KE_PAYLOAD, read_group },
    { NOTIFY_INVALID_SELECTORS, read_packet },
    { NOTIFY_USE_ASSIGNED_HOA, read_address6 },
    { NOTIFY_SET_WINDOW_SIZE, read_window },
    { NOTIFY_IPCOMP_SUPPORTED, read_ipcomp },
    { NOTIFY_NAT_DETECTION_SOURCE_IP, read_nat_source },
    { NOTIFY_NAT_DETECTION_DESTINATION_IP, read_nat_destination },
    { NOTIFY_COOKIE, read_cookie },
    { NOTIFY_ADDITIONAL_IP4_ADDRESS, read_address4 },
    { NOTIFY_ADDITIONAL_IP6_ADDRESS, read_address6 },
    { NOTIFY_COOKIE2, read_cookie },
    { NOTIFY_AUTH_LIFETIME, read_lifetime },
    { NOTIFY_REDIRECT, read_redirect },
    { NOTIFY_REDIRECTED_FROM, read_redirect },
    { NOTIFY_TICKET_LT_OPAQUE, read_ticket_lifetime },
    { NOTIFY_TICKET_OPAQUE, read_ticket },
    { NOTIFY_LINK_ID, read_link },
    { NOTIFY_ROHC_SUPPORTED, read_rohc },
    { NOTIFY_QUICK_CRASH_DETECTION, read_token },
    { NOTIFY_IKEV2_MESSAGE_ID_SYNC, read_id_sync },
    { NOTIFY_IPSEC_REPLAY_COUNTER_SYNC, read_replay_sync },
    { NOTIFY_SECURE_PASSWORD_METHODS, read_methods },
    { NOTIFY_ERX_SUPPORTED, read_domain },
    { NOTIFY_SIGNATURE_HASH_ALGORITHMS, read_hashes },
    { NOTIFY_PUZZLE, read_puzzle },
    { NOTIFY_PPK_IDENTITY, read_ppk_identity },
    { NOTIFY_NO_PPK_AUTH, read_no_ppk_auth },
    { NOTIFY_ADDITIONAL_KEY_EXCHANGE, read_link },
    { NOTIFY_USE_AGGFRAG, read_aggfrag },
    { NOTIFY_SUPPORTED_AUTH_METHODS, read_auth_methods },
    { NOTIFY_PPK_IDENTITY_KEY, read_ppk_identity_key },
};

enum { PRIVATE_ERROR = 8192 };

void read_notify_data(struct fields *f, unsigned notify_type)
{
    for (size_t i = 0; i < COUNT_OF(meanings); i++) {
        if (meanings[i].type == notify_type) {
            meanings[i].read(f);
            return;
        }
    }
    /* Vendors' own often say it in words. */
    bool private_use = (notify_type >= PRIVATE_ERROR && notify_is_error(notify_type)) || notify_type >= NOTIFY_PRIVATE_STATUS;
    struct text words = text_of_bytes(f->in.left);
    if (private_use && words.len >= 4 && text_printable(words))
        field_rest_text(f, "text");
}
