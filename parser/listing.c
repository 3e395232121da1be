#include "parser/listing.h"

#include "parser/prefix.h"
#include "parser/scan.h"
#include "parser/tag.h"

enum {
    LINES_LEAST = 4,    /* log lines that must have the mark, if there are as many */
    LINES_LOOKED = 400, /* of an input's beginning */
    LINES_TRIED = 60    /* of those, in which a log's line is sought behind a mark */
};

/* ---- Shapes ---- */

/* "Mar", "Tue": three letters, the first of them large, and no fourth. */
static bool is_calendar_name(struct text t)
{
    return t.len >= 3 && scan_upper(t.at[0]) && scan_lower(t.at[1]) && scan_lower(t.at[2]) &&
           (t.len == 3 || !scan_letter(t.at[3]));
}

/* The shape of a mark; false: it is too long to be one. */
static bool shape_of(struct text mark, struct listing *l)
{
    l->len = 0;
    for (size_t i = 0; i < mark.len;) {
        struct text rest = text_from(mark, i);
        bool begins_word = i == 0 || !scan_letter(mark.at[i - 1]);
        size_t n = 1;
        char c = mark.at[i];
        if (scan_digit(c)) {
            c = LISTING_NUMBER;
            while (n < rest.len && scan_digit(rest.at[n]))
                n++;
        } else if (i == 0 && scan_blank(c)) {
            while (n < rest.len && scan_blank(rest.at[n]))
                n++;
            if (n == mark.len)
                return false; /* indented, no more */
        } else if (begins_word && is_calendar_name(rest)) {
            c = LISTING_NAME;
            n = 3;
        }
        if (l->len == sizeof l->shape)
            return false;
        l->shape[l->len++] = c;
        i += n;
    }
    return l->len != 0;
}

/* The length of the mark in front of a line, 0: it has none. An empty line's may lack its last blanks. */
static size_t mark_in(const struct listing *l, struct text line)
{
    size_t at = scan_blank(l->shape[0]) || l->shape[0] == LISTING_NUMBER ? line.len - scan_skip(line).len : 0;
    for (size_t i = l->len > 1 && scan_blank(l->shape[0]) ? 1 : 0; i < l->len; i++) {
        struct text rest = text_from(line, at);
        size_t n = 1;
        if (!rest.len) {
            while (i < l->len && scan_blank(l->shape[i]))
                i++;
            return i == l->len ? at : 0;
        }
        if (l->shape[i] == LISTING_NUMBER) {
            for (n = 0; n < rest.len && scan_digit(rest.at[n]);)
                n++;
        } else if (l->shape[i] == LISTING_NAME) {
            n = is_calendar_name(rest) ? 3 : 0;
        } else if (rest.at[0] != l->shape[i] && !(l->shape[i] == ':' && rest.at[0] == '-')) { /* lines around what was sought */
            return 0;
        }
        if (!n)
            return 0;
        at += n;
    }
    return at;
}

/* ---- Detection ---- */

/* Does a line begin here that the parser reads: perhaps a time, a number, a host, and a tag? */
static bool reads(struct text t)
{
    struct prefix_cache none = { .len = 0 };
    struct prefix prefix;
    struct tag tag;
    prefix_scan(t, &none, &prefix);
    return tag_scan(prefix.rest, &tag) && tag.family != FAMILY_NONE && tag.family != FAMILY_CONTEXT;
}

/* A table's heading, or the first words of a configuration: no device indents it. */
static bool is_heading(struct text t)
{
    static const char *const headings[] = {
        "Tunnel-id ",      "interface: ",   "Interface: ",     "Crypto session current status",
        "crypto ",         "hostname ",     "interface ",      "tunnel-group ",
        "IPv4 Crypto IKE", "IKEv2 SAs:",    "Session-id:",     "There are no IKEv2 SAs",
        "Session Type:",   "peer address:", "Crypto map tag:", "Global IKEv2 Statistics",
    };
    for (size_t i = 0; i < COUNT_OF(headings); i++)
        if (text_starts(t, text_of(headings[i])))
            return true;
    return false;
}

