#include "cli/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/stamp.h"
#include "base/zone.h"
#include "cli/ago.h"

enum { FOLDER_DEPTH = 16, FOLDER_FILES = 100000, PATH_PARTS = 64 };

/* A list with room for one more: the same, or a copy twice as large. */
static void *with_room(struct arena *arena, void *at, size_t size, size_t count, size_t *room)
{
    if (count < *room)
        return at;
    *room = *room ? *room * 2 : 32;
    void *larger = arena_take_array(arena, size, *room);
    if (count)
        memcpy(larger, at, count * size);
    return larger;
}

static struct input_file *add(struct input_files *f, const char *path)
{
    f->at = with_room(f->arena, f->at, sizeof *f->at, f->count, &f->room);
    struct input_file *file = &f->at[f->count++];
    struct stat st;
    *file = (struct input_file){ .path = path, .shown = path };
    if (strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
        file->dev = st.st_dev;
        file->ino = st.st_ino;
    }
    return file;
}

static void pass_over(struct input_files *f, const char *path, const char *why)
{
    f->over = with_room(f->arena, f->over, sizeof *f->over, f->over_count, &f->over_room);
    f->over[f->over_count++] = (struct passed_over){ path, why };
}

/* What stands under this device and inode already, NULL: nothing; and then `as` stands there. */
static const char *enter(struct input_files *f, struct map *in, dev_t dev, ino_t ino, const char *as)
{
    uint64_t *key = arena_array(f->arena, uint64_t, 2);
    key[0] = (uint64_t)dev;
    key[1] = (uint64_t)ino;
    const struct bytes bytes = { (const uint8_t *)key, 2 * sizeof *key };
    const char *before = map_find(in, bytes);
    if (!before)
        map_put(in, bytes, (void *)(uintptr_t)as);
    return before;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_folder(struct input_files *f, const char *path, unsigned depth);

/* What lies in a folder. A link may lead to a folder that was opened already, and round in circles. */
static void add_found(struct input_files *f, const char *path, unsigned depth)
{
    struct stat st;
    if (stat(path, &st) != 0)
        pass_over(f, path, arena_format(f->arena, "cannot be opened: %s", strerror(errno)).at);
    else if (S_ISREG(st.st_mode) && f->count >= FOLDER_FILES)
        pass_over(f, path, arena_format(f->arena, "there are more than %d files", FOLDER_FILES).at);
    else if (S_ISREG(st.st_mode))
        add(f, path)->from_folder = true;
    else if (!S_ISDIR(st.st_mode))
        pass_over(f, path, "neither a file nor a folder");
    else if (depth >= FOLDER_DEPTH)
        pass_over(f, path, arena_format(f->arena, "more than %d folders deep", FOLDER_DEPTH).at);
    else
        add_folder(f, path, depth + 1);
}

static void add_folder(struct input_files *f, const char *path, unsigned depth)
{
    struct stat st;
    const char *before = stat(path, &st) == 0 ? enter(f, &f->folders, st.st_dev, st.st_ino, path) : NULL;
    DIR *dir = before ? NULL : opendir(path);
    if (!dir && !before && depth == 0) { /* it was named: an error, when its turn comes */
        add(f, path);
        return;
    }
    if (!dir) {
        pass_over(f, path,
                  before ? arena_format(f->arena, "the same folder as '%s'", before).at
                         : arena_format(f->arena, "cannot be opened: %s", strerror(errno)).at);
        return;
    }
    const char **names = NULL;
    size_t count = 0, len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        if (e->d_name[0] == '.') {
            f->hidden += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
            continue;
        }
        names = memory_grow((void *)names, (count + 1) * sizeof *names);
        names[count++] = arena_format(f->arena, "%.*s%s%s", (int)len, path, path[len - 1] == '/' ? "" : "/", e->d_name).at;
    }
    closedir(dir);
    if (count)
        qsort((void *)names, count, sizeof *names, by_name); /* the same order on every file system */
    for (size_t i = 0; i < count; i++)
        add_found(f, names[i], depth);
    memory_free((void *)names);
}

