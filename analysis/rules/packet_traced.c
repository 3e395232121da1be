/* An ASA's packet-tracer was given: where the made-up packet went, and whether the tunnel had to do with it. */
#include "analysis/evidence.h"
#include "analysis/quote.h"

struct trace {
    const struct record *at;
    const struct fact *dropped, *vpn,
        *nat; /* phases: the one that dropped it, of the tunnel, the first that gave it another address */
    bool allowed;
};

static bool says(const struct fact *group, const char *name, const char *value)
{
    return text_equal_nocase(fact_get_text(fact_children(group), name), text_of(value));
}

/* "Dynamic translate 10.1.0.9/0 to 203.0.113.1/0"; what becomes itself is exempt. */
static bool is_translated(const struct fact *phase)
{
    struct text rest = fact_get_text(fact_children(phase), "became"), word, from = { NULL, 0 };
    while (text_word(&rest, &word))
        if (text_equal(word, TEXT("translate")))
            (void)text_word(&rest, &from);
        else if (text_equal(word, TEXT("to")) && from.len)
            return text_word(&rest, &word) &&
                   !text_equal(text_upto(from, text_find_byte(from, '/')), text_upto(word, text_find_byte(word, '/')));
    return false;
}

static bool trace_of(const struct record *r, struct trace *t)
{
    *t = (struct trace){ .at = r, .allowed = text_starts_nocase(fact_get_text(r->facts, "action"), TEXT("allow")) };
    for (const struct fact *p = fact_members(r->facts, "phases"); p; p = p->next) {
        if (says(p, "result", "DROP"))
            t->dropped = p;
        if (says(p, "type", "VPN"))
            t->vpn = p;
        if (!t->nat && says(p, "type", "NAT") && is_translated(p))
            t->nat = p;
    }
    return t->allowed || t->dropped;
}

enum { TRACES_LATER = 64 };

static bool same_address(const struct trace *t, const struct trace *u, const char *name)
{
    struct address a = { 0 }, b = { 0 };
    (void)fact_get_address(t->at->facts, name, &a);
    (void)fact_get_address(u->at->facts, name, &b);
    return address_equal(a, b);
}

/* The first trace of a tunnel that is down makes it begin: was the packet traced again, and went in? */
static bool goes_in_later(struct model *m, const struct trace *t)
{
    const struct record *r = t->at;
    struct trace later;
    for (unsigned i = 0; i < TRACES_LATER && (r = record_next(m, t->at->device, "packet-tracer", r)) != NULL; i++)
        if (trace_of(r, &later) && later.allowed && later.vpn && same_address(t, &later, "source") &&
            same_address(t, &later, "destination"))
            return true;
    return false;
}

/* {type and subtype of the phase that dropped it (NULL: any), title, cause, advice} */
static const struct {
    const char *type, *subtype, *title, *cause, *advice;
} drops[] = {
    { "VPN", "encrypt", "The packet belongs into a tunnel that is not up",
      "{router} dropped the packet[[ from {source} to {destination}]] where it should have been encrypted (phase VPN, encrypt): "
      "route and crypto ACL take it into the tunnel, and that has no SA. The first one of a tunnel that is down is dropped so, "
      "and makes it begin.",
      "type it again after some seconds: where it is dropped there still, the tunnel does not come up, and it is IKE that tells "
      "why: `debug crypto ikev2 protocol 127`, `debug crypto ikev2 platform 127`, and the packet-tracer again" },
    { "VPN", NULL, "A packet in clear was traced for what has to come by a tunnel",
      "{router} dropped the packet[[ from {source} to {destination}]] in phase VPN: it belongs to a tunnel and came in clear, as "
      "a packet that is made up at the outside interface does. That is right so, and tells nothing of the tunnel.",
      "trace from the inside (`packet-tracer input INSIDE icmp LOCAL-HOST 8 0 REMOTE-HOST detailed`), or, of what was decrypted, "
      "with `decrypted` at the end of the command" },
    { "NAT", "rpf-check", "NAT takes the answers",
      "{router} dropped the packet[[ from {source} to {destination}]] because NAT would give its answer another address[[: "
      "{config}]].",
      "exempt what the tunnel carries from NAT, in front of that rule: `nat (INSIDE,OUTSIDE) 1 source static LOCAL LOCAL "
      "destination static REMOTE REMOTE no-proxy-arp route-lookup`" },
    { "ACCESS-LIST", NULL, "An access list drops the packet before the tunnel",
      "{router} dropped the packet[[ from {source} to {destination}]] by an access list[[, {config}]]: it never came to the "
      "tunnel.",
      "permit it in the list of the interface at which it comes in: `show run access-group`" },
    { NULL, NULL, "The packet is dropped before the tunnel",
      "{router} dropped the packet[[ from {source} to {destination}]] in phase {type}[[, {subtype}]][[: {config}]].",
      "mend what that phase names; then type it again" },
};

