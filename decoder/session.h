/*
 * IKE SAs on the wire, as far as keys are concerned: what their exchanges said (nonces, key exchange values, proposals),
 * which keys may be theirs, which key opens a message, and what follows from it: keys of Child SAs, of the next IKE SA
 * after a rekey, of the same one after an additional key exchange; and whether AUTH payloads prove what they claim.
 *
 * Keys come in generations: the keys that an SA has between two changes. Derived ones are guesses until an ICV fits. One SPI
 * pair may have several generations (IKE_INTERMEDIATE changes the keys of a living SA), and all are kept.
 */
#ifndef IKESCOPE_DECODER_SESSION_H
#define IKESCOPE_DECODER_SESSION_H

#include "decoder/esp.h"
#include "decoder/ike.h"

struct sessions;

struct sessions *sessions_create(struct model *model, struct esp *esp);
void sessions_destroy(struct sessions *s); /* NULL allowed */

struct unsealed {
    struct bytes plain; /* payloads without padding; valid until the next call */
    uint8_t keys;       /* enum keys_state of the key that fitted */
};
/* sessions_open verifies and decrypts an SK payload, or one SKF piece, and returns DECRYPTION_DECRYPTED, _ICV_FAILED or _NO_KEY.
 * It sets m->wrong_encryption_key where the ICV fits and the plaintext makes no sense. */
enum decryption sessions_open(struct sessions *s, struct message *m, const struct sealed *sealed, struct unsealed *out);
/* sessions_learn takes a digested message that is clear, or whole and decrypted; derives what can be derived from it, and sets
 * m->auth_verified. plain: its inner payloads, empty for a clear message; first: the type of the first of them. */
void sessions_learn(struct sessions *s, struct message *m, uint8_t first, struct bytes plain);

#endif
