/*
 * FortiGate `diagnose vpn tunnel list`:
 *
 *   name=hq ver=2 serial=1 192.0.2.1:0->198.51.100.2:0 dst_mtu=1500
 *     SA:  ref=3 options=26 type=00 ... seqno=1 esn=0 replaywin_lastseq=00000000
 *     dec: spi=24c2ab68 esp=aes key=16 3de8...
 *          ah=sha1 key=20 f054...
 *     enc: spi=0dd3fc4c esp=aes key=16 def2...
 *          ah=sha1 key=20 adbf...
 *
 * The first address is its own: `dec` is what it receives. Behind NAT the ports differ from 0.
 */
#include "decoder/keyfile.h"

struct state {
    struct address own, peer;
    bool esn, has_esn;
    bool open, bad;
    uint32_t line;
    struct esp_key key;
};

static bool recognises(struct text line)
{
    return (text_starts(line, TEXT("dec: spi=")) || text_starts(line, TEXT("enc: spi="))) && text_has(line, TEXT(" esp="));
}

static void finish(struct keyfile *f, struct state *s)
{
    if (s->open && (s->bad || !key_add_esp(f, &s->key)))
        keyfile_bad(f, s->line, "fortigate");
    s->open = s->bad = false;
}

/* "192.0.2.1:0": the port always stands behind the last colon. */
static bool end_address(struct text t, struct address *a)
{
    size_t n = t.len;
    while (n && t.at[n - 1] != ':')
        n--;
    return n && address_read(text_upto(t, n - 1), a);
}

static bool name_line(struct keyfile *f, struct state *s, struct text line)
{
    struct text word;
    if (!text_starts(line, TEXT("name=")))
        return false;
    finish(f, s);
    *s = (struct state){ 0 };
    while (text_word(&line, &word)) {
        size_t arrow = text_find(word, TEXT("->"));
        if (arrow != TEXT_NOWHERE &&
            (!end_address(text_upto(word, arrow), &s->own) || !end_address(text_from(word, arrow + 2), &s->peer)))
            s->own = s->peer = (struct address){ 0 };
    }
    return true;
}

/* "key=16 3de8...": the octets are the next word. */
static struct secret key_words(struct keyfile *f, struct state *s, struct text size, struct text *line)
{
    uint64_t want;
    struct text hex = { NULL, 0 };
    struct secret key = { NULL, 0 };
    if (!text_starts(size, TEXT("key=")) || !text_number(text_from(size, 4), 10, &want)) {
        s->bad = true;
        return key;
    }
    if (want == 0)
        return key;
    text_word(line, &hex);
    key = key_octets(f, hex);
    s->bad |= key.len != want;
    return key;
}

static void algorithms(struct keyfile *f, struct state *s, struct text line)
{
    struct text word, size;
    struct key_algorithm a = { 0 };
    while (text_word(&line, &word)) {
        bool esp = text_starts(word, TEXT("esp=")), ah = text_starts(word, TEXT("ah="));
        if (!esp && !ah)
            continue;
        struct text name = text_from(word, esp ? 4 : 3);
        s->bad |= !(esp ? key_encryption(name, &a) : key_integrity(name, &a));
        struct secret key = text_word(&line, &size) ? key_words(f, s, size, &line) : (struct secret){ NULL, 0 };
        if (esp) {
            s->key.encr_id = a.id;
            s->key.encr = key;
            s->key.key_bits = key_bits_of(a.id, key.len);
        } else {
            s->key.integ_id = a.id;
            s->key.icv_bits = a.icv_bits;
            s->key.integ = key;
        }
    }
}

static bool key_line(struct keyfile *f, struct state *s, struct text line)
{
    bool dec = text_starts(line, TEXT("dec: spi=")), enc = text_starts(line, TEXT("enc: spi="));
    uint64_t spi;
    if (!dec && !enc)
        return false;
    finish(f, s);
    line = text_from(line, 9);
    size_t digits = text_digits(line, 16, &spi);
    s->open = true;
    s->bad = digits == 0 || digits > 8;
    s->line = f->line;
    s->key = (struct esp_key){ .protocol = PROTOCOL_ESP,
                               .spi = (uint32_t)spi,
                               .source = dec ? s->peer : s->own,
                               .destination = dec ? s->own : s->peer,
                               .esn = s->esn,
                               .has_esn = s->has_esn,
                               .file = f->input,
                               .line = f->line };
    key_exact(&s->key);
    algorithms(f, s, text_from(line, digits));
    return true;
}

static enum key_line read(struct keyfile *f, void *state, struct text line)
{
    struct state *s = state;
    line = text_trim(line);
    if (name_line(f, s, line) || key_line(f, s, line))
        return KEYS_TAKEN;
    if (s->open && text_starts(line, TEXT("ah="))) {
        algorithms(f, s, line);
        return KEYS_TAKEN;
    }
    size_t esn = s->own.family ? text_find(line, TEXT(" esn=")) : TEXT_NOWHERE;
    if (esn != TEXT_NOWHERE && esn + 5 < line.len) {
        s->has_esn = true;
        s->esn = line.at[esn + 5] == '1';
        return KEYS_TAKEN;
    }
    return KEYS_NOT_MINE;
}

static void end(struct keyfile *f, void *state)
{
    finish(f, state);
}

const struct keyfile_reader keyfile_fortigate = {
    "fortigate", "FortiGate `diagnose vpn tunnel list`", sizeof(struct state), recognises, read, end
};
