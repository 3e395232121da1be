/*
 * show crypto ikev2 proposal, show crypto ikev2 policy: what a router has configured, its defaults included, which no
 * configuration shows. Each becomes a record of the name and shape that a configuration gives (parser/config_ikev2.c):
 *
 *   ikev2-proposal NAME   transforms: list of group { type, id, name, key_length, word }
 *   ikev2-policy NAME     match_fvrf, match_address_local: list of address, proposals: list of text
 */
#include "parser/algorithms.h"
#include "parser/fields.h"

struct reading {
    struct section *section;
    struct record *record;
    struct facts into;
    struct fact_lists lists;
    size_t first; /* index of the record's first line */
};

static struct facts list_of(struct reading *w, const char *name)
{
    return fact_list_in(&w->lists, w->record, w->record->facts, &w->into, name);
}

static void put_transform(struct reading *w, struct text word, unsigned type, uint32_t line)
{
    struct transform t;
    bool known = type == TRANSFORM_ENCR    ? algorithm_encryption(word, &t)
                 : type == TRANSFORM_INTEG ? algorithm_integrity(word, &t)
                 : type == TRANSFORM_PRF   ? algorithm_prf(word, &t)
                                           : algorithm_ke(word, &t);
    struct facts list = list_of(w, "transforms");
    struct fact *group = fact_group(&list, NULL);
    group->line = line;
    struct facts f = facts_into(w->section->model->read, &group->as.child);
    if (!known) {
        fact_text(&f, "word", word);
        return;
    }
    fact_code(&f, "type", REGISTRY_TRANSFORM, type);
    fact_number(&f, "id", t.id);
    fact_code(&f, "name", transform_registry(type), t.id);
    if (t.key_length)
        fact_number(&f, "key_length", t.key_length);
}

static void put_words(struct reading *w, struct text value, unsigned type, uint32_t line)
{
    struct text word;
    while (text_word(&value, &word)) {
        /* "DH_GROUP_2048_MODP/Group 14" is two words; its number is what counts */
        if (type == TRANSFORM_DH && text_ends(word, TEXT("/Group")) && !text_word(&value, &word))
            return;
        put_transform(w, text_strip(word, ","), type, line);
    }
}

static void close_record(struct reading *w, size_t end)
{
    struct record *r = w->record;
    if (!r || end <= w->first)
        return;
    r->last_line = w->section->lines[end - 1].number;
    r->text = section_text(w->section, w->section->model->read, w->first, end - 1);
    record_number_lines(r, w->section, w->first, end - w->first);
}

static void open_record(struct reading *w, const char *name, struct text title, size_t index)
{
    close_record(w, index);
    struct section *s = w->section;
    w->record = model_add_record(s->model, INPUT_SHOW, name);
    w->record->title = arena_text(s->model->read, title);
    w->record->input = s->input;
    w->record->device = s->device;
    w->record->first_line = s->lines[index].number;
    w->into = facts_into(s->model->read, &w->record->facts);
    w->first = index;
}

/* "label : value", whatever blanks are around the colon; false when the line has another label. */
static bool labelled(struct text line, const char *label, struct text *value)
{
    size_t colon = text_find_byte(line, ':');
    if (colon == TEXT_NOWHERE || !text_equal_nocase(text_trim(text_upto(line, colon)), text_of(label)))
        return false;
    *value = text_trim(text_from(line, colon + 1));
    return true;
}

static bool read_line(struct reading *w, struct text line, size_t index)
{
    static const struct {
        const char *label;
        uint8_t type;
    } rows[] = {
        { "Encryption", TRANSFORM_ENCR },
        { "Integrity", TRANSFORM_INTEG },
        { "PRF", TRANSFORM_PRF },
        { "DH Group", TRANSFORM_DH },
    };
    uint32_t number = w->section->lines[index].number;
    struct text value;
    struct address a;
    if (labelled(line, "IKEv2 proposal", &value)) {
        open_record(w, "ikev2-proposal", value, index);
        return true;
    }
    if (labelled(line, "IKEv2 policy", &value)) {
        open_record(w, "ikev2-policy", value, index);
        return true;
    }
    if (!w->record)
        return false;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (labelled(line, rows[i].label, &value)) {
            put_words(w, value, rows[i].type, number);
            return true;
        }
    }
    if (labelled(line, "Match fvrf", &value)) {
        fact_text(&w->into, "match_fvrf", value)->line = number;
        return true;
    }
    if (labelled(line, "Match address local", &value)) {
        if (address_read(value, &a) && a.family != ADDRESS_MASKED) {
            struct facts list = list_of(w, "match_address_local");
            fact_address(&list, NULL, a)->line = number;
        }
        return true;
    }
    if (!labelled(line, "Proposal", &value))
        return false;
    struct facts list = list_of(w, "proposals");
    fact_text(&list, NULL, value)->line = number;
    return true;
}

static bool is_command(struct text command)
{
    return command_matches(command, "show crypto ikev2 proposal [...]") ||
           command_matches(command, "show crypto ikev2 policy [...]");
}

static int begins(struct text line)
{
    struct text value;
    line = text_trim(line);
    return labelled(line, "IKEv2 proposal", &value) || labelled(line, "IKEv2 policy", &value) ? 80 : 0;
}

static void read(struct section *s)
{
    struct reading w = { .section = s, .lists = { .arena = s->model->read, .keys = s->scratch } };
    for (size_t i = 0; i < s->count; i++) {
        struct text line = text_trim(s->lines[i].text), command;
        if (line.len == 0)
            s->lines[i].class = LINE_BLANK;
        else if (read_line(&w, line, i))
            s->lines[i].class = LINE_EVENT;
        else
            s->lines[i].class = is_prompt(line, &command) ? LINE_NOISE : LINE_UNPARSED;
    }
    close_record(&w, s->count);
    map_clear(&w.lists.ends);
}

const struct section_reader section_crypto_ikev2_proposal = {
    .name = "show crypto ikev2 proposal",
    .kind = INPUT_SHOW,
    .is_command = is_command,
    .begins = begins,
    .read = read,
};
