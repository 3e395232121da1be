#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/pattern.h"

#include <pcre2.h>

#include "base/arena.h"
#include "base/limits.h"

enum { MATCH_LIMIT = 200000, DEPTH_LIMIT = 2000 };

struct pattern {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
    uint64_t exhausted;
};

struct pattern *pattern_create(const char *expression, struct error *err)
{
    int number;
    PCRE2_SIZE offset;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED, 0, &number, &offset, NULL);
    if (!code) {
        if (number == PCRE2_ERROR_HEAP_FAILED)
            memory_checked(NULL);
        PCRE2_UCHAR reason[160];
        pcre2_get_error_message(number, reason, sizeof reason);
        fail(err, ERROR_RULES, "bad expression at offset %zu: %s", (size_t)offset, (const char *)reason);
        return NULL;
    }
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without JIT it only runs slower */
    struct pattern *p = memory_take(sizeof *p);
    p->code = code;
    p->data = memory_checked(pcre2_match_data_create(PATTERN_GROUPS, NULL));
    p->limits = memory_checked(pcre2_match_context_create(NULL));
    pcre2_set_match_limit(p->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(p->limits, DEPTH_LIMIT);
    return p;
}

void pattern_destroy(struct pattern *p)
{
    if (!p)
        return;
    pcre2_match_context_free(p->limits);
    pcre2_match_data_free(p->data);
    pcre2_code_free(p->code);
    memory_free(p);
}

bool pattern_match(struct pattern *p, struct text subject, struct text groups[static PATTERN_GROUPS])
{
    /* steps do not bound the time: compiled code runs along a class of characters without counting, again and again */
    if (subject.len > LIMIT_REGEX_TEXT) {
        p->exhausted++;
        return false;
    }
    int n = pcre2_match(p->code, (PCRE2_SPTR)(subject.at ? subject.at : ""), subject.len, 0, 0, p->data, p->limits);
    if (n == PCRE2_ERROR_NOMEMORY)
        memory_checked(NULL);
    p->exhausted += n == PCRE2_ERROR_MATCHLIMIT || n == PCRE2_ERROR_DEPTHLIMIT || n == PCRE2_ERROR_HEAPLIMIT ||
                    n == PCRE2_ERROR_JIT_STACKLIMIT;
    if (n < 0)
        return false;
    size_t count = n == 0 ? PATTERN_GROUPS : (size_t)n; /* 0: more groups than fit; the first ones are set */
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer(p->data);
    for (size_t i = 0; i < PATTERN_GROUPS; i++) {
        groups[i] = (struct text){ NULL, 0 };
        if (i < count && at[2 * i] != PCRE2_UNSET && at[2 * i + 1] >= at[2 * i])
            groups[i] = text_over(subject.at + at[2 * i], at[2 * i + 1] - at[2 * i]);
    }
    return true;
}

uint64_t pattern_exhausted(struct pattern *p)
{
    uint64_t times = p->exhausted;
    p->exhausted = 0;
    return times;
}

unsigned pattern_group(const struct pattern *p, const char *name)
{
    int n = pcre2_substring_number_from_name(p->code, (PCRE2_SPTR)name);
    return n > 0 ? (unsigned)n : 0;
}
