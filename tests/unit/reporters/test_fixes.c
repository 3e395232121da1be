/* Advice for both ends is said once, whatever the order of its lines. */
#include "reporters/fixes.h"
#include "test.h"

static struct finding_line *line(struct model *m, const char *text, struct finding_line *next)
{
    struct finding_line *l = arena_new(m->run, struct finding_line);
    *l = (struct finding_line){ .text = text_of(text), .next = next };
    return l;
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
    CHECK(strcmp(places[0].where, "on the initiator") == 0);

    f.fix_responder = line(m, "same", line(m, "look", NULL));
    CHECK_NUMBER(fixes_of(&f, places), 3);
    CHECK_TEXT(places[0].lines[0], "ping");
    CHECK_TEXT(places[1].lines[0], "look");
    CHECK(strcmp(places[2].where, "at both ends") == 0 && !places[2].party);
    CHECK_TEXT(places[2].lines[0], "same");
    CHECK_NUMBER(places[0].count + places[1].count + places[2].count, 3);

    f.fix_initiator = line(m, "same", line(m, "look", NULL));
    CHECK_NUMBER(fixes_of(&f, places), 1);
    CHECK_NUMBER(places[0].count, 2);
    CHECK(places[0].where[0] == 0); /* of no SA: a line says itself for whom it is */
    f.ike_sa = arena_new(m->run, struct ike_sa);
    CHECK_NUMBER(fixes_of(&f, places), 1);
    CHECK(strcmp(places[0].where, "at both ends") == 0);

    f.fix_responder = line(m, "debug", NULL); /* a responder's log alone: what is to be done there comes first */
    CHECK_NUMBER(fixes_of(&f, places), 2);
    CHECK(strcmp(places[0].where, "on the initiator") == 0);
    struct view theirs = { .role = SIDE_RESPONDER }, ours = { .role = SIDE_INITIATOR };
    f.ike_sa->views = &theirs;
    CHECK_NUMBER(fixes_of(&f, places), 2);
    CHECK(strcmp(places[0].where, "on the responder") == 0);
    theirs.next = &ours;
    CHECK_NUMBER(fixes_of(&f, places), 2);
    CHECK(strcmp(places[0].where, "on the initiator") == 0);
    f.fix_initiator = line(m, "let it pass", NULL); /* where to look next comes behind what is to be done */
    f.fix_responder = line(m, "let it pass", line(m, "next, to see more: `debug`", NULL));
    CHECK_NUMBER(fixes_of(&f, places), 2);
    CHECK(strcmp(places[0].where, "at both ends") == 0 && strcmp(places[1].where, "on the responder") == 0);
    f.fix_initiator = line(m, "second best, for it allows what is weak: here, `a`", NULL); /* the better end comes first */
    f.fix_responder = line(m, "better here than at the other end: `b`", NULL);
    CHECK_NUMBER(fixes_of(&f, places), 2);
    CHECK(strcmp(places[0].where, "on the responder") == 0);
    CHECK(fix_is_second(TEXT("IOS: second best, for it")) && !fix_is_second(TEXT("the best")));
    model_destroy(m);
    return TEST_REPORT();
}
