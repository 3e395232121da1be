/*
 * Redaction: what a certificate must have in its name. A trustpoint writes O=Example Corp, the map that asks for it "o = example
 * corp", for routers compare names in letters of either case and print conditions in small ones. So a word of a condition gets the
 * substitute of the name's word, and one that is a part of such a word that of the whole. No condition makes a word a name
 * elsewhere: in small letters it may be any word of a configuration.
 */
#include "model/redact_parts.h"

enum {
    SUBJECT_WORDS = 4096, /* of certificates' names, that a condition's word may be a part of */
    PARTS_MOST = 1024     /* words of conditions for which that is asked */
};

/* A word in small letters, in room; words too long to be names are none. */
static struct text small(struct text word, char room[static REDACT_WORD_MOST])
{
    if (word.len > REDACT_WORD_MOST)
        return (struct text){ NULL, 0 };
    for (size_t i = 0; i < word.len; i++)
        room[i] = text_lower(word.at[i]);
    return text_over(room, word.len);
}

static const char *find_small(const struct map *m, struct text word)
{
    char room[REDACT_WORD_MOST];
    return map_find(m, bytes_of_text(small(word, room)));
}

void redact_put_small(struct redactor *r, struct map *m, struct text word, const char *value)
{
    char room[REDACT_WORD_MOST];
    const struct text key = small(word, room);
    if (key.len && !map_find(m, bytes_of_text(key)))
        map_put(m, bytes_of_text(arena_text(r->arena, key)), (void *)(uintptr_t)value);
}

void redact_subject_word(struct redactor *r, struct text word)
{
    const char *known = find_small(&r->small_names, word);
    if (!known) {
        const struct text substitute = redact_name(r, word);
        if (substitute.at == word.at)
            return;
        known = substitute.at;
    } else if (redact_nameable(word) && !map_find(&r->names, bytes_of_text(word)) && !map_find(&r->kept, bytes_of_text(word))) {
        map_put(&r->names, bytes_of_text(arena_text(r->arena, word)), (void *)(uintptr_t)known);
    }
    if (r->subject_words.count < SUBJECT_WORDS)
        redact_put_small(r, &r->subject_words, word, known);
}

/* ---- where they stand ---- */

static bool is_operator(struct text word, struct redact_condition *c)
{
    c->part = text_equal(word, TEXT("co")) || text_equal(word, TEXT("nc"));
    c->asks = c->part || text_equal(word, TEXT("eq")) || text_equal(word, TEXT("ne"));
    return c->asks;
}

/* A sentence quotes a command: it ends where the quote does. */
static size_t upto_quote(struct text before, struct text value)
{
    size_t i = before.len;
    while (i && !strchr("`'\"", before.at[i - 1]))
        i--;
    const size_t end = i ? text_find_byte(value, before.at[i - 1]) : TEXT_NOWHERE;
    return end == TEXT_NOWHERE ? value.len : end;
}

bool redact_condition(struct text line, size_t from, struct redact_condition *c)
{
    for (size_t found; (found = text_find(text_from(line, from), TEXT("-name "))) != TEXT_NOWHERE;) {
        const struct text before = text_upto(line, from + found);
        from += found + sizeof "-name " - 1;
        if (!text_ends(before, TEXT("subject")) && !text_ends(before, TEXT("issuer")))
            continue;
        struct text rest = text_from(line, from), word;
        *c = (struct redact_condition){ .attribute = { NULL, 0 } };
        if (!text_word(&rest, &word))
            return false;
        if (text_equal(word, TEXT("attr")) && (!text_word(&rest, &c->attribute) || !text_word(&rest, &word)))
            continue;
        if (!is_operator(word, c) && text_find_byte(word, '=') == TEXT_NOWHERE && !text_starts(text_trim(rest), TEXT("=")))
            continue; /* prose */
        rest = text_trim(c->asks ? rest : text_from(line, from));
        c->at = rest.len ? (size_t)(rest.at - line.at) : line.len;
        c->end = c->at + upto_quote(before, rest);
        return true;
    }
    return false;
}

