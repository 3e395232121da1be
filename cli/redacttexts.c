#include "cli/redacttexts.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/source.h"
#include "cli/inputs.h"
#include "cli/run.h"
#include "decoder/keyfile.h"

enum { BLOCK = 1 << 16, LARGEST = 1 << 30, FOLDER_DEPTH = 32 };

static bool slurp(const char *path, struct buffer *into, struct error *err)
{
    struct source *from = source_open(path, err);
    if (!from)
        return false;
    char *block = memory_take(BLOCK);
    for (size_t n; (n = source_read(from, block, BLOCK)) > 0 && !into->full;)
        buffer_put(into, block, n);
    memory_free(block);
    bool ok = !source_damaged(from) || fail(err, ERROR_INPUT, "cannot read '%s': %s", path, source_damaged(from));
    source_close(from);
    return ok && (!into->full || fail(err, ERROR_INPUT, "'%s' and what was read before it are larger than %d MiB; split them",
                                      path, LARGEST >> 20));
}

/* Key tables and daemon logs with secrets in hex: leaving out what looks secret would leave something in. */
static bool holds_keys(struct text all)
{
    struct text rest = all, line;
    while (text_cut(&rest, '\n', &line))
        for (size_t r = 0; r < keyfile_reader_count; r++)
            if (keyfile_readers[r]->recognises && keyfile_readers[r]->recognises(text_trim(line)))
                return true;
    return false;
}

/* Why a text is not fit to be redacted, or NULL. */
static const char *unfit(struct text t)
{
    if (t.len && memchr(t.at, 0, t.len < 4096 ? t.len : 4096))
        return "only text can be redacted; of a capture redact the report: 'ikescope --redact CAPTURE'";
    if (holds_keys(t))
        return "these are keys, or a log with keys in it: nothing of that is fit to be sent; redact the router's log instead";
    return NULL;
}

/* ---- where to ---- */

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* As it lies below the folder that was named; a file that was named itself, by its own name. */
static const char *name_below(const struct input_file *file, const struct invocation *i)
{
    for (size_t n = 0; file->from_folder && n < i->inputs.count; n++) {
        size_t len = strlen(i->inputs.at[n]);
        if (strncmp(file->path, i->inputs.at[n], len) == 0 && file->path[len] == '/')
            return file->path + len + 1 + strspn(file->path + len + 1, "/");
    }
    return last_part(file->path);
}

/* What is written is no longer compressed. */
static const char *unpacked_name(struct arena *arena, const char *name)
{
    static const char *const endings[] = { ".gz", ".zst", ".xz" };
    struct text t = text_of(name);
    for (size_t k = 0; k < COUNT_OF(endings); k++)
        if (t.len > strlen(endings[k]) && text_ends(t, text_of(endings[k])))
            return arena_string(arena, text_upto(t, t.len - strlen(endings[k])));
    return name;
}

static bool make_folders(const char *path, size_t from, struct error *err)
{
    char part[4096];
    for (size_t at = from; at < sizeof part && path[at]; at++) {
        if (path[at] != '/' || at == 0)
            continue;
        memcpy(part, path, at);
        part[at] = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return fail(err, ERROR_OUTPUT, "cannot make folder '%s': %s", part, strerror(errno));
    }
    return true;
}

/* A folder that is there or is called one, or several files: each is a file of its own. */
static bool wants_folder(const struct input_files *files, const struct invocation *i, const char *out)
{
    size_t len = strlen(out);
    return is_folder(out) || (len > 1 && out[len - 1] == '/') || files->count > 1 ||
           (files->count == 1 && files->at[0].from_folder && i->inputs.count);
}

static bool settle_folder(struct redact_texts *t, const char *out, struct error *err)
{
    struct text trimmed = text_of(out);
    while (trimmed.len > 1 && trimmed.at[trimmed.len - 1] == '/')
        trimmed.len--;
    t->folder = arena_string(t->arena, trimmed);
    struct stat st;
    if (strcmp(out, "-") == 0)
        return fail(err, ERROR_USAGE, "several inputs are redacted into a file each: name a folder for them, -o FOLDER");
    if (stat(t->folder, &st) == 0 && !S_ISDIR(st.st_mode))
        return fail(err, ERROR_USAGE, "'%s' is a file, and several inputs are redacted into a file each: name a folder for them",
                    t->folder);
    return true;
}

