#include "parser/document.h"

#include <stdlib.h>

#include "base/limits.h"
#include "parser/epoch.h"
#include "parser/exported.h"
#include "parser/scan.h"
#include "parser/sections.h"

enum { LEAD_MOST = 8, SECTION_SURE = 70, LINES_LOOKED = 60 };

enum state { TOP, VALUE, FIRST_VALUE, NAME, FIRST_NAME, COLON, AFTER, STRING, ESCAPE, UNICODE, SCALAR, SKIP };

/* What the name of a member says of its value. */
enum role { ROLE_NONE, ROLE_MESSAGE, ROLE_HOST, ROLE_TIME, ROLE_NAME, ROLE_VALUES, ROLE_FIELDS, ROLE_ROWS, ROLE_OTHER };

void document_init(struct document *d, const struct document_shape *shape,
                   void (*take)(void *context, const struct document_message *message), void *context)
{
    *d = (struct document){
        .take = take, .context = context, .shape = *shape, .on = true, .line = 1, .row_message = -1, .row_host = -1
    };
    buffer_init(&d->string, LIMIT_LINE);
    d->scratch = arena_create();
    for (unsigned i = 0; i < DOCUMENT_DEPTH; i++)
        buffer_init(&d->levels[i].message, LIMIT_LINE);
}

