/* What several link layers and tunnels share: ethertypes with the headers they stack up, Ethernet, PPP. Each function leaves the
 * cursor before the IP header and says which IP it is, or NETWORK_OTHER; NETWORK_TOO_DEEP behind more than LIMIT_NESTING labels.
 */
#ifndef IKESCOPE_DECODER_ETHERTYPE_H
#define IKESCOPE_DECODER_ETHERTYPE_H

#include "decoder/link.h"

enum ethertype {
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_BRIDGED = 0x6558, /* an Ethernet frame in GRE */
    ETHERTYPE_FABRICPATH = 0x8903,
    ETHERTYPE_VNTAG = 0x8926,    /* between a switch and its fabric extenders */
    ETHERTYPE_PROVIDER = 0x88e7, /* IEEE 802.1ah: an Ethernet frame behind the instance's tag */
    ETHERTYPE_MACSEC = 0x88e5,
    ETHERTYPE_NSH = 0x894f,
    ETHERTYPE_VLAN = 0x8100,
    ETHERTYPE_IPV6 = 0x86dd,
    ETHERTYPE_MPLS = 0x8847,
    ETHERTYPE_MPLS_UPSTREAM = 0x8848,
    ETHERTYPE_PPPOE = 0x8864,
    ETHERTYPE_PPP = 0x880b,
    ETHERTYPE_QINQ = 0x88a8,
    ETHERTYPE_TRUSTSEC = 0x8909, /* Cisco meta data with a security group tag */
    ETHERTYPE_QINQ_OLD = 0x9100,
    ETHERTYPE_QINQ_OLDER = 0x9200
};

enum network ethertype_peel(uint16_t type, struct cursor *c);
enum network ethernet_peel(struct cursor *c);
enum network llc_peel(struct cursor *c); /* IEEE 802.2 with SNAP */
enum network ppp_peel(struct cursor *c); /* with or without address and control */
enum network pppoe_peel(struct cursor *c);
enum network mpls_peel(struct cursor *c);
enum network nsh_peel(struct cursor *c);      /* a network service header, RFC 8300 */
enum network ip_peel(const struct cursor *c); /* by the version in the next four bits */

#endif
