/*
 * A dialect is what one family of devices prints: one file of parser/dialects/, a table of message texts. A text may turn up
 * under any platform's tag, so the tables are looked up as one; a new message is one row.
 */
#ifndef IKESCOPE_PARSER_DIALECT_H
#define IKESCOPE_PARSER_DIALECT_H

#include "model/event.h"
#include "model/model.h"

/* {literal anchor: how the text starts; PCRE2 pattern with named groups, which become the event's facts, or NULL where the
 * anchor says it all; event code; a sample the row matches} */
struct phrase {
    const char *anchor;
    const char *pattern;
    enum event_code code;
    const char *sample;
};

struct dialect {
    const char *name; /* "ios" */
    enum input_kind kind;
    const char *title; /* one line for `list dialects` */
    const struct phrase *phrases;
    size_t phrase_count;
};

#define PHRASES(table) .phrases = table, .phrase_count = COUNT_OF(table)

extern const struct dialect *const dialects[];
extern const size_t dialect_count;

#endif
