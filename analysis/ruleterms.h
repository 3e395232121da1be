/* The words of rule files: the fields each subject has, and values with units. */
#ifndef IKESCOPE_ANALYSIS_RULETERMS_H
#define IKESCOPE_ANALYSIS_RULETERMS_H

#include "analysis/rulefile.h"

struct field_row {
    enum subject subject;
    const char *path; /* as in the JSON report; a path that ends in ".*" is open below */
    const char *help; /* what it is, for `rules explain`; NULL: as in the report */
};
extern const struct field_row field_rows[];
extern const size_t field_count;

bool word_in(struct text word, const char *const *words);
/* field_known: has this subject this field? If not, *near is the name most like it, or NULL. */
bool field_known(enum subject subject, struct text path, const char **near);
bool cidr_known(struct text t);                               /* a network as "192.0.2.0/24" or "2001:db8::/32" */
bool cidr_contains(struct text network, struct text address); /* an address, or a range a-b all of it */

#endif
