/*
 * An IKE message: the same type for one from a log's packet dump and for one off the wire. Its payloads are lists of named
 * facts, which reporters print as they are; what analysis asks for again and again is in the digest, typed.
 *
 * Names of facts, both for the log parser and for the decoder (they meet here, and reports write them: docs/report.schema.json).
 * `list` and `group` are facts that hold others. All optional: a log prints less than the wire.
 *
 *   SA      proposals: list of group { number, protocol (code PROTOCOL), spi (octets),
 *             transforms: list of group { type (code TRANSFORM), id (number), name (code by type), key_length (number, bits) } }
 *   KE      group (number), group_name (code KE), data (octets)
 *   IDi IDr id_type (code ID), id (text), data (octets)         IDg likewise
 *   CERT    encoding (code CERT), subject, issuer, serial, not_before, not_after, key (text), key_bits (number), data (octets)
 *   CERTREQ encoding (code CERT), authorities: list of octets
 *   AUTH    method (code AUTH), number (number), signature (text: hash and scheme, RFC 7427), data (octets)
 *   Nonce   data (octets)
 *   N       notify (code NOTIFY), number (number), protocol (code PROTOCOL), spi (octets), data (octets), and what it means:
 *             group/group_name, cookie, window, address, gateway, hashes (list), verdict, ...
 *   D       protocol (code PROTOCOL), count (number), spis: list of octets
 *   V       vendor (text), data (octets)
 *   TSi TSr selectors: list of group { type (code TS), protocol (number, IP), start_port, end_port (number),
 *             start, end (address) }
 *   SK      iv, icv (octets), data_length (number), next_payload (code PAYLOAD: the first one inside)
 *   SKF     the same, and fragment, fragments (number)
 *   CP      cfg_type (code CFGTYPE),
 *             attributes: list of group { attribute (code CFGATTR), number, length (number), value (any) }
 *   EAP     code (code EAPCODE), identifier (number), eap_type (code EAP), identity (text), data (octets)
 */
#ifndef IKESCOPE_MODEL_MESSAGE_H
#define IKESCOPE_MODEL_MESSAGE_H

#include "base/map.h"
#include "model/address.h"
#include "model/iana.h"

/* An SPI of 4 or 8 octets as printed or sent; a truncated one keeps its digits. digits == 0: unknown. */
struct spi {
    uint64_t value;
    uint8_t digits; /* hex digits printed: 16 of a whole IKE SPI, 8 of an ESP SPI */
};

static inline struct spi spi_of(uint64_t value, unsigned digits)
{
    return (struct spi){ value, (uint8_t)digits };
}
static inline bool spi_known(struct spi s)
{
    return s.digits != 0 && s.value != 0;
}
static inline bool spi_equal(struct spi a, struct spi b)
{
    return a.value == b.value && a.digits == b.digits;
}
void spi_print(struct spi s, struct buffer *out); /* lower-case hex, as many digits as were printed */

enum fact_kind { FACT_NONE, FACT_NUMBER, FACT_BOOL, FACT_CODE, FACT_TEXT, FACT_OCTETS, FACT_ADDRESS, FACT_LIST, FACT_GROUP };

struct fact {
    const char *name; /* the JSON member; static or interned; NULL inside a list */
    struct fact *next;
    uint8_t kind;            /* enum fact_kind */
    uint8_t registry;        /* FACT_CODE: enum registry that names the number */
    uint32_t line;           /* of show output and configurations: the line it stands on; 0 unknown */
    uint32_t offset, length; /* place in the message's octets; 0,0 unknown */
    union {
        uint64_t number;  /* FACT_NUMBER, FACT_BOOL, FACT_CODE */
        struct text text; /* FACT_TEXT */
        struct bytes octets;
        struct address address;
        struct fact *child; /* FACT_LIST, FACT_GROUP: the first member */
    } as;
};

/* Building a list: each fact_… function appends a fact, which lives in the arena, to the list whose end `at` points to, and moves
 * `at` behind it. Names are not copied: they are static or interned. */
struct facts {
    struct arena *arena;
    struct fact **at;
};
struct facts facts_into(struct arena *arena, struct fact **head);
/* fact_list_in finds the end of a list by its name and by what it belongs to, and makes the list when it is new, at the end of
 * the facts of its owner. Lists grow line by line to many thousands, and so may the facts beside them: neither is walked again.
 * Nothing may be taken out of such a list. */
struct fact_lists {
    struct arena *arena; /* of the facts */
    struct arena *keys;  /* for as long as the lists grow */
    struct map ends;
    uint32_t line; /* of a list that is made */
};
struct facts fact_list_in(struct fact_lists *lists, const void *owner, const struct fact *first, struct facts *end,
                          const char *name);
