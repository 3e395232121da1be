/* PPPoE without the Ethernet header. */
#include "decoder/ethertype.h"

const struct link_decoder link_ppp_ether = { "PPPoE", { 51 }, pppoe_peel };
