/* What the parser's parts share about one input. */
#ifndef IKESCOPE_PARSER_STATE_H
#define IKESCOPE_PARSER_STATE_H

#include "parser/backwards.h"
#include "parser/calendar.h"
#include "parser/damage.h"
#include "parser/document.h"
#include "parser/exported.h"
#include "parser/fold.h"
#include "parser/listing.h"
#include "parser/records.h"
#include "parser/routers.h"
#include "parser/sections.h"
#include "parser/spacing.h"
#include "parser/typed.h"
#include "parser/veils.h"

struct parser {
    struct model *model;
    uint32_t input;
    enum input_kind forced;
    bool slowly; /* every line is read the long way (see parser_slowly) */
    struct event_taker taker;
    struct lines lines;
    struct records records;
    struct sections sections;
    struct typed typed;
    struct routers routers;
    struct calendar calendar;
    uint32_t device;       /* of lines that do not name another */
    bool device_given;     /* by --device, or by a prompt or host: a file's name no longer counts */
    uint32_t first_device; /* of the first event */
    struct buffer head;    /* the first octets, held back for the look ahead */
    bool started, live;    /* live: parser_live() was called */
    uint64_t counts[LINE_CLASS_COUNT];
    uint64_t kinds[INPUT_KIND_COUNT]; /* lines that speak for a kind */
    enum input_kind part_kind;        /* the running part; INPUT_UNKNOWN none */
    uint32_t part_device, part_first, part_last;
    struct anchors *anchors;   /* for a page in another language, whose lines are put back; else NULL */
    bool page;                 /* the input is what remains of a web page, with prose between the entries */
    uint32_t torn, torn_first; /* entries of which a part is missing, and the line of the first */
    uint64_t gaps, gap_lines;
    uint32_t gap_first, dropped_first;
    uint64_t dropped;
    struct heads heads;
    uint32_t cut; /* the number of the last line, if it stops in the middle of what it says; else 0 */
    struct backwards backwards;
    struct backwards waiting; /* lines of an export that has not said yet what device they are of */
    struct exported exported;
    struct document *document; /* NULL: the input is not one JSON text */
    uint32_t document_last;    /* the last line of which a message was taken */
    uint32_t document_said;    /* lines that had one */
    struct arena *unpacked;    /* what was inside the line at hand */
    struct spacing spacing;
    struct listing listing;
    struct fold fold;
    struct veils *veils; /* NULL: the input has none */
};

/* parser_of_sections: the user said that the input is show output or a configuration. */
static inline bool parser_of_sections(const struct parser *p)
{
    return p->forced == INPUT_SHOW || p->forced == INPUT_CONFIG;
}
/* parser_count settles a line's class, once. */
void parser_count(struct parser *p, struct line *line, enum line_class class);
/* parser_over: a limit was reached at that line. */
void parser_over(struct parser *p, enum limit row, uint32_t line);
/* parser_torn: an entry that began at that line is not whole. */
void parser_torn(struct parser *p, uint32_t line);
/* parser_kind says that a line is of a kind, of a device. */
void parser_kind(struct parser *p, enum input_kind kind, uint32_t device, uint32_t line);
void parser_close_part(struct parser *p);
/* parser_emit completes an event and hands it over. */
void parser_emit(struct parser *p, uint32_t device, struct event *event);
/* parser_named_device tells that a prompt or a relay called the device so. */
uint32_t parser_named_device(struct parser *p, struct text name, bool main);

#endif
