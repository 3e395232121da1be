#include "reporters/svg_draw.h"

#include "model/event.h"
#include "reporters/clean.h"
#include "reporters/html_assets.h"

struct drawing drawing_into(struct buffer *out)
{
    struct drawing d = { .out = out };
    buffer_init(&d.scratch, DRAWING_LIMIT);
    buffer_init(&d.line, DRAWING_LIMIT);
    return d;
}

void drawing_clear(struct drawing *d)
{
    buffer_clear(&d->scratch);
    buffer_clear(&d->line);
}

static void escape(struct buffer *out, struct text t)
{
    size_t from = 0;
    for (size_t i = 0; i < t.len; i++) {
        const char *name = NULL;
        switch (t.at[i]) {
        case '&':
            name = "&amp;";
            break;
        case '<':
            name = "&lt;";
            break;
        case '>':
            name = "&gt;";
            break;
        case '"':
            name = "&quot;";
            break;
        case '\'':
            name = "&#39;";
            break;
        default:
            continue;
        }
        buffer_put(out, t.at + from, i - from);
        buffer_string(out, name);
        from = i + 1;
    }
    if (from < t.len)
        buffer_put(out, t.at + from, t.len - from);
}

/* Text that is fit for XML and HTML, between tags or inside a quoted attribute. */
static void markup_put(struct buffer *out, struct buffer *scratch, struct text t)
{
    buffer_reset(scratch);
    clean_put(scratch, t);
    escape(out, buffer_view(scratch));
}

void draw_put(struct drawing *d, struct text t)
{
    markup_put(d->out, &d->scratch, t);
}

void draw_begin(struct drawing *d, int width, int height, bool standalone, const char *title, struct text description)
{
    int margin = standalone ? 16 : 0;
    buffer_format(
        d->out, "<svg class=\"drawing\" role=\"group\" viewBox=\"%d %d %d %d\" width=\"%d\" height=\"%d\" xml:space=\"preserve\"",
        -margin, -margin, width + 2 * margin, height + 2 * margin, width + 2 * margin, height + 2 * margin);
    if (standalone)
        buffer_string(d->out, " xmlns=\"http://www.w3.org/2000/svg\"");
    buffer_string(d->out, ">\n<title>");
    draw_put(d, text_of(title));
    buffer_string(d->out, "</title>\n<desc>");
    draw_put(d, description);
    buffer_string(d->out, "</desc>\n");
    if (!standalone)
        return;
    buffer_string(d->out, "<style>\n");
    buffer_put(d->out, asset_drawing_css, asset_drawing_css_length);
    buffer_string(d->out, "</style>\n");
    draw_box(d, "paper", -margin, -margin, width + 2 * margin, height + 2 * margin, 0);
}

void draw_end(struct drawing *d)
{
    buffer_string(d->out, "</svg>\n");
}

void draw_text(struct drawing *d, int x, int y, const char *class, const char *anchor, struct text t, size_t columns)
{
    if (!t.len)
        return;
    buffer_format(d->out, "<text class=\"%s\" x=\"%d\" y=\"%d\"", class, x, y);
    if (anchor[0] != 's')
        buffer_format(d->out, " text-anchor=\"%s\"", anchor);
    buffer_byte(d->out, '>');
    buffer_reset(&d->scratch);
    bool cut = columns && clean_columns(t) > columns;
    if (cut)
        clean_cut(&d->scratch, t, columns);
    else
        clean_put(&d->scratch, t);
    escape(d->out, buffer_view(&d->scratch));
    if (cut) {
        buffer_string(d->out, "<title>");
        draw_put(d, text_upto(t, 2000));
        buffer_string(d->out, "</title>");
    }
    buffer_string(d->out, "</text>\n");
}

void draw_string(struct drawing *d, int x, int y, const char *class, const char *anchor, const char *string)
{
    draw_text(d, x, y, class, anchor, text_of(string), 0);
}

static int lines(struct drawing *d, int x, int y, const char *class, const char *anchor, struct text t, size_t columns, int most)
{
    struct buffer clean;
    buffer_init(&clean, DRAWING_LIMIT);
    clean_put(&clean, t);
    struct text rest = text_trim(buffer_view(&clean));
    int n = 0;
    while (rest.len && (!most || n < most)) {
        bool last = most && n == most - 1;
        struct text part = last ? rest : clean_fit(&rest, columns);
        draw_text(d, x, y + n * DRAW_LINE, class, anchor, text_trim(part), last ? columns : 0);
        n++;
        if (last)
            break;
        rest = text_trim(rest);
    }
    buffer_clear(&clean);
    return n;
}

int draw_lines(struct drawing *d, int x, int y, const char *class, struct text t, size_t columns, int most)
{
    return lines(d, x, y, class, "start", t, columns, most);
}

