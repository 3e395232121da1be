#include "parser/packet.h"

#include "base/limits.h"
#include "parser/names.h"
#include "parser/scan.h"

void packet_clear(struct packet *p)
{
    arena_destroy(p->arena);
    memory_free(p->octets);
    *p = (struct packet){ 0 };
}

void packet_begin(struct packet *p)
{
    struct arena *arena = p->arena ? p->arena : arena_create();
    uint8_t *octets = p->octets;
    size_t room = p->octet_room;
    arena_reset(arena);
    *p = (struct packet){ .arena = arena, .octets = octets, .octet_room = room, .open = true };
    p->tail = &p->message.payloads;
    p->message.version = 0x20;
}

/* ------------------------------------------------------------------------------------------ payloads */

static bool is_printable(struct bytes b)
{
    for (size_t i = 0; i < b.len; i++)
        if (b.at[i] < 0x20 || b.at[i] > 0x7e)
            return false;
    return b.len != 0;
}

/* An identification's text from its octets: an address, or a name of printable octets. */
static void id_from_octets(struct packet *p, struct bytes b)
{
    uint64_t type = 0;
    fact_get_number(p->payload->facts, "id_type", &type);
    if ((type == ID_IPV4_ADDR && b.len == 4) || (type == ID_IPV6_ADDR && b.len == 16)) {
        fact_text(&p->facts, "id", address_text(address_of(b), p->arena));
        return;
    }
    if (is_printable(b) && type != ID_DER_ASN1_DN)
        fact_text(&p->facts, "id", text_of_bytes(b));
}

/* What a notify's data means, as far as one number tells it. */
static void notify_meaning(struct packet *p, struct bytes data)
{
    uint64_t number = 0;
    if (!fact_get_number(p->payload->facts, "number", &number))
        return;
    struct cursor c = cursor_over(data);
    if (number == NOTIFY_INVALID_KE_PAYLOAD && data.len == 2) {
        uint16_t group = cursor_u16(&c);
        fact_number(&p->facts, "group", group);
        fact_code(&p->facts, "group_name", REGISTRY_KE, group);
    } else if (number == NOTIFY_SET_WINDOW_SIZE && data.len == 4) {
        fact_number(&p->facts, "window", cursor_u32(&c));
    } else if (number == NOTIFY_COOKIE) {
        fact_octets(&p->facts, "cookie", data);
    }
}

static void octets_to_facts(struct packet *p)
{
    struct bytes b = { p->octets, p->octet_count };
    switch (p->payload->type) {
    case PAYLOAD_NOTIFY: {
        uint32_t header = 8;
        if (p->spi_size && p->payload->length >= header + p->spi_size && b.len == p->payload->length - header) {
            fact_octets(&p->facts, "spi", (struct bytes){ b.at, p->spi_size });
            b = (struct bytes){ b.at + p->spi_size, b.len - p->spi_size };
        }
        if (b.len)
            fact_octets(&p->facts, "data", b);
        notify_meaning(p, b);
        break;
    }
    case PAYLOAD_DELETE:
        if (p->spi_size && b.len % p->spi_size == 0) {
            struct fact *list = fact_list(&p->facts, "spis");
            struct facts spis = facts_into(p->arena, &list->as.child);
            for (size_t i = 0; i < b.len; i += p->spi_size)
                fact_octets(&spis, NULL, (struct bytes){ b.at + i, p->spi_size });
        }
        break;
    case PAYLOAD_IDI:
    case PAYLOAD_IDR:
        id_from_octets(p, b);
        fact_octets(&p->facts, "data", b);
        break;
    case PAYLOAD_VENDOR:
        if (is_printable(b) && !fact_find(p->payload->facts, "vendor"))
            fact_text(&p->facts, "vendor", text_of_bytes(b));
        fact_octets(&p->facts, "data", b);
        break;
    case PAYLOAD_SA: /* an ESP proposal's SPI */
    case PAYLOAD_TSI:
    case PAYLOAD_TSR:
        break;
    default:
        fact_octets(&p->facts, "data", b);
    }
}

void packet_end_payload(struct packet *p)
{
    if (p->payload && p->octet_count)
        octets_to_facts(p);
    p->octet_count = 0;
    p->payload = NULL;
}

static void begin_payload(struct packet *p, unsigned type)
{
    packet_end_payload(p);
    if (p->payload_count >= LIMIT_PAYLOADS) {
        p->message.truncated = true;
        return;
    }
    p->payload_count++;
    struct payload *payload = arena_new(p->arena, struct payload);
    payload->type = (uint8_t)type;
    *p->tail = payload;
    p->tail = &payload->next;
    p->payload = payload;
    p->facts = facts_into(p->arena, &payload->facts);
    p->has_proposal_list = p->has_attribute_list = false;
    p->proposal_list = p->transform_list = p->selector_list = p->attribute_list = NULL;
    p->spi_size = 0;
}

static void notify_facts(struct packet *p, struct text name)
{
    uint32_t number;
    if (p->payload->facts && fact_find(p->payload->facts, "notify"))
        return;
    if (name_notify(name, &number)) {
        fact_code(&p->facts, "notify", REGISTRY_NOTIFY, number);
        fact_number(&p->facts, "number", number);
    } else {
        fact_text(&p->facts, "notify", name);
    }
}

