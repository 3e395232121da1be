/* For tests of section readers: a text becomes a section, a reader is found by its command, and the record it made. */
#ifndef IKESCOPE_TESTS_SECTIONS_H
#define IKESCOPE_TESTS_SECTIONS_H

#include <stdio.h>
#include <stdlib.h>

#include "parser/section.h"

static inline struct section section_of(struct model *m, struct arena *scratch, struct text t, const char *command)
{
    struct section s = { .model = m, .scratch = scratch, .command = text_of(command) };
    struct text line, rest = t;
    while (text_cut(&rest, '\n', &line))
        s.count++;
    s.lines = arena_array(scratch, struct section_line, s.count + 1);
    s.count = 0;
    rest = t;
    while (text_cut(&rest, '\n', &line)) {
        s.lines[s.count] = (struct section_line){ .text = line, .number = (uint32_t)s.count + 1, .class = LINE_UNPARSED };
        s.count++;
    }
    return s;
}

static inline const struct section_reader *reader_for(const char *command)
{
    for (size_t i = 0; i < section_reader_count; i++)
        if (section_readers[i]->is_command && section_readers[i]->is_command(text_of(command)))
            return section_readers[i];
    return NULL;
}

static inline const struct section_reader *reader_named(const char *name)
{
    for (size_t i = 0; i < section_reader_count; i++)
        if (strcmp(section_readers[i]->name, name) == 0)
            return section_readers[i];
    return NULL;
}

static inline size_t lines_of_class(const struct section *s, unsigned class)
{
    size_t n = 0;
    for (size_t i = 0; i < s->count; i++)
        n += s->lines[i].class == class;
    return n;
}

static inline struct text file_text(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return (struct text){ NULL, 0 };
    char *at = malloc(1 << 20);
    size_t len = at ? fread(at, 1, 1 << 20, f) : 0;
    fclose(f);
    return text_over(at, len);
}

/* member(facts, "sas", 1, "children", 0, ...) would need varargs; two steps read well enough. */
static inline const struct fact *list_at(const struct fact *facts, const char *name, size_t index)
{
    const struct fact *list = fact_find(facts, name), *g = list ? list->as.child : NULL;
    for (; g && index; index--)
        g = g->next;
    return g ? g->as.child : NULL;
}

static inline size_t list_count(const struct fact *facts, const char *name)
{
    const struct fact *list = fact_find(facts, name);
    size_t n = 0;
    for (const struct fact *g = list ? list->as.child : NULL; g; g = g->next)
        n++;
    return n;
}

static inline uint64_t number_of(const struct fact *facts, const char *name)
{
    uint64_t number = UINT64_MAX;
    return fact_get_number(facts, name, &number) ? number : UINT64_MAX;
}

#endif
