#include "decoder/rebuild.h"

#include "base/limits.h"

/* A payload's body being written: fields in the format's order, each taking its fact or leaving zeros. */
struct body {
    struct buffer *out;
    size_t start;   /* of the body in out */
    uint32_t room;  /* octets that the body should have; UINT32_MAX unknown */
    uint32_t zeros; /* written for what is not known */
    bool failed;    /* a field without which the payload means nothing is not known */
};

static void put_number(struct body *b, uint64_t number, unsigned octets)
{
    while (octets-- > 0)
        buffer_byte(b->out, (char)(number >> (8 * octets)));
}

static void put_zeros(struct body *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_byte(b->out, 0);
    b->zeros += (uint32_t)count;
}

static void put_octets(struct body *b, struct bytes octets)
{
    buffer_put(b->out, octets.at, octets.len);
}

static void put_address(struct body *b, struct address a)
{
    put_octets(b, bytes_over(a.octets, address_length(a)));
}

static uint64_t number_of(const struct fact *facts, const char *name, uint64_t otherwise)
{
    uint64_t n;
    return fact_get_number(facts, name, &n) ? n : otherwise;
}

static uint64_t need_number(struct body *b, const struct fact *facts, const char *name)
{
    uint64_t n = 0;
    b->failed |= !fact_get_number(facts, name, &n);
    return n;
}

static size_t body_length(const struct body *b)
{
    return b->out->len - b->start;
}

/* ---- SA: RFC 7296 section 3.3 ---- */

static bool has_variable_key(uint64_t encr)
{
    static const uint8_t fixed[] = { ENCR_DES_IV64, ENCR_DES,      ENCR_3DES, ENCR_IDEA,
                                     ENCR_3IDEA,    ENCR_DES_IV32, ENCR_NULL, ENCR_CHACHA20_POLY1305 };
    for (size_t i = 0; i < sizeof fixed; i++)
        if (fixed[i] == encr)
            return false;
    return true;
}

/* Octets of a proposal and how many of its ciphers lack a key length: older ASA do not print it, and its attribute takes 4. */
static size_t proposal_size(const struct fact *proposal, size_t *without_key_length)
{
    size_t size = 8 + fact_get_octets(proposal, "spi").len;
    const struct fact *transforms = fact_find(proposal, "transforms");
    for (const struct fact *t = fact_children(transforms); t; t = t->next) {
        const struct fact *fields = fact_children(t);
        bool key_length = fact_find(fields, "key_length") != NULL;
        size += key_length ? 12 : 8;
        if (!key_length && number_of(fields, "type", 0) == TRANSFORM_ENCR && has_variable_key(number_of(fields, "id", 0)))
            (*without_key_length)++;
    }
    return size;
}

enum { KEY_LENGTH_ATTRIBUTE = 0x800e, MORE_TRANSFORMS = 3, MORE_PROPOSALS = 2 };

static void put_transform(struct body *b, const struct fact *t, bool room_for_key_length)
{
    const struct fact *fields = fact_children(t);
    uint64_t type = need_number(b, fields, "type"), id = need_number(b, fields, "id");
    const struct fact *key = fact_find(fields, "key_length");
    bool attribute = key || (room_for_key_length && type == TRANSFORM_ENCR && has_variable_key(id));
    put_number(b, t->next ? MORE_TRANSFORMS : 0, 1);
    put_number(b, 0, 1);
    put_number(b, attribute ? 12 : 8, 2);
    put_number(b, type, 1);
    put_number(b, 0, 1);
    put_number(b, id, 2);
    if (!attribute)
        return;
    put_number(b, KEY_LENGTH_ATTRIBUTE, 2);
    if (key)
        put_number(b, key->as.number, 2);
    else
        put_zeros(b, 2);
}

static size_t spi_missing(const struct fact *proposal)
{
    return fact_find(proposal, "spi") ? 0 : number_of(proposal, "protocol", 0) == PROTOCOL_IKE ? 8 : 4;
}

static void put_proposal(struct body *b, const struct fact *p, bool room_for_spi, bool room_for_key_length)
{
    const struct fact *fields = fact_children(p), *list = fact_find(fields, "transforms");
    struct bytes spi = fact_get_octets(fields, "spi");
    size_t without = 0, count = 0, missing = room_for_spi ? spi_missing(fields) : 0;
    size_t size = proposal_size(fields, &without) + missing;
    for (const struct fact *t = fact_children(list); t; t = t->next)
        count++;
    put_number(b, p->next ? MORE_PROPOSALS : 0, 1);
    put_number(b, 0, 1);
    put_number(b, size + (room_for_key_length ? 4 * without : 0), 2);
    put_number(b, need_number(b, fields, "number"), 1);
    put_number(b, need_number(b, fields, "protocol"), 1);
    put_number(b, spi.len + missing, 1);
    put_number(b, count, 1);
    put_octets(b, spi);
    put_zeros(b, missing);
    for (const struct fact *t = fact_children(list); t; t = t->next)
        put_transform(b, t, room_for_key_length);
}

