#include "parser/sections.h"

#include "base/limits.h"
#include "parser/scan.h"
#include "parser/state.h"

enum { CLAIM = 50, ANOTHER = 70, SURE = 90, ENTRIES_END = 3, FORCE_LINES = 200 };

static void open_section(struct parser *p, const struct section_reader *reader, struct text command)
{
    struct sections *s = &p->sections;
    sections_close(p);
    parser_close_part(p);
    if (!s->arena)
        s->arena = arena_create();
    s->reader = reader;
    s->foreign = false;
    s->command = arena_text(s->arena, command);
    s->command_line = 0;
    s->device = p->device;
    s->entries_since = 0;
}

static bool is_silent(const struct sections *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->lines[i].class != LINE_BLANK)
            return false;
    return true;
}

void sections_close(struct parser *p)
{
    struct sections *s = &p->sections;
    s->foreign = false;
    if (!s->reader)
        return;
    const bool silent = s->reader->silent && s->command_line && is_silent(s);
    struct section section = {
        .model = p->model,
        .scratch = s->arena,
        .input = p->input,
        .device = s->device,
        .command = s->command,
        .command_line = s->command_line,
        .lines = s->lines,
        .count = silent ? 0 : s->count,
    };
    const struct section_reader *reader = s->reader;
    s->reader = NULL;
    if (s->count || silent)
        reader->read(&section);
    for (size_t i = 0; i < s->count; i++) {
        enum line_class class = s->lines[i].class < LINE_CLASS_COUNT ? (enum line_class)s->lines[i].class : LINE_UNPARSED;
        if (class == LINE_UNPARSED && p->page)
            class = LINE_NOISE;
        if (s->lines[i].again)
            continue;
        p->counts[class]++;
        if (class == LINE_UNPARSED)
            input_unparsed(p->model, p->input, s->lines[i].number, s->lines[i].text);
        else if (class != LINE_BLANK)
            p->kinds[reader->kind]++;
    }
    if (silent) { /* the command is all that is there of it */
        p->kinds[reader->kind]++;
        input_add_part(p->model, p->input, reader->kind, s->device, s->command_line, s->command_line);
    } else if (s->count)
        input_add_part(p->model, p->input, reader->kind, s->device, s->lines[0].number, s->lines[s->count - 1].number);
    s->count = 0;
    arena_reset(s->arena);
}

void sections_clear(struct sections *s)
{
    arena_destroy(s->arena);
    memory_free(s->lines);
    *s = (struct sections){ 0 };
}

static void add(struct parser *p, struct line *line, struct text text)
{
    struct sections *s = &p->sections;
    if (s->count >= LIMIT_SECTION_LINES) {
        const struct section_reader *reader = s->reader;
        parser_over(p, OVER_SECTION_LINES, line->number);
        open_section(p, reader, TEXT(""));
    }
    if (s->count == s->room) {
        s->room = s->room ? s->room * 2 : 256;
        s->lines = memory_grow(s->lines, s->room * sizeof *s->lines);
    }
    bool blank = text_trim(text).len == 0;
    s->lines[s->count++] = (struct section_line){
        .text = arena_text(s->arena, text),
        .number = line->number,
        .class = blank ? LINE_BLANK : LINE_UNPARSED,
        .again = line->counted,
        .blanks = line->blanks,
    };
    line->counted = true; /* when the section closes */
    s->entries_since = 0;
}

static const struct section_reader *of_command(struct text command)
{
    for (size_t i = 0; i < section_reader_count; i++)
        if (section_readers[i]->is_command && section_readers[i]->is_command(command))
            return section_readers[i];
    return NULL;
}

/* Of an input whose kind the user named, other kinds are not read. */
static bool is_wanted(const struct parser *p, const struct section_reader *reader)
{
    return p->forced == INPUT_UNKNOWN || p->forced == reader->kind;
}

