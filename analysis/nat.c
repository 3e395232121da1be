#include "analysis/nat.h"

#include "analysis/acl_edit.h"
#include "analysis/static_routes.h"

enum {
    GROUP_DEPTH = 4,
    MEMBERS_MOST = 4096, /* looked at for one name, those of inner groups included */
    ENTRIES_AS_RULE = 16,
    LOOKED_THROUGH = 2048 /* interfaces and routes, for each pair of networks */
};

struct nat_words nat_words_of(struct text rule)
{
    struct nat_words w = { .count = 0 };
    struct text word;
    while (w.count < NAT_WORDS && text_word(&rule, &word))
        w.at[w.count++] = word;
    return w;
}

size_t nat_place_of(const struct nat_words *w, const char *word)
{
    size_t i = 0;
    while (i < w->count && !text_equal(w->at[i], text_of(word)))
        i++;
    return i;
}

/* ---- networks of an ASA ---- */

enum extent { NOWHERE, OVERLAPS, COVERS };

static enum extent extent_of(struct address start, struct address end, const struct selector *s)
{
    if (!range_meets(start, end, s->start, s->end))
        return NOWHERE;
    return range_has(start, end, s->start) && range_has(start, end, s->end) ? COVERS : OVERLAPS;
}

static enum extent extent_of_object(const struct record *object, const struct selector *s)
{
    struct address start, end;
    if (!object || !fact_get_address(object->facts, "start", &start) || !fact_get_address(object->facts, "end", &end))
        return NOWHERE;
    return extent_of(start, end, s);
}

/* How much of the selector a name holds: an object, an object-group, or any. */
static enum extent extent_in(const struct model *m, uint32_t device, struct text name, const struct selector *s, unsigned depth,
                             unsigned *left)
{
    if (text_equal(name, TEXT("any")) || text_equal(name, TEXT("any4")))
        return COVERS;
    const struct record *object = config_find(m, device, "object", name);
    const struct record *group = object || !name.len ? NULL : config_find(m, device, "object-group", name);
    enum extent most = extent_of_object(object, s);
    for (const struct fact *g = group ? fact_members(group->facts, "members") : NULL;
         g && depth < GROUP_DEPTH && most < COVERS && *left; g = g->next) {
        --*left;
        const struct fact *f = fact_children(g);
        struct address start, end;
        struct text inner = fact_get_text(f, "object");
        inner = inner.len ? inner : fact_get_text(f, "group");
        enum extent here = fact_get_address(f, "start", &start) && fact_get_address(f, "end", &end) ? extent_of(start, end, s)
                           : inner.len ? extent_in(m, device, inner, s, depth + 1, left)
                                       : NOWHERE;
        most = here > most ? here : most;
    }
    return most;
}

static enum extent extent_of_name(const struct model *m, uint32_t device, struct text name, const struct selector *s)
{
    unsigned left = MEMBERS_MOST;
    return extent_in(m, device, name, s, 0, &left);
}

/* What a rule does with the traffic. */
enum effect { PASSES, EXEMPTS, TRANSLATES, NOT_TOLD /* it names what the configuration does not explain */ };

static bool explained(const struct model *m, uint32_t device, struct text name)
{
    const struct record *object = config_find(m, device, "object", name);
    if (text_equal(name, TEXT("any")) || text_equal(name, TEXT("any4")))
        return true;
    return object ? fact_find(object->facts, "start") != NULL : config_find(m, device, "object-group", name) != NULL;
}

/* "nat (inside,outside) source static A B destination static C C": from A to C the source becomes B, which may be A itself;
 * "source dynamic A interface" hides it. One with a destination is for that one alone. */
static enum effect effect_of(const struct model *m, uint32_t device, struct text rule, const struct selector_pair *p)
{
    struct nat_words w = nat_words_of(rule);
    size_t s = nat_place_of(&w, "source"), d = nat_place_of(&w, "destination");
    bool is_static = s + 3 < w.count && text_equal(w.at[s + 1], TEXT("static")), to = d + 3 < w.count;
    bool is_dynamic = s + 2 < w.count && text_equal(w.at[s + 1], TEXT("dynamic"));
    if (!is_static && !is_dynamic)
        return PASSES;
    bool identity = is_static && text_equal(w.at[s + 2], w.at[s + 3]) && (!to || text_equal(w.at[d + 2], w.at[d + 3]));
    enum extent from = extent_of_name(m, device, w.at[s + 2], &p->local),
                towards = to ? extent_of_name(m, device, w.at[d + 2], &p->remote) : COVERS;
    if (identity ? from && towards : from == COVERS && towards == COVERS)
        return identity ? EXEMPTS : TRANSLATES;
    bool known = explained(m, device, w.at[s + 2]) && (!to || explained(m, device, w.at[d + 2]));
    return known ? PASSES : NOT_TOLD;
}

