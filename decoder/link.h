/*
 * A link layer, one in each file of decoder/links: it takes its header off a frame, and whatever stands between that and IP (VLAN
 * tags, MPLS labels, PPPoE: decoder/ethertype.h).
 */
#ifndef IKESCOPE_DECODER_LINK_H
#define IKESCOPE_DECODER_LINK_H

#include "base/bytes.h"

/* What a cursor stands before. Where the octets were too few, the cursor has failed and this means nothing. */
enum network { NETWORK_OTHER, NETWORK_IPV4, NETWORK_IPV6, NETWORK_TOO_DEEP /* behind more than LIMIT_NESTING labels */ };

struct link_decoder {
    const char *name;
    uint16_t types[4]; /* LINKTYPE_ numbers, as files give them; the first may be 0, a later 0 ends */
    enum network (*peel)(struct cursor *c);
};

enum { LINK_PPI = 192, LINK_PKTAP = 258 }; /* they wrap a frame of another link type, which they name */

extern const struct link_decoder *const link_decoders[];
extern const size_t link_decoder_count;

/* link_find gives the decoder of a link type, or NULL. */
const struct link_decoder *link_find(uint32_t type);
/* link_peel_within peels a frame of this type that stands in one that wraps it; none that wraps stands in another. */
enum network link_peel_within(uint32_t type, struct cursor *c);
/* link_again is link_find for frame after frame, which are mostly of one type. A zeroed memo is valid. */
struct link_memo {
    const struct link_decoder *link;
    uint32_t type;
    bool known;
};
static inline const struct link_decoder *link_again(struct link_memo *m, uint32_t type)
{
    if (!m->known || m->type != type)
        *m = (struct link_memo){ link_find(type), type, true };
    return m->link;
}

#endif
