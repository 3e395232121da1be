/* Any other show command, and the sections of a show tech-support: recognised, and of no interest here. */
#include "parser/fields.h"

extern const struct section_reader section_other;

static bool is_command(struct text command)
{
    struct text word, rest = command;
    if (!text_word(&rest, &word) || word.len < 2 || !text_starts_nocase(TEXT("show"), word))
        return false;
    for (size_t i = 0; i < section_reader_count; i++) {
        const struct section_reader *reader = section_readers[i];
        if (reader != &section_other && reader->is_command && reader->is_command(command))
            return false;
    }
    return true;
}

/* Headings that begin output of other commands where the command itself was cut away. */
static int begins(struct text line)
{
    static const char *const headings[] = {
        "Cisco IOS Software", "Cisco IOS XE Software", "Cisco Adaptive Security Appliance Software",
        "Interface  ",        "Codes: L - local",
    };
    for (size_t i = 0; i < COUNT_OF(headings); i++)
        if (text_starts(line, text_of(headings[i])))
            return 55;
    return 0;
}

static void read(struct section *s)
{
    for (size_t i = 0; i < s->count; i++)
        s->lines[i].class = text_is_blank(s->lines[i].text) ? LINE_BLANK : LINE_NOISE;
}

const struct section_reader section_other = {
    .name = "other show output",
    .kind = INPUT_SHOW,
    .is_command = is_command,
    .begins = begins,
    .read = read,
};
