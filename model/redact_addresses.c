/* Redaction: addresses, and substitutes for them that keep subnets. */
#include "model/redact_parts.h"

struct given {
    uint8_t key[17]; /* family and the prefix so far, and its length last */
    uint8_t turned;  /* bits of the octet below it that are turned over */
};

/* The substitute of one octet below a prefix: the same bits are turned over in all of them, so that what lies in one subnet, of
 * whatever length, still does. Which bits follows from the first that appeared: it becomes `first`, or the number beside it. */
static uint8_t octet_of(struct redactor *r, uint8_t family, const uint8_t *prefix, unsigned n, uint8_t octet, uint8_t first)
{
    uint8_t key[17] = { (uint8_t)(family << 5 | n) };
    memcpy(key + 1, prefix, n);
    struct given *g = map_find(&r->octets, bytes_over(key, sizeof key));
    if (!g) {
        g = arena_new(r->arena, struct given);
        memcpy(g->key, key, sizeof key);
        g->turned = (uint8_t)(octet ^ (octet == first ? first + 1 : first));
        map_put(&r->octets, bytes_over(g->key, sizeof g->key), g);
    }
    return octet ^ g->turned;
}

/* The first octet of a public address: in order of appearance, and never of a private or special range. */
static uint8_t first_octet(struct redactor *r, uint8_t octet)
{
    if (r->firsts[octet])
        return r->firsts[octet];
    uint8_t next = r->next_first ? r->next_first : 20;
    if (next == octet)
        next++;
    while (next == 127 || next == 172 || next == 192 || next >= 224)
        next = next >= 224 ? 11 : (uint8_t)(next + 1);
    r->next_first = (uint8_t)(next + 1);
    return r->firsts[octet] = next;
}

enum { SECOND_OCTET = 201, THIRD_OCTET = 151, SITE_OCTET = 1 };

/* ::ffff:0:0/96 (RFC 4291) and 64:ff9b::/96 (RFC 6052): the last four octets are an address of IPv4. */
static bool holds_ipv4(struct address a)
{
    static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff }, nat64[12] = { 0x00, 0x64, 0xff, 0x9b };
    return memcmp(a.octets, mapped, sizeof mapped) == 0 || memcmp(a.octets, nat64, sizeof nat64) == 0;
}

static struct address redact_ipv6(struct redactor *r, struct address a)
{
    /* 2001:db8::/32 stands for all; of the site's octets the first two are always other ones; the last four stay */
    static const uint8_t documentation[4] = { 0x20, 0x01, 0x0d, 0xb8 };
    struct address b = a;
    bool none = true;
    for (int i = 0; i < 16; i++)
        none &= a.octets[i] == 0 || (i == 15 && a.octets[i] == 1);
    if (none || a.octets[0] == 0xfe || a.octets[0] == 0xff)
        return a;
    if (holds_ipv4(a)) {
        const struct address inner = redact_address(r, address_of(bytes_over(a.octets + 12, 4)));
        memcpy(b.octets + 12, inner.octets, 4);
        return b;
    }
    memcpy(b.octets, documentation, 4);
    for (unsigned i = 4; i < 12; i++)
        if (i < 6 || (a.octets[i] != 0 && a.octets[i] != 255))
            b.octets[i] = octet_of(r, ADDRESS_IPV6, a.octets, i, a.octets[i], SITE_OCTET);
    return b;
}

struct address redact_address(struct redactor *r, struct address a)
{
    struct address b = a;
    const uint8_t *o = a.octets;
    if (a.family == ADDRESS_IPV6)
        return redact_ipv6(r, a);
    if (a.family == ADDRESS_MASKED) {
        b = (struct address){ .family = ADDRESS_MASKED };
        memcpy(b.octets, "X.X.X.X", 7);
        return b;
    }
    /* masks, wildcards, loopback, multicast and the like are no one's address */
    if (a.family != ADDRESS_IPV4 || o[0] == 0 || o[0] == 127 || o[0] >= 224)
        return a;
    bool ten = o[0] == 10, private = ten || (o[0] == 192 && o[1] == 168) || (o[0] == 172 && o[1] >= 16 && o[1] < 32);
    if (!private)
        b.octets[0] = first_octet(r, o[0]);
    if (ten || !private)
        b.octets[1] = octet_of(r, ADDRESS_IPV4, o, 1, o[1], SECOND_OCTET);
    b.octets[2] = octet_of(r, ADDRESS_IPV4, o, 2, o[2], THIRD_OCTET);
    return b;
}