bool nat_may_compare(struct model *m)
{
    return limits_room(&m->limits, OVER_NAT_RULES, m->nat_compared++);
}

bool nat_has_rules(const struct model *m, uint32_t device)
{
    if (record_next(m, device, "nat", NULL))
        return true;
    for (const struct record *r = record_next(m, device, "object", NULL); r; r = record_next(m, device, "object", r))
        if (fact_find(r->facts, "nat"))
            return true;
    return false;
}

static bool is_bridge(const struct record *interface)
{
    return text_starts(interface->title, TEXT("BVI"));
}

/* Behind which of its interfaces an ASA has these addresses; empty: that is not told, as with more routes than are looked through. The
 * rules of a bridge group name its members. */
static struct text real_interface(struct model *m, uint32_t device, const struct selector *s)
{
    const struct record *at = NULL;
    const struct fact *best = NULL;
    unsigned left = LOOKED_THROUGH;
    for (const struct record *r = record_next(m, device, "interface", NULL); r && !at && left;
         r = record_next(m, device, "interface", r), left--)
        if (interface_reaches(r, s->start) && interface_reaches(r, s->end) && !record_is_shut(r))
            at = r;
    for (const struct fact *g = at ? NULL : routes_of(m, device); g && left; g = g->next, left--)
        if (route_has(g, s->start) && route_has(g, s->end) && route_is_narrower(g, best))
            best = g;
    m->nat_compared += (LOOKED_THROUGH - left) / ENTRIES_AS_RULE;
    const bool known = left && best && route_is_some(best);
    for (const struct record *r = known ? record_next(m, device, "interface", NULL) : NULL; r && !at;
         r = record_next(m, device, "interface", r))
        if (route_is_by(best, r))
            at = r;
    return at && !is_bridge(at) ? fact_get_text(at->facts, "nameif") : (struct text){ NULL, 0 };
}

/* The rule is for what comes in by that interface: "(inside,outside)". */
static bool comes_by(struct text rule, struct text nameif)
{
    const size_t comma = text_find_byte(rule, ',');
    if (!nameif.len || comma == TEXT_NOWHERE || rule.at[0] != '(')
        return true;
    const struct text real = text_from(text_upto(rule, comma), 1);
    return text_equal(real, nameif) || text_equal(real, TEXT("any"));
}

/* The rule is for what leaves by the interface that has the crypto map: "(inside,outside)". */
static bool leaves_by(struct text rule, struct text nameif)
{
    size_t comma = text_find_byte(rule, ',');
    struct text mapped = comma == TEXT_NOWHERE ? rule : text_from(rule, comma + 1);
    mapped = text_upto(mapped, text_find_byte(mapped, ')'));
    return text_equal(mapped, nameif) || text_equal(mapped, TEXT("any"));
}

struct holder { /* an object with a rule in it, and what it holds */
    const struct record *object;
    const struct fact *nat;
    struct address start, end;
};

struct search { /* what was found on the way of the traffic through the rules */
    struct model *m;
    uint32_t device;
    const struct selector_pair *p;
    struct nat_taken *taken;
    const struct holder *holders; /* of an ASA, holder_count of them */
    size_t holder_count;
    struct text real; /* ASA: the interface behind which the traffic's source is; empty: it is not told */
    struct text vrf;  /* IOS: of the traffic; empty: the global one */
    bool hosts;       /* the traffic is a single host's: static rules count */
    unsigned entries; /* of lists and route maps that were looked at, of which so many count as a rule */
};

/* The first rule that is for the traffic decides; true: it is decided. */
static bool settle(struct search *s, enum effect effect, const struct record *rule, uint32_t line)
{
    if (effect == NOT_TOLD && !s->taken->untold) {
        s->taken->untold = rule;
        s->taken->untold_line = line;
    }
    if (effect == TRANSLATES) {
        s->taken->rule = rule;
        s->taken->line = line;
    }
    return effect == EXEMPTS || effect == TRANSLATES;
}

/* One more rule is held against the traffic. */
static bool may_look(const struct search *s)
{
    return nat_may_compare(s->m);
}

