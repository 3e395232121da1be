#include "reporters/page.h"

#include <stdarg.h>

#include "base/limits.h"
#include "reporters/clean.h"

enum { MIN_WIDTH = 60, DEFAULT_WIDTH = 100 };

void page_init(struct page *p, const struct view_options *o, struct sink *out)
{
    *p = (struct page){ .out = out, .color = o->color };
    p->width = o->width ? o->width : DEFAULT_WIDTH;
    if (p->width < MIN_WIDTH)
        p->width = MIN_WIDTH;
    buffer_init(&p->text, LIMIT_LINE);
}

void page_clear(struct page *p)
{
    buffer_clear(&p->text);
}

struct buffer *page_text(struct page *p)
{
    buffer_reset(&p->text);
    return &p->text;
}

struct text page_view(const struct page *p)
{
    return buffer_view(&p->text);
}

enum style severity_style(unsigned severity)
{
    return severity == SEVERITY_ERROR ? STYLE_ERROR : severity == SEVERITY_WARNING ? STYLE_WARNING : STYLE_PLAIN;
}

static const char *sequence(enum style style)
{
    static const char *const sequences[] = {
        [STYLE_PLAIN] = "",        [STYLE_ERROR] = "\x1b[1;31m", [STYLE_WARNING] = "\x1b[33m",
        [STYLE_GOOD] = "\x1b[32m", [STYLE_DIM] = "\x1b[2m",      [STYLE_BOLD] = "\x1b[1m"
    };
    return sequences[style];
}

/* t is clean and takes `columns`. */
static void raw(struct page *p, enum style style, struct text t, size_t columns)
{
    if (t.len == 0)
        return;
    for (; p->owed; p->owed--)
        sink_byte(p->out, ' ');
    bool styled = p->color && style != STYLE_PLAIN;
    if (styled)
        sink_string(p->out, sequence(style));
    sink_text(p->out, t);
    if (styled)
        sink_string(p->out, "\x1b[0m");
    p->column += columns;
}

void page_put(struct page *p, enum style style, struct text t)
{
    struct buffer clean;
    buffer_init(&clean, LIMIT_RECORD);
    clean_put(&clean, t);
    raw(p, style, buffer_view(&clean), clean_columns(buffer_view(&clean)));
    buffer_clear(&clean);
}

void page_string(struct page *p, enum style style, const char *string)
{
    raw(p, style, text_of(string), clean_columns(text_of(string)));
}

void page_format(struct page *p, enum style style, const char *format, ...)
{
    char room[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(room, sizeof room, format, args);
    va_end(args);
    if (n > 0)
        page_put(p, style, text_over(room, (size_t)n < sizeof room ? (size_t)n : sizeof room - 1));
}

void page_to(struct page *p, size_t column)
{
    size_t n = p->column < column ? column - p->column : p->column > column ? 1 : 0;
    p->owed += n;
    p->column += n;
}

void page_cut(struct page *p, enum style style, struct text t, size_t columns)
{
    struct buffer cut;
    buffer_init(&cut, LIMIT_RECORD);
    clean_cut(&cut, t, columns);
    raw(p, style, buffer_view(&cut), clean_columns(buffer_view(&cut)));
    buffer_clear(&cut);
}

void page_repeat(struct page *p, enum style style, char c, size_t times)
{
    char room[64];
    memset(room, c, sizeof room);
    for (size_t n; times; times -= n) {
        n = times < sizeof room ? times : sizeof room;
        raw(p, style, text_over(room, n), n);
    }
}

enum { LEAST_ROOM = 10 }; /* of a line, for what goes on in it */

void page_wrap(struct page *p, enum style style, size_t indent, struct text t)
{
    struct buffer clean;
    buffer_init(&clean, LIMIT_RECORD);
    clean_put(&clean, t);
    struct text rest = buffer_view(&clean);
    const bool full = p->column > indent && p->column + LEAST_ROOM > p->width; /* what stands before it fills the line */
    for (bool first = true; rest.len; first = false) {
        if (!first || full) {
            page_line(p);
            page_to(p, indent);
        }
        size_t room = p->width > p->column + LEAST_ROOM ? p->width - p->column : LEAST_ROOM;
        struct text part = clean_fit(&rest, room);
        raw(p, style, part, clean_columns(part));
    }
    buffer_clear(&clean);
}

void page_line(struct page *p)
{
    p->owed = 0;
    p->column = 0;
    sink_byte(p->out, '\n');
}

void page_heading(struct page *p, const char *heading)
{
    page_line(p);
    page_string(p, STYLE_BOLD, heading);
    page_line(p);
}
