/* ATM with RFC 2684's multiplexing by LLC. */
#include "decoder/ethertype.h"

const struct link_decoder link_atm = { "ATM", { 100, 11 }, llc_peel };
