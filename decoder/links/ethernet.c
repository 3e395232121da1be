/* Ethernet, and 802.3 with SNAP. */
#include "decoder/ethertype.h"

const struct link_decoder link_ethernet = { "Ethernet", { 1 }, ethernet_peel };