/* Does a line begin here that no device indents: a prompt with a command, a debug, the heading of a table? */
static bool at_margin(struct text t)
{
    struct text host, command;
    if (reads(t) || is_heading(t))
        return true;
    return prompt_scan(t, &host, &command) && text_find_byte(text_upto(t, 64), '#') != TEXT_NOWHERE && host.len > 1;
}

/* "004711: ", a device's own number of its line, or "07:13:44", its clock; and no search's number, which has no blank behind. */
static bool begins_entry(struct text t)
{
    struct stamp stamp;
    size_t n = 0;
    while (n < t.len && scan_digit(t.at[n]))
        n++;
    return (n + 1 < t.len && t.at[n] == ':' && t.at[n + 1] == ' ') || stamp_scan(t, &stamp);
}

/* Where such a line begins inside this one, 0: nowhere. */
static size_t begins_inside(struct text line)
{
    for (size_t at = 1; at < line.len && at <= LISTING_SHAPE; at++) {
        char before = line.at[at - 1], c = line.at[at];
        bool edge = !scan_letter(before) && !scan_digit(before) && before != '.' && before != '*' &&
                    !(before == ':' && scan_digit(c) &&
                      (at < 2 || scan_digit(line.at[at - 2]) || !begins_entry(text_from(line, at))));
        if (edge && !scan_blank(c) && at_margin(text_from(line, at)))
            return at;
    }
    return 0;
}

/* Do the lines of the head that begin a log's line have this mark, and all of them; or, where none is a log's, simply all? */
static bool fits(const struct listing *l, struct text head, unsigned least)
{
    struct text line;
    unsigned marked = 0, bare = 0, headings = 0, without = 0, all = 0;
    for (unsigned n = 0; n < LINES_LOOKED && text_cut(&head, '\n', &line); n++) {
        line = scan_trim_end(line);
        size_t mark = mark_in(l, line);
        marked += mark && reads(text_from(line, mark));
        bare += !mark && line.len && reads(line);
        headings += mark && !reads(text_from(line, mark)) && at_margin(text_from(line, mark));
        without += !mark && line.len && head.len; /* the last one may be a part only */
        all += mark != 0;
    }
    return (marked >= least && bare * 10 <= marked) || (headings && !without && all >= LINES_LEAST);
}

/* "[10:00:03] " in front of every line, with a clock in it that is not read as the line's own time: what is behind may be
 * anything. */
static bool bracketed(struct listing *l, struct text head)
{
    struct text rest = head, line = { NULL, 0 };
    struct stamp stamp;
    while (text_cut(&rest, '\n', &line) && !scan_trim_end(line).len) {}
    const size_t end = text_find_byte(text_upto(line, LISTING_SHAPE), ']');
    if (!line.len || line.at[0] != '[' || end == TEXT_NOWHERE || end + 1 >= line.len || line.at[end + 1] != ' ')
        return false;
    const struct text inside = text_upto(text_from(line, 1), end - 1);
    const size_t colon = text_find_byte(inside, ':');
    if (colon == TEXT_NOWHERE || !colon || colon + 1 >= inside.len || !scan_digit(inside.at[colon - 1]) ||
        !scan_digit(inside.at[colon + 1]) || stamp_scan(inside, &stamp) == inside.len || !shape_of(text_upto(line, end + 2), l))
        return false;
    for (unsigned n = 0; n < LINES_LOOKED && text_cut(&head, '\n', &line); n++)
        if (scan_trim_end(line).len && head.len && !mark_in(l, line)) /* the last one may be a part only */
            return false;
    return true;
}

/* How many of so many lines must have the mark. */
static unsigned least_of(unsigned lines)
{
    return lines < 2 * LINES_LEAST ? (lines + 1) / 2 : LINES_LEAST;
}

/* "12:" in front of what was sought, with no blank behind as a device's own number has one, or with "13-" in front of what stands
 * around it. */
