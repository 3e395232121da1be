/* Reading rule files: values with units, places of errors, what extends what. */
#include "analysis/rulefile.h"

#include "analysis/ruleterms.h"
#include "test.h"

static const char *base_text = "version: 1\n";

static bool load(void *context, const char *path, const char *relative_to, struct arena *arena, struct text *text,
                 const char **opened, struct error *err)
{
    (void)relative_to;
    (void)err;
    *text = text_of(strcmp(path, "base.yaml") == 0 ? base_text : context);
    *opened = arena_string(arena, text_of(path));
    return true;
}

static bool read_text(struct rule_file *file, struct arena *arena, const char *text, struct error *err)
{
    char copy[4096];
    snprintf(copy, sizeof copy, "%s", text);
    rulefile_init(file, arena);
    return rulefile_read(file, "a.yaml", NULL, (struct rule_loader){ .load = load, .context = copy }, err);
}

static void units(void)
{
    double n = 0;
    CHECK(rule_seconds(text_of("250ms"), &n) && n > 0.2499 && n < 0.2501);
    CHECK(rule_seconds(text_of("2m"), &n) && n > 119.9 && n < 120.1);
    CHECK(rule_seconds(text_of("0"), &n) && n < 1e-9);
    CHECK(!rule_seconds(text_of(""), &n));
    CHECK(!rule_seconds(text_of("3 s"), &n));
    CHECK(!rule_seconds(text_of("-1s"), &n));
    CHECK(!rule_seconds(text_of("1000000000000000000000000000000000000000000s"), &n));
    CHECK(rule_octets(text_of("10MiB"), &n) && n > 10485759 && n < 10485761);
    CHECK(!rule_octets(text_of("10MIB"), &n));
}

static void networks(void)
{
    CHECK(cidr_known(text_of("192.0.2.0/24")));
    CHECK(cidr_known(text_of("2001:db8::/32")));
    CHECK(!cidr_known(text_of("192.0.2.0/33")));
    CHECK(!cidr_known(text_of("here")));
    CHECK(cidr_contains(text_of("192.0.2.0/25"), text_of("192.0.2.127")));
    CHECK(!cidr_contains(text_of("192.0.2.0/25"), text_of("192.0.2.128")));
    CHECK(cidr_contains(text_of("0.0.0.0/0"), text_of("203.0.113.1")));
    CHECK(!cidr_contains(text_of("0.0.0.0/0"), text_of("2001:db8::1")));
    CHECK(cidr_contains(text_of("10.0.0.0/8"), text_of("10.0.0.0-10.255.255.255")));
    CHECK(!cidr_contains(text_of("10.0.0.0/8"), text_of("10.0.0.0-11.0.0.0")));
}

static void files(struct arena *arena)
{
    struct rule_file file;
    struct error err = { 0 };
    CHECK(read_text(&file, arena, "rules: []\n", &err));
    CHECK(file.rules == NULL && file.builtin);
    CHECK(!read_text(&file, arena, "# rules: []\n", &err));
    err = (struct error){ 0 };
    CHECK(!read_text(&file, arena, "rulez: []\n", &err));
    CHECK(strcmp(err.text, "a.yaml:1:1: unknown key 'rulez'; did you mean 'rules'?") == 0);
    base_text = "builtin: false\nvariables: { v: base, w: only }\nrules: [ { id: r, title: \"${v} ${w}\", expect: { that: { "
                "outcome: failed } } } ]\n";
    err = (struct error){ 0 };
    CHECK(read_text(&file, arena, "extends: base.yaml\nvariables: { v: outer }\n", &err));
    CHECK(!file.builtin && file.rules && !file.rules->next);
    if (file.rules)
        CHECK_TEXT(file.rules->title, "outer only");
    CHECK(read_text(&file, arena,
                    "extends: base.yaml\nrules: [ { id: r, severity: off, never: { that: { outcome: failed } } } ]\n", &err));
    CHECK(file.rules && !file.rules->next && file.rules->kind == CHECK_NEVER && file.rules->disabled);
    CHECK(!read_text(&file, arena, "extends: a.yaml\n", &err));
}

