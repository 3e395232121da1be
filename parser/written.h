/*
 * How a text was written down by whatever passed it on: with line ends other than LF (an old Mac's CR, a word processor's
 * separators, "\n" as programs print a text), or with other signs for its characters (a mail's quoted-printable, a page's or a
 * ticket's backslashes before what would be markup), or with what a program shows for octets that nobody sees ("cat -A", an
 * editor). Found in an input's first lines and undone before a line is looked at.
 */
#ifndef IKESCOPE_PARSER_WRITTEN_H
#define IKESCOPE_PARSER_WRITTEN_H

#include "base/buffer.h"

enum written {
    WRITTEN_RETURNS = 1 << 0,    /* lines end at CR */
    WRITTEN_SEPARATORS = 1 << 1, /* lines end at U+2028, U+2029, U+0085, VT or FF, too */
    WRITTEN_LITERAL = 1 << 2,    /* lines end at a backslash and an n; \t and \" mean what they do in C */
    WRITTEN_MARKUP = 1 << 3,     /* a backslash before a punctuation mark does not belong to the text */
    WRITTEN_QUOTED = 1 << 4,     /* quoted-printable: =3D, and "=" where a line goes on */
    WRITTEN_OCTAL = 1 << 5,      /* #011 is a tab, as relays write it */
    WRITTEN_SHOWN = 1 << 6,      /* ^M, ^I stand for control characters, and "$" for a line's end */
    WRITTEN_OWN_ENDS = WRITTEN_RETURNS | WRITTEN_SEPARATORS | WRITTEN_LITERAL | WRITTEN_QUOTED,
};

/* written_detect judges by the first lines of an input: a set of enum written. */
unsigned written_detect(struct text head);
/* written_end is the length of what ends a line, other than LF, at the end of a text; 0: it goes on. */
size_t written_end(unsigned written, struct text t);
/* written_undo writes the line as it was into out. first, last: the line begins or ends a quoted text, whose quotes go too. */
void written_undo(unsigned written, struct text line, bool first, bool last, struct buffer *out);

#endif
