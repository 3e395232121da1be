#define _POSIX_C_SOURCE 200809L
#include "model/address.h"

#include <arpa/inet.h>

enum { TEXT_ROOM = 64 };

/* A decimal number of a few digits: where it ends, or NULL. */
static inline const char *take_decimal(const char *at, const char *end, unsigned digits, unsigned most, unsigned *number)
{
    const char *from = at, *last = (size_t)(end - at) > digits ? at + digits : end;
    unsigned v = 0, digit;
    for (; at < last && (digit = (unsigned)(unsigned char)*at - '0') <= 9; at++)
        v = v * 10 + digit;
    *number = v;
    return at > from && v <= most ? at : NULL;
}

/* Four numbers and three dots at the start of a text: where they end, or NULL. */
static const char *take_ipv4(const char *at, const char *end, uint8_t octets[4])
{
    unsigned octet;
    for (int i = 0; i < 4; i++) {
        if (i && (at == end || *at++ != '.'))
            return NULL;
        if (!(at = take_decimal(at, end, 3, 255, &octet)))
            return NULL;
        octets[i] = (uint8_t)octet;
    }
    return at;
}

static bool read_ipv4(struct text t, uint8_t octets[4])
{
    return take_ipv4(t.at, t.at + t.len, octets) == t.at + t.len;
}

static bool read_ipv6(struct text t, uint8_t octets[16])
{
    char copy[TEXT_ROOM];
    if (t.len < 2 || t.len >= sizeof copy || text_find_byte(t, ':') == TEXT_NOWHERE)
        return false;
    memcpy(copy, t.at, t.len);
    copy[t.len] = 0;
    return inet_pton(AF_INET6, copy, octets) == 1;
}

/* "XX", "y", "*", "##": a letter or a mark again and again; "1xx": perhaps behind digits that are left. */
static bool masked_part(struct text part)
{
    size_t digits = 0;
    while (digits < part.len && part.at[digits] >= '0' && part.at[digits] <= '9')
        digits++;
    part = text_from(part, digits);
    char c = part.len && part.len + digits <= 4 ? part.at[0] : 0;
    for (size_t i = 1; i < part.len && c; i++)
        c = part.at[i] == c ? c : 0;
    if (digits)
        return c == 'x' || c == 'X' || c == '*';
    if (c >= 'a' && c <= 'z' && c != 'x' && part.len > 2) /* "www" */
        return false;
    return text_is_letter(c) || c == '*' || c == '#' || c == '_' || c == '-';
}

static bool keep_masked(struct text t, struct address *a)
{
    if (t.len > sizeof a->octets - 1)
        return false;
    a->family = ADDRESS_MASKED;
    memcpy(a->octets, t.at, t.len);
    return true;
}

/* "18.218.X.X", "x.x.x.x", "Y.Y.Y.Y", "A.B.C.D": four parts, digits or masked, at least one masked. */
static bool read_masked_ipv4(struct text t)
{
    unsigned parts = 0, masked = 0;
    struct text rest = t, part;
    while (text_cut(&rest, '.', &part)) {
        uint64_t v;
        parts++;
        if (masked_part(part))
            masked++;
        else if (!text_number(part, 10, &v) || v > 255)
            return false;
    }
    return parts == 4 && masked;
}

/* "2001:db8:x:x::1", "X:X:X:X::X": groups of digits or of x, at least one of these. */
static bool read_masked_ipv6(struct text t)
{
    unsigned parts = 0, masked = 0;
    struct text rest = t, part;
    while (text_cut(&rest, ':', &part)) {
        uint64_t v;
        bool is_x = part.len && part.len <= 4 && (part.at[0] == 'x' || part.at[0] == 'X') && masked_part(part);
        parts++;
        masked += is_x;
        if (part.len && !is_x && (part.len > 4 || !text_number(part, 16, &v)))
            return false;
    }
    return parts >= 3 && parts <= 8 && masked;
}

