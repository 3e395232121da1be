/* IP addresses and endpoints as an observer gave them. An address that was masked by whoever posted the log ("18.218.X.X",
 * "<peer>") keeps its text and is equal only to the same text. */
#ifndef IKESCOPE_MODEL_ADDRESS_H
#define IKESCOPE_MODEL_ADDRESS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/bytes.h"

enum address_family { ADDRESS_NONE, ADDRESS_IPV4, ADDRESS_IPV6, ADDRESS_MASKED };

struct address {
    uint8_t family;     /* enum address_family */
    uint8_t octets[23]; /* network order; of a masked one: its text, cut to 22 octets, NUL-padded */
};

struct endpoint {
    struct address address;
    uint16_t port; /* 0 unknown */
};

/* address_read wants the whole text to be an address; it also takes "[v6]" and masked forms. False: it is not one. */
bool address_read(struct text t, struct address *a);
/* address_named reads the word that somebody put in an address's place: any that has a letter or a star and is not "Unknown".
 * Only to be used where an address must stand. endpoint_named does the same with a port: "<peer>:500", "PEER/500". */
bool address_named(struct text t, struct address *a);
bool endpoint_named(struct text t, struct endpoint *e);
struct address address_of(struct bytes octets); /* 4 or 16 octets, else ADDRESS_NONE */
static inline bool address_equal(struct address a, struct address b)
{
    return a.family != ADDRESS_NONE && memcmp(&a, &b, sizeof a) == 0;
}
bool address_of_nobody(struct address a);                /* 0.0.0.0, ::, 255.255.255.255: a placeholder, no host's address */
int address_compare(struct address a, struct address b); /* a total order: family, then octets */
void address_print(struct address a, struct buffer *out);
size_t address_length(struct address a); /* 4, 16 or 0 */
/* endpoint_usual reads an endpoint like "192.0.2.1:500" at the start of a text and returns how many octets it took; 0 where
 * there is none or the word goes on behind it. */
size_t endpoint_usual(struct text t, struct endpoint *e);
/* endpoint_read takes "A:P", "[A]:P", "A/P", "A" and IPv6 with the port behind the last colon (Cisco). */
bool endpoint_read(struct text t, struct endpoint *e);
bool endpoint_equal(struct endpoint a, struct endpoint b);
void endpoint_print(struct endpoint e, struct buffer *out); /* "10.0.0.1:500", "[fc00::1]:500", without port "10.0.0.1" */
/* address_text and endpoint_text are the same into an arena. */
struct text address_text(struct address a, struct arena *arena);
struct text endpoint_text(struct endpoint e, struct arena *arena);
/* range_print writes "A-B", the form of tsi/tsr; range_prefix gives the prefix length when A-B is a subnet, else -1. */
void range_print(struct address start, struct address end, struct buffer *out);
int range_prefix(struct address start, struct address end);
/* range_has: a is one of start to end. range_meets: two ranges share an address. The order of addresses begins with the family, so
 * that none is in, or meets, a range of another family. */
bool range_has(struct address start, struct address end, struct address a);
bool range_meets(struct address start, struct address end, struct address other_start, struct address other_end);

#endif
