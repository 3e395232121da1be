#define _POSIX_C_SOURCE 200809L
#include "base/source.h"

#include <errno.h>
#include <fcntl.h>
#include <lzma.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#define ZSTD_STATIC_LINKING_ONLY /* for ZSTD_createDStream_advanced */
#include <zstd.h>
#include <zstd_errors.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/platform.h"

enum { RAW_ROOM = 1 << 17, MEMORY_LIMIT_MIB = 256, UNPACKED_FREE = 256 << 20 };

static const char too_much[] = "compressed so well that it unpacks without end";
static const char too_greedy[] = "compressed so that unpacking takes more memory than it may have";

enum compression { PLAIN, GZIP, ZSTD, XZ };

struct source {
    int fd; /* -1: from memory */
    struct bytes memory;
    enum compression compression;
    z_stream z;
    ZSTD_DStream *zstd;
    lzma_stream lzma;
    bool raw_end, ended, stream_open, over;
    uint64_t packed, unpacked; /* octets so far */
    const char *damage;
    void (*took)(void *with, size_t octets); /* NULL: nobody watches */
    void *with;
    uint8_t *raw;                     /* compressed octets not yet taken: raw[raw_at .. raw_len) */
    size_t raw_at, raw_len, raw_used; /* used: so much of it was ever written */
    uint8_t *ahead;                   /* decompressed octets shown by peek and not yet read */
    size_t ahead_at, ahead_len, ahead_used;
    size_t secret; /* raw and ahead stand in so many octets of pages for secrets; 0: each in the heap */
};

static size_t read_fd(struct source *s, void *at, size_t size)
{
    if (s->fd < 0) {
        size_t n = s->memory.len < size ? s->memory.len : size;
        if (n)
            memcpy(at, s->memory.at, n);
        s->memory = bytes_over(s->memory.at + n, s->memory.len - n);
        return n;
    }
    for (;;) {
        ssize_t n = read(s->fd, at, size);
        if (n >= 0) {
            if (s->took)
                s->took(s->with, (size_t)n);
            return (size_t)n;
        }
        if (errno != EINTR) {
            s->damage = "read error";
            return 0;
        }
    }
}

static bool raw_fill(struct source *s)
{
    if (s->raw_at < s->raw_len)
        return true;
    if (s->raw_end)
        return false;
    s->raw_at = 0;
    s->raw_len = read_fd(s, s->raw, RAW_ROOM);
    s->raw_used = s->raw_len > s->raw_used ? s->raw_len : s->raw_used;
    s->raw_end = s->raw_len == 0;
    s->packed += s->raw_len;
    return s->raw_len > 0;
}

/* One step of the decompressor into at[0..size): octets made, and whether the stream is over or broken. */
static size_t step_gzip(struct source *s, uint8_t *at, size_t size, bool *over, bool *broken)
{
    s->z.next_in = s->raw + s->raw_at;
    s->z.avail_in = (uInt)(s->raw_len - s->raw_at);
    s->z.next_out = at;
    s->z.avail_out = (uInt)(size > UINT32_MAX ? UINT32_MAX : size);
    uInt room = s->z.avail_out;
    int rc = inflate(&s->z, Z_NO_FLUSH);
    s->raw_at = s->raw_len - s->z.avail_in;
    if (rc == Z_STREAM_END) {
        /* gzip members may follow one another; anything else behind a member is padding. */
        *over = !raw_fill(s) || s->raw[s->raw_at] != 0x1f;
        if (!*over)
            inflateReset(&s->z);
    } else if (rc == Z_MEM_ERROR) {
        memory_checked(NULL);
    } else if (rc != Z_OK && rc != Z_BUF_ERROR) {
        *broken = true;
    }
    return room - s->z.avail_out;
}

static size_t step_zstd(struct source *s, uint8_t *at, size_t size, bool *over, bool *broken)
{
    ZSTD_inBuffer in = { s->raw + s->raw_at, s->raw_len - s->raw_at, 0 };
    ZSTD_outBuffer out = { at, size, 0 };
    size_t rc = ZSTD_decompressStream(s->zstd, &out, &in);
    s->raw_at += in.pos;
    *broken = ZSTD_isError(rc) != 0;
    if (ZSTD_getErrorCode(rc) == ZSTD_error_memory_allocation)
        memory_checked(NULL);
    if (ZSTD_getErrorCode(rc) == ZSTD_error_frameParameter_windowTooLarge)
        s->damage = too_greedy;
    *over = rc == 0 && !raw_fill(s);
    return *broken ? 0 : out.pos; /* behind an error the library says that it filled what it left as it was */
}