static bool place(struct redact_texts *t, struct redact_text *one, const struct input_file *file, const struct invocation *i,
                  struct error *err)
{
    if (!t->folder)
        one->to = option_last(&i->output, "-");
    else if (strcmp(file->path, "-") == 0)
        return fail(err, ERROR_USAGE, "standard input has no name to be called by in a folder; redact it alone");
    else
        one->to = arena_format(t->arena, "%s/%s", t->folder, unpacked_name(t->arena, name_below(file, i))).at;
    const struct redact_text *other = t->folder ? map_find(&t->called, bytes_of_text(text_of(one->to))) : NULL;
    if (other)
        return fail(err, ERROR_USAGE, "'%s' and '%s' would both be '%s'; redact them into folders of their own, or rename one",
                    other->from, one->from, one->to);
    map_put(&t->called, bytes_of_text(text_of(one->to)), one);
    return true;
}

/* Device and inode of a file, one after the other; empty: it is not there, or no file. */
static struct bytes file_key(const char *path, uint64_t key[2])
{
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return (struct bytes){ NULL, 0 };
    key[0] = (uint64_t)st.st_dev;
    key[1] = (uint64_t)st.st_ino;
    return bytes_over(key, 2 * sizeof *key);
}

static bool overwrites(const struct redact_texts *t, struct error *err)
{
    struct map logs = { 0 };
    uint64_t key[2];
    const char *over = NULL;
    for (size_t n = 0; n < t->count; n++) {
        const struct bytes log = file_key(t->at[n].from, key);
        if (log.len)
            map_put(&logs, arena_bytes(t->arena, log), &t->at[n]);
    }
    for (size_t k = 0; k < t->count && !over; k++) {
        const struct bytes there = file_key(t->at[k].to, key);
        over = there.len && map_find(&logs, there) ? t->at[k].to : NULL;
    }
    map_clear(&logs);
    return over && !fail(err, ERROR_USAGE, "'%s' would take the place of the log itself; write it elsewhere", over);
}

/* ---- all of them ---- */

/* What an earlier run wrote into a folder below the one that is redacted is not redacted again. */
static bool is_output(const struct redact_texts *t, const struct input_file *file, const struct invocation *i)
{
    struct stat out, in;
    size_t len = t->folder ? strlen(t->folder) : 0;
    if (!len || !file->from_folder || strncmp(file->path, t->folder, len) != 0 || file->path[len] != '/' ||
        stat(t->folder, &out) != 0)
        return false;
    for (size_t n = 0; n < i->inputs.count; n++)
        if (stat(i->inputs.at[n], &in) == 0 && in.st_dev == out.st_dev && in.st_ino == out.st_ino)
            return false;
    return true;
}

static bool read_one(struct redact_texts *t, const struct input_file *file, const struct invocation *i, size_t *begins,
                     struct error *err)
{
    size_t before = t->all.len;
    if (!slurp(file->path, &t->all, err))
        return false;
    const char *why = unfit(text_from(buffer_view(&t->all), before));
    if (why && !file->from_folder)
        return fail(err, ERROR_UNSUPPORTED, "'%s': %s", file->path, why);
    if (why) {
        warn(option_given(&i->quiet), "left out: '%s': %s", file->path, why);
        t->all.len = before;
        return true;
    }
    struct redact_text *one = &t->at[t->count];
    *one = (struct redact_text){ .from = file->path };
    if (!place(t, one, file, i, err))
        return false;
    begins[t->count++] = before;
    return true;
}

bool redact_texts_read(struct redact_texts *t, struct arena *arena, const struct invocation *i, struct error *err)
{
    struct input_files files;
    const char *out = option_last(&i->output, "-");
    *t = (struct redact_texts){ .arena = arena };
    buffer_init(&t->all, LARGEST);
    if (!i->inputs.count)
        return fail(err, ERROR_USAGE, "redact what? 'ikescope redact INPUT -o OUT', 'ikescope redact INPUT... -o FOLDER'");
    inputs_list(&files, arena, i);
    if (wants_folder(&files, i, out) && !settle_folder(t, out, err))
        return false;
    t->at = arena_array(arena, struct redact_text, files.count + 1);
    size_t *begins = arena_array(arena, size_t, files.count + 1);
    for (size_t n = 0; n < files.count; n++)
        if (!is_output(t, &files.at[n], i) && !read_one(t, &files.at[n], i, begins, err))
            return false;
    if (!t->count)
        return fail(err, ERROR_INPUT, "no text was found to redact");
    struct text all = buffer_view(&t->all); /* it stays where it is now */
    for (size_t n = 0; n < t->count; n++) {
        size_t end = n + 1 < t->count ? begins[n + 1] : all.len;
        t->at[n].text = text_upto(text_from(all, begins[n]), end - begins[n]);
    }
    if (overwrites(t, err))
        return false;
    for (size_t n = 0; n < t->count && t->folder; n++)
        if (!make_folders(t->at[n].to, strlen(t->folder), err))
            return false;
    return true;
}

void redact_texts_clear(struct redact_texts *t)
{
    buffer_clear(&t->all);
    map_clear(&t->called);
}

const char *redact_text_name(const struct redact_text *t)
{
    return last_part(t->to);
}
