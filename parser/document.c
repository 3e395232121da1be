#include "parser/document.h"

#include <stdlib.h>

#include "base/limits.h"
#include "parser/exported.h"
#include "parser/scan.h"

enum { LEAD_MOST = 8 };

enum state { TOP, VALUE, FIRST_VALUE, NAME, FIRST_NAME, COLON, AFTER, STRING, ESCAPE, UNICODE, SCALAR, SKIP };

/* What the name of a member says of its value. */
enum role { ROLE_NONE, ROLE_MESSAGE, ROLE_HOST, ROLE_TIME, ROLE_NAME, ROLE_VALUES, ROLE_FIELDS, ROLE_ROWS };

void document_init(struct document *d, void (*take)(void *context, const struct document_message *message), void *context)
{
    *d = (struct document){ .take = take, .context = context, .on = true, .line = 1, .row_message = -1, .row_host = -1 };
    buffer_init(&d->string, LIMIT_LINE);
    for (unsigned i = 0; i < DOCUMENT_DEPTH; i++)
        buffer_init(&d->levels[i].message, LIMIT_LINE);
}

void document_clear(struct document *d)
{
    buffer_clear(&d->string);
    for (unsigned i = 0; i < DOCUMENT_DEPTH; i++)
        buffer_clear(&d->levels[i].message);
    d->on = false;
}

/* ------------------------------------------------------------------------------------------ values */

static struct document_level *top(struct document *d)
{
    return d->depth ? &d->levels[d->depth - 1] : NULL;
}

static void emit(struct document *d, struct text message, uint32_t line)
{
    struct document_message m = { .text = message, .line = line };
    for (unsigned i = d->depth; i-- && !m.host.len;)
        m.host = text_over(d->levels[i].host, d->levels[i].host_len);
    for (unsigned i = d->depth; i-- && !m.time.len;)
        m.time = text_over(d->levels[i].time, d->levels[i].time_len);
    d->take(d->context, &m);
}

static void keep_message(struct document *d, struct document_level *l, int rank, struct text text)
{
    if (l->rank >= 0 && l->rank <= rank)
        return;
    l->rank = rank;
    l->line = d->line;
    buffer_reset(&l->message);
    buffer_text(&l->message, text);
}

static void keep_host(struct document_level *l, struct text host)
{
    if (l->host_len || !host.len || host.len > sizeof l->host)
        return;
    memcpy(l->host, host.at, host.len);
    l->host_len = host.len;
}

static void keep_time(struct document_level *l, struct text value)
{
    struct text time = exported_time(value);
    if (l->time_len || !time.len || time.len > sizeof l->time)
        return;
    memcpy(l->time, time.at, time.len);
    l->time_len = time.len;
}

/* An element of an array. */
static void take_element(struct document *d, struct document_level *l, struct text text)
{
    struct document_level *outer = d->depth > 1 ? l - 1 : NULL;
    if (l->role == ROLE_FIELDS) { /* the names of the columns that follow */
        if (exported_rank(text) >= 0 && d->row_message < 0)
            d->row_message = (int)l->index;
        if (exported_is_host(text))
            d->row_host = (int)l->index;
    } else if (outer && outer->role == ROLE_VALUES) { /* a time, and what was said then */
        if (l->index == 1)
            emit(d, text, d->line);
    } else if (outer && outer->role == ROLE_ROWS) {
        if ((int)l->index == d->row_host)
            keep_host(l, text);
        if ((int)l->index == d->row_message)
            keep_message(d, l, 0, text);
    } else if (outer && l->role == ROLE_HOST && !outer->array) {
        keep_host(outer, text);
    } else if (outer && l->role == ROLE_MESSAGE && l->index == 0) {
        keep_message(d, outer, 0, text);
    } else if (!outer) { /* nothing but lines */
        emit(d, text, d->line);
    }
}

static void take_string(struct document *d)
{
    struct document_level *l = top(d);
    const struct text text = buffer_view(&d->string);
    if (!l)
        return;
    if (l->array)
        take_element(d, l, text);
    else if (l->key == ROLE_MESSAGE)
        keep_message(d, l, (int)l->index, text); /* the member's rank stands there */
    else if (l->key == ROLE_HOST || (l->key == ROLE_NAME && l->role == ROLE_HOST))
        keep_host(l, text);
    else if (l->key == ROLE_TIME)
        keep_time(l, text);
}

