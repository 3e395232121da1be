/* What records.c (the long way of a line) and usual.c (the short one) need of each other. */
#ifndef IKESCOPE_PARSER_RECORDS_PARTS_H
#define IKESCOPE_PARSER_RECORDS_PARTS_H

#include "parser/records.h"

/* records.c */
void stream_own(struct stream *s);                      /* copies the open entry's text, which is borrowed */
void stream_flush(struct records *r, struct stream *s); /* hands over what is pending */
bool stream_partial(const struct stream *s);            /* does a transition wait for its rest? */
void stream_begin_packet(struct stream *s, const struct tag *tag, const struct prefix *prefix, struct line *line, bool contents);
void stream_packet_line(struct stream *s, struct line *line); /* one more line of the open packet */
void records_rest(struct records *r, struct text rest);       /* keeps what is left of a line, to be taken next */
void records_take_rests(struct records *r, struct line *line);
void records_line_slowly(struct records *r, struct line *line);

/* usual.c */
bool records_usual_line(struct records *r, struct line *line); /* false: not one of them, nothing done */
/* Lines of a dump that wait are read: at once where their like is known, else one by one. whole: the run has ended; else only
 * the block did, and what follows may go on with its last payload. */
void records_resolve_run(struct records *r, bool whole);
void records_forget(struct records *r); /* when the memory is full */

#endif