void sections_command(struct parser *p, struct text command, uint32_t line)
{
    sections_close(p);
    if (command.len == 0)
        return;
    if (command_matches(command, "show logging [...]") || command_matches(command, "show monitor event-trace [...]"))
        return; /* what follows is read as a log */
    const struct section_reader *reader = of_command(command);
    if (reader && is_wanted(p, reader)) {
        open_section(p, reader, command);
        p->sections.command_line = line;
    } else if (reader || (command.len > 3 && (text_starts(command, TEXT("sh")) || text_starts(command, TEXT("more ")) ||
                                              text_starts(command, TEXT("dir")))))
        p->sections.foreign = true;
}

static const struct section_reader *claimant(const struct parser *p, struct text line, int *best)
{
    const struct section_reader *found = NULL;
    *best = 0;
    for (size_t i = 0; i < section_reader_count; i++) {
        if (!is_wanted(p, section_readers[i]))
            continue;
        int score = section_readers[i]->begins ? section_readers[i]->begins(line) : 0;
        if (score > *best) {
            *best = score;
            found = section_readers[i];
        }
    }
    return found;
}

int sections_score(struct text line, enum input_kind kind)
{
    int best = 0;
    for (size_t i = 0; i < section_reader_count; i++) {
        int score = section_readers[i]->kind == kind && section_readers[i]->begins ? section_readers[i]->begins(line) : 0;
        best = score > best ? score : best;
    }
    return best;
}

/* "------------------ show crypto ikev2 sa ------------------" of a show tech-support. */
static bool tech_heading(struct text t, struct text *command)
{
    t = text_trim(t);
    if (t.len < 12 || !text_starts(t, TEXT("-----")))
        return false;
    while (t.len && t.at[0] == '-')
        t = text_from(t, 1);
    while (t.len && t.at[t.len - 1] == '-')
        t.len--;
    *command = text_trim(t);
    return text_starts(*command, TEXT("show ")) || text_starts(*command, TEXT("sh "));
}

bool sections_line(struct parser *p, struct line *line, struct text text)
{
    struct sections *s = &p->sections;
    struct text command;
    int best;
    if (tech_heading(text, &command)) {
        sections_command(p, command, line->number);
        parser_count(p, line, LINE_NOISE);
        return true;
    }
    if (s->foreign) {
        const struct section_reader *r = claimant(p, text, &best);
        if (r && best >= (p->forced ? ANOTHER : SURE)) {
            open_section(p, r, TEXT(""));
            add(p, line, text);
        } else {
            parser_count(p, line, text_trim(text).len ? LINE_NOISE : LINE_BLANK);
        }
        return true;
    }
    if (s->reader && lines_is_pager(text)) {
        parser_count(p, line, LINE_NOISE);
        return true;
    }
    if (s->reader) {
        if (text_trim(text).len) {
            const struct section_reader *r = claimant(p, text, &best);
            if (r && r != s->reader && best >= ANOTHER)
                open_section(p, r, TEXT(""));
        }
        add(p, line, text);
        return true;
    }
    if (text_trim(text).len == 0)
        return false;
    const struct section_reader *r = claimant(p, text, &best);
    if (!r || best < CLAIM)
        r = s->forced;
    if (!r)
        return false;
    open_section(p, r, TEXT(""));
    add(p, line, text);
    return true;
}

void sections_entry(struct parser *p)
{
    struct sections *s = &p->sections;
    if ((s->reader || s->foreign) && ++s->entries_since >= ENTRIES_END) {
        s->command_line = 0; /* what it printed may stand elsewhere */
        sections_close(p);
    }
}

void sections_force(struct parser *p, struct text head)
{
    int best = p->forced == INPUT_CONFIG ? -1 : 0; /* output of nobody knows which command is nothing that could be read */
    struct text line;
    for (unsigned n = 0; n < FORCE_LINES && text_cut(&head, '\n', &line); n++)
        for (size_t i = 0; i < section_reader_count; i++) {
            const struct section_reader *reader = section_readers[i];
            int score = is_wanted(p, reader) && reader->begins ? reader->begins(scan_trim_end(line)) : -1;
            if (score > best) {
                best = score;
                p->sections.forced = reader;
            }
        }
}
