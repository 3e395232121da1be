/*
 * Keys as given: what the readers of decoder/keyfiles/ understood, and what derivation adds. Secrets live only here, in
 * struct secret, in memory that stays out of core dumps and swap as far as allowed and is wiped on keyring_destroy().
 * Nothing prints a secret but reporters that were asked to by name (`keys --to`, --show-secrets).
 */
#ifndef IKESCOPE_MODEL_KEYRING_H
#define IKESCOPE_MODEL_KEYRING_H

#include "base/limits.h"
#include "model/message.h"

struct secret { /* octets in the keyring's locked memory */
    const uint8_t *at;
    size_t len;
};

struct ike_key {             /* SK_* of one IKE SA (RFC 7296 section 2.14); any of them may be missing (len 0) */
    struct ike_key *next;    /* in order of arrival */
    struct ike_key *same;    /* for the keyring's index alone */
    struct spi spi_i, spi_r; /* spi_r unknown (digits 0): any */
    uint16_t encr_id, key_bits, integ_id, prf_id, ke_id; /* 0 unknown */
    bool integ_none;                                     /* integ_id 0 was said, not left out */
    struct secret sk_d, sk_ai, sk_ar, sk_ei, sk_er, sk_pi, sk_pr;
    bool derived;
    bool resolved;       /* the decoder's own copy of a given key, with the SPIs and algorithms that the wire told */
    uint32_t file, line; /* key file number, line */
};

struct esp_key { /* one direction of one ESP or AH SA */
    struct esp_key *next, *same;
    const struct esp_shape *shape;                 /* of the keyring's index, as `same` */
    uint32_t spi, spi_mask;                        /* matches when (seen & mask) == spi */
    struct address source, destination;            /* family NONE: any */
    uint8_t source_wild[16], destination_wild[16]; /* mask octets for wildcards; all 0xff: exact */
    uint8_t protocol;                              /* PROTOCOL_ESP or PROTOCOL_AH */
    uint16_t encr_id, key_bits, integ_id;
    uint16_t icv_bits; /* length of the ICV where it differs from the algorithm's own; 0: it does not */
    bool esn, has_esn;
    bool integ_unchecked; /* "ANY n bit authentication [no checking]": skip icv_bits, verify nothing */
    uint32_t esn_high;    /* upper half of the sequence number to begin with */
    struct secret encr, integ;
    bool derived;
    uint32_t file, line;
};

struct dh_key {                     /* a shared secret, or one side's private key, for an IKE SA or a later exchange */
    struct dh_key *next, *spi_next; /* spi_next: another one that names the same SPI */
    size_t ordinal;                 /* its place in the list */
    struct spi spi_i, spi_r;        /* either may be unknown: tried wherever an exchange lacks its secret */
    bool is_private;
    uint16_t group; /* 0 unknown */
    struct secret secret;
    uint32_t file, line;
};

struct psk_key {
    struct psk_key *next;
    struct text id;         /* at NULL: for anyone */
    struct address address; /* family NONE: not by address */
    struct secret psk;
    uint32_t file, line;
};

struct ppk_key {
    struct ppk_key *next;
    struct text id;
    struct secret ppk;
    uint32_t file, line;
};

struct keyring;

struct keyring *keyring_create(struct limits *limits);
void keyring_destroy(struct keyring *k); /* wipes */
/* keyring_prepare takes the first of the locked memory, where none was taken yet: for whoever locks memory himself, but not for as
 * long. */
void keyring_prepare(struct keyring *k);
/* keyring_hold copies a secret into locked memory, which the keyring owns; the caller wipes its own copy. */
struct secret keyring_hold(struct keyring *k, struct bytes octets);
void secret_wipe(void *at, size_t len);
bool secret_equal(struct secret a, struct secret b); /* constant time */

/* Each of these copies the struct; its secrets must have come from keyring_hold(). A key that is known already is not added
 * again, and none beyond LIMIT_KEYS is. */
void keyring_add_ike(struct keyring *k, const struct ike_key *key);
void keyring_add_esp(struct keyring *k, const struct esp_key *key);
void keyring_add_dh(struct keyring *k, const struct dh_key *key);
void keyring_add_psk(struct keyring *k, const struct psk_key *key);
void keyring_add_ppk(struct keyring *k, const struct ppk_key *key);
/* The lists, in order of arrival. */
const struct ike_key *keyring_ike(const struct keyring *k);
const struct esp_key *keyring_esp(const struct keyring *k);
const struct dh_key *keyring_dh(const struct keyring *k);
const struct psk_key *keyring_psk(const struct keyring *k);
const struct ppk_key *keyring_ppk(const struct keyring *k);
/* keyring_find_ike and keyring_find_esp give the candidates for an SA one after another, those that name its SPI before others,
 * and such as say as much of it in order of arrival: pass NULL first, then the last result, until it is NULL. They use an index,
 * so the cost does not grow with the number of other keys, but with the ways in which these leave parts open (limit key-shapes). */
const struct ike_key *keyring_find_ike(const struct keyring *k, struct spi spi_i, struct spi spi_r, const struct ike_key *after);
const struct esp_key *keyring_find_esp(const struct keyring *k, uint32_t spi, struct address source, struct address destination,
                                       const struct esp_key *after);
/* keyring_find_dh gives in the same way the secrets that name one of these SPIs, and those that name none. Whether the SPI is the
 * initiator's or the responder's is for the caller to check. */
const struct dh_key *keyring_find_dh(const struct keyring *k, const uint64_t *spis, size_t count, const struct dh_key *after);
bool keyring_opens(const struct keyring *k);     /* does it hold a key that could open something? A pre-shared key cannot */
size_t keyring_count(const struct keyring *k);   /* distinct keys held */
size_t keyring_offered(const struct keyring *k); /* keys that keyring_add_* were given, those known already included */

#endif