static void take_name(struct document *d)
{
    static const struct {
        const char *name;
        uint8_t role;
    } roles[] = { { "name", ROLE_NAME }, { "values", ROLE_VALUES }, { "fields", ROLE_FIELDS }, { "rows", ROLE_ROWS } };
    struct document_level *l = top(d);
    const struct text name = buffer_view(&d->string);
    const int rank = exported_rank(name);
    l->index = rank < 0 ? 0 : (uint32_t)rank;
    l->key = rank >= 0 ? ROLE_MESSAGE : exported_is_host(name) ? ROLE_HOST : exported_is_time(name) ? ROLE_TIME : ROLE_NONE;
    for (size_t i = 0; i < sizeof roles / sizeof roles[0] && !l->key; i++)
        if (text_equal(name, text_of(roles[i].name)))
            l->key = roles[i].role;
}

/* A number or a word; journals write a message that has odd octets as a list of them. */
static void take_scalar(struct document *d)
{
    struct document_level *l = top(d);
    if (!l || !l->array || l->role != ROLE_MESSAGE || !d->is_octet || d->depth < 2)
        return;
    struct document_level *outer = l - 1;
    if (l->index == 0)
        keep_message(d, outer, 0, TEXT(""));
    buffer_byte(&outer->message, (char)d->number);
}

static bool open_level(struct document *d, bool array)
{
    if (d->depth == DOCUMENT_DEPTH)
        return false;
    const struct document_level *outer = top(d);
    uint8_t role = outer ? (outer->array ? ROLE_NONE : outer->key) : ROLE_NONE;
    struct document_level *l = &d->levels[d->depth++];
    l->array = array;
    l->role = role;
    l->key = ROLE_NONE;
    l->index = 0;
    l->rank = -1;
    l->host_len = l->time_len = 0;
    d->state = array ? FIRST_VALUE : FIRST_NAME;
    return true;
}

static bool close_level(struct document *d, bool array)
{
    struct document_level *l = top(d);
    if (!l || l->array != array)
        return false;
    if (l->rank >= 0)
        emit(d, buffer_view(&l->message), l->line);
    else if (!array && d->depth > 1) /* labels beside what they are of */
        keep_host(l - 1, text_over(l->host, l->host_len));
    d->depth--;
    d->state = d->depth ? AFTER : TOP;
    return true;
}

/* ------------------------------------------------------------------------------------------ octets */

static void put_unicode(struct document *d)
{
    uint32_t c = d->unicode, high = d->high;
    struct buffer *out = &d->string;
    d->high = 0;
    if (c >= 0xd800 && c < 0xdc00) {
        d->high = c;
        return;
    }
    if (high && c >= 0xdc00 && c < 0xe000)
        c = 0x10000 + ((high - 0xd800) << 10) + (c - 0xdc00);
    if (c >= 0x10000)
        buffer_byte(out, (char)(0xf0 | c >> 18));
    if (c >= 0x800)
        buffer_byte(out, (char)((c >= 0x10000 ? 0x80 : 0xe0) | (c >> 12 & (c >= 0x10000 ? 0x3f : 0x0f))));
    if (c >= 0x80)
        buffer_byte(out, (char)((c >= 0x800 ? 0x80 : 0xc0) | (c >> 6 & (c >= 0x800 ? 0x3f : 0x1f))));
    buffer_byte(out, (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c));
}

