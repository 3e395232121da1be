/* Shared by the files of the OpenSSL door (base/crypto*.c); no other file includes it. */
#ifndef IKESCOPE_BASE_CRYPTO_PARTS_H
#define IKESCOPE_BASE_CRYPTO_PARTS_H

#include <openssl/evp.h>

#include "base/arena.h"
#include "base/crypto.h"

/* Fetched once, kept for the life of the process; NULL when the library lacks it. */
const EVP_MD *crypto_hash(enum hash_kind kind);
EVP_MAC *crypto_mac(const char *name); /* "HMAC" or "CMAC" */
EVP_CIPHER *crypto_cipher(const char *name, bool legacy);

#endif
