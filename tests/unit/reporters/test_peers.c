/* Which SAs are drawn of many: one of each course that is not well, those without their Child SA among them. */
#include "reporters/peers.h"

#include <stdio.h>

#include "fixture.h"
#include "test.h"

/* Why an attempt has not finished goes before what is merely worth knowing of it, though it is told of an input. */
static void why_incomplete(enum sa_outcome outcome, uint32_t cut, const char *first)
{
    struct model *m = model_create();
    struct arena *arena = arena_create();
    fixture_input(m, "r1.pcap", INPUT_CAPTURE, "", 0);
    fixture_input(m, "r2.pcap", INPUT_CAPTURE, "", 0);
    struct ike_sa *sa = fixture_sa(m, 1, 2, outcome);
    sa->views = &(struct view){ .input = 0 };
    model_add_finding(m, "nat-detected", SEVERITY_NOTE)->ike_sa = sa;
    struct finding *f = model_add_finding(m, "input-truncated", SEVERITY_WARNING);
    f->evidence = &(struct finding_line){ .input = cut, .place = 2, .packet = true };
    struct peers peers = peers_of(m, arena);
    CHECK_TEXT(text_of(peers.at[0]->finding->rule), first);
    peers_clear(&peers);
    arena_destroy(arena);
    model_destroy(m);
}

int main(void)
{
    why_incomplete(SA_INCOMPLETE, 0, "input-truncated");
    why_incomplete(SA_INCOMPLETE, 1, "nat-detected");
    why_incomplete(SA_ESTABLISHED, 0, "nat-detected");

    enum { SAS = 24, MOST = 12 };
    struct model *m = model_create();
    fixture_input(m, "r1.log", INPUT_IOS_DEBUG, "R1", 0);
    for (unsigned i = 0; i < SAS; i++) {
        struct ike_sa *sa = fixture_sa(m, 0x100 + i, 0x200 + i, i % 3 ? SA_ESTABLISHED : SA_FAILED);
        char name[40];
        snprintf(name, sizeof name, "192.0.2.%u:500", i + 1);
        sa->initiator.endpoint = fixture_end(name);
        sa->responder.endpoint = fixture_end("198.51.100.1:500");
        sa->established = i % 3 != 0;
        sa->failed = i % 3 == 0;
        sa->child_refused = i % 3 == 1;
        fixture_exchange(m, sa, EXCHANGE_IKE_SA_INIT, 0, i % 3 ? EXCHANGE_OK : EXCHANGE_NO_RESPONSE);
        fixture_exchange(m, sa, EXCHANGE_IKE_AUTH, 1, i % 3 == 1 ? EXCHANGE_ERROR : EXCHANGE_OK);
    }
    struct arena *arena = arena_create();
    struct peers peers = peers_of(m, arena);
    struct buffer states;
    buffer_init(&states, 256);
    peers_states(&peers, 0, peers.count, &states);
    CHECK_TEXT(buffer_view(&states), "8 failed, 16 up");
    buffer_reset(&states);
    peers_states(&peers, 7, 10, &states);
    CHECK_TEXT(buffer_view(&states), "1 failed, 2 up");
    buffer_clear(&states);
    const struct ike_sa *chosen[MOST];
    CHECK_NUMBER(peers_chosen(m, &peers, MOST, chosen), 2);
    CHECK(chosen[0]->number == 1 && chosen[1]->number == 2);
    CHECK_NUMBER(ike_sa_need(chosen[0]), 0);
    CHECK_NUMBER(ike_sa_need(chosen[1]), 1);
    CHECK_NUMBER(ike_sa_need(chosen[1]->next), 2);
    peers_clear(&peers);
    arena_destroy(arena);
    model_destroy(m);
    return TEST_REPORT();
}