/* … and one more entry of a list, or clause of a route map, that it names. */
static void looked_at_one(struct search *s)
{
    s->m->nat_compared += ++s->entries % ENTRIES_AS_RULE == 0;
}

/* Section 1, or the rules that stand "after-auto", section 3; in order. */
static bool manual_rules(struct search *s, struct text nameif, bool after)
{
    for (const struct record *r = record_next(s->m, s->device, "nat", NULL); r; r = record_next(s->m, s->device, "nat", r)) {
        struct text rule = fact_get_text(r->facts, "rule");
        if (!may_look(s))
            return false;
        if (leaves_by(rule, nameif) && comes_by(rule, s->real) && text_has(rule, TEXT(" after-auto ")) == after &&
            !text_has(rule, TEXT(" inactive")) && settle(s, effect_of(s->m, s->device, rule, s->p), r, r->first_line))
            return true;
    }
    return false;
}

const struct record *nat_names_exit(struct model *m, const struct record *real, const struct selector_pair *p, struct text *exit)
{
    const struct text nameif = fact_get_text(real->facts, "nameif");
    const uint32_t device = real->device;
    for (const struct record *r = nameif.len && !is_bridge(real) ? record_next(m, device, "nat", NULL) : NULL; r;
         r = record_next(m, device, "nat", r)) {
        const struct text rule = fact_get_text(r->facts, "rule");
        const size_t comma = text_find_byte(rule, ',');
        if (!nat_may_compare(m))
            return NULL;
        if (comma == TEXT_NOWHERE || !comes_by(rule, nameif) || text_has(rule, TEXT(" inactive")) ||
            !text_has(rule, TEXT(" destination ")) || effect_of(m, device, rule, p) != EXEMPTS)
            continue;
        *exit = text_upto(text_from(rule, comma + 1), text_find_byte(text_from(rule, comma + 1), ')'));
        return text_has(rule, TEXT(" route-lookup")) || text_equal(*exit, TEXT("any")) ? NULL : r;
    }
    return NULL;
}

/* "(inside,outside) static NAME|ADDRESS" of an object that becomes what it is: nothing is translated. */
static bool becomes_itself(const struct model *m, const struct record *object, struct text mapped)
{
    const struct record *other = config_find(m, object->device, "object", mapped);
    struct address start, end, a, b;
    if (text_equal(mapped, object->title))
        return true;
    if (!fact_get_address(object->facts, "start", &start) || !fact_get_address(object->facts, "end", &end))
        return false;
    if (other)
        return fact_get_address(other->facts, "start", &a) && fact_get_address(other->facts, "end", &b) &&
               address_equal(a, start) && address_equal(b, end);
    return address_read(mapped, &a) && address_equal(a, start);
}

static bool narrower(const struct holder *one, const struct holder *other)
{
    return range_has(other->start, other->end, one->start) && range_has(other->start, other->end, one->end);
}

/* Those that leave by the interface, which are asked for with each entry of the crypto ACL. */
static const struct holder *holders_of(struct model *m, uint32_t device, struct text nameif, size_t *count)
{
    static const char kind[] = "object";
    size_t room = 1;
    for (const struct record *r = record_next(m, device, kind, NULL); r; r = record_next(m, device, kind, r))
        room++;
    struct holder *all = arena_array(m->run, struct holder, room);
    *count = 0;
    for (const struct record *r = record_next(m, device, kind, NULL); r; r = record_next(m, device, kind, r)) {
        struct holder *h = &all[*count];
        *h = (struct holder){ .object = r, .nat = fact_find(r->facts, "nat") };
        *count += h->nat && h->nat->kind == FACT_TEXT && leaves_by(h->nat->as.text, nameif) &&
                  fact_get_address(r->facts, "start", &h->start) && fact_get_address(r->facts, "end", &h->end);
    }
    return all;
}

/* Section 2, rules inside objects: static before dynamic, and the narrower network first. */
static bool object_rules(struct search *s)
{
    const struct holder *best = NULL;
    enum effect effect = PASSES;
    bool best_static = false;
    for (size_t i = 0; i < s->holder_count; i++) {
        const struct holder *h = &s->holders[i];
        if (!may_look(s))
            return false;
        if (extent_of(h->start, h->end, &s->p->local) != COVERS || !comes_by(h->nat->as.text, s->real))
            continue;
        struct nat_words w = nat_words_of(h->nat->as.text);
        bool is_static = w.count > 2 && text_equal(w.at[1], TEXT("static"));
        if (best && (best_static > is_static || (best_static == is_static && !narrower(h, best))))
            continue;
        best = h;
        best_static = is_static;
        effect = is_static && becomes_itself(s->m, h->object, w.at[2]) ? EXEMPTS : TRANSLATES;
    }
    return best && settle(s, effect, best->object, best->nat->line);
}

