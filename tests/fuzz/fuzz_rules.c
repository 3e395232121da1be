/* Octets as a rule file, which may extend itself; what can be read judges a small report. */
#include "analysis/ruleeval.h"
#include "tests/fuzz/lines_of.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char report_text[] =
    "{\"inputs\":[{\"id\":\"in1\",\"name\":\"a.log\",\"device\":\"r1\",\"complete\":true}],"
    "\"ike_sas\":[{\"id\":\"ike1\",\"outcome\":\"established\",\"initiator\":{\"address\":\"192.0.2.1\"},\"responder\":{"
    "\"address\":\"198.51.100.2\"},"
    "\"proposal\":{\"encryption\":\"ENCR_AES_CBC\",\"dh\":{\"id\":19}},\"views\":[{\"input\":\"in1\",\"transitions\":[{\"state\":"
    "\"READY\",\"t\":3.5,\"line\":9}]}],"
    "\"exchanges\":[{\"type\":\"IKE_SA_INIT\",\"msgid\":0,\"request\":{\"t\":1.0,\"retransmissions\":1},\"response\":{\"t\":1.5}}"
    "]}],"
    "\"child_sas\":[{\"id\":\"child1\",\"ike_sa\":\"ike1\",\"tsi\":[\"10.1.0.0-10.1.0.255\"],\"tsr\":[\"10.2.0.0-10.2.0.255\"]}],"
    "\"records\":[{\"input\":\"in1\",\"kind\":\"config\",\"name\":\"ikev2-policy\",\"first_line\":3,\"facts\":{\"match\":\"any\"}"
    "}],"
    "\"findings\":[{\"id\":\"f1\",\"rule\":\"dpd-timeout\",\"severity\":\"error\",\"ike_sa\":\"ike1\",\"count\":2}]}";

static bool load(void *context, const char *path, const char *relative_to, struct arena *arena, struct text *text,
                 const char **opened, struct error *err)
{
    (void)relative_to;
    (void)err;
    *text = *(struct text *)context;
    *opened = arena_string(arena, text_of(path));
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 15)
        return 0;
    struct arena *arena = arena_create();
    struct text text = arena_text(arena, (struct text){ (const char *)data, size });
    struct error err = { 0 };
    struct rule_file file;
    rulefile_init(&file, arena);
    if (rulefile_read(&file, "rules.yaml", NULL, (struct rule_loader){ .load = load, .context = &text }, &err)) {
        struct json *report = json_read(text_of(report_text), &err);
        struct check check = { .fail_on = SEVERITY_ERROR };
        struct report judged;
        report_index(&judged, report, arena);
        ruleeval_run(&file, &judged, arena, &check);
        for (const struct check_result *r = check.results; r; r = r->next)
            (void)ruleeval_suppressed(&file, r->rule, &judged, r->subject, 20000, arena);
        report_forget(&judged);
        json_free(report);
    }
    arena_destroy(arena);
    return 0;
}
