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
    return rulefile_read(file, "a.yaml", NULL, (struct rule_loader){ load, copy }, err);
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

int main(void)
{
    struct arena *arena = arena_create();
    units();
    networks();
    files(arena);
    arena_destroy(arena);
    return TEST_REPORT();
}
