/* The check itself, between `check`, `rules test` and `rules init`. */
#ifndef IKESCOPE_CLI_CHECKING_H
#define IKESCOPE_CLI_CHECKING_H

#include "analysis/ruleeval.h"
#include "cli/run.h"

/* rules_load reads rule files from disk into *into. */
bool rules_load(struct rule_file *into, struct arena *arena, const struct words *paths, struct error *err);
/* report_json renders the model as -f json and parses it again: rules speak of what a report says. NULL with err. */
struct json *report_json(const struct model *m, struct error *err);
/* checking_judge fills the check from the built-in rules (where the files leave them on) and the files' own. */
void checking_judge(struct check *c, const struct rule_file *file, const struct report *report, struct arena *arena);
/* checking_conclude applies suppressions and the baseline (JSON of a former check, or NULL), counts, and decides. */
void checking_conclude(struct check *c, const struct rule_file *file, const struct report *report, struct json *baseline,
                       struct arena *arena);
/* read_file reads a whole text file (limit 64 MiB). */
bool read_file(const char *path, struct arena *arena, struct text *text, struct error *err);
/* read_written reads what a run of this program wrote and an option names: what `read` makes of its text. NULL with err, that
 * it is not `what`. */
void *read_written(const char *option, const char *path, const char *what, void *(*read)(struct text text, struct error *err),
                   struct arena *arena, struct error *err);

#endif
