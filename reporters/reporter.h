/* A report format: one file under reporters/formats/ around one constant. Reporters print the model; they decide nothing. */
#ifndef IKESCOPE_REPORTERS_REPORTER_H
#define IKESCOPE_REPORTERS_REPORTER_H

#include "base/sink.h"
#include "model/model.h"

struct view_options {
    bool color;     /* SGR sequences of our own */
    unsigned width; /* columns of the terminal, 0 unknown: 100 */
    bool events;    /* --events */
    bool show_unparsed;
    bool show_secrets;
    const char *version;
};

struct reporter {
    const char *name;    /* "ladder" */
    const char *summary; /* one line for `list formats` */
    const char *endings; /* of files that are to be in this format without -f, words: ".html .htm"; NULL: none */
    bool needs_events, needs_payloads, needs_transitions;
    void (*write)(const struct model *m, const struct view_options *o, struct sink *out);
};

extern const struct reporter *const reporters[]; /* generated from the folder */
extern const size_t reporter_count;
const struct reporter *reporter_find(struct text name); /* NULL: none is called so */

#endif
