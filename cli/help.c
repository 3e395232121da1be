#include "cli/help.h"

#include <string.h>

#include "cli/sandboxing.h"

enum { TEXT_COLUMN = 30, TEXT_WIDTH = 70 };

static void wrapped(FILE *to, const char *text)
{
    struct text rest = text_of(text), word;
    size_t at = 0;
    while (text_word(&rest, &word)) {
        if (at && at + word.len + 1 > TEXT_WIDTH) {
            fprintf(to, "\n%*s", TEXT_COLUMN, "");
            at = 0;
        }
        fprintf(to, "%s%.*s", at ? " " : "", TEXT_ARGS(word));
        at += word.len + (at ? 1 : 0);
    }
    fputc('\n', to);
}

static void option_line(FILE *to, const struct option_row *row)
{
    char left[96];
    snprintf(left, sizeof left, "  %c%c%s --%s%s%s", row->letter ? '-' : ' ', row->letter ? row->letter : ' ',
             row->letter ? "," : " ", row->name, row->argument ? " " : "", row->argument ? row->argument : "");
    fprintf(to, "%-*s", TEXT_COLUMN, left);
    if (strlen(left) >= TEXT_COLUMN)
        fprintf(to, "\n%*s", TEXT_COLUMN, "");
    wrapped(to, row->help);
}

void help_overview(FILE *to)
{
    fprintf(to,
            "ikescope %s: tells why an IKEv2 tunnel did not come up\n\n"
            "usage: ikescope [COMMAND] [OPTIONS] INPUT...\n\n"
            "Inputs are any mix of router debug logs, captures, show output, configurations and key files;\n"
            "each is recognised by its content. '-' is standard input, a folder means every file below it.\n\ncommands:\n",
            IKESCOPE_VERSION);
    for (size_t i = 0; i < command_count; i++) {
        char left[96];
        snprintf(left, sizeof left, "  %s %s", commands[i]->name, commands[i]->arguments);
        fprintf(to, "%-*s", TEXT_COLUMN, left);
        if (strlen(left) >= TEXT_COLUMN)
            fprintf(to, "\n%*s", TEXT_COLUMN, "");
        wrapped(to, commands[i]->summary);
    }
    fputs("\noptions of report (see 'ikescope COMMAND --help' for the others):\n", to);
    for (size_t i = 0; i < option_count; i++)
        if (option_taken(&option_rows[i], "report"))
            option_line(to, &option_rows[i]);
    fputs("\nexit status: 0 done, check passed; 1 check found something; 2 usage, key file, rule file or I/O trouble;\n"
          "3 no IKEv2 in the inputs, for check also too little to judge\n"
          "environment: IKESCOPE_THREADS, how many threads to work with (all cores); NO_COLOR, as --color never\n",
          to);
}

void help_command(FILE *to, const struct command *command)
{
    fprintf(to, "usage: ikescope %s [OPTIONS] %s\n\n%s\n\noptions:\n", command->name, command->arguments, command->summary);
    for (size_t i = 0; i < option_count; i++)
        if (option_taken(&option_rows[i], command->name))
            option_line(to, &option_rows[i]);
}

bool command_begin(const char *name, int argc, char **argv, struct invocation *i, int *status)
{
    struct error err = { 0 };
    *status = EXIT_DONE;
    if (!options_read(name, argc, argv, i, &err)) {
        fprintf(stderr, "ikescope: %s\n", err.text);
        options_clear(i);
        *status = EXIT_TROUBLE;
        return false;
    }
    if (!option_given(&i->help) && !option_given(&i->version)) {
        sandboxing_enter(name, i);
        return true;
    }
    if (option_given(&i->version))
        printf("ikescope %s\n", IKESCOPE_VERSION);
    for (size_t c = 0; c < command_count && option_given(&i->help); c++)
        if (strcmp(commands[c]->name, name) == 0)
            help_command(stdout, commands[c]);
    options_clear(i);
    return false;
}
