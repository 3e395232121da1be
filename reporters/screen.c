#include "reporters/screen.h"

enum { PROSE_COLUMNS = 110 };

void screen_label(struct page *p, const char *word)
{
    page_to(p, 2);
    page_string(p, STYLE_DIM, word);
    page_to(p, SCREEN_LABEL + 2);
}

void screen_wrap(struct page *p, enum style style, size_t indent, struct text t)
{
    unsigned width = p->width;
    p->width = width < indent + PROSE_COLUMNS ? width : (unsigned)indent + PROSE_COLUMNS;
    page_wrap(p, style, indent, t);
    p->width = width;
}

void screen_labelled(struct page *p, const char *word, enum style style, struct text t)
{
    if (t.len == 0)
        return;
    screen_label(p, word);
    screen_wrap(p, style, SCREEN_LABEL + 2, t);
    page_line(p);
}

void screen_more(struct page *p, size_t indent, uint64_t left, const char *what)
{
    if (!left)
        return;
    page_to(p, indent);
    page_format(p, STYLE_DIM, "... and %llu more%s%s", (unsigned long long)left, *what ? " " : "", what);
    page_line(p);
}

enum style screen_outcome(unsigned outcome)
{
    return outcome == SA_FAILED        ? STYLE_ERROR
           : outcome == SA_INCOMPLETE  ? STYLE_WARNING
           : outcome == SA_ESTABLISHED ? STYLE_GOOD
                                       : STYLE_PLAIN;
}
