/*
 * What a log prints again and again is read once. Two memories, both found by the octets themselves and both of a fixed
 * size: entries of one line (everything behind the time), and runs of indented lines of a packet dump (payloads with their
 * fields). A hit gives exactly what reading would have given; a miss costs a hash.
 */
#ifndef IKESCOPE_PARSER_MEMO_H
#define IKESCOPE_PARSER_MEMO_H

#include "parser/packet.h"
#include "parser/tag.h"

enum {
    MEMO_ENTRIES = 1024,
    MEMO_WAYS = 4,
    MEMO_RUNS = 128,
    MEMO_TEXT = 128,
    MEMO_RUN_LEAST = 64,
    MEMO_RUN_MOST = 4096,
    MEMO_MEMORY = 1 << 20
};

struct memo_entry {
    char at[MEMO_TEXT];
    size_t len;
    size_t text_at; /* where the message begins in it */
    struct tag tag;
    struct event event; /* as it goes out, but for time, place and text */
};

struct memo_run {
    struct text text; /* in the memory's arena */
    uint64_t hash;
    struct payload *payloads;
    uint32_t count;
    uint8_t next, spi_size;
    bool ended;
};

struct memo {
    struct arena *arena;
    struct memo_entry *entries; /* MEMO_ENTRIES, made when first needed */
    struct memo_run runs[MEMO_RUNS];
};

void memo_clear(struct memo *m);
const struct memo_entry *memo_entry_find(const struct memo *m, struct text t);
/* memo_entry_keep remembers an event for a line's octets; text_at is where its message begins. */
void memo_entry_keep(struct memo *m, struct text t, size_t text_at, const struct tag *tag, const struct event *event);
/* memo_run_append adds the payloads of a known run to the packet; false: not known. */
bool memo_run_append(const struct memo *m, struct text run, struct packet *p);
/* memo_run_keep remembers the payloads that a run has added to the packet: from *first on. */
void memo_run_keep(struct memo *m, struct text run, const struct packet *p, const struct payload *first);
/* memo_full: time to forget everything; nothing may point into the memory then. */
bool memo_full(const struct memo *m);

#endif
