/* The lines "ikev2 I SPIi SPIr integrity:key encryption:key" and "ikev2 R ...", which tcpdump takes and libreswan logs. */
#ifndef IKESCOPE_DECODER_KEYFILE_PLUTO_H
#define IKESCOPE_DECODER_KEYFILE_PLUTO_H

#include "decoder/keyfile.h"

enum { PLUTO_SALT = 8 };

struct pluto_ike {
    bool open;
    struct ike_key key;
    uint8_t salt[2][PLUTO_SALT]; /* of the initiator and the responder, as far as dumped before */
    size_t salt_len[2];
};

enum key_line pluto_ike_line(struct keyfile *f, struct pluto_ike *s, struct text line);
void pluto_ike_end(struct keyfile *f, struct pluto_ike *s);

#endif