/* "NOTIFY(NAME)" or a plain word, at the start of *t; the payload type, 0: no such word. *name is what is in brackets. */
static unsigned payload_word(struct text *t, struct text *name)
{
    struct text s = scan_skip(*t);
    size_t n = 0;
    while (n < s.len && n < 8 && scan_letter(s.at[n]))
        n++;
    if (n == 0 || n > 7)
        return 0;
    unsigned type = name_payload(text_upto(s, n));
    if (!type)
        return 0;
    s = text_from(s, n);
    *name = (struct text){ NULL, 0 };
    if (s.len && s.at[0] == '(') {
        if (type != PAYLOAD_NOTIFY)
            return 0;
        size_t end = text_find_byte(text_upto(s, 80), ')');
        if (end == TEXT_NOWHERE)
            return 0;
        *name = text_over(s.at + 1, end - 1);
        s = text_from(s, end + 1);
    } else if (s.len && s.at[0] == '.') { /* "IDr." of a web page */
        s = text_from(s, 1);
    }
    *t = s;
    return type;
}

/* " T  Next payload: P, reserved: 0x0, length: L" */
static bool payload_head(struct packet *p, struct text *t, bool commit)
{
    struct text s = *t, name, ignored;
    unsigned type = payload_word(&s, &name);
    uint64_t length = 0;
    unsigned digits;
    if (!type || !scan_eat(&s, "Next payload:"))
        return false;
    struct text before = s;
    unsigned next = payload_word(&s, &ignored);
    if (!next) {
        s = before;
        scan_until(&s, ",");
    }
    uint64_t reserved;
    if (scan_eat(&s, ", reserved:"))
        scan_hex(&s, &reserved, &digits);
    if (scan_eat(&s, ", length:"))
        scan_number(&s, &length);
    *t = s;
    if (!commit)
        return true;
    begin_payload(p, type);
    p->next = (uint8_t)next;
    p->ended = next == 0;
    if (!p->payload)
        return true;
    p->payload->length = length <= UINT32_MAX ? (uint32_t)length : 0;
    if (name.len)
        notify_facts(p, name);
    if (type == PAYLOAD_SK || type == PAYLOAD_SKF)
        p->ended = true; /* its Next payload is the first one inside */
    return true;
}

/* "Parse Vendor Specific Payload: NAME VID  Next payload: …": the name, and then a payload head. */
static bool parsed_payload(struct packet *p, struct text *t)
{
    struct text s = *t;
    bool vendor = scan_eat(&s, "Parse Vendor Specific Payload:");
    if (!vendor && !scan_eat(&s, "Parse Notify Payload:"))
        return false;
    s = scan_skip(s);
    size_t at = text_find(s, vendor ? TEXT("VID") : TEXT("NOTIFY("));
    if (at == TEXT_NOWHERE)
        return false;
    struct text name = text_trim(text_upto(s, at));
    s = text_from(s, at);
    if (!payload_head(p, &s, true))
        return false;
    p->parsed = true;
    if (p->payload && vendor && name.len && !text_equal(name, TEXT("(CUSTOM)")))
        fact_text(&p->facts, "vendor", name);
    *t = s;
    return true;
}

/* ------------------------------------------------------------------------------------------ fields of payloads */

static bool begin_proposal(struct packet *p, uint64_t number, struct text protocol, uint64_t spi_size)
{
    if (!p->payload || p->payload->type != PAYLOAD_SA)
        return false;
    if (!p->has_proposal_list) {
        p->proposal_list = fact_list(&p->facts, "proposals");
        p->proposals = facts_into(p->arena, &p->proposal_list->as.child);
        p->has_proposal_list = true;
    }
    struct fact *group = fact_group(&p->proposals, NULL);
    p->proposal = facts_into(p->arena, &group->as.child);
    fact_number(&p->proposal, "number", number);
    uint32_t code;
    if (name_word(REGISTRY_PROTOCOL, protocol, &code))
        fact_code(&p->proposal, "protocol", REGISTRY_PROTOCOL, code);
    p->spi_size = (uint8_t)(spi_size < 16 ? spi_size : 0);
    p->transform_list = fact_list(&p->proposal, "transforms");
    p->transforms = facts_into(p->arena, &p->transform_list->as.child);
    return true;
}

static void transform_facts(struct arena *arena, struct facts *transforms, struct transform t)
{
    struct fact *group = fact_group(transforms, NULL);
    struct facts f = facts_into(arena, &group->as.child);
    fact_code(&f, "type", REGISTRY_TRANSFORM, t.type);
    fact_number(&f, "id", t.id);
    fact_code(&f, "name", transform_registry(t.type), t.id);
    if (t.key_length)
        fact_number(&f, "key_length", t.key_length);
}

/* "type: 1, reserved: 0x0, id: AES-CBC": the id runs to the next item, or to the end. */
static struct text id_word(struct text *s)
{
    *s = scan_skip(*s);
    size_t n = 0;
    static const char *const stops[] = { "last transform:", "last proposal:", "type:", "Proposal:" };
    /* One of the names has blanks in it; everything else ends at a blank, unless "Group N" follows a slash. */
    if (s->len == 0)
        return *s;
    if (text_starts(*s, TEXT("Don't use ESN")) || text_starts(*s, TEXT("Do not use ESN")))
        n = s->at[2] == 'n' ? 13 : 14;
    else if (text_starts(*s, TEXT("Use ESN")))
        n = 7;
    else if (text_starts(*s, TEXT("No ESN")))
        n = 6;
    else {
        while (n < s->len && !scan_blank(s->at[n]))
            n++;
        struct text rest = text_from(*s, n);
        uint64_t number;
        if (n >= 6 && text_ends(text_upto(*s, n), TEXT("/Group")) && scan_number(&rest, &number))
            n = s->len - rest.len;
        else if (text_equal(text_upto(*s, n), TEXT("Unknown")) && scan_eat(&rest, "- ") && scan_number(&rest, &number))
            n = s->len - rest.len;
        bool colon = memchr(s->at, ':', n) != NULL;
        for (size_t i = 0; colon && i < sizeof stops / sizeof stops[0]; i++) { /* glued */
            size_t at = text_find(text_upto(*s, n), text_of(stops[i]));
            if (at != TEXT_NOWHERE && at < n)
                n = at;
        }
    }
    struct text word = text_upto(*s, n);
    *s = text_from(*s, n);
    return word;
}

