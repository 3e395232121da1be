#include "model/redact_parts.h"

void redactor_init(struct redactor *r, struct arena *arena)
{
    *r = (struct redactor){ .arena = arena };
}

void redactor_clear(struct redactor *r)
{
    map_clear(&r->octets);
    map_clear(&r->names);
    map_clear(&r->kept);
    map_clear(&r->small_names);
    map_clear(&r->small_kept);
    map_clear(&r->subject_words);
    map_clear(&r->asked_words);
    map_clear(&r->small_parts);
    map_clear(&r->known_secrets);
    map_clear(&r->known_lengths);
}

void redact_rest(struct redactor *r, struct text line, struct buffer *out)
{
    bool boundary = true, begins = true; /* nothing of a word, of a name stands before */
    struct address last = { 0 };
    while (line.len) {
        struct address a;
        struct text foreign = begins && redact_name_char(line.at[0]) ? redact_foreign_token(line) : (struct text){ NULL, 0 };
        begins = !redact_name_char(line.at[0]);
        const char *substitute = foreign.len ? map_find(&r->names, bytes_of_text(foreign)) : NULL;
        if (substitute) {
            buffer_string(out, substitute);
            line = text_from(line, foreign.len);
            boundary = false;
            continue;
        }
        size_t n = boundary && redact_address_char(line.at[0]) ? redact_address_at(line, &a) : 0;
        if (n) {
            line = text_from(line, n);
            int prefix = redact_prefix(a, line);
            prefix = prefix > 0 ? prefix : range_prefix(last, a); /* the last of a range */
            address_print(prefix > 0 ? redact_network(r, a, (unsigned)prefix) : redact_address(r, a), out);
            last = a;
            boundary = false;
            continue;
        }
        struct text token = boundary && redact_word_char(line.at[0]) && line.at[0] != '@' ? redact_token(line)
                                                                                          : (struct text){ NULL, 0 };
        if (token.len) {
            struct text known = redact_known(r, token);
            buffer_text(out, known.len ? known : token);
            line = text_from(line, token.len);
            boundary = false;
            continue;
        }
        boundary = !redact_word_char(line.at[0]) || line.at[0] == '-' || line.at[0] == '@'; /* a range's second address */
        buffer_byte(out, line.at[0]);
        line = text_from(line, 1);
    }
}

/* Equal secrets get equal numbers, so that two configurations still show whether their keys agree; nothing else is told. */
static void put_secret(struct redactor *r, struct text secret, bool prose, struct buffer *out)
{
    enum { PLACE = 6 }; /* "KEY`" and a mark of the sentence behind it */
    if (text_starts(secret, TEXT("KEY`")) &&
        secret.len <= PLACE) { /* what a finding advises to type: the place of a key, and none */
        buffer_text(out, secret);
        return;
    }
    r->secrets++;
    if (prose || text_starts(secret, TEXT("<removed")) || text_starts(secret, TEXT("*****"))) {
        buffer_string(out, redact_mask); /* prose, or removed before: it tells nothing of which are equal */
        return;
    }
    uint64_t *digest = arena_new(r->arena, uint64_t); /* to tell them apart */
    *digest = hash_bytes(bytes_of_text(secret));
    const char *known = map_find(&r->known_secrets, bytes_over(digest, sizeof *digest));
    if (!known) {
        known = arena_format(r->arena, "<removed-%zu>", r->known_secrets.count + 1).at;
        map_put(&r->known_secrets, bytes_over(digest, sizeof *digest), (void *)(uintptr_t)known);
    }
    buffer_string(out, known);
}

/* "key len 8": equal lengths stay equal, and the line keeps its form, which a report reads. */
static void put_length(struct redactor *r, struct text before, struct text length, bool prose, struct buffer *out)
{
    enum { FIRST = 20 };
    uint64_t number, *key;
    if (!text_ends(text_trim(before), TEXT("key len")) || !text_number(length, 10, &number)) {
        put_secret(r, length, prose, out);
        return;
    }
    r->secrets++;
    key = arena_new(r->arena, uint64_t);
    *key = number;
    const char *known = map_find(&r->known_lengths, bytes_over(key, sizeof *key));
    if (!known) {
        r->next_length = r->next_length ? r->next_length + 1 : FIRST;
        r->next_length += r->next_length == number;
        known = arena_format(r->arena, "%u", r->next_length).at;
        map_put(&r->known_lengths, bytes_over(key, sizeof *key), (void *)(uintptr_t)known);
    }
    buffer_string(out, known);
}

