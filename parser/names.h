/* Cisco's words for what IANA numbers: the tables of parser/names/. Past this border only registry numbers exist. */
#ifndef IKESCOPE_PARSER_NAMES_H
#define IKESCOPE_PARSER_NAMES_H

#include "model/message.h"

unsigned name_payload(struct text word);                                    /* "VID", "NOTIFY": the payload type, 0 unknown */
bool name_exchange(struct text word, uint8_t *exchange);                    /* "IKE_SA_INIT" */
bool name_notify(struct text word, uint32_t *notify);                       /* "NAT_DETECTION_SOURCE_IP", "Unknown - 16430" */
bool name_id_type(struct text word, uint8_t *id_type);                      /* "IPv4 address" */
bool name_word(enum registry registry, struct text word, uint32_t *number); /* the small vocabularies, "Unknown - N" too */
/* name_transform reads "AES-CBC", "AES-CBC-256", "SHA96", "DH_GROUP_2048_MODP/Group 14", "Don't use ESN". */
bool name_transform(unsigned type, struct text word, struct transform *transform);
/* name_transform_of finds the type as well, for lists that give only names. before: the types seen so far in the list (bits
 * 1 << type), which tell a PRF from an integrity algorithm. esp: the list is that of an ESP proposal. */
bool name_transform_of(struct text word, unsigned before, bool esp, struct transform *transform);

#endif
