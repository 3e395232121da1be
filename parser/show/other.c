/* Any other show command, and the sections of a show tech-support: recognised, and of no interest here. But for an IKE SA of
 * IKEv1 that is up: a record "show crypto isakmp sa" without facts, so that nobody takes an empty list of IKEv2 for a fault. */
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
        "Interface  ",        "Codes: L - local",      "Building configuration",
    };
    for (size_t i = 0; i + 1 < sizeof headings / sizeof headings[0]; i++)
        if (text_starts(line, text_of(headings[i])))
            return 55;
    return 0;
}

static bool is_ikev1_up(struct text line)
{
    return text_has(line, TEXT("QM_IDLE")) || text_has(line, TEXT("MM_ACTIVE")) || text_has(line, TEXT("AM_ACTIVE"));
}

static void read(struct section *s)
{
    bool up = false;
    for (size_t i = 0; i < s->count; i++) {
        const struct section_line *line = &s->lines[i];
        s->lines[i].class = text_is_blank(line->text) ? LINE_BLANK : LINE_NOISE;
        if (up || !is_ikev1_up(line->text))
            continue;
        up = true;
        struct record *r = model_add_record(s->model, INPUT_SHOW, "show crypto isakmp sa");
        r->input = s->input;
        r->device = s->device;
        r->title = arena_text(s->model->read, s->command);
        r->first_line = r->last_line = line->number;
        r->text = arena_text(s->model->read, line->text);
    }
}

const struct section_reader section_other = {
    .name = "other show output",
    .kind = INPUT_SHOW,
    .is_command = is_command,
    .begins = begins,
    .read = read,
};
