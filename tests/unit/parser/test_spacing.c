/* A blank line behind every line is none of the text. */
#include "parser/spacing.h"
#include "tests/test.h"

static struct text stripped(const char *text, struct buffer *out, bool *found)
{
    struct spacing s;
    buffer_init(out, 1 << 12);
    buffer_string(out, text);
    spacing_detect(&s, buffer_view(out));
    *found = s.found;
    if (s.found)
        spacing_strip_all(&s, out);
    return buffer_view(out);
}

static void a_blank_behind_every_line_is_none_of_the_text(void)
{
    struct buffer out;
    bool found;
    CHECK_TEXT(stripped("a\n\nb\n\nc\n \nd\n\n\n\ne\r\n\r\nf\n\ng\n\nh", &out, &found), "a\nb\nc\nd\n\ne\r\nf\ng\nh");
    CHECK(found);
    buffer_clear(&out);
}

static void blanks_between_paragraphs_are(void)
{
    struct buffer out;
    bool found;
    (void)stripped("a\nb\n\nc\nd\n\ne\nf\n\ng\nh\n\ni\nj\n\nk\nl\n\nm\n\n", &out, &found);
    CHECK(!found);
    buffer_clear(&out);
}

int main(void)
{
    a_blank_behind_every_line_is_none_of_the_text();
    blanks_between_paragraphs_are();
    return TEST_REPORT();
}
