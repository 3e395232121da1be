/*
 * Redaction: secrets always, names and addresses replaced so that relations survive. The same address or name gives the
 * same substitute throughout a run; addresses of one /24 (or /16, /8) stay in one, host numbers stay, and private ranges
 * stay private. Substitutes are given in order of appearance, so they tell nothing of the original.
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
    struct map octets; /* prefix -> substitutes given below it */
    struct map names;  /* name -> substitute */
    uint32_t name_count, domain_count, secrets;
};

void redactor_init(struct redactor *r, struct arena *arena);
void redactor_clear(struct redactor *r);
struct address redact_address(struct redactor *r, struct address a);
/* redact_name learns a name and gives its substitute; numbers, addresses and words of the trade are left alone. */
struct text redact_name(struct redactor *r, struct text name);
void redact_collect(struct redactor *r, struct text line);                  /* learns the names a line tells */
void redact_line(struct redactor *r, struct text line, struct buffer *out); /* the line, redacted */
/* redact_secrets only masks secrets: what every report does with configuration lines, asked or not. */
void redact_secrets(struct text line, struct buffer *out);

#endif
