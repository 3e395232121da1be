/* What a router's log says of the router itself, beside a tunnel that did not come up or went down: the tunnel suffers from it.
 */
#include "analysis/quote.h"
#include "analysis/ways.h"

#define NEAR_NS INT64_C(180000000000) /* so much before the SA's first line, or behind its last */

struct mishap {
    const char *words; /* of the line, that name it */
    const char *title, *cause, *advice;
};

/* {words of the line, title, what it means for the tunnel, what to do} */
static const struct mishap mishaps[] = {
    { "RECURDOWN", "The way to the tunnel's far end leads through the tunnel",
      "{router} switched {interface} off: its route to the tunnel's destination leads into the tunnel itself. The tunnel comes "
      "up, learns that route, and goes down, again and again.",
      "give the peer's address a route of its own, outside of the tunnel: `ip route {peer} 255.255.255.255 NEXT-HOP`, or keep it "
      "out of the routing protocol that runs inside; look while the tunnel is up: `show ip route {peer}`" },
    { "NON_AUTHORITATIVE_CLOCK", "The clock is not set, so certificates are not used",
      "{router} does nothing with certificates until it has the time from a source that it trusts: an IKE_AUTH with certificates "
      "cannot work before.",
      "`ntp server ADDRESS`, then `show ntp status`; or, where the hardware clock is right, `clock calendar-valid`" },
    { "BW_LIMIT", "The licence limits what crypto may carry",
      "{router} reached the bandwidth that its licence allows for encryption[[, {count} kbit/s]], and drops what is above it: "
      "DPD and rekeys among it.",
      "`show platform cerm-information`, `show license usage`; a higher limit needs the HSEC licence or a higher throughput "
      "level" },
    { "IKE_PAK_IN_Q", "IKE messages wait too long in the router",
      "{router} threw IKE messages away that had waited too long in its queue: it is overloaded, and its peers repeat "
      "themselves.",
      "`show processes cpu sorted`, `show crypto ikev2 stats`; fewer attempts at once: `crypto ikev2 limit max-in-negotiation-sa "
      "N`, `crypto ikev2 cookie-challenge N`" },
    { "DUPADDR", "The tunnel's address is used twice",
      "Another device uses the address {address} of {router} on {interface}, too: answers go now to the one, now to the other.",
      "find the other one by its MAC address, which the line has: `show mac address-table address MAC`, and give it another "
      "address" },
    { "ARP request collision", "The tunnel's address is used twice",
      "Another device uses the address {address} on {interface} of {router}, too: answers go now to the one, now to the other.",
      "find the other one by its MAC address, which the line has, and give it another address" },
    { "MALLOCFAIL", "The router is short of memory",
      "{router} got no memory for what it wanted to do; SAs cannot be made while that lasts.",
      "`show memory statistics`, `show processes memory sorted`: a leak wants a reload and a newer release, too many tunnels a "
      "limit: `crypto ikev2 limit max-sa N`" },
    { "CPURISING", "The router's processor is at its end",
      "The processor of {router} is at its end: IKE messages are answered late or never.",
      "`show processes cpu sorted` while it lasts; IKE with large DH groups and many peers at once costs most" },
    { "LOAD_EXCEED", "The router's forwarding engine is at its end",
      "The forwarding engine of {router} is at its end and drops packets, IKE and ESP among them.",
      "`show platform hardware qfp active datapath utilization`, `show platform hardware qfp active statistics drop`: less "
      "traffic, or a larger router" },
    { "HSRP", "The gateway moved to another router",
      "HSRP group {group} of {router} on {interface} changed ({status}): the other router has none of its SAs, so tunnels to the "
      "virtual address begin anew.",
      "let the peers notice: `crypto ikev2 dpd 10 3 periodic` at both ends; against changes without need `standby {group} "
      "preempt delay minimum 60`, and a tracked object for the way out" },
    { "Switching to ", "The firewall changed over to its other unit",
      "{router} changed over: without stateful failover the other unit has none of the SAs, and every tunnel begins anew.",
      "`show failover state`, `show failover history`; SAs go over with it where the state link is up: `failover link NAME "
      "INTERFACE`" },
    { "VFR", "A router drops the fragments of a message",
      "{router} drops IP fragments on {interface}: it puts together only so many. A large IKE_AUTH comes in fragments.",
      "`crypto ikev2 fragmentation mtu 1200` at both ends; or `ip virtual-reassembly in max-reassemblies N` on {interface}" },
    { "ragment", "The firewall drops the fragments of a message",
      "{router} drops IP fragments: its limit is reached, or a set has too many. A large IKE_AUTH comes in fragments.",
      "`crypto ikev2 fragmentation mtu 1200` at both ends; `show fragment`, `fragment size N outside`, `fragment chain N "
      "outside`" },
    { "ADDRESS_ASSIGN", "The router got another address",
      "{router} got the address {address} on {interface} by DHCP: a tunnel from another address begins anew, and a peer that "
      "knows it by its old address refuses it.",
      "let the peer know it by a name: `identity local fqdn NAME` here and `match identity remote fqdn NAME` there; a fixed "
      "address is better" },
    { "changed state to down", "{which} went down",
      "{interface} of {router} went down: while it is, nothing of the tunnel comes or goes there[[, {unless}]].",
      "`show interface {interface}`, `show logging | include {interface}`: cable, optics, the provider's line, or a person" },
    { "changed state to administratively down", "{which} was shut down",
      "{interface} of {router} was shut down by a command: while it is, nothing of the tunnel comes or goes there[[, {unless}]].",
      "`show logging | include {interface}|CONFIG_I|111008` tells who did it; then `no shutdown` in the configuration of that "
      "interface" },
    { "RESTART", "The router was started anew",
      "{router} was started anew: with that all its SAs are gone, and a peer that does not notice goes on with those it has.",
      "why it started: `show version | include reason|uptime`, `show logging onboard`; let the peers notice: `crypto ikev2 dpd "
      "10 3 periodic` at both ends" },
    { "Beginning operation", "The firewall was started anew",
      "{router} was started anew: with that all its SAs are gone, and a peer that does not notice goes on with those it has.",
      "why it started: `show version | include up`, `show crashinfo`; let the peers notice: `crypto ikev2 dpd 10 3 periodic`, or "
      "`isakmp keepalive threshold 10 retry 2`" },
    { "VPN_HW", "The crypto hardware failed",
      "The crypto hardware of {router} reported an error: packets that it had to encrypt or decrypt are lost.",
      "`show crypto engine accelerator statistic`, `show crypto eli`; a reload, or a newer release" },
    { "hardware accelerator", "The crypto hardware failed",
      "The crypto hardware of {router} reported an error: packets that it had to encrypt or decrypt are lost.",
      "`show crypto accelerator statistics`, `show asp drop`; a reload, or a newer release" },
};

