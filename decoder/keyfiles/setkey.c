/*
 * `setkey -D` of the BSDs and ipsec-tools:
 *
 *   192.0.2.1 198.51.100.2                             or  192.0.2.1[4500] 198.51.100.2[4500]
 *           esp mode=tunnel spi=3221225985(0xc0000201) reqid=16385(0x00004001)
 *           E: aes-cbc  00112233 44556677 8899aabb ccddeeff
 *           A: hmac-sha1  8899aabb ccddeeff 00112233 44556677 8899aabb
 *           seq=0x00000000 replay=4 flags=0x00000000 state=mature
 *
 * A key of more than 32 octets goes on in the next line.
 */
#include "decoder/keyfile.h"

#include "base/platform.h"

enum { LONGEST = 128 };

struct state {
    bool open, bad;
    uint32_t line;
    struct esp_key key;
    char collecting; /* 'E' or 'A': whose hex may go on */
    uint8_t octets[LONGEST];
    size_t have;
};

static bool recognises(struct text line)
{
    return (text_starts(line, TEXT("esp mode=")) || text_starts(line, TEXT("ah mode=")) ||
            text_starts(line, TEXT("esp-udp mode="))) &&
           text_has(line, TEXT("spi="));
}

static void keep(struct keyfile *f, struct state *s)
{
    struct secret key = keyring_hold(f->ring, bytes_over(s->octets, s->have));
    if (s->collecting == 'E') {
        s->key.encr = key;
        s->key.key_bits = key_bits_of(s->key.encr_id, key.len);
    } else if (s->collecting == 'A') {
        s->key.integ = key;
    }
    platform_wipe(s->octets, s->have);
    s->have = 0;
    s->collecting = 0;
}

static void finish(struct keyfile *f, struct state *s)
{
    keep(f, s);
    bool has_key = s->key.encr.len || s->key.integ.len;
    if (s->open && (s->bad || (s->key.protocol && has_key && !key_add_esp(f, &s->key))))
        keyfile_bad(f, s->line, "setkey");
    *s = (struct state){ 0 };
}

/* Groups of hex until the line's end; false when it is something else. */
static bool hex(struct state *s, struct text line)
{
    struct text word;
    size_t begun = s->have;
    while (text_word(&line, &word)) {
        size_t n = text_unhex(word, s->octets + s->have, sizeof s->octets - s->have);
        if (n == TEXT_NOWHERE || text_starts_nocase(word, TEXT("0x"))) {
            s->have = begun;
            return false;
        }
        s->have += n;
    }
    return s->have > begun;
}

static struct text without_port(struct text t)
{
    size_t at = text_find_byte(t, '[');
    return at == TEXT_NOWHERE || at == 0 ? t : text_upto(t, at);
}

static bool header(struct keyfile *f, struct state *s, struct text line)
{
    struct text from, to, more;
    struct address a, b;
    if (!text_word(&line, &from) || !text_word(&line, &to) || text_word(&line, &more) || !address_read(without_port(from), &a) ||
        !address_read(without_port(to), &b))
        return false;
    finish(f, s);
    *s = (struct state){ .open = true,
                         .line = f->line,
                         .key = { .source = a, .destination = b, .file = f->input, .line = f->line } };
    key_exact(&s->key);
    return true;
}

static bool protocol_line(struct state *s, struct text line)
{
    size_t at = text_find(line, TEXT("spi="));
    bool ah = text_starts(line, TEXT("ah ")), esp = text_starts(line, TEXT("esp ")) || text_starts(line, TEXT("esp-udp "));
    uint64_t spi;
    if (at == TEXT_NOWHERE || (!ah && !esp))
        return false;
    s->key.protocol = ah ? PROTOCOL_AH : PROTOCOL_ESP;
    s->bad |= !text_digits(text_from(line, at + 4), 10, &spi) || spi > UINT32_MAX;
    s->key.spi = s->bad ? 0 : (uint32_t)spi;
    return true;
}

static bool algorithm_line(struct keyfile *f, struct state *s, struct text line)
{
    char which = line.len > 2 && line.at[1] == ':' ? line.at[0] : 0;
    struct key_algorithm a = { 0 };
    struct text name;
    if (which != 'E' && which != 'A')
        return false;
    keep(f, s);
    line = text_from(line, 2);
    if (!text_word(&line, &name) || !(which == 'E' ? key_encryption(name, &a) : key_integrity(name, &a))) {
        s->bad = true;
        return true;
    }
    if (which == 'E') {
        s->key.encr_id = a.id;
    } else {
        s->key.integ_id = a.id;
        s->key.icv_bits = a.icv_bits;
    }
    s->collecting = which;
    if (text_trim(line).len && !hex(s, line))
        s->bad = true;
    return true;
}

static enum key_line read(struct keyfile *f, void *state, struct text line)
{
    struct state *s = state;
    struct text trimmed = text_trim(line);
    bool indented = line.len && (line.at[0] == '\t' || line.at[0] == ' ');
    if (!indented && header(f, s, trimmed))
        return KEYS_TAKEN;
    if (!s->open || !trimmed.len)
        return KEYS_NOT_MINE;
    if (!indented) {
        finish(f, s);
        return KEYS_NOT_MINE;
    }
    if (protocol_line(s, trimmed) || algorithm_line(f, s, trimmed))
        return KEYS_TAKEN;
    if (s->collecting && hex(s, trimmed))
        return KEYS_TAKEN;
    keep(f, s);
    return s->key.protocol ? KEYS_TAKEN : KEYS_NOT_MINE;
}

static void end(struct keyfile *f, void *state)
{
    finish(f, state);
}

const struct keyfile_reader keyfile_setkey = {
    "setkey", "`setkey -D` of the BSDs and ipsec-tools", sizeof(struct state), recognises, read, end
};