static bool asa_takes(struct search *s, struct text nameif)
{
    return (manual_rules(s, nameif, false) || object_rules(s) || manual_rules(s, nameif, true)) && s->taken->rule;
}

/* ---- IOS ---- */

/* What the first entry of an access list that the traffic meets says; PASSES: none does. */
static enum effect effect_of_list(struct search *s, const struct record *list, uint32_t *line)
{
    const struct selector_pair *p = s->p;
    for (const struct fact *e = list ? fact_members(list->facts, "entries") : NULL; e; e = e->next) {
        const struct fact *f = fact_children(e);
        looked_at_one(s);
        struct address a, b;
        *line = e->line;
        if (fact_find(f, "unresolved"))
            return NOT_TOLD;
        if (!fact_get_address(f, "source_start", &a) || !fact_get_address(f, "source_end", &b) ||
            extent_of(a, b, &p->local) != COVERS)
            continue;
        if (fact_get_address(f, "destination_start", &a) && fact_get_address(f, "destination_end", &b) &&
            extent_of(a, b, &p->remote) != COVERS)
            continue;
        return text_equal(fact_get_text(f, "action"), TEXT("permit")) ? TRANSLATES : EXEMPTS;
    }
    return list ? PASSES : NOT_TOLD;
}

static bool names(const struct fact *list, struct text word)
{
    for (const struct fact *f = fact_children(list); f; f = f->next)
        if (f->kind == FACT_TEXT && text_equal(f->as.text, word))
            return true;
    return false;
}

/* One clause: its lists, any of which may permit the traffic, and the interface that it leaves by. */
static enum effect effect_of_clause(struct search *s, const struct record *clause, struct text interface)
{
    const struct fact *lists = fact_find(clause->facts, "lists"), *interfaces = fact_find(clause->facts, "interfaces");
    bool permits = text_equal(fact_get_text(clause->facts, "action"), TEXT("permit")), untold = false;
    if (fact_find(clause->facts, "match"))
        return NOT_TOLD;
    if (interfaces && !names(interfaces, interface))
        return PASSES;
    for (const struct fact *f = fact_children(lists); f; f = f->next) {
        const struct record *list = config_find(s->m, s->device, "access-list", f->kind == FACT_TEXT ? f->as.text : TEXT("-"));
        uint32_t line = 0;
        enum effect effect = effect_of_list(s, list, &line);
        untold |= effect == NOT_TOLD;
        if (effect != TRANSLATES)
            continue;
        s->taken->list = permits ? list : NULL;
        s->taken->list_line = line;
        return permits ? TRANSLATES : EXEMPTS;
    }
    if (untold || lists)
        return untold ? NOT_TOLD : PASSES;
    s->taken->clause = permits ? clause : NULL;
    return permits ? TRANSLATES : EXEMPTS;
}

static enum effect effect_of_route_map(struct search *s, struct text name, struct text interface)
{
    bool any = false;
    for (const struct record *r = record_next(s->m, s->device, "route-map", NULL); r;
         r = record_next(s->m, s->device, "route-map", r)) {
        looked_at_one(s);
        if (!text_equal(fact_get_text(r->facts, "name"), name))
            continue;
        enum effect effect = effect_of_clause(s, r, interface);
        if (effect != PASSES)
            return effect;
        any = true;
    }
    return any ? PASSES : NOT_TOLD;
}

/* "ip nat inside source list L interface I vrf V overload" is for what comes from that VRF. */
static bool is_for_vrf(const struct nat_words *w, struct text vrf)
{
    const size_t at = nat_place_of(w, "vrf");
    return at + 1 >= w->count || text_equal(w->at[at + 1], vrf);
}

/* "inside source static HOST ..."; one of a port is for that alone. */
static bool static_host(const struct nat_words *w, struct address *host)
{
    const size_t at = nat_place_of(w, "static");
    return at + 1 < w->count && address_read(w->at[at + 1], host);
}

static bool is_host(const struct nat_words *w, const struct selector *s)
{
    struct address a;
    return static_host(w, &a) && address_equal(a, s->start) && address_equal(a, s->end);
}

