/* Packet dumps: addresses, SPIs, the header, and lists of names. */
#include "parser/packet_items.h"

#include "base/limits.h"
#include "parser/names.h"
#include "parser/scan.h"
#include "parser/veils.h"

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
bool packet_item_header(struct packet *p, struct text *t)
{
    struct text s = *t, ignored;
    uint64_t number, minor;
    unsigned digits;
    bool any = false;
    if (scan_eat(&s, "Next payload:")) {
        unsigned first = packet_payload_word(&s, &ignored);
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
    }
    if ((any && scan_eat(&s, ", flags:")) || scan_eat(&s, "flags:")) { /* the latter where a line was cut */
        any = true;
        p->message.flags = 0;
        p->message.has_flags = flag_words(p, &s);
        p->has_response = p->has_response || p->message.has_flags;
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

/* "<My public IP>:500/To": who posted the log put a word in the place of the address. */
static size_t take_named(struct text t, struct endpoint *e)
{
    size_t end = 0;
    while (end < t.len && t.at[end] != '/' && t.at[end] != ']' && t.at[end] != '[')
        end++;
    return end < t.len && endpoint_named(text_upto(t, end), e) ? end : 0;
}

static bool take_endpoint(struct text *s, const char *word, struct endpoint *e)
{
    struct text copy = *s;
    if (!scan_eat_text(&copy, word))
        return false;
    copy = scan_skip(copy);
    size_t n = endpoint_usual(copy, e);
    if (n) {
        *s = text_from(copy, n);
        scan_eat_byte(s, '/');
        return true;
    }
    while (n < copy.len && copy.at[n] != '/' && copy.at[n] != ']' && copy.at[n] != ' ')
        n++;
    if (copy.len && copy.at[0] == '[') { /* "[fc00::1]:500" */
        size_t end = text_find_byte(copy, ']');
        n = end == TEXT_NOWHERE ? n : end + 1;
        while (n < copy.len && copy.at[n] != '/' && copy.at[n] != ']' && copy.at[n] != ' ')
            n++;
    }
    if (!endpoint_read(text_upto(copy, n), e)) {
        size_t named = take_named(copy, e);
        n = named ? named : n;
    }
    *s = text_from(copy, n);
    scan_eat_byte(s, '/');
    return true;
}

/* "Sending Packet [To A:P/From B:Q/VRF i0:f0]", "Received Packet [From A:P/To B:Q/VRF i0:f0]", and ASA 8.4's
 * "Rx [L A:P/R B:Q/VRF i0:f0] m_id: 0x0". */
bool packet_item_addresses(struct packet *p, struct text *t)
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
bool packet_item_spis(struct packet *p, struct text *t)
{
    struct text s = *t;
    struct spi i, r;
    if (scan_eat(&s, "Initiator SPI :")) {
        if (!spi_scan(&s, &i) || !scan_eat(&s, "- Responder SPI :") || !spi_scan(&s, &r))
            return false;
        uint64_t id;
        if (scan_eat(&s, "Message id:") && scan_number(&s, &id) && id <= UINT32_MAX) {
            p->message.message_id = (uint32_t)id;
            p->message.has_message_id = true;
        }
    } else if (scan_eat(&s, "HDR[i:")) {
        if (!spi_scan(&s, &i) || !scan_eat(&s, "- r:") || !spi_scan(&s, &r))
            return false;
        scan_eat(&s, "]");
    } else if (scan_eat(&s, "IKEV2 HDR ispi:")) {
        if (!spi_scan(&s, &i) || !scan_eat(&s, "- rspi:") || !spi_scan(&s, &r))
            return false;
    } else {
        return false;
    }
    p->message.spi_i = i;
    p->message.spi_r = r;
    p->has_spis = true;
    *t = s;
    return true;
}

/* "IKEv2 IKE_SA_INIT Exchange REQUEST" */
bool packet_item_exchange(struct packet *p, struct text *t)
{
    struct text s = *t, word;
    if (!scan_eat(&s, "IKEv2 ") || !text_word(&s, &word) || !scan_eat(&s, "Exchange") ||
        !name_exchange(word, &p->message.exchange))
        return false;
    p->has_exchange = true;
    packet_item_direction(p, &s, 0);
    *t = s;
    return true;
}

/* REQUEST or RESPONSE, of which so many letters were there before a prompt cut the line; the rest may be cut, too. */
bool packet_item_direction(struct packet *p, struct text *t, size_t from)
{
    static const struct text words[] = { { "REQUEST", 7 }, { "RESPONSE", 8 } };
    struct text s = from ? *t : scan_skip(*t);
    for (size_t i = 0; i < 2; i++) {
        struct text word = text_from(words[i], from);
        size_t n = text_starts(s, word) ? word.len : 0;
        while (n < word.len && n < s.len && s.at[n] == word.at[n])
            n++;
        if (n == 0 || (n < word.len && n < s.len && scan_letter(s.at[n])))
            continue;
        if (from + n > 2) { /* "RE" may become either */
            p->has_response = true;
            p->message.flags |= i ? MESSAGE_RESPONSE : 0;
        }
        p->cut = n < word.len ? (uint8_t)(from + n) : 0;
        *t = text_from(s, n);
        return true;
    }
    return false;
}

/* "Sending IKEv2 IKE_AUTH Exchange REQUEST", "IKEv2 INFORMATIONAL Exchange Contains: DELETE": all that an event trace tells. */
bool packet_item_traced(struct packet *p, struct text *t)
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
        unsigned type = packet_payload_word(&w, &name);
        if (!type)
            continue;
        packet_begin_payload(p, type);
        if (p->payload && type == PAYLOAD_NOTIFY && name.len)
            packet_notify_facts(p, name);
    }
    p->list = true;
    *t = s;
    return true;
}

/* IOS-XE's list: " SA KE N VID NOTIFY(NAT_DETECTION_SOURCE_IP) " */
bool packet_item_names(struct packet *p, struct text *t)
{
    struct text s = *t, names[LIMIT_PAYLOADS];
    unsigned types[LIMIT_PAYLOADS], count = 0, type;
    bool more = false;
    if (p->list && !p->payload && text_equal(scan_trim_end(s), TEXT("NONE"))) { /* an empty list */
        p->names_only = true;
        *t = text_from(s, s.len);
        return true;
    }
    while (scan_skip(s).len) {
        struct text name;
        if (!(type = packet_payload_word(&s, &name)) || (s.len && !scan_blank(s.at[0])))
            return false;
        if (count < LIMIT_PAYLOADS) {
            types[count] = type;
            names[count++] = name;
        } else {
            more = true;
        }
    }
    p->message.truncated |= more;
    if (more)
        p->message.over |= limit_bit(OVER_PAYLOADS);
    if (s.at == t->at)
        return false;
    for (unsigned i = 0; i < count; i++) {
        packet_begin_payload(p, types[i]);
        if (p->payload && types[i] == PAYLOAD_NOTIFY)
            packet_notify_facts(p, names[i]);
    }
    p->names_only = true;
    *t = text_from(s, s.len);
    return true;
}