static bool searched(struct listing *l, struct text head)
{
    struct text line;
    uint64_t last = 0, number;
    unsigned found = 0, around = 0, tight = 0;
    for (unsigned n = 0; n < LINES_LOOKED && text_cut(&head, '\n', &line); n++) {
        size_t digits = 0;
        line = scan_trim_end(line);
        while (digits < line.len && scan_digit(line.at[digits]))
            digits++;
        if (!line.len || text_equal(line, TEXT("--")) || (!head.len && n)) /* the last one may be a part only */
            continue;
        if (digits == line.len || !text_number(text_upto(line, digits), 10, &number) || number <= last)
            return false;
        const struct text behind = text_from(line, digits + 1);
        if (behind.len && scan_blank(behind.at[0]) && !around && reads(scan_skip(behind)))
            return false;
        found += line.at[digits] == ':';
        around += line.at[digits] == '-';
        tight += behind.len && at_margin(behind);
        last = number;
    }
    if (!found || (!around && tight < least_of(found)))
        return false;
    l->shape[0] = LISTING_NUMBER;
    l->shape[1] = ':';
    l->len = 2;
    return true;
}

/* The blanks before every line that belongs at the margin, 0: one of them is there, or none is seen. */
static size_t indent_of(struct text head)
{
    struct text line;
    size_t least = 0;
    for (unsigned n = 0; n < LINES_LOOKED && text_cut(&head, '\n', &line); n++) {
        line = scan_trim_end(line);
        struct text own = scan_skip(line);
        size_t indent = line.len - own.len;
        if (!own.len || (least && indent >= least) || !at_margin(own))
            continue;
        if (!indent)
            return 0;
        least = indent;
    }
    return least;
}

static struct text without_indent(const struct listing *l, struct text line)
{
    size_t n = 0;
    while (n < l->indent && n < line.len && scan_blank(line.at[n]))
        n++;
    return text_from(line, n);
}

void listing_detect(struct listing *l, struct text head)
{
    struct text rest = head, line;
    unsigned read = 0, tried = 0, lines = 0;
    *l = (struct listing){ .indent = indent_of(head) };
    if (l->indent || bracketed(l, head) || searched(l, head))
        return;
    l->len = 0;
    for (unsigned n = 0; n < LINES_LOOKED && text_cut(&rest, '\n', &line); n++) {
        line = scan_skip(scan_trim_end(line));
        lines += line.len != 0;
        read += reads(line);
    }
    const unsigned least = least_of(lines);
    if (read >= least) /* as most logs */
        return;
    for (rest = head; tried < LINES_TRIED && text_cut(&rest, '\n', &line); tried++) {
        line = scan_trim_end(line);
        size_t at = begins_inside(line);
        if (at && shape_of(text_upto(line, at), l) && fits(l, head, least))
            return;
    }
    l->len = 0;
}

struct text listing_strip(const struct listing *l, struct text line)
{
    if (l->indent)
        return without_indent(l, line);
    size_t mark = l->len ? mark_in(l, line) : 0;
    if (!mark && l->len && l->shape[l->len - 1] == ':' && text_equal(line, TEXT("--"))) /* between what a search found */
        return (struct text){ line.at, 0 };
    if (!mark)
        return line;
    line = text_from(line, mark);
    const char quote = l->shape[l->len - 1];
    if (quote == '"' || quote == '\'' || quote == '`') { /* a list of strings: what closes it */
        line = scan_trim_end(line);
        line.len -= line.len && line.at[line.len - 1] == ',';
        line.len -= line.len && line.at[line.len - 1] == quote;
    } else if (quote == '{') { /* a ticket's {{words as typed}} */
        line = scan_trim_end(line);
        for (size_t i = 0; i < l->len && line.len && l->shape[i] == '{' && line.at[line.len - 1] == '}'; i++)
            line.len--;
    } else if (memchr(l->shape, '|', l->len)) { /* a table's row */
        const struct text row = scan_trim_end(line);
        if (row.len && row.at[row.len - 1] == '|' && (row.len == 1 || scan_blank(row.at[row.len - 2])))
            line = scan_trim_end(text_upto(row, row.len - 1));
    }
    return line;
}

struct text listing_strip_all(const struct listing *l, struct text head, struct buffer *out)
{
    struct text line;
    if (!listing_found(l))
        return head;
    while (text_cut(&head, '\n', &line)) {
        buffer_text(out, listing_strip(l, line));
        buffer_byte(out, '\n');
    }
    return buffer_view(out);
}