enum { MISHAPS = COUNT_OF(mishaps) };

/* ---- an interface that went down ---- */

enum way_out { WAY_UNKNOWN, WAY_OUT, WAY_ELSEWHERE };

/* The interface that an SA goes out of, by its router's configuration: that of its own address, else that of the way to its peer.
 * NULL: nothing tells. */
static const struct record *carrier_of(const struct model *m, const struct view *v)
{
    const uint32_t device = m->records ? router_of_input(m, v->input) : 0;
    const struct owner *own = device && v->local.address.family ? config_owner(m, device, v->local.address, NULL) : NULL;
    const struct record *found = own ? own->interface : NULL;
    if (!device || own || !v->remote.address.family)
        return found;
    struct config_way *ways = memory_take(WAYS * sizeof *ways);
    const size_t count = ways_of(m, device, ways);
    bool same = true;
    for (size_t i = 0; i < count; i++)
        if (address_equal(ways[i].peer, v->remote.address)) {
            same = same && (!found || found == ways[i].carrier);
            found = ways[i].carrier;
        }
    memory_free(ways);
    return same ? found : NULL;
}

/* Out of that one, or of a subinterface of it? A loopback or a bridge goes out of any. */
static enum way_out way_out(const struct record *carrier, struct text name)
{
    static const char *const lines[] = { "Gig", "Fast", "Ten", "Twe", "For", "Hun", "Eth", "Ser" };
    const struct text title = carrier ? carrier->title : (struct text){ NULL, 0 };
    if (!carrier)
        return WAY_UNKNOWN;
    if (text_equal_nocase(title, name) || text_equal_nocase(fact_get_text(carrier->facts, "nameif"), name) ||
        (title.len > name.len && text_starts_nocase(title, name) && title.at[name.len] == '.'))
        return WAY_OUT;
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        if (text_starts_nocase(title, text_of(lines[i])))
            return WAY_ELSEWHERE;
    return WAY_UNKNOWN;
}

