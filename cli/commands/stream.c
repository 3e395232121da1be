/* ikescope stream: log lines without end in, NDJSON out; standard input, growing files, Kafka. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/source.h"
#include "cli/checking.h"
#include "cli/checkpoint.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/kafka.h"
#include "cli/run.h"
#include "cli/stream.h"
#include "decoder/decoder.h"

enum { ROOM = 1 << 20, POLL_MS = 200, FOLLOWED = 64, LAST_WORDS = 5 };
#define CHECKPOINT_NS INT64_C(1000000000)
#define TURN_NS       INT64_C(300000000) /* a little more than a wait for input */

static volatile sig_atomic_t stopping;

static void stop(int signal)
{
    (void)signal;
    stopping = 1;
}

struct feed {           /* standard input, or a file that grows */
    const char *path;   /* NULL: standard input */
    struct text device; /* --device NAME=FILE */
    int fd;
    dev_t dev;
    ino_t ino;
    uint64_t offset; /* of what was handed on */
    char *at;
    size_t len;
    bool skipping; /* in a line longer than ROOM: its rest is dropped */
    bool ended;
    unsigned left; /* how often nothing came from a file that was rotated away */
};

struct streaming {
    struct stream *stream;
    struct sink *out;
    struct feed feeds[FOLLOWED];
    size_t count;
    const char *checkpoint;
    int64_t checkpointed;
    int64_t clock, looked; /* the time by which devices fall silent, and when it was last set */
    bool confirm;
    bool capture; /* standard input brings a capture */
};

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* While we were kept from reading (a slow reader of our records, a busy machine) no device was silent: one turn counts as no
 * more than a wait for input. */
static int64_t clock_of_silence(struct streaming *s)
{
    int64_t now = now_ns(), passed = now - s->looked;
    s->looked = now;
    s->clock += passed < TURN_NS ? passed : TURN_NS;
    return s->clock;
}

static bool feed_open(struct feed *f, uint64_t offset)
{
    struct stat st;
    f->fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (f->fd < 0 || fstat(f->fd, &st) != 0)
        return false;
    f->dev = st.st_dev;
    f->ino = st.st_ino;
    /* a checkpoint of a longer file is of another one */
    f->offset = offset <= (uint64_t)st.st_size ? offset : 0;
    lseek(f->fd, (off_t)f->offset, SEEK_SET);
    f->len = 0;
    return true;
}

static void hand_on(struct streaming *s, struct feed *f, bool all)
{
    size_t used = 0;
    int64_t now = clock_of_silence(s);
    for (;;) {
        char *end = memchr(f->at + used, '\n', f->len - used);
        size_t n = end ? (size_t)(end - (f->at + used)) : f->len - used;
        if (!end && !(all && n) && n < ROOM)
            break;
        struct text line = text_over(f->at + used, n);
        if (!f->skipping)
            stream_line(s->stream, line, f->device, f->offset, now);
        f->skipping = !end && !all;
        used += n + (end != NULL);
        f->offset += n + (end != NULL);
        if (end && s->confirm) { /* rsyslog's omprog waits for this after every message; what it confirms has been written */
            sink_flush(s->out);
            if (sink_failed(s->out) || write(STDOUT_FILENO, "OK\n", 3) != 3) {
                stopping = 1; /* no word for what was not written */
                break;
            }
        }
        if (!end)
            break;
    }
    memmove(f->at, f->at + used, f->len - used);
    f->len -= used;
}

/* Reads what there is; false when there was nothing. */
static bool feed_read(struct streaming *s, struct feed *f)
{
    if (f->fd < 0 || f->ended)
        return false;
    struct pollfd p = { f->fd, POLLIN, 0 };
    if (!f->path && poll(&p, 1, 0) == 0) /* read would wait, and time-outs with it */
        return false;
    ssize_t n = read(f->fd, f->at + f->len, ROOM - f->len);
    if (n < 0)
        return false;
    if (n == 0) {
        f->ended = f->path == NULL;
        return false;
    }
    f->len += (size_t)n;
    if (!f->path && f->offset == 0 && decoder_recognise((struct bytes){ (const uint8_t *)f->at, f->len })) {
        s->capture = true;
        stopping = 1;
        return false;
    }
    hand_on(s, f, false);
    return true;
}

/* The file was rotated away, or cut: begin anew. Who writes may go on with the old one until it is told, so it is read
 * until nothing came for a second; a last line without an end is then a line. */
static void feed_renew(struct streaming *s, struct feed *f)
{
    struct stat st;
    if (!f->path || stat(f->path, &st) != 0)
        return;
    bool other = f->fd < 0 || st.st_dev != f->dev || st.st_ino != f->ino;
    if (!other && (uint64_t)st.st_size >= f->offset + f->len)
        return;
    if (f->fd >= 0 && other) {
        bool more = false;
        while (!stopping && feed_read(s, f))
            more = true;
        f->left = more ? 0 : f->left + 1;
        if (f->left < LAST_WORDS)
            return;
        hand_on(s, f, true);
    }
    if (f->fd >= 0)
        close(f->fd);
    f->left = 0;
    f->skipping = false;
    stream_resumed(s->stream);
    feed_open(f, 0);
}

