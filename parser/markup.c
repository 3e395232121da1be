#include "parser/markup.h"

static const struct {
    const char *name;
    char stands_for;
} entities[] = { { "gt;", '>' },   { "lt;", '<' },     { "amp;", '&' },   { "quot;", '"' },  { "apos;", '\'' },
                 { "nbsp;", ' ' }, { "hyphen;", '-' }, { "colon;", ':' }, { "lpar;", '(' },  { "rpar;", ')' },
                 { "lsqb;", '[' }, { "rsqb;", ']' },   { "num;", '#' },   { "equals;", '=' } };

/* {name, does a line of the page end there} */
static const struct {
    const char *name;
    bool ends_line;
} tags[] = { { "br", true },    { "p", true },     { "div", true },   { "li", true },    { "tr", true },   { "pre", true },
             { "td", false },   { "th", false },   { "span", false }, { "code", false }, { "b", false },   { "strong", false },
             { "i", false },    { "em", false },   { "a", false },    { "font", false }, { "ol", true },   { "ul", true },
             { "table", true }, { "tbody", true }, { "html", true },  { "body", true },  { "head", true }, { "samp", false },
             { "kbd", false },  { "tt", false },   { "u", false },    { "small", false } };

enum { TAG_MOST = 1024 }; /* octets from a tag's name to its end */

/* The length of an entity behind its '&', 0: it is none. */
static size_t entity(struct text t, char *stands_for)
{
    for (size_t i = 0; i < COUNT_OF(entities); i++)
        if (text_starts(t, text_of(entities[i].name))) {
            *stands_for = entities[i].stands_for;
            return strlen(entities[i].name);
        }
    if (t.len < 3 || t.at[0] != '#')
        return 0;
    bool hex = (t.at[1] | 32) == 'x';
    uint64_t number;
    size_t from = hex ? 2 : 1, n = text_digits(text_upto(text_from(t, from), 6), hex ? 16 : 10, &number);
    if (!n || from + n >= t.len || t.at[from + n] != ';' ||
        ((number < 0x20 || number > 0x7e) && number != '\n' && number != '\r'))
        return 0;
    *stands_for = number == '\r' ? ' ' : (char)number;
    return from + n + 1;
}

/* The length of a tag from its '<' on, 0: it is none. */
static size_t tag(struct text t, bool *ends_line)
{
    size_t at = 1 + (t.len > 1 && t.at[1] == '/'), n = at;
    while (n < t.len && (scan_letter(t.at[n])))
        n++;
    struct text name = text_upto(text_from(t, at), n - at);
    if (!name.len || n == t.len || !(scan_blank(t.at[n]) || t.at[n] == '>' || t.at[n] == '/'))
        return 0;
    for (size_t i = 0; i < COUNT_OF(tags); i++)
        if (text_equal_nocase(name, text_of(tags[i].name))) {
            size_t close = text_find_byte(text_upto(text_from(t, n), TAG_MOST), '>');
            if (close == TEXT_NOWHERE)
                return 0;
            bool sentence = scan_blank(t.at[n]) && text_find_byte(text_upto(text_from(t, n), close), '=') == TEXT_NOWHERE &&
                            text_trim(text_upto(text_from(t, n), close)).len > 1;
            *ends_line = tags[i].ends_line;
            return sentence ? 0 : n + close + 1; /* "<a router>" is none */
        }
    return 0;
}

static bool begins_cell(struct text t)
{
    return text_starts_nocase(t, TEXT("<td")) || text_starts_nocase(t, TEXT("<th"));
}

/* The length of a cell that holds a line's number beside the line, as pages of source text have it; 0: it is none. */
static size_t number_cell(struct text t)
{
    static const char *const words[] = { "num", "lineno", "\"ln", "\"line", "gutter" };
    const size_t end = text_find_byte(text_upto(t, TAG_MOST), '>');
    if (!begins_cell(t) || end == TEXT_NOWHERE)
        return 0;
    bool says = false;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        says |= text_find(text_upto(t, end), text_of(words[i])) != TEXT_NOWHERE;
    size_t n = end + 1;
    while (n < t.len && scan_digit(t.at[n]))
        n++;
    return says && text_starts(text_from(t, n), TEXT("</t")) ? n : 0;
}

struct text markup_strip(struct text t, struct arena *arena)
{
    char *out = arena_take(arena, t.len + 1);
    size_t len = 0;
    bool due = false; /* a line's end, if more follows */
    for (size_t i = 0; i < t.len;) {
        bool ends = false;
        char c = t.at[i];
        const struct text rest = text_from(t, i);
        size_t taken = c == '<' ? number_cell(rest) : 0;
        taken = taken || c != '<' ? taken : tag(rest, &ends);
        if (taken) {
            due |= ends && len;
            if (len && !due && begins_cell(rest) && !scan_blank(out[len - 1])) /* beside the one before */
                out[len++] = '\t';
            i += taken;
            continue;
        }
        size_t of_entity = c == '&' ? entity(text_from(t, i + 1), &c) : 0;
        if (due && !scan_blank(c)) {
            out[len++] = '\n';
            due = false;
        }
        out[len++] = c;
        i += 1 + of_entity;
    }
    return scan_trim_end(text_over(out, len));
}
