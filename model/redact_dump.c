#include "model/redact_dump.h"

#include "model/redact_parts.h"

enum { OUTSIDE, IN_ID, IN_OCTETS };
enum { WIDTH_LEAST = 40, WIDTH_MOST = 250, FULL_LINES = 3, IDENTITY_MOST = 4096, NAME_MOST = 255 };

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Where the octets at the end of a line begin: pairs of digits, with nothing in front but what ends in a colon. */
static size_t octets_at(struct text line)
{
    size_t end = line.len, at = TEXT_NOWHERE;
    while (end && (line.at[end - 1] == ' ' || line.at[end - 1] == '\r'))
        end--;
    while (end >= 2 && is_hex(line.at[end - 1]) && is_hex(line.at[end - 2]) && (end == 2 || line.at[end - 3] == ' ')) {
        at = end - 2;
        for (end = at; end && line.at[end - 1] == ' ';)
            end--;
    }
    return at != TEXT_NOWHERE && (end == 0 || line.at[end - 1] == ':') ? at : TEXT_NOWHERE;
}

/* " IDi  Next payload: ...", "(2):  IDr(2):   Next payload: ...": the payload that the last such head of a line begins. */
static bool begins_identity(struct text line, bool *head)
{
    static const char *const names[] = { "IDi", "IDr", "CERT" };
    size_t at = TEXT_NOWHERE;
    for (size_t i = 0, n; (n = text_find(text_from(line, i), TEXT("Next payload:"))) != TEXT_NOWHERE; i = at + 1)
        at = i + n;
    *head = at != TEXT_NOWHERE;
    if (!*head)
        return false;
    struct text before = text_trim(text_upto(line, at));
    if (text_ends(before, TEXT("):"))) {
        while (before.len && before.at[before.len - 1] != '(')
            before.len--;
        before = text_trim(text_upto(before, before.len ? before.len - 1 : 0));
    }
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (text_ends(before, text_of(names[i])) &&
            (before.len == strlen(names[i]) || strchr(" :)", before.at[before.len - strlen(names[i]) - 1])))
            return true;
    return false;
}

/* What the line means for the dump in work; true: it is octets of an identity. */
static bool step(struct redact_dump *d, struct text line)
{
    bool head;
    if (begins_identity(line, &head)) {
        d->state = IN_ID;
        d->type = (struct text){ NULL, 0 };
        return false;
    }
    if (head || d->state == OUTSIDE) {
        d->state = OUTSIDE;
        return false;
    }
    size_t type = text_find(line, TEXT("Id type: "));
    if (type != TEXT_NOWHERE) {
        struct text t = text_from(line, type + 9);
        t = text_upto(t, text_find_byte(t, ',') == TEXT_NOWHERE ? t.len : text_find_byte(t, ','));
        d->type = arena_text(d->r->arena, t);
        return false;
    }
    if (octets_at(line) != TEXT_NOWHERE) {
        d->state = IN_OCTETS;
        return true;
    }
    if (d->state == IN_OCTETS)
        d->state = OUTSIDE;
    return false;
}

static struct text as_text(const struct dumped *o)
{
    return text_over((const char *)o->octets, o->len);
}

static bool printable(const struct dumped *o)
{
    for (size_t i = 0; i < o->len; i++)
        if (o->octets[i] < 0x20 || o->octets[i] > 0x7e)
            return false;
    return o->len > 0;
}

static void substitute(struct redact_dump *d, struct dumped *o)
{
    size_t size = o->printed;
    struct address a = { .family = text_starts_nocase(d->type, TEXT("IPv6")) ? ADDRESS_IPV6 : ADDRESS_IPV4 };
    bool address = text_starts_nocase(d->type, TEXT("IPv")) && size == address_length(a);
    if (address) {
        memcpy(a.octets, o->octets, size);
        a = redact_address(d->r, a);
        o->substitute = arena_array(d->r->arena, uint8_t, size);
        memcpy(o->substitute, a.octets, size);
    } else if (d->type.len && size == o->len && size <= NAME_MOST && printable(o)) {
        struct text name = redact_name(d->r, as_text(o));
        size = name.len;
        o->substitute = arena_array(d->r->arena, uint8_t, size + 1);
        memcpy(o->substitute, name.at, size);
    } else { /* a certificate, a distinguished name, what is longer than names are: nothing of it is fit to be shown */
        o->substitute = arena_array(d->r->arena, uint8_t, size + 1);
        memset(o->substitute, 0, size + 1);
    }
    o->substitute_len = size;
}

