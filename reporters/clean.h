/*
 * What a log says is somebody else's text. Here it becomes fit for a terminal: valid UTF-8 without controls, escape
 * sequences, bidi or invisible marks, which are shown as \x1b or \u{202e}. Blanks stay blanks, and line ends become
 * blanks. Every format that people read passes text of the model through here or through its own escapes.
 */
#ifndef IKESCOPE_REPORTERS_CLEAN_H
#define IKESCOPE_REPORTERS_CLEAN_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/sink.h"

/* clean_put appends the text, cleaned. */
void clean_put(struct buffer *out, struct text t);
void clean_write(struct sink *out, struct text t); /* the same, into a sink */
/* clean_columns is how many columns of a terminal a text takes once cleaned; East Asian wide characters take two. */
size_t clean_columns(struct text t);
/* clean_cut appends at most `columns` columns of the text; where it was cut, these end with "...". */
void clean_cut(struct buffer *out, struct text t, size_t columns);
/* clean_fit takes the longest beginning of *rest that fits into `columns`, broken at a blank where one is near, and not inside of
 * a `command` or an amount ("10 min 42 s") that fits into a line. It takes nothing only if *rest is empty. *rest must be clean
 * already. */
struct text clean_fit(struct text *rest, size_t columns);

#endif
