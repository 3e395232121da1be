/*
 * The few shapes that ladders, lifelines, state machines and walkthroughs are made of, as SVG. Sizes are in pixels. Every text is
 * cleaned and escaped here. Colours are classes (html/drawing.css), so one drawing serves light, dark and print, and everything
 * that a colour says is also said by a sign or a word.
 */
#ifndef IKESCOPE_REPORTERS_SVG_DRAW_H
#define IKESCOPE_REPORTERS_SVG_DRAW_H

#include "base/buffer.h"
#include "base/bytes.h"

struct drawing {
    struct buffer *out;
    struct buffer scratch; /* cleaned text on its way to being escaped */
    struct buffer line;    /* for callers: a text under construction */
};

enum { DRAWING_LIMIT = 256 << 20, DRAW_LINE = 15 /* height of a line of small text */ };

struct drawing drawing_into(struct buffer *out);
void drawing_clear(struct drawing *d);

void draw_put(struct drawing *d, struct text t);
/* draw_begin starts a document or an inline picture of this size, draw_end ends it. standalone: with XML name space and its own
 * style sheet. Title and description are for those who cannot see it. */
void draw_begin(struct drawing *d, int width, int height, bool standalone, const char *title, struct text description);
void draw_end(struct drawing *d);
/* anchor: "start", "middle", "end". At most `columns` columns are shown; what is cut stands in a tooltip. */
void draw_text(struct drawing *d, int x, int y, const char *class, const char *anchor, struct text t, size_t columns);
void draw_string(struct drawing *d, int x, int y, const char *class, const char *anchor, const char *string);
/* draw_lines writes wrapped lines downward and returns how many; 0 most: all. */
int draw_lines(struct drawing *d, int x, int y, const char *class, struct text t, size_t columns, int most);
int draw_centred(struct drawing *d, int x, int y, const char *class, struct text t, size_t columns, int most);
/* draw_name writes a whole name, centred on x, over as many lines as it needs, broken behind a hyphen or a dot where there is
 * one; it returns how many lines. */
int draw_name(struct drawing *d, int x, int y, const char *class, struct text t, size_t columns);
void draw_line(struct drawing *d, const char *class, int x1, int y1, int x2, int y2);
void draw_box(struct drawing *d, const char *class, int x, int y, int width, int height, int radius);
void draw_head(struct drawing *d, const char *class, int x, int y, bool right); /* of an arrow, its point at x,y */
/* draw_break marks where a line of the drawing is cut, because time or rows are left out. draw_router is the sign of a router, 20
 * wide. */
void draw_break(struct drawing *d, int x, int y, int width);
void draw_router(struct drawing *d, int x, int y);
void draw_cross(struct drawing *d, int x, int y);
void draw_sign(struct drawing *d, unsigned severity, int x, int y); /* the sign of a severity, 14 wide, centred on y */

#endif
