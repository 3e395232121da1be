/*
 * Secrets as `tcpdump -E` takes them, alone or in a file, one a line:
 *
 *   0x12345678@192.0.2.45 3des-cbc-hmac96:0x4043...
 *   ikev2 I 0xba1143d1aa0d3f11 0xb62a3c71e1d0c9a2 sha256:0x297c... aes256:0x496e...
 *   ikev2 R ... (the same SA's other direction)
 *
 * libreswan's log prints the ikev2 lines too, behind its own prefix. "-hmac96" means twelve octets that nobody checks.
 * A combined-mode key stands here without its salt, which libreswan dumps in lines of its own (see libreswan.c).
 */
#include "decoder/keyfile_pluto.h"

static bool recognises(struct text line)
{
    struct text word;
    if (text_starts(line, TEXT("ikev2 I 0x")) || text_starts(line, TEXT("ikev2 R 0x")))
        return text_has(line, TEXT(":0x"));
    return text_word(&line, &word) && text_starts(word, TEXT("0x")) && text_find_byte(word, '@') != TEXT_NOWHERE &&
           text_has(line, TEXT(":0x"));
}

/* "3des-cbc-hmac96:0x4043...": the cipher, whether an ICV follows, the key. */
static bool esp_secret(struct keyfile *f, struct text t, struct esp_key *k)
{
    size_t colon = text_find_byte(t, ':');
    struct key_algorithm a = { 0 };
    if (colon == TEXT_NOWHERE)
        return false;
    struct text name = text_upto(t, colon), key = text_trim(text_from(t, colon + 1));
    if (text_ends(name, TEXT("-hmac96"))) {
        name.len -= 7;
        k->integ_unchecked = true;
        k->icv_bits = 96;
    }
    if (text_equal(name, TEXT("none")))
        a.id = ENCR_NULL;
    else if (!key_encryption(name, &a))
        return false;
    k->encr_id = a.id;
    if (key.len)
        k->encr = text_starts(key, TEXT("0x")) ? key_octets(f, key) : keyring_hold(f->ring, bytes_of_text(key));
    return true;
}

static enum key_line esp_line(struct keyfile *f, struct text line)
{
    struct text word, rest = line, one;
    if (!text_word(&rest, &word) || !text_starts(word, TEXT("0x")))
        return KEYS_NOT_MINE;
    size_t at = text_find_byte(word, '@');
    if (at == TEXT_NOWHERE || text_find_byte(rest, ':') == TEXT_NOWHERE)
        return KEYS_NOT_MINE;
    enum key_line is = KEYS_TAKEN;
    while (text_cut(&line, ',', &one)) { /* as on a command line: several, with commas between them */
        struct esp_key k = { .protocol = PROTOCOL_ESP, .file = f->input, .line = f->line };
        uint64_t spi;
        rest = one;
        if (!text_word(&rest, &word) || (at = text_find_byte(word, '@')) == TEXT_NOWHERE ||
            !key_number(text_upto(word, at), 16, &spi) || spi > UINT32_MAX ||
            !address_read(text_from(word, at + 1), &k.destination) || !esp_secret(f, text_trim(rest), &k)) {
            is = KEYS_BAD;
            continue;
        }
        k.spi = (uint32_t)spi;
        key_exact(&k);
        if (!key_add_esp(f, &k))
            is = KEYS_BAD;
    }
    return is;
}

static enum key_line read(struct keyfile *f, void *state, struct text line)
{
    line = text_trim(line);
    if (text_starts(line, TEXT("ikev2 ")))
        return pluto_ike_line(f, state, line);
    return esp_line(f, line);
}

static void end(struct keyfile *f, void *state)
{
    pluto_ike_end(f, state);
}

const struct keyfile_reader keyfile_tcpdump = {
    "tcpdump", "secrets as `tcpdump -E` takes them", sizeof(struct pluto_ike), recognises, read, end
};
