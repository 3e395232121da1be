/* ikescope [report] INPUT...: the main job. */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/habits.h"
#include "cli/help.h"
#include "cli/redaction.h"
#include "cli/run.h"
#include "cli/select.h"
#include "cli/terminal.h"
#include "reporters/reporter.h"

enum { OUTPUTS = 16 };

struct output {
    const struct reporter *reporter;
    const char *path; /* "-" is standard output */
};

static const struct reporter *format_named(const char *name, struct error *err)
{
    const struct reporter *r = reporter_find(text_of(name));
    if (r)
        return r;
    habits_format("report", name, err);
    return NULL;
}

/* What a file's ending asks for, where nobody said it: -o report.html. An ending that other programs' files have asks for what is
 * not written here, and a text in such a file is one that they do not open. */
static const char *format_of_file(const char *path)
{
    static const char *const others[] = { "pdf", "png", "jpg", "docx", "doc", "odt", "rtf", "xlsx", "xls", "csv", "xml" };
    for (size_t n = 0; n < reporter_count; n++) {
        struct text endings = text_of(reporters[n]->endings ? reporters[n]->endings : ""), ending;
        while (text_word(&endings, &ending))
            if (text_ends(text_of(path), ending))
                return reporters[n]->name;
    }
    const char *dot = strrchr(path, '.');
    for (size_t n = 0; dot && n < COUNT_OF(others); n++)
        if (strcmp(dot + 1, others[n]) == 0)
            return others[n];
    return "summary";
}

/* -f FORMAT goes to standard output or to the FILE of a plain -o; -o FORMAT=FILE stands for itself. */
static bool outputs_of(const struct invocation *i, struct output *into, size_t *count, struct error *err)
{
    const char *plain = "-";
    *count = 0;
    for (size_t n = 0; n < i->output.count; n++) {
        const char *value = i->output.at[n], *equals = strchr(value, '=');
        char name[32];
        if (!equals || (size_t)(equals - value) >= sizeof name) {
            plain = value;
            continue;
        }
        snprintf(name, sizeof name, "%.*s", (int)(equals - value), value);
        const struct reporter *r = format_named(name, err);
        if (!r)
            return false;
        if (*count == OUTPUTS - 1)
            return fail(err, ERROR_USAGE, "more than %d outputs", OUTPUTS - 1);
        into[(*count)++] = (struct output){ r, equals + 1 };
    }
    if (*count && !option_given(&i->format) && strcmp(plain, "-") == 0)
        return true;
    const struct reporter *r = format_named(option_last(&i->format, format_of_file(plain)), err);
    if (r)
        into[(*count)++] = (struct output){ r, plain };
    return r != NULL;
}

static unsigned width_of(const struct invocation *i, const char *path)
{
    return (unsigned)option_number(&i->width, strcmp(path, "-") == 0 ? terminal_width(100) : 100);
}

static bool write_all(const struct run *r, const struct invocation *i, const struct output *outputs, size_t count,
                      struct error *err)
{
    bool ok = true;
    for (size_t n = 0; n < count; n++) {
        struct view_options view = { .color = option_color(&i->color, outputs[n].path),
                                     .width = width_of(i, outputs[n].path),
                                     .events = option_given(&i->events),
                                     .show_unparsed = option_given(&i->show_unparsed),
                                     .show_secrets = option_given(&i->show_secrets),
                                     .version = IKESCOPE_VERSION };
        struct sink *sink = sink_file(outputs[n].path, err);
        if (sink)
            outputs[n].reporter->write(r->model, &view, sink);
        ok &= sink && sink_close(sink, err); /* the other outputs are written all the same */
    }
    return ok;
}

static int run_report(int argc, char **argv)
{
    struct invocation i = { 0 };
    int status;
    if (!command_begin("report", argc, argv, &i, &status))
        return status;
    struct error err = { 0 };
    struct run run = { 0 };
    struct output outputs[OUTPUTS];
    size_t count = 0;
    status = EXIT_TROUBLE;
    if (outputs_of(&i, outputs, &count, &err)) {
        struct options needs = { .keep_events = option_given(&i.events) };
        for (size_t n = 0; n < count; n++) {
            needs.keep_events |= outputs[n].reporter->needs_events;
            needs.keep_payloads |= outputs[n].reporter->needs_payloads;
            needs.keep_transitions |= outputs[n].reporter->needs_transitions;
        }
        bool ok = run_inputs(&run, &i, needs, &err) && select_sas(run.model, &i, &err);
        if (ok && option_given(&i.redact))
            redact_model(run.model);
        if (ok && write_all(&run, &i, outputs, count, &err)) {
            status = run.keep_going ? EXIT_TROUBLE : run_found_ikev2(run.model) ? EXIT_DONE : EXIT_NOTHING;
            if (status == EXIT_NOTHING)
                run_tell_nothing(&run,
                                 run.model->input_count == 1 ? "no IKEv2 found in the input" : "no IKEv2 found in the inputs");
        }
    }
    if (err.kind && !run_told(&run, &err))
        warn(false, "%s", err.text);
    run_clear(&run);
    options_clear(&i);
    return status;
}

const struct command command_report = {
    .name = "report",
    .arguments = "INPUT...",
    .summary = "reads all inputs, rebuilds every SA, and writes a report (the default command)",
    .details = "Logs of both ends, captures, keys, show output and configurations on one command line become one story; the "
               "first screen says which side, why, and what to type.",
    .formats = "summary timeline ladder json ndjson markdown html svg mermaid plantuml",
    .run = run_report,
};
