/* The walkthrough: where the lines of a log stand among the messages, what stands beside what, and what is said when a
 * log, a message or an answer is missing. */
#include "reporters/walkthrough.h"

#include "fixture.h"
#include "test.h"

static struct kept_event *event(struct model *m, struct ike_sa *sa, uint32_t input, uint32_t line, enum event_kind kind,
                                enum event_code code, const char *text)
{
    fixture_event(m, sa, input, line, 0, text);
    struct event *e = &m->events_last->event;
    e->kind = (uint8_t)kind;
    e->code = (uint16_t)code;
    e->severity = (uint8_t)event_code_row(code)->severity;
    return m->events_last;
}

static void state(struct model *m, struct ike_sa *sa, uint32_t input, uint32_t line, const char *name, const char *on)
{
    struct kept_event *k = event(m, sa, input, line, EVENT_SM_TRANSITION, CODE_SM_TRACE, "SM Trace-> CurState: X");
    k->event.state = names_intern(&m->names, text_of(name));
    k->event.event = names_intern(&m->names, text_of(on));
}

static void packet(struct model *m, struct ike_sa *sa, uint32_t input, uint32_t line, bool sent, enum exchange_type type,
                   uint32_t id, bool response)
{
    static const uint8_t none[] = { PAYLOAD_SA, 0 };
    struct kept_event *k = event(m, sa, input, line, sent ? EVENT_PACKET_SENT : EVENT_PACKET_RECEIVED, CODE_PACKET, "a packet");
    k->event.message = fixture_message(m, type, response, none, 0);
    k->event.message->message_id = id;
    k->event.message->has_message_id = true;
}

static const struct walk_row *row_of(const struct walk *w, const char *key)
{
    for (size_t i = 0; i < w->count; i++)
        for (unsigned s = 0; s < 2; s++)
            if (w->at[i].cells[s].key && strcmp(w->at[i].cells[s].key, key) == 0)
                return &w->at[i];
    return NULL;
}

/* A log that names its packets and dumps none: the names are where they stand. */
static void named_alone(void)
{
    struct model *m = fixture();
    struct arena *arena = arena_create();
    struct ike_sa *sa = m->ike_sas;
    struct sighting seen[] = { { .input = 1, .place = 2, .direction = DIRECTION_RECEIVED, .announced = true },
                               { .input = 1, .place = 4, .direction = DIRECTION_SENT, .announced = true } };
    for (struct exchange *x = sa->exchanges; x; x = x->next)
        if (x->type == EXCHANGE_IKE_SA_INIT) {
            x->request.seen = &seen[0];
            x->response.seen = &seen[1];
        }
    m->events = m->events_last = NULL;
    event(m, sa, 1, 2, EVENT_DISPATCH, CODE_DATAGRAM_RECEIVED, "RECV PKT [IKE_SA_INIT]");
    state(m, sa, 1, 3, "R_INIT", "EV_VERIFY_MSG");
    event(m, sa, 1, 4, EVENT_DISPATCH, CODE_DATAGRAM_SENT, "SENT PKT [IKE_SA_INIT]");
    struct walker *w = walker_create(m);
    struct walk walk = walk_of(w, sa, arena);
    const struct walk_row *asked = row_of(&walk, "init-request-processed"), *built = row_of(&walk, "init-response-built");
    CHECK(asked && asked->line_count == 1);
    CHECK(built && built->line_count >= 1 && built->lines->place == 4 && built->arrow == WALK_TO_INITIATOR);
    walker_destroy(w);
    arena_destroy(arena);
    model_destroy(m);
}

