/*
 * IKE messages: header and payload chain to struct message (RFC 7296 section 3). IKEv1 is recognised: its header and,
 * where it is clear, its payload chain by type.
 */
#ifndef IKESCOPE_DECODER_IKE_H
#define IKESCOPE_DECODER_IKE_H

#include "model/message.h"

enum { IKE_HEADER = 28 };

/* ike_decode reads the header and the clear payloads. Facts go to the arena. The caller may set m->source, destination
 * and direction first (they are kept, and NAT detection is judged by them); all else is set here, the digest included.
 * m->octets is the message as long as its header says, borrowed. A sealed message is left as DECRYPTION_NO_KEY with its SK or
 * SKF payload in place. False: there is not even a header. m->truncated: it is shorter than its header says; m->malformed: it
 * contradicts itself somewhere, and what could be read is there. */
bool ike_decode(struct arena *arena, struct bytes octets, struct message *m);

/* The sealed part of a message: what a cipher needs. All views into octets. */
struct sealed {
    uint8_t protection;           /* enum protection: SK or SKF */
    uint8_t first;                /* type of the first payload inside; of an SKF other than the first piece: 0 */
    uint16_t fragment, fragments; /* SKF */
    struct bytes aad;             /* from the IKE header through the generic (and SKF) header, clear payloads included */
    struct bytes body;            /* IV | ciphertext | ICV */
    struct bytes covered;         /* what a separate integrity algorithm covers, with the ICV at its end: aad | body */
};
/* ike_sealed finds it in a message's octets; false when nothing is sealed, or its octets are not all there. */
bool ike_sealed(struct bytes octets, struct sealed *s);

/* ike_unseal puts the payloads of a plaintext (without padding and pad length) in the place of the message's SK or SKF,
 * says DECRYPTION_DECRYPTED and digests anew. The protection stays what it was. */
void ike_unseal(struct arena *arena, uint8_t first_payload, struct bytes plaintext, struct message *m);

#endif