/* The dump in work is over. */
static void settle(struct redact_dump *d)
{
    if (d->last && !d->last->substitute)
        substitute(d, d->last);
}

static size_t octets_in(struct text line, size_t at)
{
    size_t digits = 0;
    for (; at < line.len; at++)
        digits += is_hex(line.at[at]);
    return digits / 2;
}

void redact_dump_learn(struct redact_dump *d, struct text line)
{
    bool before = d->state == IN_OCTETS;
    if (!step(d, line)) {
        if (before)
            settle(d);
        return;
    }
    if (!before) {
        struct dumped *o = arena_new(d->r->arena, struct dumped);
        o->octets = d->last ? d->last->octets : arena_array(d->r->arena, uint8_t, IDENTITY_MOST);
        if (d->last)
            d->last->next = o;
        else
            d->first = o;
        d->last = o;
    }
    struct text printed = text_trim(text_from(line, octets_at(line)));
    size_t n = text_unhex(printed, d->last->octets + d->last->len, IDENTITY_MOST - d->last->len);
    d->last->len += n == TEXT_NOWHERE ? 0 : n;
    d->last->printed += octets_in(line, octets_at(line));
}

void redact_dump_end(struct redact_dump *d)
{
    settle(d);
    d->state = OUTSIDE;
    d->put = d->seen = 0;
}

bool redact_dump_line(struct redact_dump *d, struct text line, struct buffer *out)
{
    if (!step(d, line))
        return false;
    struct dumped *o = d->first;
    size_t at = octets_at(line), here = octets_in(line, at);
    redact_line(d->r, text_upto(line, at), out);
    d->seen += here;
    bool last = !o || d->seen >= o->printed;
    /* what replaces a name is longer or shorter: its last line has the rest */
    size_t upto = !o ? 0 : last ? o->substitute_len : d->put + here < o->substitute_len ? d->put + here : o->substitute_len;
    for (bool first = true; d->put < upto; first = false)
        buffer_format(out, first ? "%02x" : " %02x", o->substitute[d->put++]);
    if (last) {
        d->first = o ? o->next : NULL;
        d->put = d->seen = 0;
    }
    return true;
}

/* ---- words that a terminal cut ---- */

size_t redact_width(struct text all)
{
    size_t widest = 0, times = 0;
    struct text line;
    while (text_cut(&all, '\n', &line)) {
        if (line.len > widest) {
            widest = line.len;
            times = 0;
        }
        times += line.len == widest;
    }
    return widest >= WIDTH_LEAST && widest <= WIDTH_MOST && times >= FULL_LINES ? widest : 0;
}

static bool in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("._-@", c) != NULL;
}

/* A secret whose end went to the next line, or the whole of it. */
static bool secret_cut(struct redactor *r, struct text line, struct text next, struct redacted_cut *cut)
{
    size_t head = 0, at, end;
    while (head < next.len && !strchr(" \t\r", next.at[head]))
        head++;
    struct buffer whole, made;
    buffer_init(&whole, 2048);
    buffer_init(&made, 2048);
    buffer_text(&whole, line);
    buffer_text(&whole, text_upto(next, head));
    const bool is = head && !whole.full && redact_secret_across(r, buffer_view(&whole), line.len, &at, &end, &made) &&
                    at <= line.len;
    if (is)
        *cut = (struct redacted_cut){ line.len - at, end - line.len, arena_text(r->arena, buffer_view(&made)) };
    buffer_clear(&whole);
    buffer_clear(&made);
    return is;
}

bool redact_cut(struct redactor *r, size_t width, struct text line, struct text next, struct redacted_cut *cut)
{
    size_t t = 0, h = 0;
    if (!width || line.len != width)
        return false;
    if (secret_cut(r, line, next, cut))
        return true;
    while (t < line.len && line.at[line.len - 1 - t] && in_word(line.at[line.len - 1 - t]))
        t++;
    while (h < next.len && next.at[h] && in_word(next.at[h]))
        h++;
    if (!t || !h)
        return false;
    struct buffer whole, made;
    buffer_init(&whole, 512);
    buffer_init(&made, 1024);
    buffer_text(&whole, text_from(line, line.len - t));
    buffer_text(&whole, text_upto(next, h));
    redact_line(r, buffer_view(&whole), &made);
    bool other = !whole.full && !text_equal(buffer_view(&whole), buffer_view(&made));
    if (other)
        *cut = (struct redacted_cut){ t, h, arena_text(r->arena, buffer_view(&made)) };
    buffer_clear(&whole);
    buffer_clear(&made);
    return other;
}
