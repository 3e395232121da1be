/*
 * The user's rule files (docs/rules.md, docs/rules.schema.json). A rule file is a tree of YAML or JSON; reading it checks
 * every key, subject, field and operator, so that a misspelt word is an error with its place and the nearest name, and
 * never a rule that silently holds.
 */
#ifndef IKESCOPE_ANALYSIS_RULEFILE_H
#define IKESCOPE_ANALYSIS_RULEFILE_H

#include "base/yaml.h"
#include "model/verdict.h"

/* ENTRY(ident, "name", "what its rows are") */
#define SUBJECTS(ENTRY)                                                                                                          \
    ENTRY(IKE_SAS, "ike_sas", "IKE SAs, attempts that failed included")                                                          \
    ENTRY(CHILD_SAS, "child_sas", "Child SAs")                                                                                   \
    ENTRY(EXCHANGES, "exchanges", "exchanges of all IKE SAs")                                                                    \
    ENTRY(MESSAGES, "messages", "messages of all IKE SAs")                                                                       \
    ENTRY(FINDINGS, "findings", "findings of the diagnosis")                                                                     \
    ENTRY(PEERS, "peers", "pairs of addresses, with how often they tried")                                                       \
    ENTRY(DEVICES, "devices", "routers whose logs were given")                                                                   \
    ENTRY(CAPTURES, "captures", "captures")                                                                                      \
    ENTRY(SHOW, "show", "objects of show output and configurations")

enum subject {
#define ENTRY(ident, name, help) SUBJECT_##ident,
    SUBJECTS(ENTRY)
#undef ENTRY
        SUBJECT_COUNT
};
const char *subject_name(enum subject s);

enum check_kind { CHECK_EXPECT, CHECK_NEVER, CHECK_COUNT_OF, CHECK_WITHIN, CHECK_SEQUENCE, CHECK_UNIQUE, CHECK_KIND_COUNT };
extern const char *const check_kind_names[]; /* "expect", "never", "count", "within", "sequence", "unique"; ends with NULL */
extern const char *const operator_names[];   /* "eq" ... ; ends with NULL */

struct user_rule {
    struct user_rule *next;
    const char *id, *file;
    struct text title, advice;
    enum severity severity;
    enum check_kind kind;
    enum subject subject;
    const struct yaml_node *where;     /* a condition, or NULL: all rows */
    const struct yaml_node *that;      /* of expect, never: a condition; of count: operators on a number */
    const struct yaml_node *from, *to; /* of within: conditions on messages or transitions */
    const struct yaml_node *steps;     /* of sequence */
    struct text field;                 /* of unique */
    double limit_seconds;              /* of within */
    uint32_t line, column;
    bool disabled;
};

struct suppression {
    struct suppression *next;
    const char *rule;
    const struct yaml_node *where;
    struct text reason;
    int64_t until_days; /* since 1970; INT64_MAX: no end */
    struct text until;  /* as it was written */
    uint32_t line;
    const char *file;
};

struct severity_override {
    struct severity_override *next;
    const char *rule;
    enum severity severity;
    bool off;
};

struct rule_test {
    struct rule_test *next;
    struct text name;
    const struct yaml_node *report;                  /* a report's members, written in the file */
    struct text input;                               /* or a file beside the rule file */
    const struct yaml_node *pass, *fail, *undecided; /* ids */
    const char *file;
    uint32_t line;
};

struct variable_set {
    struct variable_set *next;
    const struct yaml_node *map;
};

struct rule_file {
    struct user_rule *rules, *rules_last;
    struct suppression *suppressions;
    struct severity_override *overrides;
    struct rule_test *tests;
    struct variable_set *variables; /* the outermost file's first */
    bool builtin;                   /* the built-in rules apply too (default true) */
    struct arena *arena;
};

/* How rule files are opened, since cli/ reads files and analysis/ does not: given a path as it is written in a rule file, load
 * gives the text (in the arena) and the path it opened, or false with err. */
struct rule_loader {
    bool (*load)(void *context, const char *path, const char *relative_to, struct arena *arena, struct text *text,
                 const char **opened, struct error *err);
    /* NULL: the first mistake is the error, and reading ends. Else reading goes on with the next entry of a list: of several
     * mistakes each is handed over, and the error is how many there are. */
    void (*mistake)(void *context, const struct error *err);
    void *context;
};

/* rulefile_read adds the rules of a file, and first those it extends, to *into (init with rulefile_init). */
void rulefile_init(struct rule_file *into, struct arena *arena);
bool rulefile_read(struct rule_file *into, const char *path, const char *relative_to, struct rule_loader loader,
                   struct error *err);
/* rule_seconds: "3s", "250ms", "2m", "1h", "1d", plain seconds; rule_octets: "1k", "10MiB", "1500". */
bool rule_seconds(struct text t, double *seconds);
bool rule_octets(struct text t, double *octets);

#endif
