#include "reporters/steps.h"

#include "fixture.h"
#include "test.h"

static const struct step *nth(const struct steps *s, enum step_kind kind, size_t n)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->at[i].kind == kind && n-- == 0)
            return &s->at[i];
    return NULL;
}

static void both_ends(const struct model *m, struct arena *arena)
{
    struct steps s = steps_of(m, m->ike_sas, (struct steps_options){ .notes = true }, arena);
    const struct step *request = nth(&s, STEP_MESSAGE, 0), *response = nth(&s, STEP_MESSAGE, 1);
    CHECK(s.has_states[0] && s.has_states[1]);
    CHECK(request && response && !nth(&s, STEP_MESSAGE, 2));
    CHECK(request && !request->response && request->side == SIDE_INITIATOR && !request->lost && !request->packet);
    CHECK(response && response->response && response->side == SIDE_RESPONDER);
    /* What the initiator did before it sent, and nothing of the responder, whose clock is the same but whose lines are
     * behind the arrival. */
    CHECK_NUMBER(request->states[0].count, 2);
    CHECK_TEXT(text_of(request->states[0].names[0]), "IDLE");
    CHECK_TEXT(text_of(request->states[0].names[1]), "I_BLD_INIT");
    CHECK_NUMBER(request->states[1].count, 0);
    CHECK_NUMBER(response->states[1].count, 2);
    CHECK_TEXT(text_of(response->states[1].names[1]), "R_INIT");
    CHECK_NUMBER(response->states[0].count, 0);
    const struct step *after = nth(&s, STEP_STATES, 0);
    CHECK(after && after->states[0].count == 2);
    CHECK_TEXT(text_of(after->states[0].before), "I_BLD_INIT");
    CHECK_NUMBER(s.at[s.count - 1].kind, STEP_END);
}

static void unanswered(const struct model *m, struct arena *arena)
{
    struct steps s = steps_of(m, m->ike_sas->next, (struct steps_options){ .notes = true }, arena);
    const struct step *request = nth(&s, STEP_MESSAGE, 0), *note = nth(&s, STEP_NOTE, 0);
    CHECK(request && request->lost);
    CHECK_NUMBER(request->retransmissions, 2);
    CHECK_NUMBER(request->spread, 4000 * MS);
    CHECK_NUMBER(request->place, 20);
    CHECK_NUMBER(request->severity, SEVERITY_ERROR);
    CHECK(note && note->severity == SEVERITY_ERROR);
    CHECK_NUMBER(note->pause, 6000 * MS); /* from the last copy */
    s = steps_of(m, m->ike_sas->next, (struct steps_options){ .notes = false }, arena);
    CHECK(!nth(&s, STEP_NOTE, 0));
}

/* A clock that was set back: order stays that of the lines. */
static void stepped_clock(struct arena *arena)
{
    struct model *m = model_create();
    fixture_input(m, "r1.log", INPUT_IOS_DEBUG, "R1", 0);
    m->origin_ns = 0;
    struct ike_sa *sa = fixture_sa(m, 1, 2, SA_INCOMPLETE);
    struct view *v = fixture_view(m, sa, 0, SIDE_INITIATOR, false);
    fixture_note(m, v, 1, 3600000 * MS, SEVERITY_NOTE, "first");
    fixture_note(m, v, 2, 1 * MS, SEVERITY_NOTE, "second");
    fixture_note(m, v, 3, 2 * MS, SEVERITY_NOTE, "second");
    struct steps s = steps_of(m, sa, (struct steps_options){ .notes = true }, arena);
    CHECK_NUMBER(s.count, 3);
    CHECK_TEXT(s.at[0].text, "first");
    CHECK_NUMBER(s.at[1].times, 2);
    fixture_note(m, v, 3, 2 * MS, SEVERITY_NOTE, "second"); /* one line that tells two things was printed once */
    s = steps_of(m, sa, (struct steps_options){ .notes = true }, arena);
    CHECK_NUMBER(s.at[1].times, 2);
    model_destroy(m);
}

static void empty(struct arena *arena)
{
    struct model *m = model_create();
    struct ike_sa *sa = fixture_sa(m, 1, 0, SA_INCOMPLETE);
    struct steps s = steps_of(m, sa, (struct steps_options){ .notes = true }, arena);
    CHECK_NUMBER(s.count, 1);
    CHECK_NUMBER(s.at[0].kind, STEP_END);
    model_destroy(m);
}

int main(void)
{
    struct arena *arena = arena_create();
    struct model *m = fixture();
    both_ends(m, arena);
    unanswered(m, arena);
    stepped_clock(arena);
    empty(arena);
    model_destroy(m);
    arena_destroy(arena);
    return TEST_REPORT();
}
