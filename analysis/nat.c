#include "analysis/nat.h"

enum { NAT_WORDS = 24, GROUP_DEPTH = 4, MEMBERS_MOST = 4096 /* looked at for one name, those of inner groups included */ };

struct words {
    struct text at[NAT_WORDS];
    size_t count;
};

static struct words words_of(struct text rule)
{
    struct words w = { .count = 0 };
    struct text word;
    while (w.count < NAT_WORDS && text_word(&rule, &word))
        w.at[w.count++] = word;
    return w;
}

/* The place of a word; w->count where it is not there. */
static size_t place_of(const struct words *w, const char *word)
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
    if (start.family != s->start.family || address_compare(start, s->end) > 0 || address_compare(s->start, end) > 0)
        return NOWHERE;
    return address_compare(start, s->start) <= 0 && address_compare(s->end, end) <= 0 ? COVERS : OVERLAPS;
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
    for (const struct fact *g = group ? fact_children(fact_find(group->facts, "members")) : NULL;
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

/* "nat (inside,outside) source static A A destination static B B": from A to B nothing is translated. */
static bool exempts(const struct model *m, uint32_t device, struct text rule, const struct selector_pair *p)
{
    struct words w = words_of(rule);
    size_t s = place_of(&w, "source"), d = place_of(&w, "destination");
    if (s + 3 >= w.count || !text_equal(w.at[s + 1], TEXT("static")) || !text_equal(w.at[s + 2], w.at[s + 3]) ||
        extent_of_name(m, device, w.at[s + 2], &p->local) == NOWHERE)
        return false;
    return d + 3 >= w.count ||
           (text_equal(w.at[d + 2], w.at[d + 3]) && extent_of_name(m, device, w.at[d + 2], &p->remote) != NOWHERE);
}

/* "nat (inside,outside) [after-auto] source dynamic A interface"; one with a destination is for that one alone. */
static bool takes(const struct model *m, uint32_t device, struct text rule, const struct selector_pair *p)
{
    struct words w = words_of(rule);
    size_t s = place_of(&w, "source"), d = place_of(&w, "destination");
    if (s + 2 >= w.count || !text_equal(w.at[s + 1], TEXT("dynamic")))
        return false;
    return extent_of_name(m, device, w.at[s + 2], &p->local) == COVERS &&
           (d + 2 >= w.count || extent_of_name(m, device, w.at[d + 2], &p->remote) == COVERS);
}

/* The rule is for what leaves by the interface that has the crypto map: "(inside,outside)". */
static bool leaves_by(struct text rule, struct text nameif)
{
    size_t comma = text_find_byte(rule, ',');
    struct text mapped = comma == TEXT_NOWHERE ? rule : text_from(rule, comma + 1);
    mapped = text_upto(mapped, text_find_byte(mapped, ')'));
    return text_equal(mapped, nameif) || text_equal(mapped, TEXT("any"));
}

static bool asa_takes(struct model *m, uint32_t device, struct text nameif, const struct selector_pair *p,
                      struct nat_taken *taken)
{
    for (const struct record *r = record_next(m, device, "nat", NULL); r; r = record_next(m, device, "nat", r)) {
        struct text rule = fact_get_text(r->facts, "rule");
        if (!leaves_by(rule, nameif))
            continue;
        if (exempts(m, device, rule, p))
            return false;
        if (!taken->rule && takes(m, device, rule, p)) {
            taken->rule = r;
            taken->line = r->first_line;
        }
    }
    for (const struct record *r = taken->rule ? NULL : record_next(m, device, "object", NULL); r;
         r = record_next(m, device, "object", r)) {
        const struct fact *nat = fact_find(r->facts, "nat");
        if (!nat || nat->kind != FACT_TEXT || !leaves_by(nat->as.text, nameif) || !text_has(nat->as.text, TEXT(") dynamic ")) ||
            extent_of_object(r, &p->local) != COVERS)
            continue;
        taken->rule = r;
        taken->line = nat->line;
        break;
    }
    return taken->rule != NULL;
}

/* ---- IOS ---- */

static bool entry_meets(const struct fact *entry, const struct selector_pair *p)
{
    struct address a, b;
    const struct fact *f = fact_children(entry);
    if (!fact_get_address(f, "source_start", &a) || !fact_get_address(f, "source_end", &b) ||
        extent_of(a, b, &p->local) != COVERS)
        return false;
    return !fact_get_address(f, "destination_start", &a) || !fact_get_address(f, "destination_end", &b) ||
           extent_of(a, b, &p->remote) == COVERS;
}

/* "ip nat inside source list L interface I overload": the first entry of L that the traffic meets decides. */
static bool ios_takes(struct model *m, uint32_t device, const struct selector_pair *p, struct nat_taken *taken)
{
    for (const struct record *r = record_next(m, device, "nat", NULL); r; r = record_next(m, device, "nat", r)) {
        struct words w = words_of(fact_get_text(r->facts, "rule"));
        size_t at = place_of(&w, "list");
        const struct record *list = at + 1 < w.count ? config_find(m, device, "access-list", w.at[at + 1]) : NULL;
        for (const struct fact *e = list ? fact_children(fact_find(list->facts, "entries")) : NULL; e; e = e->next) {
            if (!entry_meets(e, p))
                continue;
            if (!text_equal(fact_get_text(fact_children(e), "action"), TEXT("permit")))
                break;
            *taken = (struct nat_taken){ .rule = r, .line = r->first_line, .list = list, .list_line = e->line };
            return true;
        }
    }
    return false;
}

/* ---- both ---- */

bool nat_takes(struct model *m, uint32_t device, struct address peer, struct nat_taken *taken)
{
    *taken = (struct nat_taken){ .rule = NULL };
    struct config_path path = device ? config_path_to(m, device, peer) : (struct config_path){ 0 };
    if (!path.crypto_map || !path.acl || !path.interface)
        return false;
    struct text nameif = fact_get_text(path.interface->facts, "nameif");
    for (const struct selector_pair *p = acl_selectors(path.acl, m->run); p; p = p->next) {
        struct nat_taken here = { .rule = NULL };
        if (nameif.len ? !asa_takes(m, device, nameif, p, &here) : !ios_takes(m, device, p, &here))
            continue;
        *taken = here;
        taken->local = p->local;
        taken->remote = p->remote;
        return true;
    }
    return false;
}

/* The object that is this network, or what to call one. */
static struct text object_for(struct model *m, uint32_t device, const struct selector *s, const char *otherwise)
{
    for (const struct record *r = record_next(m, device, "object", NULL); r; r = record_next(m, device, "object", r)) {
        struct address start, end;
        if (fact_get_address(r->facts, "start", &start) && fact_get_address(r->facts, "end", &end) &&
            address_equal(start, s->start) && address_equal(end, s->end))
            return r->title;
    }
    return text_of(otherwise);
}

struct text nat_exempt_text(struct model *m, uint32_t device, const struct nat_taken *taken)
{
    struct text local = selectors_text(m->run, &taken->local), remote = selectors_text(m->run, &taken->remote);
    if (taken->list)
        return arena_format(m->run,
                            "exempt it from NAT, in front of what permits it: `ip access-list extended %.*s` / `5 deny ip %.*s "
                            "%.*s`",
                            TEXT_ARGS(taken->list->title), TEXT_ARGS(acl_end_text(m->run, &taken->local, true)),
                            TEXT_ARGS(acl_end_text(m->run, &taken->remote, true)));
    struct text rule = fact_get_text(taken->rule->facts, "nat");
    rule = rule.len ? rule : fact_get_text(taken->rule->facts, "rule");
    struct text interfaces = text_upto(rule, text_find_byte(rule, ' '));
    struct text a = object_for(m, device, &taken->local, "LOCAL"), b = object_for(m, device, &taken->remote, "REMOTE");
    return arena_format(m->run,
                        "exempt it from NAT (%.*s is %.*s, %.*s is %.*s): `nat %.*s source static %.*s %.*s destination static "
                        "%.*s %.*s no-proxy-arp route-lookup`",
                        TEXT_ARGS(a), TEXT_ARGS(local), TEXT_ARGS(b), TEXT_ARGS(remote), TEXT_ARGS(interfaces), TEXT_ARGS(a),
                        TEXT_ARGS(a), TEXT_ARGS(b), TEXT_ARGS(b));
}

void nat_quote(struct diagnosis *d, const struct nat_taken *taken)
{
    finding_quote(d->m, d->f, taken->rule, taken->line);
    if (taken->list)
        finding_quote(d->m, d->f, taken->list, taken->list_line);
}