/* "ip nat inside source list L ...", "... route-map R ...", and of a single host a static one. */
static bool ios_takes(struct search *s, struct text interface)
{
    for (const struct record *r = record_next(s->m, s->device, "nat", NULL); r; r = record_next(s->m, s->device, "nat", r)) {
        if (!may_look(s))
            return false;
        struct nat_words w = nat_words_of(fact_get_text(r->facts, "rule"));
        size_t list = nat_place_of(&w, "list"), map = nat_place_of(&w, "route-map");
        bool is_static = nat_place_of(&w, "static") < w.count; /* of single hosts, or of what the map then says */
        enum effect effect = PASSES;
        if (!is_for_vrf(&w, s->vrf))
            continue;
        if (list + 1 < w.count) {
            uint32_t line = 0;
            s->taken->list = config_find(s->m, s->device, "access-list", w.at[list + 1]);
            effect = effect_of_list(s, s->taken->list, &line);
            s->taken->list_line = line;
        } else if (is_static ? s->hosts && is_host(&w, &s->p->local) : map + 1 < w.count) {
            effect = map + 1 < w.count ? effect_of_route_map(s, w.at[map + 1], interface) : TRANSLATES;
        }
        if (settle(s, effect, r, r->first_line) && effect == TRANSLATES)
            return true;
        s->taken->list = NULL;
    }
    return false;
}

/* Of all interfaces that the crypto map is on none is told to translate what leaves by it. */
static bool translates_nowhere(const struct model *m, uint32_t device, const struct record *carrier)
{
    const struct text map = fact_get_text(carrier->facts, "crypto_map");
    for (const struct record *r = record_next(m, device, "interface", NULL); r; r = record_next(m, device, "interface", r))
        if (fact_find(r->facts, "nat_outside") && (!map.len || text_equal(fact_get_text(r->facts, "crypto_map"), map)))
            return false;
    return config_whole(m, device);
}

/* Of what the crypto map protects: that of the profile, or the interface's. */
static struct text inside_vrf(const struct config_path *path)
{
    const struct text own = path->profile ? fact_get_text(path->profile->facts, "ivrf") : TEXT("");
    return own.len ? own : fact_get_text(path->interface->facts, "vrf");
}

/* ---- both ---- */

/* What a pair of the crypto ACL is asked for: all that it protects, or each host in it that has a rule of its own. */
struct asked {
    struct model *m;
    uint32_t device;
    const struct config_path *path;
    struct text nameif;
    const struct holder *holders;
    size_t holder_count;
    struct nat_taken *taken;
    bool hosts;
};

static bool takes_pair(const struct asked *a, const struct selector_pair *p)
{
    struct nat_taken here = { .rule = NULL };
    struct search s = { .m = a->m,
                        .device = a->device,
                        .p = p,
                        .taken = &here,
                        .holders = a->holders,
                        .holder_count = a->holder_count,
                        .hosts = a->hosts };
    if (a->nameif.len)
        s.real = real_interface(a->m, a->device, &p->local);
    else
        s.vrf = inside_vrf(a->path);
    const bool takes = a->nameif.len ? asa_takes(&s, a->nameif) : ios_takes(&s, a->path->interface->title);
    if (!a->taken->untold) {
        a->taken->untold = here.untold;
        a->taken->untold_line = here.untold_line;
    }
    if (!takes)
        return false;
    *a->taken = here;
    a->taken->local = p->local;
    a->taken->remote = p->remote;
    return true;
}

/* The pair, for these addresses of it alone. */
static bool takes_part(const struct asked *a, const struct selector_pair *p, struct address start, struct address end)
{
    const struct selector part = { .start = start, .end = end };
    struct selector_pair one = *p;
    if (!nat_may_compare(a->m) || extent_of(p->local.start, p->local.end, &part) != COVERS)
        return false;
    one.local.start = start;
    one.local.end = end;
    return takes_pair(a, &one);
}

static bool takes_hosts(const struct asked *a, const struct selector_pair *p)
{
    struct address host;
    for (size_t i = 0; i < a->holder_count; i++)
        if (text_has(a->holders[i].nat->as.text, TEXT(" static ")) && !text_has(a->holders[i].nat->as.text, TEXT(" service ")) &&
            takes_part(a, p, a->holders[i].start, a->holders[i].end))
            return true;
    for (const struct record *r = a->nameif.len ? NULL : record_next(a->m, a->device, "nat", NULL); r;
         r = record_next(a->m, a->device, "nat", r)) {
        const struct nat_words w = nat_words_of(fact_get_text(r->facts, "rule"));
        if (nat_place_of(&w, "static") < w.count && static_host(&w, &host) && takes_part(a, p, host, host))
            return true;
    }
    return false;
}

