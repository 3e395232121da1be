/*
 * The algorithms of IKE and ESP: transform numbers of the IANA registries, and what each needs (IV, salt, tag, key), as
 * tables. An opener holds the keys of one direction, ready for use: it verifies and decrypts IV | ciphertext | ICV, of an SK
 * payload or of an ESP packet. A sealer verifies the ICV of AH.
 */
#ifndef IKESCOPE_DECODER_CIPHERS_H
#define IKESCOPE_DECODER_CIPHERS_H

#include "base/crypto.h"
#include "model/keyring.h"

struct encryption {
    uint16_t id;             /* enum encr_id */
    enum cipher_kind cipher; /* CIPHER_UNKNOWN: NULL, or refused */
    uint8_t iv;              /* octets of IV in the packet */
    uint8_t salt;            /* octets behind the key in the key material */
    uint8_t tag;             /* octets of ICV; 0: the ICV is that of a separate integrity algorithm */
    uint8_t block;           /* ciphertext is a multiple of this */
    uint16_t key_bits;       /* where no key length was negotiated */
    bool implicit_iv;        /* RFC 8750: the nonce ends with the sequence number */
    bool counter;            /* RFC 3686: nonce | IV | one */
    bool gmac;               /* RFC 4543: nothing is enciphered */
    const char *refused;     /* why not, for people; NULL: supported */
};

struct integrity {
    uint16_t id;       /* enum integ_id */
    enum mac_kind mac; /* MAC_UNKNOWN: none, GMAC, or refused */
    uint8_t key, icv;  /* octets */
    const char *refused;
};

struct prf {
    uint16_t id; /* enum prf_id */
    enum mac_kind mac;
    uint8_t key; /* preferred key length: of SK_d, SK_pi, SK_pr */
    uint8_t out;
    bool fixed; /* keys of 16 octets only (AES); others are brought to that */
    const char *refused;
};

const struct encryption *encryption_find(unsigned id); /* NULL: unknown number */
const struct integrity *integrity_find(unsigned id);
const struct prf *prf_find(unsigned id);
/* For `list ciphers`. */
const struct encryption *encryption_rows(size_t *count);
const struct integrity *integrity_rows(size_t *count);
const struct prf *prf_rows(size_t *count);
/* encryption_key_octets is how much key material one direction takes, salt included; key_bits 0: the cipher's own. */
size_t encryption_key_octets(const struct encryption *e, unsigned key_bits);

struct suite {
    const struct encryption *encr;
    const struct integrity *integ; /* NULL with an AEAD cipher, or none */
    uint16_t icv_bits;             /* where it differs from the algorithm's own; 0: its own */
    bool unchecked;                /* there is an ICV of icv_bits, and no key for it */
};

struct opener;

/* opener_create makes the keys of one direction ready. NULL, with a reason in *why (static), when the suite is not supported
 * or a key's length does not fit. A cipher's key carries its salt at the end (RFC 4106 section 8.1). */
struct opener *opener_create(const struct suite *suite, struct bytes encr_key, struct bytes integ_key, const char **why);
void opener_destroy(struct opener *o); /* NULL allowed */
size_t opener_icv(const struct opener *o);
bool opener_verifies(const struct opener *o); /* false: nothing would show that a key is wrong */
bool opener_ciphers(const struct opener *o);  /* false: ENCR_NULL */
bool opener_aead(const struct opener *o);     /* the cipher itself verifies */

struct box {
    struct bytes aad;     /* what an AEAD cipher authenticates besides the ciphertext */
    struct bytes covered; /* what an integrity algorithm covers, without the ICV … */
    struct bytes suffix;  /* … and behind that this: the upper half of an extended sequence number */
    struct bytes body;    /* IV | ciphertext | ICV */
    uint64_t sequence;    /* for implicit IVs */
};

enum opened {
    OPENED_SHORT,  /* not even IV and ICV are there */
    OPENED_ICV,    /* the ICV does not fit */
    OPENED_LENGTH, /* the ICV fits; the ciphertext is no whole number of blocks */
    OPENED         /* *len octets of plaintext, padding included, are in out */
};
/* opener_open verifies and decrypts into out, which has room for the body; nothing is decrypted unless the ICV fits (an AEAD
 * cipher does both at once). */
enum opened opener_open(struct opener *o, const struct box *b, uint8_t *out, size_t *len);

/* A sealer has a MAC alone, truncated, for AH (RFC 4302). AES-GMAC's ICV is IV | tag (RFC 4543 section 3.3), and its key ends
 * with the salt. */
/* sealer_create holds the key of one direction of AH (RFC 4302); icv_bits 0: the algorithm's own. NULL where it can not be used,
 * and *why says it. sealer_verify compares the ICV of what is covered, in parts. */
struct sealer;
struct sealer *sealer_create(const struct integrity *integ, unsigned icv_bits, struct bytes key, const char **why);
void sealer_destroy(struct sealer *s);
size_t sealer_icv(const struct sealer *s);
bool sealer_verify(struct sealer *s, const struct bytes *parts, size_t count, struct bytes icv);

#endif
