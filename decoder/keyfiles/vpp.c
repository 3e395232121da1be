/*
 * VPP `show ikev2 sa details`:
 *
 *   iip 192.0.2.2 ispi f717b0cbd17e27c3 rip 192.0.2.1 rspi e9b7af7fc9b13361
 *   encr:aes-cbc-256 prf:hmac-sha2-256 integ:sha1-96 dh-group:modp-2048
 *   nonce i:...          (then "r:..." in the next line, as with every pair)
 *   SK_d    96bd...
 *   SK_a  i:...
 *   SK_e  i:00000000: 5b75...      keys of more than 32 octets in rows with an offset
 *           00000020: c4db9114
 *   SK_p  i:...
 *     child sa 0:encr:aes-cbc-192 integ:sha1-96 esn:yes
 *     spi(i) 9dffd57a spi(r) c4e0ef53
 *     SK_e  i:...
 *
 * A child's combined-mode key is printed without its salt: SK_d has to derive it.
 */
#include "decoder/keyfile.h"

#include "base/platform.h"

enum { LONGEST = 256 };
enum pair { PAIR_NONE, PAIR_D, PAIR_A, PAIR_E, PAIR_P, PAIR_NONCE };

struct state {
    bool open, in_child, bad;
    uint32_t line;
    struct address i, r;
    struct ike_key ike;
    /* The child at hand. */
    struct key_algorithm encr, integ;
    bool esn;
    uint32_t spi_i, spi_r;
    struct secret keys[4]; /* encryption of i and r, integrity of i and r */
    enum pair pair;
    bool of_r;
    uint8_t octets[LONGEST];
    size_t have;
};

static bool recognises(struct text line)
{
    struct text word;
    return text_word(&line, &word) && text_equal(word, TEXT("iip")) && text_has(line, TEXT(" ispi ")) &&
           text_has(line, TEXT(" rspi "));
}

static void keep(struct keyfile *f, struct state *s)
{
    struct secret *to = NULL;
    if (s->in_child)
        to = s->pair == PAIR_E ? &s->keys[s->of_r] : s->pair == PAIR_A ? &s->keys[2 + s->of_r] : NULL;
    else
        to = s->pair == PAIR_D   ? &s->ike.sk_d
             : s->pair == PAIR_A ? (s->of_r ? &s->ike.sk_ar : &s->ike.sk_ai)
             : s->pair == PAIR_E ? (s->of_r ? &s->ike.sk_er : &s->ike.sk_ei)
             : s->pair == PAIR_P ? (s->of_r ? &s->ike.sk_pr : &s->ike.sk_pi)
                                 : NULL;
    if (to && s->have)
        *to = keyring_hold(f->ring, bytes_over(s->octets, s->have));
    platform_wipe(s->octets, s->have);
    s->have = 0;
}

static void add_child_key(struct keyfile *f, const struct state *s, bool from_r)
{
    struct esp_key k = { .protocol = PROTOCOL_ESP,
                         .spi = from_r ? s->spi_i : s->spi_r,
                         .source = from_r ? s->r : s->i,
                         .destination = from_r ? s->i : s->r,
                         .encr_id = s->encr.id,
                         .integ_id = s->integ.id,
                         .icv_bits = s->integ.icv_bits,
                         .esn = s->esn,
                         .has_esn = true,
                         .encr = s->keys[from_r],
                         .integ = s->keys[2 + from_r],
                         .file = f->input,
                         .line = s->line };
    size_t body = s->encr.key_bits / 8u;
    k.key_bits = s->encr.key_bits ? s->encr.key_bits : key_bits_of(k.encr_id, k.encr.len);
    bool saltless = key_salt(k.encr_id) && (body ? k.encr.len == body : k.encr.len % 8 == 0);
    key_exact(&k);
    if (k.spi && !saltless && !key_add_esp(f, &k))
        keyfile_bad(f, s->line, "vpp");
}

static void finish_child(struct keyfile *f, struct state *s)
{
    keep(f, s);
    for (int from_r = 0; s->in_child && from_r < 2; from_r++)
        add_child_key(f, s, from_r);
    memset(s->keys, 0, sizeof s->keys);
    s->in_child = s->esn = false;
    s->encr = s->integ = (struct key_algorithm){ 0 };
    s->spi_i = s->spi_r = 0;
    s->pair = PAIR_NONE;
}

static void finish_ike(struct keyfile *f, struct state *s)
{
    struct ike_key *k = &s->ike;
    keep(f, s);
    s->pair = PAIR_NONE;
    if (s->open && (k->sk_d.len || k->sk_ei.len)) {
        s->bad |= !key_add_ike(f, k);
    }
    if (s->open && s->bad)
        keyfile_bad(f, s->line, "vpp");
    s->ike.sk_d = s->ike.sk_ei = (struct secret){ NULL, 0 }; /* once */
    s->bad = false;
}

