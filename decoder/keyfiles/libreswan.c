/*
 * libreswan's log with plutodebug=private (or crypt): the "| ikev2 I ..." lines, and dumps of a child's key material in
 * "| our  keymat" (what it receives with) and "| peer keymat", octets behind the name or in the rows below:
 *
 *   Nov 24 23:24:39.123456: | our  keymat
 *   Nov 24 23:24:39.123460: |   45 82 89 2f  fb 14 81 5a  11 22 33 44  55 66 77 88   E../...Z."3DUfw.
 *   ... "west" #2: ... {ESP=>0x45ab6ae2 <0x6ef6dd6e xfrm=AES_CBC_128-HMAC_SHA1_96 ...}
 *
 * The last line tells whose they are ("=>" out, "<" in) and how the octets divide. Where only "ESP enckey:" and
 * "ESP authkey:" were dumped, which pair goes in which direction is left to the ICV.
 */
#include "decoder/keyfile_pluto.h"

#include "base/platform.h"

enum { LONGEST = 512, ROW = 16 };
enum what { NOTHING, OUR_KEYMAT, PEER_KEYMAT, ENCKEY, AUTHKEY, SALT_I, SALT_R };

static const struct {
    const char *name;
    enum what what;
} dumps[] = {
    { "our  keymat", OUR_KEYMAT },  { "our keymat", OUR_KEYMAT },
    { "peer keymat", PEER_KEYMAT }, { "ESP enckey:", ENCKEY },
    { "ESP authkey:", AUTHKEY },    { "calc_skeyseed_v2 initiator salt", SALT_I },
    { "initiator salt", SALT_I },   { "calc_skeyseed_v2 responder salt", SALT_R },
    { "responder salt", SALT_R },
};

struct state {
    struct pluto_ike ike; /* first: it is handed to pluto_ike_line */
    enum what dumping;
    uint8_t octets[LONGEST];
    size_t have;
    struct secret keymat[2]; /* ours (in), the peer's (out) */
    struct secret pairs[2];  /* enckey | authkey, in order of appearance */
    unsigned pair_count;
    struct secret enckey;
};

static bool debug_line(struct text line, struct text *rest)
{
    size_t at = text_find(line, TEXT("| "));
    if (at == TEXT_NOWHERE || at > 120)
        return false;
    *rest = text_from(line, at + 2);
    return true;
}

static bool recognises(struct text line)
{
    struct text rest;
    return debug_line(line, &rest) && (text_starts(rest, TEXT("ikev2 I 0x")) || text_starts(rest, TEXT("our  keymat")) ||
                                       text_starts(rest, TEXT("ESP enckey:")));
}

/* Up to 16 octets, one or two blanks between them, then the characters behind more blanks. */
static bool row(struct state *s, struct text t)
{
    size_t begun = s->have;
    uint64_t octet;
    while (t.len && t.at[0] == ' ')
        t = text_from(t, 1);
    while (t.len >= 2 && s->have < LONGEST && s->have - begun < ROW && text_number(text_upto(t, 2), 16, &octet) &&
           (t.len == 2 || t.at[2] == ' ')) {
        s->octets[s->have++] = (uint8_t)octet;
        size_t blanks = 2;
        while (blanks < t.len && t.at[blanks] == ' ')
            blanks++;
        t = text_from(t, blanks);
        if (blanks > 4)
            return true;
    }
    if (s->have == begun || (t.len && s->have - begun < ROW)) {
        s->have = begun;
        return false;
    }
    return true;
}

static void add_pair(struct keyfile *f, struct state *s, struct bytes integ)
{
    uint8_t whole[LONGEST * 2];
    if (!s->enckey.len || s->pair_count == 2)
        return;
    memcpy(whole, s->enckey.at, s->enckey.len);
    memcpy(whole + s->enckey.len, integ.at, integ.len);
    s->pairs[s->pair_count++] = keyring_hold(f->ring, bytes_over(whole, s->enckey.len + integ.len));
    s->enckey = (struct secret){ NULL, 0 };
    platform_wipe(whole, sizeof whole);
}

static void keep(struct keyfile *f, struct state *s)
{
    struct bytes b = bytes_over(s->octets, s->have);
    bool of_r = s->dumping == SALT_R;
    if (s->dumping == OUR_KEYMAT || s->dumping == PEER_KEYMAT) {
        s->keymat[s->dumping == PEER_KEYMAT] = keyring_hold(f->ring, b);
    } else if (s->dumping == ENCKEY) {
        add_pair(f, s, bytes_over("", 0)); /* a combined cipher has no authkey */
        s->enckey = keyring_hold(f->ring, b);
    } else if (s->dumping == AUTHKEY) {
        add_pair(f, s, b);
    } else if (s->dumping != NOTHING && b.len <= PLUTO_SALT) {
        memcpy(s->ike.salt[of_r], b.at, b.len);
        s->ike.salt_len[of_r] = b.len;
    }
    platform_wipe(s->octets, s->have);
    s->have = 0;
    s->dumping = NOTHING;
}

static bool dump_begins(struct keyfile *f, struct state *s, struct text rest)
{
    for (size_t i = 0; i < COUNT_OF(dumps); i++) {
        struct text name = text_of(dumps[i].name);
        if (!text_starts(rest, name))
            continue;
        keep(f, s);
        s->dumping = dumps[i].what;
        rest = text_from(rest, name.len);
        if (rest.len && rest.at[0] == ':')
            rest = text_from(rest, 1);
        if (text_trim(rest).len)
            (void)row(s, rest);
        return true;
    }
    return false;
}

