/*
 * Payloads that are printed again and again are read only once. What is remembered, in a memory of a fixed size, are runs of
 * indented lines of a packet dump, found by their octets. A hit gives exactly what reading would have given; a miss costs a hash.
 */
#ifndef IKESCOPE_PARSER_MEMO_H
#define IKESCOPE_PARSER_MEMO_H

#include "parser/packet.h"

enum { MEMO_RUNS = 128, MEMO_RUN_LEAST = 64, MEMO_RUN_MOST = 4096, MEMO_MEMORY = 1 << 20 };

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
    struct memo_run runs[MEMO_RUNS];
};

void memo_clear(struct memo *m);
/* memo_run_append adds the payloads of a known run to the packet; false: not known. */
bool memo_run_append(const struct memo *m, struct text run, struct packet *p);
/* memo_run_keep remembers the payloads that a run has added to the packet: from *first on. */
void memo_run_keep(struct memo *m, struct text run, const struct packet *p, const struct payload *first);
/* memo_full: is it time to forget everything (memo_clear)? Nothing may point into the memory then. */
bool memo_full(const struct memo *m);

#endif
