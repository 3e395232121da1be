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
    map_clear(&r->known_secrets);
    map_clear(&r->known_lengths);
}

static void put_rest(struct redactor *r, struct text line, struct buffer *out)
{
    bool boundary = true;
    struct address last = { 0 };
    while (line.len) {
        struct address a;
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
        struct text token = boundary && redact_word_char(line.at[0]) ? redact_token(line) : (struct text){ NULL, 0 };
        if (token.len) {
            struct text known = redact_known(r, token);
            buffer_text(out, known.len ? known : token);
            line = text_from(line, token.len);
            boundary = false;
            continue;
        }
        boundary = !redact_word_char(line.at[0]) || line.at[0] == '-'; /* a range's second address */
        buffer_byte(out, line.at[0]);
        line = text_from(line, 1);
    }
}

/* Equal secrets get equal numbers, so that two configurations still show whether their keys agree; nothing else is told. */
static void put_secret(struct redactor *r, struct text secret, struct buffer *out)
{
    enum { PLACE = 6 }; /* "KEY`" and a mark of the sentence behind it */
    if (text_starts(secret, TEXT("KEY`")) &&
        secret.len <= PLACE) { /* what a finding advises to type: the place of a key, and none */
        buffer_text(out, secret);
        return;
    }
    r->secrets++;
    if (text_find_byte(secret, ' ') != TEXT_NOWHERE || text_starts(secret, TEXT("<removed")) ||
        text_starts(secret, TEXT("*****"))) {
        buffer_string(out, redact_mask); /* prose, or removed before: it tells nothing of which are equal */
        return;
    }
    uint64_t *digest = arena_new(r->arena, uint64_t); /* FNV-1a: to tell them apart, not to hide them */
    *digest = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < secret.len; i++)
        *digest = (*digest ^ (uint8_t)secret.at[i]) * UINT64_C(0x100000001b3);
    const char *known = map_find(&r->known_secrets, bytes_over(digest, sizeof *digest));
    if (!known) {
        known = arena_format(r->arena, "<removed-%zu>", r->known_secrets.count + 1).at;
        map_put(&r->known_secrets, bytes_over(digest, sizeof *digest), (void *)(uintptr_t)known);
    }
    buffer_string(out, known);
}

/* "key len 8": equal lengths stay equal, and the line keeps its form, which a report reads. */
static void put_length(struct redactor *r, struct text before, struct text length, struct buffer *out)
{
    enum { FIRST = 20 };
    uint64_t number, *key;
    if (!text_ends(text_trim(before), TEXT("key len")) || !text_number(length, 10, &number)) {
        put_secret(r, length, out);
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

void redact_line(struct redactor *r, struct text line, struct buffer *out)
{
    for (;;) {
        size_t len = 0, at = redact_secret_at(line, &len);
        if (at == TEXT_NOWHERE)
            break;
        put_rest(r, text_upto(line, at), out);
        put_length(r, text_upto(line, at), text_upto(text_from(line, at), len), out);
        line = text_from(line, at + len);
    }
    put_rest(r, line, out);
}
