#include "analysis/kinds.h"

enum { QUOTED = 3 /* entries of a list */ };

/* {what follows `tunnel mode ipsec`: over what it goes, and what inside, what it asks for} */
static const struct {
    const char *mode;
    bool over_ipv6;
    enum asks what;
} overlays[] = {
    { "ipsec ipv4", false, ASKS_ALL },
    { "ipsec ipv4 v6-overlay", false, ASKS_ALL_IPV6 },
    { "ipsec ipv6", true, ASKS_ALL_IPV6 },
    { "ipsec ipv6 v4-overlay", true, ASKS_ALL },
};

enum { OVERLAYS = COUNT_OF(overlays) };

static enum asks asks_of_mode(struct text mode)
{
    if (mode.len == 0 || text_starts(mode, TEXT("gre")))
        return ASKS_GRE;
    for (size_t i = 0; i < OVERLAYS; i++)
        if (text_equal(mode, text_of(overlays[i].mode)))
            return overlays[i].what;
    return ASKS_UNKNOWN;
}

struct text kinds_mode(enum asks what, bool over_ipv6)
{
    for (size_t i = 0; i < OVERLAYS; i++)
        if (overlays[i].what == what && overlays[i].over_ipv6 == over_ipv6)
            return text_of(overlays[i].mode);
    return over_ipv6 ? TEXT("gre ipv6") : TEXT("gre ip");
}

/* The template that the caller's profile clones, unless it takes on whatever mode the caller has ("7 mode auto"). */
static bool is_template(const struct tunnel_end *end)
{
    struct text cloned = end->answers && end->path.profile ? fact_get_text(end->path.profile->facts, "virtual_template")
                                                           : TEXT(""),
                name = end->path.interface->title;
    static const struct text kind = { "Virtual-Template", sizeof "Virtual-Template" - 1 };
    return cloned.len && text_starts(name, kind) && text_equal(text_from(name, kind.len), cloned);
}

enum asks kinds_asks(const struct tunnel_end *end)
{
    if (end->path.crypto_map)
        return end->path.acl && strcmp(end->path.crypto_map->name, "crypto-map") == 0 ? ASKS_LIST : ASKS_UNKNOWN;
    const struct record *tunnel = end->path.interface;
    struct text mode = tunnel ? fact_get_text(tunnel->facts, "tunnel_mode") : (struct text){ NULL, 0 };
    if (!tunnel || !(fact_get_text(tunnel->facts, "tunnel_destination").len || is_template(end)))
        return ASKS_UNKNOWN;
    if (fact_get_text(tunnel->facts, "tunnel_acl").len)
        return end->path.acl ? ASKS_LIST : ASKS_UNKNOWN;
    return end->asa && !mode.len ? ASKS_UNKNOWN : asks_of_mode(mode); /* an ASA has no GRE, and no default */
}

const struct record *kinds_gre_beside(const struct model *m, const struct tunnel_end *end, const struct tunnel_end *other)
{
    for (const struct record *r = end->path.crypto_map ? record_next(m, end->device, "interface", NULL) : NULL; r;
         r = record_next(m, end->device, "interface", r)) {
        struct address to;
        if (address_read(fact_get_text(r->facts, "tunnel_destination"), &to) && address_equal(to, other->address) &&
            !fact_get_text(r->facts, "tunnel_profile").len && asks_of_mode(fact_get_text(r->facts, "tunnel_mode")) == ASKS_GRE)
            return r;
    }
    return NULL;
}

/* Has the list of the one end an entry for what the other one asks? */
static bool list_has(struct model *m, const struct tunnel_end *list, const struct tunnel_end *other, enum asks what)
{
    enum { GRE = 47 };
    for (const struct fact *e = fact_members(list->path.acl->facts, "entries"); e; e = e->next)
        if (fact_find(fact_children(e), "unresolved"))
            return true;
    for (const struct selector_pair *p = acl_selectors(list->path.acl, m->run); p; p = p->next) {
        bool every = range_prefix(p->local.start, p->local.end) == 0 && range_prefix(p->remote.start, p->remote.end) == 0;
        bool six = p->local.start.family == ADDRESS_IPV6;
        if (what == (six ? ASKS_ALL_IPV6 : ASKS_ALL) && every && p->local.protocol == 0)
            return true;
        if (what == ASKS_GRE && (p->local.protocol == GRE || p->local.protocol == 0) &&
            range_has(p->local.start, p->local.end, list->address) && range_has(p->remote.start, p->remote.end, other->address))
            return true;
    }
    return false;
}

