/* The test harness: CHECK counts and goes on, a program with a failed CHECK exits 1. One program per tested file. */
#ifndef IKESCOPE_TESTS_TEST_H
#define IKESCOPE_TESTS_TEST_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static unsigned test_checks, test_failures;

#define CHECK(condition)                                                                                                         \
    do {                                                                                                                         \
        test_checks++;                                                                                                           \
        if (!(condition)) {                                                                                                      \
            test_failures++;                                                                                                     \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);                                            \
        }                                                                                                                        \
    } while (0)
#define CHECK_NUMBER(got, want)                                                                                                  \
    do {                                                                                                                         \
        long long got_ = (long long)(got), want_ = (long long)(want);                                                            \
        test_checks++;                                                                                                           \
        if (got_ != want_) {                                                                                                     \
            test_failures++;                                                                                                     \
            fprintf(stderr, "%s:%d: %s is %lld, want %lld\n", __FILE__, __LINE__, #got, got_, want_);                            \
        }                                                                                                                        \
    } while (0)
/* got: a struct text; want: a C string */
#define CHECK_TEXT(got, want)                                                                                                    \
    do {                                                                                                                         \
        struct text got_ = (got), want_ = text_of(want);                                                                         \
        test_checks++;                                                                                                           \
        if (!text_equal(got_, want_)) {                                                                                          \
            test_failures++;                                                                                                     \
            fprintf(stderr, "%s:%d: %s is '%.*s', want '%s'\n", __FILE__, __LINE__, #got, TEXT_ARGS(got_), want_.at);            \
        }                                                                                                                        \
    } while (0)
#define TEST_REPORT() (printf("%u checks, %u failed\n", test_checks, test_failures), test_failures || !test_checks)

#endif
