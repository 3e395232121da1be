/*
 * show access-lists, show ip access-lists, show access-list (ASA): the lists of a configuration, in other words, with how often
 * each entry was met. Each line that amounts to a command is read as that command (parser/config_acl.c), so the lists are those
 * of a configuration, with the lines of the output. Of what they refused of IKE and ESP, a record "show access-lists" tells:
 *
 *   refused: list of group { list (text), what ("UDP 500", "UDP 4500", "ESP"), matches (number) }
 */
#include "parser/configuration.h"
#include "parser/fields.h"

struct reading {
    struct section *section;
    struct text list; /* whose entries follow */
    struct record *record;
    struct facts refused;
};

/* "Extended IP access list OUTSIDE-IN", "Standard IP access list 1", "IPv6 access list V6" */
static struct text heading(struct reading *r, struct text line)
{
    static const struct {
        const char *printed, *command;
    } kinds[] = {
        { "Extended IP access list ", "ip access-list extended" },
        { "Standard IP access list ", "ip access-list standard" },
        { "IPv6 access list ", "ipv6 access-list" },
    };
    struct text name;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct text rest = text_from(line, strlen(kinds[i].printed));
        if (!text_starts(line, text_of(kinds[i].printed)) || !text_word(&rest, &name))
            continue;
        r->list = name;
        return arena_format(r->section->scratch, "%s %.*s", kinds[i].command, TEXT_ARGS(name));
    }
    return (struct text){ NULL, 0 };
}

/* The part in parentheses at the end of an entry, "(37 matches)", "(1 match)", "(hitcnt=12) 0x9c2f1a7b", or, of IPv6, in front of
 * its number: "(8 matches) sequence 10". */
static struct text cut_matches(struct arena *scratch, struct text line, uint64_t *matches)
{
    static const char *const open[] = { "(hitcnt=", "(" };
    *matches = 0;
    for (size_t i = 0; i < COUNT_OF(open); i++) {
        size_t at = text_find(line, text_of(open[i]));
        if (at == TEXT_NOWHERE || !text_digits(text_from(line, at + strlen(open[i])), 10, matches))
            continue;
        struct text entry = text_trim(text_upto(line, at)), behind = text_from(line, at);
        behind = text_trim(text_from(behind, text_find_byte(behind, ')') == TEXT_NOWHERE ? 0 : text_find_byte(behind, ')') + 1));
        return text_starts(behind, TEXT("sequence ")) ? arena_format(scratch, "%.*s %.*s", TEXT_ARGS(entry), TEXT_ARGS(behind))
                                                      : entry;
    }
    return line;
}

/* "permit 10.0.0.0, wildcard bits 0.0.0.255" of a standard list; "... sequence 10" of IPv6, where IPv4 has it in front. */
static struct text entry(struct reading *r, struct text line)
{
    struct text bits = TEXT(", wildcard bits"), number = TEXT(" sequence ");
    size_t at = text_find(line, bits), end = text_find(line, number);
    struct arena *scratch = r->section->scratch;
    if (at != TEXT_NOWHERE)
        return arena_format(scratch, " %.*s%.*s", TEXT_ARGS(text_upto(line, at)), TEXT_ARGS(text_from(line, at + bits.len)));
    if (end != TEXT_NOWHERE)
        return arena_format(scratch, " %.*s %.*s", TEXT_ARGS(text_trim(text_from(line, end + number.len))),
                            TEXT_ARGS(text_upto(line, end)));
    return arena_format(scratch, " %.*s", TEXT_ARGS(line));
}

static bool has_word(struct text line, const char *a, const char *b)
{
    struct text word;
    while (text_word(&line, &word))
        if (text_equal(word, text_of(a)) || text_equal(word, text_of(b)))
            return true;
    return false;
}