/* {what a rule checks, behind its id and a comma; what is said of it, behind file and line: "" where nothing is wrong} */
static const struct {
    const char *rule, *said;
} checks[] = {
    { "expect: { that: { outcome: established } }", "" },
    { "expect: { over: ike_sas, where: { outcome: failed }, that: { outcome: established } }", "" },
    { "expect: { over: ike_sass, that: { outcome: failed } }", "nothing to check is called 'ike_sass'; did you mean 'ike_sas'?" },
    { "expect: { where: { outcome: failed } }", "'that' is missing in 'r'" },
    { "expect: { that: failed }", "'that' must be a mapping" },
    { "expect: { that: { outcom: failed } }", "ike_sas have no field 'outcom'; did you mean 'outcome'?" },
    { "expect: { where: { outcom: failed }, that: { outcome: failed } }",
      "ike_sas have no field 'outcom'; did you mean 'outcome'?" },
    { "expect: { over: messages, that: { colour: red } }", "messages have no field 'colour'" },
    { "expect: { that: { outcome: established }, is: 1 }", "unknown key 'is'" },
    { "expect: { that: { outcome: { is: failed } } }", "unknown operator 'is'; did you mean 'in'?" },
    { "expect: { that: { outcome: {} } }", "an operator is missing at 'outcome'" },
    { "expect: { that: { outcome: { in: failed } } }", "'in' must be a list" },
    { "expect: { that: { outcome: { in: [[failed]] } } }", "a list of plain values is needed for 'in'" },
    { "expect: { that: { outcome: { match: '(' } } }", NULL },
    { "expect: { that: { outcome: { match: '^est' } } }", "" },
    { "expect: { that: { outcome: { exists: true } } }", "" },
    { "expect: { that: { outcome: { not: { in: [ failed ] } } } }", "" },
    { "expect: { that: { outcome: { not: { in: failed } } } }", "'in' must be a list" },
    { "expect: { that: { outcome: { not: { in: [ failed ] }, is: failed } } }", "unknown operator 'is'; did you mean 'in'?" },
    { "expect: { that: { outcome: { any: { in: [ failed ] }, eq: { in: [ failed ] } } } }", "'eq' must be a word or number" },
    { "expect: { that: { outcome: { exists: perhaps } } }", "neither true nor false: 'perhaps'" },
    { "expect: { that: { outcome: { lt: soon } } }", "a number, a time as 3s or a size as 10MiB is needed, not 'soon'" },
    { "expect: { that: { outcome: { cidr: [ 192.0.2.0/24, 192.0.2.0/33 ] } } }", "no network: '192.0.2.0/33'" },
    { "expect: { that: { not: { outcome: { cidr: 192.0.2.0/24 } } } }", "" },
    { "expect: { that: { any: { outcome: failed } } }", "'any' must be a list" },
    { "expect: { that: { any: [ { outcome: failed }, { outcom: failed } ] } }",
      "ike_sas have no field 'outcom'; did you mean 'outcome'?" },
    { "never: { that: { outcome: failed } }", "" },
    { "never: {}", "'that' is missing in 'r'" },
    { "count: { where: { outcome: failed }, is: 0 }", "" },
    { "count: { is: { ge: 1 } }", "" },
    { "count: {}", "'is' (a number, or operators as {ge: 1}) is missing in 'r'" },
    { "count: { is: [ 1 ] }", "'is' (a number, or operators as {ge: 1}) is missing in 'r'" },
    { "count: { is: many }", "'is' needs a number, not 'many'" },
    { "count: { is: { more: 1 } }", "unknown operator 'more'" },
    { "within: { from: { exchange: IKE_SA_INIT }, to: { exchange: IKE_AUTH }, limit: 3s }", "" },
    { "within: { to: { exchange: IKE_AUTH }, limit: 250ms, where: { outcome: established } }", "" },
    { "within: { to: { exchange: IKE_AUTH } }", "'within' needs 'limit', a time as 3s or 250ms, in 'r'" },
    { "within: { to: { exchange: IKE_AUTH }, limit: soon }", "'within' needs 'limit', a time as 3s or 250ms, in 'r'" },
    { "within: { limit: 3s }", "'within' needs 'to' in 'r'" },
    { "within: { to: { colour: red }, limit: 3s }", "messages have no field 'colour'" },
    { "within: { from: { colour: red }, to: { exchange: IKE_AUTH }, limit: 3s }", "messages have no field 'colour'" },
    { "sequence: { steps: [ { exchange: IKE_SA_INIT }, { exchange: IKE_AUTH } ] }", "" },
    { "sequence: { where: { outcome: established }, steps: [ { exchange: IKE_AUTH } ] }", "" },
    { "sequence: { steps: [] }", "'steps' (a list) is missing in 'r'" },
    { "sequence: { steps: { exchange: IKE_AUTH } }", "'steps' (a list) is missing in 'r'" },
    { "sequence: { steps: [ { exchange: IKE_AUTH }, { colour: red } ] }", "messages have no field 'colour'" },
    { "unique: { over: ike_sas, field: spi_i }", "" },
    { "unique: { field: spi_j }", "'unique' needs 'field', one that its subject has; not 'spi_j'; did you mean 'spi_i'?" },
    { "unique: {}", "'unique' needs 'field', one that its subject has; not ''" },
    { "unique: [ spi_i ]", "'unique' must be a mapping" },
    { "title: nothing", "rule 'r' needs one of expect, never, count, within, sequence, unique" },
    { "never: { that: { outcome: failed } }, count: { is: 0 }", "a rule checks one thing; also here: 'count'" },
    { "severity: grave, count: { is: 0 }", "no severity is called 'grave'" },
    { "severity: off, count: { is: 0 }", "" },
    { "disabled: yes, count: { is: 0 }", "neither true nor false: 'yes'" },
    { "advise: nothing, count: { is: 0 }", "unknown key 'advise'; did you mean 'advice'?" },
};

