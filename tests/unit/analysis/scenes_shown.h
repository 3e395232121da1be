/* Models of show output and configurations, for the rules. */
#ifndef IKESCOPE_TESTS_ANALYSIS_SCENES_SHOWN_H
#define IKESCOPE_TESTS_ANALYSIS_SCENES_SHOWN_H

#include "tests/unit/analysis/scenes.h"

static void flow(struct builder *b, uint64_t encaps, uint64_t decaps)
{
    struct facts f = build_record(b, INPUT_SHOW, "show crypto ipsec sa", "", "R1"), in = build_inside(b, &f, "flows");
    fact_number(&in, "pkts_encaps", encaps)->line = 1;
    fact_number(&in, "pkts_decaps", decaps)->line = 1;
    (void)build_inside(b, &in, "sas");
}
static void flow_out_only(struct builder *b)
{
    flow(b, 100, 0);
}
static void flow_both_ways(struct builder *b)
{
    flow(b, 100, 1);
}

static void refused_as_large(struct builder *b, uint64_t count)
{
    struct facts f = build_record(b, INPUT_SHOW, "show crypto ipsec sa", "", "R1"), in = build_inside(b, &f, "flows");
    fact_number(&in, "pre_frag_failures", count)->line = 1;
}
static void many_too_large(struct builder *b)
{
    refused_as_large(b, 20);
}
static void few_too_large(struct builder *b) /* as a path's MTU is found */
{
    refused_as_large(b, 19);
}

static void counters(struct builder *b, const char *section, uint64_t received)
{
    struct facts f = build_record(b, INPUT_SHOW, "show crypto ikev2 stats", "", "R1"), in = build_inside(b, &f, "exchanges");
    fact_text(&in, "section", text_of(section));
    fact_text(&in, "name", TEXT("NO_PROPOSAL_CHOSEN"));
    fact_number(&in, "rx_response", received);
}
static void errors(struct builder *b)
{
    counters(b, "ERROR NOTIFY", 3);
}
static void no_errors(struct builder *b)
{
    counters(b, "ERROR NOTIFY", 0);
    counters(b, "EXCHANGES", 5);
}

/* An IKE SA that show output has as up, and beside it a flow with an outbound SPI or with none. */
static void ready_and_flow(struct builder *b, const char *spi_line, bool spi)
{
    struct facts f = build_record(b, INPUT_SHOW, "show crypto ipsec sa", "show crypto ipsec sa", "R1"),
                 in = build_inside(b, &f, "flows");
    struct address local = { 0 }, peer = { 0 };
    (void)address_read(TEXT("192.0.2.1"), &local);
    (void)address_read(TEXT("198.51.100.2"), &peer);
    fact_address(&in, "local_endpoint", local);
    fact_address(&in, "remote_endpoint", peer);
    if (spi)
        fact_text(&in, "outbound_spi", TEXT("5bd1e995"));
    b->m->records->text = text_of(spi_line);
    b->m->records->line_count = 1;
    build_sa(b, 1, "192.0.2.1", "198.51.100.2");
    build_outcome(b, SA_ESTABLISHED);
    b->sa->shown_only = true;
    struct view *v = build_view(b, 0, SIDE_INITIATOR);
    v->device = b->m->records->device;
    v->local = b->sa->initiator.endpoint;
    v->remote = b->sa->responder.endpoint;
}
static void ready_without_spi(struct builder *b)
{
    ready_and_flow(b, "     current outbound spi: 0x0(0)", false);
}
static void ready_with_spi(struct builder *b)
{
    ready_and_flow(b, "     current outbound spi: 0x5BD1E995(1540483477)", true);
}

/* An output that lists no IKE SA: of all, or behind a filter. */
static void lists_none(struct builder *b)
{
    (void)build_record(b, INPUT_SHOW, "show crypto ikev2 sa", "show crypto ikev2 sa detailed", "R1");
}
static void lists_none_that_is_ready(struct builder *b)
{
    (void)build_record(b, INPUT_SHOW, "show crypto ikev2 sa", "show crypto ikev2 sa | include READY", "R1");
}

/* A tunnel that is up for an hour, and what its flow has counted. */
static void up_an_hour(struct builder *b, uint64_t encaps, uint64_t errors, uint64_t active)
{
    ready_with_spi(b);
    struct record *r = b->m->records;
    struct facts f = facts_into(b->m->run, &r->facts->as.child->as.child);
    while (*f.at)
        f.at = &(*f.at)->next;
    fact_number(&f, "pkts_encaps", encaps)->line = 1;
    fact_number(&f, "pkts_decaps", encaps)->line = 1;
    fact_number(&f, "send_errors", errors)->line = 1;
    struct shown *s = arena_new(b->m->run, struct shown);
    *s = (struct shown){ .record = r, .entry = r->facts->as.child };
    build_child(b, 0x100)->shown = s;
    struct facts g = build_record(b, INPUT_SHOW, "show crypto ikev2 sa", "", "R1"), in = build_inside(b, &g, "sas");
    fact_number(&in, "active_time", active);
    b->sa->shown = arena_new(b->m->run, struct shown);
    *b->sa->shown = (struct shown){ .record = r->next, .entry = r->next->facts->as.child };
}
static void idle_for_an_hour(struct builder *b)
{
    up_an_hour(b, 0, 0, 3600);
}
static void idle_for_moments(struct builder *b)
{
    up_an_hour(b, 0, 0, 20);
}
static void can_not_send(struct builder *b)
{
    up_an_hour(b, 100, 412, 20);
}
static void can_send(struct builder *b)
{
    up_an_hour(b, 100000, 40, 3600);
}