void kinds_quote(struct model *m, struct diagnosis *d, const struct tunnel_end *end)
{
    const struct record *tunnel = end->path.interface;
    const struct fact *mode = tunnel ? fact_find(tunnel->facts, "tunnel_mode") : NULL;
    if (end->path.crypto_map)
        finding_quote(m, d->f, end->path.crypto_map, 0);
    if (end->path.acl) {
        const struct fact *named = tunnel ? fact_find(tunnel->facts, "tunnel_acl") : NULL;
        if (named)
            finding_quote(m, d->f, tunnel, named->line);
        const struct selector_pair *p = acl_selectors(end->path.acl, m->run);
        for (unsigned n = 0; p && n < QUOTED; p = p->next, n++)
            finding_quote(m, d->f, end->path.acl, p->line);
    } else if (tunnel) {
        finding_quote(m, d->f, tunnel, 0);
        if (mode)
            finding_quote(m, d->f, tunnel, mode->line);
    }
}

static struct text asks_text(struct model *m, const struct tunnel_end *end, enum asks what, enum asks other)
{
    struct text name = end->path.crypto_map ? end->path.crypto_map->title : end->path.interface->title;
    if (what == ASKS_LIST)
        return arena_format(m->run, "%s%.*s, which protects what its access list %.*s says",
                            end->path.crypto_map ? "crypto map " : "", TEXT_ARGS(name), TEXT_ARGS(end->path.acl->title));
    return arena_format(m->run,
                        what == ASKS_GRE         ? "%.*s, a GRE tunnel%s, which protects GRE between the two addresses"
                        : what == ASKS_ALL_IPV6  ? "%.*s, a tunnel of IPsec itself%s for IPv6, which protects all IPv6 packets"
                        : other == ASKS_ALL_IPV6 ? "%.*s, a tunnel of IPsec itself%s for IPv4, which protects all IPv4 packets"
                                                 : "%.*s, a tunnel of IPsec itself%s, which protects everything",
                        TEXT_ARGS(name),
                        what == ASKS_GRE && !fact_find(end->path.interface->facts, "tunnel_mode")
                            ? " (the default, as no `tunnel mode` stands there)"
                            : "");
}

static void advise_modes(struct diagnosis *d, const struct tunnel *t, unsigned end, const enum asks what[2])
{
    diagnosis_word(d, "tunnel", t->end[end].path.interface->title);
    diagnosis_word(d, "mode", kinds_mode(what[1 - end], t->end[end].address.family == ADDRESS_IPV6));
    if (t->end[end].asa && what[1 - end] == ASKS_GRE)
        return; /* which it does not have */
    const char *text = t->end[end].answers
                           ? "either end will do: here, for everybody who calls, while no session is up: `interface {tunnel}` / "
                             "`tunnel mode {mode}`"
                       : t->end[1 - end].asa && what[end] == ASKS_GRE
                           ? "`interface {tunnel}` / `tunnel mode {mode}`; the other end, an ASA, has no GRE"
                           : "either end will do: here, `interface {tunnel}` / `tunnel mode {mode}`";
    tunnel_advise(d, t, end, text, text);
}

/* A virtual template of IPsec itself takes on whatever the lists of who calls ask for. */
static bool takes_lists(const struct tunnel_end *end, enum asks what)
{
    return end->answers && (what == ASKS_ALL || what == ASKS_ALL_IPV6);
}

/* what: of each end. */
bool kinds_differ(struct model *m, const struct tunnel *t, enum asks what[2])
{
    for (unsigned i = 0; i < 2; i++)
        what[i] = kinds_asks(&t->end[i]);
    if (!what[0] || !what[1] || what[0] == what[1])
        return false;
    for (unsigned i = 0; i < 2; i++)
        if (what[i] == ASKS_LIST &&
            (takes_lists(&t->end[1 - i], what[1 - i]) || list_has(m, &t->end[i], &t->end[1 - i], what[1 - i])))
            return false;
    return true;
}

void kinds_words(struct diagnosis *d, const struct tunnel *t, const enum asks what[2])
{
    diagnosis_word(d, "one_name", tunnel_name(d->m, &t->end[0]));
    diagnosis_word(d, "other_name", tunnel_name(d->m, &t->end[1]));
    diagnosis_word(d, "one_asks", asks_text(d->m, &t->end[0], what[0], what[1]));
    diagnosis_word(d, "other_asks", asks_text(d->m, &t->end[1], what[1], what[0]));
}

void kinds_advise(struct diagnosis *d, const struct tunnel *t, const enum asks what[2])
{
    for (unsigned i = 0; i < 2; i++) {
        if (what[0] == ASKS_LIST || what[1] == ASKS_LIST)
            kinds_advise_end(d, t, i, what);
        else
            advise_modes(d, t, i, what);
        kinds_quote(d->m, d, &t->end[i]);
    }
}

bool kinds_tell(struct diagnosis *d, struct ike_sa *sa)
{
    struct tunnel t;
    enum asks what[2];
    if (!tunnel_of_sa(d->m, sa, &t) || !kinds_differ(d->m, &t, what))
        return false;
    kinds_words(d, &t, what);
    diagnosis_more(d, KINDS_SAID);
    kinds_advise(d, &t, what);
    return true;
}