static bool takes(struct model *m, uint32_t device, const struct config_path *path, const struct selector_pair *pairs,
                  struct nat_taken *taken, bool hosts)
{
    *taken = (struct nat_taken){ .rule = NULL };
    if (!path->crypto_map || !path->interface)
        return false;
    struct asked a = { m, device, path, fact_get_text(path->interface->facts, "nameif"), NULL, 0, taken, hosts };
    if (!a.nameif.len && translates_nowhere(m, device, path->interface))
        return false;
    a.holders = a.nameif.len ? holders_of(m, device, a.nameif, &a.holder_count) : NULL;
    if (!a.holder_count && !record_next(m, device, "nat", NULL))
        return false;
    for (const struct selector_pair *p = pairs; p; p = p->next)
        if (hosts ? takes_hosts(&a, p) : takes_pair(&a, p))
            return true;
    return false;
}

bool nat_takes_asked(struct model *m, uint32_t device, const struct config_path *path, const struct selector_pair *pairs,
                     struct nat_taken *taken)
{
    return takes(m, device, path, pairs, taken, false) || takes(m, device, path, pairs, taken, true);
}

bool nat_takes(struct model *m, uint32_t device, struct address peer, struct nat_taken *taken)
{
    const struct config_path path = device ? config_path_to(m, device, peer, NULL) : (struct config_path){ 0 };
    return takes(m, device, &path, path.acl ? acl_selectors(path.acl, m->run) : NULL, taken, false);
}

struct network {              /* of an ASA, as a rule names it */
    struct text name, define; /* define: what makes the object first, or empty */
};

/* The object that is this network, or a new one. */
static struct network network_for(struct model *m, uint32_t device, const struct selector *s, const char *otherwise)
{
    static const char *const kinds[] = { "object", "object-group", NULL }; /* an ASA has one name for either */
    const int prefix = range_prefix(s->start, s->end);
    if (prefix == 0)
        return (struct network){ TEXT("any"), TEXT("") };
    for (const struct record *r = record_next(m, device, "object", NULL); r; r = record_next(m, device, "object", r)) {
        struct address start, end;
        if (fact_get_address(r->facts, "start", &start) && fact_get_address(r->facts, "end", &end) &&
            address_equal(start, s->start) && address_equal(end, s->end))
            return (struct network){ r->title, TEXT("") };
    }
    struct network new = { config_free_name(m, device, kinds, otherwise), TEXT("") };
    struct text start = address_text(s->start, m->run), end = address_text(s->end, m->run),
                masked = acl_end_text(m->run, s, false);
    new.define = prefix < 0        ? arena_format(m->run, "range %.*s %.*s", TEXT_ARGS(start), TEXT_ARGS(end))
                 : masked.len == 0 ? arena_format(m->run, "subnet %.*s/%d", TEXT_ARGS(start), prefix)
                 : prefix == 32    ? masked
                                   : arena_format(m->run, "subnet %.*s", TEXT_ARGS(masked));
    new.define = arena_format(m->run, "`object network %.*s` / `%.*s` / ", TEXT_ARGS(new.name), TEXT_ARGS(new.define));
    return new;
}

enum { WRITTEN_OUT = 6 }; /* entries of a list */

/* Those of a standard list as an extended one has them, "`permit ip 10.0.0.0 0.0.0.255 any`". */
static struct text entries_extended(struct model *m, const struct record *list)
{
    struct text all = { NULL, 0 };
    unsigned n = 0;
    for (const struct fact *e = fact_members(list->facts, "entries"); e; e = e->next) {
        const struct fact *f = fact_children(e);
        struct selector s = { .end_port = 65535 };
        const bool told = fact_get_address(f, "source_start", &s.start) && fact_get_address(f, "source_end", &s.end);
        struct text from = told ? acl_end_text(m->run, &s, true) : (struct text){ NULL, 0 }, action = fact_get_text(f, "action");
        if (!from.len || ++n > WRITTEN_OUT)
            return arena_format(m->run, "`permit ip SOURCE any` for each that %.*s permits", TEXT_ARGS(list->title));
        all = arena_format(m->run, "%.*s%s`%.*s ip %.*s any`", TEXT_ARGS(all), all.len ? " / " : "", TEXT_ARGS(action),
                           TEXT_ARGS(from));
    }
    return all;
}