/* Both ends' logs of one IKE_SA_INIT, and the responder's line that names no SA yet. */
static void both_ends(void)
{
    struct model *m = fixture();
    struct arena *arena = arena_create();
    struct ike_sa *sa = m->ike_sas;
    m->events = m->events_last = NULL;
    event(m, NULL, 0, 1, EVENT_AUTH, CODE_PSK_LOOKUP, "looks up a key");
    state(m, sa, 0, 2, "IDLE", "EV_INIT_SA");
    state(m, sa, 0, 3, "I_BLD_INIT", "EV_BLD_MSG");
    packet(m, sa, 0, 5, true, EXCHANGE_IKE_SA_INIT, 0, false);
    packet(m, sa, 0, 8, false, EXCHANGE_IKE_SA_INIT, 0, true);
    state(m, sa, 0, 9, "I_WAIT_INIT", "EV_RECV_INIT");
    event(m, NULL, 1, 1, EVENT_DISPATCH, CODE_PACKET_DISPATCHED, "got a packet");
    packet(m, NULL, 1, 2, false, EXCHANGE_IKE_SA_INIT, 0, false);
    state(m, sa, 1, 3, "R_INIT", "EV_VERIFY_MSG");
    packet(m, sa, 1, 8, true, EXCHANGE_IKE_SA_INIT, 0, true);
    state(m, sa, 1, 9, "INIT_DONE", "EV_DONE");
    state(m, sa, 1, 10, "INIT_DONE", "EV_START_TMR");
    struct walker *w = walker_create(m);
    struct walk walk = walk_of(w, sa, arena);
    static const char *const order[] = { "init-trigger",           "init-policy",        "init-request-built",
                                         "init-request-received",  "init-request-read",  "init-request-processed",
                                         "init-response-built",    "init-response-sent", "auth-timer",
                                         "init-response-processed" };
    size_t at = 0;
    for (size_t i = 0; i < walk.count; i++)
        for (unsigned s = 0; s < 2; s++)
            if (walk.at[i].cells[s].key) {
                CHECK(at < COUNT_OF(order));
                if (at < COUNT_OF(order))
                    CHECK_TEXT(text_of(walk.at[i].cells[s].key), order[at]);
                at++;
            }
    CHECK_NUMBER(at, COUNT_OF(order));
    const struct walk_row *r = row_of(&walk, "init-trigger");
    CHECK(r && r->cells[0].key && !r->cells[1].key && r->line_count == 1);
    r = row_of(&walk, "init-policy");
    CHECK(r && r->line_count == 2);
    r = row_of(&walk, "init-request-built");
    CHECK(r && r->arrow == WALK_TO_RESPONDER && !r->response && !r->lost);
    r = row_of(&walk, "init-request-read"); /* the packet that no SA was known for */
    CHECK(r && r->cells[1].key && r->line_count == 1);
    r = row_of(&walk, "init-response-sent");
    CHECK(r && r->arrow == WALK_TO_INITIATOR && r->response);
    r = row_of(&walk, "auth-timer");
    CHECK(r && r->line_count == 1);
    walker_destroy(w);
    arena_destroy(arena);
    model_destroy(m);
}

/* Sent, sent again, given up. */
static void unanswered(void)
{
    struct model *m = fixture();
    struct arena *arena = arena_create();
    struct ike_sa *sa = m->ike_sas->next;
    m->events = m->events_last = NULL;
    packet(m, sa, 1, 20, true, EXCHANGE_IKE_SA_INIT, 0, false);
    event(m, sa, 1, 21, EVENT_TIMER, CODE_RETRANSMIT, "again");
    packet(m, sa, 1, 22, true, EXCHANGE_IKE_SA_INIT, 0, false);
    event(m, sa, 1, 24, EVENT_TIMER, CODE_RETRANSMIT_EXCEEDED, "enough");
    struct walker *w = walker_create(m);
    struct walk walk = walk_of(w, sa, arena);
    const struct walk_row *r = row_of(&walk, "init-request-built");
    CHECK(r && r->lost && r->arrow == WALK_TO_RESPONDER && r->retransmissions == 2);
    CHECK(row_of(&walk, "sends-again") && row_of(&walk, "gives-up"));
    CHECK(row_of(&walk, "gives-up")->cells[0].severity == SEVERITY_ERROR);
    CHECK(!row_of(&walk, "init-response-built"));
    walker_destroy(w);
    arena_destroy(arena);
    model_destroy(m);
}

