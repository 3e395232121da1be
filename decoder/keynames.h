/* From the algorithm names that key files use to IANA's numbers. */
#ifndef IKESCOPE_DECODER_KEYNAMES_H
#define IKESCOPE_DECODER_KEYNAMES_H

#include "base/bytes.h"

struct key_algorithm {
    uint16_t id;       /* transform id */
    uint16_t key_bits; /* where the name tells, else 0 */
    uint16_t icv_bits; /* where the name tells another length than the algorithm's own, else 0 */
    bool unchecked;    /* "ANY 128 bit authentication [no checking]" */
};

/* False for an unknown name. Case and punctuation do not matter: "AES-CBC-128 [RFC3602]", "cbc(aes)", "aes128" and "ENCR_AES_CBC"
 * are all AES-CBC. */
bool key_encryption(struct text name, struct key_algorithm *a);
bool key_integrity(struct text name, struct key_algorithm *a);
bool key_prf(struct text name, struct key_algorithm *a);
/* key_bits_of is the key length in bits of a cipher whose key has this many octets, salt included; 0 for ciphers whose length
 * never varies, and when the length does not fit. */
uint16_t key_bits_of(unsigned encr_id, size_t octets);
/* key_salt is the number of octets of salt behind a cipher's key. key_combined: does it authenticate by itself? */
size_t key_salt(unsigned encr_id);
bool key_combined(unsigned encr_id);
/* key_fits: can a key of this many octets (0: none given) belong to this cipher? key_bits 0: any length that the cipher has. */
bool key_fits(unsigned encr_id, unsigned key_bits, size_t octets);
/* key_truncate applies an ICV length (bits) that is given beside the name: for a combined cipher it decides which id is meant;
 * for an integrity algorithm it is kept where it differs from the algorithm's own. */
void key_truncate(struct key_algorithm *a, bool cipher, uint64_t bits);

#endif
