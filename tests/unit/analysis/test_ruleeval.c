/* Judging: three outcomes, their messages, suppressions to the day. Every kind and operator is in tests/rules. */
#include "analysis/ruleeval.h"

#include "test.h"

static bool load(void *context, const char *path, const char *relative_to, struct arena *arena, struct text *text,
                 const char **opened, struct error *err)
{
    (void)relative_to;
    (void)err;
    *text = text_of(context);
    *opened = arena_string(arena, text_of(path));
    return true;
}

static void read_rules(struct rule_file *file, struct arena *arena, char *text)
{
    struct error err = { 0 };
    rulefile_init(file, arena);
    CHECK(rulefile_read(file, "a.yaml", NULL, (struct rule_loader){ .load = load, .context = text }, &err));
}

static char rules[] = "rules:\n"
                      "  - { id: up, title: It is up, expect: { over: ike_sas, that: { outcome: established } } }\n"
                      "suppress:\n"
                      "  - { rule: up, where: { peer: 192.0.2.1 }, reason: known, until: 1970-01-10 }\n";

static char within[] = "rules:\n"
                       "  - { id: soon, title: Soon up, within: { from: { state: IDLE }, to: { state: READY }, limit: 1s } }\n";

static struct check_result *judge_by(char *by, const char *report_text, struct rule_file *file, struct arena *arena,
                                     struct report *report)
{
    struct error err = { 0 };
    struct check check = { .fail_on = SEVERITY_ERROR };
    read_rules(file, arena, by);
    struct json *json = json_read(text_of(report_text), &err);
    CHECK(json != NULL);
    report_index(report, json, arena);
    ruleeval_run(file, report, arena, &check);
    CHECK(check.results && !check.results->next);
    return check.results;
}

static struct check_result *judge(const char *report_text, struct rule_file *file, struct arena *arena, struct report *report)
{
    return judge_by(rules, report_text, file, arena, report);
}

static void let_go(struct report *report)
{
    struct json *json = (struct json *)(uintptr_t)report->json;
    report_forget(report);
    json_free(json);
}

int main(void)
{
    struct arena *arena = arena_create();
    struct rule_file file;
    struct report report;
    struct check_result *r = judge("{\"ike_sas\":[{\"id\":\"ike1\",\"outcome\":\"established\"}]}", &file, arena, &report);
    CHECK_NUMBER(r->verdict, VERDICT_PASS);
    CHECK_TEXT(r->message, "It is up: holds for 1 of 1");
    let_go(&report);
    r = judge("{\"ike_sas\":[]}", &file, arena, &report);
    CHECK_NUMBER(r->verdict, VERDICT_UNDECIDED);
    let_go(&report);
    r = judge("{\"ike_sas\":[{\"id\":\"ike1\"}]}", &file, arena, &report);
    CHECK_NUMBER(r->verdict, VERDICT_UNDECIDED);
    CHECK_TEXT(r->message, "It is up: cannot tell, the inputs do not say 'outcome'");
    let_go(&report);
    r = judge("{\"ike_sas\":[{\"id\":\"ike1\",\"outcome\":\"failed\",\"initiator\":{\"address\":\"192.0.2.1\"}}]}", &file, arena,
              &report);
    CHECK_NUMBER(r->verdict, VERDICT_FAIL);
    CHECK_TEXT(r->message, "It is up: ike1 outcome is failed");
    CHECK(ruleeval_suppressed(&file, "up", &report, r->subject, 9, arena) != NULL);
    CHECK(ruleeval_suppressed(&file, "up", &report, r->subject, 10, arena) == NULL);
    CHECK(ruleeval_suppressed(&file, "down", &report, r->subject, 9, arena) == NULL);
    CHECK(ruleeval_suppressed(&file, "up", &report, text_of("ike2"), 9, arena) == NULL);
    let_go(&report);
#define STEPS(steps) "{\"ike_sas\":[{\"id\":\"ike1\",\"outcome\":\"established\",\"views\":[{\"transitions\":[" steps "]}]}]}"
    static const struct {
        const char *report, *message;
        enum verdict verdict;
    } soon[] = {
        { STEPS("{\"t\":1,\"state\":\"IDLE\"},{\"t\":2,\"state\":\"READY\"}"), "Soon up: holds for 1 of 1", VERDICT_PASS },
        { STEPS("{\"t\":1,\"state\":\"IDLE\"},{\"t\":2.5,\"state\":\"READY\"}"), "Soon up: ike1 took 1.500 s, limit 1.000 s",
          VERDICT_FAIL },
        { STEPS("{\"state\":\"IDLE\"},{\"state\":\"READY\"}"), "Soon up: ike1 has no times", VERDICT_UNDECIDED },
        { STEPS("{\"t\":2,\"state\":\"READY\"}"), "Soon up: ike1 does not show where to begin", VERDICT_UNDECIDED },
        { STEPS("{\"t\":1,\"state\":\"IDLE\"}"), "Soon up: ike1 never got there", VERDICT_FAIL },
    };
    for (size_t i = 0; i < COUNT_OF(soon); i++) {
        r = judge_by(within, soon[i].report, &file, arena, &report);
        CHECK_NUMBER(r->verdict, soon[i].verdict);
        CHECK_TEXT(r->message, soon[i].message);
        let_go(&report);
    }
    arena_destroy(arena);
    return TEST_REPORT();
}
