/* ikescope redact INPUT -o OUT: the same log or configuration without secrets, names and addresses, relations kept. */
#include <stdio.h>

#include "base/sink.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/run.h"
#include "decoder/keyfile.h"
#include "model/redact.h"

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
    source_close(from);
    return !into->full || fail(err, ERROR_INPUT, "'%s' is larger than %d MiB; split it", path, LARGEST >> 20);
}

static void each_line(struct text all, struct redactor *r, struct sink *out)
{
    struct buffer line;
    buffer_init(&line, LONGEST_LINE * 4);
    struct text rest = all;
    while (rest.len) {
        size_t end = text_find_byte(rest, '\n');
        struct text one = text_upto(rest, end == TEXT_NOWHERE ? rest.len : end);
        if (!out) {
            redact_collect(r, text_upto(one, LONGEST_LINE));
        } else {
            /* of a line of megabytes the rest is left out: it may hold what nobody looked at */
            buffer_reset(&line);
            redact_line(r, text_upto(one, LONGEST_LINE), &line);
            sink_text(out, buffer_view(&line));
            if (end != TEXT_NOWHERE)
                sink_byte(out, '\n');
        }
        rest = text_from(rest, end == TEXT_NOWHERE ? rest.len : end + 1);
    }
    buffer_clear(&line);
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
        each_line(buffer_view(&text), &r, NULL);
        each_line(buffer_view(&text), &r, out);
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