static size_t step_xz(struct source *s, uint8_t *at, size_t size, bool *over, bool *broken)
{
    s->lzma.next_in = s->raw + s->raw_at;
    s->lzma.avail_in = s->raw_len - s->raw_at;
    s->lzma.next_out = at;
    s->lzma.avail_out = size;
    lzma_ret rc = lzma_code(&s->lzma, s->raw_end && s->raw_at == s->raw_len ? LZMA_FINISH : LZMA_RUN);
    s->raw_at = s->raw_len - s->lzma.avail_in;
    if (rc == LZMA_MEM_ERROR)
        memory_checked(NULL);
    if (rc == LZMA_MEMLIMIT_ERROR)
        s->damage = too_greedy;
    *over = rc == LZMA_STREAM_END;
    *broken = rc != LZMA_OK && rc != LZMA_STREAM_END && rc != LZMA_BUF_ERROR;
    return size - s->lzma.avail_out;
}

/* What unpacks to far more than logs and captures do was made to cost time. */
static bool too_well_packed(struct source *s, size_t more)
{
    s->unpacked += more;
    s->over = s->unpacked > UNPACKED_FREE && s->unpacked / LIMIT_UNPACKED > s->packed - (s->raw_len - s->raw_at);
    if (s->over)
        s->damage = too_much;
    return s->over;
}

static size_t decompress(struct source *s, uint8_t *at, size_t size)
{
    while (!s->ended) {
        bool more = raw_fill(s), over = false, broken = false;
        size_t n = s->compression == GZIP   ? step_gzip(s, at, size, &over, &broken)
                   : s->compression == ZSTD ? step_zstd(s, at, size, &over, &broken)
                                            : step_xz(s, at, size, &over, &broken);
        if (broken && !s->damage)
            s->damage = "compressed data is corrupt";
        else if (!more && n == 0 && !over)
            s->damage = "compressed data ends early";
        s->ended = too_well_packed(s, n) || over || broken || s->damage;
        if (n)
            return n;
    }
    return 0;
}

static size_t produce(struct source *s, void *at, size_t size)
{
    if (s->compression == PLAIN) {
        if (s->raw_at < s->raw_len) {
            size_t n = s->raw_len - s->raw_at < size ? s->raw_len - s->raw_at : size;
            memcpy(at, s->raw + s->raw_at, n);
            s->raw_at += n;
            return n;
        }
        return s->ended ? 0 : read_fd(s, at, size);
    }
    return decompress(s, at, size);
}

/* A decompressor keeps a window of what it made, which may have been keys: its memory is wiped like all that is given back. */
static void *take(void *with, size_t count, size_t size)
{
    (void)with;
    return memory_grow(NULL, size && count > SIZE_MAX / size ? SIZE_MAX : count * size);
}

static void *take_items(void *with, uInt count, uInt size)
{
    return take(with, count, size);
}

static void *take_one(void *with, size_t size)
{
    return take(with, 1, size);
}

static void give(void *with, void *block)
{
    (void)with;
    memory_free(block);
}

/* A decompressor that does not begin has no memory to begin with. */
static void begin_gzip(struct source *s)
{
    s->z.zalloc = take_items;
    s->z.zfree = give;
    if (inflateInit2(&s->z, 15 + 16) != Z_OK)
        memory_checked(NULL);
    s->compression = GZIP;
}

static void begin_zstd(struct source *s)
{
    s->zstd = memory_checked(ZSTD_createDStream_advanced((ZSTD_customMem){ take_one, give, NULL }));
    s->compression = ZSTD;
}

static void begin_xz(struct source *s)
{
    static const lzma_allocator memory = { take, give, NULL };
    s->lzma.allocator = &memory;
    if (lzma_stream_decoder(&s->lzma, (uint64_t)MEMORY_LIMIT_MIB << 20, LZMA_CONCATENATED) != LZMA_OK)
        memory_checked(NULL);
    s->compression = XZ;
}

static enum compression compression_of(struct bytes first)
{
    static const struct {
        const char *magic;
        size_t length;
        enum compression compression;
    } rows[] = { { "\x1f\x8b\x08", 3, GZIP }, { "\x28\xb5\x2f\xfd", 4, ZSTD }, { "\xfd\x37zXZ\0", 6, XZ } };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (first.len >= rows[i].length && memcmp(first.at, rows[i].magic, rows[i].length) == 0)
            return rows[i].compression;
    return PLAIN;
}

bool source_is_packed(struct bytes first)
{
    return compression_of(first) != PLAIN;
}

