/* The page: a policy that allows nothing but itself, nothing hostile as markup, the same octets each time. */
#include "reporters/html_parts.h"

#include <stdlib.h>

#include "fixture.h"
#include "test.h"

static void page(const struct model *m, size_t blocks)
{
    struct buffer b, again;
    struct text t = fixture_report(m, "html", &b, (struct view_options){ .version = "1" });
    CHECK(text_starts(t, TEXT("<!DOCTYPE html>")) && text_ends(t, TEXT("</html>\n")));
    CHECK_NUMBER(fixture_times(t, TEXT("Content-Security-Policy")), 1);
    CHECK(text_has(t, TEXT("default-src 'none'; style-src 'sha256-")) && !text_has(t, TEXT("unsafe-")));
    CHECK_NUMBER(fixture_times(t, TEXT("<script type=\"application/json\"")), blocks);
    CHECK_NUMBER(fixture_times(t, TEXT("<script type=\"text/plain\" id=\"panel-")), blocks - 2); /* an SA has both */
    CHECK_NUMBER(fixture_times(t, TEXT("<script")), 2 * blocks - 2 + 1);
    CHECK_NUMBER(fixture_times(t, TEXT("</script>")), 2 * blocks - 2 + 1);
    CHECK_NUMBER(fixture_times(t, TEXT("<style>")), 1);
    CHECK(!text_has(t, TEXT("style=\"")) && !text_has(t, TEXT("onclick")) && !text_has(t, TEXT("http://")) &&
          !text_has(t, TEXT("https://")));
    CHECK(fixture_is_safe(t));
    CHECK_NUMBER(fixture_times(t, TEXT("<table")), fixture_times(t, TEXT("</table>")));
    CHECK_NUMBER(fixture_times(t, TEXT("<section")), fixture_times(t, TEXT("</section>")));
    CHECK(text_equal(t, fixture_report(m, "html", &again, (struct view_options){ .version = "1" })));
    buffer_clear(&b);
    buffer_clear(&again);
}

/* Of many pairs those that are up are folded, by markup and not by text that looks like it. */
static void many_pairs(void)
{
    enum { PAIRS = 9 };
    struct model *m = model_create();
    for (unsigned i = 0; i < PAIRS; i++) {
        struct ike_sa *sa = arena_new(m->run, struct ike_sa);
        char name[40];
        snprintf(name, sizeof name, "192.0.2.%u:500", i + 1);
        *sa = (struct ike_sa){ .number = i + 1, .first_ns = TIME_UNKNOWN, .last_ns = TIME_UNKNOWN, .next = m->ike_sas };
        sa->initiator.endpoint = fixture_end(name);
        sa->responder.endpoint = fixture_end("198.51.100.1:500");
        sa->outcome = i ? SA_ESTABLISHED : SA_FAILED;
        sa->established = i != 0;
        sa->failed = i == 0;
        m->ike_sas = sa;
        m->ike_sas_last = m->ike_sas_last ? m->ike_sas_last : sa;
        m->ike_sa_count++;
    }
    struct buffer b;
    struct text t = fixture_report(m, "html", &b, (struct view_options){ .version = "1" });
    CHECK(text_has(t, TEXT("<details><summary>8 others are up</summary>")));
    CHECK(!text_has(t, TEXT("&lt;details")) && !text_has(t, TEXT("&lt;summary")));
    CHECK_NUMBER(fixture_times(t, TEXT("<details")), fixture_times(t, TEXT("</details>")));
    buffer_clear(&b);
    model_destroy(m);
}

static void prose(void)
{
    struct buffer out;
    buffer_init(&out, 1 << 16);
    struct html h = { .d = drawing_into(&out) };
    html_prose(&h, TEXT("type `group 14` or `a<b`"));
    CHECK_TEXT(buffer_view(&out), "type <code>group 14</code> or <code>a&lt;b</code>");
    buffer_reset(&out);
    html_prose(&h, TEXT("one ` alone"));
    CHECK_TEXT(buffer_view(&out), "one ` alone");
    buffer_reset(&out);
    html_prose(&h, TEXT(""));
    CHECK_NUMBER(out.len, 0);
    html_advice(&h, TEXT("do: `a` / `b <c>` (or `z`) / `exit`; then `d`"));
    CHECK_TEXT(buffer_view(&out),
               "do:<pre class=\"typed\">a\nb &lt;c&gt; <small>(or <code>z</code>)</small>\nexit</pre>then <code>d</code>");
    drawing_clear(&h.d);
    buffer_clear(&out);
}

static void drawing(const struct model *m)
{
    struct buffer b, again;
    struct text t = fixture_report(m, "svg", &b, (struct view_options){ .version = "1" });
    CHECK(text_starts(t, TEXT("<svg ")) && text_ends(t, TEXT("</svg>\n")));
    CHECK(text_has(t, TEXT("xmlns=\"http://www.w3.org/2000/svg\"")) && fixture_is_safe(t) && !text_has(t, TEXT("<script")));
    CHECK_NUMBER(fixture_times(t, TEXT("<g ")), fixture_times(t, TEXT("</g>")));
    CHECK_NUMBER(fixture_times(t, TEXT("<text ")), fixture_times(t, TEXT("</text>")));
    CHECK(text_equal(t, fixture_report(m, "svg", &again, (struct view_options){ .version = "1" })));
    buffer_clear(&b);
    buffer_clear(&again);
}

int main(void)
{
    struct model *m = fixture(), *none = model_create();
    page(m, 2 + 2);
    page(none, 2);
    many_pairs();
    prose();
    drawing(m);
    drawing(none);
    model_destroy(m);
    model_destroy(none);
    return TEST_REPORT();
}