/* ---- what stands there ---- */

struct walk {
    struct text rest;
    bool named; /* the attribute whose value is read names somebody, as "ou" does and "c", the country, does not */
};

static bool names_somebody(struct text attribute)
{
    return !text_equal_nocase(attribute, TEXT("c"));
}

static struct walk begin_walk(struct text line, const struct redact_condition *c)
{
    return (struct walk){ .rest = text_upto(text_from(line, c->at), c->end - c->at), .named = names_somebody(c->attribute) };
}

/* The next word of a value, and what stands before it; *word empty: nothing more. False at the end. */
static bool next_word(struct walk *w, struct text *before, struct text *word)
{
    size_t n = 0;
    *word = (struct text){ NULL, 0 };
    if (!w->rest.len)
        return false;
    while (n < w->rest.len && !redact_name_char(w->rest.at[n]))
        n++;
    struct address a;
    *before = text_upto(w->rest, n);
    w->rest = text_from(w->rest, n);
    const size_t address = redact_address_at(w->rest, &a);
    *word = address ? text_upto(w->rest, address) : redact_foreign_token(w->rest);
    if (!word->len)
        *word = redact_token(w->rest);
    if (!word->len && w->rest.len) { /* "-" alone */
        before->len++;
        w->rest = text_from(w->rest, 1);
    }
    w->rest = text_from(w->rest, word->len);
    if (text_starts(text_trim(w->rest), TEXT("="))) {
        w->named = names_somebody(*word);
        before->len += word->len;
        *word = (struct text){ NULL, 0 };
    }
    return true;
}

void redact_collect_conditions(struct redactor *r, struct text line)
{
    static const char asked[] = "";
    struct redact_condition c;
    for (size_t from = 0; redact_condition(line, from, &c); from = c.end) {
        struct walk w = begin_walk(line, &c);
        struct text before, word;
        while (next_word(&w, &before, &word)) {
            if (!word.len || !w.named)
                continue;
            if (c.asks)
                redact_put_small(r, &r->asked_words, word, asked);
            else
                redact_subject_word(r, word);
        }
    }
}

/* NULL: it is a part of none. */
static const char *part_of_subject(struct redactor *r, struct text word)
{
    char room[REDACT_WORD_MOST];
    const struct text key = small(word, room);
    const char *known = find_small(&r->small_parts, word);
    if (known || !key.len || r->parts_asked >= PARTS_MOST)
        return known;
    r->parts_asked++;
    for (size_t i = 0; i < r->subject_words.count && !known; i++)
        if (text_has(text_of_bytes(r->subject_words.entries[i].key), key))
            known = r->subject_words.entries[i].value;
    if (known)
        redact_put_small(r, &r->small_parts, word, known);
    return known;
}

/* What stands for a condition's word; NULL: it is as any other text. All names are known by now. */
static const char *for_asked(struct redactor *r, struct text word, bool part)
{
    const char *known = find_small(&r->small_names, word);
    if (known || !find_small(&r->asked_words, word) || !redact_nameable(word) || find_small(&r->small_kept, word))
        return known;
    known = part ? part_of_subject(r, word) : NULL;
    if (known || text_find_byte(word, '.') != TEXT_NOWHERE || text_find_byte(word, '@') != TEXT_NOWHERE)
        return known; /* domains and mail addresses are known by their form */
    known = arena_format(r->arena, "name%u", ++r->name_count).at;
    redact_put_small(r, &r->small_names, word, known);
    return known;
}

void redact_put_condition(struct redactor *r, struct text line, const struct redact_condition *c, struct buffer *out)
{
    struct text before, word;
    struct walk w = begin_walk(line, c);
    while (next_word(&w, &before, &word)) {
        const char *substitute = word.len && w.named ? for_asked(r, word, c->part) : NULL;
        buffer_text(out, before);
        if (substitute)
            buffer_string(out, substitute);
        else
            redact_rest(r, word, out);
    }
}
