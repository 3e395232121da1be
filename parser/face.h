/*
 * What a line says by itself, whatever stands around it: its time, its tag, and either the transition that it is or that its
 * message stands alone. A face is a function of the line's octets and of nothing else, so it may be read ahead of its turn, on
 * any core, and what the records make of it is the same. Only the lines that a trace mostly consists of have one; any other is
 * left unread, for the long way (records.c).
 */
#ifndef IKESCOPE_PARSER_FACE_H
#define IKESCOPE_PARSER_FACE_H

#include "parser/phrases.h"
#include "parser/tag.h"
#include "parser/transition.h"

enum face_kind {
    FACE_UNREAD,
    FACE_TRANSITION, /* one of the state machine's lines, whole, and nothing behind it */
    FACE_ENTRY,      /* a message of IOS or ASA that belongs to no dump or list, with nothing glued to it */
    FACE_PACKET      /* the first line of a packet: "Sending Packet [To ...", "Received Packet [From ..." */
};

struct face {
    uint8_t kind; /* enum face_kind */
    uint8_t role; /* of a transition: enum side */
    bool settled; /* of an entry: .phrase is what phrase_find() would say, NULL included */
    struct stamp time;
    struct tag tag;   /* without .rest */
    struct text text; /* the message; borrowed from the line */
    struct spi spi_i, spi_r;
    uint32_t msgid;
    struct text tail; /* of a transition: "STATE Event: EV_NAME" */
    uint32_t tail_hash;
    const struct phrase *phrase;
    enum event_code guess; /* what phrase_guess() says of a message that no row knows, where no tag calls it an error */
    enum event_kind guess_kind;
};

/* What reading remembers, only to be quick: the last time, the last line's beginning, and messages seen before. A zeroed one
 * is valid; each reader of faces has its own. */
enum { FACE_TIME = 48, FACE_HEAD = 128, FACE_SAYINGS = 512, FACE_SAYING = 104, FACE_TAILS = 512, FACE_TAIL = 72 };
struct face_saying {
    char at[FACE_SAYING];
    uint8_t len;
    bool alone, settled;
    const struct phrase *phrase;
    enum event_code guess;
    enum event_kind guess_kind;
};
struct face_tail {
    char at[FACE_TAIL];
    uint8_t len;
};
struct face_memo {
    char time_at[FACE_TIME];
    size_t time_len;
    struct stamp time;
    char head[FACE_HEAD]; /* of the last transition: behind the time, up to its state */
    size_t head_len, head_text;
    struct tag tag;
    struct transition_line transition;
    struct face_saying sayings[FACE_SAYINGS];
    struct face_tail tails[FACE_TAILS];
};

/* The names of a transition's state and event, interned: the last ones are found again by their octets. */
struct face_name {
    char at[FACE_TAIL];
    size_t len;
    const char *state, *event;
};
struct face_names {
    struct face_name slots[FACE_TAILS];
};
void face_name(struct face_names *known, struct names *names, const struct face *face, const char **state, const char **event);

/* face_has_context: may there be "(16):" in it? ASA prints its context inside lines, too. */
bool face_has_context(struct text t);
/* face_read reads a line, without its end and blanks behind. */
void face_read(struct face_memo *memo, struct text line, struct face *face);

#endif
