/* Text for people, column by column. Text that is put here is clean already or cleaned here, a style only adds to it, and no line
 * is written with blanks at its end. */
#ifndef IKESCOPE_REPORTERS_PAGE_H
#define IKESCOPE_REPORTERS_PAGE_H

#include "base/buffer.h"
#include "base/sink.h"
#include "reporters/reporter.h"

enum style { STYLE_PLAIN, STYLE_ERROR, STYLE_WARNING, STYLE_GOOD, STYLE_DIM, STYLE_BOLD };

struct page {
    struct sink *out;
    struct buffer text; /* scratch for callers: page_text() empties it */
    unsigned width;
    size_t column; /* of the line being written */
    size_t owed;   /* blanks that are written only when something follows */
    bool color;
};

void page_init(struct page *p, const struct view_options *o, struct sink *out);
void page_clear(struct page *p);
void page_put(struct page *p, enum style style, struct text t); /* cleans */
void page_string(struct page *p, enum style style, const char *string);
void page_format(struct page *p, enum style style, const char *format, ...) __attribute__((format(printf, 3, 4)));
void page_to(struct page *p, size_t column); /* blanks up to a column; one where it is past it */
void page_cut(struct page *p, enum style style, struct text t, size_t columns); /* at most so many columns */
void page_repeat(struct page *p, enum style style, char c, size_t times);
/* page_wrap writes the text from the current column on, broken at blanks, later lines from `indent` on. */
void page_wrap(struct page *p, enum style style, size_t indent, struct text t);
void page_line(struct page *p);                         /* ends the line */
void page_heading(struct page *p, const char *heading); /* a blank line, then the heading */
struct buffer *page_text(struct page *p);               /* the scratch, empty */
struct text page_view(const struct page *p);            /* what is in it */
enum style severity_style(unsigned severity);

#endif