static void write_checkpoint(struct streaming *s)
{
    struct checkpoint_place places[FOLLOWED];
    sink_flush(s->out); /* first the records, then the word that they were written */
    if (sink_failed(s->out))
        return;
    for (size_t n = 0; n < s->count; n++) {
        const struct feed *f = &s->feeds[n];
        places[n] = (struct checkpoint_place){ f->path, (uint64_t)f->ino, f->offset };
    }
    checkpoint_write(s->checkpoint, places, s->count, s->stream);
    s->checkpointed = now_ns();
}

static void loop(struct streaming *s)
{
    unsigned turns = 0;
    while (!stopping) {
        bool any = false, open = false;
        for (size_t i = 0; i < s->count; i++) {
            any |= feed_read(s, &s->feeds[i]);
            open |= !s->feeds[i].ended;
        }
        if (!open || sink_failed(s->out))
            break;
        if (s->checkpoint && now_ns() - s->checkpointed > CHECKPOINT_NS)
            write_checkpoint(s);
        if (any) {
            if (!(++turns & 63)) /* devices that fell silent while others talk without a pause */
                stream_idle(s->stream, clock_of_silence(s));
            continue;
        }
        sink_flush(s->out);
        stream_idle(s->stream, clock_of_silence(s));
        sink_flush(s->out);
        bool from_stdin = s->count == 1 && !s->feeds[0].path;
        struct pollfd p = { STDIN_FILENO, POLLIN, 0 };
        poll(from_stdin ? &p : NULL, from_stdin ? 1 : 0, POLL_MS);
        for (size_t i = 0; i < s->count; i++)
            feed_renew(s, &s->feeds[i]);
    }
}

static bool number_of(const struct words *w, uint64_t fallback, uint64_t *n, const char *name, struct error *err)
{
    *n = fallback;
    return !option_given(w) || (text_number(text_of(option_last(w, "")), 10, n) && *n > 0 && *n <= UINT32_MAX) ||
           fail(err, ERROR_USAGE, "'--%s %s' is no number", name, option_last(w, ""));
}

/* What is no log would be read to its end without a word. Looks at what a file begins with; a followed one may come later. */
static bool is_log(const struct feed *f, struct error *err)
{
    uint8_t head[64];
    struct stat st;
    bool file = f->path && f->fd >= 0 && fstat(f->fd, &st) == 0 && S_ISREG(st.st_mode);
    ssize_t n = file ? pread(f->fd, head, sizeof head, 0) : 0;
    struct bytes first = { head, n > 0 ? (size_t)n : 0 };
    if (decoder_recognise(first))
        return fail(err, ERROR_INPUT, "'%s' is a capture, and 'stream' reads the lines of logs; 'ikescope -f ndjson' reads it",
                    f->path);
    if (source_is_packed(first))
        return fail(err, ERROR_INPUT, "'%s' is compressed, and 'stream' reads lines as they are; unpack it into the pipe",
                    f->path);
    return true;
}

static bool open_feeds(struct streaming *s, const struct invocation *i, const struct checkpoint *checkpoint, struct error *err)
{
    size_t files = i->follow.count + i->inputs.count;
    if (files > FOLLOWED)
        return fail(err, ERROR_USAGE, "more than %d files to follow", FOLLOWED);
    for (size_t n = 0; n < (files ? files : 1); n++) {
        struct feed *f = &s->feeds[s->count++];
        f->at = memory_take(ROOM);
        f->fd = STDIN_FILENO;
        if (!files)
            return true;
        f->path = n < i->follow.count ? i->follow.at[n] : i->inputs.at[n - i->follow.count];
        if (strcmp(f->path, "-") == 0) {
            f->path = NULL;
            continue;
        }
        for (size_t d = 0; d < i->device.count; d++) {
            const char *equals = strchr(i->device.at[d], '=');
            if (equals && strcmp(equals + 1, f->path) == 0)
                f->device = text_over(i->device.at[d], (size_t)(equals - i->device.at[d]));
        }
        struct stat st;
        if (stat(f->path, &st) != 0 || !feed_open(f, checkpoint_replay(checkpoint, f->path, (uint64_t)st.st_ino))) {
            if (n >= i->follow.count)
                return fail(err, ERROR_INPUT, "cannot open '%s': %s", f->path, strerror(errno));
            f->fd = -1; /* a followed file may come later */
        }
        if (!is_log(f, err))
            return false;
    }
    return true;
}

