/* ikescope list THING: what this build knows. */
#include <stdio.h>
#include <string.h>

#include "analysis/rule.h"
#include "base/nearest.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/run.h"
#include "cli/terminal.h"
#include "cli/things.h"

static int run_list(int argc, char **argv)
{
    struct invocation i = { 0 };
    struct error err = { 0 };
    int status;
    if (!command_begin("list", argc, argv, &i, &status))
        return status;
    struct terminal screen;
    struct sink *out = terminal_begin(&screen, option_last(&i.output, "-"), false, 0, &err);
    status = EXIT_DONE;
    if (out && i.inputs.count == 0)
        things_overview(out);
    for (size_t n = 0; out && n < i.inputs.count; n++)
        if (!things_list(i.inputs.at[n], out)) {
            const char *near = nearest(i.inputs.at[n], thing_names);
            warn(false, "nothing is called '%s' here%s%s%s", i.inputs.at[n], near ? "; did you mean '" : "; see 'ikescope list'",
                 near ? near : "", near ? "'?" : "");
            status = EXIT_TROUBLE;
        }
    if (out && status == EXIT_TROUBLE) {
        terminal_withdraw(&screen);
    } else if (!out || !terminal_end(&screen, &err)) {
        warn(false, "%s", err.text);
        status = EXIT_TROUBLE;
    }
    options_clear(&i);
    return status;
}

const struct command command_list = {
    .name = "list",
    .arguments = "[THING]",
    .summary = "the dialects, payloads, ciphers, findings, formats, notifies ... that this build knows",
    .details = "Without THING it says which there are: dialects, kinds, states, events, payloads, links, ciphers, key-formats, "
               "findings, formats, check-formats, limits, and the registries of IKEv2.",
    .run = run_list,
};
