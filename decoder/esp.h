/*
 * ESP and AH traffic: each packet is brought to its SA (SPI, addresses), verified and decrypted with every key that may
 * belong there until one fits, counted, and its sequence number followed. An SA is a flow of the model.
 *
 * Keys come from the keyring, by SPI and addresses, and from derivation, by SPI alone: behind a NAT and after MOBIKE the
 * addresses of the exchange say nothing. The ICV decides. One SPI used by two peers is two SAs; one SPI used again with
 * another key is one flow whose count begins anew.
 */
#ifndef IKESCOPE_DECODER_ESP_H
#define IKESCOPE_DECODER_ESP_H

#include "decoder/decoder.h"
#include "decoder/frames.h"

struct esp;

/* threads: how many to work with, the caller's included. What comes out does not depend on it. */
struct esp *esp_create(struct model *model, struct plain_taker plain, unsigned threads);
void esp_destroy(struct esp *e); /* NULL allowed */
/* Functions of a struct frame_taker; esp_take and esp_take_ah are false when the content is not an ESP (or AH) packet. */
bool esp_take(struct esp *e, const struct packet *p, struct bytes octets);
bool esp_take_ah(struct esp *e, const struct packet *p, struct bytes octets);
void esp_look(struct esp *e, struct foresight **f, const struct glance *glances, size_t count, unsigned thread);
void esp_turn(struct esp *e, const struct foresight *f);
/* esp_offer gives a derived key. The struct is copied; its secrets stay those of the keyring. certain: derivation left no choice,
 * so the ICV of a packet that it does not open is wrong; otherwise it is one of several candidates, and goes to the keyring only
 * once it has opened a packet. */
void esp_offer(struct esp *e, const struct esp_key *key, bool certain);
/* esp_expect tells which traffic a Child SA agreed to carry on an SPI: from which selectors to which. They are copied. */
void esp_expect(struct esp *e, uint8_t protocol, uint32_t spi, const struct selector *from, const struct selector *to);
void esp_finish(struct esp *e); /* writes what was followed into the flows */

#endif
