#include "base/yaml.h"

#include <yaml.h>

enum { YAML_DEPTH = 32, YAML_NODES = 200000 };

struct building {
    yaml_parser_t parser;
    struct arena *arena;
    const char *name;
    size_t nodes;
};

static bool refuse(const struct building *b, yaml_mark_t at, const char *reason, struct error *err)
{
    return fail(err, ERROR_RULES, "%s:%zu:%zu: %s", b->name, at.line + 1, at.column + 1, reason);
}

static struct yaml_node *node_of(struct building *b, const yaml_event_t *e, enum yaml_kind kind)
{
    struct yaml_node *n = arena_new(b->arena, struct yaml_node);
    n->kind = kind;
    n->line = (uint32_t)e->start_mark.line + 1;
    n->column = (uint32_t)e->start_mark.column + 1;
    b->nodes++;
    return n;
}

static bool next_event(struct building *b, yaml_event_t *e, struct error *err)
{
    if (yaml_parser_parse(&b->parser, e))
        return true;
    if (b->parser.error == YAML_MEMORY_ERROR)
        memory_checked(NULL);
    return refuse(b, b->parser.problem_mark, b->parser.problem ? b->parser.problem : "not YAML", err);
}

static struct yaml_node *build(struct building *b, const yaml_event_t *e, unsigned depth, struct error *err);

static bool is_tagged(const yaml_event_t *e)
{
    return (e->type == YAML_SCALAR_EVENT && e->data.scalar.tag) ||
           (e->type == YAML_SEQUENCE_START_EVENT && e->data.sequence_start.tag) ||
           (e->type == YAML_MAPPING_START_EVENT && e->data.mapping_start.tag);
}

/* The members of a sequence or mapping, up to its end. */
static bool build_members(struct building *b, struct yaml_node *of, unsigned depth, struct error *err)
{
    struct yaml_node **at = &of->first;
    yaml_event_type_t end = of->kind == YAML_MAPPING ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
    for (;;) {
        yaml_event_t e;
        if (!next_event(b, &e, err))
            return false;
        if (e.type == end) {
            yaml_event_delete(&e);
            return true;
        }
        struct yaml_node *key = NULL, *value;
        if (of->kind == YAML_MAPPING) {
            key = build(b, &e, depth + 1, err);
            bool ok = key && (key->kind == YAML_SCALAR || refuse(b, e.start_mark, "a member's name must be a word", err));
            for (const struct yaml_node *n = of->first; ok && n; n = n->next)
                if (text_equal(n->key, key->text))
                    ok = refuse(b, e.start_mark, "this member stands here twice", err);
            yaml_event_delete(&e);
            if (!ok || !next_event(b, &e, err))
                return false;
        }
        value = build(b, &e, depth + 1, err);
        yaml_event_delete(&e);
        if (!value)
            return false;
        if (key) {
            value->key = key->text;
            value->key_line = key->line;
            value->key_column = key->column;
        }
        *at = value;
        at = &value->next;
    }
}

static struct yaml_node *build(struct building *b, const yaml_event_t *e, unsigned depth, struct error *err)
{
    struct yaml_node *n = NULL;
    if (depth > YAML_DEPTH || b->nodes > YAML_NODES) {
        refuse(b, e->start_mark, "nested too deep, or too large", err);
        return NULL;
    }
    if (is_tagged(e)) {
        refuse(b, e->start_mark, "tags are not taken here", err);
        return NULL;
    }
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        n = node_of(b, e, YAML_SCALAR);
        n->text = arena_text(b->arena, text_over((const char *)e->data.scalar.value, e->data.scalar.length));
        n->quoted = e->data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
                    e->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
        return n;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        n = node_of(b, e, e->type == YAML_MAPPING_START_EVENT ? YAML_MAPPING : YAML_SEQUENCE);
        return build_members(b, n, depth, err) ? n : NULL;
    default:
        refuse(b, e->start_mark, "aliases are not taken here", err);
        return NULL;
    }
}

struct yaml_node *yaml_read(struct text t, const char *name, struct arena *arena, struct error *err)
{
    struct building b = { .arena = arena, .name = name };
    if (!yaml_parser_initialize(&b.parser))
        memory_checked(NULL); /* its only reason */
    yaml_parser_set_input_string(&b.parser, (const unsigned char *)(t.at ? t.at : ""), t.len);
    struct yaml_node *root = NULL;
    for (bool more = true; more;) {
        yaml_event_t e;
        if (!next_event(&b, &e, err)) {
            root = NULL;
            break;
        }
        if (e.type == YAML_STREAM_END_EVENT) {
            more = false;
            if (!root) {
                root = node_of(&b, &e, YAML_MAPPING);
                root->line = root->column = 1;
            }
        } else if (e.type == YAML_SCALAR_EVENT || e.type == YAML_SEQUENCE_START_EVENT || e.type == YAML_MAPPING_START_EVENT ||
                   e.type == YAML_ALIAS_EVENT) {
            struct yaml_node *n = build(&b, &e, 0, err);
            more = n != NULL && (!root || refuse(&b, e.start_mark, "one document only", err));
            root = more ? n : NULL;
        }
        yaml_event_delete(&e);
    }
    yaml_parser_delete(&b.parser);
    return root;
}

const struct yaml_node *yaml_member(const struct yaml_node *mapping, const char *key)
{
    if (!mapping || mapping->kind != YAML_MAPPING)
        return NULL;
    for (const struct yaml_node *n = mapping->first; n; n = n->next)
        if (text_equal(n->key, text_of(key)))
            return n;
    return NULL;
}

size_t yaml_count(const struct yaml_node *node)
{
    size_t count = 0;
    for (const struct yaml_node *n = node ? node->first : NULL; n; n = n->next)
        count++;
    return count;
}
