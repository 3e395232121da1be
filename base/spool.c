#include "base/spool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"

/* What is read of a run at once: a share of READ_ALL, within these bounds. */
enum { READ_ALL = 16 << 20, READ_LEAST = 1 << 12, READ_MOST = 1 << 18, WRITE_ROOM = 1 << 18 };

struct head { /* of a record in the file; its octets follow */
    struct spool_key key;
    uint64_t len;
};

struct place { /* of a record in memory */
    struct head head;
    size_t at;
};

struct run { /* records of the file, in order */
    uint64_t from, until;
    struct spool_key last;
};

struct spool {
    size_t held;
    uint8_t *room;
    size_t used;
    struct place *places;
    size_t count, places_room;
    int fd; /* -1: none could be opened */
    uint64_t end;
    uint8_t *out; /* what is to be written at the file's end */
    size_t out_used;
    struct run *runs;
    size_t run_count, runs_room;
    int failure; /* errno of the first one */
    bool lacks;  /* a record was put that there was no room for */
};

static int key_order(const struct spool_key *a, const struct spool_key *b)
{
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return (a->second > b->second) - (a->second < b->second);
}

/* ---- its file ---- */

/* A file in that folder, which has lost its name at once; -1 with errno. */
static int open_in(const char *folder, size_t len)
{
    static const char name[] = "/ikescope.XXXXXX";
    char *path = memory_take(len + sizeof name);
    memcpy(path, folder, len);
    memcpy(path + len, name, sizeof name);
    const int fd = mkstemp(path);
    if (fd >= 0)
        unlink(path);
    memory_free(path);
    return fd;
}

static void take_file(struct spool *s, int fd)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = fd;
    s->failure = fd < 0 ? errno : 0;
}

struct spool *spool_create(size_t held)
{
    struct spool *s = memory_take(sizeof *s);
    const char *folder = getenv("TMPDIR");
    folder = folder && folder[0] ? folder : "/tmp";
    s->held = held;
    s->fd = -1;
    take_file(s, open_in(folder, strlen(folder)));
    return s;
}

void spool_move(struct spool *s, const char *beside)
{
    const char *slash = strrchr(beside, '/');
    take_file(s, slash ? open_in(beside, (size_t)(slash - beside)) : open_in(".", 1));
}

