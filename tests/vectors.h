/* Reads tests/vectors/NAME.txt: cases of "name = value" lines, parted by blank lines; values are hex or words. */
#ifndef IKESCOPE_TESTS_VECTORS_H
#define IKESCOPE_TESTS_VECTORS_H

#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"

enum { VECTOR_MEMBERS = 16 };

struct vector {
    struct {
        char name[24];
        char *value;
        uint8_t *octets; /* the value as hex, NULL when it is none */
        size_t len;
    } members[VECTOR_MEMBERS];
    size_t count, line;
};

static inline void vector_clear(struct vector *v)
{
    for (size_t i = 0; i < v->count; i++) {
        free(v->members[i].value);
        free(v->members[i].octets);
    }
    v->count = 0;
}

static inline void vector_add(struct vector *v, struct text name, struct text value)
{
    if (v->count == VECTOR_MEMBERS || name.len >= sizeof v->members[0].name)
        return;
    char *text = malloc(value.len + 1);
    uint8_t *octets = malloc(value.len / 2 + 1);
    memcpy(v->members[v->count].name, name.at, name.len);
    v->members[v->count].name[name.len] = '\0';
    memcpy(text, value.at, value.len);
    text[value.len] = '\0';
    size_t len = text_unhex(value, octets, value.len / 2 + 1);
    v->members[v->count].value = text;
    v->members[v->count].octets = octets;
    v->members[v->count].len = len == TEXT_NOWHERE ? 0 : len;
    v->count++;
}

/* vector_next reads one case; false at the end. */
static inline bool vector_next(FILE *f, struct vector *v, size_t *line)
{
    static char buffer[1 << 16];
    vector_clear(v);
    v->line = *line + 1;
    while (fgets(buffer, sizeof buffer, f)) {
        ++*line;
        struct text t = text_trim(text_of(buffer)), name;
        if (t.len == 0 && v->count)
            return true;
        if (t.len == 0 || t.at[0] == '#' || !text_cut(&t, '=', &name))
            continue;
        vector_add(v, text_trim(name), text_trim(t));
    }
    return v->count > 0;
}

static inline struct bytes vector_octets(const struct vector *v, const char *name)
{
    for (size_t i = 0; i < v->count; i++)
        if (strcmp(v->members[i].name, name) == 0)
            return bytes_over(v->members[i].octets, v->members[i].len);
    return (struct bytes){ NULL, 0 };
}

static inline const char *vector_word(const struct vector *v, const char *name)
{
    for (size_t i = 0; i < v->count; i++)
        if (strcmp(v->members[i].name, name) == 0)
            return v->members[i].value;
    return "";
}

static inline unsigned vector_number(const struct vector *v, const char *name)
{
    return (unsigned)strtoul(vector_word(v, name), NULL, 10);
}

static inline bool vector_has(const struct vector *v, const char *name)
{
    return vector_word(v, name)[0] != '\0';
}

#endif