static bool item_type(struct packet *p, struct text *t)
{
    struct text s = *t;
    uint64_t type, reserved;
    unsigned digits;
    if (!scan_eat(&s, "type:") || !scan_number(&s, &type))
        return false;
    if (scan_eat(&s, ", reserved:"))
        scan_hex(&s, &reserved, &digits);
    if (!scan_eat(&s, ", id:"))
        return false;
    struct text word = id_word(&s);
    *t = s;
    if (!p->payload || p->payload->type != PAYLOAD_SA)
        return true;
    if (!p->transform_list)
        begin_proposal(p, 1, TEXT("IKE"), 0);
    struct transform transform;
    if (type <= 255 && name_transform((unsigned)type, word, &transform)) {
        transform_facts(p->arena, &p->transforms, transform);
    } else {
        struct fact *group = fact_group(&p->transforms, NULL);
        struct facts f = facts_into(p->arena, &group->as.child);
        fact_code(&f, "type", REGISTRY_TRANSFORM, type);
        struct fact *name = fact_code(&f, "name", REGISTRY_NONE, 0);
        name->as.text = arena_text(p->arena, word);
    }
    return true;
}

static bool item_last(struct packet *p, struct text *t)
{
    (void)p;
    struct text s = *t;
    uint64_t number;
    unsigned digits;
    if (!scan_eat(&s, "last proposal:") && !scan_eat(&s, "last transform:"))
        return false;
    scan_hex(&s, &number, &digits);
    if (scan_eat(&s, ", reserved:"))
        scan_hex(&s, &number, &digits);
    if (scan_eat(&s, ", length:") || scan_eat(&s, ": length:"))
        scan_number(&s, &number);
    *t = s;
    return true;
}

/* "Proposal: 1, Protocol id: IKE, SPI size: 0, #trans: 5"; a translation may have moved the last number away. */
static bool item_proposal(struct packet *p, struct text *t)
{
    struct text s = *t;
    uint64_t number = 0, size = 0, count;
    if (!scan_eat(&s, "Proposal:") || !scan_number(&s, &number) || !scan_eat(&s, ", Protocol id:"))
        return false;
    struct text protocol = scan_until(&s, ",");
    if (scan_eat(&s, ", SPI size:"))
        scan_number(&s, &size);
    if (scan_eat(&s, ", #trans:"))
        scan_number(&s, &count);
    if (!p->payload || p->payload->type != PAYLOAD_SA) {
        *t = s;
        return true;
    }
    begin_proposal(p, number, protocol, size);
    *t = s;
    return true;
}

static void skip_reserved(struct text *s)
{
    uint64_t number;
    unsigned digits;
    while (scan_eat(s, ", Reserved:") || scan_eat(s, ", reserved:") || scan_eat(s, ", reserved") || scan_eat(s, "reserved")) {
        while (scan_hex(s, &number, &digits))
            ;
    }
}

static bool item_group(struct packet *p, struct text *t)
{
    struct text s = *t;
    uint64_t group;
    if (!scan_eat(&s, "DH group:") || !scan_number(&s, &group))
        return false;
    skip_reserved(&s);
    *t = s;
    if (p->payload && p->payload->type == PAYLOAD_KE) {
        fact_number(&p->facts, "group", group);
        fact_code(&p->facts, "group_name", REGISTRY_KE, group);
    }
    return true;
}

/* "Security protocol id: IKE, spi size: 0, type: NAME" of NOTIFY, "…, num of spi: 1" of DELETE. */
static bool item_protocol(struct packet *p, struct text *t)
{
    struct text s = *t;
    uint64_t size = 0, count;
    if (!scan_eat(&s, "Security protocol id:"))
        return false;
    struct text protocol = scan_until(&s, ",");
    if (scan_eat(&s, ", spi size:"))
        scan_number(&s, &size);
    bool ours = p->payload && (p->payload->type == PAYLOAD_NOTIFY || p->payload->type == PAYLOAD_DELETE);
    uint32_t code;
    if (ours && name_word(REGISTRY_PROTOCOL, protocol, &code))
        fact_code(&p->facts, "protocol", REGISTRY_PROTOCOL, code);
    p->spi_size = (uint8_t)(size < 16 ? size : 0);
    if (scan_eat(&s, ", num of spi:") && scan_number(&s, &count)) {
        if (ours)
            fact_number(&p->facts, "count", count);
    } else if (scan_eat(&s, ", type:")) {
        s = scan_skip(s);
        size_t n = 0;
        while (n < s.len && !scan_blank(s.at[n]))
            n++;
        struct text name = text_upto(s, n), rest = text_from(s, n);
        uint64_t number;
        if (text_equal(name, TEXT("Unknown")) && scan_eat(&rest, "- ") && scan_number(&rest, &number)) {
            name = text_upto(s, s.len - rest.len);
            n = name.len;
        }
        s = text_from(s, n);
        if (ours && p->payload->type == PAYLOAD_NOTIFY)
            notify_facts(p, name);
    }
    *t = s;
    return true;
}

