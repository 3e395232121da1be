/* The entries of a crypto map are tried by their numbers, and the first that fits takes the packet: one whose traffic an entry in
 * front of it takes is never asked. */
#include "analysis/acl_edit.h"
#include "analysis/quote.h"
#include "analysis/ways.h"

enum { COMPARED = 1 << 18 /* lines of two lists, for one router */ };

struct numbered {
    const struct record *at, *acl; /* acl NULL: what it protects is not known */
    uint64_t sequence;
    bool dynamic, takes_all; /* takes_all: a dynamic one without a list */
};

struct router {
    struct model *m;
    const struct rule *rule;
    uint32_t device;
    size_t count;
    struct numbered *entries; /* by name and number */
    unsigned steps;
};

/* What takes the traffic of an entry, and which. */
struct taken {
    const struct numbered *by, *of;
    struct selector_pair what, front; /* front: the entry of its list that takes it */
};

static struct text name_of(const struct numbered *e)
{
    return fact_get_text(e->at->facts, "name");
}

static int by_number(const void *a, const void *b)
{
    const struct numbered *one = a, *other = b;
    int names = text_compare(name_of(one), name_of(other));
    return names ? names : (one->sequence > other->sequence) - (one->sequence < other->sequence);
}

/* The list of a dynamic map's only entry; NULL: it has none, or there are several. */
static const struct record *list_of_dynamic(const struct router *x, struct text wanted)
{
    const struct record *only = NULL;
    for (const struct record *r = record_next(x->m, x->device, "crypto-dynamic-map", NULL); r;
         r = record_next(x->m, x->device, "crypto-dynamic-map", r)) {
        if (only && text_equal(fact_get_text(r->facts, "name"), wanted))
            return NULL;
        only = text_equal(fact_get_text(r->facts, "name"), wanted) ? r : only;
    }
    const struct text list = only ? fact_get_text(only->facts, "match_address") : (struct text){ NULL, 0 };
    return list.len ? config_find(x->m, x->device, "access-list", list) : NULL;
}

/* A dynamic map without a list takes whatever a peer asks for. */
static bool takes_all(const struct router *x, struct text wanted)
{
    bool any = false;
    for (const struct record *r = record_next(x->m, x->device, "crypto-dynamic-map", NULL); r;
         r = record_next(x->m, x->device, "crypto-dynamic-map", r)) {
        if (!text_equal(fact_get_text(r->facts, "name"), wanted))
            continue;
        if (fact_find(r->facts, "match_address") || fact_find(r->facts, "peers"))
            return false;
        any = true;
    }
    return any;
}

static void gather(struct router *x)
{
    const struct model *m = x->m;
    x->count = 0;
    x->steps = 0;
    for (const struct record *r = record_next(m, x->device, "crypto-map", NULL); r && x->count < WAYS;
         r = record_next(m, x->device, "crypto-map", r)) {
        struct numbered *e = &x->entries[x->count];
        struct text dynamic = fact_get_text(r->facts, "dynamic_map"), list = fact_get_text(r->facts, "match_address");
        *e = (struct numbered){ .at = r, .dynamic = dynamic.len > 0 };
        e->takes_all = e->dynamic && takes_all(x, dynamic);
        e->acl = e->dynamic ? list_of_dynamic(x, dynamic) : list.len ? config_find(m, x->device, "access-list", list) : NULL;
        if (fact_get_number(r->facts, "sequence", &e->sequence) && !text_equal(fact_get_text(r->facts, "kind"), TEXT("gdoi")))
            x->count++;
    }
    qsort(x->entries, x->count, sizeof *x->entries, by_number);
}

static bool shares_a_peer(const struct record *one, const struct record *other)
{
    struct address a, b;
    for (const struct fact *g = fact_members(one->facts, "peers"); g; g = g->next)
        for (const struct fact *h = fact_members(other->facts, "peers"); h; h = h->next)
            if (fact_get_address(fact_children(g), "address", &a) && fact_get_address(fact_children(h), "address", &b) &&
                address_equal(a, b))
                return true;
    return false;
}

/* Does this list permit all of p? A `deny` that meets it first leaves it, or part of it, to the entries behind. */
static bool list_takes(struct router *x, const struct record *acl, const struct selector_pair *p, struct selector_pair *by)
{
    for (const struct fact *e = fact_members(acl->facts, "entries"); e; e = e->next) {
        struct selector_pair q = { .acl = acl, .line = e->line };
        bool permit = text_equal(fact_get_text(fact_children(e), "action"), TEXT("permit"));
        if (++x->steps > COMPARED || (!permit && !acl_entry_selectors(e, &q)))
            return false;
        if (permit && !acl_entry_depends(fact_children(e)) && acl_entry_selectors(e, &q) && pair_holds(&q, p)) {
            *by = q;
            return true;
        }
        if (!permit && pair_meets(&q, p))
            return false;
    }
    return false;
}

