/* Writes the man page and the shell completions from the tables of commands and options: make_man man|bash|zsh|fish. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/things.h"

/* roff: a backslash and a leading dot or quote are escaped, '-' is a minus. */
static void roff(const char *s)
{
    for (; *s; s++) {
        if (*s == '\\')
            fputs("\\e", stdout);
        else if (*s == '-')
            fputs("\\-", stdout);
        else
            putchar(*s);
    }
}

/* Says which commands take it where report, the default, does not. */
static void taken_by(const struct option_row *row)
{
    if (option_taken(row, "report"))
        return;
    const char *before = "; of ";
    for (size_t i = 0; i < command_count; i++)
        if (option_taken(row, commands[i]->name)) {
            printf("%s\\fB%s\\fR", before, commands[i]->name);
            before = ", ";
        }
}

static void man_options(void)
{
    for (size_t i = 0; i < option_count; i++) {
        const struct option_row *row = &option_rows[i];
        puts(".TP");
        fputs(".BR ", stdout);
        if (row->letter)
            printf("\\-%c \", \" ", row->letter);
        fputs("\\-\\-", stdout);
        roff(row->name);
        if (row->argument) {
            fputs(" \" \" ", stdout);
            roff(row->argument);
        }
        putchar('\n');
        roff(row->help);
        for (size_t c = 0; c < command_count && strcmp(row->name, "output") == 0; c++)
            if (commands[c]->output) {
                printf("; of \\fB%s\\fR: ", commands[c]->name);
                roff(commands[c]->output);
            }
        fputs(row->repeats ? " (repeats)" : "", stdout);
        taken_by(row);
        putchar('\n');
    }
}

static void man(void)
{
    printf(".TH IKESCOPE 1 \"\" \"ikescope %s\" \"User Commands\"\n.SH NAME\nikescope \\- tells why an IKEv2 tunnel did not come "
           "up\n",
           IKESCOPE_VERSION);
    puts(".SH SYNOPSIS\n.B ikescope\n[\\fICOMMAND\\fR] [\\fIOPTIONS\\fR] \\fIINPUT\\fR...");
    puts(".SH DESCRIPTION\nReads what a network engineer has when a VPN will not come up: debug logs of Cisco routers and "
         "firewalls from one or both ends, packet\n"
         "captures, keys, show output and configurations, in any mix; each is recognised by its content. It rebuilds every SA, "
         "and says which side refused,\n"
         "why, on which line of log and configuration, and what to type on each router. Standard input is written as \\-; a "
         "folder means every file below it;\n"
         "gzip, zstd and xz are read as they are.");
    puts(".SH COMMANDS");
    for (size_t i = 0; i < command_count; i++) {
        fputs(".TP\n.BI \"", stdout);
        roff(commands[i]->name);
        fputs(" \" \"", stdout);
        roff(commands[i]->arguments);
        puts("\"");
        roff(commands[i]->summary);
        fputs(".\n", stdout);
        roff(commands[i]->details);
        if (commands[i]->formats) {
            fputs("\nFormats, the default first: ", stdout);
            roff(commands[i]->formats);
            putchar('.');
        }
        putchar('\n');
    }
    puts(".SH OPTIONS");
    man_options();
    puts(".SH EXAMPLES\n.TP\n.B ikescope r1.log r2.log r1.cfg r2.cfg\nwhat went wrong between two routers, and what to type on "
         "each"
         "\n.TP\n.B ikescope \\-\\-peer 203.0.113.5 hub.log\none peer of many\n.TP\n.B ikescope \\-k keys.jsonl wire.pcap r1.log"
         "\na capture, opened, joined with a log\n.TP\n.B ikescope \\-f html \\-o report.html case/\neverything in a folder, as "
         "a page to send\n.TP\n.B ikescope diff good.log bad.log\nwhere two runs part\n.TP\n.B ikescope check \\-\\-format junit "
         "r1.log\nfor a "
         "build: status 1 where a tunnel did not come up, or came up weak\n.TP\n.B ikescope explain NO_PROPOSAL_CHOSEN\nwhat a "
         "word of a log or of a report means");
    puts(".SH EXIT STATUS\n.TP\n.B 0\ndone; for check: passed\n.TP\n.B 1\ncheck found something at or above "
         "\\-\\-fail\\-on\n.TP\n.B 2\nusage, rule file, key file or I/O trouble\n"
         ".TP\n.B 3\nno IKEv2 in the inputs; for check also: too little to judge");
    puts(".SH ENVIRONMENT\n.TP\n.B IKESCOPE_THREADS\nhow many threads to work with (all cores); results do not depend on "
         "it\n.TP\n.B NO_COLOR\nno colours\n.TP\n.B SOURCE_DATE_EPOCH\nthe day against which end dates of "
         "suppressions are held");
    puts(".SH SECRETS\nKeys are read, used and wiped; they are printed only with \\-\\-show\\-secrets or by\n.BR \"keys "
         "\\-\\-to\" .\nA key file that others can read earns a warning.");
}

