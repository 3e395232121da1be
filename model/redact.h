/*
 * Redaction: secrets are always taken out; names and addresses are replaced so that relations survive. The same address or name
 * gets the same substitute throughout a run; addresses of one subnet stay in one subnet, host numbers stay, and private ranges
 * stay private. Substitutes are given in order of appearance, so they tell nothing of the original but which of them share a
 * subnet.
 *
 * Names are found by what stands before them (a table of phrases), at prompts, in quotes, and by their form (mail addresses,
 * domain names); once known, a name is replaced wherever it stands as a word. So first collect from all lines, then replace.
 */
#ifndef IKESCOPE_MODEL_REDACT_H
#define IKESCOPE_MODEL_REDACT_H

#include "base/buffer.h"
#include "base/map.h"
#include "model/address.h"

struct redactor {
    struct arena *arena;
    struct map octets;               /* prefix -> which of the bits behind it are flipped */
    uint8_t firsts[256], next_first; /* the first octets of public addresses: each one's substitute, and the next to be given */
    struct map names;                /* name -> substitute */
    struct map kept;                 /* words that are not names */
    struct map small_names, small_kept; /* the same in small letters, each name with the first one's substitute */
    struct map subject_words;           /* words of certificates' names, in small letters -> substitute */
    struct map asked_words;             /* words that a condition wants in such a name, in small letters */
    struct map small_parts;             /* of those, the ones that are a part of a name's word -> its substitute */
    uint32_t parts_asked;               /* how many were looked for in all names */
    struct map known_secrets;           /* a digest of each secret -> its substitute; the secret itself is not kept */
    struct map known_lengths;           /* of keys -> another number */
    uint32_t next_length, name_count, domain_count, secrets;
    bool in_certificate; /* the next lines are a certificate's hex */
    bool in_pem;         /* the next lines are octets in base64, up to "-----END" */
    char banner_ends[3]; /* inside a banner: what ends it, "^C" or a single character; empty: in none */
};

/* redactor_init: what is given in the place of names lives in the arena, which is borrowed. */
void redactor_init(struct redactor *r, struct arena *arena);
void redactor_clear(struct redactor *r);
struct address redact_address(struct redactor *r, struct address a);
void redact_range(struct redactor *r, struct address *start, struct address *end); /* what is a subnet stays one */
/* redact_name learns a name and gives its substitute; numbers, addresses and words of the trade are left alone. */
struct text redact_name(struct redactor *r, struct text name);
/* redact_path learns the words of a file's name and of its folders' names, or, where it is no file, of whatever is called so: each
 * that may be a name and that not everybody calls a file, endings aside. "berlin-gw1.log" is "name1.log" from then on. */
void redact_path(struct redactor *r, struct text path, bool file);
/* redact_keep says that this word is never a name. The word is borrowed: it must outlive the redactor. */
void redact_keep(struct redactor *r, struct text word);
void redact_collect(struct redactor *r, struct text line);                  /* learns the names in a line */
void redact_line(struct redactor *r, struct text line, struct buffer *out); /* appends the line, redacted */
/* redact_hide_secrets appends the line with ****** in the place of its secrets, and all else as it is. */
void redact_hide_secrets(struct text line, struct buffer *out);
struct text redact_masked(struct text line, struct arena *arena); /* the same, as a text in the arena where it holds a secret */
void redact_begin(struct redactor *r); /* another text begins: a certificate or banner left open in the one before is closed */

#endif