static void add_path(struct input_files *f, const char *path)
{
    struct stat st;
    if (strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        add_folder(f, path, 0);
    else
        add(f, path);
}

/* However its path is written. */
static struct input_file *find(struct input_files *f, const char *path)
{
    struct stat st;
    bool there = stat(path, &st) == 0 && S_ISREG(st.st_mode);
    for (size_t i = 0; i < f->count; i++) {
        const struct input_file *at = &f->at[i];
        if (!at->keys && !at->psk &&
            (strcmp(at->path, path) == 0 || (there && at->ino && at->dev == st.st_dev && at->ino == st.st_ino)))
            return &f->at[i];
    }
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

/* ------------------------------------------------------------------------------------------ names */

static const char *last_parts(const char *path, unsigned parts)
{
    const char *at = path + strlen(path);
    while (at > path && at[-1] == '/')
        at--;
    for (; at > path; at--)
        if (at[-1] == '/' && !--parts)
            break;
    return at;
}

static int by_shown(const void *a, const void *b)
{
    const struct input_file *const *x = a, *const *y = b;
    int order = strcmp((*x)->shown, (*y)->shown);
    return order ? order : strcmp((*x)->path, (*y)->path);
}

/* Each file by the last part of its path, and those whose last part is the same by as many parts as tell them apart. */
static void shorten(struct input_files *f)
{
    const struct input_file **sorted = arena_array(f->arena, const struct input_file *, f->count + 1);
    for (size_t n = 0; n < f->count; n++) {
        const char *path = f->at[n].path; /* of a pipe of the shell's, "/dev/fd/63", its last part alone says nothing */
        bool nameless = strncmp(path, "/dev/fd/", 8) == 0 || strncmp(path, "/proc/", 6) == 0;
        f->at[n].shown = strcmp(path, "-") == 0 ? "standard input" : nameless ? path : last_parts(path, 1);
        sorted[n] = &f->at[n];
    }
    bool again = f->count > 1;
    for (unsigned parts = 2; again && parts <= PATH_PARTS; parts++) {
        again = false;
        qsort((void *)sorted, f->count, sizeof *sorted, by_shown);
        for (size_t n = 0, end; n < f->count; n = end) {
            for (end = n + 1; end < f->count && strcmp(sorted[end]->shown, sorted[n]->shown) == 0;)
                end++;
            again |= end > n + 1;
            for (size_t k = n; k < end && end > n + 1; k++)
                f->at[sorted[k] - f->at].shown = last_parts(sorted[k]->path, parts);
        }
    }
}

/* A file that comes twice, by its name, by a link, or in a folder and by its name, is read once: as what it was said to be. */
static void drop_copies(struct input_files *f)
{
    size_t kept = 0;
    for (size_t n = 0; n < f->count; n++) {
        const struct input_file *file = &f->at[n];
        bool standard = strcmp(file->path, "-") == 0;
        const char *before = file->ino || standard ? enter(f, &f->seen, file->dev, file->ino, file->path) : NULL;
        if (!before) {
            f->at[kept++] = *file;
            continue;
        }
        if (file->from_folder && strcmp(before, file->path) == 0)
            continue; /* it was named for what it is, too: with -k, --as, --device */
        pass_over(f, file->path,
                  strcmp(before, file->path) == 0 ? "named twice, read once"
                                                  : arena_format(f->arena, "the same file as '%s'", before).at);
    }
    f->count = kept;
}

void inputs_list(struct input_files *f, struct arena *arena, const struct invocation *i)
{
    *f = (struct input_files){ .arena = arena };
    for (size_t n = 0; n < i->keys.count; n++)
        add(f, i->keys.at[n])->keys = true;
    for (size_t n = 0; n < i->psk.count; n++)
        add(f, i->psk.at[n])->psk = true;
    for (size_t n = 0; n < i->inputs.count; n++)
        add_path(f, i->inputs.at[n]);
    for (size_t n = 0; n < i->as.count; n++)
        add_forced(f, i->as.at[n]);
    for (size_t n = 0; n < i->device.count; n++)
        add_device(f, i->device.at[n]);
    drop_copies(f);
    shorten(f);
    map_clear(&f->folders);
    map_clear(&f->seen);
}

enum zone_by inputs_zone(const struct invocation *i, struct text device, int64_t *zone_ns)
{
    enum zone_by found = ZONE_BY_NOTHING;
    for (size_t n = 0; n < i->timezone.count; n++) {
        const char *value = i->timezone.at[n], *equals = strchr(value, '=');
        int64_t ns;
        if (!zone_read(text_of(equals ? equals + 1 : value), &ns))
            continue; /* cli/values.c saw to it */
        bool mine = !equals || text_equal(device, text_over(value, (size_t)(equals - value)));
        if (mine && (equals || !found)) {
            *zone_ns = ns;
            found = equals ? ZONE_BY_OPTION : ZONE_BY_OPTION_FOR_ALL;
        }
    }
    return found;
}

/* A day alone is its first moment, or its last; a time without seconds is the minute's first. */
static void spell_out(struct text value, bool end, char *into, size_t size)
{
    const char *year = value.len > 2 && value.at[2] == '-' ? "2000-" : ""; /* MM-DD: the year that stands for none */
    const size_t colon = text_find_byte(value, ':');
    size_t minutes = colon == TEXT_NOWHERE ? value.len : colon + 1;
    while (minutes < value.len && value.at[minutes] >= '0' && value.at[minutes] <= '9')
        minutes++;
    const bool day = colon == TEXT_NOWHERE && text_find_byte(value, '-') > 1 && text_find_byte(value, '-') != TEXT_NOWHERE;
    const bool seconds = colon != TEXT_NOWHERE && minutes < value.len && value.at[minutes] == ':';
    snprintf(into, size, "%s%.*s%s%.*s", year, (int)minutes, value.at,
             day                                 ? (end ? "T23:59:59.999999999" : "T00:00:00")
             : colon != TEXT_NOWHERE && !seconds ? ":00"
                                                 : "",
             (int)(value.len - minutes), value.at + minutes);
}

/* "2026-02-30" is read as a day of March; whoever types it means another. spelt: as YYYY-MM-DD. */
static bool has_its_day(struct text spelt, struct stamp stamp)
{
    struct buffer b;
    buffer_init(&b, 100);
    stamp.has_year = true;
    stamp_print(stamp, &b);
    const struct text day = text_upto(buffer_view(&b), 10);
    const bool whole = spelt.len >= day.len && spelt.at[4] == '-' && spelt.at[7] == '-';
    const bool same = !whole || text_starts(spelt, day);
    buffer_clear(&b);
    return same;
}

bool inputs_time(const char *value, bool end, int64_t *ns)
{
    struct stamp stamp;
    char spelt[100], with_colon[102];
    *ns = TIME_UNKNOWN;
    if (!value)
        return true;
    if (strlen(value) > 60)
        return false;
    if (ago_read(text_of(value), ago_now(), ns))
        return true;
    _Static_assert(STAMP_YEAR_UNKNOWN == 2000, "spell_out() writes it");
    spell_out(text_of(value), end, spelt, sizeof spelt);
    const struct text t = text_of(spelt);
    if (stamp_scan(t, &stamp) == t.len && stamp_is_date(stamp)) {
        *ns = stamp.ns;
        return has_its_day(t, stamp);
    }
    snprintf(with_colon, sizeof with_colon, "%s:", spelt);
    if (text_find_byte(t, ':') != TEXT_NOWHERE && stamp_scan(text_of(with_colon), &stamp) && stamp.kind == STAMP_UPTIME) {
        *ns = stamp.ns; /* a time of day: compared with the time of day of each event */
        return true;
    }
    return false;
}