static bool item_id_type(struct packet *p, struct text *t)
{
    struct text s = *t;
    uint8_t type;
    if (!scan_eat(&s, "Id type:"))
        return false;
    struct text word = scan_until(&s, ",");
    skip_reserved(&s);
    *t = s;
    if (p->payload && (p->payload->type == PAYLOAD_IDI || p->payload->type == PAYLOAD_IDR) && name_id_type(word, &type))
        fact_code(&p->facts, "id_type", REGISTRY_ID, type);
    return true;
}

static bool item_auth(struct packet *p, struct text *t)
{
    struct text s = *t;
    uint32_t method;
    if (!scan_eat(&s, "Auth method"))
        return false;
    scan_eat(&s, ":");
    struct text word = scan_until(&s, ",");
    skip_reserved(&s);
    *t = s;
    if (!p->payload || p->payload->type != PAYLOAD_AUTH)
        return true;
    if (name_word(REGISTRY_AUTH, word, &method)) {
        fact_code(&p->facts, "method", REGISTRY_AUTH, method);
        fact_number(&p->facts, "number", method);
    } else {
        struct fact *f = fact_code(&p->facts, "method", REGISTRY_NONE, 0);
        f->as.text = arena_text(p->arena, word);
    }
    return true;
}

static bool item_cfg(struct packet *p, struct text *t)
{
    struct text s = *t;
    uint32_t type;
    if (!scan_eat(&s, "cfg type:"))
        return false;
    struct text word = scan_until(&s, ",");
    skip_reserved(&s);
    *t = s;
    if (p->payload && p->payload->type == PAYLOAD_CP && name_word(REGISTRY_CFGTYPE, word, &type))
        fact_code(&p->facts, "cfg_type", REGISTRY_CFGTYPE, type);
    return true;
}

/* "attrib type: internal IP4 DNS, length: 0"; IOS prints each in an entry of its own. Octets or a text may follow. */
static bool item_attribute(struct packet *p, struct text *t)
{
    struct text s = *t;
    uint64_t length = 0;
    uint32_t number;
    if (!scan_eat(&s, "attrib type:") && !scan_eat(&s, "Attrib type:"))
        return false;
    struct text word = scan_until(&s, ",");
    if (!scan_eat(&s, ", length:") || !scan_number(&s, &length))
        return false;
    struct text value = { NULL, 0 };
    if (scan_eat(&s, ", data:")) {
        value = text_trim(s);
        s = text_from(s, s.len);
    }
    *t = s;
    if (!p->payload || p->payload->type != PAYLOAD_CP)
        return true;
    if (!p->has_attribute_list) {
        p->attribute_list = fact_list(&p->facts, "attributes");
        p->attributes = facts_into(p->arena, &p->attribute_list->as.child);
        p->has_attribute_list = true;
    }
    struct fact *group = fact_group(&p->attributes, NULL);
    struct facts f = facts_into(p->arena, &group->as.child);
    if (name_word(REGISTRY_CFGATTR, word, &number)) {
        fact_code(&f, "attribute", REGISTRY_CFGATTR, number);
        fact_number(&f, "number", number);
    } else {
        struct fact *a = fact_code(&f, "attribute", REGISTRY_NONE, 0);
        a->as.text = arena_text(p->arena, word);
    }
    fact_number(&f, "length", length);
    if (value.len)
        fact_text(&f, "value", value);
    return true;
}

static bool item_ts_count(struct packet *p, struct text *t)
{
    (void)p;
    struct text s = *t;
    uint64_t count;
    if (!scan_eat(&s, "Num of TSs:") || !scan_number(&s, &count))
        return false;
    skip_reserved(&s);
    *t = s;
    return true;
}

static bool in_ts(const struct packet *p)
{
    return p->payload && (p->payload->type == PAYLOAD_TSI || p->payload->type == PAYLOAD_TSR);
}

static bool item_ts_type(struct packet *p, struct text *t)
{
    struct text s = *t;
    uint64_t protocol = 0, length;
    uint32_t code;
    if (!scan_eat(&s, "TS type:"))
        return false;
    struct text word = scan_until(&s, ",");
    if (scan_eat(&s, ", proto id:"))
        scan_number(&s, &protocol);
    if (scan_eat(&s, ", length:"))
        scan_number(&s, &length);
    *t = s;
    if (!in_ts(p))
        return true;
    if (!p->selector_list) {
        p->selector_list = fact_list(&p->facts, "selectors");
        p->selectors = facts_into(p->arena, &p->selector_list->as.child);
    }
    struct fact *group = fact_group(&p->selectors, NULL);
    p->selector = facts_into(p->arena, &group->as.child);
    if (name_word(REGISTRY_TS, word, &code))
        fact_code(&p->selector, "type", REGISTRY_TS, code);
    fact_number(&p->selector, "protocol", protocol);
    return true;
}

static bool item_ts_ports(struct packet *p, struct text *t)
{
    struct text s = *t;
    uint64_t start, end;
    if (!scan_eat(&s, "start port:") || !scan_number(&s, &start) || !scan_eat(&s, ", end port:") || !scan_number(&s, &end))
        return false;
    *t = s;
    if (in_ts(p) && p->selector_list) {
        fact_number(&p->selector, "start_port", start);
        fact_number(&p->selector, "end_port", end);
    }
    return true;
}

