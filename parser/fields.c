/* The label scanner of show readers, and what turns a value into a typed fact. */
#include "parser/fields.h"

#include <assert.h>

#include "base/limits.h"
#include "parser/algorithms.h"
#include "parser/scan.h"

enum { CUT_LEAST = 60 }; /* no terminal is narrower */

/* ---- scanners ---- */

struct text text_strip(struct text t, const char *octets)
{
    for (;;) {
        t = text_trim(t);
        if (t.len && strchr(octets, t.at[0])) {
            t = text_from(t, 1);
            continue;
        }
        if (t.len && strchr(octets, t.at[t.len - 1])) {
            t.len--;
            continue;
        }
        return t;
    }
}

bool text_is_blank(struct text t)
{
    return text_trim(t).len == 0;
}

bool text_in(struct text t, const char *const *words)
{
    for (; *words; words++)
        if (text_equal_nocase(t, text_of(*words)))
            return true;
    return false;
}

const char *text_name(struct model *m, struct text label)
{
    char name[64];
    size_t n = 0;
    bool gap = false;
    for (size_t i = 0; i < label.len && n + 2 < sizeof name; i++) {
        char c = text_lower(label.at[i]);
        if (!scan_digit(c) && !scan_letter(c)) {
            gap = n != 0;
            continue;
        }
        if (gap)
            name[n++] = '_';
        gap = false;
        name[n++] = c;
    }
    return names_intern(&m->names, n ? text_over(name, n) : TEXT("unnamed"));
}

/* Units as "3d18h" and "10d 7h:26m:52s" write them; "05:50:03" has its own rule. */
static uint64_t unit_seconds(char c)
{
    switch (text_lower(c)) {
    case 'y':
        return 365 * 86400;
    case 'w':
        return 7 * 86400;
    case 'd':
        return 86400;
    case 'h':
        return 3600;
    case 'm':
        return 60;
    case 's':
        return 1;
    default:
        return 0;
    }
}

bool duration_read(struct text t, uint64_t *seconds)
{
    t = text_trim(t);
    uint64_t total = 0, colons = 0;
    bool any = false, units = false;
    while (t.len) {
        uint64_t number;
        size_t digits = text_digits(t, 10, &number);
        if (digits == 0 || digits > 9)
            return false;
        t = text_from(t, digits);
        any = true;
        uint64_t unit = t.len ? unit_seconds(t.at[0]) : 0;
        if (unit) {
            units = true;
            total += number * unit;
            t = text_from(t, 1);
        } else {
            total = units ? total + number : total * 60 + number; /* h:m:s */
            colons += t.len && t.at[0] == ':';
        }
        while (t.len && (t.at[0] == ':' || scan_blank(t.at[0])))
            t = text_from(t, 1);
    }
    if (!any || colons > 3)
        return false;
    *seconds = total;
    return true;
}

/* "x.x.x.x/500", "PEER/4500": with IKE's port behind it any name is an endpoint's, "none/none" is none. */
static bool veiled_endpoint(struct text t, struct endpoint *e)
{
    size_t slash = text_find_byte(t, '/');
    if (slash == TEXT_NOWHERE)
        return address_read(t, &e->address) && e->address.family == ADDRESS_MASKED;
    struct text port = text_from(t, slash + 1);
    if (text_equal(port, TEXT("500")) || text_equal(port, TEXT("4500")))
        return endpoint_read(t, e) || endpoint_named(t, e);
    return endpoint_read(t, e) && e->address.family == ADDRESS_MASKED;
}

bool endpoint_word(struct text t, struct endpoint *e)
{
    *e = (struct endpoint){ 0 };
    if (t.len < 2)
        return false;
    bool address = t.at[0] == '[' || t.at[0] == ':';
    for (size_t i = 0; i < t.len && !address && t.at[i] != '/'; i++) {
        if (i > 0 && (t.at[i] == '.' || t.at[i] == ':'))
            address = true;
        else if (!scan_digit(t.at[i]) && !strchr("abcdefABCDEF", t.at[i]))
            return veiled_endpoint(t, e);
    }
    return (address && endpoint_read(t, e)) || veiled_endpoint(t, e);
}