int draw_centred(struct drawing *d, int x, int y, const char *class, struct text t, size_t columns, int most)
{
    return lines(d, x, y, class, "middle", t, columns, most);
}

/* The beginning of a clean name that goes on one line, up to the last of its joints that fits in the second half of the line. */
static struct text name_part(struct text *rest, size_t columns)
{
    const struct text whole = *rest;
    struct text part = clean_fit(rest, columns);
    if (!rest->len)
        return part;
    for (size_t i = part.len; i > part.len / 2; i--)
        if (strchr("-._:/", part.at[i - 1])) {
            *rest = text_from(whole, i);
            return text_upto(whole, i);
        }
    return part;
}

int draw_name(struct drawing *d, int x, int y, const char *class, struct text t, size_t columns)
{
    enum { MOST = 8 };
    struct buffer clean;
    int n = 0;
    buffer_init(&clean, DRAWING_LIMIT);
    clean_put(&clean, t);
    for (struct text rest = text_trim(buffer_view(&clean)); rest.len; n++) {
        const struct text part = n == MOST - 1 ? rest : name_part(&rest, columns);
        draw_text(d, x, y + n * DRAW_LINE, class, "middle", part, n == MOST - 1 ? columns : 0);
        if (n == MOST - 1)
            rest = TEXT("");
    }
    buffer_clear(&clean);
    return n;
}

void draw_line(struct drawing *d, const char *class, int x1, int y1, int x2, int y2)
{
    buffer_format(d->out, "<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n", class, x1, y1, x2, y2);
}

void draw_box(struct drawing *d, const char *class, int x, int y, int width, int height, int radius)
{
    buffer_format(d->out, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"", class, x, y, width < 0 ? 0 : width,
                  height < 0 ? 0 : height);
    if (radius)
        buffer_format(d->out, " rx=\"%d\"", radius);
    buffer_string(d->out, "/>\n");
}

void draw_head(struct drawing *d, const char *class, int x, int y, bool right)
{
    int back = right ? -10 : 10;
    buffer_format(d->out, "<path class=\"%s head\" d=\"M%d %d l%d -5 v10 z\"/>\n", class, x, y, back);
}

void draw_break(struct drawing *d, int x, int y, int width)
{
    int left = x - width / 2;
    buffer_format(d->out, "<path class=\"paper\" d=\"M%d %d l%d -8 v8 l%d 8 z\"/>\n", left, y + 4, width, -width);
    buffer_format(d->out, "<path class=\"cut\" d=\"M%d %d l%d -8 m0 8 l%d 8\"/>\n", left, y + 4, width, -width);
}

void draw_router(struct drawing *d, int x, int y)
{
    buffer_format(d->out,
                  "<circle class=\"router\" cx=\"%d\" cy=\"%d\" r=\"10\"/><path class=\"arrows\" d=\"M%d %d h4 m-2 -2 l2 2 l-2 2 "
                  "M%d %d h-4 m2 -2 l-2 2 l2 2 M%d %d v-4 m-2 2 l2 -2 l2 2 M%d %d v4 m-2 -2 l2 2 l2 -2\"/>\n",
                  x + 10, y + 10, x + 3, y + 10, x + 17, y + 10, x + 10, y + 7, x + 10, y + 13);
}

void draw_cross(struct drawing *d, int x, int y)
{
    buffer_format(d->out, "<path class=\"lost\" d=\"M%d %d l12 12 m0 -12 l-12 12\"/>\n", x - 6, y - 6);
}

void draw_sign(struct drawing *d, unsigned severity, int x, int y)
{
    struct buffer *o = d->out;
    if (severity == SEVERITY_ERROR)
        buffer_format(o,
                      "<path class=\"sign error\" d=\"M%d %d h6 l4 4 v6 l-4 4 h-6 l-4 -4 v-6 z\"/><path class=\"mark\" d=\"M%d "
                      "%d l6 6 m0 -6 l-6 6\"/>\n",
                      x + 4, y - 7, x + 4, y - 3);
    else if (severity == SEVERITY_WARNING)
        buffer_format(
            o, "<path class=\"sign warning\" d=\"M%d %d l7 13 h-14 z\"/><path class=\"mark\" d=\"M%d %d v5 m0 2 v1.5\"/>\n",
            x + 7, y - 7, x + 7, y - 3);
    else if (severity == SEVERITY_NOTE)
        buffer_format(
            o, "<circle class=\"sign note\" cx=\"%d\" cy=\"%d\" r=\"6.5\"/><path class=\"mark\" d=\"M%d %d v1.5 m0 2 v4\"/>\n",
            x + 7, y, x + 7, y - 4);
    else
        buffer_format(o, "<circle class=\"dot\" cx=\"%d\" cy=\"%d\" r=\"2.5\"/>\n", x + 7, y);
}