static void other_run(struct builder *b)
{
    (void)build_record(b, INPUT_SHOW, "show crypto ikev2 sa", "", "R1");
    b->m->records->foreign = true;
}
static void same_run(struct builder *b)
{
    (void)build_record(b, INPUT_SHOW, "show crypto ikev2 sa", "", "R1");
}

static void put_address(struct facts *f, const char *name, const char *text)
{
    struct address a = { 0 };
    (void)address_read(text_of(text), &a);
    fact_address(f, name, a);
}

static void end_of_tunnel(struct builder *b, const char *device, const char *own, const char *peer, const char *from,
                          const char *to)
{
    struct facts f = build_record(b, INPUT_CONFIG, "interface", "Ethernet0", device), in = build_inside(b, &f, "addresses");
    put_address(&in, "address", own);
    f = build_record(b, INPUT_CONFIG, "crypto-map", "M 10", device);
    fact_text(&f, "match_address", TEXT("VPN"));
    in = build_inside(b, &f, "peers");
    put_address(&in, "address", peer);
    f = build_record(b, INPUT_CONFIG, "access-list", "VPN", device);
    in = build_inside(b, &f, "entries");
    fact_text(&in, "action", TEXT("permit"));
    put_address(&in, "source_start", from);
    put_address(&in, "source_end", from);
    put_address(&in, "destination_start", to);
    put_address(&in, "destination_end", to);
}
/* An entry of the map M, with a list for all between two networks. */
static void map_entry(struct builder *b, const char *title, uint64_t number, const char *peer, const char *list,
                      const char *to_start, const char *to_end)
{
    struct facts f = build_record(b, INPUT_CONFIG, "crypto-map", title, "R1"), in;
    fact_text(&f, "name", TEXT("M"));
    fact_number(&f, "sequence", number);
    fact_text(&f, "match_address", text_of(list));
    in = build_inside(b, &f, "peers");
    put_address(&in, "address", peer);
    f = build_record(b, INPUT_CONFIG, "access-list", list, "R1");
    in = build_inside(b, &f, "entries");
    fact_text(&in, "action", TEXT("permit"));
    put_address(&in, "source_start", "10.1.0.0");
    put_address(&in, "source_end", "10.1.0.255");
    put_address(&in, "destination_start", to_start);
    put_address(&in, "destination_end", to_end);
}
static void wide_entry_first(struct builder *b)
{
    map_entry(b, "M 20", 20, "198.51.100.2", "NARROW", "10.2.0.0", "10.2.0.255");
    map_entry(b, "M 10", 10, "198.51.100.1", "WIDE", "10.0.0.0", "10.255.255.255");
}
static void wide_entry_last(struct builder *b)
{
    map_entry(b, "M 10", 10, "198.51.100.2", "NARROW", "10.2.0.0", "10.2.0.255");
    map_entry(b, "M 20", 20, "198.51.100.1", "WIDE", "10.0.0.0", "10.255.255.255");
}
static void unlike(struct builder *b)
{
    end_of_tunnel(b, "R1", "192.0.2.1", "198.51.100.2", "10.1.0.0", "10.2.0.0");
    end_of_tunnel(b, "R2", "198.51.100.2", "192.0.2.1", "10.2.0.0", "10.9.0.0");
}
static void mirror(struct builder *b)
{
    end_of_tunnel(b, "R1", "192.0.2.1", "198.51.100.2", "10.1.0.0", "10.2.0.0");
    end_of_tunnel(b, "R2", "198.51.100.2", "192.0.2.1", "10.2.0.0", "10.1.0.0");
}
/* A packet that was traced as far as the tunnel's phase. */
static void traced(struct builder *b, const char *result, const char *action)
{
    struct facts f = build_record(b, INPUT_SHOW, "packet-tracer", "", "FW1"), in;
    fact_text(&f, "action", text_of(action));
    in = build_inside(b, &f, "phases");
    fact_text(&in, "type", TEXT("VPN"));
    fact_text(&in, "subtype", TEXT("encrypt"));
    fact_text(&in, "result", text_of(result));
}
static void traced_and_dropped(struct builder *b)
{
    traced(b, "DROP", "drop");
}
static void traced_and_sent(struct builder *b)
{
    traced(b, "ALLOW", "allow");
}
/* A tunnel interface of each end, with one fact of its own, and the rest the same. */
static void tunnels_with(struct builder *b, const char *name, const char *one, const char *other)
{
    for (unsigned i = 0; i < 2; i++) {
        const char *own = i ? "198.51.100.2" : "192.0.2.1", *device = i ? "R2" : "R1";
        struct facts f = build_record(b, INPUT_CONFIG, "interface", "Ethernet0", device), in = build_inside(b, &f, "addresses");
        put_address(&in, "address", own);
        f = build_record(b, INPUT_CONFIG, "interface", "Tunnel1", device);
        fact_text(&f, "tunnel_source", text_of(own));
        fact_text(&f, "tunnel_destination", text_of(i ? "192.0.2.1" : "198.51.100.2"));
        fact_text(&f, "tunnel_profile", TEXT("IPP"));
        if (i ? other : one)
            fact_text(&f, name, text_of(i ? other : one));
        (void)build_record(b, INPUT_CONFIG, "ikev2-profile", "P", device);
    }
}
static void keys_of_gre_differ(struct builder *b)
{
    tunnels_with(b, "tunnel_key", "7", "8");
}
static void keys_of_gre_alike(struct builder *b)
{
    tunnels_with(b, "tunnel_key", "7", "7");
}
/* Crypto map entries that only answer. */
static void connection_types(struct builder *b, const char *one, const char *other)
{
    mirror(b);
    for (struct record *r = b->m->records; r; r = r->next) {
        bool first = r->device == b->m->records->device;
        if (strcmp(r->name, "crypto-map") != 0)
            continue;
        struct facts f = facts_into(b->m->run, &r->facts);
        while (*f.at)
            f.at = &(*f.at)->next;
        fact_text(&f, "connection_type", text_of(first ? one : other));
    }
}
static void both_wait(struct builder *b)
{
    connection_types(b, "answer-only", "answer-only");
}
static void one_waits(struct builder *b)
{
    connection_types(b, "answer-only", "originate-only");
}
/* The crypto map of one end on its interface, which is shut down or not. */
static void applied(struct builder *b, bool shutdown)
{
    mirror(b);
    struct record *r = b->m->records;
    struct facts f = facts_into(b->m->run, &r->facts);
    while (*f.at)
        f.at = &(*f.at)->next;
    fact_text(&f, "crypto_map", TEXT("M"))->line = 1;
    fact_bool(&f, "shutdown", shutdown)->line = 1;
    for (r = r->next; strcmp(r->name, "crypto-map") != 0; r = r->next)
        continue;
    f = facts_into(b->m->run, &r->facts);
    while (*f.at)
        f.at = &(*f.at)->next;
    fact_text(&f, "name", TEXT("M"));
    (void)build_record(b, INPUT_CONFIG, "ikev2-profile", "P", "R1");
}
static void shut_down(struct builder *b)
{
    applied(b, true);
}
static void not_shut_down(struct builder *b)
{
    applied(b, false);
}
/* A whole configuration whose only static route leads to these networks. */
static void routed(struct builder *b, const char *start, const char *end)
{
    mirror(b);
    struct facts f = build_record(b, INPUT_CONFIG, "configuration", "", "R1");
    fact_bool(&f, "begins", true);
    fact_bool(&f, "ends", true);
    f = build_record(b, INPUT_CONFIG, "static-routes", "", "R1");
    struct facts in = build_inside(b, &f, "routes");
    put_address(&in, "start", start);
    put_address(&in, "end", end);
}
static void routed_aside(struct builder *b)
{
    routed(b, "172.16.0.0", "172.16.255.255");
}
static void routed_out(struct builder *b)
{
    routed(b, "0.0.0.0", "255.255.255.255");
}
/* The peer of one end is one digit beside the other's address. */
static void peers_miss(struct builder *b)
{
    end_of_tunnel(b, "R1", "192.0.2.1", "198.51.100.12", "10.1.0.0", "10.2.0.0");
    end_of_tunnel(b, "R2", "198.51.100.2", "192.0.2.1", "10.2.0.0", "10.1.0.0");
    for (struct record *r = b->m->records; r; r = r->next) {
        struct facts f = facts_into(b->m->run, &r->facts);
        while (*f.at)
            f.at = &(*f.at)->next;
        if (strcmp(r->name, "interface") == 0)
            fact_text(&f, "crypto_map", TEXT("M"));
        else if (strcmp(r->name, "crypto-map") == 0)
            fact_text(&f, "name", TEXT("M"));
    }
}
static void other_tunnel(struct builder *b)
{
    end_of_tunnel(b, "R1", "192.0.2.1", "198.51.100.2", "10.1.0.0", "10.2.0.0");
    end_of_tunnel(b, "R2", "198.51.100.2", "192.0.2.77", "10.2.0.0", "10.9.0.0");
}

#endif
