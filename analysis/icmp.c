#include "analysis/icmp.h"

enum { ANY = 255 };

/* columns: IP version, type, code, what it means - RFC 792, RFC 1122, RFC 1812, RFC 4443 */
static const struct {
    uint8_t version, type, code, meaning;
} meanings_of[] = {
    { 4, 3, 0, ICMP_NO_WAY },     { 4, 3, 1, ICMP_NO_WAY },    { 4, 3, 2, ICMP_CLOSED },    { 4, 3, 3, ICMP_CLOSED },
    { 4, 3, 4, ICMP_TOO_LARGE },  { 4, 3, 5, ICMP_NO_WAY },    { 4, 3, 6, ICMP_NO_WAY },    { 4, 3, 7, ICMP_NO_WAY },
    { 4, 3, 9, ICMP_FILTERED },   { 4, 3, 10, ICMP_FILTERED }, { 4, 3, 13, ICMP_FILTERED }, { 4, 11, 0, ICMP_NO_WAY },
    { 4, 11, 1, ICMP_TOO_LARGE }, { 6, 1, 0, ICMP_NO_WAY },    { 6, 1, 1, ICMP_FILTERED },  { 6, 1, 3, ICMP_NO_WAY },
    { 6, 1, 4, ICMP_CLOSED },     { 6, 1, 5, ICMP_FILTERED },  { 6, 1, 6, ICMP_FILTERED },  { 6, 2, ANY, ICMP_TOO_LARGE },
    { 6, 3, 0, ICMP_NO_WAY },     { 6, 3, 1, ICMP_TOO_LARGE },
};

static unsigned meaning_of(const struct note *n)
{
    uint64_t type = 0, code = 0;
    if (!fact_get_number(n->facts, "icmp_type", &type) || !fact_get_number(n->facts, "icmp_code", &code))
        return 0;
    struct address reporter = { 0 };
    (void)fact_get_address(n->facts, "reporter", &reporter);
    unsigned version = reporter.family == ADDRESS_IPV6 ? 6 : 4;
    for (size_t i = 0; i < COUNT_OF(meanings_of); i++)
        if (meanings_of[i].version == version && meanings_of[i].type == type &&
            (meanings_of[i].code == ANY || meanings_of[i].code == code))
            return meanings_of[i].meaning;
    return 0;
}

struct icmp_error icmp_heard(const struct ike_sa *sa, unsigned meanings)
{
    struct address responder = address_on(sa, SIDE_RESPONDER);
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct note *n = v->notes; n; n = n->next) {
            struct icmp_error e = { .said = { n, v } };
            if (n->code != CODE_ICMP_ERROR || !text_equal(fact_get_text(n->facts, "quoted"), TEXT("IKE")) ||
                !endpoint_read(fact_get_text(n->facts, "destination"), &e.to) || !address_equal(e.to.address, responder))
                continue;
            uint64_t mtu = 0;
            (void)fact_get_address(n->facts, "reporter", &e.reporter);
            e.mtu = fact_get_number(n->facts, "mtu", &mtu) ? (uint32_t)mtu : 0;
            e.by_peer = address_equal(e.reporter, responder);
            e.meaning = (enum icmp_meaning)meaning_of(n);
            if (e.meaning & meanings)
                return e;
        }
    return (struct icmp_error){ .said = { NULL, NULL } };
}

