/*
 * A line as a relay passed it on, read ahead of its turn: what the relay put in front ("<189>May  1 12:00:00 r24 ", "<189>1
 * 2024-06-20T14:03:22.501Z r24 - - - - "), perhaps the device's number, and then what the device itself printed. A head is read
 * the long way (parser/prefix.h) where it is seen first; from then on it is known by its octets, those of its time aside. What it
 * says hangs on nothing else.
 */
#ifndef IKESCOPE_PARSER_RELAYED_H
#define IKESCOPE_PARSER_RELAYED_H

#include "parser/prefix.h"

struct relayed {
    struct text host;  /* borrowed from the line */
    struct stamp time; /* the relay's */
    uint64_t sequence;
    uint32_t len; /* octets in front of what the device printed */
    bool has_sequence;
    bool hosted; /* prefix_scan() would remember the host by this line: see prefix_relayed() */
};

/* Heads that were read, by host. A zeroed one is valid; each reader has its own. */
enum { RELAYED_HEADS = 64, RELAYED_HEAD = 120, RELAYED_TRIES = 8 };
struct relayed_memo {
    struct relayed_head {
        char at[RELAYED_HEAD];
        uint8_t len, host_at, host_len, time_at, time_len;
        bool hosted;
        struct stamp time;
    } each[RELAYED_HEADS];
    uint8_t host_at; /* where the last head's host stands; 0: there was none */
    uint8_t tries;   /* lines that may be read the long way, where no head was found yet */
    bool met;        /* a head, since relayed_begin() */
};

/* relayed_begin is called once for some thousands of lines: where none of those before came through a relay, the heads that were
 * read are looked for no more, and a few of the lines to come are tried for a new one. */
void relayed_begin(struct relayed_memo *memo);
/* relayed_read takes off a head that is known, a number, and what a firewall wraps its debugs in; *own is what is left. False: it is not known, and nothing is set. */
bool relayed_read(struct relayed_memo *memo, struct text line, struct relayed *relayed, struct text *own);
/* relayed_learn reads a line the long way and remembers its head. False: it is none that can be known by its octets, or neither
 * a time nor a tag of the device's stands behind it. */
bool relayed_learn(struct relayed_memo *memo, struct text line);

#endif
