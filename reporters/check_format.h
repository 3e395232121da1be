/* A format of `check`: one file under reporters/check/ around one constant. */
#ifndef IKESCOPE_REPORTERS_CHECK_FORMAT_H
#define IKESCOPE_REPORTERS_CHECK_FORMAT_H

#include "base/sink.h"
#include "model/verdict.h"

#define CHECK_SCHEMA "ikescope.check/1"

struct check_view {
    const char *version;
    bool color, quiet;
    struct text ladder; /* a Mermaid ladder of the first failing SA, or empty: github-summary */
};

struct check_format {
    const char *name;    /* "sarif" */
    const char *summary; /* one line for `list check-formats` */
    bool needs_ladder;
    void (*write)(const struct check *c, const struct check_view *v, struct sink *out);
};

extern const struct check_format *const check_formats[]; /* generated from the folder */
extern const size_t check_format_count;
const struct check_format *check_format_find(struct text name); /* NULL: none is called so */

/* What formats share (reporters/check_words.c). */
bool result_counts(const struct check_result *r);       /* not suppressed and not in the baseline */
const char *result_level(const struct check_result *r); /* "error", "warning", "note", "undecided" */
/* result_place is where a result is shown: its first place, else the first input (in *room), since some formats take no result
 * without a place; NULL where there is none. */
const struct place *result_place(const struct check *c, const struct check_result *r, struct place *room);
/* host_path is a file as a code host names it, without "." and doubled slashes on the way. It lives in `into`. */
struct text host_path(struct text file, struct buffer *into);
struct text advice_line(struct text line); /* one line of advice, without the mark that separates it from the next */
/* put_clean writes one line, without what a terminal must not be given (utf8_safe), cut at a character to `most` octets. */
void put_clean(struct sink *out, struct text t, size_t most);
void put_xml(struct sink *out, struct text t, size_t most);           /* the same, escaped for XML 1.0 text and attributes */
struct text one_sentence(const struct check *c, struct buffer *into); /* "2 failed, 1 undecided, 5 passed" */

#endif