/* A condition this many times inside "not". */
static bool nested(struct arena *arena, unsigned depth, struct error *err)
{
    struct rule_file file;
    char text[512] = "rules:\n  - { id: r, never: { that: ";
    size_t len = strlen(text);
    for (unsigned i = 0; i < depth; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "{ not: ");
    len += (size_t)snprintf(text + len, sizeof text - len, "{ outcome: failed }");
    for (unsigned i = 0; i < depth; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, " }");
    snprintf(text + len, sizeof text - len, " } }\n");
    return read_text(&file, arena, text, err);
}

static void depths(struct arena *arena)
{
    struct error err = { 0 };
    CHECK(nested(arena, 16, &err));
    CHECK(!nested(arena, 17, &err));
    CHECK(strstr(err.text, "conditions nested too deep at 'not'") != NULL);
}

/* What stands for a whole value may be a list, and within a word it may not; what was put in is not read again. */
static void variables(struct arena *arena)
{
    struct rule_file file;
    struct error err = { 0 };
    CHECK(read_text(&file, arena, "variables: { v: [ failed ] }\nrules: [ { id: r, never: { that: { outcome: '${v}' } } } ]\n",
                    &err));
    CHECK(!read_text(&file, arena, "variables: { v: [ failed ] }\nrules: [ { id: r, title: 'x ${v}', count: { is: 0 } } ]\n",
                     &err));
    CHECK(strstr(err.text, "this variable is no plain value: 'v'") != NULL);
    err = (struct error){ 0 };
    CHECK(!read_text(&file, arena, "variables: { v: '${w}', w: x }\nrules: [ { id: r, title: 'x ${v}', count: { is: 0 } } ]\n",
                     &err));
    CHECK(strstr(err.text, "this variable is no plain value: 'v'") != NULL);
    err = (struct error){ 0 };
    CHECK(!read_text(&file, arena, "rules: [ { id: r, title: '${', count: { is: 0 } } ]\n", &err));
    CHECK(strstr(err.text, "'${' without '}' in '${'") != NULL);
    err = (struct error){ 0 };
    CHECK(!read_text(&file, arena, "rules: [ { id: r, title: '${u}', count: { is: 0 } } ]\n", &err));
    CHECK(strstr(err.text, "no variable 'u'") != NULL);
}

static void faults(struct arena *arena)
{
    for (size_t i = 0; i < COUNT_OF(checks); i++) {
        char text[512];
        struct rule_file file;
        struct error err = { 0 };
        snprintf(text, sizeof text, "rules:\n  - { id: r, %s }\n", checks[i].rule);
        const bool read = read_text(&file, arena, text, &err), good = checks[i].said && !checks[i].said[0];
        CHECK(read == good);
        if (read != good)
            fprintf(stderr, "%s: %s\n", checks[i].rule, err.text);
        if (read || good || !checks[i].said)
            continue;
        const char *said = strstr(err.text, ": "); /* behind the place */
        CHECK(strncmp(err.text, "a.yaml:2:", 9) == 0 && said);
        CHECK_TEXT(text_of(said ? said + 2 : err.text), checks[i].said);
    }
}