static bool item_ts_addresses(struct packet *p, struct text *t)
{
    struct text s = *t, end;
    struct address a;
    if (!scan_eat(&s, "start addr:"))
        return false;
    struct text start = scan_until(&s, ",");
    if (!scan_eat(&s, ", end addr:") || !text_word(&s, &end))
        return false;
    *t = s;
    if (in_ts(p) && p->selector_list) {
        if (address_read(start, &a))
            fact_address(&p->selector, "start", a);
        if (address_read(end, &a))
            fact_address(&p->selector, "end", a);
    }
    return true;
}

static bool item_cert(struct packet *p, struct text *t)
{
    struct text s = *t;
    uint32_t code;
    uint64_t count;
    if (scan_eat(&s, "Cert encoding")) {
        /* the encoding's name runs to the next item */
        struct text rest = s;
        static const char *const names[] = { "X.509 Certificate - signature", "Hash and URL of PKIX", "Hash and URL of X.509", "PKCS7" };
        struct text word = { NULL, 0 };
        for (size_t i = 0; i < sizeof names / sizeof names[0] && !word.len; i++)
            if (scan_eat_text(&rest, names[i]))
                word = text_of(names[i]);
        if (!word.len) {
            word = text_trim(rest);
            rest = text_from(rest, rest.len);
        }
        *t = rest;
        if (p->payload && (p->payload->type == PAYLOAD_CERT || p->payload->type == PAYLOAD_CERTREQ)) {
            if (name_word(REGISTRY_CERT, word, &code))
                fact_code(&p->facts, "encoding", REGISTRY_CERT, code);
            else
                fact_code(&p->facts, "encoding", REGISTRY_NONE, 0)->as.text = arena_text(p->arena, word);
        }
        return true;
    }
    if ((scan_eat(&s, "Cert data:") || scan_eat(&s, "CertReq data:")) && scan_number(&s, &count)) {
        scan_eat(&s, "bytes");
        *t = s;
        return true;
    }
    return false;
}

/* "Code: request: id: 59, length: 10" and "Type: identity" [no sample at hand]. */
static bool item_eap(struct packet *p, struct text *t)
{
    struct text s = *t;
    uint64_t id = 0, length;
    uint32_t code;
    bool ours = p->payload && p->payload->type == PAYLOAD_EAP;
    if (scan_eat(&s, "Code:")) {
        struct text word = scan_until(&s, ":,");
        if (!scan_eat(&s, ": id:") && !scan_eat(&s, ", id:"))
            return false;
        scan_number(&s, &id);
        if (scan_eat(&s, ", length:"))
            scan_number(&s, &length);
        if (ours && name_word(REGISTRY_EAPCODE, word, &code)) {
            fact_code(&p->facts, "code", REGISTRY_EAPCODE, code);
            fact_number(&p->facts, "identifier", id);
        }
        *t = s;
        return true;
    }
    if (ours && scan_eat(&s, "Type:")) {
        struct text word = scan_until(&s, ",");
        if (registry_number(REGISTRY_EAP, word, &code))
            fact_code(&p->facts, "eap_type", REGISTRY_EAP, code);
        *t = text_from(s, s.len);
        return true;
    }
    return false;
}

/* "Auth data: 20 bytes", "Encrypted data: 256 bytes", "Decrypted packet: Data: 240 bytes", "REAL Decrypted packet: …" */
static bool item_data(struct packet *p, struct text *t)
{
    struct text s = *t;
    uint64_t count = 0;
    if (scan_eat(&s, "Auth data:")) {
        scan_number(&s, &count);
    } else if (scan_eat(&s, "Encrypted data:")) {
        scan_number(&s, &count);
        if (p->payload && p->payload->type == PAYLOAD_SK)
            fact_number(&p->facts, "data_length", count);
    } else if (scan_eat(&s, "REAL Decrypted packet:") || scan_eat(&s, "Decrypted packet:")) {
        if (scan_eat(&s, "Data:"))
            scan_number(&s, &count);
        p->decrypted = true;
        p->plain_length = count <= UINT32_MAX ? (uint32_t)count : 0;
    } else {
        return false;
    }
    scan_eat(&s, "bytes");
    *t = s;
    return true;
}

/* A row of hex octets, "      8b 70 b0 31 …": two digits each, blanks between, nothing else up to the end. */
static bool item_octets(struct packet *p, struct text *t)
{
    struct text s = scan_skip(*t);
    uint8_t row[64];
    size_t n = 0;
    while (s.len >= 2 && n < sizeof row) {
        uint64_t octet;
        if (text_digits(text_upto(s, 2), 16, &octet) != 2 || (s.len > 2 && !scan_blank(s.at[2])))
            return false;
        row[n++] = (uint8_t)octet;
        s = scan_skip(text_from(s, 2));
    }
    if (n == 0 || s.len)
        return false;
    *t = s;
    if (!p->payload || p->octet_count + n > LIMIT_MESSAGE)
        return true;
    if (p->octet_count + n > p->octet_room) {
        p->octet_room = p->octet_room ? p->octet_room * 2 : 1024;
        p->octets = memory_grow(p->octets, p->octet_room);
    }
    memcpy(p->octets + p->octet_count, row, n);
    p->octet_count += n;
    return true;
}

/* ------------------------------------------------------------------------------------------ header lines */

static bool flag_words(struct packet *p, struct text *s)
{
    bool any = false;
    for (;; any = true) {
        if (scan_eat(s, "INITIATOR"))
            p->message.flags |= MESSAGE_INITIATOR;
        else if (scan_eat(s, "MSG-RESPONSE"))
            p->message.flags |= MESSAGE_RESPONSE;
        else if (!scan_eat(s, "RESPONDER") && !scan_eat(s, "VERSION"))
            return any;
    }
}

