/*
 * Octets to events: the one door of decoder/. Captured frames become messages, decrypted where the model's keyring opens them,
 * and go to the taker as EVENT_PACKET_SEEN, one event for each message. (A message in fragments is an event at the frame that
 * completed it; its earlier fragments are events as well.) ESP and AH become flows of the model.
 *
 *   file - frames - link layers - ip/udp/tcp - ike - payloads - facts - events
 *                                         \--- esp - flows
 */
#ifndef IKESCOPE_DECODER_DECODER_H
#define IKESCOPE_DECODER_DECODER_H

#include "base/source.h"
#include "model/model.h"

/* Where `ikescope decrypt` gets inner packets; take may be NULL. ns: since 1970, UTC; ip: a whole IPv4 or IPv6 packet, borrowed.
 */
struct plain_taker {
    void (*take)(void *context, int64_t ns, uint32_t frame, struct bytes ip);
    void *context;
};

struct decoder_options {
    const char *filter;    /* --filter, libpcap's language, or NULL */
    uint16_t ike_ports[8]; /* further UDP ports that carry IKE; 0 ends */
    struct plain_taker plain;
    unsigned threads; /* to work with, the caller's included; 0: one */
};

struct decoder;

struct decoder *decoder_create(struct model *model, struct decoder_options options, struct event_taker taker);
/* decoder_read reads one whole capture. Damage is recorded on the input; false with err only when nothing could be read
 * (not a capture, bad filter). */
bool decoder_read(struct decoder *d, uint32_t input, struct source *from, const char *path, struct error *err);
/* decoder_message decodes one IKE message that did not come from a capture (an ASA hex dump), without keys. */
bool decoder_message(struct arena *arena, struct bytes octets, struct message *m);
void decoder_finish(struct decoder *d); /* completes flows, counts what never completed */
void decoder_destroy(struct decoder *d);

/* decoder_filter_taken: is this a filter? False with err where it compiles for no kind of capture. */
bool decoder_filter_taken(const char *filter, struct error *err);
/* decoder_recognise: are these the first octets of a pcap or pcapng file? */
bool decoder_recognise(struct bytes first);
/* decoder_begins gives the time (ns since 1970, UTC) of a capture's first frame; false where these octets do not hold one. */
bool decoder_begins(struct bytes first, int64_t *ns);

#endif
