/* Names in a configuration that refer to other objects of it, and those that lead nowhere. */
#ifndef IKESCOPE_ANALYSIS_REFERENCES_H
#define IKESCOPE_ANALYSIS_REFERENCES_H

#include "analysis/evidence.h"

struct dangling {
    const struct record *holder; /* where the name stands */
    uint32_t line;
    struct text name;
    const char *what;   /* "the IKEv2 keyring" */
    const char *define; /* the command that makes one, without the name … */
    const char *more;   /* … and what it needs behind the name; "": nothing */
    struct text near;   /* an object of that kind whose name is nearly the same; empty: none */
};

typedef void dangling_judge(void *context, const struct dangling *d);
/* references_each calls judge for each name in the record that its router's configuration has no object for. What a router has
 * without being told (default proposals, policies, profiles) is never missing. */
void references_each(struct model *m, const struct record *holder, dangling_judge *judge, void *context);

#endif