/* What the dump left out must come to what the payload's length says: SPIs, of 4 octets for ESP and AH and 8 for an IKE SA, and
 * key lengths. */
static void write_sa(struct body *b, const struct fact *facts)
{
    const struct fact *list = fact_find(facts, "proposals");
    size_t known = 0, without = 0, spis = 0;
    for (const struct fact *p = fact_children(list); p; p = p->next) {
        known += proposal_size(fact_children(p), &without);
        spis += spi_missing(fact_children(p));
    }
    b->failed |= !known;
    bool anything = b->room == UINT32_MAX;
    for (unsigned form = 0; form < 4; form++) {
        bool with_spi = form & 1, with_keys = form & 2;
        if (!anything && known + (with_spi ? spis : 0) + (with_keys ? 4 * without : 0) != b->room)
            continue;
        for (const struct fact *p = fact_children(list); p; p = p->next)
            put_proposal(b, p, with_spi, with_keys);
        return;
    }
    b->failed = true;
}

/* ---- the others ---- */

static void write_ke(struct body *b, const struct fact *facts)
{
    struct bytes data = fact_get_octets(facts, "data");
    put_number(b, need_number(b, facts, "group"), 2);
    put_number(b, 0, 2);
    put_octets(b, data);
    b->failed |= !data.len;
}

static void write_nonce(struct body *b, const struct fact *facts)
{
    struct bytes data = fact_get_octets(facts, "data");
    put_octets(b, data);
    b->failed |= !data.len;
}

static void write_data(struct body *b, const struct fact *facts)
{
    put_octets(b, fact_get_octets(facts, "data"));
}

static void write_id(struct body *b, const struct fact *facts)
{
    uint64_t type = need_number(b, facts, "id_type");
    struct bytes data = fact_get_octets(facts, "data");
    struct text id = fact_get_text(facts, "id");
    struct address a;
    put_number(b, type, 1);
    put_number(b, 0, 3);
    if (data.len)
        put_octets(b, data);
    else if ((type == ID_IPV4_ADDR || type == ID_IPV6_ADDR) && address_read(id, &a))
        put_address(b, a);
    else if (type == ID_FQDN || type == ID_RFC822_ADDR || type == ID_KEY_ID)
        put_octets(b, bytes_of_text(id));
}

static void write_auth(struct body *b, const struct fact *facts)
{
    put_number(b, need_number(b, facts, "number"), 1);
    put_number(b, 0, 3);
    write_data(b, facts);
}

static void write_cert(struct body *b, const struct fact *facts)
{
    put_number(b, number_of(facts, "encoding", 4), 1);
    write_data(b, facts);
}

static void write_certreq(struct body *b, const struct fact *facts)
{
    put_number(b, number_of(facts, "encoding", 4), 1);
    const struct fact *list = fact_find(facts, "authorities");
    for (const struct fact *a = fact_children(list); a; a = a->next)
        if (a->kind == FACT_OCTETS)
            put_octets(b, a->as.octets);
    write_data(b, facts);
}

static void write_notify(struct body *b, const struct fact *facts)
{
    struct bytes spi = fact_get_octets(facts, "spi"), data = fact_get_octets(facts, "data");
    put_number(b, number_of(facts, "protocol", 0), 1);
    put_number(b, spi.len, 1);
    uint64_t type;
    if (fact_get_number(facts, "number", &type))
        put_number(b, type, 2);
    else
        put_zeros(b, 2); /* a vendor's own, of which the log has only the name */
    put_octets(b, spi);
    put_octets(b, data);
}

static void write_delete(struct body *b, const struct fact *facts)
{
    const struct fact *list = fact_find(facts, "spis"), *first = fact_children(list);
    uint64_t protocol = need_number(b, facts, "protocol"), count = 0;
    size_t size = first && first->kind == FACT_OCTETS ? first->as.octets.len : protocol == PROTOCOL_IKE ? 0 : 4;
    for (const struct fact *s = first; s; s = s->next)
        count++;
    put_number(b, protocol, 1);
    put_number(b, size, 1);
    put_number(b, count ? count : number_of(facts, "count", 0), 2);
    for (const struct fact *s = first; s; s = s->next)
        if (s->kind == FACT_OCTETS)
            put_octets(b, s->as.octets);
}

