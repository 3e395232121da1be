/*
 * What a line says by itself, whatever stands around it: its time, its tag, and either the transition that it is or that its
 * message stands alone. A face is a function of the line's octets and of nothing else, so it may be read ahead of its turn, on
 * any core, and what the records make of it is the same. Only the lines that a trace mostly consists of have one; any other is
 * left unread, for the long way (records.c).
 */
#ifndef IKESCOPE_PARSER_FACE_H
#define IKESCOPE_PARSER_FACE_H

#include "parser/phrases.h"
#include "parser/relayed.h"
#include "parser/tag.h"
#include "parser/transition.h"

enum face_kind {
    FACE_UNREAD,
    FACE_TRANSITION, /* one of the state machine's lines, whole, and nothing behind it */
    FACE_ENTRY,      /* a message of IOS or ASA that belongs to no list, with nothing glued to it */
    FACE_PACKET      /* a line of a packet's header: "Sending Packet [To ...", "Next payload: SA, version: 2.0 ..." */
};

struct face {
    uint8_t kind;       /* enum face_kind */
    uint8_t role;       /* of a transition: enum side */
    bool of_dump;       /* where a packet's dump is open, it may be a part of that */
    bool contents;      /* of an entry: "Building packet for encryption": the packet's clear contents follow */
    bool settled, torn; /* of an entry: .phrase is what phrase_find() would say, NULL included, .torn what damage_torn() would */
    uint16_t guess;     /* what phrase_guess() says of a message that no row knows, where no tag calls it an error: */
    uint8_t guess_kind; /* enum event_code, enum event_kind */
    uint32_t msgid;     /* of a transition */
    struct debug_tag tag;
    struct stamp time;
    struct text text; /* the message; borrowed from the line */
    union {
        struct {
            uint64_t spi_i, spi_r;     /* of a transition: 16 digits each */
            const char *state, *event; /* … as model/trace.h has them */
        };
        const struct phrase *phrase; /* of an entry */
    };
};

/* What reading remembers, only to be quick: the last line's head, the last time, whose transitions these are, and messages seen
 * before. A zeroed one is valid; each reader of faces has its own. */
enum {
    FACE_HEAD = 104,
    FACE_TIME = 48,
    FACE_TRACES = 64,
    FACE_TRACE = 104,
    FACE_SAYINGS = 1024,
    FACE_SAYING = 144, /* "Parse Notify Payload: …" takes most */
    FACE_TAILS = 2048,
    FACE_TAIL = 72
};
struct face_trace { /* "SM Trace-> SA: … CurState: " */
    char at[FACE_TRACE];
    uint8_t len, role;
    uint32_t msgid;
    uint64_t spi_i, spi_r;
};
struct face_saying {
    char at[FACE_SAYING];
    uint8_t len;
    bool alone, of_dump, contents, settled, torn;
    uint8_t guess_kind;
    uint16_t guess;
    const struct phrase *phrase;
};
struct face_tail {
    char at[FACE_TAIL];
    uint8_t len;
    const char *state, *event; /* NULL: of a name that is not known */
};
struct face_memo {
    char head_at[FACE_HEAD]; /* of the last line: up to where its message begins */
    size_t head_len;
    struct debug_tag head_tag;
    struct stamp head_time;
    char time_at[FACE_TIME];
    size_t time_len, time_ms; /* time_ms: where its three digits of milliseconds stand; 0: it has no such */
    struct stamp time;
    struct face_trace traces[FACE_TRACES];
    struct face_saying sayings[FACE_SAYINGS];
    struct face_tail tails[FACE_TAILS];
    struct relayed_memo relays;
};

/* face_has_context: may there be "(16):" in it? ASA prints its context inside lines, too. */
bool face_has_context(struct text t);
/* face_field: does a line have the last time again (milliseconds aside) and, behind two blanks, no tag but a field of a dump, as
 * IOS prints some? *field begins with them. */
bool face_field(const struct face_memo *memo, struct text line, struct text *field);
/* face_read reads a line, without its end and blanks behind. */
void face_read(struct face_memo *memo, struct text line, struct face *face);

#endif
