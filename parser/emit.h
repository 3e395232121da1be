/* From finished records to events. */
#ifndef IKESCOPE_PARSER_EMIT_H
#define IKESCOPE_PARSER_EMIT_H

#include "parser/records.h"

/* state and event are interned. */
void emit_transition(struct records *r, struct stream *s, const struct origin *origin, const struct transition_line *t,
                     const char *state, const char *event, struct text text);
/* emit_entry ends the stream's open text entry, if any. */
void emit_entry(struct records *r, struct stream *s);
/* emit_face is emit_transition for a transition with a face (parser/face.h): `lines` physical lines from number `first` on. */
void emit_face(struct records *r, struct stream *s, const struct face *f, uint32_t first, uint32_t lines);
/* emit_message is emit_entry for a message of one line with a face that emit_settles() accepts: one that needs no other line to
 * be understood. */
bool emit_settles(const struct face *f);
void emit_message(struct records *r, struct stream *s, const struct face *f, uint32_t line);
/* entry_key is what an entry's text is looked up by: IPSEC: and event-trace tags stay in the text; an ASA message is known by
 * its number. */
struct text entry_key(const struct entry *entry, struct arena *arena);
/* emit_packet ends the stream's open packet, or puts its contents aside for the packet that will carry them. */
void emit_packet(struct records *r, struct stream *s);
/* packet_from_datagram gives a packet what its dump left out and ASA's "SENT PKT […]" behind it tells: SPIs, exchange, addresses.
 */
void packet_from_datagram(struct packet *p, struct text t, struct arena *scratch);

#endif
