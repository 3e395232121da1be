/* Algorithm names as key files spell them, to IANA's numbers. */
#ifndef IKESCOPE_DECODER_KEYNAMES_H
#define IKESCOPE_DECODER_KEYNAMES_H

#include "base/bytes.h"

struct key_algorithm {
    uint16_t id;       /* transform id */
    uint16_t key_bits; /* where the name tells, else 0 */
    uint16_t icv_bits; /* where the name tells another length than the algorithm's own, else 0 */
    bool unchecked;    /* "ANY 128 bit authentication [no checking]" */
};

/* Both ignore case and punctuation: "AES-CBC-128 [RFC3602]", "cbc(aes)", "aes128", "ENCR_AES_CBC" are one. */
bool key_encryption(struct text name, struct key_algorithm *a);
bool key_integrity(struct text name, struct key_algorithm *a);
bool key_prf(struct text name, struct key_algorithm *a);
/* key_bits_of is the key length (bits) of a cipher whose key is so many octets long, salt included as RFC 7296 orders;
 * 0 for ciphers whose length never varies or when the length does not fit. */
uint16_t key_bits_of(unsigned encr_id, size_t octets);
/* key_salt is the number of octets of salt behind a cipher's key. key_combined: does it authenticate by itself? */
size_t key_salt(unsigned encr_id);
bool key_combined(unsigned encr_id);
/* key_fits: can a key of so many octets (0: none given) be this cipher's? key_bits 0: of any length it has. */
bool key_fits(unsigned encr_id, unsigned key_bits, size_t octets);
/* key_truncate takes the ICV's bits as told beside the name: of a combined cipher they choose its id; of an integrity
 * algorithm they are kept where they differ from its own. */
void key_truncate(struct key_algorithm *a, bool cipher, uint64_t bits);

#endif
