/* ikescope explain TERM...: what a state, event, notify, transform, message or finding means, and what to do. */
#include <stdio.h>
#include <string.h>

#include "analysis/rule.h"
#include "base/nearest.h"
#include "cli/command.h"
#include "cli/explaining.h"
#include "cli/help.h"
#include "cli/run.h"
#include "cli/terminal.h"
#include "reporters/glossary.h"

static const char *suggestion(const char *term)
{
    const char *names[128];
    size_t n = 0;
    for (; n < rule_count && n < 127; n++)
        names[n] = rules[n]->id;
    names[n] = NULL;
    const char *near = glossary_near(term);
    return near ? near : nearest(term, names);
}

static int run_explain(int argc, char **argv)
{
    struct invocation i = { 0 };
    struct error err = { 0 };
    int status;
    bool shown = false;
    if (!command_begin("explain", argc, argv, &i, &status))
        return status;
    const char *path = option_last(&i.output, "-");
    struct view_options view = { .width = strcmp(path, "-") == 0 ? terminal_width(100) : 100,
                                 .version = IKESCOPE_VERSION,
                                 .color = option_color(&i.color, path) };
    struct sink *out = i.inputs.count ? sink_file(path, &err) : NULL;
    if (!i.inputs.count)
        fail(&err, ERROR_USAGE, "explain what? Try 'ikescope explain TS_UNACCEPTABLE', 'ikescope list states'");
    for (size_t n = 0; out && n < i.inputs.count;) {
        const char *term = i.inputs.at[n];
        if (n && shown)
            sink_byte(out, '\n');
        size_t took = explain_words((const char *const *)&i.inputs.at[n], i.inputs.count - n, &view, out);
        shown = took > 0;
        n += took ? took : 1;
        if (took)
            continue;
        const char *near = suggestion(term);
        if (near)
            fail(&err, ERROR_USAGE, "nothing is known of '%s'; did you mean '%s'?", term, near);
        else
            fail(&err, ERROR_USAGE, "nothing is known of '%s'; see 'ikescope list'", term);
    }
    bool ok = out && !err.kind && sink_close(out, &err);
    if (!ok) {
        if (err.kind == ERROR_USAGE)
            sink_withdraw(out);
        warn(false, "%s", err.text);
    }
    options_clear(&i);
    return ok ? EXIT_DONE : EXIT_TROUBLE;
}

const struct command command_explain = {
    .name = "explain",
    .arguments = "TERM...",
    .summary = "what a state, event, notify, transform, message or finding means, and what to do",
    .details = "TERM is a word as a log or a report prints it: R_WAIT_AUTH, EV_RE_XMT, TS_UNACCEPTABLE, ENCR_AES_CBC, "
               "auth-psk-mismatch; an algorithm as anybody writes it: 3DES, group 24, esp-aes 256; an everyday word: psk, proxy "
               "id, interesting traffic; the number "
               "of a syslog message; or a whole line of a log. Words of one term need no quotes.",
    .run = run_explain,
};
