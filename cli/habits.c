#include "cli/habits.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/nearest.h"
#include "cli/command.h"
#include "cli/options.h"

/* words, as tshark, tcpdump, grep, journalctl, compilers and CI tools have them; the option that is meant, NULL: none; what to
 * write. A row whose option the command does not take says nothing. */
static const struct {
    const char *words, *option, *say;
} habits[] = {
    { "r read i in input inputs infile file files pcap capture log logs recursive R", NULL,
      "inputs need no option, and a folder means every file below it: 'ikescope FILE...'" },
    { "c config configuration cfg", NULL, "configurations are inputs as logs are: 'ikescope r1.log r1.cfg'" },
    { "v vv verbose debug trace", "show-unparsed",
      "'-f timeline' tells every step, '--show-unparsed' what was not understood, '-V' the version" },
    { "w write out outfile output-file", "output", "'-o FILE' writes the result into a file" },
    { "j", "format", "write '-f json'" },
    { "f format T type output-format of fmt json wireshark", "to", "write '--to wireshark' or '--to json'" },
    { "T type output-format of fmt", "format", "'-f FORMAT' says what to write; 'ikescope list formats' names them" },
    { "x xml", "format", "there is no XML but 'ikescope check -f junit'; write '-f json'" },
    { "csv tsv yaml yml xls xlsx table", "format", "write '-f json' or '-f ndjson'" },
    { "pdf png jpg doc docx odt rtf", "format", "write '-f html' or '-f svg'; a browser prints either" },
    { "Y R display-filter bpf expression", "filter",
      "'--filter EXPR' picks frames as tcpdump does, '--peer ADDR' and '--sa SPI' pick IKE SAs" },
    { "g grep search match", "peer",
      "'--peer ADDR' and '--sa SPI' pick IKE SAs; 'ikescope explain WORDS' tells what a line means" },
    { "ip host address addr remote gateway neighbor", "peer", "write '--peer ADDR'" },
    { "spi id session sa-id", "sa", "write '--sa SPI', or '--sa ike1'" },
    { "S start begin after from not-before", "since", "write '--since TIME'" },
    { "U end stop before not-after", "until", "write '--until TIME'" },
    { "last ago", "since", "write '--since -15m'" },
    { "key keylog keyfile key-file secret secrets", "keys", "write '-k FILE'" },
    { "pre-shared-key shared-secret password", "psk", "write '--psk FILE', with the key in that file" },
    { "tz zone utc UTC", "timezone", "write '--timezone UTC', or '--timezone NAME=+02:00' for one router" },
    { "hostname router name", "device", "write '--device NAME=FILE'" },
    { "p port", "ike-port", "write '--ike-port PORT'" },
    { "no-color no-colour nocolor monochrome", "color", "write '--color never'" },
    { "s silent", "quiet", "write '-q'" },
    { "anonymize anonymise sanitize mask", "redact",
      "write '--redact' for the report; 'ikescope redact FILE -o OUT' makes a log without names" },
    { "strict fail exit-code error-exitcode Werror ci", NULL,
      "'ikescope check FILE...' exits 1 when something is wrong, with '--fail-on warning' or 'note' at less" },
    { "F tail watch live", NULL, "'ikescope stream --follow FILE' reads a log as it grows" },
    { "n numeric no-resolve", NULL, "names are never looked up: leave it out" },
    { "threads jobs cores", NULL, "IKESCOPE_THREADS=N in the environment says with how many threads to work" },
};

static bool among(const char *words, const char *word)
{
    struct text rest = text_of(words ? words : ""), one;
    while (text_word(&rest, &one))
        if (text_equal(one, text_of(word)))
            return true;
    return false;
}

#define MAIN "report" /* what most people want */

static const char *formats_of(const char *command)
{
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(commands[i]->name, command) == 0)
            return commands[i]->formats;
    return NULL;
}

/* Another command that has such a format. */
static const char *command_with_format(const char *name)
{
    if (among(formats_of(MAIN), name))
        return MAIN;
    for (size_t i = 0; i < command_count; i++)
        if (among(commands[i]->formats, name))
            return commands[i]->name;
    return NULL;
}

bool habits_is_format(const char *command, const char *word)
{
    return among(formats_of(command), word);
}

