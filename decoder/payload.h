/*
 * A payload decoder, one a file of decoder/payloads: reads one payload's body into facts (their names: model/message.h).
 *
 * It reads like the format: each field_…() takes octets, records a fact with its place, and gives the value. There is
 * nothing to check on the way: a field that does not fit marks the payload malformed, records nothing, and so does
 * every later one; what was read before is kept. Octets that no field took mark it malformed too, unless field_rest()
 * took them.
 */
#ifndef IKESCOPE_DECODER_PAYLOAD_H
#define IKESCOPE_DECODER_PAYLOAD_H

#include "base/limits.h"
#include "model/message.h"

struct fields {
    struct cursor in;        /* the octets of this level that were not read yet */
    struct facts out;        /* where facts of this level go */
    struct message *message; /* header and endpoints are known, later payloads are not */
    struct payload *payload;
    uint8_t depth; /* structures in structures, at most LIMIT_NESTING */
    bool placed;   /* offsets are places in the message (false inside decrypted payloads) */
};

struct payload_decoder {
    uint8_t types[3]; /* enum payload_type; 0 ends */
    void (*read)(struct fields *f);
};

extern const struct payload_decoder *const payload_decoders[];
extern const size_t payload_decoder_count;

/* name NULL: take and record nothing (reserved octets, lengths); "": a member of a list. Numbers are big-endian. Empty octets,
 * texts and addresses are no facts. */
uint64_t field_number(struct fields *f, const char *name, size_t octets);
uint64_t field_code(struct fields *f, const char *name, size_t octets, enum registry registry);
struct bytes field_octets(struct fields *f, const char *name, size_t len);
struct bytes field_rest(struct fields *f, const char *name); /* nothing recorded when nothing is left */
struct text field_text(struct fields *f, const char *name, size_t len);
struct text field_rest_text(struct fields *f, const char *name);              /* nothing recorded when nothing is left */
struct address field_address(struct fields *f, const char *name, size_t len); /* 4 or 16 octets */
/* field_inner gives the fields of a group or list that fills the next len octets and stands in *into; the outer ones
 * go on behind it. The inner ones are closed with field_done(), which passes their failure on. */
struct fields field_inner(struct fields *f, struct fact *into, size_t len);
void field_done(struct fields *f, struct fields *inner);
bool field_more(const struct fields *f); /* something is left, and nothing failed */
size_t field_left(const struct fields *f);
void field_odd(struct fields *f); /* the octets contradict themselves */
/* field_full: count members were read, and no more are taken: the rest is skipped, and the message says so. */
bool field_full(struct fields *f, size_t count, enum limit row);

/* field_payload runs the decoder of p->type over its body (behind the generic header), which lies at offset. */
void payload_read(struct arena *arena, struct bytes body, size_t offset, bool placed, struct message *m, struct payload *p);

/* What several payloads share. */
bool text_printable(struct text t);                            /* not empty, UTF-8 without controls */
void read_identity(struct fields *f, unsigned id_type);        /* decoder/payloads/identity.c */
void read_notify_data(struct fields *f, unsigned notify_type); /* decoder/notify_data.c: the rest, by its meaning */
const char *vendor_name(struct bytes vendor_id);               /* decoder/vendors.c; NULL: unknown */

#endif
