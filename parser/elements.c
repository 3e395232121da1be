#include "parser/elements.h"

#include "base/buffer.h"
#include "parser/markup.h"
#include "parser/scan.h"

enum { NAME_MOST = 64 };

static const struct text cdata = { "<![CDATA[", 9 }, cdata_end = { "]]>", 3 };

bool elements_wrap(struct text line)
{
    line = scan_skip(line);
    return line.len > 1 && line.at[0] == '<' &&
           (scan_letter(line.at[1]) || line.at[1] == '/' || line.at[1] == '?' || line.at[1] == '!');
}

static bool is_name_octet(char c)
{
    return scan_letter(c) || scan_digit(c) || c == '_' || c == '-' || c == '.' || c == ':' || c == '@';
}

static struct text take_name(struct text *t)
{
    size_t n = 0;
    while (n < t->len && n < NAME_MOST && is_name_octet(t->at[n]))
        n++;
    const struct text name = text_upto(*t, n);
    *t = text_from(*t, n);
    return name;
}

static bool is_time(struct text name)
{
    return exported_is_time(name) || text_equal(name, TEXT("SystemTime"));
}

/* What a record says of its host and time, until it says something else. */
static void note(struct elements *e, struct text name, struct text value)
{
    value = text_trim(value);
    if (exported_is_host(name) && value.len && value.len <= sizeof e->host) {
        memcpy(e->host, value.at, value.len);
        e->host_len = (uint8_t)value.len;
    } else if (is_time(name) && value.len <= sizeof e->time && exported_time(value).len) {
        memcpy(e->time, value.at, value.len);
        e->time_len = (uint8_t)value.len;
    }
}

/* The rest of a tag behind its name: its attributes up to ">". Name="…" is the name of an element that has none of its own. */
static bool take_attributes(struct elements *e, struct text *t, struct text *named)
{
    bool empty = false;
    while (t->len && t->at[0] != '>') {
        const struct text key = take_name(t);
        if (!key.len || t->len < 2 || t->at[0] != '=' || (t->at[1] != '"' && t->at[1] != '\'')) {
            empty = t->len && t->at[0] == '/';
            *t = text_from(*t, t->len && !key.len);
            continue;
        }
        const char quote = t->at[1];
        const struct text behind = text_from(*t, 2);
        const size_t end = text_find_byte(behind, quote);
        const struct text value = text_upto(behind, end);
        *t = text_from(behind, end == TEXT_NOWHERE ? behind.len : end + 1);
        if (text_equal(key, TEXT("Name")) || text_equal(key, TEXT("name")))
            *named = value;
        note(e, key, value);
    }
    *t = text_from(*t, t->len != 0);
    return empty;
}

/* What an element holds, up to the next tag or the line's end. */
static struct text take_content(struct elements *e, struct text *t, struct arena *arena)
{
    if (!e->inside && text_starts(*t, cdata)) {
        e->raw = true;
        *t = text_from(*t, cdata.len);
    }
    const size_t end = e->raw ? text_find(*t, cdata_end) : text_find_byte(*t, '<');
    const struct text content = text_upto(*t, end);
    e->inside = end == TEXT_NOWHERE;
    *t = text_from(*t, e->inside ? t->len : end + (e->raw ? cdata_end.len : 0));
    const bool raw = e->raw;
    e->raw = raw && e->inside;
    return raw || !markup_may_be(content) ? content : markup_strip(content, arena);
}

static uint32_t hash_of(struct text t)
{
    uint32_t h = 0;
    for (size_t i = 0; i < t.len; i++)
        h = (h ^ (unsigned char)t.at[i]) * 0x01000193u;
    return h;
}

/* One more message of the line. */
static void add(struct text content, struct arena *arena, struct unpacked *out)
{
    out->message = out->message.at ? arena_format(arena, "%.*s\n%.*s", TEXT_ARGS(out->message), TEXT_ARGS(content))
                                   : text_over(content.len ? content.at : "", content.len);
}

/* Windows renders what a record's data say a second time, as its message. */
static bool is_rendered(struct elements *e, struct text name, struct text content)
{
    const bool data = text_equal(name, TEXT("Data"));
    const uint32_t hash = hash_of(content);
    const bool again = !data && content.len && content.len == e->said_len && hash == e->said;
    e->said_len = data ? content.len : e->said_len;
    e->said = data ? hash : e->said;
    return again;
}

/* Is it an element for a message? One without a name that tells is where a log's line begins in it. */
static bool holds_message(struct text name, struct text named, struct text content)
{
    if (exported_rank(named.len ? named : name) >= 0)
        return true;
    return text_equal(name, TEXT("Data")) && (!named.len || exported_begins_log(scan_skip(content)));
}

/* An element behind its '<', and what it holds where that is text. */
static void take_element(struct elements *e, struct text *rest, struct arena *arena, struct unpacked *out)
{
    struct text named = { NULL, 0 };
    const struct text name = take_name(rest);
    if (!name.len)
        return;
    if (text_equal(name, TEXT("Event")))
        e->said_len = 0;
    const bool empty = take_attributes(e, rest, &named), raw = text_starts(*rest, cdata);
    struct elements inner = *e;
    struct text behind = *rest;
    const struct text content = empty ? TEXT("") : take_content(&inner, &behind, arena);
    const bool leaf = empty || raw || inner.inside || text_starts(behind, TEXT("</"));
    if (!leaf || !holds_message(name, named, content)) {
        note(e, named.len ? named : name, content);
        return;
    }
    e->inside = inner.inside;
    e->raw = inner.raw;
    *rest = behind;
    if ((!e->inside || text_trim(content).len) && !is_rendered(e, name, content))
        add(content, arena, out);
}

bool elements_take(struct elements *e, struct text line, struct arena *arena, struct unpacked *out)
{
    struct text rest = line;
    if (e->inside) {
        const struct text content = take_content(e, &rest, arena);
        if (e->inside || text_trim(content).len)
            add(content, arena, out);
    }
    for (size_t at; !e->inside && (at = text_find_byte(rest, '<')) != TEXT_NOWHERE;) {
        rest = text_from(rest, at + 1);
        take_element(e, &rest, arena, out);
    }
    out->host = text_over(e->host, e->host_len);
    out->time = text_over(e->time, e->time_len);
    return out->message.at != NULL;
}