bool is_prompt(struct text line, struct text *command)
{
    line = text_trim(line);
    size_t i = 0;
    while (i < line.len && (scan_letter(line.at[i]) || scan_digit(line.at[i]) || strchr("._()/:-@", line.at[i])))
        i++;
    if (i == 0 || i > 80 || i == line.len || (line.at[i] != '#' && line.at[i] != '>') || !scan_letter(line.at[0]))
        return false;
    if (line.at[i - 1] == '-' && line.at[i] == '>') /* an arrow, not a prompt */
        return false;
    *command = text_trim(text_from(line, i + 1));
    return true;
}

struct text section_text(struct section *s, struct arena *arena, size_t first, size_t last)
{
    struct buffer out;
    buffer_init(&out, LIMIT_RECORD);
    for (size_t i = first; i <= last && i < s->count; i++) {
        if (i > first)
            buffer_byte(&out, '\n');
        buffer_text(&out, s->lines[i].text);
    }
    struct text t = arena_text(arena, buffer_view(&out));
    limits_over(&s->model->read_limits, OVER_RECORD, out.full);
    buffer_clear(&out);
    return t;
}

void record_number_lines(struct record *r, const struct section *s, size_t first, size_t count)
{
    r->line_count = (uint32_t)count;
    r->line_numbers = count ? arena_array(s->model->read, uint32_t, count) : NULL;
    for (size_t i = 0; i < count; i++)
        r->line_numbers[i] = s->lines[first + i].number;
}

bool spi_text(struct text t, unsigned digits, struct arena *arena, struct text *out)
{
    if (text_starts_nocase(t, TEXT("0x")))
        t = text_from(t, 2);
    uint64_t number;
    if (t.len == 0 || t.len > 16 || text_digits(t, 16, &number) != t.len)
        return false;
    char hex[17];
    size_t n = 0;
    while (n + t.len < digits)
        hex[n++] = '0';
    for (size_t i = 0; i < t.len; i++)
        hex[n++] = text_lower(t.at[i]);
    *out = arena_text(arena, text_over(hex, n));
    return true;
}

/* ---- labels ---- */

/* match_label is the number of octets of t that the label covers, 0 when it does not stand there. */
static size_t match_label(struct text t, const char *label)
{
    size_t i = 0;
    for (; *label; label++) {
        if (*label == ' ') {
            if (i >= t.len || !scan_blank(t.at[i]))
                return 0;
            while (i < t.len && scan_blank(t.at[i]))
                i++;
        } else if (i >= t.len || t.at[i] != *label) {
            return 0;
        } else {
            i++;
        }
    }
    char behind = i < t.len ? t.at[i] : ' ';
    bool word = i && (scan_letter(t.at[i - 1]) || scan_digit(t.at[i - 1]));
    if (word && (scan_letter(behind) || scan_digit(behind) || behind == '_' || behind == '-' || behind == '.' || behind == '/'))
        return 0;
    return i;
}

static bool may_begin(struct text line, size_t at)
{
    if (at == 0)
        return true;
    char before = line.at[at - 1];
    return scan_blank(before) || strchr(",(){}#;[", before);
}

static struct text found_value(struct text t, bool *colon)
{
    t = text_trim(t);
    *colon = t.len && (t.at[0] == ':' || t.at[0] == '=') && !text_starts(t, TEXT("::")); /* an address of IPv6 */
    if (*colon)
        t = text_trim(text_from(t, 1));
    while (t.len && (t.at[t.len - 1] == ',' || scan_blank(t.at[t.len - 1])))
        t.len--;
    return t;
}

static bool has_colon(struct text behind)
{
    behind = text_trim(behind);
    return text_starts(behind, TEXT(":")) && !text_starts(behind, TEXT("::"));
}

