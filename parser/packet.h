/*
 * A packet dump being read: what the header lines say, and the payloads with their fields as facts. Line breaks and
 * indentation mean nothing here: pages and pastes squeeze them, ASA glues them, IOS spreads one packet over several entries. A
 * dump is a sequence of items, and packet_read() takes one item after the other from a text.
 */
#ifndef IKESCOPE_PARSER_PACKET_H
#define IKESCOPE_PARSER_PACKET_H

#include "model/event.h"

enum { PACKET_VENDORS = 8 };

struct packet {
    struct arena *arena;    /* reset by packet_begin() */
    struct message message; /* what is known so far; payloads hang at .payloads */
    bool open;
    bool borrowed;  /* its payloads belong to another packet: see packet_become() */
    bool digested;  /* the message's digest was made of the payloads as they are now: see packet_digest() */
    bool contents;  /* "Building packet for encryption": payloads without a header */
    bool addressed; /* the Sending/Received line was there */
    bool has_spis, has_exchange, has_response; /* header lines seen */
    bool header;                               /* the "Next payload: … length:" line was there */
    bool list;                                 /* "Payload contents:" was there */
    bool names_only;                           /* IOS-XE's list of names */
    bool decrypted;                            /* ASA: "Decrypted packet:" was there */
    uint32_t plain_length;                     /* … and how many octets it said are inside */
    bool parsed;                               /* a "Parse … Payload" entry belongs to it: received */
    bool traced;                               /* an event trace's "Sending IKEv2 X Exchange REQUEST": no dump */
    uint8_t cut;   /* "Exchange RESPON": a prompt cut the line after this many letters of its last word; 0 it did not */
    bool ended;    /* the chain of Next payload reached NONE */
    uint8_t first; /* type of the first payload, by the header */
    uint8_t next;  /* type that the last payload announced */
    struct endpoint local, remote;
    uint32_t payload_count;

    /* the payload that is being read */
    struct payload **tail, *payload;
    struct facts facts, proposals, proposal, transforms, transform, selectors, selector, attributes, attribute;
    struct fact *proposal_list, *transform_list, *selector_list, *attribute_list, *attribute_group;
    uint8_t spi_size;
    bool has_proposal_list, has_attribute_list;
    uint8_t *octets; /* hex rows of the payload */
    size_t octet_count, octet_room;
};

/* What "Construct Vendor Specific Payload: X" or "Construct Notify Payload: X" entries named, in order, for the packet that is
 * built next. */
struct vendors {
    char names[PACKET_VENDORS][32];
    uint8_t count;
};

void packet_clear(struct packet *p); /* frees; a zeroed packet is allowed */
/* packet_begin starts a new one; direction unknown until told. */
void packet_begin(struct packet *p);
/* packet_begin_in is the same in an arena that others use, too. */
void packet_begin_in(struct packet *p, struct arena *arena);
/* packet_become turns a packet that was begun into a copy of another one. The payloads are borrowed from that one until
 * packet_own() copies them. */
void packet_become(struct packet *p, const struct packet *other);
void packet_own(struct packet *p);
/* packet_moved is to be called after a struct packet was copied to another place, since its tail may point into itself. */
static inline void packet_moved(struct packet *p)
{
    if (!p->message.payloads)
        p->tail = &p->message.payloads;
}
/* packet_resume goes on with reading a payload where its last line left it; NULL: none is being read. */
void packet_resume(struct packet *p, struct payload *last);
/* packet_read takes as many items as it recognises from *t; true when that was everything. */
bool packet_read(struct packet *p, struct text *t);
/* packet_end_payload completes the payload that is being read. */
void packet_end_payload(struct packet *p);
/* packet_begins tells whether a message's text is the first line of a packet (not of a bare list of contents). */
bool packet_begins(struct text t);
/* packet_continues tells whether a text looks like an item of a dump, whoever owns it. */
bool packet_continues(struct text t);
/* packet_takes_entry tells whether an entry with this text belongs to the open packet. */
bool packet_takes_entry(const struct packet *p, struct text t);
/* packet_has_between: may an entry of ASA stand between the packet's header and its decrypted payloads? */
bool packet_has_between(const struct packet *p, struct text t);
/* packet_adopt takes another dump's payloads as the contents of this one's encrypted payload. Their fields stay where they
 * are: contents must live until this packet's event has gone out. */
void packet_adopt(struct packet *p, const struct packet *contents);
/* packet_name_vendors gives the vendor ids of a built packet their names, where their number agrees. */
void packet_name_vendors(struct packet *p, const struct vendors *vendors);
/* packet_digest makes the message's digest of the payloads as they are now; whoever changes them afterwards clears .digested. */
void packet_digest(struct packet *p);
/* packet_end completes the message: protection, decryption, direction, digest. It stays valid until the next begin. */
struct message *packet_end(struct packet *p);
/* packet_unfinished: the dump stops before its own chain of payloads does. */
bool packet_unfinished(const struct packet *p);

#endif