static const struct advice closed[] = {
    { TO_RESPONDER, PLATFORM_IOS,
      "why does it not listen: `show udp | include 500`, `show ip sockets`, `show crypto ikev2 policy`; a crypto map or a tunnel "
      "with `tunnel protection` must be on the interface with that address" },
    { TO_RESPONDER, PLATFORM_ASA, "switch IKEv2 on where it comes in: `crypto ikev2 enable outside`; `show run crypto ikev2`" },
    { TO_INITIATOR, PLATFORM_UNKNOWN,
      "is {to} the VPN device at all, or a host or NAT device before it: check the peer address" },
};
static const struct advice filtered[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "let UDP 500, UDP 4500 and ESP between {ends} pass at {reporter}: its access list refuses them and says so" },
};
static const struct advice no_way[] = {
    { TO_INITIATOR, PLATFORM_UNKNOWN,
      "find the way to {peer}: `show ip route {peer}`, `traceroute {peer}`; it ends at {reporter}, which says that it cannot "
      "pass the packet on" },
};
static const struct advice too_large[] = {
    { TO_BOTH, PLATFORM_UNKNOWN,
      "let ICMP errors of {reporter} reach both ends, and make the messages smaller than its next hop takes[[: {mtu} octets]]" },
};

struct wording {
    enum icmp_meaning meaning;
    const char *by_peer, *by_another;
    const struct advice *advice;
    size_t count;
};

#define ROWS(table) table, sizeof(table) / sizeof(table)[0]
static const struct wording wordings[] = {
    { ICMP_CLOSED,
      "{to} itself says so by ICMP ('{reason}'): it is there, the way to it and back works, and nothing listens on UDP {port} at "
      "that address: IKEv2 is not switched on there, or the address is not that of the VPN device.",
      "{reporter} answers for {to} by ICMP ('{reason}'): a device before it refuses UDP {port}, or translates the address and "
      "passes that port on to nobody.",
      ROWS(closed) },
    { ICMP_FILTERED, "{to} itself refuses it by ICMP ('{reason}'): an access list on its interface does not let UDP {port} in.",
      "The filter that stops it names itself: {reporter} says by ICMP '{reason}' to UDP {port} for {to}.", ROWS(filtered) },
    { ICMP_NO_WAY, "{to} itself says by ICMP that it cannot be reached ('{reason}').",
      "The way ends at {reporter}, which says by ICMP '{reason}': the packet never comes to {to}.", ROWS(no_way) },
    { ICMP_TOO_LARGE, "{to} says by ICMP '{reason}': not all pieces of the message come to it.",
      "{reporter} says by ICMP '{reason}'[[ and that its next hop takes {mtu} octets]]: the message is too large for the way, "
      "and is dropped there.",
      ROWS(too_large) },
};

const char *icmp_title(struct diagnosis *d, const struct icmp_error *e)
{
    diagnosis_wordf(d, "port", "%u", (unsigned)e->to.port);
    return e->meaning == ICMP_CLOSED     ? "Nothing listens on UDP {port} at the peer"
           : e->meaning == ICMP_FILTERED ? "A filter refuses UDP {port}"
           : e->meaning == ICMP_NO_WAY   ? "The way to the peer is broken"
                                         : NULL;
}

void icmp_say(struct diagnosis *d, const struct icmp_error *e)
{
    diagnosis_word(d, "reason", fact_get_text(e->said.note->facts, "reason"));
    diagnosis_word(d, "reporter", address_text(e->reporter, d->m->run));
    diagnosis_word(d, "to", address_text(e->to.address, d->m->run));
    diagnosis_wordf(d, "port", "%u", (unsigned)e->to.port);
    if (e->mtu)
        diagnosis_wordf(d, "mtu", "%u", (unsigned)e->mtu);
    for (size_t i = 0; i < COUNT_OF(wordings); i++)
        if (wordings[i].meaning == e->meaning) {
            diagnosis_more(d, e->by_peer ? wordings[i].by_peer : wordings[i].by_another);
            diagnosis_advise(d, wordings[i].advice, wordings[i].count);
        }
    quote_note(d, e->said);
    uint32_t again = 0;
    for (const struct note *n = e->said.note->next; n; n = n->next)
        again += n->code == CODE_ICMP_ERROR && text_equal(n->text, e->said.note->text);
    if (again)
        quote_text(d, again == 1 ? "the same ICMP error once more" : "the same ICMP error %u times more", (unsigned)again);
}
