/* Algorithm names as key files spell them, to IANA's numbers. */
#ifndef IKESCOPE_DECODER_KEYNAMES_H
#define IKESCOPE_DECODER_KEYNAMES_H

#include "base/bytes.h"

struct key_algorithm {
    uint16_t id;          /* transform id */
    uint16_t key_bits;    /* where the name tells, else 0 */
    uint16_t icv_bits;    /* where the name tells another length than the algorithm's own, else 0 */
    bool unchecked;       /* "ANY 128 bit authentication [no checking]" */
};

/* Both ignore case and punctuation: "AES-CBC-128 [RFC3602]", "cbc(aes)", "aes128", "ENCR_AES_CBC" are one. */
bool key_encryption(struct text name, struct key_algorithm *a);
bool key_integrity(struct text name, struct key_algorithm *a);
bool key_prf(struct text name, struct key_algorithm *a);

#endif
