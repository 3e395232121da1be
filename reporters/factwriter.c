#include "reporters/factwriter.h"

#include "base/map.h"

static bool same_name(const struct fact *a, const struct fact *b)
{
    return a->name && b->name && (a->name == b->name || strcmp(a->name, b->name) == 0);
}

static bool is_reserved(const char *name, const char *const *reserved)
{
    for (size_t i = 0; reserved && reserved[i]; i++)
        if (strcmp(reserved[i], name) == 0)
            return true;
    return false;
}

/* A usual group has few members; one that an input made long has the names of those before the one that is asked for in a map. */
enum { FEW = 24 };

struct walked {
    const struct fact *first, *to_put;
    struct map names;
    size_t count; /* of those before the one that is asked for */
};

static bool named_before(struct walked *w, const struct fact *f)
{
    if (w->count <= FEW) {
        for (const struct fact *g = w->first; g != f; g = g->next)
            if (same_name(g, f))
                return true;
        return false;
    }
    for (; w->to_put != f; w->to_put = w->to_put->next)
        if (w->to_put->name)
            map_put(&w->names, bytes_of_text(text_of(w->to_put->name)), (void *)(uintptr_t)w->to_put);
    return map_find(&w->names, bytes_of_text(text_of(f->name)));
}

static const struct fact *next_of_name(const struct fact *f)
{
    for (const struct fact *g = f->next; g; g = g->next)
        if (same_name(g, f))
            return g;
    return NULL;
}

static void put_address(struct json_writer *w, const char *name, struct address a)
{
    struct buffer text;
    buffer_init(&text, 128);
    address_print(a, &text);
    if (text.len)
        write_text(w, name, buffer_view(&text));
    buffer_clear(&text);
}

static void put_code(struct json_writer *w, const char *name, const struct fact *f)
{
    const char *word = registry_name((enum registry)f->registry, f->as.number);
    if (word)
        write_string(w, name, word);
    else if (!name)
        write_number(w, name, f->as.number); /* in a list there is no member to leave out */
}

void fact_write(struct json_writer *w, const char *name, const struct fact *f)
{
    switch ((enum fact_kind)f->kind) {
    case FACT_NUMBER:
        write_number(w, name, f->as.number);
        break;
    case FACT_BOOL:
        write_bool(w, name, f->as.number != 0);
        break;
    case FACT_CODE:
        put_code(w, name, f);
        break;
    case FACT_TEXT:
        write_text(w, name, f->as.text);
        break;
    case FACT_OCTETS:
        write_hex(w, name, f->as.octets);
        break;
    case FACT_ADDRESS:
        put_address(w, name, f->as.address);
        break;
    case FACT_LIST:
        if (w->depth + 4 >= JSON_DEPTH)
            break;
        write_array(w, name);
        for (const struct fact *g = fact_children(f); g; g = g->next)
            fact_write(w, NULL, g);
        write_end_array(w);
        break;
    case FACT_GROUP:
        if (w->depth + 4 >= JSON_DEPTH)
            break;
        write_object(w, name);
        facts_write(w, fact_children(f), NULL);
        write_end_object(w);
        break;
    case FACT_NONE:
        break;
    }
}

/* Several facts of one name are one member, an array. Names that begin with a full stop are for analysis alone. */
void facts_write(struct json_writer *w, const struct fact *first, const char *const *reserved)
{
    struct walked walked = { .first = first, .to_put = first };
    for (const struct fact *f = first; f; f = f->next, walked.count++) {
        if (!f->name || f->name[0] == '.' || is_reserved(f->name, reserved) || named_before(&walked, f))
            continue;
        if (!next_of_name(f)) {
            fact_write(w, f->name, f);
            continue;
        }
        write_array(w, f->name);
        for (const struct fact *g = f; g; g = next_of_name(g))
            fact_write(w, NULL, g);
        write_end_array(w);
    }
    map_clear(&walked.names);
}
