/* What a stream says at its end of what it took. */
#ifndef IKESCOPE_TESTS_FUZZ_SUMMARY_H
#define IKESCOPE_TESTS_FUZZ_SUMMARY_H

#include <assert.h>

#include "base/json.h"

/* summary_lines is how many lines were taken, of the summary that ends what was told. */
static inline int64_t summary_lines(struct text told)
{
    struct text line, last = { NULL, 0 };
    while (text_cut(&told, '\n', &line))
        last = line.len ? line : last;
    struct json *j = json_read(last, NULL);
    int64_t lines = -1;
    bool told_so = json_as_number(json_member(json_member(j, "lines"), "total"), &lines);
    assert(told_so);
    json_free(j);
    return lines;
}

#endif
