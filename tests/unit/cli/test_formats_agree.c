/* What is found hangs on the inputs and not on the format: a summary, which keeps little, and JSON, which keeps everything, say
 * the same of each log and case; also where the first packet of an attempt is printed before its SA has a number, as IOS-XE
 * does. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "cli/checking.h"
#include "cli/run.h"
#include "test.h"

static const struct options summary = { 0 }, json = { .keep_events = true, .keep_payloads = true, .keep_transitions = true };

static void print_lines(struct buffer *b, const char *what, const struct finding_line *l)
{
    for (; l; l = l->next)
        buffer_format(b, "  %s %u:%u %.*s\n", what, l->input, l->place, TEXT_ARGS(l->text));
}

/* Everything but the quoted lines, of which a summary has fewer. */
static void print_finding(struct buffer *b, const struct finding *f)
{
    buffer_format(b, "%s ike%u child%u severity %u confidence %u: %.*s | %.*s\n", f->rule, f->ike_sa ? f->ike_sa->number : 0,
                  f->child_sa ? f->child_sa->number : 0, f->severity, f->confidence, TEXT_ARGS(f->title), TEXT_ARGS(f->cause));
    print_lines(b, "initiator", f->fix_initiator);
    print_lines(b, "responder", f->fix_responder);
    print_lines(b, "here", f->fix_here);
    print_lines(b, "peer", f->fix_peer);
}

static void find(const char *path, struct options needs, struct buffer *found)
{
    struct error err = { 0 };
    struct run run = { .quiet = true };
    struct invocation i = { .inputs = { .at = &path, .count = 1 } };
    buffer_init(found, 1 << 22);
    if (run_inputs(&run, &i, needs, &err))
        for (const struct finding *f = run.model->findings; f; f = f->next)
            print_finding(found, f);
    run_clear(&run);
}

static void check_same(const char *one, struct options of_one, const char *other, struct options of_other, const char *what)
{
    struct buffer a, b;
    find(one, of_one, &a);
    find(other, of_other, &b);
    bool same = text_equal(buffer_view(&a), buffer_view(&b));
    CHECK(same);
    if (!same)
        fprintf(stderr, "%s: %s\n%.*sand\n%.*s", one, what, TEXT_ARGS(buffer_view(&a)), TEXT_ARGS(buffer_view(&b)));
    buffer_clear(&a);
    buffer_clear(&b);
}

static void check_formats(const char *path, const char *what)
{
    char words[400];
    snprintf(words, sizeof words, "%s: a summary finds and JSON finds", what);
    check_same(path, summary, path, json, words);
}

/* The log with another tag where a request for a new SA came in; false: it has none. */
static bool write_untagged(FILE *to, struct text log, const char *tag)
{
    bool any = false;
    struct text line;
    while (text_cut(&log, '\n', &line)) {
        size_t at = text_find(line, TEXT("(SESSION ID = "));
        struct text behind = at == TEXT_NOWHERE ? line : text_from(line, at);
        size_t end = text_find(behind, TEXT("):Received Packet"));
        struct text next = text_upto(log, 120);
        if (at != TEXT_NOWHERE && end != TEXT_NOWHERE &&
            text_find(next, TEXT("Responder SPI : 0000000000000000")) != TEXT_NOWHERE) {
            any = true;
            fprintf(to, "%.*s%s%.*s\n", TEXT_ARGS(text_upto(line, at)), tag, TEXT_ARGS(text_from(behind, end + (*tag ? 1 : 2))));
        } else {
            fprintf(to, "%.*s\n", TEXT_ARGS(line));
        }
    }
    return any;
}

static void check_untagged(const char *path, const char *tag)
{
    char folder[] = "/tmp/formats-agree-XXXXXX", other[300];
    struct arena *arena = arena_create();
    struct error err = { 0 };
    struct text log;
    const char *name = strrchr(path, '/');
    CHECK(name && mkdtemp(folder) && read_file(path, arena, &log, &err));
    snprintf(other, sizeof other, "%s%s", folder, name); /* it names the router */
    FILE *to = fopen(other, "w");
    CHECK(to);
    bool any = to && write_untagged(to, log, tag);
    if (to)
        fclose(to);
    if (any) {
        check_formats(other, path);
        check_same(path, json, other, json, "with and without its number the first packet gives");
    }
    remove(other);
    rmdir(folder);
    arena_destroy(arena);
}

static void check_all(const char *pattern, size_t at_least, bool logs)
{
    glob_t paths;
    CHECK(glob(pattern, 0, NULL, &paths) == 0 && paths.gl_pathc >= at_least);
    for (size_t i = 0; i < paths.gl_pathc; i++) {
        check_formats(paths.gl_pathv[i], paths.gl_pathv[i]);
        if (!logs)
            continue;
        check_untagged(paths.gl_pathv[i], "");
        check_untagged(paths.gl_pathv[i], "(SESSION ID = 0,SA ID = 0)");
    }
    globfree(&paths);
}

/* Two peers at once, and the first packet of neither has a number: each gets what was said of its own. */
static void check_two_at_once(void)
{
    struct buffer found;
    find("tests/logs/iosxe-two-first-packets-before-their-numbers-responder.log", summary, &found);
    CHECK(text_has(buffer_view(&found), TEXT("The initiator 203.0.113.77 offers DH group 14 (MODP_2048)")));
    CHECK(text_has(buffer_view(&found), TEXT("The initiator 192.0.2.88 offers encryption ENCR_AES_CBC-128")));
    buffer_clear(&found);
}

int main(void)
{
    check_two_at_once();
    check_all("tests/logs/*.log", 50, true);
    check_all("tests/cases/*/", 50, false);
    return TEST_REPORT();
}
