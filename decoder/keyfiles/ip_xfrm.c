/*
 * Linux `ip xfrm state`, its one-line form (-o, a backslash for each line's end) and `ip xfrm state add` commands:
 *
 *   src 192.0.2.1 dst 198.51.100.2
 *           proto esp spi 0xc0ffee01 reqid 1 mode tunnel
 *           replay-window 32 flag af-unspec esn
 *           auth-trunc hmac(sha256) 0x... 128
 *           enc cbc(aes) 0x...                       or  aead rfc4106(gcm(aes)) 0x... 128
 *           anti-replay esn context:
 *            seq-hi 0x1, seq 0x2a, oseq-hi 0x0, oseq 0x0
 *
 * `ip xfrm policy`, which may follow, begins alike but with prefixes, and has neither SPI nor key.
 */
#include "decoder/keyfile.h"

struct state {
    bool open, bad;
    uint32_t line;
    struct esp_key key;
};

static bool recognises(struct text line)
{
    return text_starts(line, TEXT("proto esp spi 0x")) || text_starts(line, TEXT("proto ah spi 0x")) ||
           text_starts(line, TEXT("auth-trunc hmac(")) || text_starts(line, TEXT("aead rfc")) ||
           text_starts(line, TEXT("enc cbc(aes) 0x")) || text_starts(line, TEXT("ip xfrm state add "));
}

static void finish(struct keyfile *f, struct state *s)
{
    struct esp_key *k = &s->key;
    bool has_key = k->encr.len || k->integ.len;
    if (s->open && (s->bad || (k->protocol && has_key && !key_add_esp(f, k))))
        keyfile_bad(f, s->line, "ip-xfrm");
    *s = (struct state){ 0 };
}

/* "src A dst B" with addresses, not prefixes; takes both off. */
static bool header(struct keyfile *f, struct state *s, struct text *line)
{
    struct text rest = *line, word[4];
    struct address from, to;
    for (int i = 0; i < 4; i++)
        if (!text_word(&rest, &word[i]))
            return false;
    if (!text_equal(word[0], TEXT("src")) || !text_equal(word[2], TEXT("dst")))
        return false;
    finish(f, s);
    if (!address_read(word[1], &from) || !address_read(word[3], &to))
        return false; /* a policy */
    *s = (struct state){ .open = true,
                         .line = f->line,
                         .key = { .source = from, .destination = to, .file = f->input, .line = f->line } };
    key_exact(&s->key);
    *line = rest;
    return true;
}

static struct text unquoted(struct text t)
{
    if (t.len >= 2 && (t.at[0] == '\'' || t.at[0] == '"') && t.at[t.len - 1] == t.at[0])
        return text_upto(text_from(t, 1), t.len - 2);
    return t;
}

/* An `add` command may give a key as text. No key at all is printed for the null cipher. */
static struct secret key_word(struct keyfile *f, struct state *s, struct text word)
{
    word = unquoted(word);
    if (word.len == 0 || text_equal(word, TEXT("0x")))
        return (struct secret){ NULL, 0 };
    if (!text_starts_nocase(word, TEXT("0x"))) {
        s->bad |= text_starts(word, TEXT("<<")); /* <<Keys hidden>> */
        return s->bad ? (struct secret){ NULL, 0 } : keyring_hold(f->ring, bytes_of_text(word));
    }
    struct secret key = key_octets(f, word);
    s->bad |= key.len == 0;
    return key;
}

