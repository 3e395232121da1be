#include "reporters/marked.h"

#include "base/utf8.h"
#include "reporters/clean.h"
#include "reporters/prose.h"

enum { COMMAND_COLUMNS = 1000, OCTETS_A_COLUMN = 16 };

static bool digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

/* Does this sign mean something to Markdown here? Letters, digits and most punctuation do not; a colon starts an emoji
 * or stands in an address, a full stop makes "www." a link, but for those in numbers; a hyphen at the start makes a list. */
static bool means(uint32_t c, struct text rest, uint32_t before)
{
    if (c >= 0x80)
        return false;
    if (strchr("\\`*_{}[]#+!|~$", (int)c))
        return true;
    if (c != ':' && c != '.')
        return c == '-' && !before;
    const bool letter = (before | 0x20) >= 'a' && (before | 0x20) <= 'z'; /* "r1.log:10" */
    const bool number = rest.len && digit((unsigned char)rest.at[0]) && (digit(before) || (c == ':' && letter));
    return rest.len && rest.at[0] != ' ' && !number;
}

void marked_put(struct sink *out, struct text t)
{
    uint32_t code, before = 0;
    struct text raw;
    for (; utf8_next(&t, &code, &raw); before = code) {
        if (code == '\n' || code == '\r' || code == '\t')
            sink_byte(out, ' ');
        else if (!utf8_safe(code) || code == 0xfffd)
            sink_string(out, "\xef\xbf\xbd");
        else if (code == '<' || code == '>' || code == '&' || code == '@')
            sink_format(out, "&#%u;", (unsigned)code);
        else if (means(code, t, before))
            sink_format(out, "\\%c", (int)code);
        else
            sink_text(out, raw);
    }
}

/* A fence is a backtick longer than any run of them inside; beside a backtick it needs a blank. */
static void fence(struct sink *out, size_t ticks, bool opens)
{
    sink_string(out, ticks && !opens ? " " : "");
    for (size_t i = 0; i <= ticks; i++)
        sink_byte(out, '`');
    sink_string(out, ticks && opens ? " " : "");
}

void marked_code(struct sink *out, struct text t, size_t columns, bool in_table)
{
    struct buffer clean;
    buffer_init(&clean, OCTETS_A_COLUMN * columns + 64);
    clean_cut(&clean, t, columns);
    size_t run = 0, most = 0, indent = 0;
    for (size_t i = 0; i < clean.len; i++) {
        run = clean.at[i] == '`' ? run + 1 : 0;
        most = run > most ? run : most;
    }
    while (indent < clean.len && clean.at[indent] == ' ')
        indent++;
    const bool blank = indent == clean.len;
    if (!blank)
        fence(out, most, true);
    for (size_t i = 0; i < clean.len && !blank; i++) {
        if (clean.at[i] == '|' && in_table)
            sink_byte(out, '\\');
        sink_string(out, i < indent ? "\xc2\xa0" : ""); /* of blanks Markdown would make one, or none */
        if (i >= indent)
            sink_byte(out, clean.at[i]);
    }
    if (!blank)
        fence(out, most, false);
    buffer_clear(&clean);
}

static void part(struct sink *out, const struct prose_part *p, bool in_table)
{
    if (p->code)
        marked_code(out, p->text, COMMAND_COLUMNS, in_table);
    else
        marked_put(out, p->text);
}

void marked_prose(struct sink *out, struct text t, bool in_table)
{
    struct prose prose = prose_of(t, false);
    for (struct prose_part p; prose_next(&prose, &p);)
        part(out, &p, in_table);
}

static void put_clean_line(struct sink *out, struct text t)
{
    struct buffer clean;
    buffer_init(&clean, OCTETS_A_COLUMN * COMMAND_COLUMNS);
    clean_cut(&clean, t, COMMAND_COLUMNS);
    sink_text(out, buffer_view(&clean));
    buffer_clear(&clean);
}

void marked_advice(struct sink *out, struct text t)
{
    static const char begins[] = "\n\n  ```\n  ", ends[] = "\n  ```\n\n  ";
    struct prose prose = prose_of(t, true);
    bool in_row = false;
    for (struct prose_part p; prose_next(&prose, &p); in_row = p.row != 0) {
        if (!p.row) {
            sink_string(out, in_row ? ends : "");
            part(out, &p, false);
            continue;
        }
        sink_string(out, p.row > 1 ? "\n  " : in_row ? ends : "");
        sink_string(out, p.row == 1 ? begins + (in_row ? strlen("\n\n  ") : 0) : "");
        put_clean_line(out, p.text);
        sink_string(out, p.remark.len ? "  " : "");
        put_clean_line(out, p.remark);
    }
    sink_string(out, in_row ? "\n  ```" : "");
}
