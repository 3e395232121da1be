/* A hash map from octets to a pointer, and a set of interned strings. Keys are borrowed: they must outlive the map
 * (point into the value, or into an arena). Iteration order is insertion order, so output never depends on hashing. */
#ifndef IKESCOPE_BASE_MAP_H
#define IKESCOPE_BASE_MAP_H

#include "base/arena.h"
#include "base/bytes.h"

struct map_entry {
    struct bytes key;
    void *value; /* NULL: removed */
    uint64_t hash;
};

/* The slots alone tell that a key is absent, so the entries, which are scattered in memory, need not be looked at. */
struct map_slot {
    uint32_t entry; /* 1 + index into entries, 0 is free */
    uint32_t hash;  /* the upper half */
};

struct map {
    struct map_entry *entries; /* in order of insertion, removed ones included */
    size_t count, room;
    struct map_slot *slots;
    size_t slot_count;
};

/* hash_bytes is another in each run, so that nobody can choose keys that meet in one place: for tables, never for output.
 * hash_lasting is the same in all runs, versions and machines: for what is printed, or compared with what an earlier run kept. */
uint64_t hash_bytes(struct bytes key);
uint64_t hash_lasting(struct bytes key);
void map_clear(struct map *m);                              /* a zeroed map is empty and valid */
void *map_find(const struct map *m, struct bytes key);      /* NULL where absent */
void map_put(struct map *m, struct bytes key, void *value); /* replaces; NULL removes */

/* names_intern gives one stable, NUL-terminated string per distinct text; equal texts give equal pointers. */
struct names {
    struct map map;
    struct arena *arena; /* where new strings go; set by the owner before use */
};
const char *names_intern(struct names *names, struct text t);

#endif
