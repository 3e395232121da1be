/*
 * A collector's export that is one JSON text and not an object a line: an array of records, objects over many lines, the answer
 * of a search (hits, results, rows, streams of values). It is read octet by octet, whatever its length: what is kept is one
 * record's message. Which members hold the message and the device's name, exported.h tells; where none of those is a log's, the
 * member that holds one in the text's beginning: what a program calls a command's output is its own affair.
 */
#ifndef IKESCOPE_PARSER_DOCUMENT_H
#define IKESCOPE_PARSER_DOCUMENT_H

#include "base/arena.h"
#include "base/buffer.h"

enum { DOCUMENT_DEPTH = 32, DOCUMENT_HOST = 64, DOCUMENT_TIME = 48, DOCUMENT_NAME = 64 };

struct document_name {
    char at[DOCUMENT_NAME];
    size_t len;
};

struct document_shape {       /* what a text's beginning tells of it */
    uint32_t lead;            /* lines that stand before it: the request that it answers, a prompt */
    struct document_name own; /* of the member that holds the log; none: the usual ones */
};

struct document_level { /* an object or array that is open */
    bool array;
    uint8_t role, key; /* what its own name, and that of the member at hand, say of it: document.c */
    uint32_t index;    /* of the element at hand */
    int rank;          /* of .message; the least is the best */
    uint32_t line;     /* of .message */
    struct buffer message;
    char host[DOCUMENT_HOST];
    size_t host_len;
    char time[DOCUMENT_TIME];
    size_t time_len;
    bool by_number; /* .time: a date is better */
};

struct document_message {
    struct text text, host, time; /* time: the collector's, perhaps none */
    uint32_t line;
};

struct document {
    void (*take)(void *context, const struct document_message *message);
    void *context;
    bool on, failed;
    bool learns;                 /* which member holds a log is what is asked */
    struct document_name name;   /* of the member read last */
    struct document_shape shape; /* .lead: lines still to come before it begins */
    uint8_t state;
    unsigned depth;
    struct document_level levels[DOCUMENT_DEPTH];
    struct buffer string;           /* or the number at hand */
    struct arena *scratch;          /* of a number that is a time */
    char quote;                     /* that closes it: a program's own print of lists and dictionaries has ' as well */
    uint32_t unicode, digits, high; /* an escape, its digits to come, and the first half of a pair */
    uint64_t number;
    bool is_octet;             /* the scalar at hand is a number below 256 */
    int row_message, row_host; /* columns of rows; -1 unknown */
    uint32_t line;             /* from 1 */
    bool line_used;            /* something but blanks stands on it */
    uint32_t ended, blank;     /* lines that ended, and those of them without anything */
};

void document_init(struct document *d, const struct document_shape *shape,
                   void (*take)(void *context, const struct document_message *message), void *context);
void document_clear(struct document *d);
/* document_detect: is a text that begins so one of these, and does a message in it begin a log's line, or show output? */
bool document_detect(struct text head, struct document_shape *shape);
/* document_feed takes octets, and returns how many: fewer where JSON ends and something else begins, at the start of a line. */
size_t document_feed(struct document *d, struct bytes octets);
/* document_inside: what came so far ends inside of a record. */
bool document_inside(const struct document *d);

#endif
