/* Proposal lists in message texts: "IKE Proposal: 1, SPI size: 0 … Num. transforms: 4   AES-CBC   SHA1 …" and "Received
 * Policies: Proposal 1: AES-CBC-256 SHA1 SHA96 DH_GROUP_1024_MODP/Group 2 … Expected Policies: …", as facts in the shape of
 * an SA payload's proposals. */
#ifndef IKESCOPE_PARSER_POLICIES_H
#define IKESCOPE_PARSER_POLICIES_H

#include "model/message.h"

/* Both return which limits were passed, as limit_bit()s.
 * policies_offered appends the list `proposals` of an "IKE Proposal: …" text. */
uint64_t policies_offered(struct text t, struct facts *facts);
/* policies_compared appends the lists `received` and `expected`, as far as they are there, and `protocol`. */
uint64_t policies_compared(struct text t, struct facts *facts);

#endif
