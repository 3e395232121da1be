/*
 * Files of pre-shared keys (--psk): one key alone, `identity key` lines, or ipsec.secrets (`id id : PSK "key"`). A key is
 * text, in quotes or not; 0x is hex, 0s is base64, 0t is text, as ipsec.secrets has them.
 */
#include "decoder/keyfile.h"

#include "base/platform.h"
#include "decoder/keyfile_lines.h"

enum { LONGEST_PSK = 4096 };

static struct text unquoted(struct text t)
{
    bool quoted = t.len >= 2 && (t.at[0] == '"' || t.at[0] == '\'') && t.at[t.len - 1] == t.at[0];
    return quoted ? text_upto(text_from(t, 1), t.len - 2) : t;
}

static int base64_digit(char c)
{
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

static struct secret base64(struct keyfile *f, struct text t)
{
    uint8_t octets[LONGEST_PSK];
    size_t n = 0;
    uint32_t bits = 0;
    unsigned have = 0;
    bool ok = t.len <= LONGEST_PSK;
    for (size_t i = 0; i < t.len && ok && t.at[i] != '='; i++) {
        int digit = base64_digit(t.at[i]);
        ok = digit >= 0;
        bits = bits << 6 | (uint32_t)(digit & 63);
        have += 6;
        if (have >= 8) {
            have -= 8;
            octets[n++] = (uint8_t)(bits >> have);
        }
    }
    struct secret s = ok && n ? keyring_hold(f->ring, bytes_over(octets, n)) : (struct secret){ NULL, 0 };
    platform_wipe(octets, sizeof octets);
    return s;
}

static struct secret psk_octets(struct keyfile *f, struct text key)
{
    if (text_starts_nocase(key, TEXT("0x")))
        return key_octets(f, key);
    if (text_starts(key, TEXT("0s")))
        return base64(f, text_from(key, 2));
    if (text_starts(key, TEXT("0t")))
        key = text_from(key, 2);
    return keyring_hold(f->ring, bytes_of_text(unquoted(key)));
}

/* Whoever the other end is. */
static bool is_anyone(struct text id)
{
    static const char *const words[] = { "", "%any", "%any4", "%any6", "0.0.0.0", "::", "*" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (text_equal(id, text_of(words[i])))
            return true;
    return false;
}

static bool add_psk(struct keyfile *f, struct text id, struct text key)
{
    struct psk_key k = { .psk = psk_octets(f, key), .file = f->input, .line = f->line };
    id = unquoted(id);
    if (!k.psk.len)
        return false;
    if (!is_anyone(id) && !address_read(id, &k.address))
        k.id = id;
    keyring_add_psk(f->ring, &k);
    return true;
}

/* The next word, or what stands in quotes. */
static bool word_or_quoted(struct text *rest, struct text *word)
{
    *rest = text_trim(*rest);
    char quote = rest->len && (rest->at[0] == '"' || rest->at[0] == '\'') ? rest->at[0] : 0;
    size_t end = quote ? text_find_byte(text_from(*rest, 1), quote) : TEXT_NOWHERE;
    if (end == TEXT_NOWHERE)
        return text_word(rest, word);
    *word = text_upto(*rest, end + 2);
    *rest = text_from(*rest, end + 2);
    return true;
}

/* Who is named among an ipsec.secrets line's ends? */
static bool names_someone(struct text ids)
{
    struct text id;
    while (word_or_quoted(&ids, &id))
        if (!is_anyone(unquoted(id)))
            return true;
    return false;
}

/* "id1 id2 : PSK \"key\"": the secret for each of the ids; for anyone where none is named, be it that "%any" stands there. */
static bool secrets_line(struct keyfile *f, struct text line, bool *ok)
{
    for (size_t at = 0; at + 1 < line.len; at++) {
        if (line.at[at] != ':' || (at && line.at[at - 1] != ' ' && line.at[at - 1] != '\t'))
            continue;
        struct text kind, rest = text_from(line, at + 1), ids = text_trim(text_upto(line, at)), id, key;
        if (!text_word(&rest, &kind))
            return false;
        static const char *const others[] = { "RSA",   "ECDSA", "PKCS8", "PKCS12", "EAP", "NTLM",
                                              "XAUTH", "PIN",   "P12",   "BLISS",  "PPK", "PPKS" };
        for (size_t i = 0; i < COUNT_OF(others); i++)
            if (text_equal(kind, text_of(others[i])))
                return true; /* a secret of another kind: not asked for */
        if (!text_equal(kind, TEXT("PSK")) || !word_or_quoted(&rest, &key))
            return false;
        if (!names_someone(ids))
            *ok = add_psk(f, TEXT(""), key);
        while (word_or_quoted(&ids, &id))
            if (!is_anyone(unquoted(id)))
                *ok &= add_psk(f, id, key);
        return true;
    }
    return false;
}

/* "connections {", "}", "id = NAME", "{"type": ...": a file of another kind, whose words would be taken for keys. */
static bool of_another_kind(struct text line)
{
    struct text first, second, rest = line;
    char last = line.at[line.len - 1];
    return text_equal(line, TEXT("}")) || text_starts(line, TEXT("{\"")) ||
           (last == '{' && text_find_byte(line, ' ') != TEXT_NOWHERE) ||
           (text_word(&rest, &first) && text_word(&rest, &second) &&
            (text_equal(second, TEXT("=")) || text_equal(second, TEXT("{"))));
}

static bool plain_line(struct keyfile *f, struct text line)
{
    struct text id, rest = line;
    if (of_another_kind(line))
        return false;
    if (!word_or_quoted(&rest, &id))
        return true;
    rest = text_trim(rest);
    return rest.len ? add_psk(f, id, rest) : add_psk(f, (struct text){ NULL, 0 }, line);
}

bool keyfile_read_psk(struct model *m, uint32_t input, struct source *from, size_t *found, struct error *err)
{
    struct keyfile f = { .model = m, .ring = m->keyring, .input = input };
    struct key_lines l = key_lines_over(from, m->keyring);
    size_t before = keyring_offered(m->keyring);
    struct text line;
    (void)err;
    while (key_lines_next(&l, &line)) {
        bool ok = true;
        f.line++;
        line = text_trim(line);
        if (line.len == 0 || line.at[0] == '#' || text_starts(line, TEXT("include ")))
            continue;
        if (!secrets_line(&f, line, &ok))
            ok = plain_line(&f, line);
        if (!ok)
            keyfile_bad(&f, f.line, "pre-shared key (a key, or an identity and its key)");
    }
    *found = keyring_offered(m->keyring) - before;
    key_lines_end(&l);
    return true;
}
