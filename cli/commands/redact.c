/* ikescope redact INPUT -o OUT: the same log or configuration without secrets, names and addresses, relations kept. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/sink.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/redacttexts.h"
#include "cli/run.h"
#include "cli/vocabulary.h"
#include "parser/parser.h"
#include "reporters/clean.h"

enum { LONGEST_LINE = 1 << 20 };

/* The line after one that a terminal cut in a word: what of it was written with the one before, and what it begins with now. */
struct carried {
    size_t skip;
    struct text front;
};

static void put_line(struct redact_dump *d, struct text line, struct text next, struct carried *c, struct buffer *out)
{
    struct text front = c->front;
    struct redacted_cut cut = { 0 };
    size_t skip = c->skip;
    *c = (struct carried){ 0 };
    if (redact_dump_line(d, line, out))
        return;
    buffer_text(out, front);
    line = text_from(line, skip);
    if (!redact_cut(d->r, d->width > skip ? d->width - skip : 0, line, next, &cut)) {
        redact_line(d->r, line, out);
        return;
    }
    redact_line(d->r, text_upto(line, line.len - cut.tail), out);
    size_t here = cut.substitute.len < cut.tail ? cut.substitute.len : cut.tail;
    buffer_text(out, text_upto(cut.substitute, here));
    *c = (struct carried){ cut.head, text_from(cut.substitute, here) };
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
    redact_begin(d->r);
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

static void pass_over(void *context, struct event *event)
{
    (void)context;
    (void)event;
}

/* A router that a collector names in a column, or in an object of several lines, is found by who reads such exports: a line alone
 * does not tell. */
static void learn_routers(const struct redact_text *t, struct redactor *r)
{
    struct model *m = model_create();
    const uint32_t input = model_add_input(m, text_of(redact_text_name(t)), text_of(t->from))->index;
    struct parser *p = parser_create(m, input, INPUT_UNKNOWN, (struct event_taker){ pass_over, NULL });
    parser_feed(p, bytes_of_text(t->text));
    parser_finish(p);
    for (size_t i = 1; i < m->device_count; i++)
        if (!m->devices[i].by_file && !m->devices[i].nameless)
            redact_name(r, m->devices[i].name);
    parser_destroy(p);
    model_destroy(m);
}

static void learn(struct redact_texts *texts, struct redactor *r)
{
    for (size_t n = 0; n < texts->count; n++) {
        struct redact_text *t = &texts->at[n];
        t->dump = (struct redact_dump){ .r = r, .width = redact_width(t->text) };
        each_line(t->text, &t->dump, NULL, false);
        learn_routers(t, r);
    }
}

/* What stands there is lost by nobody: it is the beginning of what takes its place, as a run before left it. */
static bool is_earlier(const struct redact_text *t, struct text now)
{
    FILE *f = fopen(t->to, "rb");
    char part[4096];
    size_t at = 0, n;
    bool same = f != NULL;
    while (same && (n = fread(part, 1, sizeof part, f)) > 0) {
        same = n <= now.len - at && memcmp(now.at + at, part, n) == 0;
        at += n;
    }
    if (f)
        fclose(f);
    return same;
}

static bool keeps_foreign(struct redact_texts *texts, struct error *err)
{
    bool ok = true;
    for (size_t n = 0; n < texts->count && texts->folder && ok; n++) {
        struct redact_text *t = &texts->at[n];
        if (access(t->to, F_OK) != 0)
            continue;
        struct buffer b;
        buffer_init(&b, SIZE_MAX / 2);
        struct sink *out = sink_buffer(&b);
        struct redact_dump tried = t->dump; /* the writing itself begins where this does */
        const unsigned secrets = tried.r->secrets;
        each_line(t->text, &tried, out, false);
        tried.r->secrets = secrets;
        ok = sink_close(out, err) &&
             (is_earlier(t, buffer_view(&b)) ||
              fail(err, ERROR_USAGE,
                   "'%s' is there already and is not what 'redact' wrote of '%s'; name another folder, or move it away", t->to,
                   t->from));
        buffer_clear(&b);
    }
    return ok;
}

static bool write_all(struct redact_texts *texts, struct error *err)
{
    for (size_t n = 0; n < texts->count; n++) {
        struct redact_text *t = &texts->at[n];
        struct sink *out = sink_file(t->to, err);
        if (!out)
            return false;
        each_line(t->text, &t->dump, out, strcmp(t->to, "-") == 0 && isatty(STDOUT_FILENO));
        if (!sink_close(out, err))
            return false;
    }
    return true;
}

static void tell(const struct redact_texts *texts, const struct redactor *r, bool quiet)
{
    unsigned names = r->name_count + r->domain_count;
    if (texts->folder)
        warn(quiet, "wrote %zu file%s into '%s'", texts->count, texts->count == 1 ? "" : "s", texts->folder);
    warn(quiet, "%u name%s replaced, %u secret%s removed; look it over before you send it", names, names == 1 ? "" : "s",
         r->secrets, r->secrets == 1 ? "" : "s");
    for (size_t n = 0; n < texts->count && texts->folder; n++) {
        const char *name = redact_text_name(&texts->at[n]);
        if (map_find(&r->names, bytes_of_text(text_upto(text_of(name), text_find_byte(text_of(name), '.')))))
            warn(quiet, "the file's own name is kept, and is replaced inside: '%s'", name);
    }
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
    struct redact_texts texts;
    redactor_init(&r, arena);
    vocabulary_keep(&r);
    /* All are read before any is written: a name that one file explains is replaced in the others too. */
    if (redact_texts_read(&texts, arena, &i, &err)) {
        learn(&texts, &r);
        if (keeps_foreign(&texts, &err) && write_all(&texts, &err))
            tell(&texts, &r, option_given(&i.quiet));
    }
    if (err.kind)
        warn(false, "%s", err.text);
    redact_texts_clear(&texts);
    redactor_clear(&r);
    arena_destroy(arena);
    options_clear(&i);
    return err.kind ? EXIT_TROUBLE : EXIT_DONE;
}

const struct command command_redact = {
    .name = "redact",
    .arguments = "INPUT -o OUT | INPUT... -o FOLDER",
    .summary = "the same log or configuration without secrets, names and addresses, relations kept",
    .details =
        "The same name or address is replaced by the same substitute in every INPUT, and addresses of one subnet stay in "
        "one subnet, so the redacted log gives the same findings. Several INPUTs, or a folder, give a file each in FOLDER, "
        "of the same name; one that an earlier run wrote there is written again. Captures and keys are left out. A name that is "
        "also a word of the routers' own (TS, P1) stays, for nobody could tell it from that word in a log.",
    .run = run_redact,
};
