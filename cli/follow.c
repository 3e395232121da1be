#include "cli/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/map.h"
#include "cli/rotated.h"

enum { ROOM = LIMIT_LINE + 1 /* a longer line shows that it is one */, HEAD = 256 };
#define LAST_WORDS_NS INT64_C(1000000000)

static struct follow_file *current(struct follow *f)
{
    return &f->files[f->count - 1];
}

/* In the file, of what is handed on next. */
static uint64_t place_in_file(struct follow *f)
{
    return f->position - current(f)->base;
}

void follow_init(struct follow *f, const char *path)
{
    *f = (struct follow){ .path = path, .fd = path ? -1 : STDIN_FILENO, .count = 1 };
    f->at = memory_take(ROOM);
}

void follow_clear(struct follow *f)
{
    if (f->path && f->fd >= 0)
        close(f->fd);
    memory_free(f->at);
}

static bool head_of(int fd, uint64_t length, uint64_t *hash)
{
    char head[HEAD];
    if (length > HEAD || pread(fd, head, (size_t)length, 0) != (ssize_t)length)
        return false;
    *hash = hash_lasting(bytes_over(head, (size_t)length)) >> 1; /* a number that JSON holds */
    return true;
}

bool follow_begins_as(int fd, const struct follow_file *file)
{
    uint64_t hash;
    struct stat st;
    if (!file->head_length)
        return fstat(fd, &st) == 0 && (uint64_t)st.st_ino == file->inode;
    return (head_of(fd, file->head_length, &hash) && hash == file->head);
}

static bool take_file(struct follow *f, int fd)
{
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    if (f->fd >= 0)
        close(f->fd);
    f->fd = fd;
    f->regular = S_ISREG(st.st_mode);
    f->dev = st.st_dev;
    f->ino = st.st_ino;
    f->len = 0;
    f->skipping = false;
    f->quiet_since = 0;
    return true;
}

/* A pipe without a writer is waited for as a file is that is not there yet. */
static int open_path(const struct follow *f)
{
    return open(f->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (f->plain ? 0 : O_NONBLOCK));
}

bool follow_open(struct follow *f)
{
    if (!take_file(f, open_path(f)))
        return false;
    current(f)->inode = (uint64_t)f->ino;
    return true;
}

/* The next file of the log begins where the one before ended. */
static void next_file(struct follow *f)
{
    if (f->position < f->until) /* what was cut away had been read by an earlier run */
        f->position = f->until;
    if (f->count == FOLLOW_FILES)
        memmove(f->files, f->files + 1, --f->count * sizeof f->files[0]);
    f->files[f->count++] = (struct follow_file){ .base = f->position, .inode = (uint64_t)f->ino };
    f->skipping = false;
}

static bool hand_on(struct follow *f, bool all, struct follow_taker taker)
{
    size_t used = 0;
    bool go_on = true;
    while (go_on) {
        char *end = memchr(f->at + used, '\n', f->len - used);
        size_t n = end ? (size_t)(end - (f->at + used)) : f->len - used;
        if (!end && !(all && n) && n < ROOM)
            break;
        struct text line = text_over(f->at + used, n);
        go_on = taker.line(taker.context, f, f->skipping ? NULL : &line, end != NULL);
        f->skipping = !end && !all;
        used += n + (end != NULL);
        f->position += n + (end != NULL);
        if (!end)
            break;
    }
    memmove(f->at, f->at + used, f->len - used);
    f->len -= used;
    return go_on;
}

void follow_rest(struct follow *f, struct follow_taker taker)
{
    hand_on(f, true, taker);
}

/* It was cut, and perhaps written to again: then it begins otherwise. */
static bool was_cut(struct follow *f)
{
    struct stat st;
    return fstat(f->fd, &st) == 0 && S_ISREG(st.st_mode) &&
           ((uint64_t)st.st_size < place_in_file(f) + f->len || !follow_begins_as(f->fd, current(f)));
}

/* What was not read before it was cut stands in its copy, which is read as what was rotated away is. */
static bool go_to_copy(struct follow *f)
{
    uint64_t had = place_in_file(f) + f->len;
    size_t waiting = f->len;
    if (!current(f)->head_length || !take_file(f, rotated_find(f->path, current(f), had)))
        return false;
    f->len = waiting;
    current(f)->inode = (uint64_t)f->ino;
    lseek(f->fd, (off_t)had, SEEK_SET);
    return true;
}

static void begin_anew(struct follow *f, struct follow_taker taker)
{
    if (go_to_copy(f))
        return;
    hand_on(f, true, taker);
    next_file(f);
    lseek(f->fd, 0, SEEK_SET);
}

