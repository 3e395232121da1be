#include "parser/packet.h"

#include "base/limits.h"
#include "parser/names.h"
#include "parser/packet_items.h"
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
    packet_begin_in(p, arena);
    p->octets = octets;
    p->octet_room = room;
}

void packet_begin_in(struct packet *p, struct arena *arena)
{
    *p = (struct packet){ .arena = arena, .open = true };
    p->tail = &p->message.payloads;
    p->message.version = 0x20;
}

static struct fact **end_of(struct fact **at)
{
    while (*at)
        at = &(*at)->next;
    return at;
}

static struct fact *named(struct fact *f, const char *name)
{
    while (f && (!f->name || strcmp(f->name, name) != 0))
        f = f->next;
    return f;
}

static struct fact *last_of(struct fact *f)
{
    while (f && f->next)
        f = f->next;
    return f;
}

void packet_resume(struct packet *p, struct payload *last)
{
    struct arena *arena = p->arena;
    p->payload = last;
    p->has_proposal_list = p->has_attribute_list = false;
    p->proposal_list = p->transform_list = p->selector_list = p->attribute_list = NULL;
    if (!last)
        return;
    p->facts = (struct facts){ arena, end_of(&last->facts) };
    struct fact *group;
    if ((p->proposal_list = named(last->facts, "proposals")) != NULL) {
        p->has_proposal_list = true;
        p->proposals = (struct facts){ arena, end_of(&p->proposal_list->as.child) };
        if ((group = last_of(p->proposal_list->as.child)) != NULL) {
            p->proposal = (struct facts){ arena, end_of(&group->as.child) };
            if ((p->transform_list = named(group->as.child, "transforms")) != NULL)
                p->transforms = (struct facts){ arena, end_of(&p->transform_list->as.child) };
        }
    }
    if ((p->selector_list = named(last->facts, "selectors")) != NULL) {
        p->selectors = (struct facts){ arena, end_of(&p->selector_list->as.child) };
        if ((group = last_of(p->selector_list->as.child)) != NULL)
            p->selector = (struct facts){ arena, end_of(&group->as.child) };
    }
    if ((p->attribute_list = named(last->facts, "attributes")) != NULL) {
        p->has_attribute_list = true;
        p->attributes = (struct facts){ arena, end_of(&p->attribute_list->as.child) };
    }
}

void packet_add_octets(struct packet *p, struct bytes b)
{
    if (!b.len)
        return;
    if (p->octet_count + b.len > p->octet_room) {
        p->octet_room = 2 * (p->octet_count + b.len) + 1024;
        p->octets = memory_grow(p->octets, p->octet_room);
    }
    memcpy(p->octets + p->octet_count, b.at, b.len);
    p->octet_count += b.len;
}

void packet_become(struct packet *p, const struct packet *other)
{
    const struct packet own = *p;
    *p = *other;
    p->arena = own.arena;
    p->octets = own.octets;
    p->octet_room = own.octet_room;
    p->borrowed = true;
    if (!p->message.direction)
        p->message.direction = own.message.direction;
    if (!p->message.payloads)
        p->tail = &p->message.payloads;
    p->octet_count = 0;
    packet_add_octets(p, bytes_over(other->octets, other->octet_count));
}

void packet_own(struct packet *p)
{
    if (!p->borrowed)
        return;
    struct payload **at = &p->message.payloads, *last = NULL;
    for (; *at; at = &last->next) {
        last = arena_new(p->arena, struct payload);
        *last = **at;
        last->facts = facts_copy(p->arena, last->facts);
        *at = last;
    }
    p->tail = at;
    packet_resume(p, p->payload ? last : NULL);
    p->borrowed = p->digested = false;
}

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
    if (p->payload && p->octet_count) {
        octets_to_facts(p);
        p->digested = false;
    }
    p->octet_count = 0;
    p->payload = NULL;
}

