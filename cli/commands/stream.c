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
#include "cli/follow.h"
#include "cli/habits.h"
#include "cli/help.h"
#include "cli/kafka.h"
#include "cli/run.h"
#include "cli/spool.h"
#include "cli/stream.h"
#include "decoder/decoder.h"
#include "parser/exported.h"

enum { POLL_MS = 200, FOLLOWED = 64, LOOK_AHEAD = 1 << 14, SPOOL_MOST = 64 << 20 };
#define CHECKPOINT_NS INT64_C(1000000000)
#define TURN_NS       INT64_C(300000000) /* a little more than a wait for input */

static volatile sig_atomic_t stopping;

static void stop(int signal)
{
    (void)signal;
    stopping = 1;
}

struct streaming {
    struct stream *streams[FOLLOWED]; /* one a file: its episodes, its caps */
    struct sink *out;
    struct follow files[FOLLOWED];
    size_t count;
    const char *checkpoint;
    int64_t checkpointed;
    int64_t clock, looked; /* the time by which devices fall silent, and when it was last set */
    bool confirm;          /* lines come to `given`, and into the spool, which is the one file that is followed */
    struct follow given;
    struct spool spool;
    bool quiet;
    bool no_log;          /* standard input brings something else */
    struct error trouble; /* why it is none, or why lines cannot be read or kept */
    struct error unsaved; /* why the checkpoint cannot be written */
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

/* JSON whose objects do not stand alone on their lines: an array on one line, or members on lines of their own. */
static bool is_json_in_one_piece(struct text first)
{
    struct text t = text_trim(first), line;
    if (text_starts(t, TEXT("["))) {
        size_t end = text_find_byte(t, '\n');
        t = text_trim(text_from(t, 1));
        if (text_starts(t, TEXT("{")) && (size_t)(t.at - first.at) < end)
            return true;
    }
    if (!text_starts(t, TEXT("{")) || text_find_byte(t, '\n') == TEXT_NOWHERE)
        return false;
    struct arena *arena = arena_create();
    struct unpacked u;
    text_cut(&t, '\n', &line);
    bool object = exported_json(text_trim(line), NULL, arena, &u);
    arena_destroy(arena);
    return !object;
}

/* name: as messages have it, in quotes or not. */
static bool begins_as_log(const char *path, struct bytes first, struct error *err)
{
    const char *quote = path ? "'" : "", *name = path ? path : "standard input", *again = path ? path : "-";
    struct text text = text_of_bytes(first);
    struct exported exported;
    exported_detect(&exported, text);
    if (decoder_recognise(first))
        return fail(err, ERROR_INPUT,
                    "%s%s%s is a capture, and 'stream' reads the lines of logs; 'ikescope -f ndjson %s' reads it", quote, name,
                    quote, again);
    if (source_is_packed(first))
        return fail(err, ERROR_INPUT, "%s%s%s is compressed, and 'stream' reads lines as they are; unpack it into the pipe",
                    quote, name, quote);
    if (exported.form == EXPORTED_CSV)
        return fail(err, ERROR_INPUT,
                    "%s%s%s is a table (CSV), and 'stream' reads lines as a device or a collector's JSON has them; 'ikescope -f "
                    "ndjson %s' reads it",
                    quote, name, quote, again);
    return !is_json_in_one_piece(text) ||
           fail(err, ERROR_INPUT, "%s%s%s is JSON in one piece, and 'stream' reads one object a line, as 'jq -c' writes them",
                quote, name, quote);
}

static bool is_lines(void *context, struct bytes first)
{
    struct streaming *s = context;
    s->no_log = !begins_as_log(NULL, first, &s->trouble);
    stopping = s->no_log ? 1 : stopping;
    return !s->no_log;
}

/* A line of a file. */
static bool take_line(void *context, struct follow *f, const struct text *line, bool end)
{
    (void)end;
    struct streaming *s = context;
    if (line)
        stream_line(s->streams[f - s->files], *line, f->device, f->position, s->clock);
    return true;
}

static struct follow_taker taker_of(struct streaming *s)
{
    return (struct follow_taker){ is_lines, take_line, s };
}

/* rsyslog's omprog waits for a word after every message; what is confirmed stands in the spool. */
static bool confirm(void)
{
    if (write(STDOUT_FILENO, "OK\n", 3) == 3)
        return true;
    stopping = 1; /* nobody listens any more */
    return false;
}

static bool keep_line(void *context, struct follow *f, const struct text *line, bool end)
{
    (void)f;
    struct streaming *s = context;
    if (!spool_add(&s->spool, line ? *line : TEXT(""), end, &s->trouble)) {
        stopping = 1; /* no word for what is not there */
        return false;
    }
    return !end || confirm();
}

static struct follow_taker keeper_of(struct streaming *s)
{
    return (struct follow_taker){ is_lines, keep_line, s };
}

static void write_checkpoint(struct streaming *s)
{
    static struct checkpoint_input inputs[FOLLOWED];
    sink_sync(s->out); /* first the records, then the word that they were written */
    if (sink_failed(s->out) || (s->confirm && !spool_sync(&s->spool)))
        return;
    for (size_t n = 0; n < s->count; n++) {
        struct follow *f = &s->files[n];
        struct follow_place place = follow_place(f, stream_replay(s->streams[n], f->position));
        inputs[n] = (struct checkpoint_input){ f->path, place, s->streams[n] };
    }
    s->unsaved = (struct error){ 0 }; /* a full disk may have room again */
    if (checkpoint_write(s->checkpoint, inputs, s->count, &s->unsaved) && s->confirm)
        spool_release(&s->spool, inputs[0].place.replay);
    s->checkpointed = now_ns();
}

static void idle(struct streaming *s)
{
    int64_t now = clock_of_silence(s);
    for (size_t n = 0; n < s->count; n++)
        stream_idle(s->streams[n], now);
}

static void tell_loss(const struct streaming *s, struct follow *f)
{
    if (f->lost)
        warn(s->quiet,
             "'%s': a part that was not read yet was rotated away, and beside it is no file any more that has it as it was; its "
             "lines are missing",
             f->path);
    f->lost = false;
}

/* A followed file that cannot be read now may be readable later; standard input has ended by that. */
static void tell_failure(struct streaming *s, struct follow *f)
{
    if (f->failed && f->path && f->failed != f->told)
        warn(s->quiet, "cannot read '%s': %s; it is tried again", f->path, strerror(f->failed));
    if (f->failed && !f->path)
        fail(&s->trouble, ERROR_INPUT, "cannot read standard input: %s", strerror(f->failed));
    f->told = f->failed ? f->failed : f->told;
    f->failed = 0;
}

static bool go_on(struct streaming *s, struct follow *f, bool at_once)
{
    bool more = follow_read(f, taker_of(s)) || follow_renew(f, now_ns(), at_once, taker_of(s));
    tell_loss(s, f);
    tell_failure(s, f);
    return more;
}

/* One turn over all inputs. *open: more may come. */
static bool read_inputs(struct streaming *s, bool *open)
{
    bool any = false;
    *open = false;
    if (s->confirm) {
        any = follow_read(&s->given, keeper_of(s));
        tell_failure(s, &s->given);
        *open = !s->given.ended;
    }
    for (size_t i = 0; i < s->count; i++) {
        any |= go_on(s, &s->files[i], s->confirm);
        *open |= s->confirm ? any : !s->files[i].ended;
    }
    if (s->confirm)
        spool_turn(&s->spool, &s->files[0]);
    return any;
}

static void loop(struct streaming *s)
{
    unsigned turns = 0;
    while (!stopping) {
        bool open;
        clock_of_silence(s);
        const bool any = read_inputs(s, &open);
        if (!open || sink_failed(s->out))
            break;
        if (s->checkpoint && now_ns() - s->checkpointed > CHECKPOINT_NS) {
            bool told = s->unsaved.kind != ERROR_NONE;
            write_checkpoint(s);
            if (s->unsaved.kind && !told)
                warn(s->quiet, "%s; a restart would not go on here", s->unsaved.text);
        }
        if (any) {
            if (!(++turns & 63)) /* devices that fell silent while others talk without a pause */
                idle(s);
            continue;
        }
        sink_flush(s->out);
        idle(s);
        sink_flush(s->out);
        bool from_stdin = s->confirm || (s->count == 1 && !s->files[0].path);
        struct pollfd p = { STDIN_FILENO, POLLIN, 0 };
        poll(from_stdin ? &p : NULL, from_stdin ? 1 : 0, POLL_MS);
    }
}

/* What is no log would be read to its end without a word. Looks at what a file begins with; a followed one may come later. */
static bool is_log(const struct follow *f, struct error *err)
{
    struct stat st;
    bool there = f->path && f->fd >= 0 && fstat(f->fd, &st) == 0;
    if (there && S_ISDIR(st.st_mode))
        return fail(err, ERROR_USAGE,
                    "'%s' is a folder, and 'stream' reads files: name them; 'ikescope -f ndjson %s' reads a folder", f->path,
                    f->path);
    if (!there || !S_ISREG(st.st_mode))
        return true;
    uint8_t *head = memory_take(LOOK_AHEAD);
    ssize_t n = pread(f->fd, head, LOOK_AHEAD, 0);
    bool ok = begins_as_log(f->path, (struct bytes){ head, n > 0 ? (size_t)n : 0 }, err);
    memory_free(head);
    return ok;
}

static bool open_files(struct streaming *s, const struct invocation *i, struct error *err)
{
    size_t files = s->confirm ? 1 : i->follow.count + i->inputs.count;
    if (files > FOLLOWED)
        return fail(err, ERROR_USAGE, "more than %d files to follow", FOLLOWED);
    for (size_t n = 0; n < (files ? files : 1); n++) {
        struct follow *f = &s->files[s->count++];
        const char *path = s->confirm            ? s->spool.path
                           : !files              ? "-"
                           : n < i->follow.count ? i->follow.at[n]
                                                 : i->inputs.at[n - i->follow.count];
        follow_init(f, strcmp(path, "-") == 0 ? NULL : path);
        f->plain = !s->confirm && n >= i->follow.count;
        if ((!f->path || s->confirm) && fcntl(STDIN_FILENO, F_GETFD) < 0) /* the next file to be opened would be taken for it */
            return fail(err, ERROR_INPUT, "cannot open '-': %s", strerror(errno));
        if (!f->path)
            continue;
        for (size_t d = 0; d < i->device.count; d++) {
            const char *equals = strchr(i->device.at[d], '=');
            if (equals && strcmp(equals + 1, f->path) == 0)
                f->device = text_over(i->device.at[d], (size_t)(equals - i->device.at[d]));
        }
        const bool open = follow_open(f);
        if (!open && (s->confirm || n >= i->follow.count))
            return fail(err, ERROR_INPUT, "cannot open '%s': %s", f->path, strerror(errno));
        if (!open)
            warn(s->quiet, "cannot open '%s' yet: %s; waiting for it", f->path, strerror(errno));
        if (!s->confirm && !is_log(f, err))
            return false;
        for (struct follow *before = s->files; before < f; before++)
            if (f->fd >= 0 && before->path && before->fd >= 0 && before->dev == f->dev && before->ino == f->ino)
                return fail(err, ERROR_USAGE, "'%s' and '%s' are one file; name it once", before->path, f->path);
    }
    return true;
}

/* Each file goes on where the checkpoint left it. */
static void resume(struct streaming *s, const struct checkpoint *checkpoint)
{
    for (size_t n = 0; n < s->count; n++) {
        struct follow *f = &s->files[n];
        struct follow_place place;
        if (!f->path || !checkpoint)
            continue;
        if (!checkpoint_place(checkpoint, f->path, &place)) {
            warn(s->quiet, "the checkpoint does not say where '%s' was left; it is read from its beginning", f->path);
            continue;
        }
        checkpoint_resume(checkpoint, f->path, s->streams[n]);
        follow_resume(f, &place, taker_of(s));
        tell_loss(s, f);
    }
}

/* A plain argument is read once to its end; only --follow waits for more. */
static void end_plain_files(struct streaming *s, const struct invocation *i)
{
    if (i->follow.count || s->confirm)
        return;
    for (size_t n = 0; n < s->count; n++) {
        struct follow *f = &s->files[n];
        while (f->regular && !stopping && go_on(s, f, true))
            clock_of_silence(s);
        f->ended |= f->regular;
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

/* A name that is wrong is told at the start, not when a restart finds nothing there. */
static bool can_be_written(const char *path, struct error *err)
{
    struct sink *probe = sink_file(path, err);
    sink_abandon(probe);
    return probe != NULL;
}

static void *checkpoint_of(struct text text, struct error *err)
{
    return checkpoint_read(text, err);
}

/* Where lines are kept until nothing needs them: beside the checkpoint, which is beside the records if it has no place of its own. */
static bool prepare_confirm(struct streaming *s, const struct invocation *i, struct arena *arena, struct error *err)
{
    const char *out = option_last(&i->output, "-");
    if (strcmp(out, "-") == 0)
        return fail(err, ERROR_USAGE, "'--confirm' answers on standard output, so the records need '-o FILE'");
    if (i->follow.count || i->inputs.count)
        return fail(err, ERROR_USAGE,
                    "'--confirm' answers who writes to standard input; '--follow' and files have nobody to answer");
    if (!s->checkpoint && sink_in_place(out))
        return fail(err, ERROR_USAGE,
                    "'--confirm' keeps lines beside the records, and '%s' is no file; '--checkpoint FILE' gives them a place",
                    out);
    if (!s->checkpoint)
        s->checkpoint = arena_format(arena, "%s.state", out).at;
    s->spool.path = arena_format(arena, "%s.lines", s->checkpoint).at;
    follow_init(&s->given, NULL);
    return true;
}

/* All that can be wrong with what was asked for is said before a line is read. */
static bool prepare(struct streaming *s, const struct invocation *i, struct checkpoint **checkpoint, struct arena *arena,
                    struct error *err)
{
    struct stat st;
    if (s->confirm && !prepare_confirm(s, i, arena, err))
        return false;
    const bool there = s->checkpoint && stat(s->checkpoint, &st) == 0, empty = there && S_ISREG(st.st_mode) && st.st_size == 0;
    if (empty)
        warn(s->quiet, "'--checkpoint %s' is empty, as a power cut may leave it; all is read from the beginning", s->checkpoint);
    if (there && !empty && !(*checkpoint = read_written("checkpoint", s->checkpoint, "no checkpoint", checkpoint_of, arena, err)))
        return false;
    if (!habits_is_format("stream", option_last(&i->format, "ndjson")))
        return habits_format("stream", option_last(&i->format, ""), err);
    if ((s->checkpoint && !can_be_written(s->checkpoint, err)) ||
        (s->confirm && !spool_open(&s->spool, s->spool.path, SPOOL_MOST, err)) || !open_files(s, i, err))
        return false;
    s->out = option_given(&i->output) ? sink_append(option_last(&i->output, "-"), err) : sink_stdout();
    return s->out != NULL;
}

/* Reads until the end, or until it is told to stop. */
static bool read_all(struct streaming *s, const struct invocation *i, const struct checkpoint *checkpoint, struct error *err)
{
    struct stream_options o = { .device_field = option_last(&i->device_field, NULL),
                                .max_devices = (uint32_t)option_number(&i->max_devices, 10000),
                                .max_sas = (uint32_t)option_number(&i->max_sas, 100000),
                                .timeout_ns = (int64_t)option_number(&i->timeout, 120) * 1000000000 };
    struct sigaction act = { .sa_handler = stop };
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
    if (s->confirm)
        confirm(); /* that it is ready */
    for (size_t n = 0; n < s->count; n++) {
        o.input = n;
        s->streams[n] = stream_create(o, s->out);
    }
    end_last_line(s->out, option_last(&i->output, "-"));
    s->checkpointed = s->looked = now_ns();
    resume(s, checkpoint);
    end_plain_files(s, i);
    loop(s);
    /* another run goes on: half a line and open episodes are its own */
    bool later = s->checkpoint && (stopping || s->confirm);
    for (size_t n = 0; n < s->count && !s->no_log; n++)
        if (!later || !s->files[n].path)
            follow_rest(&s->files[n], taker_of(s));
    if (s->checkpoint)
        write_checkpoint(s);
    for (size_t n = 0; n < s->count && later; n++)
        if (!s->files[n].path && !s->no_log)
            stream_judge(s->streams[n]); /* nobody can read standard input again */
    stream_end(s->streams, s->count, later);
    for (size_t n = 0; n < s->count; n++)
        stream_destroy(s->streams[n]);
    bool ok = sink_close(s->out, err);
    const struct error *why = s->trouble.kind ? &s->trouble : &s->unsaved;
    return why->kind ? fail(err, why->kind, "%s", why->text) : ok;
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
    static struct streaming s;
    s = (struct streaming){ .checkpoint = option_last(&i.checkpoint, NULL),
                            .confirm = option_given(&i.confirm),
                            .quiet = option_given(&i.quiet) };
    struct arena *arena = arena_create();
    struct checkpoint *checkpoint = NULL;
    bool ok = prepare(&s, &i, &checkpoint, arena, &err) && read_all(&s, &i, checkpoint, &err);
    if (err.kind)
        warn(false, "%s", err.text);
    for (size_t n = 0; n < s.count; n++)
        follow_clear(&s.files[n]);
    follow_clear(&s.given);
    spool_close(&s.spool);
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
    .output = "append the records to FILE as they are written; what stands there stays",
    .run = run_stream,
};
