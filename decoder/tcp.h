/*
 * IKE and ESP in TCP (RFC 9329): each direction of a connection is a stream of messages behind a two-octet length, after the
 * six octets "IKETCP" that its originator sends first. A direction is followed once it has shown this framing, on whatever
 * port; what is missing is waited for, and given up after a while, and the next segment that begins with a message goes on.
 */
#ifndef IKESCOPE_DECODER_TCP_H
#define IKESCOPE_DECODER_TCP_H

struct streams;
struct frames;

struct streams *streams_create(void);
void streams_flush(struct streams *t, struct frames *f); /* takes what waits behind gaps, and counts what stays incomplete */
void streams_destroy(struct streams *t);                 /* NULL allowed */

#endif