static void write_selectors(struct body *b, const struct fact *facts)
{
    const struct fact *list = fact_find(facts, "selectors");
    size_t count = 0;
    for (const struct fact *s = fact_children(list); s; s = s->next)
        count++;
    put_number(b, count, 1);
    put_number(b, 0, 3);
    for (const struct fact *s = fact_children(list); s; s = s->next) {
        const struct fact *start = fact_find(fact_children(s), "start"), *end = fact_find(fact_children(s), "end");
        if (!start || !end || start->kind != FACT_ADDRESS || end->kind != FACT_ADDRESS) {
            b->failed = true;
            return;
        }
        put_number(b, need_number(b, fact_children(s), "type"), 1);
        put_number(b, number_of(fact_children(s), "protocol", 0), 1);
        put_number(b, 8 + address_length(start->as.address) + address_length(end->as.address), 2);
        put_number(b, number_of(fact_children(s), "start_port", 0), 2);
        put_number(b, number_of(fact_children(s), "end_port", 65535), 2);
        put_address(b, start->as.address);
        put_address(b, end->as.address);
    }
}

static void write_value(struct body *b, const struct fact *value, size_t length)
{
    size_t before = b->out->len;
    if (value && value->kind == FACT_OCTETS)
        put_octets(b, value->as.octets);
    else if (value && value->kind == FACT_TEXT)
        put_octets(b, bytes_of_text(value->as.text));
    else if (value && value->kind == FACT_ADDRESS)
        put_address(b, value->as.address);
    if (b->out->len - before > length) /* the text goes on where the dump cut it, or is in another form */
        b->out->len = before + length;
    put_zeros(b, length - (b->out->len - before));
}

static void write_configuration(struct body *b, const struct fact *facts)
{
    const struct fact *list = fact_find(facts, "attributes");
    put_number(b, need_number(b, facts, "cfg_type"), 1);
    put_number(b, 0, 3);
    for (const struct fact *a = fact_children(list); a; a = a->next) {
        uint64_t length = number_of(fact_children(a), "length", 0);
        put_number(b, need_number(b, fact_children(a), "number"), 2);
        put_number(b, length & 0xffff, 2);
        write_value(b, fact_find(fact_children(a), "value"), length & 0xffff);
    }
}

static void write_eap(struct body *b, const struct fact *facts)
{
    put_number(b, need_number(b, facts, "code"), 1);
    put_number(b, number_of(facts, "identifier", 0), 1);
    put_number(b, b->room == UINT32_MAX ? 4 : b->room, 2);
    uint64_t type;
    if (fact_get_number(facts, "eap_type", &type))
        put_number(b, type, 1);
    write_data(b, facts);
}

static const struct writer {
    uint8_t type;
    void (*write)(struct body *b, const struct fact *facts);
} writers[] = {
    { PAYLOAD_SA, write_sa },         { PAYLOAD_KE, write_ke },
    { PAYLOAD_IDI, write_id },        { PAYLOAD_IDR, write_id },
    { PAYLOAD_CERT, write_cert },     { PAYLOAD_CERTREQ, write_certreq },
    { PAYLOAD_AUTH, write_auth },     { PAYLOAD_NONCE, write_nonce },
    { PAYLOAD_NOTIFY, write_notify }, { PAYLOAD_DELETE, write_delete },
    { PAYLOAD_VENDOR, write_data },   { PAYLOAD_TSI, write_selectors },
    { PAYLOAD_TSR, write_selectors }, { PAYLOAD_CP, write_configuration },
    { PAYLOAD_EAP, write_eap },
};

/* Of a dump that does not tell a payload's length: does it say everything all the same? Error notifies have no data but for one;
 * selectors and deletes have no more than their fields. */
static bool complete_without_length(const struct payload *p)
{
    uint64_t type = number_of(p->facts, "number", UINT16_MAX);
    switch (p->type) {
    case PAYLOAD_NOTIFY:
        return fact_find(p->facts, "data") || (notify_is_error(type) && type != NOTIFY_INVALID_KE_PAYLOAD);
    case PAYLOAD_TSI:
    case PAYLOAD_TSR:
        return true;
    case PAYLOAD_DELETE:
        return fact_find(p->facts, "spis") || number_of(p->facts, "protocol", 0) == PROTOCOL_IKE;
    default:
        return fact_find(p->facts, "data");
    }
}

static bool put_payload(const struct payload *p, struct buffer *out, uint32_t *zeros)
{
    const struct writer *w = NULL;
    if (p->length > UINT16_MAX) /* no payload's header can say so */
        return false;
    for (size_t i = 0; i < COUNT_OF(writers); i++)
        if (writers[i].type == p->type)
            w = &writers[i];
    if (!w || (p->length < 4 && !complete_without_length(p)))
        return false;
    size_t head = out->len;
    struct body b = { out, head + 4, p->length >= 4 ? p->length - 4 : UINT32_MAX, 0, false };
    put_number(&b, p->next ? p->next->type : 0, 1);
    put_number(&b, p->critical ? 0x80 : 0, 1);
    put_number(&b, 0, 2);
    w->write(&b, p->facts);
    if (b.failed || (b.room != UINT32_MAX && body_length(&b) > b.room))
        return false;
    if (b.room != UINT32_MAX)
        put_zeros(&b, b.room - body_length(&b));
    size_t length = out->len - head;
    if (out->full || length > UINT16_MAX)
        return false;
    out->at[head + 2] = (char)(length >> 8);
    out->at[head + 3] = (char)length;
    *zeros += b.zeros;
    return true;
}

