/* Cisco's words for algorithms, in show output, configurations and transform sets, as IANA transforms. Past this border
 * only the registry's names exist. */
#ifndef IKESCOPE_PARSER_ALGORITHMS_H
#define IKESCOPE_PARSER_ALGORITHMS_H

#include "model/message.h"

/* Each is false when the word is not known. The word is looked at without regard to case. Where the word itself carries the
 * key's bits ("aes-cbc-256", "AES256", "aes-gcm-128"), key_length is set; else it is what the word means without one. */
bool algorithm_encryption(struct text word, struct transform *t);
/* algorithm_configured_encryption: in a configuration a bare "aes-gcm" or "aes-gmac" is the one of 128 bits; in a debug line it
 * says nothing of the length. */
bool algorithm_configured_encryption(struct text word, struct transform *t);
bool algorithm_integrity(struct text word, struct transform *t);
bool algorithm_prf(struct text word, struct transform *t);
bool algorithm_ke(struct text word, struct transform *t); /* "14", "group14", "DH_GROUP_2048_MODP/Group 14", "mlkem768" */
bool algorithm_auth(struct text word, unsigned *method);  /* "PSK", "RSA", ... */
/* algorithm_esp reads one word of a transform set: "esp-aes", "esp-sha256-hmac", "ah-md5-hmac", "esp-gcm". A number that
 * follows it ("256") is the key length of that word. */
bool algorithm_esp(struct text word, struct transform *t, unsigned *protocol);

#endif