static bool hex_after(struct text line, const char *what, uint32_t *spi)
{
    size_t at = text_find(line, text_of(what));
    uint64_t v;
    size_t n = at == TEXT_NOWHERE ? 0 : text_digits(text_from(line, at + strlen(what)), 16, &v);
    if (!n || n > 8)
        return false;
    *spi = (uint32_t)v;
    return true;
}

struct child { /* of one "{ESP=>...}" */
    uint32_t in, out;
    struct key_algorithm encr, integ;
    bool esn, ah;
};

static bool add_child_key(struct keyfile *f, const struct child *c, uint32_t spi, struct secret keymat)
{
    static const struct {
        uint8_t id;
        uint16_t octets;
    } fixed[] = { { ENCR_NULL, 0 }, { ENCR_DES, 8 }, { ENCR_3DES, 24 }, { ENCR_CAST, 16 } };
    size_t octets = c->encr.key_bits / 8u;
    for (size_t i = 0; i < COUNT_OF(fixed); i++)
        if (fixed[i].id == c->encr.id)
            octets = fixed[i].octets;
    octets += key_salt(c->encr.id);
    if (key_combined(c->encr.id))
        octets = keymat.len;
    if (c->ah)
        octets = 0;
    struct esp_key k = { .protocol = c->ah ? PROTOCOL_AH : PROTOCOL_ESP,
                         .spi = spi,
                         .encr_id = c->encr.id,
                         .integ_id = c->integ.id,
                         .icv_bits = c->integ.icv_bits,
                         .esn = c->esn,
                         .has_esn = true,
                         .file = f->input,
                         .line = f->line };
    if (keymat.len < octets || !keymat.len)
        return false;
    k.encr = (struct secret){ keymat.at, octets };
    k.integ = (struct secret){ keymat.at + octets, keymat.len - octets };
    key_exact(&k);
    return key_add_esp(f, &k);
}

/* "{ESP/ESN=>0x45ab6ae2 <0x6ef6dd6e xfrm=AES_GCM_16_256-NONE DPD=passive}" */
static enum key_line established(struct keyfile *f, struct state *s, struct text line)
{
    struct child c = { 0 };
    size_t at = text_find(line, TEXT(" xfrm=")), brace = text_find(line, TEXT("{ESP")), ah = text_find(line, TEXT("{AH"));
    if (at == TEXT_NOWHERE || (brace == TEXT_NOWHERE && ah == TEXT_NOWHERE) || !hex_after(line, "=>0x", &c.out) ||
        !hex_after(line, " <0x", &c.in))
        return KEYS_NOT_MINE;
    struct text word, rest = text_from(line, at + 6);
    text_word(&rest, &word);
    if (word.len && word.at[word.len - 1] == '}')
        word.len--;
    size_t dash = text_find_byte(word, '-');
    c.esn = text_has(text_upto(line, at), TEXT("/ESN"));
    c.ah = brace == TEXT_NOWHERE;
    bool have = s->keymat[0].len || s->keymat[1].len || s->pair_count, known;
    if (c.ah)
        known = key_integrity(word, &c.integ);
    else
        known = key_encryption(text_upto(word, dash), &c.encr) &&
                (dash == TEXT_NOWHERE || key_integrity(text_from(word, dash + 1), &c.integ));
    if (s->enckey.len)
        add_pair(f, s, bytes_over("", 0));
    bool added = false;
    if (known && (s->keymat[0].len || s->keymat[1].len)) {
        added |= add_child_key(f, &c, c.in, s->keymat[0]);
        added |= add_child_key(f, &c, c.out, s->keymat[1]);
    } else if (known) {
        for (unsigned i = 0; i < s->pair_count; i++) {
            added |= add_child_key(f, &c, c.in, s->pairs[i]);
            added |= add_child_key(f, &c, c.out, s->pairs[i]);
        }
    }
    memset(s->keymat, 0, sizeof s->keymat);
    s->pair_count = 0;
    return !have ? KEYS_NOT_MINE : added ? KEYS_TAKEN : KEYS_BAD;
}

static enum key_line read(struct keyfile *f, void *state, struct text line)
{
    struct state *s = state;
    struct text rest;
    if (!debug_line(line, &rest)) {
        if (s->dumping)
            keep(f, s);
        return established(f, s, line);
    }
    if (s->dumping && row(s, rest))
        return KEYS_TAKEN;
    keep(f, s);
    if (dump_begins(f, s, rest))
        return KEYS_TAKEN;
    return text_starts(rest, TEXT("ikev2 I 0x")) || text_starts(rest, TEXT("ikev2 R 0x")) ? pluto_ike_line(f, &s->ike, rest)
                                                                                          : KEYS_NOT_MINE;
}

static void end(struct keyfile *f, void *state)
{
    struct state *s = state;
    keep(f, s);
    pluto_ike_end(f, &s->ike);
    platform_wipe(s->ike.salt, sizeof s->ike.salt);
}

const struct keyfile_reader keyfile_libreswan = {
    "libreswan", "libreswan's log with plutodebug=private", sizeof(struct state), recognises, read, end
};