static bool header(struct keyfile *f, struct state *s, struct text line)
{
    struct text word, value;
    uint64_t n;
    if (!recognises(line))
        return false;
    if (s->in_child)
        finish_child(f, s);
    finish_ike(f, s);
    *s = (struct state){ .open = true, .line = f->line, .ike = { .file = f->input, .line = f->line } };
    while (text_word(&line, &word) && text_word(&line, &value)) {
        if (text_equal(word, TEXT("iip")))
            s->bad |= !address_read(value, &s->i);
        else if (text_equal(word, TEXT("rip")))
            s->bad |= !address_read(value, &s->r);
        else if (text_equal(word, TEXT("ispi")) && key_number(value, 16, &n))
            s->ike.spi_i = spi_of(n, 16);
        else if (text_equal(word, TEXT("rspi")) && key_number(value, 16, &n))
            s->ike.spi_r = spi_of(n, 16);
    }
    return true;
}

static void algorithms(struct state *s, struct text line)
{
    struct text word;
    struct key_algorithm a;
    while (text_word(&line, &word)) {
        if (text_starts(word, TEXT("encr:")) && key_encryption(text_from(word, 5), &a)) {
            s->encr = a;
        } else if (text_starts(word, TEXT("integ:")) && key_integrity(text_from(word, 6), &a)) {
            s->integ = a;
        } else if (text_starts(word, TEXT("prf:")) && key_prf(text_from(word, 4), &a)) {
            s->ike.prf_id = a.id;
        } else if (text_starts(word, TEXT("esn:"))) {
            s->esn = text_equal(word, TEXT("esn:yes"));
        }
    }
    if (s->in_child)
        return;
    s->ike.encr_id = s->encr.id;
    s->ike.key_bits = s->encr.key_bits;
    s->ike.integ_id = s->integ.id;
    s->ike.integ_none = s->integ.id == INTEG_NONE;
}

/* One row of octets, with or without an offset before it. */
static bool row(struct state *s, struct text line)
{
    uint64_t offset;
    if (line.len > 9 && line.at[8] == ':' && text_number(text_upto(line, 8), 16, &offset)) {
        if (offset != s->have)
            return false;
        line = text_trim(text_from(line, 9));
    }
    size_t n = line.len ? text_unhex(line, s->octets + s->have, sizeof s->octets - s->have) : TEXT_NOWHERE;
    if (n == TEXT_NOWHERE || text_find_byte(line, ' ') != TEXT_NOWHERE)
        return false;
    s->have += n;
    return true;
}

static bool pair_line(struct keyfile *f, struct state *s, struct text line)
{
    static const struct {
        const char *name;
        enum pair pair;
    } pairs[] = {
        { "SK_d", PAIR_D }, { "SK_a", PAIR_A }, { "SK_e", PAIR_E }, { "SK_p", PAIR_P }, { "nonce", PAIR_NONCE },
    };
    struct text word, rest = line;
    if (!text_word(&rest, &word))
        return false;
    for (size_t n = 0; n < COUNT_OF(pairs); n++)
        if (text_equal(word, text_of(pairs[n].name))) {
            keep(f, s);
            s->pair = pairs[n].pair;
            s->of_r = false;
            rest = text_trim(rest);
            if (text_starts(rest, TEXT("i:")))
                rest = text_from(rest, 2);
            s->bad |= !row(s, rest);
            return true;
        }
    if (s->pair && text_starts(line, TEXT("r:"))) {
        keep(f, s);
        s->of_r = true;
        s->bad |= !row(s, text_from(line, 2));
        return true;
    }
    return s->pair && s->have && row(s, line);
}

static bool child_line(struct keyfile *f, struct state *s, struct text line)
{
    size_t colon = text_find_byte(line, ':');
    if (text_starts(line, TEXT("child sa ")) && colon != TEXT_NOWHERE) {
        if (s->in_child)
            finish_child(f, s);
        else
            finish_ike(f, s);
        s->in_child = true;
        s->line = f->line;
        s->encr = s->integ = (struct key_algorithm){ 0 };
        algorithms(s, text_from(line, colon + 1));
        return true;
    }
    if (s->in_child && text_starts(line, TEXT("spi(i) "))) {
        struct text word, rest = line;
        uint64_t n;
        for (bool of_r = false; text_word(&rest, &word);) {
            if (text_equal(word, TEXT("spi(r)")))
                of_r = true;
            else if (text_number(word, 16, &n) && n <= UINT32_MAX)
                *(of_r ? &s->spi_r : &s->spi_i) = (uint32_t)n;
        }
        return true;
    }
    return false;
}

static enum key_line read(struct keyfile *f, void *state, struct text line)
{
    struct state *s = state;
    line = text_trim(line);
    if (header(f, s, line))
        return KEYS_TAKEN;
    if (!s->open || !line.len)
        return KEYS_NOT_MINE;
    if (child_line(f, s, line) || pair_line(f, s, line))
        return KEYS_TAKEN;
    if (!s->in_child && text_starts(line, TEXT("encr:"))) {
        algorithms(s, line);
        return KEYS_TAKEN;
    }
    keep(f, s);
    s->pair = PAIR_NONE;
    return KEYS_NOT_MINE;
}

static void end(struct keyfile *f, void *state)
{
    struct state *s = state;
    if (s->in_child)
        finish_child(f, s);
    finish_ike(f, s);
}

const struct keyfile_reader keyfile_vpp = { "vpp", "VPP `show ikev2 sa details`", sizeof(struct state), recognises, read, end };
