/*
 * Key derivation of IKEv2: RFC 7296 sections 2.13, 2.14, 2.17, 2.18; RFC 8784 (PPK), RFC 9242, RFC 9370. Formulas stand as
 * the RFCs write them. Every function returns false (or 0) when a primitive is missing; outputs then hold nothing of use.
 */
#ifndef IKESCOPE_DECODER_KEYMAT_H
#define IKESCOPE_DECODER_KEYMAT_H

#include "decoder/ciphers.h"

/* prf(K, S), S in parts; returns the output's length. */
size_t prf_of(const struct prf *prf, struct bytes key, const struct bytes *parts, size_t count,
              uint8_t out[static CRYPTO_DIGEST]);
/* prf+ (K, S); at most 255 times the PRF's output. */
enum { PRF_PLUS_PARTS = 24 };
bool prf_plus(const struct prf *prf, struct bytes key, const struct bytes *parts, size_t count, uint8_t *out, size_t len);

enum { KEYMAT_SK = CRYPTO_DIGEST };
struct sk { /* SK_d | SK_ai | SK_ar | SK_ei | SK_er | SK_pi | SK_pr, cut to their lengths */
    uint8_t d[KEYMAT_SK], ai[KEYMAT_SK], ar[KEYMAT_SK], ei[KEYMAT_SK], er[KEYMAT_SK], pi[KEYMAT_SK], pr[KEYMAT_SK];
    uint8_t d_len, a_len, e_len, p_len;
};

struct ike_suite { /* the algorithms of an IKE SA */
    const struct encryption *encr;
    uint16_t key_bits;             /* 0: the cipher's own */
    const struct integrity *integ; /* NULL: none */
    const struct prf *prf;
};

struct nonces {
    struct bytes i, r; /* without the payload header */
};

/* SKEYSEED of an initial exchange: prf(Ni | Nr, g^ir). */
size_t skeyseed_initial(const struct prf *prf, struct nonces n, struct bytes g_ir, uint8_t out[static CRYPTO_DIGEST]);
struct exchanged {     /* what a CREATE_CHILD_SA exchange brings to new keys: g^ir | Ni | Nr [| SK(1) … SK(n)], RFC 9370 */
    struct bytes g_ir; /* empty: without a Diffie-Hellman exchange */
    struct nonces n;
    const struct bytes *more; /* SK(1) … SK(n), of the additional key exchanges */
    size_t more_count;
};
/* SKEYSEED of a rekey, by the old SA's PRF and SK_d: prf(SK_d (old), g^ir (new) | Ni | Nr ...). */
size_t skeyseed_rekey(const struct prf *old, struct bytes sk_d, const struct exchanged *x, uint8_t out[static CRYPTO_DIGEST]);
/* SKEYSEED(n) after an additional key exchange in IKE_INTERMEDIATE: prf(SK_d(n-1), SK(n) | Ni | Nr), RFC 9370. */
size_t skeyseed_additional(const struct prf *prf, struct bytes sk_d, struct bytes sk_n, struct nonces n,
                           uint8_t out[static CRYPTO_DIGEST]);
/* The seven SK_*: prf+ (SKEYSEED, Ni | Nr | SPIi | SPIr). */
bool sk_derive(const struct ike_suite *suite, struct bytes skeyseed, struct nonces n, uint64_t spi_i, uint64_t spi_r,
               struct sk *out);
/* RFC 8784 section 3: prf+ (PPK, SK_d'), and the same for SK_pi, SK_pr. In place. */
bool sk_mix_ppk(const struct prf *prf, struct bytes ppk, uint8_t *sk, size_t len);

struct child_suite {
    uint8_t protocol;              /* PROTOCOL_ESP or PROTOCOL_AH */
    const struct encryption *encr; /* NULL: AH */
    uint16_t key_bits;
    const struct integrity *integ; /* NULL: none */
};
struct child_keys { /* lengths by the suite; _i protects what the exchange's initiator sends */
    uint8_t encr_i[CRYPTO_KEY], integ_i[CRYPTO_KEY], encr_r[CRYPTO_KEY], integ_r[CRYPTO_KEY];
    uint8_t encr_len, integ_len;
};
/* KEYMAT = prf+ (SK_d, [g^ir (new) |] Ni | Nr ...). */
bool child_derive(const struct prf *prf, struct bytes sk_d, const struct exchanged *x, const struct child_suite *suite,
                  struct child_keys *out);

/* AUTH of a shared key: prf(prf(Shared Secret, "Key Pad for IKEv2"), signed octets), RFC 7296 section 2.15. */
size_t auth_shared(const struct prf *prf, struct bytes secret, const struct bytes *signed_octets, size_t count,
                   uint8_t out[static CRYPTO_DIGEST]);

#endif
