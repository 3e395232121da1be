/* What a router's own commands tell of the way to its peer: interfaces, pings, access lists that refused something. */
#include "tests/unit/analysis/builder.h"

#include "analysis/reach.h"
#include "test.h"

static struct address address(const char *text)
{
    struct address a = { .family = ADDRESS_NONE };
    (void)address_read(text_of(text), &a);
    return a;
}

static void interface(struct builder *b, const char *name, const char *own, const char *status, const char *protocol)
{
    struct facts f = build_record(b, INPUT_SHOW, "show ip interface brief", "", "R1"), in = build_inside(b, &f, "interfaces");
    fact_text(&in, "interface", text_of(name));
    if (*own)
        fact_address(&in, "address", address(own));
    fact_text(&in, "status", text_of(status));
    fact_text(&in, "protocol", text_of(protocol));
}

static bool down(const struct builder *b, const char *router, const char *name, const char *own)
{
    return reach_down(b->m, model_device(b->m, text_of(router)), text_of(name), address(own)).record != NULL;
}

static void check_interfaces(void)
{
    struct builder b;
    build_begin(&b);
    interface(&b, "GigabitEthernet0/1", "192.0.2.1", "down", "down");
    interface(&b, "GigabitEthernet0/11", "192.0.2.11", "up", "up");
    interface(&b, "Serial0/1", "192.0.2.3", "up", "down");
    interface(&b, "Tunnel7", "10.0.0.7", "up", "down"); /* as a tunnel is that nobody has built yet: that is no cause */
    CHECK(down(&b, "R1", "GigabitEthernet0/1", "") && down(&b, "R1", "Gi0/1", "") && down(&b, "R1", "gigabitethernet0/1", ""));
    CHECK(!down(&b, "R1", "Gi0/11", "") && !down(&b, "R1", "Te0/1", "") && !down(&b, "R1", "Gi", "") &&
          !down(&b, "R1", "0/1", ""));
    CHECK(down(&b, "R1", "Serial0/1", "")); /* its line protocol is down */
    CHECK(down(&b, "R1", "", "192.0.2.1") && down(&b, "R1", "", "192.0.2.3") && !down(&b, "R1", "", "192.0.2.11") &&
          !down(&b, "R1", "", "192.0.2.99"));
    CHECK(!down(&b, "R1", "Tunnel7", "") && !down(&b, "R1", "", ""));
    CHECK(!down(&b, "R2", "Gi0/1", "")); /* another router's output says nothing of this one */
    interface(&b, "Tunnel8", "10.0.0.8", "administratively down", "down");
    CHECK(down(&b, "R1", "Tu8", "") && down(&b, "R1", "", "") && down(&b, "R1", "", "10.0.0.8"));
    model_destroy(b.m);
}

static void ping(struct builder *b, const char *to, int received)
{
    struct facts f = build_record(b, INPUT_SHOW, "ping", "", "R1"), in = build_inside(b, &f, "pings");
    fact_address(&in, "destination", address(to));
    if (received >= 0)
        fact_number(&in, "received", (uint64_t)received);
}

/* How many answers the ping that counts has got; -1: there is none. */
static int answers(const struct builder *b, uint32_t router, const char *peer)
{
    struct reach ping = reach_pinged(b->m, router, address(peer));
    uint64_t received = 0;
    return ping.said && fact_get_number(fact_children(ping.said), "received", &received) ? (int)received : -1;
}

static void check_pings(void)
{
    struct builder b;
    build_begin(&b);
    uint32_t r1 = model_device(b.m, TEXT("R1"));
    CHECK_NUMBER(answers(&b, r1, "198.51.100.2"), -1);
    ping(&b, "198.51.100.2", 0);
    ping(&b, "198.51.100.9", 5);
    CHECK_NUMBER(answers(&b, r1, "198.51.100.2"), 0);
    CHECK_NUMBER(answers(&b, r1, "198.51.100.9"), 5);
    ping(&b, "198.51.100.2", 1); /* the last one counts … */
    CHECK_NUMBER(answers(&b, r1, "198.51.100.2"), 1);
    ping(&b, "198.51.100.2", -1); /* … of those that came to an end */
    CHECK_NUMBER(answers(&b, r1, "198.51.100.2"), 1);
    CHECK_NUMBER(answers(&b, model_device(b.m, TEXT("R2")), "198.51.100.2"), -1);
    model_destroy(b.m);
}

static void check_refusals(void)
{
    struct builder b;
    build_begin(&b);
    uint32_t r1 = model_device(b.m, TEXT("R1"));
    struct facts f = build_record(&b, INPUT_SHOW, "show access-lists", "", "R1"), in = build_inside(&b, &f, "refused");
    fact_text(&in, "what", TEXT("UDP 500"));
    CHECK(reach_refused(b.m, r1, false).record && !reach_refused(b.m, r1, true).record);
    f = build_record(&b, INPUT_SHOW, "show access-lists", "", "R1");
    in = build_inside(&b, &f, "refused");
    fact_text(&in, "what", TEXT("ESP"));
    CHECK(reach_refused(b.m, r1, true).record == b.m->records_last && reach_refused(b.m, r1, false).record == b.m->records);
    CHECK(!reach_refused(b.m, model_device(b.m, TEXT("R2")), true).record);
    model_destroy(b.m);
}

int main(void)
{
    check_interfaces();
    check_pings();
    check_refusals();
    return TEST_REPORT();
}