static bool in_string(struct document *d, uint8_t c)
{
    static const char escapes[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
    uint64_t digit;
    const char letter = (char)c;
    if (d->state == UNICODE) {
        if (!text_number(text_over(&letter, 1), 16, &digit))
            return false;
        d->unicode = d->unicode << 4 | (uint32_t)digit;
        if (++d->digits == 4) {
            put_unicode(d);
            d->state = STRING;
        }
    } else if (d->state == ESCAPE) {
        const char *at = c ? strchr(escapes, c) : NULL;
        d->unicode = d->digits = 0;
        d->state = c == 'u' ? UNICODE : STRING;
        if (at)
            buffer_byte(&d->string, means[at - escapes]);
        return at || c == 'u';
    } else if (c == '\\') {
        d->state = ESCAPE;
    } else if (c == '"') {
        bool name = top(d) && !top(d)->array && d->number;
        (name ? take_name : take_string)(d);
        d->state = name ? COLON : d->depth ? AFTER : TOP;
    } else {
        buffer_byte(&d->string, letter);
    }
    return true;
}

/* A string begins; .number says whether it is a member's name. */
static void begin_string(struct document *d, bool name)
{
    buffer_reset(&d->string);
    d->number = name;
    d->high = 0;
    d->state = STRING;
}

static bool begin_value(struct document *d, uint8_t c)
{
    if (c == '{' || c == '[')
        return open_level(d, c == '[');
    if (c == '"') {
        begin_string(d, false);
        return d->depth != 0;
    }
    d->number = 0;
    d->is_octet = false;
    d->state = SCALAR;
    return d->depth && c && strchr("-0123456789tfn", c);
}

static bool between(struct document *d, uint8_t c)
{
    struct document_level *l = top(d);
    switch (d->state) {
    case TOP: /* objects one after the other, with or without commas */
        return c == ',' || ((c == '{' || c == '[') && begin_value(d, c));
    case FIRST_VALUE:
        if (c == ']')
            return close_level(d, true);
        return begin_value(d, c);
    case VALUE:
        return begin_value(d, c);
    case FIRST_NAME:
        if (c == '}')
            return close_level(d, false);
        begin_string(d, true);
        return c == '"';
    case NAME:
        begin_string(d, true);
        return c == '"';
    case COLON:
        d->state = VALUE;
        return c == ':';
    default: /* AFTER */
        if (c == '}' || c == ']')
            return close_level(d, c == ']');
        l->index += l->array;
        d->state = l->array ? VALUE : NAME;
        return c == ',';
    }
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool take_octet(struct document *d, uint8_t c)
{
    if (d->state == STRING || d->state == ESCAPE || d->state == UNICODE)
        return in_string(d, c);
    if (d->state == SCALAR) {
        if (scan_digit((char)c) || scan_letter((char)c) || c == '.' || c == '-' || c == '+')
            return true;
        take_scalar(d);
        d->state = AFTER;
    }
    return is_blank(c) || between(d, c);
}

/* The digits of a number are added up where it may be an octet. */
static void count_digits(struct document *d, uint8_t c)
{
    if (d->state != SCALAR)
        return;
    d->is_octet = scan_digit((char)c) && d->number < 256;
    d->number = d->is_octet ? d->number * 10 + (uint64_t)(c - '0') : 256;
    d->is_octet = d->number < 256;
}

size_t document_feed(struct document *d, struct bytes octets)
{
    for (size_t i = 0; i < octets.len; i++) {
        const uint8_t c = octets.at[i];
        const bool leads = d->lead != 0;
        d->lead -= leads && c == '\n';
        bool fresh = d->state == TOP && !d->line_used;
        if (!leads && d->state != SKIP && !take_octet(d, c)) {
            d->failed = true;
            d->state = SKIP;
            if (fresh)
                return i;
        }
        count_digits(d, c);
        d->line_used |= !is_blank(c);
        if (c != '\n')
            continue;
        d->ended++;
        d->blank += !d->line_used;
        d->line++;
        d->line_used = false;
        if (d->state == SKIP)
            return i + 1;
    }
    return octets.len;
}

bool document_inside(const struct document *d)
{
    return d->on && !d->failed && d->depth;
}

/* ------------------------------------------------------------------------------------------ detection */

static void look(void *context, const struct document_message *m)
{
    unsigned *logs = context;
    struct text rest = m->text, line;
    while (text_cut(&rest, '\n', &line))
        *logs += exported_begins_log(scan_skip(line));
}

static bool opens(struct text line)
{
    line = text_trim(line);
    return line.len && (line.at[0] == '[' || line.at[0] == '{');
}

uint32_t document_lead(struct text head)
{
    struct text line;
    uint32_t lead = 0;
    for (unsigned said = 0; said <= LEAD_MOST && text_cut(&head, '\n', &line); lead++) {
        if (opens(line))
            return lead;
        said += text_trim(line).len != 0;
        if (exported_begins_log(line))
            return 0;
    }
    return 0;
}

bool document_detect(struct text head)
{
    const struct text first = text_trim(head);
    const uint32_t lead = document_lead(head);
    unsigned logs = 0;
    if (!lead && !opens(first))
        return false;
    struct document *d = memory_take(sizeof *d);
    document_init(d, look, &logs);
    d->lead = lead;
    document_feed(d, bytes_of_text(head));
    bool is = logs && (!d->failed || d->depth == 0);
    document_clear(d);
    memory_free(d);
    return is;
}
