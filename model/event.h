/*
 * An event is one thing that one observer saw or did: a log entry, a packet. Parsers and decoders make events; the
 * rest of the program lives on them. `has` says which members are known; unknown is never zero by accident.
 * An event and all it points to lives only during the call that hands it over; whoever wants more copies it.
 */
#ifndef IKESCOPE_MODEL_EVENT_H
#define IKESCOPE_MODEL_EVENT_H

#include "base/stamp.h"
#include "model/message.h"

/* ENTRY(ident, "name in reports") */
#define EVENT_KINDS(ENTRY)                                                                                                       \
    ENTRY(SM_TRANSITION, "sm-transition")                                                                                        \
    ENTRY(PACKET_SENT, "packet-sent")                                                                                            \
    ENTRY(PACKET_RECEIVED, "packet-received")                                                                                    \
    ENTRY(PACKET_SEEN, "packet-seen") /* on the wire: a capture */                                                               \
    ENTRY(PAYLOAD_BUILT, "payload-built")                                                                                        \
    ENTRY(PAYLOAD_PARSED, "payload-parsed")                                                                                      \
    ENTRY(CRYPTO_CALL, "crypto-call")                                                                                            \
    ENTRY(POLICY, "policy")                                                                                                      \
    ENTRY(PROFILE, "profile")                                                                                                    \
    ENTRY(AUTH, "auth")                                                                                                          \
    ENTRY(NAT, "nat")                                                                                                            \
    ENTRY(CONFIG_MODE, "config-mode")                                                                                            \
    ENTRY(IPSEC, "ipsec")                                                                                                        \
    ENTRY(KMI, "kmi")                                                                                                            \
    ENTRY(AAA, "aaa")                                                                                                            \
    ENTRY(PKI, "pki")                                                                                                            \
    ENTRY(DELETE, "delete")                                                                                                      \
    ENTRY(TIMER, "timer")                                                                                                        \
    ENTRY(SESSION, "session") /* SA created, up, down, admitted */                                                               \
    ENTRY(DISPATCH, "dispatch")                                                                                                  \
    ENTRY(COMMAND, "command") /* typed at a prompt */                                                                            \
    ENTRY(SYSLOG, "syslog")                                                                                                      \
    ENTRY(ERROR, "error")                                                                                                        \
    ENTRY(OTHER, "other")

enum event_kind {
    EVENT_UNKNOWN,
#define ENTRY(ident, name) EVENT_##ident,
    EVENT_KINDS(ENTRY)
#undef ENTRY
        EVENT_KIND_COUNT
};

enum severity { SEVERITY_NONE, SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

/* What a message text means, whatever its dialect, version or language. Rows in model/event_codes.def:
 * X(IDENT, KIND, SEVERITY, keep) -- keep: remembered with its SA even in a condensed run. */
enum event_code {
    CODE_NONE,
#define X(ident, kind, severity, keep) CODE_##ident,
#include "model/event_codes.def"
#undef X
    CODE_COUNT
};
struct event_code_row {
    const char *name; /* "profile-not-found" is PROFILE_NOT_FOUND */
    enum event_kind kind;
    enum severity severity;
    bool keep;
};
extern const struct event_code_row event_code_rows[CODE_COUNT];
static inline const struct event_code_row *event_code_row(enum event_code code)
{
    return &event_code_rows[(unsigned)code < CODE_COUNT ? code : CODE_NONE];
}
const char *event_kind_name(enum event_kind kind);
const char *severity_name(enum severity severity); /* "note", "warning", "error" */

struct evidence {
    uint32_t input;   /* index into model.inputs */
    uint32_t place;   /* line or frame, from 1 */
    bool packet;      /* place is a frame */
    struct text text; /* the line as printed, cleaned; empty for a packet */
};

enum event_has {
    HAS_SPI_I = 1 << 0,
    HAS_SPI_R = 1 << 1,
    HAS_SA_ID = 1 << 2,
    HAS_SESSION_ID = 1 << 3,
    HAS_MSGID = 1 << 4,
    HAS_ROLE = 1 << 5, /* the (I)/(R) of the exchange, not of the IKE SA */
    HAS_LOCAL = 1 << 6,
    HAS_REMOTE = 1 << 7
};

struct event {
    uint8_t kind;     /* enum event_kind */
    uint8_t severity; /* enum severity */
    uint16_t code;    /* enum event_code */
    uint16_t reason;  /* of a failure that quotes another text as its reason: the code of that text; 0 none */
    uint32_t has;     /* enum event_has */
    struct stamp time;
    uint32_t input;         /* index into model.inputs */
    uint32_t device;        /* index into model.devices */
    uint32_t line, lines;   /* first physical line (or the frame, for EVENT_PACKET_SEEN), and how many belong to it */
    const uint32_t *frames; /* of a packet: all frames that it came in (IP fragments, TCP segments), in rising order; */
    uint32_t frame_count;   /* `line` is the one that completed it. 0 for a log */
    struct text text;       /* as printed, cleaned of prefix, wrapper and control octets */
    struct spi spi_i, spi_r;
    uint32_t sa_id, session_id, msgid;
    uint8_t role; /* enum side: SIDE_INITIATOR for (I) */
    struct endpoint local, remote;
    const char *state, *event; /* EVENT_SM_TRANSITION: names, interned in model.names, "R_INIT", "EV_RECV_INIT" */
    struct message *message;   /* packets; its payloads may still be added by an ASA/IOS "Parse" entry: see parser */
    struct fact *facts;        /* the event's own fields, named as they go out: profile, dh_group, mess_id, ... */
};
static inline uint32_t event_sa_id(const struct event *e) /* 0: it names none */
{
    return e->has & HAS_SA_ID ? e->sa_id : 0;
}

/* Whoever consumes events. */
struct event_taker {
    void (*take)(void *context, struct event *event);
    void *context;
};

#endif
