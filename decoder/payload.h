/*
 * A payload decoder, one in each file of decoder/payloads: it reads a payload's body into facts (their names: model/message.h).
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
    struct message *message; /* of which header, endpoints and earlier payloads are known */
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

/* The name of the fact. NULL: the octets are taken and nothing is recorded (reserved octets, lengths); "": the fact is a member
 * of a list. Numbers are big-endian, of up to 8 octets. Octets, texts and addresses that are empty are not recorded. */
uint64_t field_number(struct fields *f, const char *name, size_t octets);
uint64_t field_code(struct fields *f, const char *name, size_t octets, enum registry registry);
struct bytes field_octets(struct fields *f, const char *name, size_t len);
struct bytes field_rest(struct fields *f, const char *name); /* all that is left */
struct text field_text(struct fields *f, const char *name, size_t len);
struct text field_rest_text(struct fields *f, const char *name);              /* all that is left */
struct address field_address(struct fields *f, const char *name, size_t len); /* 4 or 16 octets */
/* field_inner opens a group or list that fills the next len octets and whose facts go into `into`; the outer fields go on behind
 * it. Close the inner ones with field_done(), which passes their failure on. */
struct fields field_inner(struct fields *f, struct fact *into, size_t len);
void field_done(struct fields *f, struct fields *inner);
bool field_more(const struct fields *f); /* something is left, and nothing failed */
size_t field_left(const struct fields *f);
void field_odd(struct fields *f); /* marks the payload malformed: its octets contradict themselves */
/* field_full: have as many members been read as the limit allows? Then the rest is skipped, and the message says so. */
bool field_full(struct fields *f, size_t count, enum limit row);

/* payload_read runs the decoder of p->type over the payload's body (behind the generic header), which lies at this offset of the
 * message. */
void payload_read(struct arena *arena, struct bytes body, size_t offset, bool placed, struct message *m, struct payload *p);

/* What several payloads share. */
bool text_printable(struct text t);                            /* not empty, UTF-8 without controls */
void read_identity(struct fields *f, unsigned id_type);        /* decoder/payloads/identity.c */
void read_notify_data(struct fields *f, unsigned notify_type); /* decoder/notify_data.c: the rest, by its meaning */
const char *vendor_name(struct bytes vendor_id);               /* decoder/vendors.c; NULL: unknown */

#endif