/* The first member of such a list, as fact_members() finds it; NULL: none. */
const struct fact *fact_members_in(const struct fact_lists *lists, const void *owner, const struct fact *first, const char *name);
struct fact *fact_number(struct facts *f, const char *name, uint64_t number);
struct fact *fact_bool(struct facts *f, const char *name, bool value);
struct fact *fact_code(struct facts *f, const char *name, enum registry registry, uint64_t number);
struct fact *fact_text(struct facts *f, const char *name, struct text value);    /* value is copied */
struct fact *fact_octets(struct facts *f, const char *name, struct bytes value); /* value is copied */
struct fact *fact_address(struct facts *f, const char *name, struct address value);
/* fact_list and fact_group append an empty one; fill it through facts_into(arena, &it->as.child). */
struct fact *fact_list(struct facts *f, const char *name);
struct fact *fact_group(struct facts *f, const char *name);
/* Reading. */
const struct fact *fact_find(const struct fact *first, const char *name); /* NULL where absent */
/* fact_children is the first member of a list or group. It is NULL where there is none, and for a fact of any other kind, since
 * a line of show output may have the name of one of our lists. */
static inline struct fact *fact_children(const struct fact *f)
{
    return f && (f->kind == FACT_LIST || f->kind == FACT_GROUP) ? f->as.child : NULL;
}
/* fact_members is the first member of the list or group of that name. */
static inline const struct fact *fact_members(const struct fact *first, const char *name)
{
    /* "no proposal OLD" before "proposal NEW" left a truth value of the same name */
    const struct fact *f = fact_find(first, name);
    while (f && f->kind != FACT_LIST && f->kind != FACT_GROUP)
        f = fact_find(f->next, name);
    return fact_children(f);
}
bool fact_get_number(const struct fact *first, const char *name, uint64_t *number); /* FACT_NUMBER, _BOOL or _CODE */
struct text fact_get_text(const struct fact *first, const char *name);              /* empty where absent */
bool fact_get_address(const struct fact *first, const char *name, struct address *a);
struct bytes fact_get_octets(const struct fact *first, const char *name);
struct fact *facts_copy(struct arena *arena, const struct fact *first); /* deep */

struct payload {
    struct payload *next;
    struct fact *facts;
    uint32_t length; /* with the generic header; 0 unknown */
    uint8_t type;    /* enum payload_type */
    bool critical;
    bool malformed; /* its octets contradict themselves; what was read is kept */
    bool encrypted; /* it stood inside SK or SKF */
};

enum decryption {
    DECRYPTION_UNKNOWN,
    DECRYPTION_CLEAR,
    DECRYPTION_DECRYPTED,
    DECRYPTION_NO_KEY,
    DECRYPTION_ICV_FAILED,
    DECRYPTION_FROM_LOG
};
enum protection { PROTECTION_NONE, PROTECTION_SK, PROTECTION_SKF };
enum direction { DIRECTION_UNKNOWN, DIRECTION_SENT, DIRECTION_RECEIVED, DIRECTION_WIRE };
enum verified { VERIFIED_UNKNOWN, VERIFIED_TRUE, VERIFIED_FALSE };

enum side { SIDE_UNKNOWN, SIDE_INITIATOR, SIDE_RESPONDER }; /* of an IKE SA */
static inline enum side side_other(enum side s)
{
    return s == SIDE_INITIATOR ? SIDE_RESPONDER : s == SIDE_RESPONDER ? SIDE_INITIATOR : SIDE_UNKNOWN;
}

/* Notify types below the first status type are errors; those from 40960 on are status types for private use. RFC 7296 section
 * 3.10.1. */
enum { NOTIFY_STATUS = 16384, NOTIFY_PRIVATE_STATUS = 40960 };
static inline bool notify_is_error(uint64_t type)
{
    return type < NOTIFY_STATUS;
}

enum message_flags { MESSAGE_INITIATOR = 0x08, MESSAGE_VERSION = 0x10, MESSAGE_RESPONSE = 0x20 }; /* RFC 7296 section 3.1 */

struct transform {
    uint8_t type; /* enum transform_type */
    uint16_t id;
    uint16_t key_length; /* bits, 0 not given */
};

struct proposal {
    struct proposal *next;
    struct transform *transforms;
    struct spi spi;
    uint16_t count; /* of transforms */
    uint8_t number, protocol;
};

struct notice { /* digest of an N payload */
    struct notice *next;
    struct bytes data;
    struct spi spi;
    uint16_t type;
    uint8_t protocol;
};

struct selector { /* RFC 7296 section 3.13.1 */
    struct selector *next;
    struct address start, end;
    uint16_t start_port, end_port;
    uint8_t type, protocol;
};

struct identity {
    uint8_t type;      /* enum id_type; 0 unknown */
    struct text value; /* as text: address, name, DN; at NULL when unknown */
};

struct certificate { /* of the first X.509 CERT payload: the sender's own. Times as "2026-01-31T12:00:00Z" */
    struct text subject, issuer, not_before, not_after; /* subject.at NULL: there is none */
    bool by_url;                                        /* a hash and a URL in its place, for the receiver to fetch it */
};

struct deletion {
    struct deletion *next;
    struct spi *spis;
    uint16_t count;
    uint8_t protocol;
};