static void words_of(const char *command)
{
    for (size_t i = 0; i < option_count; i++)
        if (option_taken(&option_rows[i], command))
            printf(" --%s", option_rows[i].name);
}

static void bash(void)
{
    fputs("# bash completion for ikescope\n_ikescope() {\n    local word=${COMP_WORDS[COMP_CWORD]} command=report\n    case "
          "${COMP_WORDS[1]} in\n        ",
          stdout);
    for (size_t i = 0; i < command_count; i++)
        printf("%s%s", i ? "|" : "", commands[i]->name);
    fputs(") command=${COMP_WORDS[1]} ;;\n    esac\n    local options=\n    case $command in\n", stdout);
    for (size_t i = 0; i < command_count; i++) {
        printf("        %s) options=\"", commands[i]->name);
        words_of(commands[i]->name);
        puts("\" ;;");
    }
    fputs("    esac\n    local before=${COMP_WORDS[COMP_CWORD-1]}\n    if [[ $before == -f || $before == --format ]]; then\n     "
          "   case $command in\n",
          stdout);
    for (size_t i = 0; i < command_count; i++)
        if (commands[i]->formats)
            printf("        %s) COMPREPLY=($(compgen -W \"%s\" -- \"$word\")) ;;\n", commands[i]->name, commands[i]->formats);
    puts("        esac\n    elif [[ $before == --color ]]; then COMPREPLY=($(compgen -W \"auto always never\" -- \"$word\"))");
    fputs("    elif [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n    elif [[ $command == "
          "list ]]; then COMPREPLY=($(compgen -W \"",
          stdout);
    for (size_t i = 0; thing_names[i]; i++)
        printf("%s ", thing_names[i]);
    fputs("\" -- \"$word\"))\n    else COMPREPLY=($(compgen -f -- \"$word\")); [[ $COMP_CWORD == 1 ]] && COMPREPLY+=($(compgen "
          "-W \"",
          stdout);
    for (size_t i = 0; i < command_count; i++)
        printf("%s ", commands[i]->name);
    puts("\" -- \"$word\"))\n    fi\n}\ncomplete -o filenames -F _ikescope ikescope");
}

static void quoted(const char *s)
{
    for (; *s; s++) {
        if (*s == '\'')
            fputs("'\\''", stdout);
        else if (*s == '[' || *s == ']' || *s == ':')
            printf("\\%c", *s);
        else
            putchar(*s);
    }
}

static void zsh(void)
{
    puts("#compdef ikescope\nlocal -a commands options\ncommands=(");
    for (size_t i = 0; i < command_count; i++) {
        printf("  '%s:", commands[i]->name);
        quoted(commands[i]->summary);
        puts("'");
    }
    puts(")\noptions=(");
    for (size_t i = 0; i < option_count; i++) {
        printf("  '%s--%s[", option_rows[i].repeats ? "*" : "", option_rows[i].name);
        quoted(option_rows[i].help);
        puts(option_rows[i].argument ? "]: :_files'" : "]'");
    }
    puts(")\n_arguments $options '1: :{_describe command commands; _files}' '*: :_files'");
}

static void fish(void)
{
    for (size_t i = 0; i < command_count; i++) {
        printf("complete -c ikescope -n __fish_use_subcommand -a %s -d '", commands[i]->name);
        for (const char *s = commands[i]->summary; *s; s++)
            printf(*s == '\'' ? "\\'" : "%c", *s);
        puts("'");
    }
    for (size_t i = 0; i < option_count; i++) {
        printf("complete -c ikescope -l %s", option_rows[i].name);
        if (option_rows[i].letter)
            printf(" -s %c", option_rows[i].letter);
        printf("%s -d '", option_rows[i].argument ? " -r" : "");
        for (const char *s = option_rows[i].help; *s; s++)
            printf(*s == '\'' ? "\\'" : "%c", *s);
        puts("'");
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*write)(void);
    } forms[] = { { "man", man }, { "bash", bash }, { "zsh", zsh }, { "fish", fish } };
    for (size_t i = 0; argc == 2 && i < 4; i++)
        if (strcmp(argv[1], forms[i].name) == 0) {
            forms[i].write();
            return fflush(stdout) != 0;
        }
    fputs("usage: make_man man|bash|zsh|fish\n", stderr);
    return 2;
}
