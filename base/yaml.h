/* The door to libyaml: a document as a tree in which every node knows its line and column. JSON is read the same way,
 * since YAML contains it; so one reader serves rule files in both, and errors name the place in both. */
#ifndef IKESCOPE_BASE_YAML_H
#define IKESCOPE_BASE_YAML_H

#include "base/arena.h"
#include "base/error.h"

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
    enum yaml_kind kind;
    bool quoted;      /* a scalar in quotes is text, whatever it looks like */
    struct text text; /* of a scalar */
    struct text key;  /* inside a mapping: the member's name, where it stands */
    uint32_t key_line, key_column;
    uint32_t line, column;   /* from 1 */
    struct yaml_node *first; /* of a sequence or mapping */
    struct yaml_node *next;
};

/* yaml_read reads one document into the arena; NULL with err, which names line and column after "name:". Aliases and tags are
 * refused, since a rule file has no use for them. An empty document is an empty mapping. */
struct yaml_node *yaml_read(struct text t, const char *name, struct arena *arena, struct error *err);
const struct yaml_node *yaml_member(const struct yaml_node *mapping, const char *key); /* NULL where absent */
size_t yaml_count(const struct yaml_node *node);

#endif