static bool takes(struct router *x, struct taken *t)
{
    if (t->by->dynamic)
        return t->by->takes_all;
    if (!t->by->acl || shares_a_peer(t->by->at, t->of->at))
        return false;
    for (const struct fact *e = fact_members(t->of->acl->facts, "entries"); e && x->steps <= COMPARED; e = e->next)
        if (text_equal(fact_get_text(fact_children(e), "action"), TEXT("permit")) && acl_entry_selectors(e, &t->what) &&
            list_takes(x, t->by->acl, &t->what, &t->front) &&
            !(t->of->dynamic && pair_holds(&t->what, &t->front))) { /* the same peer may call from two addresses */
            t->what.line = e->line;
            return true;
        }
    return false;
}

static struct text peer_of(const struct router *x, const struct numbered *e)
{
    struct address a;
    const struct fact *g = fact_members(e->at->facts, "peers");
    return g && fact_get_address(fact_children(g), "address", &a) ? address_text(a, x->m->run) : (struct text){ NULL, 0 };
}

/* A number in front of the one that takes the traffic, which no entry of the map has; 0: there is no room. */
static uint64_t free_number(const struct router *x, const struct numbered *in_front)
{
    const struct numbered *before = in_front > x->entries ? in_front - 1 : NULL;
    uint64_t last = before && text_equal(name_of(before), name_of(in_front)) ? before->sequence : 0;
    return in_front->sequence > last + 1 ? last + (in_front->sequence - last) / 2 : 0;
}

static void advise_number(struct diagnosis *d, const struct router *x, const struct numbered *moved, const char *number,
                          uint64_t to)
{
    struct address none = { 0 };
    bool asa = config_of_asa(x->m, x->device);
    diagnosis_word(d, "map", name_of(moved));
    diagnosis_word(d, "moved", moved->at->title);
    if (to)
        diagnosis_wordf(d, number, "%llu", (unsigned long long)to);
    diagnosis_word(d, "dynamic", fact_get_text(moved->at->facts, "dynamic_map"));
    if (moved->dynamic)
        diagnosis_advise_router(d, x->device, none, none,
                                asa ? "dynamic entries belong behind all others: `no crypto map {moved} ipsec-isakmp dynamic "
                                      "{dynamic}` / `crypto map {map} 65535 ipsec-isakmp dynamic {dynamic}`"
                                    : "dynamic entries belong behind all others: `no crypto map {moved}` / `crypto map {map} "
                                      "65535 ipsec-isakmp dynamic {dynamic}`");
    else
        diagnosis_advise_router(d, x->device, none, none,
                                asa ? "or give the narrower entry a number in front[[, {free} is free]]: what stands in `crypto "
                                      "map {moved}` line by line as `crypto map {map} {free_or}`, then `clear configure crypto "
                                      "map {moved}`"
                                    : "or give the narrower entry a number in front[[, {free} is free]]: what stands in `crypto "
                                      "map {moved}` in `crypto map {map} {free_or} ipsec-isakmp`, then `no crypto map {moved}`");
}

/* The list in front leaves the traffic to the entry behind. */
static void advise_deny(struct diagnosis *d, const struct router *x, const struct taken *t)
{
    struct arena *run = x->m->run;
    struct address none = { 0 };
    const bool asa = config_of_asa(x->m, x->device);
    struct acl_place place = acl_place_before(t->by->acl, t->front.line, 1);
    const struct text entry = acl_entry_text(run, &t->what.local, &t->what.remote, !asa);
    if (!entry.len)
        return;
    diagnosis_word(d, "list", t->by->acl->title);
    diagnosis_word(d, "entry", entry);
    diagnosis_word(d, "renumber", acl_renumber_text(run, t->by->acl, &place));
    if (place.number[0])
        diagnosis_wordf(d, "number", "%llu ", (unsigned long long)place.number[0]);
    diagnosis_advise_router(d, x->device, none, none,
                            asa ? "have the entry in front leave it out: `access-list {list} line 1 extended deny {entry}`"
                                : "have the entry in front leave it out: [[{renumber}]]`ip access-list extended {list}` / "
                                  "`{number}deny {entry}`");
}

