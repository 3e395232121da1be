#include "analysis/denied.h"

static bool is_between(const struct note *n, struct address a, struct address b)
{
    struct address from, to;
    return n->code == CODE_PACKET_DENIED && fact_get_address(n->facts, "source", &from) &&
           fact_get_address(n->facts, "destination", &to) &&
           ((address_equal(from, a) && address_equal(to, b)) || (address_equal(from, b) && address_equal(to, a)));
}

struct heard denied_between(const struct model *m, const struct ike_sa *sa)
{
    struct address a = address_on(sa, SIDE_INITIATOR), b = address_on(sa, SIDE_RESPONDER);
    const struct note_list loose = loose_of(m, CODE_PACKET_DENIED);
    for (uint32_t i = 0; i < loose.count; i++)
        if (is_between(loose.at[i], a, b))
            return (struct heard){ loose.at[i], NULL };
    for (const struct view *v = sa->views; v; v = v->next)
        for (const struct note *n = v->notes; n; n = n->next)
            if (is_between(n, a, b))
                return (struct heard){ n, v };
    return (struct heard){ NULL, NULL };
}

struct dropper {
    const char *words; /* of the line, that tell who it is */
    const char *cause, *advice;
};

/* In front of all entries: behind the one that refuses it would be of no use. */
#define LET_PASS_ASA                                                                                                             \
    "[[{meant} ]]let it pass: `access-list {list} line 1 extended permit udp host {from} host {at} eq isakmp` / `access-list "   \
    "{list} line 1 extended permit udp host {from} host {at} eq 4500` / `access-list {list} line 1 extended permit esp host "    \
    "{from} host {at}`"

/* {how its line is known, what it did, what to do}; the first that fits. {meant} is what the advice is said with, if anything. */
static const struct dropper droppers[] = {
    { "request discarded", "{router} discards what comes for UDP {port} of its interface {interface}: no IKEv2 listens there.",
      "[[{meant} ]]switch IKEv2 on there: `crypto ikev2 enable {interface}`; `show run crypto ikev2`, `show asp table socket`" },
    { "denied by ACL",
      "{router} refuses what comes for UDP {port} of its interface {interface}: a control-plane access list is on it.",
      "[[{meant} ]]let IKE in: `show run access-group | include control-plane`, and in that list `permit udp host {from} host "
      "{at} eq {port}` "
      "before the entry that refuses" },
    { "Dropping udp", "The zone-based firewall of {router} drops {what} from {from} to {at}[[ (zone pair {zone_pair})]].",
      "[[{meant} ]]let UDP 500, UDP 4500 and ESP pass between the outside zone and the zone `self`: `show policy-map type "
      "inspect zone-pair`, in "
      "the class of that pair `pass` in both directions" },
    { "access-group", "The access list {list} of {router} drops {what} from {from} to {at}.", LET_PASS_ASA },
    { "access-list ", "The access list {list} of {router} drops {what} from {from} to {at}.", LET_PASS_ASA },
    { "", "The access list {list} of {router} drops {what} from {from} to {at}.",
      "[[{meant} ]]let it pass: `ip access-list extended {list}` / `1 permit udp host {from} host {at} eq isakmp` / `2 permit "
      "udp host {from} host {at} eq non500-isakmp` / `3 permit esp host {from} host {at}`; the numbers put them in front of the "
      "entry that refuses" },
};

/* The device whose log it is; a note knows its input alone. */
static uint32_t device_of_note(const struct model *m, const struct note *n)
{
    return n->input < m->input_count ? m->inputs[n->input].device : 0;
}

void denied_tell(struct diagnosis *d, struct heard said)
{
    const struct note *n = said.note;
    const struct dropper *by = droppers;
    struct address from = { 0 }, at = { 0 };
    (void)fact_get_address(n->facts, "source", &from);
    (void)fact_get_address(n->facts, "destination", &at);
    while (by->words[0] && !text_has(n->text, text_of(by->words)))
        by++;
    static const char *const words[] = { "list", "interface", "zone_pair" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        diagnosis_word(d, words[i], fact_get_text(n->facts, words[i]));
    struct text port = fact_get_text(n->facts, "port");
    bool udp = text_equal(port, TEXT("500")) || text_equal(port, TEXT("4500"));
    diagnosis_word(d, "port", port);
    diagnosis_word(d, "what", udp ? arena_format(d->m->run, "UDP %.*s", TEXT_ARGS(port)) : TEXT("ESP"));
    diagnosis_word(d, "from", address_text(from, d->m->run));
    diagnosis_word(d, "at", address_text(at, d->m->run));
    diagnosis_word(d, "router", device_name_or(d->m, device_of_note(d->m, n), TEXT("a router")));
    diagnosis_more(d, by->cause);
    diagnosis_advise_router(d, device_of_note(d->m, n), at, from, by->advice);
    quote_note(d, said);
}
