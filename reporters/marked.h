/*
 * Text in Markdown, GitHub's dialect. What an input says is either escaped, sign by sign, or stands in a code span whose fence is
 * longer than any run of backticks in it: nothing of it is ever markup, an emoji, a mention or a link.
 */
#ifndef IKESCOPE_REPORTERS_MARKED_H
#define IKESCOPE_REPORTERS_MARKED_H

#include "base/bytes.h"
#include "base/sink.h"

/* marked_put writes escaped text, on one line. */
void marked_put(struct sink *out, struct text t);
/* marked_code writes a code span of at most so many columns, its indentation kept; nothing for blanks alone. In a table its bars are
 * escaped. */
void marked_code(struct sink *out, struct text t, size_t columns, bool in_table);
/* marked_prose writes sentences of a finding: what is to be typed stands in code spans (reporters/prose.h). */
void marked_prose(struct sink *out, struct text t, bool in_table);
/* marked_advice does the same for an item of a list: rows of commands are blocks of it that can be copied. */
void marked_advice(struct sink *out, struct text t);

#endif
