#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/nearest.h"
#include "base/platform.h"
#include "base/sink.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/run.h"

static void out_of_memory(void)
{
    static const char sentence[] = "ikescope: out of memory; outputs that were not complete have been removed\n";
    sink_abandon_all();
    if (write(STDERR_FILENO, sentence, sizeof sentence - 1) < 0)
        _exit(EXIT_TROUBLE);
    _exit(EXIT_TROUBLE);
}

/* The first time it removes what is not complete, and then the signal does what it does to any program. */
static void interrupted(int number)
{
    sink_abandon_all();
    raise(number);
}

static void catch_signals(void)
{
    static const int numbers[] = { SIGHUP, SIGINT, SIGTERM, SIGPIPE };
    const struct sigaction act = { .sa_handler = interrupted, .sa_flags = (int)SA_RESETHAND };
    struct sigaction before;
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL) /* nohup has it ignored */
            sigaction(numbers[i], &act, NULL);
}

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

/* What other tools call a command. */
static const char *meant(const char *word)
{
    static const char *const words[][2] = {
        { "analyze", "report" },   { "analyse", "report" },   { "parse", "report" },    { "show", "report" },
        { "read", "report" },      { "summary", "report" },   { "validate", "check" },  { "verify", "check" },
        { "test", "check" },       { "compare", "diff" },     { "watch", "stream" },    { "follow", "stream" },
        { "tail", "stream" },      { "anonymize", "redact" }, { "sanitize", "redact" }, { "decode", "decrypt" },
        { "describe", "explain" },
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(words[i][0], word) == 0)
            return words[i][1];
    return NULL;
}

static const char *near_command(const char *word)
{
    const char *names[64], *other = meant(word);
    size_t n = 0;
    for (; n < command_count && n < 63; n++)
        names[n] = commands[n]->name;
    names[n] = NULL;
    return other ? other : nearest(word, names);
}

static int no_topic(const char *word)
{
    const char *near = near_command(word);
    if (near)
        warn(false, "there is no help on '%s'; did you mean 'ikescope help %s'?", word, near);
    else
        warn(false, "there is no help on '%s'; 'ikescope help' lists the commands, 'ikescope explain %s' tells what a word means",
             word, word);
    return EXIT_TROUBLE;
}

/* "ikescope -q stream LOG": a command behind options would be taken for an input. NULL: none is. */
static const struct command *misplaced(int argc, char **argv)
{
    struct invocation i = { 0 };
    struct error err = { 0 };
    const bool input = options_read("report", argc, argv, &i, &err) && i.inputs.count && access(i.inputs.at[0], F_OK) != 0;
    const struct command *command = input ? find(i.inputs.at[0]) : NULL;
    options_clear(&i);
    return command;
}

int main(int argc, char **argv)
{
    memory_set_handler(out_of_memory);
    platform_one_heap();
    crypto_begin();
    catch_signals();
    if (argc < 2) {
        help_overview(stderr);
        return EXIT_TROUBLE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        const struct command *about = argc > 2 ? find(argv[2]) : NULL;
        if (argc > 2 && !about && argv[2][0] != '-')
            return no_topic(argv[2]);
        if (about)
            help_command(stdout, about);
        else
            help_overview(stdout);
        return help_printed();
    }
    const bool asked = strcmp(argv[1], "version") == 0 && access(argv[1], F_OK) != 0;
    if (asked || strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        printf("ikescope %s\n", IKESCOPE_VERSION);
        return help_printed();
    }
    const struct command *command = find(argv[1]);
    if (command)
        return command->run(argc - 1, argv + 1);
    bool word = argv[1][0] != '-' && !strpbrk(argv[1], "./") && access(argv[1], F_OK) != 0;
    const char *near = word ? near_command(argv[1]) : NULL;
    if (near)
        warn(false, "no command or file '%s'; did you mean 'ikescope %s'?", argv[1], near);
    else if (word)
        warn(false, "no command or file '%s'; 'ikescope --help' lists the commands", argv[1]);
    if (word)
        return EXIT_TROUBLE;
    const struct command *late = argv[1][0] == '-' ? misplaced(argc, argv) : NULL;
    if (late) {
        warn(false, "no file '%s'; the command of that name stands before its options: 'ikescope %s ...'", late->name,
             late->name);
        return EXIT_TROUBLE;
    }
    return find("report")->run(argc, argv); /* the main job needs no word: ikescope FILE... */
}
