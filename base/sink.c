#define _POSIX_C_SOURCE 200809L
#include "base/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

enum { SINK_ROOM = 1 << 16, OPEN_FILES = 64, PATH_ROOM = 4096 };

struct sink {
    int fd; /* -1: into a buffer */
    struct buffer *into;
    char *path, *temporary;
    size_t used;
    uint64_t written;
    int failure; /* errno of the first write that failed */
    char room[SINK_ROOM];
};

/* Temporary files that exist now, for sink_abandon_all(). The one piece of process-wide state here: the handlers
 * that need it, of memory that ran out and of signals, are called with nothing in their hands. */
static const char *volatile temporaries[OPEN_FILES];

static void replace(const char *path, const char *instead)
{
    for (size_t i = 0; i < OPEN_FILES; i++)
        if (temporaries[i] == path) {
            temporaries[i] = instead;
            return;
        }
}

void sink_temporary_begin(const char *path)
{
    replace(NULL, path);
}

void sink_temporary_end(const char *path)
{
    if (path)
        replace(path, NULL);
}

struct sink *sink_stdout(void)
{
    struct sink *s = memory_take(sizeof *s);
    s->fd = STDOUT_FILENO;
    return s;
}

struct sink *sink_buffer(struct buffer *into)
{
    struct sink *s = memory_take(sizeof *s);
    s->fd = -1;
    s->into = into;
    return s;
}

static char *copy_of(const char *path)
{
    char *copy = memory_take(strlen(path) + 1);
    memcpy(copy, path, strlen(path));
    return copy;
}

struct sink *sink_append(const char *path, struct error *err)
{
    if (strcmp(path, "-") == 0)
        return sink_stdout();
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0) {
        fail(err, ERROR_OUTPUT, "cannot write '%s': %s", path, strerror(errno));
        return NULL;
    }
    struct sink *s = memory_take(sizeof *s);
    s->fd = fd;
    s->path = copy_of(path);
    return s;
}

bool sink_in_place(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

struct sink *sink_file(const char *path, struct error *err)
{
    if (strcmp(path, "-") == 0)
        return sink_stdout();
    if (sink_in_place(path))
        return sink_append(path, err);
    size_t n = strlen(path);
    if (n > PATH_ROOM) {
        fail(err, ERROR_OUTPUT, "path too long: '%.60s…'", path);
        return NULL;
    }
    struct sink *s = memory_take(sizeof *s);
    s->path = copy_of(path);
    s->temporary = memory_take(n + 8);
    snprintf(s->temporary, n + 8, "%s.XXXXXX", path);
    s->fd = mkstemp(s->temporary);
    if (s->fd < 0) {
        fail(err, ERROR_OUTPUT, "cannot write '%s': %s", path, strerror(errno));
        memory_free(s->temporary);
        s->temporary = NULL;
        sink_abandon(s);
        return NULL;
    }
    mode_t mask = umask(0);
    umask(mask);
    (void)fchmod(s->fd, 0666 & ~mask);
    sink_temporary_begin(s->temporary);
    return s;
}

void sink_flush(struct sink *s)
{
    size_t done = 0;
    while (s->fd >= 0 && done < s->used && !s->failure) {
        ssize_t n = write(s->fd, s->room + done, s->used - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            s->failure = errno;
    }
    s->used = 0;
}

void sink_sync(struct sink *s)
{
    sink_flush(s);
    if (s->fd >= 0 && !s->failure && fsync(s->fd) != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS)
        s->failure = errno; /* a pipe or terminal cannot do that */
}

void sink_put(struct sink *s, const void *at, size_t len)
{
    if (len == 0) /* an empty text may have no octets to point to */
        return;
    s->written += len;
    if (s->fd < 0) {
        buffer_put(s->into, at, len);
        return;
    }
    if (len <= SINK_ROOM - s->used) {
        memcpy(s->room + s->used, at, len);
        s->used += len;
        return;
    }
    const char *from = at;
    while (len) {
        if (s->used == SINK_ROOM)
            sink_flush(s);
        size_t n = SINK_ROOM - s->used < len ? SINK_ROOM - s->used : len;
        memcpy(s->room + s->used, from, n);
        s->used += n;
        from += n;
        len -= n;
    }
}

void sink_text(struct sink *s, struct text t)
{
    sink_put(s, t.at, t.len);
}

void sink_string(struct sink *s, const char *string)
{
    sink_text(s, text_of(string));
}

void sink_byte(struct sink *s, char c)
{
    sink_put(s, &c, 1);
}

void sink_format(struct sink *s, const char *format, ...)
{
    char small[512];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (n >= 0 && (size_t)n < sizeof small) {
        sink_put(s, small, (size_t)n);
    } else if (n > 0) {
        char *large = memory_take((size_t)n + 1);
        vsnprintf(large, (size_t)n + 1, format, again);
        sink_put(s, large, (size_t)n);
        memory_free(large);
    }
    va_end(again);
}

uint64_t sink_written(const struct sink *s)
{
    return s->written;
}

bool sink_failed(const struct sink *s)
{
    return s->failure != 0;
}

static void release(struct sink *s)
{
    if (s->fd > STDERR_FILENO)
        close(s->fd);
    memory_free(s->path);
    memory_free(s->temporary);
    memory_free(s);
}

bool sink_close(struct sink *s, struct error *err)
{
    if (!s)
        return true;
    sink_flush(s);
    const char *name = s->path ? s->path : "standard output";
    int failure = s->failure;
    if (s->into && s->into->full)
        failure = EFBIG;
    if (s->temporary) {
        if (!failure && rename(s->temporary, s->path) != 0)
            failure = errno;
        if (failure)
            unlink(s->temporary);
        sink_temporary_end(s->temporary);
    }
    if (failure)
        fail(err, ERROR_OUTPUT, "cannot write '%s': %s", name, strerror(failure));
    release(s);
    return failure == 0;
}

void sink_abandon(struct sink *s)
{
    if (!s)
        return;
    if (s->temporary)
        unlink(s->temporary);
    sink_temporary_end(s->temporary);
    release(s);
}

void sink_withdraw(struct sink *s)
{
    if (s && s->temporary)
        sink_abandon(s);
    else
        (void)sink_close(s, NULL);
}

void sink_abandon_all(void)
{
    for (size_t i = 0; i < OPEN_FILES; i++)
        if (temporaries[i])
            unlink(temporaries[i]);
}