/* "<local-ip>": what stands in an address's place, in brackets that no name and no number has. */
static bool read_bracketed(struct text t)
{
    bool letter = false;
    if (t.len < 3 || t.at[0] != '<' || t.at[t.len - 1] != '>')
        return false;
    for (size_t i = 1; i + 1 < t.len; i++) {
        char c = t.at[i];
        letter |= text_is_letter(c);
        if (c == ' ' || c == '<' || c == '>' || c == '/' || c == ':')
            return false;
    }
    return letter;
}

static bool read_masked(struct text t, struct address *a)
{
    return (read_masked_ipv4(t) || read_masked_ipv6(t) || read_bracketed(t)) && keep_masked(t, a);
}

bool address_read(struct text t, struct address *a)
{
    *a = (struct address){ 0 };
    if (t.len >= 2 && t.at[0] == '[' && t.at[t.len - 1] == ']')
        t = text_upto(text_from(t, 1), t.len - 2);
    if (t.len == 0 || t.len >= TEXT_ROOM)
        return false;
    if (read_ipv4(t, a->octets)) {
        a->family = ADDRESS_IPV4;
        return true;
    }
    memset(a->octets, 0, sizeof a->octets);
    if (read_ipv6(t, a->octets)) {
        a->family = ADDRESS_IPV6;
        return true;
    }
    memset(a->octets, 0, sizeof a->octets);
    return read_masked(t, a);
}

struct address address_of(struct bytes octets)
{
    struct address a = { 0 };
    if (octets.len != 4 && octets.len != 16)
        return a;
    a.family = octets.len == 4 ? ADDRESS_IPV4 : ADDRESS_IPV6;
    memcpy(a.octets, octets.at, octets.len);
    return a;
}

size_t address_length(struct address a)
{
    return a.family == ADDRESS_IPV4 ? 4 : a.family == ADDRESS_IPV6 ? 16 : 0;
}

int address_compare(struct address a, struct address b)
{
    if (a.family != b.family)
        return a.family < b.family ? -1 : 1;
    return memcmp(a.octets, b.octets, sizeof a.octets);
}

bool range_has(struct address start, struct address end, struct address a)
{
    return address_compare(start, a) <= 0 && address_compare(a, end) <= 0;
}

bool range_meets(struct address start, struct address end, struct address other_start, struct address other_end)
{
    return address_compare(start, other_end) <= 0 && address_compare(other_start, end) <= 0;
}

void address_print(struct address a, struct buffer *out)
{
    char text[TEXT_ROOM];
    switch (a.family) {
    case ADDRESS_IPV4:
        buffer_format(out, "%u.%u.%u.%u", a.octets[0], a.octets[1], a.octets[2], a.octets[3]);
        break;
    case ADDRESS_IPV6:
        if (inet_ntop(AF_INET6, a.octets, text, sizeof text))
            buffer_string(out, text);
        break;
    case ADDRESS_MASKED:
        buffer_put(out, a.octets, strnlen((const char *)a.octets, sizeof a.octets));
        break;
    default:
        break;
    }
}

static bool read_port(struct text t, uint16_t *port)
{
    uint64_t v;
    if (!text_number(t, 10, &v) || v > 65535)
        return false;
    *port = (uint16_t)v;
    return true;
}

size_t endpoint_usual(struct text t, struct endpoint *e)
{
    const char *end = t.at + t.len, *at;
    unsigned port;
    *e = (struct endpoint){ .address = { .family = ADDRESS_IPV4 } };
    if (!(at = take_ipv4(t.at, end, e->address.octets)) || at == end || *at != ':' ||
        !(at = take_decimal(at + 1, end, 5, UINT16_MAX, &port)) || (at < end && *at != '/' && *at != ']' && *at != ' '))
        return 0;
    e->port = (uint16_t)port;
    return (size_t)(at - t.at);
}