/* "Next payload: SA, version: 2.0 Exchange type: IKE_SA_INIT, flags: INITIATOR Message id: 0, length: 344", also in three
 * entries (ASA 8.4). */
static bool item_header(struct packet *p, struct text *t)
{
    struct text s = *t, ignored;
    uint64_t number, minor;
    unsigned digits;
    bool any = false;
    if (scan_eat(&s, "Next payload:")) {
        unsigned first = payload_word(&s, &ignored);
        if (!first)
            scan_until(&s, ",");
        if (!scan_eat(&s, ", version:") || !scan_number(&s, &number))
            return false;
        if (scan_eat(&s, "."))
            scan_number(&s, &minor);
        p->message.version = (uint8_t)(number << 4);
        p->first = (uint8_t)first;
        p->header = any = true;
    }
    if (scan_eat(&s, "Exchange type:")) {
        struct text word = scan_until(&s, ",");
        p->has_exchange |= name_exchange(word, &p->message.exchange);
        any = true;
        if (scan_eat(&s, ", flags:")) {
            p->message.flags = 0;
            p->message.has_flags = flag_words(p, &s);
            p->has_response = p->has_response || p->message.has_flags;
        }
    }
    if (scan_eat(&s, "Message id:")) {
        any = true;
        if (scan_hex(&(struct text){ s.at, s.len }, &number, &digits) && text_starts(scan_skip(s), TEXT("0x")))
            scan_hex(&s, &number, &digits);
        else if (!scan_number(&s, &number))
            number = 0;
        p->message.message_id = (uint32_t)number;
        p->message.has_message_id = true;
        if (scan_eat(&s, ", length:") && scan_number(&s, &number) && number <= UINT32_MAX)
            p->message.length = (uint32_t)number;
    }
    if (any)
        *t = s;
    return any;
}

static bool take_endpoint(struct text *s, const char *word, struct endpoint *e)
{
    struct text copy = *s;
    if (!scan_eat_text(&copy, word))
        return false;
    copy = scan_skip(copy);
    size_t n = 0;
    while (n < copy.len && copy.at[n] != '/' && copy.at[n] != ']' && copy.at[n] != ' ')
        n++;
    if (copy.len && copy.at[0] == '[') { /* "[fc00::1]:500" */
        size_t end = text_find_byte(copy, ']');
        n = end == TEXT_NOWHERE ? n : end + 1;
        while (n < copy.len && copy.at[n] != '/' && copy.at[n] != ']' && copy.at[n] != ' ')
            n++;
    }
    endpoint_read(text_upto(copy, n), e);
    *s = text_from(copy, n);
    scan_eat_byte(s, '/');
    return true;
}

/* "Sending Packet [To A:P/From B:Q/VRF i0:f0]", "Received Packet [From A:P/To B:Q/VRF i0:f0]", and ASA 8.4's
 * "Rx [L A:P/R B:Q/VRF i0:f0] m_id: 0x0". */
static bool item_addresses(struct packet *p, struct text *t)
{
    struct text s = *t;
    struct endpoint to = { 0 }, from = { 0 };
    bool sent = scan_eat(&s, "Sending Packet"), received = !sent && scan_eat(&s, "Received Packet");
    bool old = false;
    if (!sent && !received) {
        sent = scan_eat(&s, "Tx [L");
        received = !sent && scan_eat(&s, "Rx [L");
        old = true;
        if (!sent && !received)
            return false;
        struct endpoint local = { 0 }, remote = { 0 };
        take_endpoint(&s, "", &local);
        take_endpoint(&s, "R", &remote);
        to = sent ? remote : local;
        from = sent ? local : remote;
    } else if (scan_eat(&s, "[")) {
        for (int i = 0; i < 2; i++)
            if (!take_endpoint(&s, "To", &to))
                take_endpoint(&s, "From", &from);
    }
    size_t end = text_find_byte(s, ']');
    if (end != TEXT_NOWHERE)
        s = text_from(s, end + 1);
    uint64_t id = 0;
    unsigned digits;
    if (old && scan_eat(&s, "m_id:") && scan_hex(&s, &id, &digits)) {
        p->message.message_id = (uint32_t)id;
        p->message.has_message_id = true;
    }
    p->addressed = true;
    p->message.direction = sent ? DIRECTION_SENT : DIRECTION_RECEIVED;
    p->message.source = from;
    p->message.destination = to;
    p->local = sent ? from : to;
    p->remote = sent ? to : from;
    *t = s;
    return true;
}

/* "Initiator SPI : H - Responder SPI : H Message id: N", "HDR[i:H - r: H]", "IKEV2 HDR ispi: H - rspi: H" */
static bool item_spis(struct packet *p, struct text *t)
{
    struct text s = *t;
    uint64_t i, r;
    unsigned di, dr;
    if (scan_eat(&s, "Initiator SPI :")) {
        if (!scan_hex(&s, &i, &di) || !scan_eat(&s, "- Responder SPI :") || !scan_hex(&s, &r, &dr))
            return false;
        uint64_t id;
        if (scan_eat(&s, "Message id:") && scan_number(&s, &id) && id <= UINT32_MAX) {
            p->message.message_id = (uint32_t)id;
            p->message.has_message_id = true;
        }
    } else if (scan_eat(&s, "HDR[i:")) {
        if (!scan_hex(&s, &i, &di) || !scan_eat(&s, "- r:") || !scan_hex(&s, &r, &dr))
            return false;
        scan_eat(&s, "]");
    } else if (scan_eat(&s, "IKEV2 HDR ispi:")) {
        if (!scan_hex(&s, &i, &di) || !scan_eat(&s, "- rspi:") || !scan_hex(&s, &r, &dr))
            return false;
    } else {
        return false;
    }
    p->message.spi_i = spi_of(i, di);
    p->message.spi_r = spi_of(r, dr);
    p->has_spis = true;
    *t = s;
    return true;
}