/* "'check', 'diff', 'report'": the commands that take the option. */
static size_t print_commands_with(const char *option, char *room, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < option_count; i++)
        for (size_t c = 0; c < command_count && strcmp(option_rows[i].name, option) == 0; c++)
            if (option_taken(&option_rows[i], commands[c]->name) && used < size)
                used += (size_t)snprintf(room + used, size - used, "%s'%s'", used ? ", " : "", commands[c]->name);
    return used;
}

static bool takes(const char *command, const char *option)
{
    for (size_t i = 0; i < option_count; i++)
        if (strcmp(option_rows[i].name, option) == 0 && option_taken(&option_rows[i], command))
            return true;
    return false;
}

const char *habits_option(const char *command, const char *word, char *room, size_t size)
{
    const char *other = command_with_format(word);
    if (habits_is_format(command, word)) {
        if (strcmp(command, "report") == 0 || strcmp(command, "check") == 0)
            snprintf(room, size, "write '-f %s', or '-o %s=FILE'", word, word);
        else
            snprintf(room, size, "write '-f %s'", word);
        return room;
    }
    if (other) {
        snprintf(room, size, "'%s' is a format of '%s': 'ikescope %s -f %s'", word, other, other, word);
        return room;
    }
    for (size_t i = 0; i < COUNT_OF(habits); i++)
        if (among(habits[i].words, word) && (!habits[i].option || takes(command, habits[i].option)))
            return habits[i].say;
    const size_t begun = (size_t)snprintf(room, size, "it is one of ");
    return print_commands_with(word, room + begun, size - begun) ? room : NULL;
}

/* "'-o json=FILE -o html=FILE'" of "json,html" */
static bool several(const char *name, struct error *err)
{
    const struct text all = text_of(name);
    const size_t comma = text_find_byte(all, ',');
    struct text first = text_upto(all, comma), second = text_trim(text_from(all, comma + 1));
    second = text_upto(second, text_find_byte(second, ',') == TEXT_NOWHERE ? second.len : text_find_byte(second, ','));
    return fail(err, ERROR_USAGE, "'%s' are several formats; '-f' takes one, for several write '-o %.*s=FILE -o %.*s=FILE'", name,
                TEXT_ARGS(first), TEXT_ARGS(second));
}

/* What to write in the place of a format that there is not; empty: nothing is known. */
static const char *instead_of_format(const char *command, const char *name)
{
    for (size_t i = 0; i < COUNT_OF(habits); i++)
        if (habits[i].option && strcmp(habits[i].option, "format") == 0 && strlen(name) > 1 && among(habits[i].words, name) &&
            takes(command, "format"))
            return habits[i].say;
    return "";
}

bool habits_format(const char *command, const char *name, struct error *err)
{
    enum { FORMATS = 32, LONGEST = 24 };
    char spelt[FORMATS][LONGEST];
    const char *names[FORMATS + 1], *formats = formats_of(command), *other = command_with_format(name);
    const bool main_job = strcmp(command, "report") == 0;
    const char *kind = main_job ? "" : command, *blank = main_job ? "" : " ";
    size_t n = 0;
    if (strchr(name, ',') && (main_job || strcmp(command, "check") == 0))
        return several(name, err);
    if (other)
        return fail(err, ERROR_USAGE, "no %s%sformat '%s': it is one of '%s', 'ikescope %s -f %s'; there are: %s", kind, blank,
                    name, other, other, name, formats ? formats : "none");
    struct text rest = text_of(formats ? formats : ""), word;
    for (; n < FORMATS && text_word(&rest, &word); n++) {
        snprintf(spelt[n], LONGEST, "%.*s", TEXT_ARGS(word));
        names[n] = spelt[n];
    }
    names[n] = NULL;
    const char *near = nearest(name, names);
    if (near)
        return fail(err, ERROR_USAGE, "no %s%sformat '%s'; did you mean '%s'?", kind, blank, name, near);
    const char *instead = instead_of_format(command, name);
    return fail(err, ERROR_USAGE, "no %s%sformat '%s'; there are: %s%s%s", kind, blank, name, formats ? formats : "none",
                *instead ? "; " : "", instead);
}
