#include "cli/rotated.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

static const char *const packings[] = { ".gz", ".xz", ".bz2", ".zst", ".lz4", ".lzma", ".Z" };

struct beside { /* the folder of a path, while its entries are looked at */
    DIR *dir;
    struct text name; /* the path's last part: stem and ending */
    struct text stem, ending;
};

static bool open_folder(struct beside *b, const char *path)
{
    const char *slash = strrchr(path, '/');
    struct arena *arena = arena_create();
    b->dir = opendir(slash ? arena_format(arena, "%.*s/", (int)(slash - path), path).at : ".");
    arena_destroy(arena);
    b->name = text_of(slash ? slash + 1 : path);
    const char *dot = strrchr(b->name.at, '.');
    b->stem = text_upto(b->name, dot ? (size_t)(dot - b->name.at) : b->name.len);
    b->ending = text_from(b->name, b->stem.len);
    return b->dir != NULL;
}

/* What an entry's name has that the path's has not; empty: it is not one of the path's. */
static struct text added(const struct beside *b, struct text entry)
{
    if (text_starts(entry, b->name))
        return text_from(entry, b->name.len);
    if (b->ending.len && b->stem.len && text_starts(entry, b->stem) && text_ends(entry, b->ending) && entry.len > b->name.len)
        return text_over(entry.at + b->stem.len, entry.len - b->name.len);
    return (struct text){ 0 };
}

int rotated_find(const char *path, const struct follow_file *file, uint64_t length)
{
    struct beside b;
    int found = -1;
    if (!open_folder(&b, path))
        return -1;
    for (struct dirent *e = readdir(b.dir); e; e = readdir(b.dir)) {
        struct stat st;
        if (!added(&b, text_of(e->d_name)).len)
            continue;
        int fd = openat(dirfd(b.dir), e->d_name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        bool fits = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (uint64_t)st.st_size >= length &&
                    follow_begins_as(fd, file);
        if (fits && (found < 0 || (uint64_t)st.st_ino == file->inode)) {
            int other = found;
            found = fd;
            fd = other;
        }
        if (fd >= 0)
            close(fd);
    }
    closedir(b.dir);
    return found;
}

/* A count, a date, or "old"; not the name of another log that happens to begin alike. */
static bool says_rotated(struct text t)
{
    bool digits = false;
    if (t.len && strchr(".-_", t.at[0]) && text_equal(text_from(t, 1), text_of("old")))
        return true;
    for (size_t i = 0; i < t.len; i++) {
        digits |= t.at[i] >= '0' && t.at[i] <= '9';
        if (!strchr("0123456789.-_:+TZ", t.at[i]) || !t.at[i])
            return false;
    }
    return digits;
}

static bool take_packing(struct text *t)
{
    for (size_t i = 0; i < COUNT_OF(packings); i++)
        if (text_ends(*t, text_of(packings[i]))) {
            *t = text_upto(*t, t->len - strlen(packings[i]));
            return true;
        }
    return false;
}

static int compare_times(struct timespec a, struct timespec b)
{
    if (a.tv_sec != b.tv_sec)
        return a.tv_sec < b.tv_sec ? -1 : 1;
    return (a.tv_nsec > b.tv_nsec) - (a.tv_nsec < b.tv_nsec);
}

static bool is_known(const struct follow *f, int fd)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->files[i].head_length && follow_begins_as(fd, &f->files[i]))
            return true;
    return false;
}

struct candidate {
    struct timespec written;
    int fd; /* -1: it is packed, or not to be read */
};

/* The oldest that was written to after that moment. */
static bool oldest_after(const struct follow *f, struct beside *b, struct timespec after, struct candidate *best)
{
    bool any = false;
    rewinddir(b->dir);
    for (struct dirent *e = readdir(b->dir); e; e = readdir(b->dir)) {
        struct text more = added(b, text_of(e->d_name));
        bool packed = take_packing(&more);
        struct stat st;
        if (!says_rotated(more) || fstatat(dirfd(b->dir), e->d_name, &st, 0) != 0 || !S_ISREG(st.st_mode) ||
            (st.st_dev == f->dev && st.st_ino == f->ino) || compare_times(st.st_mtim, after) <= 0 ||
            (any && compare_times(st.st_mtim, best->written) >= 0))
            continue;
        int fd = packed ? -1 : openat(dirfd(b->dir), e->d_name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (fd >= 0 && is_known(f, fd)) {
            close(fd);
            continue;
        }
        if (any && best->fd >= 0)
            close(best->fd);
        *best = (struct candidate){ st.st_mtim, fd };
        any = true;
    }
    return any;
}

int rotated_next(const struct follow *f, bool *lost)
{
    struct beside b;
    struct stat st;
    struct candidate next = { .fd = -1 };
    if (fstat(f->fd, &st) != 0 || !open_folder(&b, f->path))
        return -1;
    struct timespec after = st.st_mtim;
    while (oldest_after(f, &b, after, &next) && next.fd < 0) {
        *lost = true;
        after = next.written;
    }
    closedir(b.dir);
    return next.fd;
}