bool message_rebuild(const struct message *m, struct buffer *out, struct rebuilt *r)
{
    size_t start = out->len;
    struct body header = { .out = out };
    *r = (struct rebuilt){ .opened = m->protection != PROTECTION_NONE };
    if (r->opened && m->decryption != DECRYPTION_FROM_LOG && m->decryption != DECRYPTION_DECRYPTED) {
        r->missing = payload_notation(m->protection == PROTECTION_SKF ? PAYLOAD_SKF : PAYLOAD_SK);
        return false;
    }
    put_number(&header, m->spi_i.value, 8);
    bool first = m->exchange == EXCHANGE_IKE_SA_INIT && !(m->flags & MESSAGE_RESPONSE);
    put_number(&header, first ? 0 : m->spi_r.value, 8); /* a responder's log prints its own already */
    put_number(&header, m->payloads ? m->payloads->type : 0, 1);
    put_number(&header, 0x20, 1);
    put_number(&header, m->exchange, 1);
    put_number(&header, m->flags, 1);
    put_number(&header, m->message_id, 4);
    put_number(&header, 0, 4);
    for (const struct payload *p = m->payloads; p; p = p->next) {
        if (put_payload(p, out, &r->zeros))
            continue;
        r->missing = payload_notation(p->type) ? payload_notation(p->type) : "unknown";
        out->len = start;
        return false;
    }
    /* a clear message that is not as long as it says lost lines */
    size_t length = out->len - start;
    if (out->full || (!r->opened && (!m->payloads || (m->length && m->length != length)))) {
        r->missing = "some";
        out->len = start;
        return false;
    }
    for (unsigned i = 0; i < 4; i++)
        out->at[start + 24 + i] = (char)(length >> (24 - 8 * i));
    return true;
}

/* ---- IP and UDP ---- */

static uint32_t sum_of(struct bytes octets, uint32_t sum)
{
    for (size_t i = 0; i < octets.len; i++) {
        sum += (uint32_t)octets.at[i] << (i & 1 ? 0 : 8);
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
}

static void patch_checksum(struct buffer *out, size_t at, uint32_t sum)
{
    uint16_t checksum = (uint16_t)~sum;
    out->at[at] = (char)(checksum >> 8);
    out->at[at + 1] = (char)checksum;
}

enum { IPV4_HEADER = 20, UDP_HEADER = 8 };

void datagram_put(struct endpoint source, struct endpoint destination, struct bytes ike, struct buffer *out)
{
    bool six = address_length(source.address) == 16 || address_length(destination.address) == 16;
    size_t width = six ? 16 : 4;
    uint16_t from = source.port ? source.port : PORT_IKE, to = destination.port ? destination.port : PORT_IKE;
    bool marked = from == PORT_NATT || to == PORT_NATT;
    size_t udp = UDP_HEADER + (marked ? 4 : 0) + ike.len, start = out->len;
    struct body b = { .out = out };
    uint8_t ends[32] = { 0 };
    if (address_length(source.address) == width)
        memcpy(ends, source.address.octets, width);
    if (address_length(destination.address) == width)
        memcpy(ends + width, destination.address.octets, width);
    if (six) {
        put_number(&b, 0x60000000, 4);
        put_number(&b, udp, 2);
        put_number(&b, IPPROTO_NO_UDP, 1);
        put_number(&b, 64, 1);
    } else {
        put_number(&b, 0x4500, 2);
        put_number(&b, IPV4_HEADER + udp, 2);
        put_number(&b, 0, 4);
        put_number(&b, 64, 1);
        put_number(&b, IPPROTO_NO_UDP, 1);
        put_number(&b, 0, 2);
    }
    put_octets(&b, bytes_over(ends, 2 * width));
    if (!six && !out->full)
        patch_checksum(out, start + 10, sum_of(bytes_over(out->at + start, IPV4_HEADER), 0));
    size_t at = out->len;
    put_number(&b, from, 2);
    put_number(&b, to, 2);
    put_number(&b, udp, 2);
    put_number(&b, 0, 2);
    if (marked)
        put_number(&b, 0, 4);
    put_octets(&b, ike);
    if (out->full)
        return;
    uint32_t sum = sum_of(bytes_over(ends, 2 * width), (uint32_t)(IPPROTO_NO_UDP + udp));
    patch_checksum(out, at + 6, sum_of(bytes_over(out->at + at, udp), (sum & 0xffff) + (sum >> 16)));
}
