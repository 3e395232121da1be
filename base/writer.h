/*
 * A streaming JSON writer of our own: a report may be larger than memory wants to hold. It turns octets that are not UTF-8 into
 * U+FFFD and escapes what may not be shown (base/utf8.h), so what it writes is always valid JSON and safe to show. Indented by two, or one
 * line, as asked.
 */
#ifndef IKESCOPE_BASE_WRITER_H
#define IKESCOPE_BASE_WRITER_H

#include "base/bytes.h"
#include "base/sink.h"

enum { JSON_DEPTH = 64 };

struct json_writer {
    struct sink *out;
    bool indented;
    unsigned depth;
    bool filled[JSON_DEPTH]; /* something was written at this depth */
};

/* name is the member's name inside an object, NULL inside an array or at the top. */
void write_object(struct json_writer *w, const char *name);
void write_end_object(struct json_writer *w);
void write_end_line(struct json_writer *w); /* the same of an object that is a line of NDJSON */
void write_array(struct json_writer *w, const char *name);
void write_end_array(struct json_writer *w);
void write_text(struct json_writer *w, const char *name, struct text value);
void write_string(struct json_writer *w, const char *name, const char *value); /* NULL: the member is left out */
void write_number(struct json_writer *w, const char *name, uint64_t value);
void write_signed(struct json_writer *w, const char *name, int64_t value);
void write_bool(struct json_writer *w, const char *name, bool value);
void write_hex(struct json_writer *w, const char *name, struct bytes value);
/* write_decimal writes value / 10^places, e.g. nanoseconds as seconds, without floating point or locale; trailing
 * zeros of the fraction are cut to three places. */
void write_decimal(struct json_writer *w, const char *name, int64_t value, unsigned places);
/* write_escape writes the inside of a JSON string. */
void write_escape(struct sink *out, struct text value);

#endif