/* "IKEv2 IKE_SA_INIT Exchange REQUEST" */
static bool item_exchange(struct packet *p, struct text *t)
{
    struct text s = *t, word;
    if (!scan_eat(&s, "IKEv2 ") || !text_word(&s, &word) || !scan_eat(&s, "Exchange") || !name_exchange(word, &p->message.exchange))
        return false;
    p->has_exchange = true;
    if (scan_eat(&s, "REQUEST")) {
        p->has_response = true;
    } else if (scan_eat(&s, "RESPONSE")) {
        p->has_response = true;
        p->message.flags |= MESSAGE_RESPONSE;
    } else if (scan_eat(&s, "RES")) {
        p->has_response = p->cut_response = true;
        p->message.flags |= MESSAGE_RESPONSE;
        s = text_from(s, s.len);
    }
    *t = s;
    return true;
}

/* "Sending IKEv2 IKE_AUTH Exchange REQUEST", "IKEv2 INFORMATIONAL Exchange Contains: DELETE": all that an event trace tells. */
static bool item_traced(struct packet *p, struct text *t)
{
    struct text s = *t, word, name;
    uint8_t exchange;
    bool sent = scan_eat(&s, "Sending IKEv2 "), received = !sent && scan_eat(&s, "Received IKEv2 ");
    if (sent || received) {
        if (!text_word(&s, &word) || !scan_eat(&s, "Exchange ") || !name_exchange(word, &exchange))
            return false;
        p->message.exchange = exchange;
        p->message.direction = sent ? DIRECTION_SENT : DIRECTION_RECEIVED;
        p->has_exchange = p->has_response = p->traced = true;
        if (scan_eat(&s, "RESPONSE"))
            p->message.flags |= MESSAGE_RESPONSE;
        else
            scan_eat(&s, "REQUEST");
        *t = s;
        return true;
    }
    if (!p->traced || !scan_eat(&s, "IKEv2 ") || !text_word(&s, &word) || !scan_eat(&s, "Exchange Contains:"))
        return false;
    while (text_word(&s, &word)) {
        while (word.len && word.at[word.len - 1] == ',')
            word.len--;
        struct text w = word;
        unsigned type = payload_word(&w, &name);
        if (!type)
            continue;
        begin_payload(p, type);
        if (p->payload && type == PAYLOAD_NOTIFY && name.len)
            notify_facts(p, name);
    }
    p->list = true;
    *t = s;
    return true;
}

/* IOS-XE's list: " SA KE N VID NOTIFY(NAT_DETECTION_SOURCE_IP) " */
static bool item_names(struct packet *p, struct text *t)
{
    struct text s = *t, name;
    struct text probe = s;
    while (scan_skip(probe).len) {
        if (!payload_word(&probe, &name) || (probe.len && !scan_blank(probe.at[0])))
            return false;
    }
    if (probe.at == s.at)
        return false;
    for (unsigned type; (type = payload_word(&s, &name)) != 0;) {
        begin_payload(p, type);
        if (p->payload && type == PAYLOAD_NOTIFY)
            notify_facts(p, name);
    }
    p->names_only = true;
    *t = text_from(s, s.len);
    return true;
}

/* ------------------------------------------------------------------------------------------ driver */

static bool item(struct packet *p, struct text *t)
{
    switch (t->at[0]) {
    case 'A':
        if (item_auth(p, t) || item_data(p, t) || item_attribute(p, t))
            return true;
        break;
    case 'C':
        if (item_cert(p, t) || item_eap(p, t))
            return true;
        break;
    case 'D':
        if (item_group(p, t) || item_data(p, t))
            return true;
        break;
    case 'E':
        if (item_header(p, t) || item_data(p, t))
            return true;
        break;
    case 'H':
        return item_spis(p, t);
    case 'I':
        if (item_spis(p, t) || (p->traced && item_traced(p, t)) || item_exchange(p, t) || item_id_type(p, t))
            return true;
        break;
    case 'M':
        return item_header(p, t);
    case 'N':
        if (item_ts_count(p, t) || item_header(p, t))
            return true;
        break;
    case 'P':
        if (item_proposal(p, t) || parsed_payload(p, t))
            return true;
        if (scan_eat(t, "Payload contents:")) {
            p->list = true;
            return true;
        }
        return false;
    case 'R':
        if (item_addresses(p, t) || item_data(p, t) || item_traced(p, t))
            return true;
        break;
    case 'S':
        if (item_protocol(p, t) || item_addresses(p, t) || item_traced(p, t))
            return true;
        break;
    case 'T':
        if (item_ts_type(p, t) || item_addresses(p, t) || item_eap(p, t))
            return true;
        break;
    case 'a':
        return item_octets(p, t) || item_attribute(p, t);
    case 'c':
        return item_octets(p, t) || item_cfg(p, t);
    case 'l':
        return item_last(p, t);
    case 's':
        return item_ts_ports(p, t) || item_ts_addresses(p, t);
    case 't':
        return item_type(p, t);
    default:
        break;
    }
    return payload_head(p, t, true) || item_names(p, t) || item_octets(p, t);
}