enum vendor_mark { /* vendor ids that tell what a Cisco peer runs; the first three are of several of its families */
                   VENDOR_DELETE_REASON = 1,
                   VENDOR_COPYRIGHT = 2,
                   VENDOR_FRAGMENTATION = 4,
                   VENDOR_FLEXVPN = 8,
                   VENDOR_DYNAMIC_ROUTE = 16
};

struct message {
    struct spi spi_i, spi_r;
    uint32_t message_id, length;      /* length of the IKE message; of a fragment set, the sum; 0 unknown */
    uint8_t exchange, flags, version; /* version 0x20; IKEv1 is 0x10 and has only header and payload types */
    bool has_flags, has_message_id;
    uint8_t decryption, protection, direction; /* the enums above */
    uint8_t fragment, fragments;               /* of an SKF piece; fragments alone: the reassembled message */
    bool malformed, truncated;
    bool announced;            /* a line of a log names the message, and nothing shows what is in it */
    uint64_t over;             /* limit_bit()s of the limits that it passed: what is beyond them was not read */
    uint8_t vendors;           /* set of enum vendor_mark: the vendor ids in it */
    uint8_t auth_verified;     /* enum verified, by the decoder, for a message with AUTH */
    uint8_t keys;              /* enum keys_state (model/sa.h): where the keys came from that opened it */
    bool wrong_encryption_key; /* its ICV fits, but what was decrypted is no chain of payloads */
    struct endpoint source, destination;
    struct payload *payloads; /* may be dropped once digested, when no report needs them */
    struct bytes octets;      /* header and payloads as sent, when known; borrowed from the frame or the log */

    /* The digest, made by message_digest(): what analysis asks for. */
    struct proposal *proposals;
    struct notice *notices;
    struct selector *tsi, *tsr;
    struct deletion *deletions;
    struct identity idi, idr;
    struct text eap_identity; /* of an EAP Identity response; at NULL where absent */
    struct certificate cert;
    uint8_t *types; /* payload types in order, type_count of them */
    uint16_t type_count;
    uint16_t ke_group; /* 0 none */
    uint16_t nonce_length;
    uint8_t auth_method, cfg_type, eap_code, eap_type; /* 0 none */
    uint8_t cert_count;
    bool has_sk;
    bool knows_inner;    /* SK was seen on the wire, so inner_first is known */
    uint8_t inner_first; /* type of the first payload in SK, which stands outside of the encryption; 0: SK is empty */
    bool eap_refused;    /* an EAP Failure, or what the method itself says for it */
};

/* By addresses alone, whatever the protocol and the ports: is all of the narrow one in the wide one, do they share an address? */
bool selector_holds(const struct selector *wide, const struct selector *narrow);
bool selector_meets(const struct selector *a, const struct selector *b);
struct certificate certificate_copy(struct arena *arena, const struct certificate *c);
/* proposals_copy and selectors_copy copy the whole list. */
struct proposal *proposals_copy(struct arena *arena, const struct proposal *first);
struct selector *selectors_copy(struct arena *arena, const struct selector *first);
/* message_digest fills the digest from the payloads' facts; all that it points to is copied into the arena. */
void message_digest(struct message *m, struct arena *arena);
/* message_copy copies deeply; without payloads when !with_payloads. octets are never copied. */
struct message *message_copy(struct arena *arena, const struct message *m, bool with_payloads);
/* message_copy_whole copies the octets as well, for a message that has to wait: its payloads may still be read from them. */
struct message *message_copy_whole(struct arena *arena, const struct message *m, bool with_payloads);
const struct notice *message_notice(const struct message *m, unsigned notify_type); /* NULL where absent */
/* message_asks_again: the answer wants IKE_SA_INIT once more, with a cookie or another KE payload. m may be NULL. */
bool message_asks_again(const struct message *m);
const struct notice *message_error(const struct message *m); /* the first error notify (notify_is_error()), or NULL */
/* message_proposal is the first proposal for IKE, or else for ESP or AH: in a response the one that is accepted. NULL where there
 * is none; m may be NULL. */
const struct proposal *message_proposal(const struct message *m, bool ike);
bool message_has_type(const struct message *m, unsigned payload_type);               /* by the digest */
const struct transform *proposal_transform(const struct proposal *p, unsigned type); /* the first of that type, or NULL */
/* transform_print writes "ENCR_AES_CBC-256", "PRF_HMAC_SHA1", "DH group 14 (MODP_2048)" or "ENCR 999". */
void transform_print(struct transform t, struct buffer *out);
/* Names of payloads and exchanges; NULL for an unknown number. IKEv1's are here too, since the numbers do not overlap. */
const char *payload_notation(unsigned type); /* "SA", "IDi", "Nonce", ... as RFC 7296 section 1.2 writes them; IKEv1: "VID" */
const char *exchange_name(unsigned type);    /* "IKE_SA_INIT"; IKEv1: "Aggressive" */

#endif