/* Without any event the messages still tell; without messages the log does; without either there is nothing. */
static void little(void)
{
    struct model *m = fixture();
    struct arena *arena = arena_create();
    m->events = m->events_last = NULL;
    struct walker *w = walker_create(m);
    struct walk walk = walk_of(w, m->ike_sas, arena);
    CHECK(row_of(&walk, "init-request-built") && row_of(&walk, "init-response-built"));
    CHECK(text_has(row_of(&walk, "init-request-built")->cells[0].more, TEXT("SA KE Nonce")));
    walker_destroy(w);

    struct ike_sa *bare = fixture_sa(m, 7, 0, SA_INCOMPLETE);
    w = walker_create(m);
    CHECK_NUMBER(walk_of(w, bare, arena).count, 0);
    walker_destroy(w);
    fixture_view(m, bare, 0, SIDE_RESPONDER, false);
    state(m, bare, 0, 50, "R_WAIT_AUTH", "EV_RECV_AUTH");
    w = walker_create(m);
    walk = walk_of(w, bare, arena);
    CHECK(row_of(&walk, "logged") && row_of(&walk, "logged")->cells[1].key);
    walker_destroy(w);
    arena_destroy(arena);
    model_destroy(m);
}

/* The configuration that leads to the peer, not the one beside it. */
static struct record *config(struct model *m, const char *name, const char *title)
{
    struct record *r = model_add_record(m, INPUT_CONFIG, name);
    r->title = text_of(title);
    r->device = m->inputs[0].device;
    r->text = text_of(title);
    return r;
}

static void configuration(void)
{
    struct model *m = fixture();
    struct arena *arena = arena_create();
    const struct ike_sa *sa = m->ike_sas;
    struct config_web *web = config_web_create(m, arena);
    CHECK(walk_configs(web, &sa->initiator, &sa->responder, "ikev2-keyring", arena) == NULL); /* none was supplied */
    config_web_clear(web);
    struct record *ours = config(m, "ikev2-keyring", "OURS"), *other = config(m, "ikev2-keyring", "OTHER");
    struct facts f = facts_into(m->run, &ours->facts);
    fact_address(&f, "address", sa->responder.endpoint.address);
    f = facts_into(m->run, &other->facts);
    fact_address(&f, "address", fixture_end("203.0.113.9").address);
    struct record *profile = config(m, "ikev2-profile", "PROFILE"), *beside = config(m, "ikev2-profile", "BESIDE");
    f = facts_into(m->run, &profile->facts);
    fact_text(&f, "keyring_local", TEXT("OURS"));
    f = facts_into(m->run, &beside->facts);
    fact_text(&f, "keyring_local", TEXT("OTHER"));
    web = config_web_create(m, arena);
    const struct walk_config *c = walk_configs(web, &sa->initiator, &sa->responder, "ikev2-profile ikev2-keyring", arena);
    CHECK(c && c->record == profile && c->next && c->next->record == ours && !c->next->next);
    CHECK(walk_configs(web, &sa->responder, &sa->initiator, "ikev2-keyring", arena) ==
          NULL); /* the other router's is not supplied */
    CHECK(walk_configs(web, &sa->initiator, &sa->responder, "", arena) == NULL);
    config_web_clear(web);
    const struct record *proposal = config(m, "ikev2-proposal", "P"); /* nothing leads to it, but there is only this one */
    web = config_web_create(m, arena);
    c = walk_configs(web, &sa->initiator, &sa->responder, "ikev2-proposal", arena);
    CHECK(c && c->record == proposal && !c->next);
    config_web_clear(web);
    arena_destroy(arena);
    model_destroy(m);
}

/* Where nobody said who initiated the columns are this end's and the other's, as the ladder's heads are. */
static void headings(void)
{
    struct model *m = fixture();
    struct ike_sa *sa = fixture_sa(m, 0x11, 0x12, SA_ESTABLISHED);
    CHECK(strcmp(walk_heading(sa, false), "The initiator") == 0);
    struct view *v = fixture_view(m, sa, 0, SIDE_UNKNOWN, false); /* its router is known, if no address */
    CHECK(strcmp(walk_heading(sa, false), "This end") == 0);
    v->local = fixture_end("192.0.2.1");
    v->remote = fixture_end("192.0.2.2");
    CHECK(strcmp(walk_heading(sa, false), "This end") == 0 && strcmp(walk_heading(sa, true), "The other end") == 0);
    CHECK(strcmp(walk_heading(m->ike_sas, true), "The responder") == 0);
    model_destroy(m);
}

int main(void)
{
    headings();
    both_ends();
    named_alone();
    unanswered();
    little();
    configuration();
    return TEST_REPORT();
}