/* Nothing tells why the SA failed or went, or it is that no answer came: a peer that refused was heard, and a line in service then. */
static bool may_be_of_the_line(const struct ike_sa *sa)
{
    static const char *const unheard[] = { "no-response",  "auth-not-received", "dpd-timeout",
                                           "one-way-path", "rekey-failed",      "fragmentation-needed" };
    for (size_t i = 0; i < COUNT_OF(unheard); i++)
        if (diagnosed(sa, unheard[i]))
            return true;
    return !found_error(sa);
}

static bool names_a_line(const struct note *n)
{
    struct text name = fact_get_text(n->facts, "interface");
    return name.len && !text_starts(name, TEXT("Tu")) && !text_starts(name, TEXT("Vi")) && !text_starts(name, TEXT("Lo"));
}

/* A tunnel's own interface goes down because the tunnel does. */
static bool of_the_line(const struct note *n)
{
    return n->code == CODE_INTERFACE_CHANGED && names_a_line(n);
}

/* ---- what is told of ---- */

static const struct mishap *mishap_of(const struct note *n)
{
    bool may = n->code == CODE_ROUTER_TROUBLE || n->code == CODE_ROUTER_RESTARTED || of_the_line(n);
    for (size_t i = 0; may && i < MISHAPS; i++)
        if (text_has(n->text, text_of(mishaps[i].words)))
            return &mishaps[i];
    return NULL;
}

/* A line that tells of one. Those of no SA are looked at once, and not for each SA: a log may be full of both. */
struct told {
    const struct note *note;
    const struct mishap *of;
};

static struct told *find_loose(const struct model *m, size_t *count)
{
    struct told *all = arena_array(m->run, struct told, m->loose_count + 1);
    *count = 0;
    for (const struct note *n = m->loose; n; n = n->next) {
        all[*count] = (struct told){ n, mishap_of(n) };
        *count += all[*count].of != NULL;
    }
    return all;
}

static bool near(const struct ike_sa *sa, const struct view *v, const struct note *n)
{
    if (n->input != v->input)
        return false;
    if (n->code == CODE_ROUTER_RESTARTED && v->restarted)
        return n->line > v->last_line;
    return n->ns == TIME_UNKNOWN || v->first_ns == TIME_UNKNOWN || v->last_ns == TIME_UNKNOWN || !sa->views ||
           (n->ns >= v->first_ns - NEAR_NS && n->ns <= v->last_ns + NEAR_NS);
}

/* An SA, and what was found of each row about it. */
struct suffering {
    struct model *m;
    const struct rule *rule;
    struct ike_sa *sa;
    const struct view *at; /* whose way out was looked for, and what was found */
    const struct record *carrier;
    bool asked[MISHAPS];
    struct finding *met[MISHAPS];
};

