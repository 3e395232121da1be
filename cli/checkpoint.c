#include "cli/checkpoint.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/writer.h"

struct checkpoint {
    struct json *root;
};

static const char schema[] = "ikescope.checkpoint/2";

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

static const struct json *input_of(const struct checkpoint *c, const char *path)
{
    const struct json *inputs = c ? json_member(c->root, "inputs") : NULL;
    for (size_t i = 0; i < json_count(inputs); i++)
        if (text_equal(json_as_text(json_member(json_at(inputs, i), "path")), text_of(path)))
            return json_at(inputs, i);
    return NULL;
}

static uint64_t until_of(const struct json *in)
{
    uint64_t position, until;
    count_of(in, "position", &position);
    return count_of(in, "until", &until) && until > position ? until : position;
}

/* Files follow one another, and what is read again lies between the first one's beginning and where the last was left. */
bool checkpoint_place(const struct checkpoint *c, const char *path, struct follow_place *place)
{
    const struct json *in = input_of(c, path), *files = json_member(in, "files");
    *place = (struct follow_place){ .count = json_count(files) };
    if (!place->count || place->count > FOLLOW_FILES || !count_of(in, "position", &place->position) ||
        !count_of(in, "replay", &place->replay))
        return false;
    place->until = until_of(in);
    for (size_t i = 0; i < place->count; i++) {
        const struct json *file = json_at(files, i);
        struct follow_file *f = &place->files[i];
        uint64_t before = i ? place->files[i - 1].base : 0;
        if (!count_of(file, "base", &f->base) || !count_of(file, "inode", &f->inode) || !count_of(file, "head", &f->head) ||
            !count_of(file, "head_length", &f->head_length) || f->base < before || f->base > place->position)
            return false;
    }
    return place->files[0].base <= place->replay && place->replay <= place->position;
}

void checkpoint_resume(const struct checkpoint *c, const char *path, struct stream *s)
{
    const struct json *in = input_of(c, path), *devices = json_member(in, "devices");
    const uint64_t until = until_of(in);
    uint64_t from;
    if (!until)
        return;
    for (size_t i = 0; i < json_count(devices); i++) {
        const struct json *d = json_at(devices, i);
        if (count_of(d, "from", &from))
            stream_resume(s, json_as_text(json_member(d, "device")), from, json_member(d, "partly") != NULL, until);
    }
}

struct places_out {
    struct json_writer *w;
    uint64_t replay;
};

static void put_place(void *context, struct text device, uint64_t from, bool partly)
{
    const struct places_out *to = context;
    struct json_writer *w = to->w;
    partly |= from < to->replay; /* its beginning lies in a file that is given up */
    write_object(w, NULL);
    write_text(w, "device", device);
    write_number(w, "from", from);
    if (partly)
        write_bool(w, "partly", true);
    write_end_object(w);
}

static void put_input(struct json_writer *w, const struct checkpoint_input *in)
{
    write_object(w, NULL);
    write_string(w, "path", in->path ? in->path : "-");
    write_number(w, "position", in->place.position);
    write_number(w, "replay", in->place.replay);
    if (in->place.until > in->place.position)
        write_number(w, "until", in->place.until);
    write_array(w, "files");
    for (size_t i = 0; i < in->place.count; i++) {
        write_object(w, NULL);
        write_number(w, "base", in->place.files[i].base);
        write_number(w, "inode", in->place.files[i].inode);
        write_number(w, "head", in->place.files[i].head);
        write_number(w, "head_length", in->place.files[i].head_length);
        write_end_object(w);
    }
    write_end_array(w);
    write_array(w, "devices");
    struct places_out to = { w, in->place.replay };
    stream_places(in->stream, in->place.replay, put_place, &to);
    write_end_array(w);
    write_end_object(w);
}

bool checkpoint_write(const char *path, const struct checkpoint_input *inputs, size_t count, struct error *err)
{
    struct sink *to = sink_file(path, err);
    if (!to)
        return false;
    struct json_writer w = { .out = to };
    write_object(&w, NULL);
    write_string(&w, "schema", schema);
    write_array(&w, "inputs");
    for (size_t i = 0; i < count; i++)
        put_input(&w, &inputs[i]);
    write_end_array(&w);
    write_end_object(&w);
    sink_byte(to, '\n');
    sink_sync(to); /* else its new name may outlive its contents */
    return sink_close(to, err);
}
