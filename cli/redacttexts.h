/* The texts that `redact` works on, all in memory at once, and where each goes: all to one output, or each to a file of the same
 * name in the output folder, at the same place below it as below the folder that was named. */
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

/* redact_texts_read fails, before anything is written, for inputs that are not text or hold keys, and for outputs that would
 * overwrite an input or each other. In a folder such inputs are left out with a warning. Clear the struct in either case. */
bool redact_texts_read(struct redact_texts *t, struct arena *arena, const struct invocation *i, struct error *err);
void redact_texts_clear(struct redact_texts *t);
const char *redact_text_name(const struct redact_text *t); /* of its file, without folders */

#endif
