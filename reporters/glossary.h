/*
 * What the words of IKEv2 and of these debugs mean, what comes next, and what usually goes wrong there: the data behind
 * `ikescope explain`, behind the summary's "last in STATE", and behind the walkthrough. Rows stand in reporters/glossary.
 */
#ifndef IKESCOPE_REPORTERS_GLOSSARY_H
#define IKESCOPE_REPORTERS_GLOSSARY_H

#include "base/bytes.h"
#include "reporters/reporter.h"

enum glossary_kind {
    GLOSSARY_STATE = 1,
    GLOSSARY_EVENT,
    GLOSSARY_EXCHANGE,
    GLOSSARY_PAYLOAD,
    GLOSSARY_NOTIFY,
    GLOSSARY_TRANSFORM,
    GLOSSARY_WORD,
    GLOSSARY_REASON,
    GLOSSARY_MESSAGE,
    GLOSSARY_VERDICT,
    GLOSSARY_OUTCOME,
    GLOSSARY_CONFIDENCE,
    GLOSSARY_STATUS
};

struct glossary_row {
    enum glossary_kind kind;
    const char *name;
    const char *means;    /* a clause without a full stop, for use behind a colon */
    const char *next;     /* sentences, or "" */
    const char *trouble;  /* sentences, or "" */
    const char *also;     /* everyday words: other names, with | between; else NULL */
    const char *findings; /* everyday words: the findings that are about it, with ", " between; else NULL */
};

struct numbered_row { /* a syslog message of ASA and FTD */
    const char *number;
    int severity; /* as delivered */
    const char *means;
};

extern const struct glossary_row glossary_rows[];
extern const size_t glossary_count;

const char *glossary_state(const char *state); /* its meaning, or NULL */
/* glossary_message is the row about a message of a log; its name is that of the code, "PROFILE_NOT_FOUND". */
const struct glossary_row *glossary_message(enum event_code code); /* NULL: no row */
const struct numbered_row *glossary_numbered(struct text number);  /* NULL: not known */
/* glossary_reason is the row about a reason that a message gives, in letters of either case and with other words around it. */
const struct glossary_row *glossary_reason(struct text reason); /* NULL: no row */
/* glossary_explain writes all that is known of a term: rows, and registry entries by name or number ("notify 24"). False, and
 * nothing is written, when nothing is known. */
bool glossary_explain(struct text term, const struct view_options *o, struct sink *out);
/* glossary_transform writes what is known of one transform. ios, asa: configuration lines that set it, or ""; weak: why it should
 * not be used, or NULL. False: there is no such number. */
bool glossary_transform(enum registry registry, uint32_t number, struct text ios, struct text asa, const char *weak,
                        const struct view_options *o, struct sink *out);
/* glossary_near is the known term that a misspelt one most likely meant, or NULL. */
const char *glossary_near(const char *term);

#endif
