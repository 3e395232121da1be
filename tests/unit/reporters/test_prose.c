/* Commands in a row are told from those in a sentence, and who was named is not named again. */
#include "reporters/prose.h"

#include <time.h>

#include "test.h"

/* The parts, a line each: "words|", "`command`", "2 command (remark)" of a row. */
static void reads(const char *from, bool rows, const char *want)
{
    struct buffer b;
    buffer_init(&b, 4096);
    struct prose p = prose_of(text_of(from), rows);
    for (struct prose_part part; prose_next(&p, &part);) {
        if (part.row)
            buffer_format(&b, "%u ", part.row);
        buffer_format(&b, part.code && !part.row ? "`%.*s`" : "%.*s", TEXT_ARGS(part.text));
        buffer_format(&b, "%s%.*s\n", part.remark.len ? " " : part.code ? "" : "|", TEXT_ARGS(part.remark));
    }
    CHECK_TEXT(buffer_view(&b), want);
    buffer_clear(&b);
}

static void tells(const struct model *m, struct finding *f, const char *cause, const char *want)
{
    struct buffer b;
    buffer_init(&b, 4096);
    f->cause = text_of(cause);
    cause_print(m, f, &b);
    CHECK_TEXT(buffer_view(&b), want);
    buffer_clear(&b);
}

static void check_causes(void)
{
    struct model *m = model_create();
    struct ike_sa sa = { 0 };
    struct finding f = { 0 };
    const char
        *twice = "The initiator 192.0.2.1 (r1) asks; the initiator 192.0.2.1 (r1) waits for the responder 192.0.2.2, and the "
                 "responder 192.0.2.2 sleeps. Not so the responder 192.0.2.23. No responder 192.0.2.2.";
    tells(m, &f, twice, twice); /* of no SA */
    f.ike_sa = &sa;
    tells(m, &f, twice, twice); /* of ends without an address */
    CHECK(address_read(TEXT("192.0.2.1"), &sa.initiator.endpoint.address));
    CHECK(address_read(TEXT("192.0.2.2"), &sa.responder.endpoint.address));
    sa.initiator.device = model_device(m, TEXT("r1"));
    tells(m, &f, twice,
          "The initiator 192.0.2.1 (r1) asks; the initiator waits for the responder 192.0.2.2, and the responder sleeps. Not so "
          "the "
          "responder 192.0.2.23. No responder.");
    twice = "initiator 192.0.2.1, not initiator 192.0.2.10 and initiator 192.0.2.17";
    tells(m, &f, twice, twice);
    tells(m, &f, "initiator 192.0.2.1: initiator 192.0.2.1: initiator 192.0.2.1", "initiator 192.0.2.1: initiator: initiator");
    model_destroy(m);
}

/* Longer than any that a rule says: the time it takes grows with its length and not faster. */
static void check_long(const char *unit)
{
    const size_t length = strlen(unit), times = 40000;
    struct buffer b;
    buffer_init(&b, length * times);
    for (size_t i = 0; i < times; i++)
        buffer_string(&b, unit);
    struct prose p = prose_of(buffer_view(&b), true);
    size_t parts = 0;
    const clock_t began = clock();
    for (struct prose_part part; prose_next(&p, &part);)
        parts++;
    CHECK(parts >= times && clock() - began < 2 * CLOCKS_PER_SEC);
    buffer_clear(&b);
}

int main(void)
{
    reads("", true, "");
    reads("no more", true, "no more|\n");
    reads("see `show run`, then", true, "see |\n`show run`\n, then|\n");
    reads("a ` alone", true, "a ` alone|\n");
    reads("`one` and a ` alone", true, "`one`\n and a ` alone|\n");
    reads("``", true, "``\n");
    reads("do: `a` / `b`", true, "do: |\n`a`\n / |\n`b`\n"); /* two stand in their sentence */
    reads("do: `a` / `b` / `c`; then `d`", true, "do:|\n1 a\n2 b\n3 c\nthen |\n`d`\n");
    reads("do: `a` / `b` / `c`", false, "do: |\n`a`\n / |\n`b`\n / |\n`c`\n");
    reads("`a` (or `z` (so)) / `b` / `c` (last)", true, "1 a (or `z` (so))\n2 b\n3 c (last)\n");
    reads("`a` / `b`, `c`", true, "1 a\n2 b\n3 c\n");
    reads("`a`, `b`, `c`", true, "`a`\n, |\n`b`\n, |\n`c`\n"); /* to be looked at, in any order */
    reads("`a` / `b` / `c", true, "`a`\n / |\n`b`\n / `c|\n");
    reads("a`b is refused: `x` / `y` / `z`", true, "a`b is refused:|\n1 x\n2 y\n3 z\n"); /* a name may hold one */
    reads("`fqdn a`b` / `exit`", true, "`fqdn a`\nb` / |\n`exit`\n");
    reads("`a` / `b` / `c` (x`y) then ` more", true, "1 a\n2 b\n3 c (x`y)\nthen ` more|\n");
    reads("`a`, `b` (`x`, `y`), `c`, `d` and `e` / `f` / `g`", true,
          "`a`\n, |\n`b`\n (|\n`x`\n, |\n`y`\n), |\n`c`\n, |\n`d`\n and|\n1 e\n2 f\n3 g\n");
    reads("`a` / `b` / `c` / `d` / `e` / `f`.", true, "1 a\n2 b\n3 c\n4 d\n5 e\n6 f\n");
    check_causes();
    check_long("`a`, ");
    check_long("`a` (");
    return TEST_REPORT();
}
