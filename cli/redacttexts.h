/* The texts that `redact` works on, all in memory at once, and where each goes: to one output, or to a file of its own name in a
 * folder, below it as it lay below the folder that was named. */
#ifndef IKESCOPE_CLI_REDACTTEXTS_H
#define IKESCOPE_CLI_REDACTTEXTS_H

#include "base/buffer.h"
#include "base/map.h"
#include "cli/options.h"
#include "model/redact_dump.h"

struct redact_text {
    const char *from, *to; /* paths; "-" is a standard stream */
    struct text text;
    struct redact_dump dump;
};

struct redact_texts {
    struct arena *arena;
    struct redact_text *at;
    size_t count;
    const char *folder; /* NULL: one output */
    struct buffer all;
    struct map called; /* by .to */
};

/* redact_texts_read fails before anything is written: for what is no text, what holds keys, and outputs that would take the place
 * of an input or of each other. In a folder such inputs are left out, with a warning. Clear it in either case. */
bool redact_texts_read(struct redact_texts *t, struct arena *arena, const struct invocation *i, struct error *err);
void redact_texts_clear(struct redact_texts *t);
const char *redact_text_name(const struct redact_text *t); /* of its file, without folders */

#endif
