/*
 * The IANA registries of IKEv2, IPsec and their neighbours. Every number and name lives once, in model/iana/NAME.def, as
 * rows X(number, IDENT, "NAME", "reference"); a row gives the enumerator (NOTIFY_NO_PROPOSAL_CHOSEN), the name that is
 * printed ("NO_PROPOSAL_CHOSEN"), the look-ups, and `ikescope list`.
 */
#ifndef IKESCOPE_MODEL_IANA_H
#define IKESCOPE_MODEL_IANA_H

#include "base/bytes.h"

/* ENTRY(REGISTRY ident, file stem = enumerator prefix in lower case, heading) */
#define REGISTRY_LIST(ENTRY)                                                                                                     \
    ENTRY(EXCHANGE, exchange, "IKEv2 exchange types")                                                                            \
    ENTRY(PAYLOAD, payload, "IKEv2 payload types")                                                                               \
    ENTRY(TRANSFORM, transform, "transform types")                                                                               \
    ENTRY(ENCR, encr, "encryption algorithms (transform type 1)")                                                                \
    ENTRY(PRF, prf, "pseudorandom functions (transform type 2)")                                                                 \
    ENTRY(INTEG, integ, "integrity algorithms (transform type 3)")                                                               \
    ENTRY(KE, ke, "key exchange methods (transform types 4, 6 to 12)")                                                           \
    ENTRY(ESN, esn, "sequence numbers (transform type 5)")                                                                       \
    ENTRY(PROTOCOL, protocol, "security protocol identifiers")                                                                   \
    ENTRY(ID, id, "identification types")                                                                                        \
    ENTRY(CERT, cert, "certificate encodings")                                                                                   \
    ENTRY(AUTH, auth, "authentication methods")                                                                                  \
    ENTRY(NOTIFY, notify, "notify message types")                                                                                \
    ENTRY(CFGTYPE, cfgtype, "configuration payload types")                                                                       \
    ENTRY(CFGATTR, cfgattr, "configuration attributes")                                                                          \
    ENTRY(TS, ts, "traffic selector types")                                                                                      \
    ENTRY(HASH, hash, "signature hash algorithms (RFC 7427)")                                                                    \
    ENTRY(IPCOMP, ipcomp, "IPComp transforms")                                                                                   \
    ENTRY(GATEWAY, gateway, "redirect gateway identity types")                                                                   \
    ENTRY(EAP, eap, "EAP methods")                                                                                               \
    ENTRY(EAPCODE, eapcode, "EAP codes")                                                                                         \
    ENTRY(IPPROTO, ipproto, "IP protocols")                                                                                      \
    ENTRY(EXCHANGE1, exchange1, "IKEv1 exchange types")                                                                          \
    ENTRY(PAYLOAD1, payload1, "IKEv1 payload types")

enum registry {
    REGISTRY_NONE,
#define ENTRY(ident, stem, heading) REGISTRY_##ident,
    REGISTRY_LIST(ENTRY)
#undef ENTRY
        REGISTRY_COUNT
};

#define X(number, ident, name, reference) EXCHANGE_##ident = number,
enum exchange_type {
#include "model/iana/exchange.def"
};
#undef X
#define X(number, ident, name, reference) PAYLOAD_##ident = number,
enum payload_type {
#include "model/iana/payload.def"
};
#undef X
#define X(number, ident, name, reference) TRANSFORM_##ident = number,
enum transform_type {
#include "model/iana/transform.def"
};
#undef X
#define X(number, ident, name, reference) ENCR_##ident = number,
enum encr_id {
#include "model/iana/encr.def"
};
#undef X
#define X(number, ident, name, reference) PRF_##ident = number,
enum prf_id {
#include "model/iana/prf.def"
};
#undef X
#define X(number, ident, name, reference) INTEG_##ident = number,
enum integ_id {
#include "model/iana/integ.def"
};
#undef X
#define X(number, ident, name, reference) KE_##ident = number,
enum ke_id {
#include "model/iana/ke.def"
};
#undef X
#define X(number, ident, name, reference) ESN_##ident = number,
enum esn_id {
#include "model/iana/esn.def"
};
#undef X
#define X(number, ident, name, reference) PROTOCOL_##ident = number,
enum protocol_id {
#include "model/iana/protocol.def"
};
#undef X
#define X(number, ident, name, reference) ID_##ident = number,
enum id_type {
#include "model/iana/id.def"
};
#undef X
#define X(number, ident, name, reference) CERT_##ident = number,
enum cert_encoding {
#include "model/iana/cert.def"
};
#undef X
#define X(number, ident, name, reference) AUTH_##ident = number,
enum auth_method {
#include "model/iana/auth.def"
};
#undef X
#define X(number, ident, name, reference) NOTIFY_##ident = number,
enum notify_type {
#include "model/iana/notify.def"
};
#undef X
#define X(number, ident, name, reference) CFGTYPE_##ident = number,
enum cfg_type {
#include "model/iana/cfgtype.def"
};
#undef X
#define X(number, ident, name, reference) CFGATTR_##ident = number,
enum cfg_attribute {
#include "model/iana/cfgattr.def"
};
#undef X
#define X(number, ident, name, reference) TS_##ident = number,
enum ts_type {
#include "model/iana/ts.def"
};
#undef X
#define X(number, ident, name, reference) EAP_##ident = number,
enum eap_type {
#include "model/iana/eap.def"
};
#undef X
#define X(number, ident, name, reference) EAPCODE_##ident = number,
enum eap_code {
#include "model/iana/eapcode.def"
};
#undef X
#define X(number, ident, name, reference) IPPROTO_NO_##ident = number,
enum ip_protocol {
#include "model/iana/ipproto.def"
};
#undef X
#define X(number, ident, name, reference) EXCHANGE1_##ident = number,
enum exchange1_type {
#include "model/iana/exchange1.def"
};
#undef X

/* UDP and TCP ports, of the service names' registry: isakmp (RFC 7296 section 2.23) and ipsec-nat-t (RFC 3948). */
enum ike_port { PORT_IKE = 500, PORT_NATT = 4500 };

struct registry_row {
    uint32_t number;
    const char *name, *reference;
};

/* registry_name gives a number's name, or NULL when the registry has none. */
const char *registry_name(enum registry registry, uint64_t number);
/* registry_number looks a name up, without regard to case; false when there is none. */
bool registry_number(enum registry registry, struct text name, uint32_t *number);
const char *registry_heading(enum registry registry);
const char *registry_stem(enum registry registry); /* "notify" */
/* registry_rows gives all rows, in rising order, and their count. */
const struct registry_row *registry_rows(enum registry registry, size_t *count);
/* transform_registry is the registry of a transform type's ids: ENCR, PRF, INTEG, KE (also for ADDKE1…7), ESN. */
enum registry transform_registry(unsigned transform_type);

#endif