void redact_begin(struct redactor *r)
{
    r->in_certificate = r->in_pem = false;
    r->banner_ends[0] = '\0';
}

/* Groups of hex digits and nothing else, as a configuration prints a certificate. */
static bool all_hex(struct text line)
{
    struct text word;
    size_t words = 0;
    while (text_word(&line, &word)) {
        for (size_t i = 0; i < word.len; i++)
            if (!strchr("0123456789abcdefABCDEF", word.at[i]))
                return false;
        words++;
    }
    return words > 0;
}

/* A line of a PEM text: base64, or a header of an encrypted key. */
static bool is_pem(struct text line)
{
    line = text_trim(line);
    bool is = line.len > 0 && !text_starts(line, TEXT("-----"));
    for (size_t i = 0; is && i < line.len; i++)
        is = text_is_alnum(line.at[i]) || strchr("+/=", line.at[i]);
    return is || text_starts(line, TEXT("Proc-Type:")) || text_starts(line, TEXT("DEK-Info:"));
}

/* "banner motd ^C": the sign that ends it, of one that goes on behind this line. */
static void note_banner(struct redactor *r, struct text line)
{
    struct text rest = text_trim(line), word;
    if (!text_starts_nocase(rest, TEXT("banner ")))
        return;
    (void)text_word(&rest, &word);
    (void)text_word(&rest, &word);
    rest = text_trim(rest);
    if (!rest.len || redact_word_char(rest.at[0]))
        return; /* an ASA's begins with its text */
    const size_t len = rest.at[0] == '^' && rest.len > 1 ? 2 : 1;
    const struct text sign = text_upto(rest, len);
    if (text_has(text_from(rest, len), sign))
        return;
    memcpy(r->banner_ends, sign.at, len);
    r->banner_ends[len] = '\0';
}

/* Lines that say something only together with those above them: a banner's, a certificate's, a key's. True: it is one, and it is
 * gone. */
static bool put_inner_line(struct redactor *r, struct text line, struct buffer *out)
{
    if (r->banner_ends[0]) {
        if (text_has(line, text_of(r->banner_ends)))
            r->banner_ends[0] = '\0';
        buffer_string(out, redact_mask);
        r->secrets++;
        return true;
    }
    if ((r->in_certificate && all_hex(line)) || (r->in_pem && is_pem(line))) {
        buffer_string(out, "  ");
        buffer_string(out, redact_mask);
        r->secrets++;
        return true;
    }
    struct text begun = text_trim(line);
    r->in_certificate = line.len > begun.len && (text_starts(begun, TEXT("certificate ")) || (r->in_certificate && !begun.len));
    r->in_pem = text_starts(begun, TEXT("-----BEGIN ")) || (r->in_pem && !begun.len);
    note_banner(r, line);
    return false;
}

bool redact_secret_across(struct redactor *r, struct text line, size_t boundary, size_t *at, size_t *end, struct buffer *out)
{
    struct redact_secret s = { .quoted = false };
    for (*end = 0; *end <= boundary; *end = *at + s.len) {
        if (!redact_secret_at(text_from(line, *end), &s))
            return false;
        *at = *end + s.at;
    }
    put_secret(r, text_upto(text_from(line, *at), *end - *at), s.prose, out);
    return true;
}

static void put_all(struct redactor *r, struct text line, struct buffer *out)
{
    struct redact_secret s = { .quoted = false };
    while (redact_secret_at(line, &s)) {
        redact_rest(r, text_upto(line, s.at), out);
        put_length(r, text_upto(line, s.at), text_upto(text_from(line, s.at), s.len), s.prose, out);
        line = text_from(line, s.at + s.len);
    }
    redact_rest(r, line, out);
}

/* Words of a condition inside a secret, as prose may have them, are none. */
static bool is_condition(struct text line, const struct redact_condition *c)
{
    struct redact_secret s = { .quoted = false };
    return c->asks && !(redact_secret_at(text_upto(line, c->end), &s) && s.at <= c->at && s.at + s.len > c->at);
}

void redact_line(struct redactor *r, struct text line, struct buffer *out)
{
    struct redact_condition c;
    if (put_inner_line(r, line, out))
        return;
    const struct text blanks = text_from(line, redact_without_blanks(line).len);
    line.len -= blanks.len;
    while (redact_condition(line, 0, &c) && is_condition(line, &c)) {
        put_all(r, text_upto(line, c.at), out);
        redact_put_condition(r, line, &c, out);
        line = text_from(line, c.end);
    }
    put_all(r, line, out);
    buffer_text(out, blanks);
}
