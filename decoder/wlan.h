/* Wireless LAN frames as monitors capture them; the cursor is left as by decoder/ethertype.h. */
#ifndef IKESCOPE_DECODER_WLAN_H
#define IKESCOPE_DECODER_WLAN_H

#include "decoder/link.h"

/* wlan_peel takes IEEE 802.11, LLC and SNAP off a data frame; NETWORK_OTHER where it is encrypted, a fragment or none. */
enum network wlan_peel(struct cursor *c);

#endif
