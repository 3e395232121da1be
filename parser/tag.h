/*
 * The tag of a log entry: which facility of which platform speaks, and about which SA, negotiation or session.
 *
 *   IKEv2:(SESSION ID = 31,SA ID = 1):text      IKEv2-INTERNAL: … IKEv2-ERROR: … IKEv2-PAK: …      IOS, IOS-XE
 *   IKEv2-PROTO-5: (27): text                   IKEv2-PLAT-3: text            (27): text           ASA, FTD
 *   SA ID:2 SESSION ID:1 Remote: A/P Local: B/Q text                                               event trace
 *   %CRYPTO-5-IKEV2_SESSION_STATUS: text        %ASA-4-750003: text                                syslog
 */
#ifndef IKESCOPE_PARSER_TAG_H
#define IKESCOPE_PARSER_TAG_H

#include <stddef.h>
#include <string.h>

#include "model/model.h"

enum family {
    FAMILY_NONE,
    FAMILY_IOS,     /* IKEv2:, IKEv2-X: */
    FAMILY_ASA,     /* IKEv2-PROTO-n:, IKEv2-PLAT-n: */
    FAMILY_CONTEXT, /* (N): of ASA: a continuation that names its negotiation */
    FAMILY_TRACE,   /* event trace */
    FAMILY_SYSLOG,  /* %FAC-n-MNEMONIC: */
    FAMILY_IPSEC,   /* debug crypto ipsec, crypto map data base */
    FAMILY_PKI,
    FAMILY_IKEV1
};

struct tag {
    uint8_t family; /* enum family */
    uint8_t kind;   /* enum input_kind this line speaks for; INPUT_UNKNOWN: either of IOS and IOS-XE */
    uint8_t level;  /* of ASA and syslog */
    bool error, internal, packet, platform, percent; /* -ERROR, -INTERNAL, -PAK, -PLAT, "% " in front of the text */
    bool glued;                                      /* the tag misses its colon: the line was cut there */
    bool has_sa_id, has_session_id, has_profile_number;
    uint32_t sa_id, session_id;
    /* a debug's tag has none of these */
    struct text facility;          /* of syslog: "CRYPTO-5-IKEV2_SESSION_STATUS", "ASA-4-750003" */
    struct endpoint local, remote; /* event trace */
    uint8_t role;                  /* event trace's (I), (R): enum side */
    struct text rest;              /* the message */
};

/* tags_differ: do both name an SA, and not the same one? */
static inline bool tags_differ(const struct tag *a, const struct tag *b)
{
    return a->has_sa_id && b->has_sa_id && a->sa_id && b->sa_id && a->sa_id != b->sa_id;
}

/* The first part of a struct tag, which is all that a debug's tag has but its .rest; for tags that are kept by the thousand. */
struct debug_tag {
    uint64_t part[offsetof(struct tag, facility) / sizeof(uint64_t)];
};
static inline struct debug_tag tag_of_debug(const struct tag *tag)
{
    struct debug_tag d;
    memcpy(&d, tag, sizeof d);
    return d;
}
static inline struct tag tag_from_debug(const struct debug_tag *d)
{
    struct tag tag = { .family = FAMILY_NONE };
    memcpy(&tag, d, sizeof *d);
    return tag;
}

/* tag_usual reads a debug's tag in its most common form and returns the offset of the message's first letter; all octets before
 * it are plain ASCII. 0 where the tag has another form. */
size_t tag_usual(struct text t, struct debug_tag *tag);
/* tag_scan recognises a tag at the start of a text. */
bool tag_scan(struct text t, struct tag *tag);
/* tag_wrapping is the length of a "%FTD-5-711001: " at the start, in which a firewall's syslog wraps each line of its debugs; 0:
 * there is none. */
size_t tag_wrapping(struct text t);
/* tag_glued finds where another entry begins inside a message: the offset of its time or tag, or TEXT_NOWHERE. */
size_t tag_glued(struct text t);
/* tag_without_contexts: ASA prints its context inside lines, too: "Next payload: KE, version: 2.0 (27): Exchange type: …". Takes
 * out every "(N):" but those that belong to the tag of another entry glued on. */
struct text tag_without_contexts(struct text t, struct arena *arena);

#endif
