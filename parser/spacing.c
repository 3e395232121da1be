#include "parser/spacing.h"

#include "parser/scan.h"

enum { LINES_LEAST = 6, CLOSE_OF = 12 }; /* few lines may stand close to the next one: a heading, what a page put in front */

void spacing_detect(struct spacing *spacing, struct text head)
{
    struct text rest = head, line;
    unsigned spaced = 0, close = 0;
    bool after = false;
    while (text_cut(&rest, '\n', &line)) {
        bool blank = scan_trim_end(line).len == 0;
        spaced += after && blank;
        close += after && !blank;
        after = !blank;
    }
    *spacing = (struct spacing){ .found = spaced >= LINES_LEAST && close * CLOSE_OF <= spaced };
}

bool spacing_drops(struct spacing *spacing, struct text line)
{
    bool drops = spacing->due && scan_trim_end(line).len == 0;
    spacing->due = !drops;
    return drops;
}

void spacing_strip_all(const struct spacing *spacing, struct buffer *text)
{
    struct buffer out;
    struct spacing own = *spacing;
    struct text rest = buffer_view(text), line;
    const char *end = rest.at + rest.len;
    buffer_init(&out, text->limit);
    while (text_cut(&rest, '\n', &line)) {
        if (spacing_drops(&own, line))
            continue;
        buffer_text(&out, line);
        if (line.at + line.len != end) /* the last one may be a part only */
            buffer_byte(&out, '\n');
    }
    buffer_reset(text);
    buffer_text(text, buffer_view(&out));
    buffer_clear(&out);
}
