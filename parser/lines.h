/*
 * Physical lines: octets in pieces of any size in, one line after the other out, cut at LF in place. Only a line that has
 * control or high octets is copied and cleaned: UTF-16, Latin-1 and broken UTF-8 become
 * UTF-8, NUL, escape sequences and bells go, backspaces take back what they erased, a pager's prompt vanishes.
 */
#ifndef IKESCOPE_PARSER_LINES_H
#define IKESCOPE_PARSER_LINES_H

#include "base/buffer.h"

struct line {
    struct text text;              /* without its end; valid until the next line */
    uint32_t number;               /* from 1 */
    uint32_t more;                 /* further physical lines that were joined to this one */
    struct text host;              /* what a collector that exported it calls its device; mostly empty */
    bool checked;                  /* it is known to be plain text, or was cleaned */
    bool wide;                     /* it has characters beyond ASCII */
    bool damaged;                  /* a good part of it was not text */
    uint8_t blanks;                /* stood behind it; 255: that many, or more. Records set it */
    bool cut;                      /* the input ended here without an LF */
    bool beyond;                   /* it is longer than LIMIT_LINE: the rest is not in text */
    bool stable;                   /* the text stays where it is until the end of lines_feed() */
    bool counted;                  /* its class is settled: for the caller */
    const struct face *face;       /* what it says by itself (parser/face.h), where that was read ahead */
    const struct relayed *relayed; /* … and what a relay put in front of it (parser/relayed.h); NULL: nothing */
};

enum text_encoding { TEXT_UTF8, TEXT_UTF16_LE, TEXT_UTF16_BE };

struct lines {
    void (*take)(void *context, struct line *line);
    void *context;
    uint32_t number;
    uint8_t encoding; /* enum text_encoding */
    bool started, skipping;
    unsigned
        written; /* set of enum written: where lines end at something else, each counts as the physical line (to LF) around it */
    bool open;   /* then: something came since the last LF */
    bool inside; /* then: a line was handed out whose LF is still to come */
    uint32_t joined; /* quoted-printable: LFs that did not end a line, since the last one that did */
    bool cleans;     /* checks each line before it hands it out (see lines_check) */
    uint8_t head[4]; /* the first octets, until they tell the encoding */
    size_t head_len;
    uint8_t odd; /* UTF-16: half a unit left over */
    bool has_odd;
    uint32_t surrogate;  /* UTF-16: the first half of a pair */
    struct buffer carry; /* an unfinished line */
    struct buffer clean, wide, undone;
    uint32_t garbled, garbled_first; /* how many lines have octets that are not text, and the number of the first one */
};

/* line_last is the number of the last physical line. */
static inline uint32_t line_last(const struct line *line)
{
    return line->number + line->more;
}

void lines_init(struct lines *l, void (*take)(void *context, struct line *line), void *context);
void lines_clear(struct lines *l);
void lines_feed(struct lines *l, struct bytes octets);
/* lines_look finds out from the beginning of the input how it was written down (parser/written.h). */
void lines_look(struct lines *l, struct text head);
/* lines_between: is the next octet the first of a line, in an encoding of one octet a character? */
bool lines_between(const struct lines *l);
void lines_finish(struct lines *l);
/* lines_check looks whether a line is plain text and cleans it where it is not. It is for the taker to call, since a line that
 * equals one that was checked needs no check. */
void lines_check(struct lines *l, struct line *line);
/* lines_is_pager: is this nothing but a pager's prompt? */
bool lines_is_pager(struct text t);
/* lines_utf8 is the length of the UTF-8 character beyond ASCII at the start, 0 where there is none. */
size_t lines_utf8(const uint8_t *at, size_t left);

#endif