void document_clear(struct document *d)
{
    buffer_clear(&d->string);
    arena_destroy(d->scratch);
    d->scratch = NULL;
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

static void keep_time(struct document *d, struct document_level *l, struct text value)
{
    struct text time = exported_time(value);
    const bool by_number = !time.len;
    if (l->time_len && (by_number || !l->by_number))
        return;
    if (by_number) {
        arena_reset(d->scratch);
        time = epoch_date(value, d->scratch);
    }
    if (!time.len || time.len > sizeof l->time)
        return;
    memcpy(l->time, time.at, time.len);
    l->time_len = time.len;
    l->by_number = by_number;
}

/* Is it a log's line, or a text of several lines of which one is, or one that begins show output? */
static bool holds_log(struct text text)
{
    const bool lines = text_find_byte(text, '\n') != TEXT_NOWHERE;
    struct text line;
    for (unsigned n = 0; n < LINES_LOOKED && text_cut(&text, '\n', &line); n++) {
        line = scan_trim_end(line);
        if (exported_begins_log(scan_skip(line)))
            return true;
        if (lines && (sections_score(line, INPUT_SHOW) >= SECTION_SURE || sections_score(line, INPUT_CONFIG) >= SECTION_SURE))
            return true;
    }
    return false;
}

/* A value under a name that is none of the usual: a text of several lines, beside the member that was found to hold a log, is
 * the next command's output. */
static void take_other(struct document *d, struct text text)
{
    if (d->learns && !d->shape.own.len && holds_log(text))
        d->shape.own = d->name;
    else if (d->shape.own.len && text_find_byte(text, '\n') != TEXT_NOWHERE)
        emit(d, text, d->line);
}

/* The elements of a message: what an index keeps of a field is a list of one, what programs print a list of lines. */
static void take_part(struct document *d, struct document_level *l, struct text text)
{
    struct document_level *outer = l - 1;
    if (d->shape.own.len || outer->array) {
        emit(d, text, d->line);
    } else if (l->index == 0) {
        keep_message(d, outer, 0, text);
    } else {
        buffer_byte(&outer->message, '\n');
        buffer_text(&outer->message, text);
    }
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
        if (l->index == 0)
            keep_time(d, l, text);
        else if (l->index == 1)
            emit(d, text, d->line);
    } else if (outer && outer->role == ROLE_ROWS) {
        if ((int)l->index == d->row_host)
            keep_host(l, text);
        if ((int)l->index == d->row_message)
            keep_message(d, l, 0, text);
    } else if (outer && l->role == ROLE_HOST && !outer->array) {
        keep_host(outer, text);
    } else if (outer && l->role == ROLE_MESSAGE) {
        take_part(d, l, text);
    } else if (outer && l->role == ROLE_OTHER) {
        take_other(d, text);
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
        keep_time(d, l, text);
    else if (l->key == ROLE_OTHER)
        take_other(d, text);
}

static void take_name(struct document *d)
{
    static const struct {
        const char *name;
        uint8_t role;
    } roles[] = { { "name", ROLE_NAME }, { "values", ROLE_VALUES }, { "fields", ROLE_FIELDS }, { "rows", ROLE_ROWS } };
    struct document_level *l = top(d);
    const struct text name = buffer_view(&d->string), own = text_over(d->shape.own.at, d->shape.own.len);
    const bool is_own = own.len && text_equal(name, own);
    /* "event": {"original": …}: what the message was before it was taken apart */
    const bool original = l->role == ROLE_MESSAGE && text_equal(name, TEXT("original"));
    const int rank = is_own || original ? 0 : exported_rank(name);
    l->index = rank < 0 ? 0 : (uint32_t)rank + !is_own;
    l->key = rank >= 0 ? ROLE_MESSAGE : exported_is_host(name) ? ROLE_HOST : exported_is_time(name) ? ROLE_TIME : ROLE_OTHER;
    for (size_t i = 0; i < COUNT_OF(roles) && l->key == ROLE_OTHER; i++)
        if (text_equal(name, text_of(roles[i].name)))
            l->key = roles[i].role;
    d->name.len = l->key == ROLE_OTHER && name.len <= sizeof d->name.at ? name.len : 0;
    if (d->name.len)
        memcpy(d->name.at, name.at, d->name.len);
}

/* A number or a word: a time may be one, and journals write a message that has odd octets as a list of them. */
static void take_scalar(struct document *d)
{
    struct document_level *l = top(d);
    if (l && (l->array ? d->depth > 1 && l[-1].role == ROLE_VALUES && l->index == 0 : l->key == ROLE_TIME))
        keep_time(d, l, buffer_view(&d->string));
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
    /* a list in a list of lines is one of lines */
    const bool lines = outer && outer->array && array && (outer->role == ROLE_MESSAGE || outer->role == ROLE_OTHER);
    uint8_t role = !outer ? ROLE_NONE : lines ? outer->role : outer->array ? ROLE_NONE : outer->key;
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

/* A message that is an object is the message of the object around it, whose other members tell of whom and when. */
static void hand_up(struct document_level *l, struct document_level *outer)
{
    keep_host(outer, text_over(l->host, l->host_len));
    if (!outer->time_len || (outer->by_number && l->time_len && !l->by_number)) {
        memcpy(outer->time, l->time, l->time_len);
        outer->time_len = l->time_len;
        outer->by_number = l->by_number;
    }
    if (outer->rank >= 0 && outer->rank <= l->rank)
        return;
    outer->rank = l->rank;
    outer->line = l->line;
    buffer_reset(&outer->message);
    buffer_text(&outer->message, buffer_view(&l->message));
}

static bool close_level(struct document *d, bool array)
{
    struct document_level *l = top(d);
    if (!l || l->array != array)
        return false;
    if (l->rank >= 0 && !array && l->role == ROLE_MESSAGE && d->depth > 1)
        hand_up(l, l - 1);
    else if (l->rank >= 0)
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
    static const char escapes[] = "\"'\\/bfnrt", means[] = "\"'\\/\b\f\n\r\t";
    uint64_t digit;
    const char letter = (char)c;
    if (d->state == UNICODE) {
        if (!text_number(text_over(&letter, 1), 16, &digit))
            return false;
        d->unicode = d->unicode << 4 | (uint32_t)digit;
        if (--d->digits == 0) {
            put_unicode(d);
            d->state = STRING;
        }
    } else if (d->state == ESCAPE) {
        const char *at = c ? strchr(escapes, c) : NULL;
        d->unicode = 0;
        d->digits = c == 'u' ? 4 : 2;
        d->state = c == 'u' || c == 'x' ? UNICODE : STRING;
        if (at)
            buffer_byte(&d->string, means[at - escapes]);
        return at || d->state == UNICODE;
    } else if (c == '\\') {
        d->state = ESCAPE;
    } else if (letter == d->quote) {
        bool name = top(d) && !top(d)->array && d->number;
        (name ? take_name : take_string)(d);
        d->state = name ? COLON : d->depth ? AFTER : TOP;
    } else {
        buffer_byte(&d->string, letter);
    }
    return true;
}

/* A string begins; .number says whether it is a member's name. */
static bool begin_string(struct document *d, uint8_t quote, bool name)
{
    buffer_reset(&d->string);
    d->quote = (char)quote;
    d->number = name;
    d->high = 0;
    d->state = STRING;
    return quote == '"' || quote == '\'';
}

static bool begin_value(struct document *d, uint8_t c)
{
    if (c == '{' || c == '[')
        return open_level(d, c == '[');
    if (c == '"' || c == '\'')
        return begin_string(d, c, false) && d->depth;
    buffer_reset(&d->string);
    d->number = 0;
    d->is_octet = false;
    d->state = SCALAR;
    return d->depth && c && strchr("-0123456789tfnTFN", c);
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
        return begin_string(d, c, true);
    case NAME:
        return begin_string(d, c, true);
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
    return text_blank((char)c) || between(d, c);
}

/* A number is kept as it is printed, and added up where it may be an octet. */
static void count_digits(struct document *d, uint8_t c)
{
    if (d->state != SCALAR)
        return;
    if (d->string.len < DOCUMENT_TIME)
        buffer_byte(&d->string, (char)c);
    d->is_octet = scan_digit((char)c) && d->number < 256;
    d->number = d->is_octet ? d->number * 10 + (uint64_t)(c - '0') : 256;
    d->is_octet = d->number < 256;
}

size_t document_feed(struct document *d, struct bytes octets)
{
    for (size_t i = 0; i < octets.len; i++) {
        const uint8_t c = octets.at[i];
        const bool leads = d->shape.lead != 0;
        d->shape.lead -= leads && c == '\n';
        bool fresh = d->state == TOP && !d->line_used;
        if (!leads && d->state != SKIP && !take_octet(d, c)) {
            d->failed = true;
            d->state = SKIP;
            if (fresh)
                return i;
        }
        count_digits(d, c);
        d->line_used |= !text_blank((char)c);
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
    *logs += holds_log(m->text);
}

static bool opens(struct text line)
{
    line = text_trim(line);
    return line.len && (line.at[0] == '[' || line.at[0] == '{');
}

static uint32_t lead_of(struct text head)
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

/* How many of its messages are a log's; learns: which member holds one, where none of the usual does. */
static unsigned logs_in(struct text head, struct document_shape *shape, bool learns)
{
    struct document *d = memory_take(sizeof *d);
    unsigned logs = 0;
    document_init(d, shape, look, &logs);
    d->learns = learns;
    document_feed(d, bytes_of_text(head));
    if (d->state == STRING && !d->number) /* a log that goes on behind the beginning */
        take_string(d);
    for (unsigned i = 0; i < d->depth; i++)
        logs += d->levels[i].rank >= 0 && holds_log(buffer_view(&d->levels[i].message));
    const bool is = !d->failed || d->depth == 0;
    if (learns)
        shape->own = d->shape.own;
    document_clear(d);
    memory_free(d);
    return is ? logs : 0;
}

bool document_detect(struct text head, struct document_shape *shape)
{
    const struct text first = text_trim(head);
    *shape = (struct document_shape){ .lead = lead_of(head) };
    if (!shape->lead && !opens(first))
        return false;
    if (logs_in(head, shape, false))
        return true;
    (void)logs_in(head, shape, true);
    return shape->own.len && logs_in(head, shape, false);
}
