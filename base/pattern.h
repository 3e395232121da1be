/* The door to PCRE2: regular expressions, compiled with JIT when first needed, with limits (LIMIT_REGEX_TEXT) so
 * that no input makes one run away. Patterns are tables' members, so a pattern is a static object that compiles itself. */
#ifndef IKESCOPE_BASE_PATTERN_H
#define IKESCOPE_BASE_PATTERN_H

#include "base/bytes.h"
#include "base/error.h"

enum { PATTERN_GROUPS = 16 }; /* capture groups a pattern may have, the whole match included */

struct pattern;

struct pattern *pattern_create(const char *expression, struct error *err); /* NULL with err: not a pattern */
void pattern_destroy(struct pattern *p);
/* pattern_match finds the first match and gives its groups (group 0 is the whole match; unset ones are NULL/0).
 * False also when the limits were hit: such text is simply not understood. Not for use by two threads at once. */
bool pattern_match(struct pattern *p, struct text subject, struct text groups[static PATTERN_GROUPS]);
/* pattern_exhausted is how often matching reached the limits since the last call. */
uint64_t pattern_exhausted(struct pattern *p);
/* pattern_group is the number of a named group, or 0. */
unsigned pattern_group(const struct pattern *p, const char *name);

#endif
