/*
 * The items that a packet dump is a sequence of. Each function takes its item off the text's start, or leaves the text alone and
 * says false; what the item tells goes to the payload or header that is being read.
 */
#ifndef IKESCOPE_PARSER_PACKET_ITEMS_H
#define IKESCOPE_PARSER_PACKET_ITEMS_H

#include "parser/packet.h"

/* packet.c */
void packet_begin_payload(struct packet *p, unsigned type);
void packet_add_octets(struct packet *p, struct bytes b); /* to the hex rows of the payload that is being read */
void packet_notify_facts(struct packet *p, struct text name);
/* packet_payload_word takes "NOTIFY(NAME)" or a plain word; the payload type, 0: no such word. *name is what is in brackets. */
unsigned packet_payload_word(struct text *t, struct text *name);

/* packet_fields.c: what stands inside payloads */
void packet_transform_facts(struct arena *arena, struct facts *transforms, struct transform t);
bool packet_item_type(struct packet *p, struct text *t);
bool packet_item_last(struct packet *p, struct text *t);
bool packet_item_proposal(struct packet *p, struct text *t);
bool packet_item_group(struct packet *p, struct text *t);
bool packet_item_protocol(struct packet *p, struct text *t);
bool packet_item_id_type(struct packet *p, struct text *t);
bool packet_item_auth(struct packet *p, struct text *t);
bool packet_item_cfg(struct packet *p, struct text *t);
bool packet_item_attribute(struct packet *p, struct text *t);
bool packet_item_ts_count(struct packet *p, struct text *t);
bool packet_item_ts_type(struct packet *p, struct text *t);
bool packet_item_ts_ports(struct packet *p, struct text *t);
bool packet_item_ts_addresses(struct packet *p, struct text *t);
bool packet_item_cert(struct packet *p, struct text *t);
bool packet_item_eap(struct packet *p, struct text *t);
bool packet_item_data(struct packet *p, struct text *t);
bool packet_item_octets(struct packet *p, struct text *t);

/* packet_header.c: what stands before them */
bool packet_item_header(struct packet *p, struct text *t);
bool packet_item_addresses(struct packet *p, struct text *t);
bool packet_item_spis(struct packet *p, struct text *t);
bool packet_item_exchange(struct packet *p, struct text *t);
bool packet_item_direction(struct packet *p, struct text *t, size_t from);
bool packet_item_traced(struct packet *p, struct text *t);
bool packet_item_names(struct packet *p, struct text *t);

#endif