static void write_out(struct spool *s)
{
    size_t done = 0;
    while (done < s->out_used && !s->failure) {
        const ssize_t n = write(s->fd, s->out + done, s->out_used - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            s->failure = errno;
    }
    s->out_used = 0;
}

static void append(struct spool *s, const void *at, size_t len)
{
    const uint8_t *from = at;
    s->end += len;
    while (len) {
        const size_t room = WRITE_ROOM - s->out_used, n = len < room ? len : room;
        memcpy(s->out + s->out_used, from, n);
        s->out_used += n;
        from += n;
        len -= n;
        if (s->out_used == WRITE_ROOM)
            write_out(s);
    }
}

/* ---- what memory holds ---- */

static int place_order(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    const int order = key_order(&x->head.key, &y->head.key);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

static void sort(struct spool *s)
{
    for (size_t i = 1; i < s->count; i++)
        if (place_order(&s->places[i - 1], &s->places[i]) > 0) {
            qsort(s->places, s->count, sizeof *s->places, place_order);
            return;
        }
}

/* To the file: as a run, or, where it begins behind the end of the last one, as more of that. */
static void put_by(struct spool *s)
{
    if (!s->count || s->failure)
        return;
    sort(s);
    s->out = s->out ? s->out : memory_take(WRITE_ROOM);
    struct run *last = s->run_count ? &s->runs[s->run_count - 1] : NULL;
    if (!last || key_order(&last->last, &s->places[0].head.key) > 0) {
        if (s->run_count == s->runs_room) {
            s->runs_room = s->runs_room ? s->runs_room * 2 : 16;
            s->runs = memory_grow(s->runs, s->runs_room * sizeof *s->runs);
        }
        last = &s->runs[s->run_count++];
        last->from = s->end;
    }
    for (size_t i = 0; i < s->count; i++) {
        append(s, &s->places[i].head, sizeof s->places[i].head);
        append(s, s->room + s->places[i].at, (size_t)s->places[i].head.len);
    }
    last->until = s->end;
    last->last = s->places[s->count - 1].head.key;
    s->used = s->count = 0;
}

static bool fits(const struct spool *s, size_t len)
{
    return !s->count || s->used + len + (s->count + 1) * sizeof *s->places <= s->held;
}

void spool_put(struct spool *s, struct spool_key key, struct bytes octets)
{
    if (!fits(s, octets.len))
        put_by(s);
    if (!fits(s, octets.len)) {
        s->lacks = true;
        return;
    }
    if (!s->room || octets.len > s->held) { /* one alone may be larger */
        s->held = octets.len > s->held ? octets.len : s->held;
        s->room = memory_grow(s->room, s->held);
    }
    if (s->count == s->places_room) {
        s->places_room = s->places_room ? s->places_room * 2 : 256;
        s->places = memory_grow(s->places, s->places_room * sizeof *s->places);
    }
    memcpy(s->room + s->used, octets.at, octets.len);
    s->places[s->count++] = (struct place){ { key, octets.len }, s->used };
    s->used += octets.len;
}

/* ---- given back ---- */

struct reader { /* of a run: the record that comes next, and what was read of those behind it */
    const struct run *run;
    uint64_t next; /* where in the file what was not read yet begins */
    uint8_t *room;
    size_t size, at, filled;
    struct head head;
};

/* So many octets of the run lie at room + at from now on. */
static bool have(struct spool *s, struct reader *r, size_t len)
{
    if (len > r->size) {
        r->room = memory_grow(r->room, len);
        r->size = len;
    }
    if (r->filled - r->at >= len)
        return true;
    memmove(r->room, r->room + r->at, r->filled - r->at);
    r->filled -= r->at;
    r->at = 0;
    while (r->filled < len && !s->failure) {
        const uint64_t left = r->run->until - r->next, room = r->size - r->filled;
        const ssize_t n = pread(s->fd, r->room + r->filled, (size_t)(left < room ? left : room), (off_t)r->next);
        if (n > 0) {
            r->filled += (size_t)n;
            r->next += (uint64_t)n;
        } else if (n == 0 || errno != EINTR) {
            s->failure = n == 0 ? EIO : errno;
        }
    }
    return !s->failure;
}

/* The next record's head is in its place and its octets are read; false at the end of the run, and when the file fails. */
static bool advance(struct spool *s, struct reader *r)
{
    if (r->at == r->filled && r->next == r->run->until)
        return false;
    if (!have(s, r, sizeof r->head))
        return false;
    memcpy(&r->head, r->room + r->at, sizeof r->head);
    r->at += sizeof r->head;
    return have(s, r, (size_t)r->head.len);
}

static bool before(const struct reader *a, const struct reader *b)
{
    const int order = key_order(&a->head.key, &b->head.key);
    return order ? order < 0 : a->run < b->run;
}

/* The heap's order is kept below `at`. */
static void sink_down(struct reader **heap, size_t count, size_t at)
{
    for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        child += child + 1 < count && before(heap[child + 1], heap[child]);
        if (!before(heap[child], heap[at]))
            return;
        struct reader *r = heap[at];
        heap[at] = heap[child];
        heap[child] = r;
        at = child;
    }
}

static void merge(struct spool *s, void (*take)(void *context, struct spool_key key, struct bytes octets), void *context)
{
    struct reader *readers = memory_take(s->run_count * sizeof *readers), **heap = memory_take(s->run_count * sizeof *heap);
    const size_t share = READ_ALL / s->run_count;
    size_t count = 0;
    for (size_t i = 0; i < s->run_count; i++) {
        struct reader *r = &readers[i];
        r->run = &s->runs[i];
        r->next = r->run->from;
        r->size = share < READ_LEAST ? READ_LEAST : share > READ_MOST ? READ_MOST : share;
        r->room = memory_take(r->size);
        if (advance(s, r))
            heap[count++] = r;
    }
    for (size_t i = count / 2; i-- > 0;)
        sink_down(heap, count, i);
    while (count && !s->failure) {
        struct reader *r = heap[0];
        take(context, r->head.key, bytes_over(r->room + r->at, (size_t)r->head.len));
        r->at += (size_t)r->head.len;
        if (!advance(s, r))
            heap[0] = heap[--count];
        sink_down(heap, count, 0);
    }
    for (size_t i = 0; i < s->run_count; i++)
        memory_free(readers[i].room);
    memory_free(readers);
    memory_free(heap);
}

bool spool_give(struct spool *s, void (*take)(void *context, struct spool_key key, struct bytes octets), void *context,
                struct error *err)
{
    if (!s->run_count && !s->lacks) {
        sort(s);
        for (size_t i = 0; i < s->count; i++)
            take(context, s->places[i].head.key, bytes_over(s->room + s->places[i].at, (size_t)s->places[i].head.len));
        s->used = s->count = 0;
        return true;
    }
    put_by(s);
    write_out(s);
    if (!s->failure)
        merge(s, take, context);
    return !s->failure || fail(err, ERROR_OUTPUT, "cannot keep what is to be sorted: %s", strerror(s->failure));
}

void spool_destroy(struct spool *s)
{
    if (!s)
        return;
    if (s->fd >= 0)
        close(s->fd);
    memory_free(s->room);
    memory_free(s->places);
    memory_free(s->out);
    memory_free(s->runs);
    memory_free(s);
}
