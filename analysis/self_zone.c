#include "analysis/self_zone.h"

enum fits { NO, PERHAPS, YES };

const struct record *zone_pair(const struct model *m, uint32_t device, struct text from, struct text to)
{
    const struct record *r = record_next(m, device, "zone-pair", NULL);
    while (r && !(text_equal(fact_get_text(r->facts, "source"), from) && text_equal(fact_get_text(r->facts, "destination"), to)))
        r = record_next(m, device, "zone-pair", r);
    return r;
}

static const struct record *policy_of(const struct model *m, const struct record *pair)
{
    const struct text name = pair ? fact_get_text(pair->facts, "policy") : (struct text){ NULL, 0 };
    return name.len ? config_find(m, pair->device, "policy-map", name) : NULL;
}

/* {a protocol as a class map names it, what it is of the tunnel's}: of ESP none is */
static const struct {
    const char *word;
    bool of[WAN_PACKETS];
} protocols[] = {
    { "udp", { [WAN_IKE] = true, [WAN_NATT] = true } },
    { "isakmp", { [WAN_IKE] = true } },
    { "ipsec-msft", { [WAN_NATT] = true } },
};

struct packet { /* one that passes, from the one to the other */
    struct model *m;
    enum wan_packet what;
    struct address from, to;
    bool untold; /* a limit was reached */
};

static enum fits fits_protocol(struct text word, struct packet *p)
{
    for (size_t i = 0; i < COUNT_OF(protocols); i++)
        if (text_equal(word, text_of(protocols[i].word)))
            return protocols[i].of[p->what] ? YES : NO;
    return NO;
}

static enum fits fits_list(const struct record *class, struct text name, struct packet *p)
{
    const struct record *list = config_find(p->m, class->device, "access-list", name);
    uint32_t line;
    p->untold = p->untold || (list && !limits_room(&p->m->limits, OVER_ZONE_ENTRIES, p->m->zone_compared));
    if (!list || p->untold)
        return PERHAPS;
    for (const struct fact *e = fact_members(list->facts, "entries"); e; e = e->next)
        p->m->zone_compared++;
    return wan_list_refuses(list, p->what, p->from, p->to, &line) ? NO : YES;
}

/* Of a class that asks for all that it names, the least; of another one, the most. */
static enum fits fits_class(const struct record *class, struct packet *p)
{
    const struct fact *all = fact_find(class->facts, "all");
    const bool each = all && all->as.number;
    enum fits fits = each ? YES : NO;
    for (unsigned i = 0; i < 2; i++)
        for (const struct fact *f = fact_members(class->facts, i ? "protocols" : "lists"); f && !p->untold; f = f->next) {
            const enum fits here = i ? fits_protocol(f->as.text, p) : fits_list(class, f->as.text, p);
            fits = each == (here < fits) ? here : fits;
        }
    if (fact_find(class->facts, "unread"))
        fits = each ? (fits < PERHAPS ? fits : PERHAPS) : (fits > PERHAPS ? fits : PERHAPS);
    return fits;
}

/* The first class that fits decides; what may fit passes where that passes it, and is asked for further where it does not. */
static bool drops(const struct record *policy, struct packet *p, bool *inspects)
{
    *inspects = false;
    for (const struct fact *g = fact_members(policy->facts, "classes"); g && !p->untold; g = g->next) {
        const struct text name = fact_get_text(fact_children(g), "class"), action = fact_get_text(fact_children(g), "action");
        const bool rest = text_equal(name, TEXT("class-default")), drop = !action.len || text_equal(action, TEXT("drop"));
        const struct record *class = rest ? NULL : config_find(p->m, policy->device, "class-map", name);
        const enum fits fits = rest ? YES : class ? fits_class(class, p) : PERHAPS;
        if (fits == NO || (fits == PERHAPS && drop))
            continue;
        *inspects = text_equal(action, TEXT("inspect"));
        return drop && !p->untold;
    }
    return !p->untold;
}

