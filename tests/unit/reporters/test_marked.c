/* Nothing that an input says is markup. */
#include "reporters/marked.h"

#include "base/buffer.h"
#include "test.h"

enum how { PUT, CODE, CELL_CODE, PROSE, ADVICE };

static void writes(enum how how, const char *from, const char *want)
{
    struct buffer b;
    buffer_init(&b, 4096);
    struct sink *s = sink_buffer(&b);
    const struct text t = text_of(from);
    if (how == PUT)
        marked_put(s, t);
    else if (how == PROSE)
        marked_prose(s, t, false);
    else if (how == ADVICE)
        marked_advice(s, t);
    else
        marked_code(s, t, 12, how == CELL_CODE);
    sink_close(s, NULL);
    CHECK_TEXT(buffer_view(&b), want);
    buffer_clear(&b);
}

int main(void)
{
    writes(PUT, "", "");
    writes(PUT, "a_b *c* [d](e) #1 | ~", "a\\_b \\*c\\* \\[d\\](e) \\#1 \\| \\~");
    writes(PUT, "<b> & @all :tada: www.example.net 192.0.2.1:500",
           "&#60;b&#62; &#38; &#64;all \\:tada: www\\.example\\.net 192.0.2.1:500");
    writes(PUT, ":100: at 10:00 www.1und1.de, ::1", "\\:100: at 10:00 www\\.1und1\\.de, \\:\\:1");
    writes(PUT, "- no list\nnor - one", "\\- no list nor - one");
    writes(PUT, "\x1b[31m", "\xef\xbf\xbd\\[31m");
    writes(CODE, "a|b", "`a|b`");
    writes(CELL_CODE, "a|b", "`a\\|b`");
    writes(CODE, "a`b``c", "``` a`b``c ```");
    writes(CODE, "  set x", "`\xc2\xa0\xc2\xa0set x`");
    writes(CODE, "   ", "");
    writes(CODE, "a line that is too long", "`a line th...`");
    writes(PROSE, "type `a_b` or _c_", "type `a_b` or \\_c\\_");
    writes(PROSE, "one ` alone", "one \\` alone");
    writes(ADVICE, "do: `a` / `b` (or c) / `c`; then `d`", "do:\n\n  ```\n  a\n  b  (or c)\n  c\n  ```\n\n  then `d`");
    writes(ADVICE, "do: `a` / `b` / `c`", "do:\n\n  ```\n  a\n  b\n  c\n  ```");
    writes(ADVICE, "`a` / `b` / `c` `d` / `e` / `f`", "\n\n  ```\n  a\n  b\n  c\n  ```\n\n  ```\n  d\n  e\n  f\n  ```");
    return TEST_REPORT();
}
