/* What the parts of the redaction share. */
#ifndef IKESCOPE_MODEL_REDACT_PARTS_H
#define IKESCOPE_MODEL_REDACT_PARTS_H

#include "model/redact.h"

static inline bool redact_word_char(char c)
{
    return text_is_alnum(c) || c == '_' || c == '-' || c == '.' || c == '@';
}

/* A part of a letter of another alphabet than ours. */
static inline bool redact_is_foreign(char c)
{
    return (unsigned char)c >= 0x80;
}
static inline bool redact_name_char(char c)
{
    return redact_word_char(c) || redact_is_foreign(c);
}

static inline bool redact_address_char(char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f') || c == '.' || c == ':' || c == 'X' || c == 'x';
}

extern const char redact_mask[]; /* what stands in a secret's place */
/* Without the blanks at its end: who trims a line at each of its words would go through them as often. */
static inline struct text redact_without_blanks(struct text line)
{
    while (line.len && text_blank(line.at[line.len - 1]))
        line.len--;
    return line;
}

struct redact_secret {
    size_t at, len;
    bool prose;  /* and no secret word: it tells nothing of which are equal */
    bool quoted; /* it stands inside a quoted string; before it was looked for: the text begins inside one */
};
/* redact_secret_at finds the first secret of a text, or of what is left behind another. */
bool redact_secret_at(struct text line, struct redact_secret *s);
struct text redact_before_prose(struct text line); /* the line as far as it is no prose */

/* redact_secret_across writes what stands for the first secret that ends behind the boundary; *at, *end: where it stands. False:
 * there is none. */
bool redact_secret_across(struct redactor *r, struct text line, size_t boundary, size_t *at, size_t *end, struct buffer *out);

size_t redact_find(struct text t, struct text phrase); /* in letters of either case; TEXT_NOWHERE */
struct text redact_token(struct text t);               /* the word at the start */
/* redact_foreign_token is the word at the start where it has letters of another alphabet, with them; else empty. */
struct text redact_foreign_token(struct text t);
/* redact_known is the substitute of a word that is known as a name or has the form of one; empty where it is neither. */
struct text redact_known(struct redactor *r, struct text token);

enum { REDACT_WORD_MOST = 256 };     /* no name is so long, and a line of hyphens is asked at each of them */
bool redact_nameable(struct text t); /* false for numbers, addresses and words of the trade */
void redact_rest(struct redactor *r, struct text line, struct buffer *out); /* redacts what holds no secret */

/* redact_put_small: in the place of a word, in letters of either case, the map has this value, if it has none yet. */
void redact_put_small(struct redactor *r, struct map *m, struct text word, const char *value);
void redact_subject_word(struct redactor *r, struct text word); /* learns a word of a certificate's name */

struct redact_condition {  /* "subject-name co o = x", "issuer-name attr cn eq x", "subject-name CN=x,O=y" */
    size_t at, end;        /* the value, in its line */
    struct text attribute; /* "cn", where it stands before the value; else empty */
    bool asks;             /* "co", "eq": a map's; else a trustpoint's own name */
    bool part;             /* it may be a part of a name */
};
/* redact_condition finds the line's first one from `from` on. */
bool redact_condition(struct text line, size_t from, struct redact_condition *c);
void redact_collect_conditions(struct redactor *r, struct text line);
void redact_put_condition(struct redactor *r, struct text line, const struct redact_condition *c, struct buffer *out);

/* redact_address_at is the length of the address at the start of the text; 0 where there is none. */
size_t redact_address_at(struct text t, struct address *a);
/* redact_prefix is the prefix length in bits of a network, told by what stands behind its address; -1 for a single address. */
int redact_prefix(struct address a, struct text rest);
/* redact_network replaces a network's address and leaves the bits behind its prefix as they are. */
struct address redact_network(struct redactor *r, struct address a, unsigned prefix);

#endif