/* A standard list knows no destinations: a new one takes its place in the rule. */
static struct text exempt_by_new_list(struct model *m, const struct nat_taken *taken, struct text from, struct text to)
{
    static const char *const kinds[] = { "access-list", NULL };
    const struct text name = taken->list->title, fresh = config_free_name(m, taken->list->device, kinds, "NAT-NEW"),
                      rule = text_trim(record_line(taken->rule, taken->line)), entries = entries_extended(m, taken->list),
                      word = arena_format(m->run, " list %.*s ", TEXT_ARGS(name));
    const size_t at = text_find(rule, word);
    struct text new_list = arena_format(m->run,
                                        "exempt it from NAT; its list %.*s is a standard one, which knows no destinations, so it "
                                        "needs an extended one: `ip access-list extended %.*s` / `deny ip %.*s %.*s` / %.*s",
                                        TEXT_ARGS(name), TEXT_ARGS(fresh), TEXT_ARGS(from), TEXT_ARGS(to), TEXT_ARGS(entries));
    return at == TEXT_NOWHERE
               ? arena_format(m->run, "%.*s, in the place of %.*s", TEXT_ARGS(new_list), TEXT_ARGS(name))
               : arena_format(m->run, "%.*s / `exit` / `no %.*s` / `%.*s list %.*s %.*s`", TEXT_ARGS(new_list), TEXT_ARGS(rule),
                              TEXT_ARGS(text_upto(rule, at)), TEXT_ARGS(fresh), TEXT_ARGS(text_from(rule, at + word.len)));
}

/* IOS: an entry in front of the one that permits it. */
static struct text ios_exempt_text(struct model *m, const struct nat_taken *taken)
{
    struct text name = taken->list->title, from = acl_end_text(m->run, &taken->local, true),
                to = acl_end_text(m->run, &taken->remote, true);
    if (acl_is_standard(taken->list))
        return exempt_by_new_list(m, taken, from, to);
    struct acl_place place = acl_place_before(taken->list, taken->list_line, 1);
    struct text first = acl_renumber_text(m->run, taken->list, &place);
    return arena_format(
        m->run, "exempt it from NAT, in front of what permits it: %.*s`ip access-list extended %.*s` / `%llu deny ip %.*s %.*s`",
        TEXT_ARGS(first), TEXT_ARGS(name), (unsigned long long)(place.number[0] ? place.number[0] : 1), TEXT_ARGS(from),
        TEXT_ARGS(to));
}

static bool has_clause_behind(const struct model *m, const struct record *clause)
{
    const struct record *r = clause;
    while ((r = record_next(m, clause->device, "route-map", r)) != NULL)
        if (text_equal(fact_get_text(r->facts, "name"), fact_get_text(clause->facts, "name")))
            return true;
    return false;
}

/* IOS: a clause that takes whatever leaves by an interface gets a list. */
static struct text clause_exempt_text(struct model *m, const struct nat_taken *taken)
{
    static const char *const kinds[] = { "access-list", NULL };
    const struct text fresh = config_free_name(m, taken->clause->device, kinds, "NAT-NEW"),
                      from = acl_end_text(m->run, &taken->local, true), to = acl_end_text(m->run, &taken->remote, true),
                      clause = text_trim(record_line(taken->clause, taken->clause->first_line));
    return arena_format(
        m->run,
        "exempt it from NAT, by a list in the route map's clause, which has none: `ip access-list extended %.*s` / "
        "`deny ip %.*s %.*s` / `permit ip any any` / `exit` / `%.*s` / `match ip address %.*s`%s",
        TEXT_ARGS(fresh), TEXT_ARGS(from), TEXT_ARGS(to), TEXT_ARGS(clause), TEXT_ARGS(fresh),
        has_clause_behind(m, taken->clause) ? ", and the same in a clause behind it that would take it then" : "");
}