size_t fields_find(struct text line, const struct field *fields, size_t count, struct found found[static FIELDS_A_LINE],
                   struct text *before)
{
    size_t n = 0, value_at = 0;
    *before = line;
    for (size_t at = 0; at < line.len && n < FIELDS_A_LINE; at++) {
        if (scan_blank(line.at[at]) || !may_begin(line, at))
            continue;
        const struct field *best = NULL;
        size_t best_len = 0;
        for (size_t i = 0; i < count; i++) {
            if (fields[i].label[0] != line.at[at])
                continue;
            size_t len = match_label(text_from(line, at), fields[i].label);
            if (len > best_len) {
                best = &fields[i];
                best_len = len;
            }
        }
        if (!best || (n && found[n - 1].field->kind == FIELD_FREE && !has_colon(text_from(line, at + best_len))))
            continue;
        struct text gap = text_upto(text_from(line, value_at), at - value_at);
        if (n == 0)
            *before = gap;
        else
            found[n - 1].value = gap;
        found[n++] = (struct found){ .field = best };
        value_at = at + best_len;
        at += best_len - 1;
    }
    if (n)
        found[n - 1].value = text_from(line, value_at);
    for (size_t i = 0; i < n; i++)
        found[i].value = found_value(found[i].value, &found[i].colon);
    *before = text_trim(*before);
    return n;
}

/* ---- the record ---- */

void show_close(struct show *w, unsigned level)
{
    for (unsigned i = level; i < SHOW_LEVELS; i++) {
        w->group[i] = NULL;
        if (i > level)
            w->list[i] = (struct facts){ NULL, NULL };
    }
}

void show_open(struct show *w, unsigned level)
{
    assert(level > 0 && level < SHOW_LEVELS);
    struct facts *above = show_at(w, level - 1);
    show_close(w, level);
    if (!w->list[level].arena) {
        struct fact *list = fact_list(above, w->form->lists[level] ? w->form->lists[level] : "more");
        w->list[level] = facts_into(w->section->model->read, &list->as.child);
    }
    w->group[level] = fact_group(&w->list[level], NULL);
    w->group[level]->line = w->line;
    w->into[level] = facts_into(w->section->model->read, &w->group[level]->as.child);
}

struct facts *show_at(struct show *w, unsigned level)
{
    if (level > 0 && level < SHOW_LEVELS && !w->group[level])
        show_open(w, level);
    return &w->into[level];
}

struct facts show_list(struct show *w, unsigned level, const char *name)
{
    struct facts *into = show_at(w, level);
    const void *owner = level ? (const void *)w->group[level] : w->record;
    return fact_list_in(&w->lists, owner, level ? w->group[level]->as.child : w->record->facts, into, name);
}

void show_open_in(struct show *w, unsigned level, const char *list)
{
    assert(level > 0 && level < SHOW_LEVELS);
    show_close(w, level);
    struct facts into = show_list(w, level - 1, list);
    w->group[level] = fact_group(&into, NULL);
    w->group[level]->line = w->line;
    w->into[level] = facts_into(w->section->model->read, &w->group[level]->as.child);
}

void show_number(struct show *w, unsigned level, const char *name, uint64_t number)
{
    fact_number(show_at(w, level), name, number)->line = w->line;
}

void show_text(struct show *w, unsigned level, const char *name, struct text value)
{
    if (value.len)
        fact_text(show_at(w, level), name, value)->line = w->line;
}

static void put_algorithm(struct show *w, unsigned level, const char *name, enum field_kind kind, struct text value)
{
    struct transform t;
    bool known = kind == FIELD_ENCRYPTION  ? algorithm_encryption(value, &t)
                 : kind == FIELD_PRF       ? algorithm_prf(value, &t)
                 : kind == FIELD_INTEGRITY ? algorithm_integrity(value, &t)
                                           : algorithm_ke(value, &t);
    if (!known) {
        show_text(w, level, name, value);
        return;
    }
    fact_code(show_at(w, level), name, transform_registry(t.type), t.id)->line = w->line;
    bool carries = value.len && scan_digit(value.at[value.len - 1]) && t.key_length;
    if (kind == FIELD_ENCRYPTION && carries)
        show_number(w, level, "key_length", t.key_length);
}