static const char *refuses(struct text line)
{
    if (!has_word(line, "deny", "deny"))
        return NULL;
    if (has_word(line, "udp", "17"))
        return has_word(line, "isakmp", "500") ? "UDP 500" : has_word(line, "non500-isakmp", "4500") ? "UDP 4500" : NULL;
    return has_word(line, "esp", "50") ? "ESP" : NULL;
}

static void put_refused(struct reading *r, struct text list, const char *what, uint64_t matches, const struct section_line *line)
{
    struct section *s = r->section;
    if (!r->record) {
        r->record = model_add_record(s->model, INPUT_SHOW, "show access-lists");
        r->record->input = s->input;
        r->record->device = s->device;
        r->record->title = arena_text(s->model->read, s->command);
        r->record->first_line = s->lines[0].number;
        r->record->last_line = s->lines[s->count - 1].number;
        r->record->text = section_text(s, s->model->read, 0, s->count - 1);
        record_number_lines(r->record, s, 0, s->count);
        struct facts f = facts_into(s->model->read, &r->record->facts);
        r->refused = facts_into(s->model->read, &fact_list(&f, "refused")->as.child);
    }
    struct fact *group = fact_group(&r->refused, NULL);
    group->line = line->number;
    struct facts f = facts_into(s->model->read, &group->as.child);
    fact_text(&f, "list", list)->line = line->number;
    fact_text(&f, "what", text_of(what))->line = line->number;
    fact_number(&f, "matches", matches)->line = line->number;
}

/* An ASA's entry of objects is followed, set in, by what they are: those are the entries. */
static bool is_spelt_out(const struct section *s, size_t i)
{
    struct text line = s->lines[i].text;
    return i + 1 < s->count && line.len && line.at[0] != ' ' && text_starts(s->lines[i + 1].text, TEXT(" ")) &&
           text_starts(text_trim(s->lines[i + 1].text), TEXT("access-list "));
}

static struct text command_of(struct reading *r, size_t i)
{
    uint64_t matches;
    struct section *s = r->section;
    struct text line = cut_matches(s->scratch, text_trim(s->lines[i].text), &matches), word, rest = line;
    bool asa = text_starts(line, TEXT("access-list "));
    struct text opened = heading(r, line), list = r->list;
    if (opened.at)
        return opened;
    if (asa && (is_spelt_out(s, i) || !text_word(&rest, &word) || !text_word(&rest, &list) ||
                text_find_byte(list, ';') != TEXT_NOWHERE || !text_has(line, TEXT(" line "))))
        return (struct text){ NULL, 0 };
    if (!asa && (!r->list.len || !(has_word(line, "permit", "deny"))))
        return (struct text){ NULL, 0 };
    const char *what = matches ? refuses(line) : NULL;
    if (what)
        put_refused(r, list, what, matches, &s->lines[i]);
    return asa ? line : entry(r, line);
}

static bool is_command(struct text command)
{
    return command_matches(command, "show access-lists [...]") || command_matches(command, "show ip access-lists [...]") ||
           command_matches(command, "show ipv6 access-lists [...]") || command_matches(command, "show access-list [...]");
}

static int begins(struct text line)
{
    return text_starts(line, TEXT("Extended IP access list ")) || text_starts(line, TEXT("Standard IP access list ")) ||
                   text_starts(line, TEXT("IPv6 access list ")) ||
                   (text_starts(line, TEXT("access-list ")) && text_has(line, TEXT("; name hash: 0x")))
               ? 80
               : 0;
}

static void read(struct section *s)
{
    struct reading r = { .section = s };
    for (size_t i = 0; i < s->count; i++) {
        s->lines[i].class = text_is_blank(s->lines[i].text) ? LINE_BLANK : LINE_NOISE;
        s->lines[i].as = command_of(&r, i);
    }
    config_read_commands(s);
}

const struct section_reader section_access_lists = {
    .name = "show access-lists",
    .kind = INPUT_SHOW,
    .is_command = is_command,
    .begins = begins,
    .read = read,
};
