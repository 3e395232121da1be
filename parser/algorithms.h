/* Cisco's words for algorithms, in show output, configurations and transform sets, as IANA transforms. Past this border
 * only the registry's names exist. */
#ifndef IKESCOPE_PARSER_ALGORITHMS_H
#define IKESCOPE_PARSER_ALGORITHMS_H

#include "model/message.h"

/* Each of these is false when the word is not known; case does not matter. key_length (bits) is set from the word where it has
 * one ("aes-cbc-256", "AES256", "aes-gcm-128"), else to what the word means without one. */
bool algorithm_encryption(struct text word, struct transform *t);
/* algorithm_configured_encryption is for configurations, where a bare "aes-gcm" or "aes-gmac" means 128 bits; in a debug line it
 * says nothing about the length. */
bool algorithm_configured_encryption(struct text word, struct transform *t);
bool algorithm_integrity(struct text word, struct transform *t);
bool algorithm_prf(struct text word, struct transform *t);
bool algorithm_ke(struct text word, struct transform *t); /* "14", "group14", "DH_GROUP_2048_MODP/Group 14", "mlkem768" */
bool algorithm_auth(struct text word, unsigned *method);  /* "PSK", "RSA", ... */
/* algorithm_esp reads one word of a transform set: "esp-aes", "esp-sha256-hmac", "ah-md5-hmac", "esp-gcm". A number behind it
 * ("256"), which is its key length, is for the caller to read. */
bool algorithm_esp(struct text word, struct transform *t, unsigned *protocol);

#endif