/* A network's address keeps the form of one: behind the prefix its bits stay what they were. */
struct address redact_network(struct redactor *r, struct address a, unsigned prefix)
{
    struct address b = redact_address(r, a);
    for (unsigned bit = prefix; bit < 8 * address_length(a); bit++) {
        uint8_t bits = (uint8_t)(0x80 >> bit % 8);
        b.octets[bit / 8] = (uint8_t)((b.octets[bit / 8] & ~bits) | (a.octets[bit / 8] & bits));
    }
    return b;
}

void redact_range(struct redactor *r, struct address *start, struct address *end)
{
    int prefix = range_prefix(*start, *end);
    if (prefix < 0) {
        *start = redact_address(r, *start);
        *end = redact_address(r, *end);
        return;
    }
    struct address first = redact_network(r, *start, (unsigned)prefix);
    *end = redact_network(r, *end, (unsigned)prefix);
    *start = first;
}

/* ---- in a text ---- */

/* The longest run at the start that reads as an address: "10.0.0.1:500" is "10.0.0.1", "fc00::1:500" keeps its port. */
size_t redact_address_at(struct text t, struct address *a)
{
    enum { RUN_MOST = 128 }; /* no address is so long, and a line of colons is asked at each of them */
    size_t n = 0, dots = 0, colons = 0;
    while (n < t.len && n < RUN_MOST && redact_address_char(t.at[n])) {
        if (t.at[n] == ':' && dots == 3)
            break;
        dots += t.at[n] == '.';
        colons += t.at[n] == ':';
        n++;
    }
    while (n && (t.at[n - 1] == '.' || (t.at[n - 1] == ':' && !(n > 1 && t.at[n - 2] == ':')))) {
        dots -= t.at[n - 1] == '.';
        n--;
    }
    if (n < 3 || (dots != 3 && colons < 2) || (n < t.len && redact_word_char(t.at[n]) && t.at[n] != '.' && t.at[n] != '-'))
        return 0;
    struct text run = text_upto(t, n);
    if (colons >= 2 && dots == 0) {
        /* Cisco puts the port behind the last colon */
        size_t last = n;
        while (last && t.at[last - 1] != ':')
            last--;
        struct text port = text_upto(text_from(t, last), n - last);
        if ((text_equal(port, TEXT("500")) || text_equal(port, TEXT("4500"))) && address_read(text_upto(t, last - 1), a))
            return last - 1;
    }
    return address_read(run, a) ? n : 0;
}

/* The prefix length that a mask or a wildcard says; -1: it is neither. */
static int mask_prefix(struct address m)
{
    static const uint8_t lowest[4] = { 0 };
    if (m.family != ADDRESS_IPV4)
        return -1;
    struct address zero = address_of(bytes_over(lowest, 4)), turned = m;
    for (int i = 0; i < 4; i++)
        turned.octets[i] = (uint8_t)~m.octets[i];
    return m.octets[0] == 0 ? range_prefix(zero, m) : range_prefix(zero, turned);
}

/* How long a network's prefix is, from what stands behind its address: "/24", "/255.255.255.0", " 0.0.0.255", or the last address
 * of a range; -1: it is an address alone. */
int redact_prefix(struct address a, struct text rest)
{
    enum { FAR = 24 };
    uint64_t length;
    struct address next;
    size_t digits = 0;
    bool slash = rest.len && rest.at[0] == '/';
    struct text behind = text_trim(text_from(rest, slash));
    while (slash && digits < behind.len && digits < 3 && behind.at[digits] >= '0' && behind.at[digits] <= '9')
        digits++;
    bool dotted = digits < behind.len && behind.at[digits] == '.';
    if (digits && !dotted && text_number(text_upto(behind, digits), 10, &length) && length && length <= 8 * address_length(a))
        return (int)length;
    size_t n = redact_address_at(behind, &next);
    if (n && mask_prefix(next) > 0)
        return mask_prefix(next);
    for (size_t at = 0; at < rest.len && at < FAR; at++)
        if (redact_address_char(rest.at[at]) && (at == 0 || !redact_word_char(rest.at[at - 1]) || rest.at[at - 1] == '-') &&
            redact_address_at(text_from(rest, at), &next))
            return range_prefix(a, next);
    return -1;
}
