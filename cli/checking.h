/* What `check`, `rules test` and `rules init` share: loading rule files, and judging a report by them. */
#ifndef IKESCOPE_CLI_CHECKING_H
#define IKESCOPE_CLI_CHECKING_H

#include "analysis/ruleeval.h"
#include "cli/run.h"

/* rules_load reads rule files from disk into *into. all_mistakes: each is told as a warning, and not the first alone as the error. */
bool rules_load(struct rule_file *into, struct arena *arena, const struct words *paths, bool all_mistakes, struct error *err);
int64_t checking_today(void); /* days since 1970; SOURCE_DATE_EPOCH fixes it */
/* report_json writes the model as -f json and parses that, since rules speak of what a report says. The caller frees it with
 * json_free(); NULL with err. */
struct json *report_json(const struct model *m, struct error *err);
/* checking_judge fills the check from the built-in rules (where the files leave them on) and the files' own. */
void checking_judge(struct check *c, const struct rule_file *file, const struct report *report, struct arena *arena);
/* checking_conclude applies suppressions and the baseline (the JSON of an earlier check, or NULL), counts, and decides. */
void checking_conclude(struct check *c, const struct rule_file *file, const struct report *report, struct json *baseline,
                       struct arena *arena);
/* read_file reads a whole text file (limit 64 MiB). */
bool read_file(const char *path, struct arena *arena, struct text *text, struct error *err);
/* read_written reads a file that this program wrote and an option names, and returns what `read` makes of its text. NULL with
 * err, which says that the file is not `what`. */
void *read_written(const char *option, const char *path, const char *what, void *(*read)(struct text text, struct error *err),
                   struct arena *arena, struct error *err);

#endif
