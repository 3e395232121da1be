#include "cli/checkpoint.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/writer.h"

struct checkpoint {
    struct json *root;
};

static const char schema[] = "ikescope.checkpoint/1";

struct checkpoint *checkpoint_read(struct text t, struct error *err)
{
    struct json *root = json_read(t, err);
    if (!root)
        return NULL;
    if (!text_equal(json_as_text(json_member(root, "schema")), text_of(schema))) {
        fail(err, ERROR_INPUT, "it is no checkpoint: it has no member 'schema' with '%s'", schema);
        json_free(root);
        return NULL;
    }
    struct checkpoint *c = memory_take(sizeof *c);
    c->root = root;
    return c;
}

void checkpoint_free(struct checkpoint *c)
{
    if (!c)
        return;
    json_free(c->root);
    memory_free(c);
}

static bool count_of(const struct json *object, const char *name, uint64_t *count)
{
    int64_t n;
    bool known = json_as_number(json_member(object, name), &n) && n >= 0;
    *count = known ? (uint64_t)n : 0;
    return known;
}

uint64_t checkpoint_replay(const struct checkpoint *c, const char *path, uint64_t inode)
{
    const struct json *inputs = c ? json_member(c->root, "inputs") : NULL;
    uint64_t then, replay;
    for (size_t i = 0; i < json_count(inputs); i++) {
        const struct json *in = json_at(inputs, i);
        if (text_equal(json_as_text(json_member(in, "path")), text_of(path)) && count_of(in, "inode", &then) && then == inode &&
            count_of(in, "replay", &replay))
            return replay;
    }
    return 0;
}

void checkpoint_resume(const struct checkpoint *c, struct stream *s)
{
    const struct json *devices = c ? json_member(c->root, "devices") : NULL;
    uint64_t until, from;
    if (!c || !count_of(json_at(json_member(c->root, "inputs"), 0), "offset", &until) || !until)
        return;
    for (size_t i = 0; i < json_count(devices); i++) {
        const struct json *d = json_at(devices, i);
        if (count_of(d, "from", &from))
            stream_resume(s, json_as_text(json_member(d, "device")), from, until);
    }
}

static void put_place(void *context, struct text device, uint64_t from)
{
    struct json_writer *w = context;
    write_object(w, NULL);
    write_text(w, "device", device);
    write_number(w, "from", from);
    write_end_object(w);
}

void checkpoint_write(const char *path, const struct checkpoint_place *places, size_t count, struct stream *s)
{
    struct error err = { 0 };
    struct sink *to = sink_file(path, &err);
    if (!to)
        return;
    struct json_writer w = { .out = to };
    write_object(&w, NULL);
    write_string(&w, "schema", schema);
    write_array(&w, "inputs");
    for (size_t i = 0; i < count; i++) {
        write_object(&w, NULL);
        write_string(&w, "path", places[i].path ? places[i].path : "-");
        write_number(&w, "inode", places[i].inode);
        write_number(&w, "offset", places[i].offset);
        write_number(&w, "replay", count == 1 ? stream_replay(s, places[i].offset) : 0);
        write_end_object(&w);
    }
    write_end_array(&w);
    if (count == 1) {
        write_array(&w, "devices");
        stream_places(s, put_place, &w);
        write_end_array(&w);
    }
    write_end_object(&w);
    sink_byte(to, '\n');
    sink_close(to, NULL);
}
