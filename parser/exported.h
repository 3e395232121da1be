/*
 * A collector's export: each line holds a line of a device's log, in a member of a JSON object, in a column of CSV, in a key of
 * CEF or LEEF or in an element of XML, with the name of the device beside it. The line inside is read as if it had come alone.
 */
#ifndef IKESCOPE_PARSER_EXPORTED_H
#define IKESCOPE_PARSER_EXPORTED_H

#include "base/arena.h"
#include "base/bytes.h"

enum exported_form { EXPORTED_NOT, EXPORTED_JSON, EXPORTED_CSV, EXPORTED_KEYED, EXPORTED_XML };
enum {
    EXPORTED_HOST = 96,
    EXPORTED_TIME = 48,
    EXPORTED_HEAD = 200 /* of what stands before a message, or in a column of a time */
};

struct elements_said { /* of the device and the time */
    bool has_host;     /* with no octets: one that is too long to be a name */
    uint8_t host_len, time_len;
    char host[EXPORTED_HOST], time[EXPORTED_TIME];
};

struct elements {                 /* XML: what stands on lines before the message's (elements.h) */
    bool inside, raw;             /* the message goes on with the next line; as CDATA */
    bool in_record;               /* an element of the name `record` is open */
    uint64_t record;              /* see elements_learn() */
    uint32_t depth, record_depth; /* elements open around the records; where the last record began */
    uint32_t data, data_of_log;   /* unnamed <Data> of this record so far; which of them a log's lines stand in, 0: not known */
    struct elements_said inner, outer; /* in the record; around it */
    bool waits, told;                  /* messages of this record wait; what those of earlier lines waited for is the answer */
    struct elements_said answer;
    size_t said_len; /* of the record's message, which Windows writes twice */
    uint64_t said;
};

struct exported {
    uint8_t form; /* enum exported_form */
    char separator;
    int message, host; /* CSV: their columns; -1: the last; host -1: none */
    int time;          /* CSV: the one that its heading calls so, for numbers; -1: none */
    bool named;        /* CSV: a heading says which they are, or what stands in all lines */
    bool heads;        /* CSV: the first line is a heading that says nothing of it */
    bool rest;         /* CSV: the message is unquoted and reaches to the line's end, separators included */
    bool inside;       /* CSV: a quoted message goes on with the next line */
    struct elements elements;
};

struct unpacked {              /* texts stand in the arena or in the line */
    struct text host, message; /* the message may be several lines; at NULL: there is none */
    struct text time;          /* the collector's, as it writes it; at NULL: none that can be read */
    bool waits;                /* XML: its record has not said yet what device it is of */
    struct unpacked *next;     /* XML: the line's next message; NULL: there is none */
};

/* exported_detect judges by the first lines of an input. */
void exported_detect(struct exported *exported, struct text head);
/* exported_take takes one line apart; false where it is not in that form, and then stands for itself. */
bool exported_take(struct exported *exported, struct text line, struct arena *arena, struct unpacked *out);
/* exported_is_wrapping: does a line that could not be taken apart belong to the export all the same? Brackets, a heading and an
 * object without a message do. */
bool exported_is_wrapping(const struct exported *exported, struct text line);
/* exported_rank is the place of a member's or column's name in the list of those that hold the message, best first; -1 where it
 * is not in it. */
int exported_rank(struct text name);
bool exported_is_host(struct text name);      /* it holds the device's name */
bool exported_is_time(struct text name);      /* it holds the time */
struct text exported_time(struct text value); /* a value that is a time and nothing else; else at NULL */
/* exported_time_before: the time in what stands before a record, a relay's and its name: the first that is one. */
struct text exported_time_before(struct text head);
/* exported_stamped puts the collector's time in front of a line that begins an entry and has none of its own. */
struct text exported_stamped(struct text line, struct text time, struct arena *arena);
bool exported_begins_log(struct text t); /* does a log's line begin like this? */
/* exported_json takes a JSON object apart, alone on its line; field: the member that names the device, NULL: the usual ones.
 * False: it is no object. */
bool exported_json(struct text line, const char *field, struct arena *arena, struct unpacked *out);

#endif
