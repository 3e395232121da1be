/* A page's source: entities and tags go, what only looks like a tag stays. */
#include "parser/markup.h"

#include "log.h"

static void check(const char *from, const char *to)
{
    struct arena *arena = arena_create();
    struct text t = text_of(from);
    CHECK(markup_may_be(t));
    CHECK_TEXT(markup_strip(t, arena), to);
    arena_destroy(arena);
}

int main(void)
{
    check("SM Trace-&gt; SA", "SM Trace-> SA");
    check("a &amp;&lt;b&gt; &quot;c&quot;", "a &<b> \"c\"");
    check("<p>one</p>", "one");
    check("<span class=\"x\">IKEv2:</span>(SA ID = 1):Insert SA", "IKEv2:(SA ID = 1):Insert SA");
    /* where a tag ends a line of the page, and more follows, the line ends */
    check("one<br>two", "one\ntwo");
    check("one<br/>", "one");
    check("<pre>one&#10;two&#xA;three</pre>", "one\ntwo\nthree");
    /* cells stand apart, and what numbers a page's lines is none of them */
    check("<tr><td>1</td><td>READY</td></tr>", "1\tREADY");
    check("<tr><td class=\"blob-num\">12</td><td>one</td></tr>", "one");
    check("<td class=\"ln\">12</td><td class=\"c\"></td>", "");
    /* no tag of HTML */
    check("<my address>", "<my address>");
    check("a < b & c", "a < b & c");
    /* cut in the midst */
    check("one <span cla", "one <span cla");
    check("one &am", "one &am");
    /* nothing is looked for where none can be, and what is stripped there is what it was */
    static const char *const clean[] = { "IKEv2:(SA ID = 1):Insert SA", "<189>Nov 11 19:30:34: x", "a < b", "a <", "<", "<1 <2" };
    struct arena *arena = arena_create();
    for (size_t i = 0; i < COUNT_OF(clean); i++) {
        CHECK(!markup_may_be(text_of(clean[i])));
        CHECK_TEXT(markup_strip(text_of(clean[i]), arena), clean[i]);
    }
    arena_destroy(arena);
    return TEST_REPORT();
}
