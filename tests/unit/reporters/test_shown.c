/* What show output says beside an SA: each kind of block, what both counters together mean, and what is no sign of anything. */
#include "reporters/shown.h"

#include "fixture.h"
#include "test.h"

static struct model *m;

static struct facts group(struct record *r, struct shown *s)
{
    *r = (struct record){ .name = "show", .kind = INPUT_SHOW, .device = model_device(m, TEXT("R1")), .first_line = 3 };
    struct facts f = facts_into(m->run, &r->facts);
    struct fact *g = fact_group(&f, NULL);
    g->line = 7;
    *s = (struct shown){ .record = r, .entry = g, .by_spi = true, .initiator_side = true };
    return facts_into(m->run, &g->as.child);
}

static struct text said(const struct shown *s, const struct child_sa *child)
{
    static struct buffer b;
    if (!b.limit)
        buffer_init(&b, 4096);
    buffer_reset(&b);
    buffer_string(&b, "|");
    bool any = shown_print(m, s, child, &b);
    CHECK(any == (b.len > 1));
    return text_from(buffer_view(&b), 1);
}

static void flow(uint64_t encaps, uint64_t decaps, uint64_t errors, const char *expected)
{
    struct record r;
    struct shown s;
    struct facts f = group(&r, &s);
    fact_number(&f, "pkts_encaps", encaps);
    fact_number(&f, "pkts_decaps", decaps);
    fact_number(&f, "recv_errors", errors);
    CHECK_TEXT(said(&s, NULL), expected);
}

static void one_sa(struct facts *list, const char *spi, uint64_t seconds, uint64_t kilobytes)
{
    struct facts sa = facts_into(m->run, &fact_group(list, NULL)->as.child);
    fact_text(&sa, "spi", text_of(spi));
    fact_number(&sa, "lifetime_seconds", seconds);
    if (kilobytes)
        fact_number(&sa, "lifetime_kilobytes", kilobytes);
    fact_text(&sa, "status", TEXT("ACTIVE(ACTIVE)"));
}

static void test_lifetimes(void)
{
    struct record r;
    struct shown s;
    struct facts f = group(&r, &s);
    fact_bool(&f, "pfs", true);
    fact_code(&f, "dh", REGISTRY_KE, 19);
    struct facts list = facts_into(m->run, &fact_list(&f, "sas")->as.child);
    one_sa(&list, "0000000a", 59, 0); /* that of the Child SA before */
    one_sa(&list, "00c0ffee", 3000, 4000);
    one_sa(&list, "00decade", 2999, 4001);
    struct child_sa child = { .spi_i = { 0xc0ffee, 4 }, .spi_r = { 0xdecade, 4 } };
    CHECK_TEXT(said(&s, &child), "R1 shows 49 min 59 s and 4000 kB left; PFS group 19; ACTIVE [r1.log:7]");
    CHECK_TEXT(said(&s, NULL), "R1 shows 59 s and 4000 kB left; PFS group 19; ACTIVE [r1.log:7]");
}

static void test_ike(void)
{
    struct record r;
    struct shown s;
    struct facts f = group(&r, &s);
    fact_text(&f, "status", TEXT("IN-NEG"));
    fact_text(&f, "status_description", TEXT("Initiator waiting for INIT response"));
    fact_number(&f, "lifetime", 86400);
    fact_number(&f, "active_time", 86401);
    CHECK_TEXT(said(&s, NULL), "R1 shows IN-NEG (Initiator waiting for INIT response) for 1 d 00 h; 0 s left [r1.log:7]");
    r.device = 0;
    CHECK(text_starts(said(&s, NULL), TEXT("the initiator shows IN-NEG")));
}

static void test_session(void)
{
    struct record r;
    struct shown s;
    struct facts f = group(&r, &s);
    fact_text(&f, "status", TEXT("UP-ACTIVE \x1b[31m"));
    (void)fact_list(&f, "ike_sas");
    struct facts flows = facts_into(m->run, &fact_list(&f, "flows")->as.child);
    struct facts one = facts_into(m->run, &fact_group(&flows, NULL)->as.child);
    struct facts in = facts_into(m->run, &fact_group(&one, "inbound")->as.child);
    fact_number(&in, "packets", 9);
    struct facts out = facts_into(m->run, &fact_group(&one, "outbound")->as.child);
    fact_number(&out, "packets", 0);
    struct text t = said(&s, NULL);
    CHECK(text_starts(t, TEXT("R1 shows session UP-ACTIVE")) && text_find_byte(t, '\x1b') == TEXT_NOWHERE);
    CHECK(text_has(t, TEXT("0 packets out, 9 in (it receives, and sends nothing)")));
    fact_number(&out, "dropped", 41);
    CHECK(text_has(said(&s, NULL), TEXT("0 packets out, 9 in; 41 dropped out, 0 in")));
    one = facts_into(m->run, &fact_group(&flows, NULL)->as.child);
    in = facts_into(m->run, &fact_group(&one, "inbound")->as.child);
    fact_number(&in, "packets", 0);
    out = facts_into(m->run, &fact_group(&one, "outbound")->as.child);
    fact_number(&out, "packets", 1);
    CHECK(text_has(said(&s, NULL), TEXT("1 packet out, 9 in")));
}

int main(void)
{
    m = model_create();
    (void)model_add_input(m, TEXT("r1.log"), TEXT("r1.log"));
    flow(12, 0, 0, "R1 shows 12 encaps, 0 decaps (it sends, and nothing comes back) [r1.log:7]");
    flow(3, 0, 0, "R1 shows 3 encaps, 0 decaps [r1.log:7]");
    flow(0, 12, 1, "R1 shows 0 encaps, 12 decaps (it receives, and sends nothing); 1 receive error [r1.log:7]");
    flow(0, 0, 2, "R1 shows 0 encaps, 0 decaps (no traffic yet); 2 receive errors [r1.log:7]");
    flow(12, 1, 0, "R1 shows 12 encaps, 1 decaps [r1.log:7]");
    test_lifetimes();
    test_ike();
    test_session();
    struct record r;
    struct shown s;
    struct facts f = group(&r, &s);
    fact_text(&f, "esp_spi_in", TEXT("00c0ffee")); /* a Child SA of show crypto ikev2 sa: all of it is said elsewhere */
    CHECK_TEXT(said(&s, NULL), "");
    model_destroy(m);
    return TEST_REPORT();
}
