#include "cli/help.h"
#include "cli/run.h"

#include <errno.h>
#include <string.h>

#include "cli/sandboxing.h"
#include "cli/terminal.h"
#include "cli/values.h"

enum { TEXT_COLUMN = 30, PAGE_WIDTH = 100, PAGE_LEAST = 60 };

/* Columns for text from this one on: of the page that a terminal has, up to what reads well. */
static size_t room_from(size_t column)
{
    const unsigned width = terminal_width(PAGE_WIDTH);
    return (width < PAGE_LEAST ? PAGE_LEAST : width < PAGE_WIDTH ? width : PAGE_WIDTH) - column;
}

static size_t words(FILE *to, const char *text, size_t column, size_t width, size_t at)
{
    struct text rest = text_of(text), word;
    while (text_word(&rest, &word)) {
        if (at && at + word.len + 1 > width) {
            fprintf(to, "\n%*s", (int)column, "");
            at = 0;
        }
        fprintf(to, "%s%.*s", at ? " " : "", TEXT_ARGS(word));
        at += word.len + (at ? 1 : 0);
    }
    return at;
}

static void paragraph(FILE *to, const char *text)
{
    words(to, text, 0, room_from(0), 0);
    fputc('\n', to);
}

static void wrapped(FILE *to, const char *text)
{
    words(to, text, TEXT_COLUMN, room_from(TEXT_COLUMN), 0);
    fputc('\n', to);
}

/* "what to write: summary (default), timeline, ..." */
static void formats(FILE *to, const char *help, const char *names)
{
    size_t at = words(to, help, TEXT_COLUMN, room_from(TEXT_COLUMN), 0);
    struct text rest = text_of(names), name;
    fputc(':', to);
    at++;
    for (bool first = true; text_word(&rest, &name); first = false) {
        char one[64];
        snprintf(one, sizeof one, "%.*s%s%s", TEXT_ARGS(name), first && rest.len ? " (default)" : "", rest.len ? "," : "");
        at = words(to, one, TEXT_COLUMN, room_from(TEXT_COLUMN), at);
    }
    fputc('\n', to);
}

static void option_line(FILE *to, const struct option_row *row, const struct command *command)
{
    char left[96];
    snprintf(left, sizeof left, "  %c%c%s --%s%s%s", row->letter ? '-' : ' ', row->letter ? row->letter : ' ',
             row->letter ? "," : " ", row->name, row->argument ? " " : "", row->argument ? row->argument : "");
    fprintf(to, "%-*s", TEXT_COLUMN, left);
    if (strlen(left) >= TEXT_COLUMN)
        fprintf(to, "\n%*s", TEXT_COLUMN, "");
    if (strcmp(row->name, "format") == 0 && command->formats)
        formats(to, row->help, command->formats);
    else
        wrapped(to, strcmp(row->name, "output") == 0 && command->output ? command->output : row->help);
}

static void options_of(FILE *to, const struct command *command)
{
    for (size_t i = 0; i < option_count; i++)
        if (option_taken(&option_rows[i], command->name))
            option_line(to, &option_rows[i], command);
}

void help_overview(FILE *to)
{
    fprintf(to,
            "ikescope %s: tells why an IKEv2 tunnel did not come up\n\n"
            "usage: ikescope [COMMAND] [OPTIONS] INPUT...\n\n",
            IKESCOPE_VERSION);
    paragraph(
        to, "Inputs are any mix of router debug logs, captures, show output, configurations and key files; each is recognised by "
            "its content. '-' is standard input, a folder means every file below it.");
    fputs("\ncommands:\n", to);
    for (size_t i = 0; i < command_count; i++) {
        char left[96];
        snprintf(left, sizeof left, "  %s %s", commands[i]->name, commands[i]->arguments);
        fprintf(to, "%-*s", TEXT_COLUMN, left);
        if (strlen(left) >= TEXT_COLUMN)
            fprintf(to, "\n%*s", TEXT_COLUMN, "");
        wrapped(to, commands[i]->summary);
    }
    fputs("\noptions of report (see 'ikescope COMMAND --help' for the others):\n", to);
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(commands[i]->name, "report") == 0)
            options_of(to, commands[i]);
    fputc('\n', to);
    paragraph(
        to,
        "exit status: 0 done, check passed; 1 check found something; 2 usage, key file, rule file or I/O trouble; 3 no IKEv2 in "
        "the inputs, for check also too little to judge");
    paragraph(to, "environment: IKESCOPE_THREADS, how many threads to work with (all cores); COLUMNS, the width where standard "
                  "output is no "
                  "terminal; NO_COLOR, as --color never");
}

void help_command(FILE *to, const struct command *command)
{
    fprintf(to, "usage: ikescope %s [OPTIONS] %s\n\n", command->name, command->arguments);
    paragraph(to, command->summary);
    fputc('\n', to);
    paragraph(to, command->details);
    fputs("\noptions:\n", to);
    options_of(to, command);
}

int help_printed(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_DONE;
    warn(false, "cannot write 'standard output': %s", strerror(errno));
    return EXIT_TROUBLE;
}

bool command_begin(const char *name, int argc, char **argv, struct invocation *i, int *status)
{
    struct error err = { 0 };
    *status = EXIT_DONE;
    bool read = options_read(name, argc, argv, i, &err), told = option_given(&i->help) || option_given(&i->version);
    if (!read || (!told && !values_check(name, i, &err))) {
        warn(false, "%s", err.text);
        options_clear(i);
        *status = EXIT_TROUBLE;
        return false;
    }
    if (!told) {
        sandboxing_enter(name, i);
        return true;
    }
    if (option_given(&i->version))
        printf("ikescope %s\n", IKESCOPE_VERSION);
    for (size_t c = 0; c < command_count && option_given(&i->help); c++)
        if (strcmp(commands[c]->name, name) == 0)
            help_command(stdout, commands[c]);
    *status = help_printed();
    options_clear(i);
    return false;
}
