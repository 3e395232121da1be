/*
 * What a log is packed in: a collector's export, a forum's blank lines, a listing's marks, lines cut at a terminal's width,
 * newest entries first, lines twice, a page in another language. It is found in the first lines and taken off each line before
 * the records look at it. An input that comes line by line (parser_live()) must not wait and is not a page: from it only a
 * collector's JSON is taken off, by the caller that feeds it.
 */
#ifndef IKESCOPE_PARSER_PACKING_H
#define IKESCOPE_PARSER_PACKING_H

#include "parser/state.h"

enum { LOOK_AHEAD = 1 << 16 }; /* octets in which it is looked for */

/* packing_find settles what the input is packed in and returns its first lines without it. They stand in clean or stripped, which
 * the caller set up (four times LOOK_AHEAD is enough) and keeps as long as the text. */
struct text packing_find(struct parser *p, struct text first, struct buffer *clean, struct buffer *stripped);
/* packing_take hands a line to the records, without what it was packed in: at once, or when its turn comes. */
void packing_take(void *parser, struct line *line);
/* packing_none: are lines as they stand the device's own, and in their order? Then they need not go through packing_take(). */
bool packing_none(const struct parser *p);
/* packing_only_exported: are they so, once they are taken out of what a collector's export packed them in? */
bool packing_only_exported(const struct parser *p);
/* packing_end_document counts the lines of the input's one JSON text, of which no more comes. */
void packing_end_document(struct parser *p);
/* packing_end hands over what still waits: a line that was cut, lines that are read from the end. */
void packing_end(struct parser *p);

/* packing_plain is a text of which no parser knows yet, line by line in UTF-8, without control characters, a listing's marks
 * and a page's; for who looks at a file before it is read. It stands in stripped, and clean is its draft. */
struct text packing_plain(struct text text, struct buffer *clean, struct buffer *stripped);

/* packing_is_document: is it one JSON text of any shape, and not one object per line? *shape is set where it is. */
bool packing_is_document(const struct exported *exported, struct text head, struct document_shape *shape);

#endif
