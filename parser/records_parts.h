/* What the files behind records.h need of each other. The open entry and the open dump are those of a stream; a line's texts
 * are borrowed from it, and what waits beyond the line is copied (stream_own). */
#ifndef IKESCOPE_PARSER_RECORDS_PARTS_H
#define IKESCOPE_PARSER_RECORDS_PARTS_H

#include "parser/state.h"

/* streams.c: one device each */
void stream_free(struct stream *s);
struct stream *stream_of(struct records *r, struct text host); /* by the name a relay gives; "": the input's own device */
void stream_is_of(struct records *r, struct stream *s, uint32_t device); /* from now on; the first of a device has its lines */
/* A collector has its own name for a device. stream_collect notes that this name stands for the stream; streams_collected gives
 * the name that a relay uses for it, or the collector's where no relay names it. */
void stream_collect(struct records *r, struct stream *s, struct text collector);
struct text streams_collected(const struct records *r, struct text collector);
void stream_own(struct stream *s);                      /* copies the open entry's text, which is borrowed */
void stream_own_packets(struct stream *s);              /* … and what its packets have borrowed */
void stream_flush(struct records *r, struct stream *s); /* hands over what is pending */
/* stream_relayed takes what a relay put in front of a line: whose it is, and its number. stream_relayed_upto: so many lines more
 * were taken with it. */
void stream_relayed(struct records *r, const struct relayed *relayed, struct line *line);
void stream_relayed_upto(struct records *r, const struct relayed *relayed, uint32_t more);
void stream_note_sequence(struct records *r, struct stream *s, const struct prefix *prefix, struct line *line); /* counts gaps */

/* records_stay: does a line with a time but without a host belong to the device that spoke last? A line with neither always does.
 */
static inline bool records_stay(const struct records *r)
{
    return r->stream_count == 1 || r->current->host.len == 0 || r->current->device == r->parser->device;
}

/* records_stay_with: the same of a line in an export, which may name a host. */
static inline bool records_stay_with(const struct records *r, struct text host)
{
    return host.len ? text_equal(streams_collected(r, host), r->current->host) : records_stay(r);
}

/* records_knows_relayed: where an export names a host, too, a relay's name is noted beside it, unless it is known to be the same's. */
static inline bool records_knows_relayed(const struct records *r, const struct relayed *relayed, struct text host)
{
    return !host.len || (records_stay_with(r, host) && text_equal(relayed->host, r->current->host));
}

/* entries.c: texts that may go on */
bool stream_partial(const struct stream *s); /* does a transition wait for its rest? */
const char *trace_named(struct records *r, struct text name);
void entry_begin(struct stream *s, const struct tag *tag, const struct prefix *prefix, struct text text, struct line *line);
void entry_join(struct stream *s, struct text text, struct line *line, bool glue); /* glue: without a blank between */
bool entry_ends_before(const struct stream *s, struct text t); /* an untagged line that is a page's, not the log's */
bool entry_may_go_on(const struct stream *s, struct text raw, struct text t); /* with an untagged line: t, indented raw */
void entry_continue(struct records *r, struct line *line, struct text raw, struct text t);
/* An event's name that was cut in two: entry_complete_event takes the second half off *t if that makes the open transition's
 * event a known one; entry_glue_event does the same within one line. */
bool entry_complete_event(struct records *r, struct stream *s, struct line *line, struct text *t);
void entry_glue_event(struct records *r, struct transition_line *transition, struct text *t);

/* dumps.c: packets over many lines */
void dump_begin(struct stream *s, const struct tag *tag, const struct prefix *prefix, struct line *line, bool contents);
/* dump_begin_contents: clear contents begin with this line, of the packet that is built behind the last entry. */
void dump_begin_contents(struct records *r, struct stream *s, struct line *line, const struct prefix *prefix);
void dump_add(struct stream *s, struct line *line); /* one more line of the open dump */
bool dump_takes_entry(struct records *r, struct stream *s, const struct tag *tag, struct text *t, struct line *line);
/* dump_waits: does an entry with that tag belong to another context, which speaks while the open dump's packet is still being
 * decrypted? The dump then goes on behind it. */
bool dump_waits(const struct stream *s, const struct tag *tag);
/* dump_makes_way is called when a packet begins: what is pending goes out, except that a dump of another context is parked until
 * this packet has gone out. */
void dump_makes_way(struct records *r, struct stream *s, const struct tag *tag);
/* dump_give_way hands over what an entry with that tag ends: all that is pending, except a dump that waits. */
void dump_give_way(struct records *r, struct stream *s, const struct tag *tag);
bool dump_takes_line(struct records *r, struct stream *s, struct line *line, struct text t, const struct prefix *prefix);

/* prompts.c: what a terminal puts between */
void prompt_furniture(struct parser *p, struct text t, struct line *line);
void prompt_command(struct records *r, struct line *line, struct text command);
bool prompt_line(struct records *r, struct line *line, struct text t); /* false: none */

/* records.c */
void records_rest(struct records *r, struct text rest); /* keeps what is left of a line, to be taken next */
void records_take_rests(struct records *r, struct line *line);
void records_line_slowly(struct records *r, struct line *line);

/* usual.c */
bool records_usual_line(struct records *r, struct line *line); /* false: not one of them, nothing done */
/* records_resolve_run reads the lines of a dump that wait (records.run): at once where the same lines were read before, else one
 * by one. whole: the run has ended; else only the block of text did, and what follows may go on with the run's last payload. */
void records_resolve_run(struct records *r, bool whole);
void records_forget(struct records *r); /* when the memory is full */

#endif
