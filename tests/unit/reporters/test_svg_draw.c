/* Shapes: text is escaped and cleaned wherever it goes, lines break where told, the drawing closes what it opens. */
#include "reporters/svg_draw.h"

#include "fixture.h"
#include "model/event.h"
#include "test.h"

int main(void)
{
    struct buffer out;
    buffer_init(&out, 1 << 20);
    struct drawing d = drawing_into(&out);

    draw_put(&d, TEXT("a<b>&\"'\x1b[1m\xe2\x80\xae\xff"));
    CHECK_TEXT(buffer_view(&out), "a&lt;b&gt;&amp;&quot;&#39;\\x1b[1m\\u{202e}\\xff");
    buffer_reset(&out);
    draw_put(&d, TEXT(""));
    CHECK_NUMBER(out.len, 0);

    /* cut: what is shown fits, the whole stands in the tooltip */
    draw_text(&d, 1, 2, "code", "end", TEXT("0123456789"), 10);
    CHECK(!text_has(buffer_view(&out), TEXT("<title>")));
    buffer_reset(&out);
    draw_text(&d, 1, 2, "code", "end", TEXT("0123456789x"), 10);
    CHECK(text_has(buffer_view(&out), TEXT("0123456...")));
    CHECK(text_has(buffer_view(&out), TEXT("<title>0123456789x</title>")));
    CHECK(text_has(buffer_view(&out), TEXT("text-anchor=\"end\"")));
    buffer_reset(&out);
    draw_text(&d, 1, 2, "code", "start", TEXT(""), 10);
    CHECK_NUMBER(out.len, 0);

    /* wrapped lines */
    struct text words = TEXT("one two three four five six seven");
    CHECK_NUMBER(draw_lines(&d, 0, 10, "small", words, 100, 0), 1);
    CHECK_NUMBER(draw_lines(&d, 0, 10, "small", TEXT(""), 10, 0), 0);
    CHECK_NUMBER(draw_lines(&d, 0, 10, "small", words, 10, 2), 2);
    buffer_reset(&out);
    int n = draw_lines(&d, 0, 10, "small", words, 10, 0);
    CHECK_NUMBER(fixture_times(buffer_view(&out), TEXT("<text ")), n);
    CHECK(n >= 4 && text_has(buffer_view(&out), TEXT("seven")));

    /* a name is never cut: it goes on, behind a joint where there is one */
    buffer_reset(&out);
    CHECK_NUMBER(draw_name(&d, 0, 10, "small", TEXT("r1"), 20), 1);
    CHECK_NUMBER(draw_name(&d, 0, 10, "small", TEXT("branch-office-router-stuttgart-01"), 20), 2);
    CHECK(text_has(buffer_view(&out), TEXT(">branch-office-<")) && text_has(buffer_view(&out), TEXT(">router-stuttgart-01<")));
    CHECK_NUMBER(draw_name(&d, 0, 10, "small", TEXT("abcdefghijklmnopqrstuvwxyz"), 20), 2);
    CHECK(!text_has(buffer_view(&out), TEXT("...")));
    CHECK_NUMBER(draw_name(&d, 0, 10, "small", TEXT(""), 20), 0);

    /* every severity has a sign of its own shape */
    buffer_reset(&out);
    for (unsigned s = SEVERITY_NONE; s <= SEVERITY_ERROR; s++)
        draw_sign(&d, s, 10, 10);
    CHECK(text_has(buffer_view(&out), TEXT("sign error")) && text_has(buffer_view(&out), TEXT("sign warning")) &&
          text_has(buffer_view(&out), TEXT("sign note")));

    buffer_reset(&out);
    draw_box(&d, "cell", 0, 0, -5, -5, 0); /* nothing is negative in a drawing */
    CHECK(text_has(buffer_view(&out), TEXT("width=\"0\" height=\"0\"")));

    buffer_reset(&out);
    draw_begin(&d, 100, 50, true, "a & b", TEXT("c < d"));
    draw_end(&d);
    CHECK(text_starts(buffer_view(&out), TEXT("<svg ")) && text_ends(buffer_view(&out), TEXT("</svg>\n")));
    CHECK(text_has(buffer_view(&out), TEXT("<desc>c &lt; d</desc>")) && text_has(buffer_view(&out), TEXT(" role=\"")));
    CHECK(text_has(buffer_view(&out), TEXT("<title>a &amp; b</title>")) &&
          text_has(buffer_view(&out), TEXT("prefers-color-scheme: dark")));
    buffer_reset(&out);
    draw_begin(&d, 100, 50, false, "x", TEXT("y")); /* within a page the page's style sheet serves */
    CHECK(!text_has(buffer_view(&out), TEXT("<style>")));

    drawing_clear(&d);
    buffer_clear(&out);
    return TEST_REPORT();
}
