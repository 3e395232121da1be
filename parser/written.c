#include "parser/written.h"

#include "parser/scan.h"

enum { SEEN_LEAST = 3, MOST_OF = 8, MARKS_LEAST = 4 };

static bool is_sign(char c)
{
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

static struct text tail_of(struct text t, size_t n)
{
    return text_from(t, t.len > n ? t.len - n : 0);
}

/* ---- Detection ---- */

static size_t count_of(struct text t, struct text what)
{
    size_t n = 0;
    for (size_t at; (at = text_find(t, what)) != TEXT_NOWHERE; n++)
        t = text_from(t, at + what.len);
    return n;
}

static bool has_returns(struct text head)
{
    bool returns = false;
    for (size_t i = 0; i < head.len && head.at[i] != '\n'; i++)
        returns |= head.at[i] == '\r' && i + 1 < head.len && head.at[i + 1] != '\r' && head.at[i + 1] != '\n';
    return returns && text_find_byte(head, '\n') == TEXT_NOWHERE;
}

static bool has_separators(struct text head)
{
    static const char *const ends[] = { "\xe2\x80\xa8", "\xe2\x80\xa9", "\xc2\x85", "\v", "\f" };
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        n += count_of(head, text_of(ends[i]));
    return n >= SEEN_LEAST;
}

/* Hardly any other ends of lines: where a collector writes an entry's lines so, the line is still its entry. */
static bool has_literal(struct text head)
{
    size_t literal = count_of(head, TEXT("\\n"));
    return literal >= SEEN_LEAST && count_of(head, TEXT("\n")) * MOST_OF <= literal + MOST_OF;
}

/* Is there a sign that never stands without a backslash, or hardly ever; or one at the end of nearly each line? */
static bool has_markup(struct text head)
{
    if (!head.len || !memchr(head.at, '\\', head.len))
        return false;
    size_t ends = count_of(head, TEXT("\\\n"));
    if (ends >= MARKS_LEAST && count_of(head, TEXT("\n")) <= ends * 2)
        return true;
    uint32_t marked[128] = { 0 }, bare[128] = { 0 };
    for (size_t i = 0; i < head.len; i++) {
        bool marks = head.at[i] == '\\' && i + 1 < head.len && is_sign(head.at[i + 1]);
        i += marks;
        if (is_sign(head.at[i]))
            (marks ? marked : bare)[(unsigned char)head.at[i]]++;
    }
    for (unsigned c = 0; c < 128; c++)
        if (c != '\\' && c != '"' && c != '\'' && c != '/' && marked[c] >= MARKS_LEAST && bare[c] * MOST_OF <= marked[c])
            return true;
    return false;
}

/* Of octets that quoted-printable has to write so: what they begin with; a line that goes on is another. */
static bool is_quoted(struct text behind)
{
    static const char *const codes[] = { "3D", "20", "09", "C2", "C3", "E2", "E3" };
    struct text end = scan_skip(behind);
    if (!end.len || end.at[0] == '\n' || end.at[0] == '\r')
        return true;
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (text_starts(behind, text_of(codes[i])))
            return true;
    return false;
}

static bool has_quoted(struct text head)
{
    size_t quoted = 0, bare = 0;
    for (size_t i = 0; i < head.len; i++) {
        if (head.at[i] != '=')
            continue;
        if (is_quoted(text_from(head, i + 1)))
            quoted++;
        else
            bare += i + 1 == head.len || head.at[i + 1] != '='; /* a rule of "=====" is none */
    }
    return quoted >= SEEN_LEAST && bare * MOST_OF <= quoted;
}

/* Nearly all lines end in what stands for their end. */
static bool has_shown(struct text head)
{
    const size_t lines = count_of(head, TEXT("\n")), ends = count_of(head, TEXT("$\n")) + count_of(head, TEXT("^M\n"));
    return ends >= SEEN_LEAST && ends * MOST_OF >= lines * (MOST_OF - 1);
}

unsigned written_detect(struct text head)
{
    if (has_returns(head))
        return WRITTEN_RETURNS;
    struct text first = text_trim(head);
    unsigned written = has_separators(head) ? WRITTEN_SEPARATORS : 0;
    if (first.len && (first.at[0] == '{' || first.at[0] == '[')) /* JSON has backslashes of its own */
        return written;
    if (has_literal(head))
        return written | WRITTEN_LITERAL;
    if (has_markup(head))
        written |= WRITTEN_MARKUP;
    if (count_of(head, TEXT("#011")) >= SEEN_LEAST)
        written |= WRITTEN_OCTAL;
    if (has_shown(head))
        written |= WRITTEN_SHOWN;
    return written | (has_quoted(head) ? WRITTEN_QUOTED : 0);
}

/* ---- Undoing it ---- */

/* Does a text end in a backslash that is a sign of its own? */
static bool ends_escaped(struct text t)
{
    size_t n = 0;
    while (n < t.len && t.at[t.len - 1 - n] == '\\')
        n++;
    return n % 2;
}

size_t written_end(unsigned written, struct text t)
{
    const unsigned char last = (unsigned char)t.at[t.len - 1];
    if (written & WRITTEN_RETURNS)
        return last == '\r';
    if (written & WRITTEN_SEPARATORS) {
        if (last == '\v' || last == '\f')
            return 1;
        if (last == 0x85 && text_equal(tail_of(t, 2), TEXT("\xc2\x85")))
            return 2;
        if (last == 0xa8 && text_equal(tail_of(t, 3), TEXT("\xe2\x80\xa8")))
            return 3;
        if (last == 0xa9 && text_equal(tail_of(t, 3), TEXT("\xe2\x80\xa9")))
            return 3;
    }
    if (!(written & WRITTEN_LITERAL) || last != 'n' || !ends_escaped(text_upto(t, t.len - 1)))
        return 0;
    return text_equal(tail_of(t, 4), TEXT("\\r\\n")) ? 4 : 2;
}

/* What a backslash and the sign behind it stand for, 0: themselves. */
static char behind_backslash(unsigned written, char c)
{
    if (written & WRITTEN_LITERAL)
        return c == 't' ? '\t' : c == '"' || c == '\'' || c == '\\' || c == '/' ? c : '\0';
    return is_sign(c) ? c : '\0';
}

static struct text without_shown_end(struct text t)
{
    t.len -= t.len && t.at[t.len - 1] == '$';
    while (text_equal(tail_of(t, 2), TEXT("^M")))
        t.len -= 2;
    return t;
}

/* A program's text without the quotes around it: "...", b'...'. */
static struct text without_quotes(struct text t, bool first, bool last)
{
    if (first) {
        struct text begin = scan_skip(t);
        begin = text_from(begin, begin.len > 1 && (begin.at[0] == 'b' || begin.at[0] == 'u'));
        if (begin.len && (begin.at[0] == '"' || begin.at[0] == '\''))
            t = text_from(begin, 1);
    }
    if (last) {
        t = scan_trim_end(t);
        t.len -= t.len && (t.at[t.len - 1] == '"' || t.at[t.len - 1] == '\'') && !ends_escaped(text_upto(t, t.len - 1));
    }
    return t;
}

void written_undo(unsigned written, struct text line, bool first, bool last, struct buffer *out)
{
    buffer_reset(out);
    if (written & WRITTEN_LITERAL)
        line = without_quotes(line, first, last);
    if (written & WRITTEN_SHOWN)
        line = without_shown_end(line);
    for (size_t i = 0; i < line.len; i++) {
        char c = line.at[i];
        uint64_t octet;
        if (c == '\\' && (written & WRITTEN_MARKUP) && i + 1 == line.len)
            break; /* a hard end of the line */
        if (c == '\\' && (written & (WRITTEN_MARKUP | WRITTEN_LITERAL)) && i + 1 < line.len &&
            behind_backslash(written, line.at[i + 1]))
            c = behind_backslash(written, line.at[++i]);
        else if (c == '=' && (written & WRITTEN_QUOTED) && i + 2 < line.len &&
                 text_digits(text_upto(text_from(line, i + 1), 2), 16, &octet) == 2) {
            c = (char)octet;
            i += 2;
        } else if (c == '#' && (written & WRITTEN_OCTAL) && text_starts(text_from(line, i), TEXT("#011"))) {
            c = '\t';
            i += 3;
        } else if (c == '^' && (written & WRITTEN_SHOWN) && i + 1 < line.len && line.at[i + 1] >= '@' && line.at[i + 1] <= '_') {
            c = (char)(line.at[++i] - '@');
        }
        buffer_byte(out, c);
    }
}
