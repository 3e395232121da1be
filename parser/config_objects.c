/* The objects of a configuration: records in the making, and the routers that they are of. */
#include "parser/configuration.h"

#include <assert.h>

#include "base/limits.h"

static struct config_object *object_new(struct config *c, const char *kind, struct text title)
{
    struct record *r = model_add_record(c->model, INPUT_CONFIG, kind);
    r->title = arena_text(c->model->read, title);
    r->input = c->section->input;
    r->device = c->device;
    r->first_line = r->last_line = c->line;
    struct config_object *o = arena_new(c->section->scratch, struct config_object);
    o->record = r;
    o->into = facts_into(c->model->read, &r->facts);
    buffer_init(&o->text, LIMIT_RECORD);
    if (c->objects_last)
        c->objects_last->next = o;
    else
        c->objects = o;
    c->objects_last = o;
    if (!c->first)
        c->first = o;
    return o;
}

static void next_router(struct config *c, uint32_t device)
{
    map_clear(&c->by_name);
    c->by_name = (struct map){ .count = 0 };
    c->first = NULL;
    c->object = NULL;
    c->group = NULL;
    c->chain = NULL;
    c->device = device;
    c->routers++;
    c->prose = false;
    config_extent_next(c);
}

void config_router(struct config *c, struct text name)
{
    if (c->section->input < c->model->input_count &&
        model_input(c->model, c->section->input)->device) /* the user said whose it is */
        return;
    uint32_t device = model_device_in(c->model, c->section->input, name);
    /* the mark that this router was named: no object's key begins so */
    const bool named = c->first && map_find(&c->by_name, bytes_of_text(TEXT("\001router")));
    if (named && c->device == device)
        return;
    if (named)
        next_router(c, device);
    map_put(&c->by_name, bytes_of_text(TEXT("\001router")), c);
    for (struct config_object *o = c->first; o; o = o->next)
        o->record->device = device;
    c->device = device;
}

/* The same object again, with a page's words between: the configuration of the other router has begun. */
static bool another_router(const struct config *c, const char *kind)
{
    static const char *const once[] = { "interface", "ikev2-proposal", "ikev2-keyring", "ikev2-profile", "ipsec-profile", NULL };
    return c->prose && text_in(text_of(kind), once);
}

void config_open(struct config *c, const char *kind, struct text title, enum config_context context)
{
    struct text key = arena_format(c->section->scratch, "%s %.*s", kind, TEXT_ARGS(title));
    struct config_object *o = map_find(&c->by_name, bytes_of_text(key));
    if (o && another_router(c, kind)) {
        struct text name = c->model->devices[c->section->device].name;
        next_router(c, model_device_of_file(c->model, c->section->input,
                                            arena_format(c->section->scratch, "%.*s/%u", TEXT_ARGS(name), c->routers + 2)));
        o = NULL;
    }
    if (!o) {
        o = object_new(c, kind, title);
        map_put(&c->by_name, bytes_of_text(key), o);
    }
    c->object = o;
    c->group = NULL;
    c->context = (uint8_t)context;
    c->touched = true;
}

void config_begin_group(struct config *c, const char *list, enum config_context context)
{
    c->group = NULL;
    struct facts into = config_list(c, list);
    c->group = fact_group(&into, NULL);
    c->group->line = c->line;
    c->group_into = facts_into(c->model->read, &c->group->as.child);
    c->context = (uint8_t)context;
}

struct facts *config_at(struct config *c)
{
    assert(c->object);
    return c->group ? &c->group_into : &c->object->into;
}

const struct fact *config_members(const struct config *c, const char *name)
{
    const void *owner = c->group ? (const void *)c->group : c->object->record;
    return fact_members_in(&c->lists, owner, c->group ? fact_children(c->group) : c->object->record->facts, name);
}

struct facts config_list(struct config *c, const char *name)
{
    struct facts *end = config_at(c);
    const void *owner = c->group ? (const void *)c->group : c->object->record;
    c->lists.line = c->line;
    return fact_list_in(&c->lists, owner, c->group ? fact_children(c->group) : c->object->record->facts, end, name);
}

struct facts config_group(struct config *c, const char *list)
{
    struct facts tail = config_list(c, list);
    struct fact *group = fact_group(&tail, NULL);
    group->line = c->line;
    return facts_into(c->model->read, &group->as.child);
}

void config_text(struct config *c, const char *name, struct text value)
{
    if (value.len)
        fact_text(config_at(c), name, value)->line = c->line;
}

void config_number(struct config *c, const char *name, uint64_t number)
{
    fact_number(config_at(c), name, number)->line = c->line;
}

void config_bool(struct config *c, const char *name, bool value)
{
    fact_bool(config_at(c), name, value)->line = c->line;
}

struct text config_joined(struct config *c, const struct config_args *a, size_t from)
{
    struct buffer b;
    buffer_init(&b, LIMIT_LINE);
    for (size_t i = from; i < a->count; i++) {
        if (i > from)
            buffer_byte(&b, ' ');
        buffer_text(&b, a->word[i]);
    }
    struct text t = arena_text(c->section->scratch, buffer_view(&b));
    buffer_clear(&b);
    return t;
}

void config_objects_end(struct config *c)
{
    for (struct config_object *o = c->objects; o; o = o->next) {
        struct record *r = o->record;
        r->text = arena_text(c->model->read, buffer_view(&o->text));
        limits_at(&c->model->read_limits, r->input, r->first_line, false);
        limits_over(&c->model->read_limits, OVER_RECORD, o->text.full);
        r->line_count = (uint32_t)o->line_count;
        r->line_numbers = o->line_count ? arena_array(c->model->read, uint32_t, o->line_count) : NULL;
        if (o->line_count) {
            memcpy(r->line_numbers, o->lines, o->line_count * sizeof *o->lines);
            r->first_line = o->lines[0];
        }
        buffer_clear(&o->text);
        memory_free(o->lines);
    }
    map_clear(&c->by_name);
    map_clear(&c->lists.ends);
}