static void learn_head(struct follow *f)
{
    uint64_t known = place_in_file(f) + f->len, length = known < HEAD ? known : HEAD, hash;
    if (f->path && current(f)->head_length < length && head_of(f->fd, length, &hash)) {
        current(f)->head = hash;
        current(f)->head_length = length;
    }
}

bool follow_read(struct follow *f, struct follow_taker taker)
{
    if (f->fd < 0 || f->ended)
        return false;
    struct pollfd p = { f->fd, POLLIN, 0 };
    if (!f->regular && poll(&p, 1, 0) == 0) /* read would wait, and time-outs with it */
        return false;
    if (f->path && was_cut(f))
        begin_anew(f, taker);
    ssize_t n = read(f->fd, f->at + f->len, ROOM - f->len);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (n <= 0) {
        f->failed = n < 0 ? errno : 0;
        f->ended = !f->path || (f->plain && !f->regular);
        return false;
    }
    f->len += (size_t)n;
    f->quiet_since = 0;
    if (!f->path && !f->position && !taker.begins(taker.context, (struct bytes){ (const uint8_t *)f->at, f->len }))
        return false;
    learn_head(f);
    return hand_on(f, false, taker);
}

bool follow_renew(struct follow *f, int64_t now, bool at_once, struct follow_taker taker)
{
    struct stat st;
    if (!f->path || stat(f->path, &st) != 0 || (f->fd >= 0 && st.st_dev == f->dev && st.st_ino == f->ino)) {
        f->quiet_since = 0;
        return false;
    }
    if (f->fd >= 0) {
        f->quiet_since = f->quiet_since ? f->quiet_since : now;
        if (!at_once && now - f->quiet_since < LAST_WORDS_NS)
            return false;
        hand_on(f, true, taker);
    }
    int fd = f->fd >= 0 ? rotated_next(f, &f->lost) : -1;
    if (fd < 0)
        fd = open_path(f);
    if (fd < 0)
        return false;
    bool first = f->fd < 0 && !f->position;
    if (!take_file(f, fd))
        return false;
    if (first)
        current(f)->inode = (uint64_t)f->ino;
    else
        next_file(f);
    return true;
}

/* ---- After a restart ---- */

static bool is_still(const struct follow *f, const struct follow_file *file, uint64_t length)
{
    struct stat st;
    return f->fd >= 0 && fstat(f->fd, &st) == 0 && (uint64_t)st.st_size >= length && follow_begins_as(f->fd, file);
}

/* Hands on what a file that was left behind has up to there. */
static void read_upto(struct follow *f, uint64_t position, struct follow_taker taker)
{
    while (f->position + f->len < position) {
        uint64_t left = position - f->position - f->len;
        ssize_t n = read(f->fd, f->at + f->len, left < ROOM - f->len ? (size_t)left : ROOM - f->len);
        if (n <= 0)
            break;
        f->len += (size_t)n;
        if (!hand_on(f, false, taker))
            return;
    }
    hand_on(f, true, taker);
}

void follow_resume(struct follow *f, const struct follow_place *place, struct follow_taker taker)
{
    size_t n = 0;
    while (n + 1 < place->count && place->files[n + 1].base <= place->replay)
        n++;
    f->count = 0;
    f->until = place->until;
    for (; n < place->count; n++) {
        const struct follow_file *file = &place->files[n];
        bool last = n + 1 == place->count;
        uint64_t end = last ? place->position : place->files[n + 1].base,
                 from = file->base > place->replay ? file->base : place->replay;
        bool still = last && is_still(f, file, end - file->base);
        int fd = still ? -1 : rotated_find(f->path, file, end - file->base);
        f->files[f->count++] = *file;
        f->position = from;
        if (!still && !take_file(f, fd)) {
            f->lost |= file->head_length || end > from;
            f->position = end;
            if (last && f->fd >= 0) { /* what stands at the path is another */
                next_file(f);
                lseek(f->fd, 0, SEEK_SET);
            }
            continue;
        }
        current(f)->inode = (uint64_t)f->ino;
        lseek(f->fd, (off_t)(from - file->base), SEEK_SET);
        if (!last)
            read_upto(f, end, taker);
        f->position = last ? f->position : end;
        f->skipping = false;
        f->len = 0;
        if (!last)
            take_file(f, open_path(f));
    }
}

struct follow_place follow_place(struct follow *f, uint64_t replay)
{
    if (replay < f->files[0].base)
        replay = f->files[0].base;
    struct follow_place place = { .position = f->position,
                                  .replay = replay,
                                  .until = f->position > f->until ? f->position : f->until };
    size_t n = 0;
    while (n + 1 < f->count && f->files[n + 1].base <= replay)
        n++;
    for (; n < f->count; n++)
        place.files[place.count++] = f->files[n];
    return place;
}