void packet_begin_payload(struct packet *p, unsigned type)
{
    packet_end_payload(p);
    if (p->payload_count >= LIMIT_PAYLOADS) {
        p->message.truncated = true;
        p->message.over |= limit_bit(OVER_PAYLOADS);
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

void packet_notify_facts(struct packet *p, struct text name)
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
unsigned packet_payload_word(struct text *t, struct text *name)
{
    struct text s = scan_skip(*t);
    size_t n = 0;
    while (n < s.len && n < 8 && scan_letter(s.at[n]))
        n++;
    if (n == 0 || n > 7)
        return 0;
    *name = (struct text){ NULL, 0 };
    const struct text word = text_upto(s, n);
    uint64_t number = name_payload(word);
    s = text_from(s, n);
    if (!number && text_equal(word, TEXT("Unknown")) && (!scan_eat(&s, "- ") || !scan_number(&s, &number) || number > UINT8_MAX))
        return 0; /* "Unknown - 200" */
    const unsigned type = (unsigned)number;
    if (!type)
        return 0;
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
    unsigned type = packet_payload_word(&s, &name);
    uint64_t length = 0;
    unsigned digits;
    if (!type || !scan_eat(&s, "Next payload:"))
        return false;
    struct text before = s;
    unsigned next = packet_payload_word(&s, &ignored);
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
    packet_begin_payload(p, type);
    p->next = (uint8_t)next;
    p->ended = next == 0;
    if (!p->payload)
        return true;
    p->payload->length = length <= UINT32_MAX ? (uint32_t)length : 0;
    if (name.len)
        packet_notify_facts(p, name);
    if (type == PAYLOAD_SK || type == PAYLOAD_SKF)
        p->ended = true; /* its Next payload is the first one inside */
    return true;
}

/* "Next payload: P, reserved: 0x0, length: L" on a line of its own: the payload's word stands on the one before. */
static bool payload_rest(struct packet *p, struct text *t)
{
    struct text s = *t, ignored;
    uint64_t number;
    unsigned digits;
    if (!p->payload || p->payload->length || !scan_eat(&s, "Next payload:"))
        return false;
    unsigned next = packet_payload_word(&s, &ignored);
    if (!next)
        scan_until(&s, ",");
    if (!scan_eat(&s, ", reserved:") || !scan_hex(&s, &number, &digits))
        return false;
    if (scan_eat(&s, ", length:") && scan_number(&s, &number) && number <= UINT32_MAX)
        p->payload->length = (uint32_t)number;
    p->next = (uint8_t)next;
    p->ended = next == 0 || p->payload->type == PAYLOAD_SK || p->payload->type == PAYLOAD_SKF;
    *t = s;
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

static bool item(struct packet *p, struct text *t)
{
    switch (t->at[0]) {
    case 'A':
        if (packet_item_auth(p, t) || packet_item_data(p, t) || packet_item_attribute(p, t))
            return true;
        break;
    case 'C':
        if (packet_item_cert(p, t) || packet_item_eap(p, t))
            return true;
        break;
    case 'D':
        if (packet_item_group(p, t) || packet_item_data(p, t))
            return true;
        break;
    case 'E':
        if (packet_item_header(p, t) || packet_item_data(p, t))
            return true;
        break;
    case 'H':
        return packet_item_spis(p, t);
    case 'I':
        if (packet_item_spis(p, t) || (p->traced && packet_item_traced(p, t)) || packet_item_exchange(p, t) ||
            packet_item_id_type(p, t))
            return true;
        break;
    case 'M':
        return packet_item_header(p, t);
    case 'N':
        if (packet_item_ts_count(p, t) || packet_item_header(p, t) || payload_rest(p, t))
            return true;
        break;
    case 'P':
        if (scan_eat(t, "Payload contents:")) {
            p->list = true;
            return true;
        }
        return packet_item_proposal(p, t) || parsed_payload(p, t);
    case 'R':
        if (packet_item_addresses(p, t) || packet_item_data(p, t) || packet_item_traced(p, t))
            return true;
        break;
    case 'S':
        if (packet_item_protocol(p, t) || packet_item_addresses(p, t) || packet_item_traced(p, t))
            return true;
        break;
    case 'T':
        if (packet_item_ts_type(p, t) || packet_item_addresses(p, t) || packet_item_eap(p, t))
            return true;
        break;
    case 'a':
        return packet_item_octets(p, t) || packet_item_attribute(p, t);
    case 'c':
        return packet_item_octets(p, t) || packet_item_cfg(p, t);
    case 'f':
        return packet_item_octets(p, t) || packet_item_header(p, t);
    case 'l':
        return packet_item_last(p, t);
    case 's':
        return packet_item_ts_ports(p, t) || packet_item_ts_addresses(p, t);
    case 't':
        return packet_item_type(p, t);
    default:
        break;
    }
    return payload_head(p, t, true) || packet_item_names(p, t) || packet_item_octets(p, t);
}

bool packet_read(struct packet *p, struct text *t)
{
    p->digested = false;
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
        return text_starts(t, TEXT("Sending Packet")) ||
               (text_starts(t, TEXT("Sending IKEv2 ")) && text_has(t, TEXT(" Exchange RE")));
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
    if (packet_payload_word(&s, &name))
        return payload_head(&probe, &t, false);
    static const char *const starts[] = { "last proposal:",
                                          "last transform:",
                                          "Proposal:",
                                          "type:",
                                          "DH group:",
                                          "Security protocol id:",
                                          "Id type:",
                                          "Auth method",
                                          "Auth data:",
                                          "cfg type:",
                                          "attrib type:",
                                          "Num of TSs:",
                                          "TS type:",
                                          "start port:",
                                          "start addr:",
                                          "Cert encoding",
                                          "Cert data:",
                                          "CertReq data:",
                                          "Encrypted data:",
                                          "Decrypted packet:",
                                          "REAL Decrypted packet:",
                                          "Payload contents:",
                                          "Initiator SPI :",
                                          "flags:",
                                          "MSG-RESPONSE Message id:",
                                          "Message id:" };
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        s = t;
        if (starts[i][0] == t.at[0] && scan_eat_text(&s, starts[i]))
            return true;
    }
    return packet_item_octets(&probe, &t);
}

bool packet_takes_entry(const struct packet *p, struct text t)
{
    if (packet_begins(t)) /* the IKEv2-PAK line, or ASA's glued one, behind Sending/Received Packet */
        return t.at[0] == 'N' && p->addressed && !p->header && !p->list && !p->contents;
    return text_starts(t, TEXT("Parse ")) || packet_continues(t) ||
           (p->header && !p->list && (text_starts(t, TEXT("Exchange type:")) || text_starts(t, TEXT("Message id:")))) ||
           (p->addressed && (text_starts(t, TEXT("HDR[")) || text_starts(t, TEXT("IKEV2 HDR"))));
}

bool packet_has_between(const struct packet *p, struct text t)
{
    if (!p->open || p->contents)
        return false;
    bool waiting = p->message.direction == DIRECTION_RECEIVED && p->first == PAYLOAD_SK;
    return waiting && (t.len == 0 || text_starts(t, TEXT("decrypt queued")) ||
                       text_starts(t, TEXT("Asynchronous request queued")) || text_starts(t, TEXT("Decrypt success")));
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
    p->digested = false;
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
        p->digested = false;
    }
}

void packet_digest(struct packet *p)
{
    if (!p->digested)
        message_digest(&p->message, p->arena);
    p->digested = true;
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
        bool open = m->decryption == DECRYPTION_FROM_LOG || clear ||
                    (p->list && m->direction == DIRECTION_RECEIVED && !skf && !(p->decrypted && p->plain_length));
        m->decryption = open ? DECRYPTION_FROM_LOG : DECRYPTION_NO_KEY;
        for (struct payload **at = &m->payloads; *at;) {
            bool wrapper = (*at)->type == PAYLOAD_SK || (*at)->type == PAYLOAD_SKF;
            if (wrapper && open) { /* its contents stand in its place */
                p->digested = false;
                *at = (*at)->next;
                continue;
            }
            (*at)->encrypted = !wrapper;
            at = &(*at)->next;
        }
    }
    packet_digest(p);
    m->has_sk |= m->protection != PROTECTION_NONE;
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
