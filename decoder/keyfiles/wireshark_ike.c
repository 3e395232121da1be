/* Wireshark's ikev2_decryption_table, also as strongSwan's save-keys writes it: eight fields, SPIs and keys in hex,
 * names in quotes. */
#include "decoder/keyfile.h"

enum { FIELDS = 8 };

/* Splits at commas outside quotes; the quotes are taken off. Gives the number of fields, FIELDS + 1 when there are more. */
static size_t split(struct text line, struct text fields[FIELDS])
{
    size_t n = 0;
    bool more = true;
    while (more) {
        if (n == FIELDS)
            return FIELDS + 1;
        bool quoted = line.len && line.at[0] == '"';
        size_t end = quoted ? text_find_byte(text_from(line, 1), '"') : text_find_byte(line, ',');
        if (quoted && end == TEXT_NOWHERE)
            return 0;
        struct text field = quoted ? text_upto(text_from(line, 1), end) : text_upto(line, end == TEXT_NOWHERE ? line.len : end);
        line = text_from(line, quoted ? end + 2 : field.len);
        more = line.len && line.at[0] == ',';
        line = text_from(line, 1);
        fields[n++] = text_trim(field);
    }
    return n;
}

static bool is_spi(struct text t, uint64_t *v)
{
    return t.len == 16 && text_number(t, 16, v);
}

static bool recognises(struct text line)
{
    struct text fields[FIELDS];
    uint64_t v;
    return split(line, fields) == FIELDS && is_spi(fields[0], &v) && is_spi(fields[1], &v);
}

static enum key_line read(struct keyfile *f, void *state, struct text line)
{
    struct text fields[FIELDS];
    uint64_t i, r;
    struct key_algorithm encr, integ;
    (void)state;
    line = text_trim(line);
    /* sixteen digits and a comma: one of ours, readable or not */
    if (line.len < 17 || !(line.at[16] == ',' || line.at[0] == '"') || text_find_byte(line, ',') == TEXT_NOWHERE)
        return KEYS_NOT_MINE;
    size_t n = split(line, fields);
    if (n == 0 || !is_spi(fields[0], &i))
        return KEYS_NOT_MINE;
    if (n != FIELDS || !is_spi(fields[1], &r) || !key_encryption(fields[4], &encr) || !key_integrity(fields[7], &integ))
        return KEYS_BAD;
    struct ike_key k = { .spi_i = spi_of(i, 16),
                         .spi_r = spi_of(r, 16),
                         .encr_id = encr.id,
                         .key_bits = encr.key_bits,
                         .integ_id = integ.id,
                         .file = f->input,
                         .line = f->line };
    k.integ_none = integ.id == INTEG_NONE;
    k.sk_ei = key_octets(f, fields[2]);
    k.sk_er = key_octets(f, fields[3]);
    k.sk_ai = key_octets(f, fields[5]);
    k.sk_ar = key_octets(f, fields[6]);
    bool readable = (!fields[2].len || k.sk_ei.len) && (!fields[3].len || k.sk_er.len) && (!fields[5].len || k.sk_ai.len) &&
                    (!fields[6].len || k.sk_ar.len);
    return readable && key_add_ike(f, &k) ? KEYS_TAKEN : KEYS_BAD;
}

const struct keyfile_reader keyfile_wireshark_ike = {
    "wireshark-ike", "Wireshark's ikev2_decryption_table", 0, recognises, read, NULL
};
