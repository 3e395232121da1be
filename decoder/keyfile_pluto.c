#include "decoder/keyfile_pluto.h"

#include "base/platform.h"

void pluto_ike_end(struct keyfile *f, struct pluto_ike *s)
{
    if (s->open && !key_add_ike(f, &s->key))
        keyfile_bad(f, s->key.line, "ikev2 secrets");
    s->open = false;
    s->key = (struct ike_key){ 0 };
}

/* "aes256:0x496e...": the name and the octets. No octets: 1, as older versions log the line; 0: not readable. */
static int named_key(struct keyfile *f, struct text word, struct text *name, struct secret *key)
{
    size_t colon = text_find_byte(word, ':');
    *name = word;
    *key = (struct secret){ NULL, 0 };
    if (colon == TEXT_NOWHERE)
        return 1;
    *name = text_upto(word, colon);
    struct text hex = text_from(word, colon + 1);
    if (hex.len == 0 || text_equal(hex, TEXT("0x")))
        return 1;
    *key = key_octets(f, hex);
    return key->len ? 2 : 0;
}

/* A combined-mode key without its salt gets the salt that was dumped before. */
static struct secret salted(struct keyfile *f, const struct pluto_ike *s, bool of_r, unsigned encr_id, struct secret key)
{
    uint8_t whole[64 + PLUTO_SALT];
    size_t salt = key_salt(encr_id);
    if (!salt || s->salt_len[of_r] != salt || key.len % 8 || key.len > 64)
        return key;
    memcpy(whole, key.at, key.len);
    memcpy(whole + key.len, s->salt[of_r], salt);
    key = keyring_hold(f->ring, bytes_over(whole, key.len + salt));
    platform_wipe(whole, sizeof whole);
    return key;
}

enum key_line pluto_ike_line(struct keyfile *f, struct pluto_ike *s, struct text line)
{
    struct text word[6], name;
    struct key_algorithm encr, integ;
    struct secret a, e;
    uint64_t i, r;
    for (int n = 0; n < 6; n++)
        if (!text_word(&line, &word[n]))
            return KEYS_NOT_MINE;
    bool of_r = text_equal(word[1], TEXT("R"));
    if (!of_r && !text_equal(word[1], TEXT("I")))
        return KEYS_NOT_MINE;
    if (!text_starts(word[2], TEXT("0x")) || !key_number(word[2], 16, &i) || !key_number(word[3], 16, &r))
        return KEYS_BAD;
    int has_a = named_key(f, word[4], &name, &a);
    bool known = key_integrity(name, &integ);
    int has_e = named_key(f, word[5], &name, &e);
    known &= key_encryption(name, &encr);
    if (has_e == 1 && encr.id != ENCR_NULL && has_a <= 1)
        return KEYS_TAKEN; /* names alone */
    if (!known || !has_a || has_e != 2)
        return KEYS_BAD;
    if (s->open && (s->key.spi_i.value != i || s->key.spi_r.value != r || (of_r ? s->key.sk_er.len : s->key.sk_ei.len)))
        pluto_ike_end(f, s);
    struct ike_key *k = &s->key;
    if (!s->open)
        *k = (struct ike_key){ .file = f->input, .line = f->line };
    s->open = true;
    k->spi_i = spi_of(i, 16);
    k->spi_r = spi_of(r, 16);
    k->encr_id = encr.id;
    k->integ_id = integ.id;
    k->integ_none = integ.id == INTEG_NONE;
    e = salted(f, s, of_r, encr.id, e);
    k->key_bits = encr.key_bits;
    *(of_r ? &k->sk_er : &k->sk_ei) = e;
    *(of_r ? &k->sk_ar : &k->sk_ai) = a;
    if (k->sk_ei.len && k->sk_er.len)
        pluto_ike_end(f, s);
    return KEYS_TAKEN;
}