bool endpoint_read(struct text t, struct endpoint *e)
{
    if (t.len && endpoint_usual(t, e) == t.len)
        return true;
    *e = (struct endpoint){ 0 };
    size_t at = text_find_byte(t, '/');
    if (at != TEXT_NOWHERE)
        return address_read(text_upto(t, at), &e->address) && read_port(text_from(t, at + 1), &e->port);
    if (t.len && t.at[0] == '[') {
        at = text_find_byte(t, ']');
        if (at == TEXT_NOWHERE || !address_read(text_upto(t, at + 1), &e->address))
            return false;
        t = text_from(t, at + 1);
        return t.len == 0 || (t.at[0] == ':' && read_port(text_from(t, 1), &e->port));
    }
    size_t last = t.len;
    while (last && t.at[last - 1] != ':')
        last--;
    if (!last)
        return address_read(t, &e->address);
    struct text head = text_upto(t, last - 1), port = text_from(t, last);
    struct address whole, part;
    bool is_whole = address_read(t, &whole), is_part = address_read(head, &part);
    /* Of a bare IPv6 text the last group is a port when only so it is an address, or when it is IKE's port. */
    bool ike = text_equal(port, TEXT("500")) || text_equal(port, TEXT("4500"));
    if (is_part && (!is_whole || (part.family == ADDRESS_IPV6 && ike))) {
        e->address = part;
        return read_port(port, &e->port);
    }
    e->address = whole;
    return is_whole;
}

bool address_named(struct text t, struct address *a)
{
    bool letter = false;
    *a = (struct address){ 0 };
    t = text_trim(t);
    if (t.len > 2 && t.at[0] == '[' && t.at[t.len - 1] == ']')
        t = text_upto(text_from(t, 1), t.len - 2);
    for (size_t i = 0; i < t.len; i++)
        letter |= text_is_letter(t.at[i]) || t.at[i] == '*';
    return letter && !text_equal_nocase(t, TEXT("unknown")) && keep_masked(text_upto(t, sizeof a->octets - 1), a);
}

bool endpoint_named(struct text t, struct endpoint *e)
{
    size_t colon = t.len;
    *e = (struct endpoint){ 0 };
    while (colon && t.at[colon - 1] != ':' && t.at[colon - 1] != '/')
        colon--;
    return colon && read_port(text_from(t, colon), &e->port) && address_named(text_upto(t, colon - 1), &e->address);
}

bool endpoint_equal(struct endpoint a, struct endpoint b)
{
    return a.port == b.port && address_equal(a.address, b.address);
}

void endpoint_print(struct endpoint e, struct buffer *out)
{
    bool brackets = e.address.family == ADDRESS_IPV6 && e.port;
    if (brackets)
        buffer_byte(out, '[');
    address_print(e.address, out);
    if (brackets)
        buffer_byte(out, ']');
    if (e.port && e.address.family)
        buffer_format(out, ":%u", e.port);
}

struct text address_text(struct address a, struct arena *arena)
{
    return endpoint_text((struct endpoint){ a, 0 }, arena);
}

struct text endpoint_text(struct endpoint e, struct arena *arena)
{
    struct buffer b;
    buffer_init(&b, 256);
    endpoint_print(e, &b);
    struct text t = arena_text(arena, buffer_view(&b));
    buffer_clear(&b);
    return t;
}

void range_print(struct address start, struct address end, struct buffer *out)
{
    address_print(start, out);
    buffer_byte(out, '-');
    address_print(end, out);
}

int range_prefix(struct address start, struct address end)
{
    size_t octets = address_length(start);
    if (octets == 0 || start.family != end.family)
        return -1;
    unsigned bits = (unsigned)octets * 8, same = 0;
    while (same < bits && !((start.octets[same / 8] ^ end.octets[same / 8]) >> (7 - same % 8) & 1))
        same++;
    for (unsigned i = same; i < bits; i++)
        if ((start.octets[i / 8] >> (7 - i % 8) & 1) || !(end.octets[i / 8] >> (7 - i % 8) & 1))
            return -1;
    return (int)same;
}

bool address_of_nobody(struct address a)
{
    uint8_t any = 0, all = 0xff;
    size_t length = address_length(a);
    for (size_t i = 0; i < length; i++) {
        any |= a.octets[i];
        all &= a.octets[i];
    }
    return length && (!any || (all == 0xff && a.family == ADDRESS_IPV4));
}