static size_t row_of(const struct fact *phase)
{
    size_t i = 0;
    while (drops[i].type &&
           !(says(phase, "type", drops[i].type) && (!drops[i].subtype || says(phase, "subtype", drops[i].subtype))))
        i++;
    return i;
}

static void put_words(struct diagnosis *d, const struct trace *t, const struct fact *phase)
{
    struct arena *run = d->m->run;
    struct address a;
    static const char *const names[] = { "source", "destination" }, *const phases[] = { "type", "subtype", "config" };
    diagnosis_word(d, "router", device_name_or(d->m, t->at->device, TEXT("The firewall")));
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (fact_get_address(t->at->facts, names[i], &a))
            diagnosis_word(d, names[i], address_text(a, run));
    for (size_t i = 0; phase && i < COUNT_OF(phases); i++)
        diagnosis_word(d, phases[i], fact_get_text(fact_children(phase), phases[i]));
    diagnosis_word(d, "output", fact_get_text(t->at->facts, "output_interface"));
    if (t->nat)
        diagnosis_word(d, "nat", fact_get_text(fact_children(t->nat), "config"));
}

static void quote_phase(struct diagnosis *d, const struct trace *t, const struct fact *phase, const char *name)
{
    const struct fact *f = phase ? fact_find(fact_children(phase), name) : NULL;
    if (f)
        finding_quote(d->m, d->f, t->at, f->line);
}

/* It goes out, and no phase of a tunnel had it: that may be meant so. */
static void tell_clear(struct diagnosis *d, const struct trace *t)
{
    diagnosis_severity(d, SEVERITY_NOTE);
    diagnosis_say(
        d, "The packet goes out without a tunnel",
        "{router} sends the packet[[ from {source} to {destination}]] out[[ of {output}]] in clear: there is no phase VPN. If "
        "it is for a tunnel, it does not fit its crypto ACL.");
    if (t->nat)
        diagnosis_more(d, "NAT gives it another address before the crypto ACL is asked[[: {nat}]].");
    diagnosis_advise_router(
        d, t->at->device, (struct address){ 0 }, (struct address){ 0 },
        t->nat ? "exempt what the tunnel carries from NAT, in front of that rule: `nat (INSIDE,OUTSIDE) 1 source "
                 "static LOCAL LOCAL destination static REMOTE REMOTE no-proxy-arp route-lookup`"
               : "compare it with the crypto ACL: `show run crypto map`, `show run access-list`");
    quote_phase(d, t, t->nat, "became");
    const struct fact *out = fact_find(t->at->facts, "output_interface");
    if (out)
        finding_quote(d->m, d->f, t->at, out->line);
}

static void judge(struct model *m, const struct rule *r)
{
    for (const struct record *at = record_next(m, 0, "packet-tracer", NULL); at; at = record_next(m, 0, "packet-tracer", at)) {
        struct trace t;
        struct diagnosis d;
        if (!trace_of(at, &t) || (t.allowed && t.vpn) || (t.dropped && t.dropped == t.vpn && goes_in_later(m, &t)))
            continue;
        size_t row = t.dropped ? row_of(t.dropped) : COUNT_OF(drops);
        if (!diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_CERTAIN,
                             arena_format(m->run, "%u %zu", (unsigned)at->device, row)))
            continue;
        put_words(&d, &t, t.dropped);
        if (!t.dropped) {
            tell_clear(&d, &t);
            continue;
        }
        diagnosis_say(&d, drops[row].title, drops[row].cause);
        if (t.nat && t.vpn == t.dropped)
            diagnosis_more(&d, "NAT gave it another address before that[[: {nat}]]; is the tunnel for that one?");
        diagnosis_advise_router(&d, at->device, (struct address){ 0 }, (struct address){ 0 }, drops[row].advice);
        quote_phase(&d, &t, t.dropped, "type");
        quote_phase(&d, &t, t.dropped, "config");
        quote_phase(&d, &t, t.dropped, "result");
    }
}

const struct rule rule_packet_traced = {
    .id = "packet-traced",
    .severity = SEVERITY_WARNING,
    .rank = 21,
    .title = "The traced packet does not go through the tunnel",
    .meaning =
        "`packet-tracer` of an ASA shows what each phase of the firewall did with a made-up packet: whether it went into the "
        "tunnel (phase VPN), and if not, what took or dropped it before.",
    .advice = "Trace from the inside towards a host behind the peer, twice: the first one makes the tunnel begin.",
    .whole = judge,
};
