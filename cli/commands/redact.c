/* ikescope redact INPUT -o OUT: the same log or configuration without secrets, names and addresses, relations kept. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/sink.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/run.h"
#include "decoder/keyfile.h"
#include "model/redact_dump.h"
#include "reporters/clean.h"

enum { BLOCK = 1 << 16, LARGEST = 1 << 30, LONGEST_LINE = 1 << 20 };

static bool slurp(const char *path, struct buffer *into, struct error *err)
{
    struct source *from = source_open(path, err);
    if (!from)
        return false;
    char *block = memory_take(BLOCK);
    for (size_t n; (n = source_read(from, block, BLOCK)) > 0 && !into->full;)
        buffer_put(into, block, n);
    memory_free(block);
    bool ok = !source_damaged(from) || fail(err, ERROR_INPUT, "cannot read '%s': %s", path, source_damaged(from));
    source_close(from);
    return ok && (!into->full || fail(err, ERROR_INPUT, "'%s' is larger than %d MiB; split it", path, LARGEST >> 20));
}

/* The line after one that a terminal cut in a word: what of it was written with the one before, and what it begins with now. */
struct carried {
    size_t skip;
    struct text front;
};

static void put_line(struct redact_dump *d, struct text line, struct text next, struct carried *c, struct buffer *out)
{
    struct text front = c->front, substitute;
    size_t tail, head, skip = c->skip;
    *c = (struct carried){ 0 };
    if (redact_dump_line(d, line, out))
        return;
    buffer_text(out, front);
    line = text_from(line, skip);
    bool cut = redact_cut(d->r, d->width > skip ? d->width - skip : 0, line, next, &tail, &head, &substitute);
    redact_line(d->r, cut ? text_upto(line, line.len - tail) : line, out);
    if (!cut)
        return;
    size_t here = substitute.len < tail ? substitute.len : tail;
    buffer_text(out, text_upto(substitute, here));
    *c = (struct carried){ head, text_from(substitute, here) };
}

/* The first pass learns, the second writes; to a terminal without what it would obey. */
static void each_line(struct text all, struct redact_dump *d, struct sink *out, bool terminal)
{
    struct buffer line, joined, shown;
    buffer_init(&shown, LONGEST_LINE * 16);
    buffer_init(&line, LONGEST_LINE * 4);
    buffer_init(&joined, LONGEST_LINE * 2);
    struct text rest = all;
    struct carried c = { 0 };
    while (rest.len) {
        size_t end = text_find_byte(rest, '\n');
        struct text one = text_upto(rest, end == TEXT_NOWHERE ? rest.len : end);
        rest = text_from(rest, end == TEXT_NOWHERE ? rest.len : end + 1);
        size_t end_next = text_find_byte(rest, '\n');
        struct text next = text_upto(rest, end_next == TEXT_NOWHERE ? rest.len : end_next);
        if (!out) {
            redact_collect(d->r, text_upto(one, LONGEST_LINE));
            if (d->width && one.len == d->width) { /* a name may be whole on no line */
                buffer_reset(&joined);
                buffer_text(&joined, one);
                buffer_text(&joined, text_upto(next, LONGEST_LINE));
                redact_collect(d->r, buffer_view(&joined));
            }
            redact_dump_learn(d, text_upto(one, LONGEST_LINE));
        } else {
            /* of a line of megabytes the rest is left out: it may hold what nobody looked at */
            buffer_reset(&line);
            put_line(d, text_upto(one, LONGEST_LINE), text_upto(next, LONGEST_LINE), &c, &line);
            buffer_reset(&shown);
            if (terminal)
                clean_put(&shown, buffer_view(&line));
            if (line.len) /* of an empty first line there is no buffer yet */
                sink_text(out, buffer_view(terminal ? &shown : &line));
            if (end != TEXT_NOWHERE)
                sink_byte(out, '\n');
        }
    }
    redact_dump_end(d);
    buffer_clear(&line);
    buffer_clear(&joined);
    buffer_clear(&shown);
}

/* Key tables and daemon logs with secrets in hex: leaving out what looks secret would leave something in. */
static bool holds_keys(struct text all)
{
    struct text rest = all, line;
    while (text_cut(&rest, '\n', &line))
        for (size_t r = 0; r < keyfile_reader_count; r++)
            if (keyfile_readers[r]->recognises && keyfile_readers[r]->recognises(text_trim(line)))
                return true;
    return false;
}

static int run_redact(int argc, char **argv)
{
    struct invocation i = { 0 };
    struct error err = { 0 };
    int status;
    if (!command_begin("redact", argc, argv, &i, &status))
        return status;
    struct arena *arena = arena_create();
    struct redactor r;
    struct buffer text;
    redactor_init(&r, arena);
    buffer_init(&text, LARGEST);
    bool ok = i.inputs.count > 0 || fail(&err, ERROR_USAGE, "redact what? 'ikescope redact INPUT -o OUT'");
    /* All are read before any is written: a name that one file explains is replaced in the others too. */
    for (size_t n = 0; ok && n < i.inputs.count; n++)
        ok = slurp(i.inputs.at[n], &text, &err);
    if (ok && text.len && memchr(text.at, 0, text.len < 4096 ? text.len : 4096))
        ok = fail(&err, ERROR_UNSUPPORTED,
                  "only text can be redacted; of a capture redact the report: 'ikescope --redact CAPTURE'");
    if (ok && holds_keys(buffer_view(&text)))
        ok = fail(&err, ERROR_UNSUPPORTED,
                  "these are keys, or a log with keys in it: nothing of that is fit to be sent; redact the router's log instead");
    struct sink *out = ok ? sink_file(option_last(&i.output, "-"), &err) : NULL;
    if (out) {
        struct redact_dump dump = { .r = &r, .width = redact_width(buffer_view(&text)) };
        bool terminal = strcmp(option_last(&i.output, "-"), "-") == 0 && isatty(STDOUT_FILENO);
        each_line(buffer_view(&text), &dump, NULL, false);
        each_line(buffer_view(&text), &dump, out, terminal);
        ok = sink_close(out, &err);
        warn(option_given(&i.quiet), "%u names replaced, %u secrets removed; look it over before you send it",
             r.name_count + r.domain_count, r.secrets);
    }
    if (err.kind)
        warn(false, "%s", err.text);
    buffer_clear(&text);
    redactor_clear(&r);
    arena_destroy(arena);
    options_clear(&i);
    return err.kind || !ok ? EXIT_TROUBLE : EXIT_DONE;
}

const struct command command_redact = {
    .name = "redact",
    .arguments = "INPUT... -o OUT",
    .summary = "the same log or configuration without secrets, names and addresses, relations kept",
    .details = "The same name or address is replaced by the same substitute in every INPUT, and addresses of one subnet stay in "
               "one subnet, so the redacted log gives the same findings.",
    .run = run_redact,
};
