/* Packets that are too large for the tunnel and must not be cut: what connects and then stalls. RFC 4301 section 8.1. */
#include "analysis/evidence.h"
#include "analysis/quote.h"

enum { TOO_MANY = 20 }; /* a few are how a path's MTU is found */

/* {of an ASA, of IOS's `show crypto ipsec sa detail`} */
static const char *const counters[] = { "pre_frag_failures", "pkts_too_big_send" };

static const char *const of_asa[] = {
    "let TCP use segments that fit: `sysopt connection tcpmss 1350`",
    "let the hosts hear of it: the firewalls inside must pass ICMP \"fragmentation needed\" to them; or cut in spite of the bit: "
    "`crypto ipsec df-bit clear-df outside` (outside: or as `show nameif` calls it)",
};
static const char *const of_ios[] = {
    "let TCP use segments that fit: `interface TUNNEL` / `ip mtu 1400` / `ip tcp adjust-mss 1360`",
    "let the hosts hear of it: the firewalls inside must pass ICMP \"fragmentation needed\" to them; or cut in spite of the bit: "
    "`crypto ipsec df-bit clear`",
};

static void tell(struct model *m, const struct rule *r, const struct record *show, const struct fact *facts, bool asa,
                 const struct fact *refused)
{
    struct address peer = { 0 }, local = { 0 };
    struct diagnosis d;
    (void)fact_get_address(facts, "peer", &peer);
    (void)fact_get_address(facts, "local_endpoint", &local);
    struct text with = peer.family ? address_text(peer, m->run) : TEXT("the peer");
    if (!diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_LIKELY,
                         arena_format(m->run, "%u %.*s", (unsigned)show->device, TEXT_ARGS(with))))
        return;
    diagnosis_word(&d, "router", device_name_or(m, show->device, TEXT("The router")));
    diagnosis_word(&d, "with", with);
    diagnosis_wordf(&d, "count", "%llu", (unsigned long long)refused->as.number);
    diagnosis_say(
        &d, NULL,
        "{router} refused {count} packets for {with}: with what the tunnel adds they are too large for the way, and they "
        "must not be cut (DF). Who sent them is told so by ICMP; where that does not arrive, connections come up and "
        "then stall.");
    for (size_t i = 0; i < 2; i++)
        diagnosis_advise_router(&d, show->device, local, peer, asa ? of_asa[i] : of_ios[i]);
    finding_quote(m, d.f, show, refused->line);
    const struct fact *told = fact_find(facts, "pmtus_sent");
    if (told && told->line != refused->line)
        finding_quote(m, d.f, show, told->line);
}

static void judge(struct model *m, const struct rule *r)
{
    for (const struct record *show = m->records; show; show = show->next) {
        const bool listed = strcmp(show->name, "show crypto ipsec sa") == 0 && !show->foreign;
        for (const struct fact *g = listed ? fact_members(show->facts, "flows") : NULL; g; g = g->next)
            for (size_t i = 0; i < COUNT_OF(counters); i++) {
                const struct fact *n = fact_find(fact_children(g), counters[i]);
                if (n && n->kind == FACT_NUMBER && n->as.number >= TOO_MANY)
                    tell(m, r, show, fact_children(g), i == 0, n);
            }
    }
}

const struct rule rule_packets_too_large = {
    .id = "packets-too-large",
    .severity = SEVERITY_WARNING,
    .rank = 84,
    .title = "Packets are too large for the tunnel, and must not be cut",
    .meaning =
        "A router counts packets that do not fit into the tunnel with what IPsec adds, and that have the don't-fragment bit: "
        "it throws them away and says so by ICMP to who sent them. Where a firewall drops that, small packets pass and "
        "large ones never do: pings work, pages and files hang.",
    .advice = "Make TCP's segments smaller (`ip tcp adjust-mss`, `sysopt connection tcpmss`), let ICMP \"fragmentation needed\" "
              "reach the hosts, or clear the DF bit.",
    .whole = judge,
};