static enum way_out way_of(struct suffering *s, const struct view *v, const struct note *n)
{
    if (s->at != v)
        s->carrier = carrier_of(s->m, v);
    s->at = v;
    return way_out(s->carrier, fact_get_text(n->facts, "interface"));
}

static void say(struct suffering *s, struct diagnosis *d, const struct mishap *t, struct heard said)
{
    static const char *const words[] = { "interface", "group", "status" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        diagnosis_word(d, words[i], fact_get_text(said.note->facts, words[i]));
    struct address address;
    uint64_t count = 0;
    const bool sure = way_of(s, said.view, said.note) == WAY_OUT;
    diagnosis_word(d, "which", sure ? TEXT("The interface that the tunnel goes out of") : TEXT("An interface of the router"));
    diagnosis_word(d, "unless", sure ? (struct text){ NULL, 0 } : TEXT("if the tunnel goes out of it"));
    if (fact_get_number(said.note->facts, "count", &count))
        diagnosis_wordf(d, "count", "%llu", (unsigned long long)count);
    if (fact_get_address(said.note->facts, "address", &address))
        diagnosis_word(d, "address", address_text(address, s->m->run));
    diagnosis_word(d, "router", device_name_or(s->m, said.view->device, TEXT("the router")));
    diagnosis_say(d, t->title, t->cause);
    diagnosis_more(d, said.note->code == CODE_ROUTER_RESTARTED && said.view->restarted
                          ? "That stands behind all that its log says of the SA with {there}."
                          : "Its log says so close to what became of the SA with {there}.");
    const struct advice rows[] = { { TO_THIS, PLATFORM_UNKNOWN, t->advice } };
    ADVISE(d, rows);
    quote_note(d, said);
}

static void tell(struct suffering *s, const struct view *v, const struct told *told)
{
    const struct mishap *t = told->of;
    const size_t row = t ? (size_t)(t - mishaps) : 0;
    struct diagnosis d;
    if (!t || !near(s->sa, v, told->note))
        return;
    if ((told->note->code == CODE_INTERFACE_CHANGED && !may_be_of_the_line(s->sa)) ||
        (names_a_line(told->note) && way_of(s, v, told->note) == WAY_ELSEWHERE))
        return;
    if (s->asked[row]) {
        if (s->met[row] && !(told->note->code == CODE_ROUTER_RESTARTED && v->restarted)) /* the first one ended it */
            s->met[row]->count++;
        return;
    }
    s->asked[row] = true;
    if (diagnosis_begin(&d, s->m, s->rule, s->sa, (enum side)v->role, CONFIDENCE_LIKELY, text_of(t->words)))
        say(s, &d, t, (struct heard){ told->note, v });
    s->met[row] = d.met;
}

static void judge(struct model *m, const struct rule *r)
{
    size_t count;
    const struct told *loose = find_loose(m, &count);
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        struct suffering s = { .m = m, .rule = r, .sa = sa };
        const bool well = sa->outcome == SA_ESTABLISHED || sa->outcome == SA_REKEYED;
        for (const struct view *v = well ? NULL : sa->views; v; v = v->next) {
            if (v->wire)
                continue;
            for (const struct note *n = v->notes; n; n = n->next)
                tell(&s, v, &(struct told){ n, mishap_of(n) });
            for (size_t i = 0; i < count; i++)
                tell(&s, v, &loose[i]);
        }
    }
}

const struct rule rule_router_trouble = {
    .id = "router-trouble",
    .severity = SEVERITY_WARNING,
    .rank = 18,
    .title = "The router itself has trouble",
    .meaning =
        "Beside a tunnel that did not come up or went down, the router's log tells of the router itself: a route through the "
        "tunnel, a clock that is not set, memory, load, licence, an address used twice, a change-over, fragments that are "
        "dropped, hardware.",
    .advice = "Mend that first; then let the tunnel try again.",
    .whole = judge,
};
