/* ikescope keys -k KEYS [CAPTURE]: says what the keys open, derives what can be derived, converts. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/run.h"
#include "cli/terminal.h"
#include "reporters/keytable.h"
#include "reporters/words.h"

typedef void table_writer(const struct model *m, struct sink *out, size_t *left_out);

static bool write_table(const char *path, table_writer *writer, const struct model *m, size_t *left_out, struct error *err)
{
    struct sink *out = path ? sink_file(path, err) : sink_stdout();
    if (!out)
        return false;
    writer(m, out, left_out);
    return sink_close(out, err);
}

static void write_both(const struct model *m, struct sink *out, size_t *left_out)
{
    keytable_wireshark_ike(m, out, left_out);
    sink_byte(out, '\n');
    keytable_wireshark_esp(m, out, left_out);
}

/* Into a folder the two files get the names under which Wireshark looks for them; elsewhere they follow one another. */
static bool to_wireshark(const struct model *m, const char *folder, bool quiet, size_t *left_out, struct error *err)
{
    if (!folder || strcmp(folder, "-") == 0)
        return write_table(NULL, write_both, m, left_out, err);
    struct stat st;
    if (stat(folder, &st) == 0 && !S_ISDIR(st.st_mode))
        return fail(err, ERROR_OUTPUT, "'%s' is a file, and Wireshark's tables are two: name a folder for them", folder);
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return fail(err, ERROR_OUTPUT, "cannot make folder '%s': %s", folder, strerror(errno));
    struct arena *arena = arena_create();
    bool ok = write_table(arena_format(arena, "%s/ikev2_decryption_table", folder).at, keytable_wireshark_ike, m, left_out,
                          err) &&
              write_table(arena_format(arena, "%s/esp_sa", folder).at, keytable_wireshark_esp, m, left_out, err);
    arena_destroy(arena);
    if (ok)
        warn(quiet,
             "wrote '%s/ikev2_decryption_table' and '%s/esp_sa': Wireshark wants two tables, by these names, in its "
             "profile's folder",
             folder, folder);
    return ok;
}

static bool write_keys(const struct invocation *i, const struct model *m, size_t *left_out, struct error *err)
{
    const char *to = option_last(&i->to, NULL), *path = option_last(&i->output, NULL);
    if (path && strcmp(path, "-") == 0)
        path = NULL;
    if (to && strcmp(to, "wireshark") == 0)
        return to_wireshark(m, path, option_given(&i->quiet), left_out, err);
    if (to)
        return write_table(path, keytable_json, m, left_out, err);
    struct terminal screen;
    struct sink *out = terminal_begin(&screen, path ? path : "-", false, 0, err);
    if (!out)
        return false;
    keytable_text(m, out, option_given(&i->show_secrets));
    return terminal_end(&screen, err);
}

/* Where keys are written, what could not be read goes to standard error. */
static void tell_troubles(const struct run *r)
{
    for (size_t n = 0; n < r->model->input_count; n++)
        for (const struct trouble *t = r->model->inputs[n].troubles; t; t = t->next)
            if (strcmp(t->rule, "keys-incomplete") == 0)
                warn(r->quiet, "%.*s", TEXT_ARGS(t->text));
}

static int run_keys(int argc, char **argv)
{
    struct invocation i = { 0 };
    int status;
    if (!command_begin("keys", argc, argv, &i, &status))
        return status;
    struct error err = { 0 };
    struct run run = { .keys_suffice = true };
    const char *to = option_last(&i.to, NULL);
    size_t left_out = 0;
    status = EXIT_TROUBLE;
    umask(077); /* what is written here are secrets */
    if (!option_given(&i.keys) && !option_given(&i.psk) && !option_given(&i.inputs)) {
        fail(&err, ERROR_USAGE, "'keys' needs -k KEYS");
    } else if (run_inputs(&run, &i, (struct options){ .keep_payloads = true }, &err) &&
               write_keys(&i, run.model, &left_out, &err)) {
        if (to)
            tell_troubles(&run);
        if (left_out)
            warn(run.quiet, "%zu key%s cannot be written in this form", left_out, plural_s(left_out));
        status = run.keep_going ? EXIT_TROUBLE : keyring_count(run.model->keyring) ? EXIT_DONE : EXIT_NOTHING;
    }
    if (err.kind && !run_told(&run, &err))
        warn(false, "%s", err.text);
    run_clear(&run);
    options_clear(&i);
    return status;
}

const struct command command_keys = {
    .name = "keys",
    .arguments = "-k KEYS [CAPTURE...]",
    .summary = "says what the keys open, derives what can be derived, converts",
    .details =
        "With a capture: which SAs and packets the keys open, and the child and rekeyed SAs' keys that follow from them. "
        "--to writes them as JSON lines, or for Wireshark as two tables into the folder that -o names. Secrets are "
        "printed only by --show-secrets and --to. Where to get them: Cisco routers print none, so from the other end or a lab's: "
        "strongSwan's save-keys or its log at level 4, libreswan's log with secrets, `ip xfrm state`, `setkey -D`, VPP, a "
        "FortiGate ('ikescope list key-formats'). A pre-shared key (--psk) opens nothing, it only tells whether an AUTH "
        "payload was made with it.",
    .run = run_keys,
};
