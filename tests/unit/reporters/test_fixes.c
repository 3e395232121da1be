/* Advice for both ends is said once, whatever the order of its lines. */
#include "reporters/fixes.h"
#include "test.h"

static struct finding_line *line(struct model *m, const char *text, struct finding_line *next)
{
    struct finding_line *l = arena_new(m->run, struct finding_line);
    *l = (struct finding_line){ .text = text_of(text), .next = next };
    return l;
}

static bool is(const struct fixes *at, const char *where)
{
    return text_equal(at->where, text_of(where));
}

/* What is said of a router by its name stands together under it. */
static void check_routers(struct model *m)
{
    struct finding f = { .severity = SEVERITY_ERROR };
    struct fixes places[FIX_PLACES];
    f.fix_initiator = f.fix_responder = line(m, "on R1: look",
                                             line(m, "on 2001:db8::2: ask", line(m, "ping", line(m, "on R1: type", NULL))));
    CHECK_NUMBER(fixes_of(&f, places), 3);
    CHECK(is(&places[0], "on R1") && places[0].named && places[0].count == 2);
    CHECK_TEXT(places[0].lines[1], "type");
    CHECK(is(&places[1], "on 2001:db8::2") && places[1].count == 1);
    CHECK(is(&places[2], "") && !places[2].named && places[2].count == 1);

    struct finding_line *many = NULL; /* more routers than places: none is lost */
    for (int i = 19; i >= 0; i--)
        many = line(m, arena_string(m->run, arena_format(m->run, "on R%d: look", i)), many);
    f.fix_initiator = f.fix_responder = many;
    size_t lines = 0, count = fixes_of(&f, places);
    for (size_t i = 0; i < count; i++)
        lines += places[i].count;
    CHECK_NUMBER(lines, 20);
    CHECK(count <= FIX_PLACES);
}

int main(void)
{
    struct model *m = model_create();
    struct finding f = { .severity = SEVERITY_ERROR };
    struct fixes places[FIX_PLACES];
    CHECK_NUMBER(fixes_of(&f, places), 0);

    f.fix_initiator = line(m, "ping", line(m, "same", NULL));
    CHECK_NUMBER(fixes_of(&f, places), 1);
    CHECK_NUMBER(places[0].count, 2);
    CHECK(is(&places[0], "on the initiator"));

    f.fix_responder = line(m, "same", line(m, "look", NULL));
    CHECK_NUMBER(fixes_of(&f, places), 3);
    CHECK_TEXT(places[0].lines[0], "ping");
    CHECK_TEXT(places[1].lines[0], "look");
    CHECK(is(&places[2], "at both ends") && !places[2].party);
    CHECK_TEXT(places[2].lines[0], "same");
    CHECK_NUMBER(places[0].count + places[1].count + places[2].count, 3);

    f.fix_initiator = line(m, "same", line(m, "look", NULL));
    CHECK_NUMBER(fixes_of(&f, places), 1);
    CHECK_NUMBER(places[0].count, 2);
    CHECK(is(&places[0], "") && !places[0].named); /* of no SA */
    f.ike_sa = arena_new(m->run, struct ike_sa);
    CHECK_NUMBER(fixes_of(&f, places), 1);
    CHECK(is(&places[0], "at both ends"));

    f.fix_responder = line(m, "debug", NULL); /* a responder's log alone: what is to be done there comes first */
    CHECK_NUMBER(fixes_of(&f, places), 2);
    CHECK(is(&places[0], "on the initiator"));
    struct view theirs = { .role = SIDE_RESPONDER }, ours = { .role = SIDE_INITIATOR };
    f.ike_sa->views = &theirs;
    CHECK_NUMBER(fixes_of(&f, places), 2);
    CHECK(is(&places[0], "on the responder"));
    theirs.next = &ours;
    CHECK_NUMBER(fixes_of(&f, places), 2);
    CHECK(is(&places[0], "on the initiator"));
    f.fix_initiator = line(m, "let it pass", NULL); /* where to look next comes behind what is to be done */
    f.fix_responder = line(m, "let it pass", line(m, "next, to see more: `debug`", NULL));
    CHECK_NUMBER(fixes_of(&f, places), 2);
    CHECK(is(&places[0], "at both ends") && is(&places[1], "on the responder"));
    f.fix_initiator = line(m, "second best, for it allows what is weak: here, `a`", NULL); /* the better end comes first */
    f.fix_responder = line(m, "better here than at the other end: `b`", NULL);
    CHECK_NUMBER(fixes_of(&f, places), 2);
    CHECK(is(&places[0], "on the responder"));
    CHECK(fix_is_second(TEXT("IOS: second best, for it")) && !fix_is_second(TEXT("the best")));
    f.fix_initiator = line(m, "where the other end must stay as it is: send `c`",
                           NULL); /* so does what the refusing end can do */
    CHECK_NUMBER(fixes_of(&f, places), 2);
    CHECK(is(&places[0], "on the responder"));
    CHECK(fix_is_second(TEXT("ASA: where the other end must stay as it is: change")) &&
          !fix_is_second(TEXT("look where the other end")));
    check_routers(m);
    model_destroy(m);
    return TEST_REPORT();
}
