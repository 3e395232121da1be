/*
 * Wireshark's esp_sa, also as strongSwan's save-keys writes it: eight or ten quoted fields. Addresses may hold wildcards
 * (10.*.*.1, *) or a mask; the SPI is decimal, hex, or hex with '*' digits; a key without 0x is text. strongSwan
 * names AES-GCM with an "ANY 128 bit authentication" beside it, by which it means GCM's own 16 octets.
 */
#include "decoder/keyfile.h"

enum { FIELDS = 10, LEAST = 8 };

static size_t split(struct text line, struct text fields[FIELDS])
{
    size_t n = 0;
    while (n < FIELDS) {
        line = text_trim(line);
        if (line.len == 0 || line.at[0] != '"')
            return 0;
        size_t end = text_find_byte(text_from(line, 1), '"');
        if (end == TEXT_NOWHERE)
            return 0;
        fields[n++] = text_trim(text_upto(text_from(line, 1), end));
        line = text_trim(text_from(line, end + 2));
        if (line.len == 0)
            return n;
        if (line.at[0] != ',')
            return 0;
        line = text_from(line, 1);
    }
    return line.len ? 0 : n;
}

static bool is_family(struct text t, bool *v6)
{
    *v6 = text_equal_nocase(t, TEXT("IPv6"));
    return *v6 || text_equal_nocase(t, TEXT("IPv4"));
}

static bool recognises(struct text line)
{
    struct text fields[FIELDS];
    bool v6;
    return split(line, fields) >= LEAST && is_family(fields[0], &v6);
}

/* "10.*.*.1", "*", "10.0.0.0/8": the address and which of its bits count. */
static bool read_address(struct text t, struct address *a, uint8_t wild[16])
{
    struct text base = t;
    uint64_t bits = 0;
    size_t slash = text_find_byte(t, '/');
    memset(wild, 0xff, 16);
    *a = (struct address){ 0 };
    if (t.len == 0 || text_equal(t, TEXT("*")))
        return true;
    if (slash != TEXT_NOWHERE) {
        base = text_upto(t, slash);
        if (!text_number(text_from(t, slash + 1), 10, &bits) || bits > 128)
            return false;
    }
    if (text_find_byte(base, '*') == TEXT_NOWHERE) {
        if (!address_read(base, a))
            return false;
        for (unsigned i = 0; i < 16 && slash != TEXT_NOWHERE; i++) {
            wild[i] = (uint8_t)(bits >= (i + 1) * 8 ? 0xffu : bits <= i * 8 ? 0u : 0xffu << (8 - (bits - i * 8)));
            a->octets[i] = (uint8_t)(a->octets[i] & wild[i]);
        }
        return true;
    }
    struct text rest = base, part;
    unsigned n = 0;
    for (; text_cut(&rest, '.', &part) && n < 4; n++) {
        uint64_t v = 0;
        bool any = text_equal(part, TEXT("*"));
        if (!any && (!text_number(part, 10, &v) || v > 255))
            return false;
        a->octets[n] = (uint8_t)v;
        wild[n] = any ? 0 : 0xff;
    }
    a->family = ADDRESS_IPV4;
    return n == 4;
}

static bool read_spi(struct text t, uint32_t *spi, uint32_t *mask)
{
    uint64_t v = 0, m = 0;
    *mask = UINT32_MAX;
    if (text_equal(t, TEXT("*"))) {
        *spi = *mask = 0;
        return true;
    }
    if (!text_starts_nocase(t, TEXT("0x"))) {
        *spi = 0;
        return text_number(t, 10, &v) && v <= UINT32_MAX && ((*spi = (uint32_t)v), true);
    }
    t = text_from(t, 2);
    for (size_t i = 0; i < t.len; i++) {
        uint64_t digit = 0;
        bool any = t.at[i] == '*';
        if (!any && !text_number(text_upto(text_from(t, i), 1), 16, &digit))
            return false;
        v = v << 4 | digit;
        m = m << 4 | (any ? 0 : 15);
    }
    if (t.len == 0 || t.len > 8)
        return false;
    *spi = (uint32_t)v;
    *mask = (uint32_t)m | (t.len < 8 ? (uint32_t)(UINT32_MAX << (4 * t.len)) : 0);
    return true;
}

/* Hex behind 0x; anything else is text, to Wireshark. Text that is hex all through is more likely hex whose 0x was
 * forgotten; where both could be the key, *other gets the second meaning. */
static struct secret read_key(struct keyfile *f, struct text t, unsigned encr_id, struct secret *other, bool *ok)
{
    *other = (struct secret){ NULL, 0 };
    if (t.len == 0 || text_equal_nocase(t, TEXT("0x")))
        return *other;
    if (text_starts_nocase(t, TEXT("0x"))) {
        struct secret s = key_octets(f, t);
        *ok &= s.len > 0;
        return s;
    }
    struct secret plain = keyring_hold(f->ring, bytes_of_text(t)), hex = key_octets(f, t);
    if (!hex.len || !key_fits(encr_id, 0, hex.len))
        return plain;
    if (key_fits(encr_id, 0, plain.len))
        *other = plain;
    return hex;
}

static bool read_esn(struct text mode, struct text upper, struct esp_key *k)
{
    uint64_t high = 0;
    k->has_esn = true;
    k->esn = text_starts(mode, TEXT("64"));
    if (upper.len && (!key_number(upper, 16, &high) || high > UINT32_MAX))
        return false;
    k->esn_high = (uint32_t)high;
    return true;
}

static enum key_line read(struct keyfile *f, void *state, struct text line)
{
    struct text fields[FIELDS];
    bool v6, ok = true;
    struct key_algorithm encr, integ;
    struct secret other, other_integ;
    struct esp_key k = { .protocol = PROTOCOL_ESP, .file = f->input, .line = f->line };
    (void)state;
    line = text_trim(line);
    if (!text_starts_nocase(line, TEXT("\"IPv")))
        return KEYS_NOT_MINE;
    size_t n = split(line, fields);
    if ((n != LEAST && n != FIELDS) || !is_family(fields[0], &v6) || !read_address(fields[1], &k.source, k.source_wild) ||
        !read_address(fields[2], &k.destination, k.destination_wild) || !read_spi(fields[3], &k.spi, &k.spi_mask) ||
        !key_encryption(fields[4], &encr) || !key_integrity(fields[6], &integ))
        return KEYS_BAD;
    if (integ.unchecked)
        key_truncate(&encr, true, integ.icv_bits);
    k.encr_id = encr.id;
    k.key_bits = encr.key_bits;
    k.encr = read_key(f, fields[5], encr.id, &other, &ok);
    k.integ = read_key(f, fields[7], 0, &other_integ, &ok);
    if (key_combined(encr.id)) {
        k.integ = other_integ = (struct secret){ NULL, 0 };
    } else {
        k.integ_id = integ.id;
        k.icv_bits = integ.icv_bits;
        k.integ_unchecked = integ.unchecked;
    }
    if (!ok || (n == FIELDS && !read_esn(fields[8], fields[9], &k)) || !key_add_esp(f, &k))
        return KEYS_BAD;
    if (other.len || other_integ.len) {
        k.key_bits = encr.key_bits;
        k.encr = other.len ? other : k.encr;
        k.integ = other_integ.len ? other_integ : k.integ;
        (void)key_add_esp(f, &k);
    }
    return KEYS_TAKEN;
}

const struct keyfile_reader keyfile_wireshark_esp = { "wireshark-esp", "Wireshark's esp_sa", 0, recognises, read, NULL };