/* What else stands in a file beside its rules: {the file, what is said of it; "": nothing, it is read} */
static void parts(struct arena *arena)
{
    static const struct {
        const char *text, *said;
    } rows[] = {
        { "suppress: [ { rule: no-key, reason: known, until: 2026-12-31 } ]\n", "" },
        { "suppress: [ { rule: no-key, reason: known, until: 2026-01-01 } ]\n", "" },
        { "suppress: [ { rule: no-key, reason: known, where: { outcome: failed } } ]\n", "" },
        { "suppress: [ { rule: no-key, reason: known, where: { outcom: failed } } ]\n",
          "ike_sas have no field 'outcom'; did you mean 'outcome'?" },
        { "suppress: [ { rule: no-key, reason: known, until: 2026-00-10 } ]\n",
          "'until' is a date as 2027-01-31, not '2026-00-10'" },
        { "suppress: [ { rule: no-key, reason: known, until: 2026-13-10 } ]\n",
          "'until' is a date as 2027-01-31, not '2026-13-10'" },
        { "suppress: [ { rule: no-key, reason: known, until: 2026-10-00 } ]\n",
          "'until' is a date as 2027-01-31, not '2026-10-00'" },
        { "suppress: [ { rule: no-key, reason: known, until: 2026-10-32 } ]\n",
          "'until' is a date as 2027-01-31, not '2026-10-32'" },
        { "suppress: [ { rule: no-key, reason: known, until: 2028-02-29 } ]\n", "" },
        { "suppress: [ { rule: no-key, reason: known, until: 2026-02-29 } ]\n",
          "'until' is a date as 2027-01-31, not '2026-02-29'" },
        { "suppress: [ { rule: no-key, reason: known, until: 99999999999999999-01-01 } ]\n",
          "'until' is a date as 2027-01-31, not '99999999999999999-01-01'" },
        { "suppress: [ { rule: no-key, reason: known, until: 2026-10 } ]\n", "'until' is a date as 2027-01-31, not '2026-10'" },
        { "suppress: [ { rule: no-key } ]\n", "a suppression needs 'rule' and 'reason'" },
        { "suppress: [ { reason: known } ]\n", "a suppression needs 'rule' and 'reason'" },
        { "suppress: [ { rule: no-key, reason: '' } ]\n", "a suppression needs 'rule' and 'reason'" },
        { "suppress: [ { rule: no-key, reason: known, since: 2026-10-10 } ]\n", "unknown key 'since'" },
        { "severity: { no-key: warning }\n", "" },
        { "severity: { no-key: off }\n", "" },
        { "severity: { no-key: grave }\n", "no severity is called 'grave'" },
        { "severity: { no-kex: off }\n", "no rule is called 'no-kex'; did you mean 'no-key'?" },
        { "tests: [ { name: t, report: a.json, pass: [ tunnel-up ] } ]\n", "" },
        { "tests: [ { name: t, input: a.log, pass: [ tunnel-up ] } ]\n", "" },
        { "tests: [ { name: t, pass: [ tunnel-up ] } ]\n", "a test needs either 'report' or 'input'" },
        { "tests: [ { name: t, report: a.json, input: a.log, pass: [ tunnel-up ] } ]\n",
          "a test needs either 'report' or 'input'" },
        { "tests: [ { name: t, report: a.json, passes: [ tunnel-up ] } ]\n", "unknown key 'passes'; did you mean 'pass'?" },
        { "version: 1\nrules: []\n", "" },
        { "version: 2\nrules: []\n", "this build reads version 1 of rule files, not '2'" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rule_file file;
        struct error err = { 0 };
        CHECK(read_text(&file, arena, rows[i].text, &err) == !rows[i].said[0]);
        const char *said = strstr(err.text, ": ");
        CHECK_TEXT(text_of(said ? said + 2 : err.text), rows[i].said);
    }
}

int main(void)
{
    struct arena *arena = arena_create();
    units();
    networks();
    files(arena);
    faults(arena);
    depths(arena);
    variables(arena);
    parts(arena);
    const char *near; /* each subject has fields of its own */
    CHECK(field_known(SUBJECT_IKE_SAS, TEXT("start_seen"), &near) && !field_known(SUBJECT_PEERS, TEXT("start_seen"), &near));
    char digits[] = "0000000000000000000000000000000000000012k"; /* no longer than numbers are */
    double octets;
    CHECK(rule_octets(text_from(text_of(digits), 2), &octets) && octets == 12000);
    CHECK(!rule_octets(text_from(text_of(digits), 1), &octets) && !rule_octets(TEXT(""), &octets));
    arena_destroy(arena);
    return TEST_REPORT();
}
