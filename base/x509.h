/*
 * A second door to OpenSSL: what certificates, names and keys say in words. Nothing is verified here (that is done by
 * base/crypto.h). Octets that are not what is asked for give false and change nothing. Texts live in the arena.
 */
#ifndef IKESCOPE_BASE_X509_H
#define IKESCOPE_BASE_X509_H

#include "base/arena.h"
#include "base/bytes.h"

enum { X509_NAMES = 32, X509_USAGES = 16 };

struct x509 {
    struct text subject, issuer;       /* "C=CH, O=Lab, CN=r1": in the order of the octets */
    struct text serial;                /* hex */
    struct text not_before, not_after; /* "2026-01-31T12:00:00Z"; of a CRL: this and next update */
    struct text key;                   /* "RSA", "EC P-256", "ED25519" */
    struct text signature;             /* "sha256WithRSAEncryption" */
    unsigned key_bits;                 /* 0 unknown */
    struct text names[X509_NAMES];     /* subject alternative names: "DNS:r1.example", "IP:10.0.0.1", "email:a@b" */
    size_t name_count;
    struct text usages[X509_USAGES], extended[X509_USAGES]; /* "digitalSignature"; "serverAuth", "ipsecIKE", OIDs */
    size_t usage_count, extended_count;
    uint8_t sha1[20], sha256[32]; /* fingerprints of the certificate's octets */
    uint8_t key_sha1[20];         /* of its SubjectPublicKeyInfo: what CERTREQ lists */
    bool is_ca, self_issued;
    size_t revoked; /* of a CRL: entries */
};

/* x509_read and x509_read_crl read one certificate or list in DER (RFC 5280). False, and *x is empty, for anything else, and
 * where octets are left over. */
bool x509_read(struct bytes der, struct arena *arena, struct x509 *x);
bool x509_read_crl(struct bytes der, struct arena *arena, struct x509 *x);
/* x509_read_key reads a SubjectPublicKeyInfo, or a bare PKCS #1 RSA key; fills key and key_bits. */
bool x509_read_key(struct bytes der, bool raw_rsa, struct arena *arena, struct x509 *x);
/* x509_read_pkcs7 reads the certificates of a PKCS #7 structure, up to room of them; 0: there are none. */
size_t x509_read_pkcs7(struct bytes der, struct arena *arena, struct x509 *x, size_t room);
bool x509_name_text(struct bytes der, struct arena *arena, struct text *text);         /* a DN */
bool x509_general_name_text(struct bytes der, struct arena *arena, struct text *text); /* a GeneralName */
/* x509_algorithm_text names a signature's AlgorithmIdentifier: "RSASSA-PSS with SHA2-256", "ECDSA with SHA2-384". */
bool x509_algorithm_text(struct bytes der, struct arena *arena, struct text *text);

#endif
