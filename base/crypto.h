/*
 * The door to OpenSSL 3: hashes, message authentication, ciphers, key exchange and signatures. It knows
 * nothing of IKE; transform numbers become these enumerators in decoder/ciphers.c.
 *
 * An algorithm is fetched from the library when it is first needed, once per process, and the legacy provider (DES, CAST,
 * Blowfish) only when one of its ciphers is. A keyed object (struct mac, struct cipher) holds its key schedule, so that a
 * packet costs only its own octets; it may be used by one thread at a time.
 * What the library lacks (AES-XCBC, Camellia-CCM) is put together from its block ciphers.
 */
#ifndef IKESCOPE_BASE_CRYPTO_H
#define IKESCOPE_BASE_CRYPTO_H

#include "base/bytes.h"

enum {
    CRYPTO_DIGEST = 64 /* longest hash or MAC */,
    CRYPTO_KEY = 64 /* longest cipher key */,
    CRYPTO_SHARED = 1024 /* longest shared secret: MODP_8192 */
};

enum hash_kind { HASH_UNKNOWN, HASH_MD5, HASH_SHA1, HASH_SHA2_224, HASH_SHA2_256, HASH_SHA2_384, HASH_SHA2_512, HASH_KIND_COUNT };
/* hash_of hashes the parts as if they were one text and returns the length written, or 0 when the library refuses. */
size_t hash_of(enum hash_kind kind, const struct bytes *parts, size_t count, uint8_t out[static CRYPTO_DIGEST]);

enum mac_kind {
    MAC_UNKNOWN,
    MAC_HMAC_MD5,
    MAC_HMAC_SHA1,
    MAC_HMAC_SHA2_256,
    MAC_HMAC_SHA2_384,
    MAC_HMAC_SHA2_512,
    MAC_AES_XCBC /* RFC 3566, before truncation */,
    MAC_AES_CMAC /* RFC 4493 */
};
struct mac;
size_t mac_length(enum mac_kind kind); /* octets, before truncation; 0 for MAC_UNKNOWN */
/* mac_create keeps a copy of the key. NULL when the library refuses the kind or the key's length; XCBC and CMAC want 16 octets.
 */
struct mac *mac_create(enum mac_kind kind, struct bytes key);
void mac_destroy(struct mac *m); /* wipes; NULL allowed */
/* mac_of authenticates the parts as if they were one text and returns the length written, or 0 on trouble. */
size_t mac_of(struct mac *m, const struct bytes *parts, size_t count, uint8_t out[static CRYPTO_DIGEST]);
bool crypto_equal(const void *a, const void *b, size_t len); /* in constant time */
void crypto_wipe(void *at, size_t len);                      /* overwrites in a way that a compiler may not drop */

enum cipher_kind {
    CIPHER_UNKNOWN,
    CIPHER_DES_CBC,
    CIPHER_3DES_CBC,
    CIPHER_CAST_CBC,
    CIPHER_BLOWFISH_CBC,
    CIPHER_AES_CBC,
    CIPHER_AES_CTR,
    CIPHER_CAMELLIA_CBC,
    CIPHER_CAMELLIA_CTR,
    CIPHER_AES_GCM,
    CIPHER_AES_CCM,
    CIPHER_CAMELLIA_CCM,
    CIPHER_CHACHA20_POLY1305 /* these authenticate */,
    CIPHER_KIND_COUNT
};
struct cipher;
/* cipher_create keeps a copy of the key. tag is the length of the authentication tag in octets, 0 for ciphers that have none.
 * An object either encrypts or decrypts. NULL when the library refuses the kind or the key's length. */
struct cipher *cipher_create(enum cipher_kind kind, struct bytes key, size_t tag, bool encrypt);
void cipher_destroy(struct cipher *c); /* wipes; NULL allowed */
/* cipher_run encrypts or decrypts whole blocks (CBC) or any length (CTR) into out, which has in.len octets and may be in itself;
 * iv is a block long. False when the library refuses. */
bool cipher_run(struct cipher *c, const uint8_t *iv, struct bytes in, uint8_t *out);
/* cipher_open decrypts into out and says whether the tag fits; if it does not, out holds nothing of use. The additional data
 * may come in parts, except for CCM, which wants one. cipher_seal encrypts and writes the tag; false when the library refuses. */
bool cipher_open(struct cipher *c, struct bytes nonce, const struct bytes *aad, size_t aad_count, struct bytes in,
                 const uint8_t *tag, uint8_t *out);
bool cipher_seal(struct cipher *c, struct bytes nonce, const struct bytes *aad, size_t aad_count, struct bytes in, uint8_t *tag,
                 uint8_t *out);

/* dh_shared computes the shared secret of one side's private key and the other's public value, both as IKE carries them
 * (MODP: big-endian; ECP: x | y; RFC 7748: little-endian), for a group of the IANA registry of key exchange methods.
 * Returns its length, 0 when the group is unknown or a value does not belong to it. */
size_t dh_shared(unsigned group, struct bytes private_key, struct bytes peer, uint8_t out[static CRYPTO_SHARED]);
/* dh_secret_length is the length of the group's shared secret, 0 when the group is unknown. ML-KEM: 32. */
size_t dh_secret_length(unsigned group);

enum signature_kind {
    SIGNATURE_RSA,     /* PKCS#1 v1.5 with the given hash (method 1: SHA-1, in practice also others) */
    SIGNATURE_ECDSA,   /* r | s, fixed width (methods 9, 10, 11) */
    SIGNATURE_DIGITAL, /* RFC 7427: length, AlgorithmIdentifier, signature */
    SIGNATURE_DSS      /* method 3: r | s, 20 octets each */
};
enum signature_verdict { SIGNATURE_UNDECIDED, SIGNATURE_GOOD, SIGNATURE_BAD };
/* signature_verify checks a signature over data by the key of a certificate, or by a bare public key. Undecided: neither of the
 * two, an algorithm that the library lacks, or a key of another kind. */
enum signature_verdict signature_verify(struct bytes certificate_der, enum signature_kind kind, enum hash_kind hash,
                                        struct bytes data, struct bytes signature);

/* crypto_begin makes a failing allocation within OpenSSL call the out-of-memory handler, because not all of OpenSSL checks for
 * NULL. To be called before anything else here. */
void crypto_begin(void);

#endif
