/* PPP behind an octet that tells the direction. */
#include "decoder/ethertype.h"

static enum network peel(struct cursor *c)
{
    cursor_skip(c, 1);
    return ppp_peel(c);
}

const struct link_decoder link_ppp_direction = { "PPP with direction", { 204, 166 }, peel };
