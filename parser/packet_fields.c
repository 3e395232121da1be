/* Packet dumps: the fields of payloads. */
#include "parser/packet_items.h"

#include "base/limits.h"
#include "parser/names.h"
#include "parser/scan.h"

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

void packet_transform_facts(struct arena *arena, struct facts *transforms, struct transform t)
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
        for (size_t i = 0; colon && i < COUNT_OF(stops); i++) { /* glued */
            size_t at = text_find(text_upto(*s, n), text_of(stops[i]));
            if (at != TEXT_NOWHERE && at < n)
                n = at;
        }
    }
    struct text word = text_upto(*s, n);
    *s = text_from(*s, n);
    return word;
}

bool packet_item_type(struct packet *p, struct text *t)
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
        packet_transform_facts(p->arena, &p->transforms, transform);
    } else {
        struct fact *group = fact_group(&p->transforms, NULL);
        struct facts f = facts_into(p->arena, &group->as.child);
        fact_code(&f, "type", REGISTRY_TRANSFORM, type);
        if (word.len)
            fact_text(&f, "name", word);
    }
    return true;
}

bool packet_item_last(struct packet *p, struct text *t)
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
bool packet_item_proposal(struct packet *p, struct text *t)
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
        for (struct text copy = *s; scan_hex(&copy, &number, &digits) && !(copy.len && scan_letter(copy.at[0])); *s = copy)
            ; /* but "CFG" is no number */
    }
}

bool packet_item_group(struct packet *p, struct text *t)
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
bool packet_item_protocol(struct packet *p, struct text *t)
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
            packet_notify_facts(p, name);
    }
    *t = s;
    return true;
}

bool packet_item_id_type(struct packet *p, struct text *t)
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

bool packet_item_auth(struct packet *p, struct text *t)
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
    } else if (word.len) {
        fact_text(&p->facts, "method", word);
    }
    return true;
}

bool packet_item_cfg(struct packet *p, struct text *t)
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
bool packet_item_attribute(struct packet *p, struct text *t)
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
    } else if (word.len) {
        fact_text(&f, "attribute", word);
    }
    fact_number(&f, "length", length);
    if (value.len)
        fact_text(&f, "value", value);
    return true;
}

bool packet_item_ts_count(struct packet *p, struct text *t)
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

bool packet_item_ts_type(struct packet *p, struct text *t)
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

bool packet_item_ts_ports(struct packet *p, struct text *t)
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

bool packet_item_ts_addresses(struct packet *p, struct text *t)
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

bool packet_item_cert(struct packet *p, struct text *t)
{
    struct text s = *t;
    uint32_t code;
    uint64_t count;
    if (scan_eat(&s, "Cert encoding")) {
        /* the encoding's name runs to the next item */
        struct text rest = s;
        static const char *const names[] = { "X.509 Certificate - signature", "Hash and URL of PKIX", "Hash and URL of X.509",
                                             "PKCS7" };
        struct text word = { NULL, 0 };
        for (size_t i = 0; i < COUNT_OF(names) && !word.len; i++)
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
            else if (word.len)
                fact_text(&p->facts, "encoding", word);
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
bool packet_item_eap(struct packet *p, struct text *t)
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
bool packet_item_data(struct packet *p, struct text *t)
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
bool packet_item_octets(struct packet *p, struct text *t)
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
    if (!p->payload)
        return true;
    if (p->octet_count + n > LIMIT_MESSAGE) {
        p->message.over |= limit_bit(OVER_MESSAGE);
        return true;
    }
    packet_add_octets(p, bytes_over(row, n));
    return true;
}
