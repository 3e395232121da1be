#include "cli/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/arena.h"

static bool open_file(struct spool *s)
{
    s->fd = open(s->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
    return s->fd >= 0;
}

/* Where the last whole line ends. */
static off_t end_of_lines(int fd, off_t size)
{
    char block[4096];
    while (size > 0) {
        off_t from = size > (off_t)sizeof block ? size - (off_t)sizeof block : 0;
        ssize_t n = pread(fd, block, (size_t)(size - from), from);
        if (n <= 0)
            return size;
        while (n && block[n - 1] != '\n')
            n--;
        if (n)
            return from + n;
        size = from;
    }
    return 0;
}

/* The name of a full file, in the arena. */
static const char *name_of(const struct spool *s, uint64_t end, struct arena *arena)
{
    return arena_format(arena, "%s.%" PRIu64, s->path, end).at;
}

static void drop_oldest(struct spool *s)
{
    struct arena *arena = arena_create();
    unlink(name_of(s, s->full[0], arena));
    arena_destroy(arena);
    memmove(s->full, s->full + 1, --s->count * sizeof s->full[0]);
}

/* In their order; of more than there is room for, the oldest go. */
static void add_full(struct spool *s, uint64_t end)
{
    if (s->count == SPOOL_KEPT && end < s->full[0]) {
        struct arena *arena = arena_create();
        unlink(name_of(s, end, arena));
        arena_destroy(arena);
        return;
    }
    if (s->count == SPOOL_KEPT)
        drop_oldest(s);
    size_t at = s->count++;
    for (; at && s->full[at - 1] > end; at--)
        s->full[at] = s->full[at - 1];
    s->full[at] = end;
}

static void find_full(struct spool *s)
{
    const char *slash = strrchr(s->path, '/');
    struct arena *arena = arena_create();
    DIR *dir = opendir(slash ? arena_format(arena, "%.*s/", (int)(slash - s->path), s->path).at : ".");
    struct text name = text_of(slash ? slash + 1 : s->path);
    for (struct dirent *e = dir ? readdir(dir) : NULL; e; e = readdir(dir)) {
        struct text entry = text_of(e->d_name);
        uint64_t end;
        if (entry.len > name.len + 1 && text_starts(entry, name) && entry.at[name.len] == '.' &&
            text_number(text_from(entry, name.len + 1), 10, &end))
            add_full(s, end);
    }
    if (dir)
        closedir(dir);
    arena_destroy(arena);
}

bool spool_open(struct spool *s, const char *path, uint64_t most, struct error *err)
{
    struct stat st;
    *s = (struct spool){ .path = path, .most = most };
    if (!open_file(s))
        return fail(err, ERROR_OUTPUT, "cannot write '%s': %s", path, strerror(errno));
    off_t end = fstat(s->fd, &st) == 0 && S_ISREG(st.st_mode) ? end_of_lines(s->fd, st.st_size) : -1;
    if (end < 0 || (end < st.st_size && ftruncate(s->fd, end) != 0)) {
        spool_close(s);
        return fail(err, ERROR_OUTPUT, "cannot keep lines in '%s'", path);
    }
    find_full(s);
    return true;
}

bool spool_add(struct spool *s, struct text line, bool end, struct error *err)
{
    struct iovec parts[2] = { { (void *)(uintptr_t)line.at, line.len }, { (void *)(uintptr_t) "\n", end ? 1 : 0 } };
    ssize_t wanted = (ssize_t)(line.len + parts[1].iov_len), n = wanted ? writev(s->fd, parts, 2) : 0;
    return n == wanted ||
           fail(err, ERROR_OUTPUT, "cannot write '%s': %s", s->path, n < 0 ? strerror(errno) : "no room is left on the device");
}

void spool_turn(struct spool *s, const struct follow *f)
{
    struct stat st;
    uint64_t read = f->position - f->files[f->count - 1].base;
    if (f->len || fstat(s->fd, &st) != 0 || (uint64_t)st.st_size < s->most || st.st_ino != f->ino || (uint64_t)st.st_size != read)
        return;
    struct arena *arena = arena_create();
    if (rename(s->path, name_of(s, f->position, arena)) == 0) {
        int full = s->fd;
        if (open_file(s)) {
            fdatasync(full);
            close(full);
            add_full(s, f->position);
        } else {
            s->fd = full; /* goes on with what there is, under its former name */
            (void)!rename(name_of(s, f->position, arena), s->path);
        }
    }
    arena_destroy(arena);
}

void spool_release(struct spool *s, uint64_t replay)
{
    while (s->count && s->full[0] <= replay)
        drop_oldest(s);
}

bool spool_sync(const struct spool *s)
{
    return fdatasync(s->fd) == 0;
}

void spool_close(struct spool *s)
{
    if (s->path && s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}
