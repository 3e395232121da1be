/*
 * Redaction: secrets always, names and addresses replaced so that relations survive. The same address or name gives the
 * same substitute throughout a run; addresses of one subnet stay in one, host numbers stay, and private ranges stay private.
 * Substitutes are given in order of appearance, so they tell nothing of the original but what lies in one subnet.
 *
 * Names are found by what stands before them (a table of phrases), at prompts, in quotes, and by their form (mail
 * addresses, domain names); once known, a name is replaced wherever it stands as a word. So collect first, then replace.
 */
#ifndef IKESCOPE_MODEL_REDACT_H
#define IKESCOPE_MODEL_REDACT_H

#include "base/buffer.h"
#include "base/map.h"
#include "model/address.h"

struct redactor {
    struct arena *arena;
    struct map octets;               /* prefix -> the bits turned over below it */
    uint8_t firsts[256], next_first; /* of public addresses */
    struct map names;                /* name -> substitute */
    struct map kept;                 /* words that are no name */
    struct map known_secrets;        /* a digest of each secret -> its substitute; the secret itself is not kept */
    struct map known_lengths;        /* of keys -> another number */
    uint32_t next_length, name_count, domain_count, secrets;
    bool in_certificate; /* its hex goes on */
    char banner_ends;    /* what ends the banner whose lines these are; '\0': they are none's */
};

void redactor_init(struct redactor *r, struct arena *arena);
void redactor_clear(struct redactor *r);
struct address redact_address(struct redactor *r, struct address a);
void redact_range(struct redactor *r, struct address *start, struct address *end); /* what is a subnet stays one */
/* redact_name learns a name and gives its substitute; numbers, addresses and words of the trade are left alone. */
struct text redact_name(struct redactor *r, struct text name);
/* redact_keep: this word is none, whoever may be called so; kept as it is written, no copy is made. */
void redact_keep(struct redactor *r, struct text word);
void redact_collect(struct redactor *r, struct text line);                  /* learns the names a line tells */
void redact_line(struct redactor *r, struct text line, struct buffer *out); /* the line, redacted */
void redact_begin(struct redactor *r); /* another text begins: what was open in the one before is closed */

#endif