/* Both have the same traffic: neither is the narrower one. */
static void advise_one_entry(struct diagnosis *d, const struct router *x)
{
    struct address none = { 0 };
    diagnosis_advise_router(d, x->device, none, none,
                            config_of_asa(x->m, x->device)
                                ? "where the one peer is to stand in for the other, an entry has both: `crypto map {front} set "
                                  "peer {front_peer} {behind_peer}`, then `clear configure crypto map {behind}`"
                                : "where the one peer is to stand in for the other, an entry has both: `crypto map {front} "
                                  "ipsec-isakmp` / `set peer {behind_peer}`, then `no crypto map {behind}`");
}

static void tell(struct router *x, const struct taken *t)
{
    struct diagnosis d;
    struct arena *run = x->m->run;
    if (!diagnosis_begin(&d, x->m, x->rule, NULL, SIDE_UNKNOWN, CONFIDENCE_LIKELY,
                         arena_format(run, "%u %.*s", (unsigned)x->device, TEXT_ARGS(t->of->at->title))))
        return;
    diagnosis_word(&d, "router", device_name_or(x->m, x->device, TEXT("the router")));
    diagnosis_word(&d, "front", t->by->at->title);
    diagnosis_word(&d, "behind", t->of->at->title);
    diagnosis_word(&d, "front_peer", peer_of(x, t->by));
    diagnosis_word(&d, "behind_peer", peer_of(x, t->of));
    if (t->by->dynamic) {
        diagnosis_say(
            &d, "A dynamic crypto map entry stands in front",
            "{router} tries its crypto map entries by their numbers, and {front}, a dynamic one without an access list, "
            "takes what any peer asks for: {behind}[[, which is for {behind_peer},]] is not asked.");
        advise_number(&d, x, t->by, "free", 0);
    } else {
        diagnosis_word(&d, "from_net", selectors_text(run, &t->what.local));
        diagnosis_word(&d, "to_net", selectors_text(run, &t->what.remote));
        diagnosis_say(&d, NULL,
                      "{router} tries its crypto map entries by their numbers, and {front} takes {from_net} towards {to_net}[[ "
                      "for {front_peer}]]: {behind}, which is to protect it[[ for {behind_peer}]], is not asked.");
        if (t->by->acl != t->of->acl)
            advise_deny(&d, x, t);
        uint64_t number = free_number(x, t->by);
        diagnosis_word(&d, "free_or", number ? arena_format(run, "%llu", (unsigned long long)number) : TEXT("NUMBER"));
        if (t->of->dynamic)
            diagnosis_more(&d, "{behind} is a dynamic entry, which belongs there.");
        else if (pair_holds(&t->what, &t->front))
            advise_one_entry(&d, x);
        else
            advise_number(&d, x, t->of, "free", number);
        finding_quote(x->m, d.f, t->by->acl, t->front.line);
        finding_quote(x->m, d.f, t->of->acl, t->what.line);
    }
    finding_quote(x->m, d.f, t->by->at, 0);
    finding_quote(x->m, d.f, t->of->at, 0);
}

static void judge_router(struct router *x)
{
    for (size_t i = 1; i < x->count; i++) {
        struct taken t = { .of = &x->entries[i] };
        if (!t.of->acl)
            continue;
        for (size_t k = i; k-- > 0 && text_equal(name_of(&x->entries[k]), name_of(t.of));) {
            t.by = &x->entries[k];
            if (takes(x, &t)) {
                tell(x, &t);
                break;
            }
        }
    }
}

static void judge(struct model *m, const struct rule *r)
{
    struct router x = { .m = m, .rule = r, .entries = memory_take(WAYS * sizeof *x.entries) };
    for (uint32_t i = 1; i < m->device_count; i++) {
        x.device = i;
        if (m->devices[i].same_as)
            continue;
        gather(&x);
        judge_router(&x);
    }
    memory_free(x.entries);
}

const struct rule rule_crypto_map_order = {
    .id = "crypto-map-order",
    .severity = SEVERITY_WARNING,
    .rank = 8,
    .title = "A crypto map entry in front takes the traffic",
    .meaning =
        "A router tries the entries of a crypto map by their numbers, and the first whose access list permits a packet takes "
        "it. An entry behind one with a wider access list and another peer, or behind a dynamic one, is never asked: what it "
        "is to protect goes to the wrong peer or into no tunnel.",
    .advice =
        "Narrow entries in front of wide ones, dynamic ones last; or a `deny` in the wider list for what is another entry's.",
    .whole = judge,
};