static bool algorithm(struct keyfile *f, struct state *s, struct text kind, struct text *rest)
{
    static const struct {
        const char *word;
        bool encryption, length;
    } kinds[] = {
        { "auth", false, false },
        { "auth-trunc", false, true },
        { "enc", true, false },
        { "aead", true, true },
    };
    size_t i = 0;
    while (i < 4 && !text_equal(kind, text_of(kinds[i].word)))
        i++;
    struct text name, key = { NULL, 0 }, bits;
    if (i == 4 || !text_word(rest, &name))
        return false;
    struct key_algorithm a = { 0 };
    bool known = kinds[i].encryption ? key_encryption(unquoted(name), &a) : key_integrity(unquoted(name), &a);
    text_word(rest, &key);
    struct secret secret = key_word(f, s, key);
    uint64_t length;
    struct text ahead = *rest;
    if (kinds[i].length && text_word(&ahead, &bits) && text_number(bits, 10, &length)) {
        key_truncate(&a, kinds[i].encryption, length);
        *rest = ahead;
    }
    s->bad |= !known;
    if (kinds[i].encryption) {
        s->key.encr_id = a.id;
        s->key.encr = secret;
        s->key.key_bits = key_bits_of(a.id, secret.len);
    } else {
        s->key.integ_id = a.id;
        s->key.icv_bits = a.icv_bits;
        s->key.integ = secret;
    }
    return true;
}

static void sequence(struct state *s, struct text word)
{
    uint64_t high;
    while (word.len && word.at[word.len - 1] == ',')
        word.len--;
    if (key_number(word, 16, &high) && high <= UINT32_MAX && high > s->key.esn_high)
        s->key.esn_high = (uint32_t)high;
}

/* The words of a state's lines; an unknown one is passed over, for there are many and more come. */
static bool words(struct keyfile *f, struct state *s, struct text line)
{
    struct text word, next;
    bool known = false;
    while (text_word(&line, &word)) {
        uint64_t n;
        if (text_equal(word, TEXT("sel")) || text_equal(word, TEXT("lifetime")))
            return true;
        if (algorithm(f, s, word, &line)) {
            known = true;
        } else if (text_equal(word, TEXT("proto")) && text_word(&line, &next)) {
            s->key.protocol = text_equal(next, TEXT("esp")) || text_equal(next, TEXT("50"))  ? PROTOCOL_ESP
                              : text_equal(next, TEXT("ah")) || text_equal(next, TEXT("51")) ? PROTOCOL_AH
                                                                                             : 0;
            known = true;
        } else if (text_equal(word, TEXT("spi")) && text_word(&line, &next)) {
            if (text_find_byte(next, '(') != TEXT_NOWHERE)
                next = text_upto(next, text_find_byte(next, '('));
            bool hex = text_starts(next, TEXT("0x"));
            s->bad |= !key_number(next, hex ? 16 : 10, &n) || n > UINT32_MAX;
            s->key.spi = s->bad ? 0 : (uint32_t)n;
        } else if (text_equal(word, TEXT("esn"))) {
            s->key.esn = s->key.has_esn = true;
        } else if ((text_equal(word, TEXT("seq-hi")) || text_equal(word, TEXT("oseq-hi"))) && text_word(&line, &next)) {
            sequence(s, next);
        }
    }
    return known;
}

static enum key_line read(struct keyfile *f, void *state, struct text line)
{
    struct state *s = state;
    bool indented = line.len && (line.at[0] == '\t' || line.at[0] == ' '), mine = false;
    size_t command = text_find(line, TEXT("xfrm state "));
    if (command != TEXT_NOWHERE) {
        struct text word;
        line = text_from(line, command + 11);
        text_word(&line, &word); /* add, update, or a prompt's plain command */
        if (!line.len)
            return KEYS_NOT_MINE;
        indented = false;
    }
    struct text part;
    while (text_cut(&line, '\\', &part)) {
        struct text rest = text_trim(part);
        if (!indented && header(f, s, &rest))
            mine = indented = true;
        if (rest.len && s->open && indented) {
            words(f, s, rest);
            mine = true;
        }
    }
    if (!mine && s->open)
        finish(f, s); /* another line at the margin: the state is over */
    return mine ? KEYS_TAKEN : KEYS_NOT_MINE;
}

static void end(struct keyfile *f, void *state)
{
    finish(f, state);
}

const struct keyfile_reader keyfile_ip_xfrm = { "ip-xfrm", "Linux `ip xfrm state`", sizeof(struct state), recognises, read, end };