static void put_endpoint(struct show *w, unsigned level, const char *name, struct text value)
{
    struct endpoint e;
    if (!endpoint_word(value, &e)) {
        show_text(w, level, name, value);
        return;
    }
    fact_address(show_at(w, level), name, e.address)->line = w->line;
    char port[64];
    int n = snprintf(port, sizeof port, "%s_port", name);
    if (e.port && n > 0 && (size_t)n < sizeof port)
        show_number(w, level, names_intern(&w->section->model->names, text_over(port, (size_t)n)), e.port);
}

static bool put_number(struct show *w, unsigned level, const char *name, struct text value)
{
    uint64_t number;
    size_t digits = text_digits(value, 10, &number);
    if (digits == 0 || (digits < value.len && (scan_letter(value.at[digits]) || value.at[digits] == '.')))
        return false;
    show_number(w, level, name, number);
    return true;
}

static void put_duration(struct show *w, unsigned level, const char *name, struct text value)
{
    uint64_t seconds;
    show_text(w, level, name, value);
    char longer[64];
    int n = snprintf(longer, sizeof longer, "%s_seconds", name);
    if (duration_read(value, &seconds) && n > 0 && (size_t)n < sizeof longer)
        show_number(w, level, names_intern(&w->section->model->names, text_over(longer, (size_t)n)), seconds);
}

static bool means_yes(struct text t)
{
    static const char *const words[] = { "yes", "y", "true", "enabled", "enable", "on", NULL };
    return text_in(t, words);
}

void show_put(struct show *w, unsigned level, const char *name, enum field_kind kind, struct text value)
{
    struct address a;
    struct text hex;
    unsigned method;
    if (value.len == 0)
        return;
    switch (kind) {
    case FIELD_NUMBER:
        if (put_number(w, level, name, value))
            return;
        break;
    case FIELD_ADDRESS:
        if (address_read(value, &a)) {
            fact_address(show_at(w, level), name, a)->line = w->line;
            return;
        }
        break;
    case FIELD_ENDPOINT:
        put_endpoint(w, level, name, value);
        return;
    case FIELD_SPI:
        if (spi_text(text_upto(value, text_find_byte(value, '(')), text_starts_nocase(value, TEXT("0x")) ? 8 : 0,
                     w->section->scratch, &hex)) {
            show_text(w, level, name, hex);
            return;
        }
        break;
    case FIELD_YES:
        fact_bool(show_at(w, level), name, means_yes(value))->line = w->line;
        return;
    case FIELD_DURATION:
        put_duration(w, level, name, value);
        return;
    case FIELD_ENCRYPTION:
    case FIELD_PRF:
    case FIELD_INTEGRITY:
    case FIELD_KE:
        put_algorithm(w, level, name, kind, value);
        return;
    case FIELD_AUTH:
        if (algorithm_auth(value, &method)) {
            fact_code(show_at(w, level), name, REGISTRY_AUTH, method)->line = w->line;
            return;
        }
        break;
    default:
        break;
    }
    show_text(w, level, name, value);
}

static void take_value(struct show *w, const struct field *field, struct text value)
{
    w->pending = NULL;
    if (field->kind == FIELD_HEADING)
        return;
    if (value.len == 0) {
        w->pending = field;
        return;
    }
    if (field->kind == FIELD_OWN && w->form->own && w->form->own(w, field, value))
        return;
    show_put(w, field->level, field->name, field->kind == FIELD_OWN ? FIELD_TEXT : field->kind, value);
}

static void take_unknown(struct show *w, struct text line)
{
    if (!w->unknown.arena) {
        struct fact *list = fact_list(&w->into[0], "unknown");
        w->unknown = facts_into(w->section->model->read, &list->as.child);
    }
    if (w->unknown_count++ < LIMIT_NOTES)
        fact_text(&w->unknown, NULL, text_trim(line))->line = w->line;
}

