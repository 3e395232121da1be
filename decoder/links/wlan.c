/* IEEE 802.11 without anything in front. */
#include "decoder/wlan.h"

const struct link_decoder link_wlan = { "IEEE 802.11", { 105 }, wlan_peel };
