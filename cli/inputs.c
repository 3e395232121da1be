#include "cli/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/stamp.h"

enum { FOLDER_DEPTH = 16, FOLDER_FILES = 100000 };

static struct input_file *add(struct input_files *f, const char *path)
{
    if (f->count == f->room) {
        size_t room = f->room ? f->room * 2 : 32;
        struct input_file *at = arena_array(f->arena, struct input_file, room);
        if (f->count)
            memcpy(at, f->at, f->count * sizeof *at);
        f->at = at;
        f->room = room;
    }
    f->at[f->count] = (struct input_file){ .path = path };
    return &f->at[f->count++];
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool add_folder(struct input_files *f, const char *path, unsigned depth, struct error *err)
{
    DIR *dir = opendir(path);
    if (!dir)
        return fail(err, ERROR_INPUT, "cannot open folder '%s': %s", path, strerror(errno));
    const char **names = NULL;
    size_t count = 0;
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        if (e->d_name[0] == '.' || count + f->count >= FOLDER_FILES)
            continue;
        names = memory_grow((void *)names, (count + 1) * sizeof *names);
        names[count++] = arena_format(f->arena, "%s/%s", path, e->d_name).at;
    }
    closedir(dir);
    if (count)
        qsort((void *)names, count, sizeof *names, by_name); /* the same order on every file system */
    bool ok = true;
    for (size_t i = 0; i < count && ok; i++) {
        struct stat st;
        if (stat(names[i], &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode) && depth < FOLDER_DEPTH)
            ok = add_folder(f, names[i], depth + 1, err);
        else if (S_ISREG(st.st_mode))
            add(f, names[i])->from_folder = true;
    }
    memory_free((void *)names);
    return ok;
}

static bool add_path(struct input_files *f, const char *path, struct error *err)
{
    struct stat st;
    if (strcmp(path, "-") == 0) {
        add(f, path);
        return true;
    }
    if (stat(path, &st) != 0)
        return fail(err, ERROR_INPUT, "cannot open '%s': %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return add_folder(f, path, 0, err);
    add(f, path);
    return true;
}

static struct input_file *find(struct input_files *f, const char *path)
{
    for (size_t i = 0; i < f->count; i++)
        if (!f->at[i].keys && !f->at[i].psk && strcmp(f->at[i].path, path) == 0)
            return &f->at[i];
    return NULL;
}

const char *inputs_kind_read(const char *value, enum input_kind *kind)
{
    const char *colon = strchr(value, ':');
    struct text name = text_over(value, colon ? (size_t)(colon - value) : 0);
    for (int k = INPUT_UNKNOWN + 1; k < INPUT_KIND_COUNT && colon && colon[1]; k++)
        if (text_equal(name, text_of(input_kind_name((enum input_kind)k)))) {
            *kind = (enum input_kind)k;
            return colon + 1;
        }
    return NULL;
}

static void add_forced(struct input_files *f, const char *value)
{
    enum input_kind kind;
    const char *path = inputs_kind_read(value, &kind);
    struct input_file *file = find(f, path);
    if (!file)
        file = add(f, path);
    file->forced = kind;
    file->keys = kind == INPUT_KEYS;
}

static void add_device(struct input_files *f, const char *value)
{
    const char *equals = strchr(value, '=');
    struct input_file *file = find(f, equals + 1);
    if (!file)
        file = add(f, equals + 1);
    file->device = arena_string(f->arena, text_over(value, (size_t)(equals - value)));
}

bool inputs_list(struct input_files *f, struct arena *arena, const struct invocation *i, struct error *err)
{
    *f = (struct input_files){ .arena = arena };
    for (size_t n = 0; n < i->keys.count; n++)
        add(f, i->keys.at[n])->keys = true;
    for (size_t n = 0; n < i->psk.count; n++)
        add(f, i->psk.at[n])->psk = true;
    for (size_t n = 0; n < i->inputs.count; n++)
        if (!add_path(f, i->inputs.at[n], err))
            return false;
    for (size_t n = 0; n < i->as.count; n++)
        add_forced(f, i->as.at[n]);
    for (size_t n = 0; n < i->device.count; n++)
        add_device(f, i->device.at[n]);
    return true;
}

/* "UTC", "Z", "+02:00", "-0530", "UTC+5" and the names of zones whose offset nobody doubts. */
bool inputs_zone_read(struct text t, int64_t *ns)
{
    static const struct {
        const char *name;
        int minutes;
    } known[] = {
        { "UTC", 0 },    { "GMT", 0 },    { "Z", 0 },      { "CET", 60 },   { "CEST", 120 }, { "EET", 120 },
        { "EEST", 180 }, { "MSK", 180 },  { "JST", 540 },  { "EST", -300 }, { "EDT", -240 }, { "CDT", -300 },
        { "MST", -420 }, { "MDT", -360 }, { "PST", -480 }, { "PDT", -420 },
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (text_equal_nocase(t, text_of(known[i].name))) {
            *ns = (int64_t)known[i].minutes * 60 * 1000000000;
            return true;
        }
    if (text_starts_nocase(t, TEXT("UTC")))
        t = text_from(t, 3);
    if (t.len < 2 || (t.at[0] != '+' && t.at[0] != '-'))
        return false;
    bool west = t.at[0] == '-';
    uint64_t hours = 0, minutes = 0;
    struct text rest = text_from(t, 1);
    size_t n = text_digits(text_upto(rest, 2), 10, &hours);
    rest = text_from(rest, n);
    if (rest.len && rest.at[0] == ':')
        rest = text_from(rest, 1);
    if (rest.len && !text_number(rest, 10, &minutes))
        return false;
    if (!n || hours > 14 || minutes > 59)
        return false;
    *ns = (int64_t)(hours * 60 + minutes) * 60 * 1000000000 * (west ? -1 : 1);
    return true;
}

bool inputs_zone(const struct invocation *i, const char *device, int64_t *zone_ns)
{
    bool found = false;
    for (size_t n = 0; n < i->timezone.count; n++) {
        const char *value = i->timezone.at[n], *equals = strchr(value, '=');
        int64_t ns;
        if (!inputs_zone_read(text_of(equals ? equals + 1 : value), &ns))
            continue; /* cli/values.c saw to it */
        bool mine = !equals || (device && strlen(device) == (size_t)(equals - value) &&
                                strncmp(device, value, (size_t)(equals - value)) == 0);
        if (mine && (equals || !found)) {
            *zone_ns = ns;
            found = true;
        }
    }
    return found;
}

bool inputs_time(const char *value, int64_t *ns)
{
    struct stamp stamp;
    *ns = TIME_UNKNOWN;
    if (!value)
        return true;
    char with_year[80];
    struct text t = text_of(value);
    if (t.len > 5 && t.at[2] == '-') { /* MM-DDThh:mm:ss: the year that stands for none */
        snprintf(with_year, sizeof with_year, "%d-%.60s", STAMP_YEAR_UNKNOWN, value);
        t = text_of(with_year);
    }
    if (stamp_scan(t, &stamp) && (stamp.kind == STAMP_DATE || stamp.kind == STAMP_UTC)) {
        *ns = stamp.ns;
        return true;
    }
    char with_colon[80];
    snprintf(with_colon, sizeof with_colon, "%.60s:", value);
    if (stamp_scan(text_of(with_colon), &stamp) && stamp.kind == STAMP_UPTIME) {
        *ns = stamp.ns; /* a time of day: compared with the time of day of each event */
        return true;
    }
    return false;
}
