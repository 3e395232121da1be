/* Lines for a terminal are broken at blanks and go on below their last column. */
#include "cli/terminal.h"

#include <stdlib.h>
#include <unistd.h>

#include "test.h"

static void folds(const char *from, unsigned width, const char *want)
{
    struct buffer b;
    buffer_init(&b, 4096);
    struct sink *s = sink_buffer(&b);
    terminal_fold(text_of(from), width, s);
    sink_close(s, NULL);
    CHECK_TEXT(buffer_view(&b), want);
    buffer_clear(&b);
}

static unsigned told(const char *columns)
{
    setenv("COLUMNS", columns, 1);
    return terminal_width(100);
}

int main(void)
{
    folds("", 40, "");
    folds("\n\na\n", 40, "\n\na\n");
    folds("no end", 40, "no end\n");
    folds("formats    one page of it, for a browser or for paper\nlist\n", 30,
          "formats    one page of it, for\n           a browser or for\n           paper\nlist\n");
    folds("  [rule] The initiator offers what the responder does not take\n", 30,
          "  [rule] The initiator offers\n      what the responder does\n      not take\n");
    folds("a word that stands far off                     the last of them goes on\n", 40,
          "a word that stands far off\n    the last of them goes on\n");
    folds("0123456789012345678901234567890123456789012345\n", 40, "0123456789012345678901234567890123456789\n    012345\n");
    if (!isatty(1)) {
        CHECK_NUMBER(told("80"), 80);
        CHECK_NUMBER(told("39"), 100);
        CHECK_NUMBER(told("10000"), 100);
        CHECK_NUMBER(told("wide"), 100);
        CHECK_NUMBER(told(""), 100);
        unsetenv("COLUMNS");
        CHECK_NUMBER(terminal_width(100), 100);
    }
    return TEST_REPORT();
}