/* A class that passes what a list has: where what is missing may be added. */
static const struct record *class_with_list(const struct model *m, const struct record *policy, const struct record **list)
{
    for (const struct fact *g = fact_members(policy->facts, "classes"); g; g = g->next) {
        const struct fact *f = fact_children(g);
        const struct record *class = text_equal(fact_get_text(f, "action"), TEXT("pass"))
                                         ? config_find(m, policy->device, "class-map", fact_get_text(f, "class"))
                                         : NULL;
        const struct fact *name = class && !fact_find(class->facts, "protocols") ? fact_members(class->facts, "lists") : NULL;
        *list = name && !name->next ? config_find(m, policy->device, "access-list", name->as.text) : NULL;
        if (*list)
            return class;
    }
    return NULL;
}

bool self_zone_refuses(struct model *m, uint32_t device, const struct record *interface, struct address peer, struct address own,
                       bool outward, struct self_refusal *refusal)
{
    static const struct text self = { "self", 4 };
    const struct text zone = interface ? fact_get_text(interface->facts, "zone") : (struct text){ NULL, 0 };
    const struct record *pair = zone.len ? zone_pair(m, device, outward ? self : zone, outward ? zone : self) : NULL,
                        *policy = policy_of(m, pair),
                        *back = policy_of(m,
                                          zone.len ? zone_pair(m, device, outward ? zone : self, outward ? self : zone) : NULL);
    *refusal = (struct self_refusal){ .pair = pair, .policy = policy, .zone = zone, .outward = outward };
    refusal->wan.interface = interface;
    bool inspects, any = false;
    for (unsigned what = 0; policy && what < WAN_PACKETS; what++) {
        struct packet p = { m, (enum wan_packet)what, outward ? own : peer, outward ? peer : own, false },
                      answer = { m, p.what, p.to, p.from, false };
        if (!drops(policy, &p, &inspects) || (what != WAN_ESP && back && !drops(back, &answer, &inspects) && inspects))
            continue;
        refusal->wan.refused[what] = any = true;
    }
    refusal->passing = any ? class_with_list(m, policy, &refusal->wan.list) : NULL;
    return any;
}

void self_zone_tell(struct diagnosis *d, uint32_t device, struct address own, struct address peer,
                    const struct self_refusal *refusal)
{
    const bool outward = refusal->outward,
               placed = wan_words(d, device, outward ? peer : own, outward ? own : peer, &refusal->wan);
    diagnosis_word(d, "peer_or", peer.family ? address_text(peer, d->m->run) : TEXT("whoever calls"));
    diagnosis_word(d, "pair", refusal->pair->title);
    diagnosis_word(d, "policy", refusal->policy->title);
    diagnosis_word(d, "zone", refusal->zone);
    diagnosis_word(d, "class", refusal->passing ? refusal->passing->title : TEXT(""));
    diagnosis_more(
        d, outward ? "The zone pair {pair} is for what goes from {router} itself to the zone {zone} of {interface}, and its "
                     "policy {policy} drops the tunnel's own {refused} to {peer_or}."
                   : "The zone pair {pair} is for what comes from the zone {zone} of {interface} to {router} itself, and its "
                     "policy {policy} drops the tunnel's own {refused} from {caller}.");
    diagnosis_advise_router(
        d, device, own, peer,
        placed ? "in the list that its class {class} passes, before the first entry that refuses them: "
                 "[[{renumber}]]`{edit} {list}` / {permits}"
        : refusal->wan.list
            ? "in the list that its class {class} passes: `{edit} {list}` / {permits}"
            : "a class of its own for them, in front of the others: `ip access-list extended NEW` / `permit udp any any eq "
              "isakmp` / `permit udp any any eq non500-isakmp` / `permit esp any any`, `class-map type inspect "
              "match-any NEW` / `match access-group name NEW`, `policy-map type inspect {policy}` / `class type "
              "inspect NEW` / `pass`");
    finding_quote(d->m, d->f, refusal->pair, 0);
    finding_quote(d->m, d->f, refusal->policy, 0);
    if (refusal->wan.list)
        finding_quote(d->m, d->f, refusal->wan.list, 0);
    finding_quote(d->m, d->f, refusal->wan.interface, 0);
}