bool packet_read(struct packet *p, struct text *t)
{
    for (;;) {
        *t = scan_skip(*t);
        if (t->len == 0)
            return true;
        size_t before = t->len;
        if (!item(p, t) || t->len == before)
            return false;
    }
}

bool packet_begins(struct text t)
{
    t = scan_skip(t);
    if (t.len < 8)
        return false;
    switch (t.at[0]) {
    case 'S':
        return text_starts(t, TEXT("Sending Packet")) || (text_starts(t, TEXT("Sending IKEv2 ")) && text_has(t, TEXT(" Exchange RE")));
    case 'R':
        return text_starts(t, TEXT("Received Packet")) || text_starts(t, TEXT("Rx [L")) ||
               (text_starts(t, TEXT("Received IKEv2 ")) && text_has(t, TEXT(" Exchange RE")));
    case 'T':
        return text_starts(t, TEXT("Tx [L"));
    case 'N':
        return scan_eat(&t, "Next payload:") && text_has(text_upto(t, 40), TEXT("version"));
    default:
        return false;
    }
}

bool packet_continues(struct text t)
{
    struct packet probe = { .arena = NULL };
    t = scan_skip(t);
    if (t.len == 0)
        return false;
    struct text s = t, name;
    if (payload_word(&s, &name))
        return payload_head(&probe, &t, false);
    static const char *const starts[] = { "last proposal:", "last transform:", "Proposal:", "type:", "DH group:", "Security protocol id:", "Id type:",
        "Auth method", "Auth data:", "cfg type:", "attrib type:", "Num of TSs:", "TS type:", "start port:", "start addr:", "Cert encoding",
        "Cert data:", "CertReq data:", "Encrypted data:", "Decrypted packet:", "REAL Decrypted packet:", "Payload contents:", "Initiator SPI :" };
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        s = t;
        if (starts[i][0] == t.at[0] && scan_eat_text(&s, starts[i]))
            return true;
    }
    return item_octets(&probe, &t);
}

void packet_adopt(struct packet *p, const struct packet *contents)
{
    packet_end_payload(p);
    struct payload **at = &p->message.payloads, *copy;
    struct payload *old = p->message.payloads;
    p->message.payloads = NULL;
    for (; old && old->type != PAYLOAD_SK && old->type != PAYLOAD_SKF; old = old->next) {
        *at = old;
        at = &old->next;
    }
    *at = NULL;
    for (const struct payload *from = contents->message.payloads; from; from = from->next) {
        copy = arena_new(p->arena, struct payload);
        *copy = *from;
        copy->next = NULL;
        copy->encrypted = true;
        *at = copy;
        at = &copy->next;
    }
    p->tail = at;
    p->message.decryption = DECRYPTION_FROM_LOG;
}

void packet_name_vendors(struct packet *p, const struct vendors *vendors)
{
    size_t count = 0, i = 0;
    for (const struct payload *v = p->message.payloads; v; v = v->next)
        count += v->type == PAYLOAD_VENDOR;
    if (count != vendors->count || !count)
        return;
    for (struct payload *v = p->message.payloads; v; v = v->next) {
        if (v->type != PAYLOAD_VENDOR)
            continue;
        struct text name = text_of(vendors->names[i++]);
        if (fact_find(v->facts, "vendor") || text_equal(name, TEXT("(CUSTOM)")))
            continue;
        struct fact **at = &v->facts;
        while (*at)
            at = &(*at)->next;
        struct facts f = { p->arena, at };
        fact_text(&f, "vendor", text_equal(name, TEXT("DELETE-REASON")) ? TEXT("CISCO-DELETE-REASON") : name);
    }
}

struct message *packet_end(struct packet *p)
{
    struct message *m = &p->message;
    packet_end_payload(p);
    bool sk = p->first == PAYLOAD_SK, skf = p->first == PAYLOAD_SKF;
    size_t clear = 0;
    for (const struct payload *v = m->payloads; v; v = v->next) {
        sk |= v->type == PAYLOAD_SK;
        skf |= v->type == PAYLOAD_SKF;
        clear += v->type != PAYLOAD_SK && v->type != PAYLOAD_SKF;
    }
    if (!p->header && p->has_exchange && m->exchange != EXCHANGE_IKE_SA_INIT && !skf)
        sk = true; /* IOS-XE does not say so of what it received */
    if (!sk && !skf) {
        m->decryption = DECRYPTION_CLEAR;
    } else {
        m->protection = skf ? PROTECTION_SKF : PROTECTION_SK;
        bool open = m->decryption == DECRYPTION_FROM_LOG || clear || (p->list && m->direction == DIRECTION_RECEIVED && !skf && !(p->decrypted && p->plain_length));
        m->decryption = open ? DECRYPTION_FROM_LOG : DECRYPTION_NO_KEY;
        for (struct payload **at = &m->payloads; *at;) {
            bool wrapper = (*at)->type == PAYLOAD_SK || (*at)->type == PAYLOAD_SKF;
            if (wrapper && open) { /* its contents stand in its place */
                *at = (*at)->next;
                continue;
            }
            (*at)->encrypted = !wrapper;
            at = &(*at)->next;
        }
    }
    message_digest(m, p->arena);
    p->open = false;
    return m;
}

bool packet_unfinished(const struct packet *p)
{
    if (!p->open || p->names_only || p->traced)
        return false;
    if (p->contents || p->header)
        return p->payload_count ? !p->ended : !p->list;
    return !p->list;
}
