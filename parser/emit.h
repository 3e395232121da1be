/* From finished records to events. */
#ifndef IKESCOPE_PARSER_EMIT_H
#define IKESCOPE_PARSER_EMIT_H

#include "parser/records.h"

/* state and event are interned. */
void emit_transition(struct records *r, struct stream *s, const struct origin *origin, const struct transition_line *t,
                     const char *state, const char *event, struct text text);
/* emit_entry ends the stream's open text entry, if any. */
void emit_entry(struct records *r, struct stream *s);
/* emit_face is emit_transition for a line that was read at a glance, of so many lines from the first on. */
void emit_face(struct records *r, struct stream *s, const struct face *f, uint32_t first, uint32_t lines);
/* emit_message is emit_entry for a message of one line that was read at a glance; emit_settles: is it one that says all by
 * itself? */
bool emit_settles(const struct face *f);
void emit_message(struct records *r, struct stream *s, const struct face *f, uint32_t line);
/* entry_key is what an entry's text is looked up by: IPSEC: and event-trace tags stay in the text; an ASA message is known by
 * its number. */
struct text entry_key(const struct entry *entry, struct arena *arena);
/* emit_packet ends the stream's open packet, or puts its contents aside for the packet that will carry them. */
void emit_packet(struct records *r, struct stream *s);
/* emit_datagram is ASA's "SENT PKT […]" behind the packet it was: gives it what the dump left out. */
void packet_from_datagram(struct packet *p, struct text t, struct arena *scratch);

#endif
