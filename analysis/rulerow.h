/* The rows that rules look at, and the values of a row's fields. */
#ifndef IKESCOPE_ANALYSIS_RULEROW_H
#define IKESCOPE_ANALYSIS_RULEROW_H

#include "analysis/reportindex.h"
#include "analysis/rulefile.h"

enum value_kind { VALUE_TEXT, VALUE_NUMBER, VALUE_BOOL };

struct value {
    struct value *next;
    enum value_kind kind;
    struct text text; /* also of numbers and booleans, as they would be written */
    double number;
};

struct row {
    struct row *next;
    enum subject subject;
    const struct json *object; /* of the report; NULL: all computed */
    const struct json *sa;     /* the IKE SA it belongs to, or NULL */
    const struct json *outer;  /* of a message: its exchange */
    struct text id;            /* how results call it */
    const char *leg;           /* of a message */
    const struct json *source; /* {input, line | packet}, or NULL */
    struct value *list, *last; /* computed rows: names of inputs */
    double numbers[3];         /* computed rows: counts; of messages and transitions, where they stand among the others */
    struct text words[4];      /* computed rows */
    double t;                  /* of a message or transition; NaN unknown */
};

/* rows_of lists a subject's rows of a report, in its order. */
struct row *rows_of(const struct report *report, enum subject subject, struct arena *arena);
/* rows_of_sa lists the messages and transitions of one IKE SA by time, as `within` and `sequence` see them. */
struct row *rows_of_sa(const struct json *sa, struct arena *arena);
/* row_of_sa: that IKE SA alone, as a row of ike_sas. */
struct row *row_of_sa(const struct json *sa, struct arena *arena);
/* row_values gives all values at a path (arrays on the way are opened), NULL when the field is absent. */
struct value *row_values(const struct report *report, const struct row *row, struct text path, struct arena *arena);
/* sa_ends: the addresses of initiator and responder; where nothing tells who that was, of the log's own end and of its peer. */
void sa_ends(const struct json *sa, struct text ends[2]);

#endif