static void recognise(struct source *s)
{
    while (s->raw_len < 6) {
        size_t n = read_fd(s, s->raw + s->raw_len, RAW_ROOM - s->raw_len);
        if (n == 0)
            break;
        s->raw_len += n;
    }
    s->packed = s->raw_used = s->raw_len;
    enum compression found = compression_of(bytes_over(s->raw, s->raw_len));
    if (found == GZIP)
        begin_gzip(s);
    else if (found == ZSTD)
        begin_zstd(s);
    else if (found == XZ)
        begin_xz(s);
}

static struct source *create(bool secret)
{
    struct source *s = memory_take(sizeof *s);
    s->fd = -1;
    if (secret) {
        s->secret = RAW_ROOM + SOURCE_PEEK;
        s->raw = platform_secret_pages(&s->secret);
        s->ahead = s->raw + RAW_ROOM;
    } else {
        s->raw = memory_grow(NULL, RAW_ROOM);
    }
    return s;
}

static struct source *open_file(const char *path, bool secret, struct error *err)
{
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        fail(err, ERROR_INPUT, "cannot open '%s': %s", path, strerror(errno));
        return NULL;
    }
    if (S_ISDIR(st.st_mode)) {
        fail(err, ERROR_INPUT, "cannot read '%s': it is a folder", path);
        close(fd);
        return NULL;
    }
    struct source *s = create(secret);
    s->fd = fd;
    recognise(s);
    return s;
}

struct source *source_open(const char *path, struct error *err)
{
    return open_file(path, false, err);
}

struct source *source_open_secret(const char *path, struct error *err)
{
    return open_file(path, true, err);
}

struct source *source_over(struct bytes octets)
{
    struct source *s = create(false);
    s->memory = octets;
    return s;
}

struct source *source_packed(struct bytes octets)
{
    struct source *s = source_over(octets);
    recognise(s);
    return s;
}

size_t source_read(struct source *s, void *at, size_t size)
{
    if (s->ahead_at < s->ahead_len) {
        size_t n = s->ahead_len - s->ahead_at < size ? s->ahead_len - s->ahead_at : size;
        memcpy(at, s->ahead + s->ahead_at, n);
        s->ahead_at += n;
        return n;
    }
    return size ? produce(s, at, size) : 0;
}

struct bytes source_peek(struct source *s, size_t size)
{
    if (!s->ahead)
        s->ahead = memory_grow(NULL, SOURCE_PEEK);
    if (size > SOURCE_PEEK)
        size = SOURCE_PEEK;
    if (s->ahead_at) {
        memmove(s->ahead, s->ahead + s->ahead_at, s->ahead_len - s->ahead_at);
        s->ahead_len -= s->ahead_at;
        s->ahead_at = 0;
    }
    while (s->ahead_len < size) {
        size_t n = produce(s, s->ahead + s->ahead_len, SOURCE_PEEK - s->ahead_len);
        if (n == 0)
            break;
        s->ahead_len += n;
        s->ahead_used = s->ahead_len > s->ahead_used ? s->ahead_len : s->ahead_used;
    }
    return bytes_over(s->ahead, s->ahead_len < size ? s->ahead_len : size);
}

const char *source_damaged(const struct source *s)
{
    return s->damage;
}

bool source_over_limit(const struct source *s)
{
    return s->over;
}

void source_watch(struct source *s, void (*took)(void *with, size_t octets), void *with)
{
    s->took = took;
    s->with = with;
}

void source_close(struct source *s)
{
    if (!s)
        return;
    if (s->compression == GZIP)
        inflateEnd(&s->z);
    if (s->compression == XZ)
        lzma_end(&s->lzma);
    ZSTD_freeDStream(s->zstd);
    if (s->fd > STDERR_FILENO)
        close(s->fd);
    if (s->secret) {
        platform_secret_release(s->raw, s->secret);
    } else {
        memory_leave(s->raw, s->raw_used);
        memory_leave(s->ahead, s->ahead_used);
    }
    memory_free(s);
}

size_t source_inflate(struct bytes packed, uint8_t *out, size_t room)
{
    z_stream z = { .next_in = (uint8_t *)packed.at,
                   .avail_in = (uInt)packed.len,
                   .next_out = out,
                   .avail_out = (uInt)room,
                   .zalloc = take_items,
                   .zfree = give };
    if (packed.len > UINT32_MAX || room > UINT32_MAX)
        return 0;
    if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
        memory_checked(NULL);
    const bool whole = inflate(&z, Z_FINISH) == Z_STREAM_END;
    inflateEnd(&z);
    return whole ? room - z.avail_out : 0;
}