/* A plain argument is read once to its end; only --follow waits for more. */
static void end_plain_files(struct streaming *s, const struct invocation *i)
{
    if (i->follow.count)
        return;
    for (size_t n = 0; n < s->count; n++) {
        while (s->feeds[n].path && !stopping && feed_read(s, &s->feeds[n]))
            continue;
        s->feeds[n].ended |= s->feeds[n].path != NULL;
    }
}

/* A kill may have left half a record at the end of the output; the next one must not be glued to it. */
static void end_last_line(struct sink *out, const char *path)
{
    char last = '\n';
    int fd = strcmp(path, "-") != 0 ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    if (fd >= 0 && lseek(fd, -1, SEEK_END) >= 0 && read(fd, &last, 1) == 1 && last != '\n')
        sink_byte(out, '\n');
    if (fd >= 0)
        close(fd);
}

static int run_stream(int argc, char **argv)
{
    struct invocation i = { 0 };
    struct error err = { 0 };
    int status;
    if (!command_begin("stream", argc, argv, &i, &status))
        return status;
    if (option_given(&i.kafka)) {
        status = kafka_stream(&i);
        options_clear(&i);
        return status;
    }
    struct streaming s = { .checkpoint = option_last(&i.checkpoint, NULL), .confirm = option_given(&i.confirm) };
    struct stream_options o = { .device_field = option_last(&i.device_field, NULL) };
    struct arena *arena = arena_create();
    struct checkpoint *checkpoint = NULL;
    uint64_t devices, sas, seconds;
    struct text text;
    bool ok = number_of(&i.max_devices, 10000, &devices, "max-devices", &err) &&
              number_of(&i.max_sas, 100000, &sas, "max-sas", &err) && number_of(&i.timeout, 120, &seconds, "timeout", &err);
    if (ok && s.checkpoint && access(s.checkpoint, F_OK) == 0)
        ok = read_file(s.checkpoint, arena, &text, &err) && (checkpoint = checkpoint_read(text, &err)) != NULL;
    if (ok && strcmp(option_last(&i.format, "ndjson"), "ndjson") != 0)
        ok = fail(&err, ERROR_USAGE, "no stream format '%s'; there is ndjson", option_last(&i.format, ""));
    if (ok && s.confirm && !option_given(&i.output))
        ok = fail(&err, ERROR_USAGE, "'--confirm' answers on standard output, so the records need '-o FILE'");
    ok = ok && open_feeds(&s, &i, checkpoint, &err);
    ok = ok && (s.out = option_given(&i.output) ? sink_append(option_last(&i.output, "-"), &err) : sink_stdout()) != NULL;
    if (ok) {
        o.max_devices = (uint32_t)devices;
        o.max_sas = (uint32_t)sas;
        o.timeout_ns = (int64_t)seconds * 1000000000;
        struct sigaction act = { .sa_handler = stop };
        sigaction(SIGINT, &act, NULL);
        sigaction(SIGTERM, &act, NULL);
        if (s.confirm && write(STDOUT_FILENO, "OK\n", 3) != 3)
            stopping = 1;
        s.stream = stream_create(o, s.out);
        end_last_line(s.out, option_last(&i.output, "-"));
        s.checkpointed = s.looked = now_ns();
        /* read from the beginning, because it is another file: nothing of it was seen */
        if (s.count == 1 && s.feeds[0].path && s.feeds[0].offset)
            checkpoint_resume(checkpoint, s.stream);
        end_plain_files(&s, &i);
        loop(&s);
        bool later = s.checkpoint && stopping; /* another run goes on: half a line and open episodes are its own */
        for (size_t n = 0; n < s.count && !later && !s.capture; n++)
            hand_on(&s, &s.feeds[n], true);
        if (s.checkpoint)
            write_checkpoint(&s);
        if (later)
            stream_leave(s.stream);
        else
            stream_end(s.stream);
        stream_destroy(s.stream);
        ok = sink_close(s.out, &err);
        if (s.capture)
            ok = fail(&err, ERROR_INPUT,
                      "standard input is a capture, and 'stream' reads the lines of logs; 'ikescope -f ndjson -' reads it");
    }
    if (err.kind)
        warn(false, "%s", err.text);
    for (size_t n = 0; n < s.count; n++)
        memory_free(s.feeds[n].at);
    checkpoint_free(checkpoint);
    arena_destroy(arena);
    options_clear(&i);
    return ok ? EXIT_DONE : EXIT_TROUBLE;
}

const struct command command_stream = {
    .name = "stream",
    .arguments = "[--follow FILE]... [FILE]...",
    .summary = "reads log lines without end, writes NDJSON as things happen, bounded memory; state per device",
    .details = "Lines come from standard input, files that grow, or Kafka; docs/stream.md has the records and how a syslog "
               "daemon feeds it.",
    .formats = "ndjson",
    .run = run_stream,
};