/* IOS: a static rule of a host knows no destinations, but by a route map, which one on the interface's own address cannot have. */
static struct text static_exempt_text(struct model *m, const struct nat_taken *taken)
{
    static const char *const lists[] = { "access-list", NULL }, *const maps[] = { "route-map", NULL };
    const struct text list = config_free_name(m, taken->rule->device, lists, "NAT-NEW"),
                      map = config_free_name(m, taken->rule->device, maps, "NAT-NEW"),
                      from = acl_end_text(m->run, &taken->local, true), to = acl_end_text(m->run, &taken->remote, true),
                      rule = text_trim(record_line(taken->rule, taken->line));
    if (text_has(rule, TEXT(" interface ")))
        return arena_format(
            m->run,
            "a rule on the interface's own address exempts nobody: give that host a rule on an address of its own, "
            "`route-map %.*s` behind it, with `deny ip %.*s %.*s` in the list that the route map matches",
            TEXT_ARGS(map), TEXT_ARGS(from), TEXT_ARGS(to));
    return arena_format(
        m->run,
        "exempt it from NAT, by a route map in the host's rule: `ip access-list extended %.*s` / `deny ip %.*s %.*s` / "
        "`permit ip %.*s any` / `exit` / `route-map %.*s permit 10` / `match ip address %.*s` / `exit` / `no %.*s` / "
        "`%.*s route-map %.*s`",
        TEXT_ARGS(list), TEXT_ARGS(from), TEXT_ARGS(to), TEXT_ARGS(from), TEXT_ARGS(map), TEXT_ARGS(list), TEXT_ARGS(rule),
        TEXT_ARGS(rule), TEXT_ARGS(map));
}

struct text nat_exempt_text(struct model *m, uint32_t device, const struct nat_taken *taken)
{
    struct text local = selectors_text(m->run, &taken->local), remote = selectors_text(m->run, &taken->remote);
    if (taken->list)
        return ios_exempt_text(m, taken);
    if (taken->clause)
        return clause_exempt_text(m, taken);
    struct text rule = fact_get_text(taken->rule->facts, "nat");
    if (text_starts(fact_get_text(taken->rule->facts, "rule"), TEXT("inside source static ")))
        return static_exempt_text(m, taken);
    rule = rule.len ? rule : fact_get_text(taken->rule->facts, "rule");
    struct text interfaces = text_upto(rule, text_find_byte(rule, ' '));
    bool first = strcmp(taken->rule->name, "nat") == 0 && !text_has(rule, TEXT(" after-auto ")); /* in front of that rule */
    const struct network a = network_for(m, device, &taken->local, "LOCAL"), b = network_for(m, device, &taken->remote, "REMOTE");
    return arena_format(
        m->run,
        "exempt it from NAT (%.*s is %.*s, %.*s is %.*s): %.*s%.*s`nat %.*s%s source static %.*s %.*s destination "
        "static %.*s %.*s no-proxy-arp route-lookup`",
        TEXT_ARGS(a.name), TEXT_ARGS(local), TEXT_ARGS(b.name), TEXT_ARGS(remote), TEXT_ARGS(a.define), TEXT_ARGS(b.define),
        TEXT_ARGS(interfaces), first ? " 1" : "", TEXT_ARGS(a.name), TEXT_ARGS(a.name), TEXT_ARGS(b.name), TEXT_ARGS(b.name));
}

/* It leaves things as they are, or hides them behind an interface. */
static bool gives_none(const struct nat_words *w)
{
    const size_t s = nat_place_of(w, "source");
    if (nat_place_of(w, "interface") < w->count && nat_place_of(w, "static") == w->count)
        return true;
    return s + 3 < w->count && text_equal(w->at[s + 1], TEXT("static")) && text_equal(w->at[s + 2], w->at[s + 3]);
}

bool nat_gives_addresses(const struct model *m, uint32_t device)
{
    static const struct {
        const char *kind, *fact;
    } places[] = { { "nat", "rule" }, { "object", "nat" } };
    for (size_t i = 0; i < COUNT_OF(places); i++)
        for (const struct record *r = record_next(m, device, places[i].kind, NULL); r;
             r = record_next(m, device, places[i].kind, r)) {
            const struct text rule = fact_get_text(r->facts, places[i].fact);
            const struct nat_words w = nat_words_of(rule);
            if (rule.len && !gives_none(&w))
                return true;
        }
    return false;
}

void nat_tell_untold(struct diagnosis *d, const struct nat_taken *taken)
{
    if (taken->rule || !taken->untold)
        return;
    diagnosis_word(d, "rule", text_trim(record_line(taken->untold, taken->untold_line)));
    diagnosis_more(
        d,
        "Whether NAT takes the traffic is not told by what is here: `{rule}` depends on what the configuration does not show.");
    finding_quote(d->m, d->f, taken->untold, taken->untold_line);
}

void nat_quote(struct diagnosis *d, const struct nat_taken *taken)
{
    finding_quote(d->m, d->f, taken->rule, taken->line);
    if (taken->list)
        finding_quote(d->m, d->f, taken->list, taken->list_line);
    if (taken->clause)
        finding_quote(d->m, d->f, taken->clause, 0);
}