/* "-------", "====" between the parts of a table; "..." is what somebody left out */
static bool is_ruler(struct text line)
{
    if (text_equal(line, TEXT("...")))
        return true;
    for (size_t i = 0; i < line.len; i++)
        if (!strchr("-=*_ ", line.at[i]))
            return false;
    return line.len >= 4;
}

static enum line_class take_line(struct show *w, struct text line)
{
    struct text command, before;
    struct found found[FIELDS_A_LINE];
    if (text_is_blank(line)) {
        w->pending = NULL;
        return LINE_BLANK;
    }
    if (is_prompt(line, &command) || is_ruler(text_trim(line))) {
        w->pending = NULL;
        return LINE_NOISE;
    }
    if (w->form->eager && w->form->line && w->form->line(w, line))
        return LINE_EVENT;
    size_t n = fields_find(line, w->form->fields, w->form->count, found, &before);
    bool known = n != 0;
    if (before.len && w->pending) {
        const struct field *field = w->pending;
        take_value(w, field, text_strip(before, ","));
        known = true;
    }
    for (size_t i = 0; i < n; i++) {
        if (w->form->begin)
            w->form->begin(w, found[i].field);
        take_value(w, found[i].field, found[i].value);
    }
    if (!known && !w->form->eager && w->form->line)
        known = w->form->line(w, line);
    if (known)
        return LINE_EVENT;
    if (w->form->rest_is_noise)
        return LINE_NOISE;
    take_unknown(w, line);
    return LINE_UNPARSED;
}

/* A terminal cut a line in the midst of a label: "… Auth sign: RSA, Au" and "th verify: RSA". Only what has more labels joined
 * than apart is one line. */
static bool cut_in_label(const struct show_form *form, struct section *s, size_t i, struct text *joined)
{
    struct found found[FIELDS_A_LINE];
    struct text before, line = s->lines[i].text, next = i + 1 < s->count ? s->lines[i + 1].text : TEXT("");
    if (line.len < CUT_LEAST || !next.len || scan_blank(next.at[0]))
        return false;
    struct text parts[2] = { line, next };
    char *at = arena_take(s->scratch, line.len + next.len);
    size_t apart = 0, n = 0;
    for (unsigned k = 0; k < 2; k++) {
        apart += fields_find(parts[k], form->fields, form->count, found, &before);
        memcpy(at + n, parts[k].at, parts[k].len);
        n += parts[k].len;
    }
    *joined = text_over(at, n);
    return fields_find(*joined, form->fields, form->count, found, &before) > apart;
}

void show_read(struct section *s, const struct show_form *form)
{
    struct record *r = model_add_record(s->model, INPUT_SHOW, form->name);
    r->input = s->input;
    r->device = s->device;
    r->title = arena_text(s->model->read, s->command);
    r->first_line = s->count ? s->lines[0].number : s->command_line;
    r->last_line = s->count ? s->lines[s->count - 1].number : s->command_line;
    r->text = s->count ? section_text(s, s->model->read, 0, s->count - 1) : r->title;
    record_number_lines(r, s, 0, s->count);
    struct show w = { .form = form, .section = s, .record = r, .lists = { .arena = s->model->read, .keys = s->scratch } };
    w.into[0] = facts_into(s->model->read, &r->facts);
    w.own = form->own_size ? arena_take(s->scratch, form->own_size) : NULL;
    for (size_t i = 0; i < s->count; i++) {
        w.line = s->lines[i].number;
        bool cut = cut_in_label(form, s, i, &w.text);
        if (!cut)
            w.text = s->lines[i].text;
        s->lines[i].class = (uint8_t)take_line(&w, w.text);
        if (cut)
            s->lines[++i].class = LINE_CONTINUATION;
    }
    map_clear(&w.lists.ends);
}
