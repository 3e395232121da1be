/* Both ends' configurations are there, and their crypto ACLs are no mirror images: told before any tunnel fails of it. */
#include "analysis/acl_edit.h"
#include "analysis/mirror.h"
#include "analysis/quote.h"
#include "analysis/ways.h"

enum { AFTER_AUTHENTICATION = 13 }; /* a rank: that of ts-unacceptable, which a log of it would be */

enum {
    LISTS = 32,
    VAGUE = 16 /* entries that cannot be told of a list */,
    TOLD = 3,
    COMPARED = 1 << 18 /* pairs of entries */,
    SPEAK_FOR_ALL = 256 /* the first entries */
};

struct list { /* a crypto ACL of one router for the other, once */
    const struct record *acl;
    struct selector_pair *pairs;
    struct map images;
    struct selector_pair vague[VAGUE]; /* what entries that are not resolved lie within */
    size_t vague_count;
    bool vague_over; /* there are more of these, and anything may be among what they say */
    bool told;
};
struct end {
    size_t count;
    struct list lists[LISTS];
};

static bool leads_to(const struct model *m, const struct record *entry, uint32_t to)
{
    struct address far;
    if (address_read(fact_get_text(entry->facts, "tunnel_destination"), &far) && config_owner(m, to, far, NULL))
        return true;
    for (const struct fact *g = fact_members(entry->facts, "peers"); g; g = g->next) {
        struct address a;
        if (fact_get_address(fact_children(g), "address", &a) && config_owner(m, to, a, NULL))
            return true;
    }
    return false;
}

static bool has_list(const struct end *e, const struct record *acl)
{
    for (size_t i = 0; i < e->count; i++)
        if (e->lists[i].acl == acl)
            return true;
    return false;
}

/* "10.0.0.0 0.0.254.255", an object that is not here: an image of another list's entry may be among what such an entry says. */
static void gather_vague(struct list *l)
{
    for (const struct fact *e = fact_members(l->acl->facts, "entries"); e && !l->vague_over; e = e->next) {
        const struct fact *facts = fact_children(e);
        if (!fact_find(facts, "unresolved") || !text_equal(fact_get_text(facts, "action"), TEXT("permit")))
            continue;
        l->vague_over = l->vague_count == VAGUE;
        if (l->vague_over)
            return;
        struct selector_pair *v = &l->vague[l->vague_count++];
        *v = (struct selector_pair){ .acl = NULL };
        (void)fact_get_address(facts, "source_start", &v->local.start);
        (void)fact_get_address(facts, "source_end", &v->local.end);
        (void)fact_get_address(facts, "destination_start", &v->remote.start);
        (void)fact_get_address(facts, "destination_end", &v->remote.end);
    }
}

/* Those of one kind of records, where that fact names the list. */
static void gather_of(struct model *m, uint32_t from, uint32_t to, const char *kind, const char *fact, struct arena *scratch,
                      struct end *e)
{
    for (const struct record *r = record_next(m, from, kind, NULL); r && e->count < LISTS; r = record_next(m, from, kind, r)) {
        struct text name = fact_get_text(r->facts, fact);
        const struct record *acl = name.len ? config_find(m, from, "access-list", name) : NULL;
        if (!acl || !leads_to(m, r, to) || has_list(e, acl))
            continue;
        struct list *l = &e->lists[e->count++];
        *l = (struct list){ .acl = acl, .pairs = acl_selectors(acl, m->run) };
        mirror_add(&l->images, scratch, l->pairs);
        gather_vague(l);
    }
}

/* The lists of every map entry of a router that leads to the other one, and of tunnels that protect by a list. */
static void gather(struct model *m, uint32_t from, uint32_t to, struct arena *scratch, struct end *e)
{
    e->count = 0;
    gather_of(m, from, to, "crypto-map", "match_address", scratch, e);
    gather_of(m, from, to, "interface", "tunnel_acl", scratch, e);
}

static void release(struct end *e)
{
    for (size_t i = 0; i < e->count; i++)
        map_clear(&e->lists[i].images);
}

static struct text name_of(const struct model *m, uint32_t device)
{
    return device_name_or(m, device, TEXT("a router"));
}

static struct text pair_text(struct arena *arena, const struct selector *from, const struct selector *to)
{
    struct text a = selectors_text(arena, from), b = selectors_text(arena, to);
    return arena_format(arena, "%.*s to %.*s", TEXT_ARGS(a), TEXT_ARGS(b));
}

static bool meets_end(const struct selector *vague, const struct selector *asked)
{
    return !vague->start.family || selector_meets(vague, asked);
}

/* Has the other end its image, or an entry of which nobody can tell? */
static bool mirrored(const struct end *other, const struct selector_pair *p)
{
    for (size_t i = 0; i < other->count; i++) {
        const struct list *l = &other->lists[i];
        if (l->vague_over || mirror_has(&l->images, p))
            return true;
        for (size_t n = 0; n < l->vague_count; n++)
            if (meets_end(&l->vague[n].local, &p->remote) && meets_end(&l->vague[n].remote, &p->local))
                return true;
    }
    return false;
}

/* How many entries of the two meet; lists of thousands are not compared to the end, and are taken to. */
static unsigned overlaps(const struct list *a, const struct list *b)
{
    unsigned n = 0, steps = 0;
    for (const struct selector_pair *p = a->pairs; p; p = p->next)
        for (const struct selector_pair *q = b->pairs; q; q = q->next) {
            if (++steps > COMPARED)
                return n + 1;
            n += selector_meets(&p->local, &q->remote) && selector_meets(&p->remote, &q->local);
        }
    return n;
}

static unsigned images_in(const struct list *l, const struct list *other)
{
    unsigned n = 0;
    for (const struct selector_pair *p = l->pairs; p; p = p->next)
        n += mirror_has(&other->images, p);
    return n;
}

/* The list of the other end that is meant to be this one's image: most entries are, or at least meet; else the first. */
static struct list *counterpart(const struct list *l, struct end *other)
{
    struct list *best = &other->lists[0];
    unsigned most = 0;
    for (unsigned round = 0; round < 2 && !most; round++)
        for (size_t i = 0; i < other->count; i++) {
            unsigned score = round ? overlaps(l, &other->lists[i]) : images_in(l, &other->lists[i]);
            if (score > most) {
                most = score;
                best = &other->lists[i];
            }
        }
    return best;
}

/* Nothing that the one protects is anything that the other does: the tunnel comes up from neither side. */
static bool nothing_in_common(const struct list *a, const struct list *b)
{
    const struct list *lists[2] = { a, b };
    for (unsigned i = 0; i < 2; i++)
        for (const struct fact *e = fact_members(lists[i]->acl->facts, "entries"); e; e = e->next)
            if (fact_find(fact_children(e), "unresolved"))
                return false;
    return overlaps(a, b) == 0;
}

static bool meets(const struct selector_pair *p, const struct selector_pair *q)
{
    return (selector_meets(&p->local, &q->remote) && selector_meets(&p->remote, &q->local)) ||
           (selector_meets(&p->local, &q->local) && selector_meets(&p->remote, &q->remote)); /* typed as the other end has it */
}

/* The entry of the list that was meant for the pair: it meets it, and nothing that its line says is an image of anything. NULL:
 * none. */
static const struct selector_pair *stale_pair(const struct list *image, const struct end *own, const struct selector_pair *p)
{
    const struct selector_pair *found = NULL;
    uint32_t needed = 0; /* a line that also gives an image */
    for (const struct selector_pair *q = image->pairs; q; q = q->next) {
        if (mirrored(own, q)) {
            needed = q->line;
            found = found && found->line == needed ? NULL : found;
        } else if (!found && q->line != needed && meets(p, q))
            found = q;
    }
    return found;
}

#define OLD_STAYS "; without the `no` the old entry stays beside it"

/* The new entries first: a list that is empty in between takes the tunnels down that it is for. */
static const char *edit_text(bool asa, bool old, bool numbered, bool renumber, bool again)
{
    if (asa && old)
        return "{why}: {permits} / `{old}`" OLD_STAYS;
    if (asa)
        return "{why}: {permits}";
    if (!old)
        return "{why}: `ip access-list extended {list}` / {permits}";
    if (numbered && renumber) /* no number is free in front of the old one: a new one takes its */
        return "{why}: `ip access-list extended {list}` / `{old}` / {permits}" OLD_STAYS;
    if (again)
        return "{why}: {renumber}`ip access-list extended {list}` / {permits} / `{old}`" OLD_STAYS;
    return "{why}: `ip access-list extended {list}` / {permits} / `{old}`" OLD_STAYS;
}

/* One command for each of them, as the list's platform writes it; empty: an entry cannot say one of them. */
static struct text permits_text(struct arena *arena, const struct list *list, const struct selector_pair *const pairs[],
                                unsigned count, const uint64_t numbers[], bool asa)
{
    struct text all = { NULL, 0 };
    for (unsigned i = 0; i < count; i++) {
        const struct text entry = acl_entry_text(arena, &pairs[i]->remote, &pairs[i]->local, !asa);
        if (!entry.len)
            return entry;
        const struct text before = asa          ? arena_format(arena, "access-list %.*s extended ", TEXT_ARGS(list->acl->title))
                                   : numbers[i] ? arena_format(arena, "%llu ", (unsigned long long)numbers[i])
                                                : TEXT("");
        all = arena_format(arena, "%.*s%s`%.*spermit %.*s`", TEXT_ARGS(all), i ? " / " : "", TEXT_ARGS(before), TEXT_ARGS(entry));
    }
    return all;
}

/* The images of these entries, in the place of the entry that was meant to be it. {why} begins. */
static void advise_all(struct diagnosis *d, const struct list *list, const struct selector_pair *stale,
                       const struct selector_pair *const pairs[], unsigned count)
{
    const struct record *acl = list->acl;
    struct arena *run = d->m->run;
    const bool asa = config_of_asa(d->m, acl->device);
    struct address none = { 0 };
    struct text old = stale ? acl_removal_text(run, acl, stale->line, asa) : (struct text){ NULL, 0 };
    const bool numbered = old.len > 3 && old.at[3] >= '0' && old.at[3] <= '9'; /* "no 10" */
    struct acl_place place = numbered ? acl_place_before(acl, stale->line, count) : (struct acl_place){ { 0 }, false };
    const bool again = place.renumber && count > 1; /* and then what was there has the next number of ten */
    if (again)
        old = arena_format(run, "no %llu", (unsigned long long)(place.number[0] / 10 * 10 + 10));
    else if (place.renumber)
        (void)text_number(text_from(old, sizeof "no " - 1), 10, &place.number[0]);
    const struct text permits = permits_text(run, list, pairs, count, place.number, asa);
    diagnosis_word(d, "list", acl->title);
    diagnosis_word(d, "permits", permits);
    diagnosis_word(d, "old", old);
    diagnosis_word(d, "renumber", acl_renumber_text(run, acl, &place));
    diagnosis_word(d, "wanted", pair_text(run, &pairs[0]->remote, &pairs[0]->local));
    const char *text = edit_text(asa, old.len != 0, numbered, place.renumber && !again, again);
    diagnosis_advise_router(d, acl->device, none, none, permits.len ? text : "{why}: permit {wanted} in {list}");
}

static void advise(struct diagnosis *d, const struct list *list, const struct selector_pair *stale, const struct selector_pair *p)
{
    const struct selector_pair *const one[] = { p };
    advise_all(d, list, stale, one, 1);
}

/* An entry whose image nobody has, and nothing that was meant to be it: it may be one too many. */
static void advise_without(struct diagnosis *d, const struct list *list, const struct selector_pair *p)
{
    const struct record *acl = list->acl;
    bool asa = config_of_asa(d->m, acl->device);
    struct address none = { 0 };
    struct text old = acl_removal_text(d->m->run, acl, p->line, asa);
    diagnosis_word(d, "list", acl->title);
    diagnosis_word(d, "old", old);
    if (old.len && !acl_is_of_groups(acl, p->line)) /* whose other members may be needed */
        diagnosis_advise_router(d, acl->device, none, none,
                                asa ? "or, if it is not to be protected: `{old}`"
                                    : "or, if it is not to be protected: `ip access-list extended {list}` / `{old}`");
}

static bool quotes(const struct model *m, const struct ike_sa *sa, const struct record *acl)
{
    for (const struct finding *f = m->findings; f; f = f->next)
        for (const struct finding_line *l = f->ike_sa == sa ? f->config : NULL; l; l = l->next)
            if (l->input == acl->input && l->place >= acl->first_line && l->place <= acl->last_line)
                return true;
    return false;
}

/* An SA of the two failed of it, and the finding about that says more; of several tunnels, the one whose list it quotes. */
static bool told_of_sa(const struct model *m, const struct list *a, const struct list *b, bool several)
{
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        if (!diagnosed(sa, "acl-or-crypto-map-mismatch") && !diagnosed(sa, "ts-unacceptable"))
            continue;
        uint32_t ends[2] = { router_of(m, sa, SIDE_INITIATOR), router_of(m, sa, SIDE_RESPONDER) };
        for (unsigned i = 0; i < 2; i++)
            if (device_same(m, ends[i], a->acl->device) && device_same(m, ends[1 - i], b->acl->device) &&
                (!several || quotes(m, sa, a->acl) || quotes(m, sa, b->acl)))
                return true;
    }
    return false;
}

/* A list, and the one at the other end that is meant to be its image. */
struct facing {
    const struct list *list, *image;
    const struct end *own, *other; /* what all lists of either end protect */
    bool exchanged;                /* of the image it is known that it is wrong: its source and destination are exchanged */
};

/* Has the router an interface in that network? */
static bool at_home(const struct model *m, uint32_t device, const struct selector *s)
{
    for (const struct record *r = record_next(m, device, "interface", NULL); r; r = record_next(m, device, "interface", r))
        for (const struct fact *g = fact_members(r->facts, "addresses"); g; g = g->next) {
            struct address a;
            if (fact_get_address(fact_children(g), "address", &a) && range_has(s->start, s->end, a))
                return true;
        }
    return false;
}

/* An end of an entry that is no network of the router it is at, where the other list's entry has one that is: it is mistyped. */
struct typo {
    const struct list *list;                  /* that has it */
    const struct selector *wrong, *right;     /* NULL: there is none, or more than one */
    const struct selector_pair *pair, *image; /* the entry, and whose image it should be */
};

static bool same(const struct selector *a, const struct selector *b)
{
    return address_equal(a->start, b->start) && address_equal(a->end, b->end) && a->protocol == b->protocol &&
           a->start_port == b->start_port && a->end_port == b->end_port;
}

/* Of two that should be one network of that router, is the second it, and the first none? */
static bool is_mistyped(const struct model *m, uint32_t home, const struct selector *wrong, const struct selector *right)
{
    return !same(wrong, right) && at_home(m, home, right) && !at_home(m, home, wrong);
}

/* The entry p of this list, and q of the other, neither of which has an image: is one of them that of the other but for a typo? */
static struct typo typo_between(const struct model *m, const struct facing *f, const struct selector_pair *p,
                                const struct selector_pair *q)
{
    const uint32_t near = f->list->acl->device, far = f->image->acl->device;
    if (same(&p->local, &q->remote)) {
        if (is_mistyped(m, far, &p->remote, &q->local))
            return (struct typo){ f->list, &p->remote, &q->local, p, q };
        if (is_mistyped(m, far, &q->local, &p->remote))
            return (struct typo){ f->image, &q->local, &p->remote, q, p };
    }
    if (same(&p->remote, &q->local)) {
        if (is_mistyped(m, near, &p->local, &q->remote))
            return (struct typo){ f->list, &p->local, &q->remote, p, q };
        if (is_mistyped(m, near, &q->remote, &p->local))
            return (struct typo){ f->image, &q->remote, &p->local, q, p };
    }
    return (struct typo){ .list = NULL };
}

static struct typo find_typo(const struct model *m, const struct facing *f, const struct selector_pair *p)
{
    struct typo found = { .list = NULL };
    unsigned steps = 0;
    for (const struct selector_pair *q = f->image->pairs; q && steps < SPEAK_FOR_ALL; q = q->next, steps++) {
        if (mirrored(f->own, q))
            continue;
        const struct typo t = typo_between(m, f, p, q);
        if (t.list && found.list)
            return (struct typo){ .list = NULL }; /* which of them is meant? */
        found = t.list ? t : found;
    }
    return found;
}

/* The ASA's object that is this network; NULL: none has a name for it. */
static const struct record *object_of(const struct model *m, uint32_t device, const struct selector *s)
{
    struct address start, end;
    for (const struct record *r = record_next(m, device, "object", NULL); r; r = record_next(m, device, "object", r))
        if (fact_get_address(r->facts, "start", &start) && fact_get_address(r->facts, "end", &end) &&
            address_equal(start, s->start) && address_equal(end, s->end))
            return r;
    return NULL;
}

/* The list that has it, or the object that the list names. */
static void advise_typo(struct diagnosis *d, const struct typo *t, const struct list *other)
{
    const struct record *acl = t->list->acl;
    const bool groups = acl_is_of_groups(acl, t->pair->line);
    const struct record *object = groups ? object_of(d->m, acl->device, t->wrong) : NULL;
    const struct text network = acl_end_text(d->m->run, t->right, false);
    struct address none = { 0 };
    const struct text typed = selectors_text(d->m->run, t->wrong), right = selectors_text(d->m->run, t->right);
    diagnosis_word(d, "network", right);
    diagnosis_word(d, "typed", typed);
    diagnosis_word(d, "list", acl->title);
    diagnosis_word(d, "why", arena_format(d->m->run, "if %.*s is mistyped for %.*s", TEXT_ARGS(typed), TEXT_ARGS(right)));
    if (groups) {
        diagnosis_word(d, "object", object ? object->title : TEXT(""));
        diagnosis_word(d, "defined",
                       text_starts(network, TEXT("host ")) ? network
                                                           : arena_format(d->m->run, "subnet %.*s", TEXT_ARGS(network)));
        diagnosis_advise_router(d, acl->device, none, none,
                                object && network.len ? "{why}, correct the object: `object network {object}` / `{defined}`"
                                                      : "{why}, correct the group that {list} names");
        if (object)
            finding_quote(d->m, d->f, object, 0);
    } else {
        advise(d, t->list, t->pair, t->image);
    }
    diagnosis_word(d, "why", arena_format(d->m->run, "if %.*s is right, give it the mirror image", TEXT_ARGS(typed)));
    advise(d, other, NULL, t->pair);
}

/* What both ends can do about entries without an image, for which the same entry was meant: the other end's list, or this one,
 * follows. */
static void advise_pairs(struct diagnosis *d, const struct facing *f, const struct selector_pair *stale,
                         const struct selector_pair *const pairs[], unsigned count)
{
    struct typo typo = { .list = NULL };
    if (!stale && !f->exchanged)
        typo = find_typo(d->m, f, pairs[0]);
    if (typo.list) {
        advise_typo(d, &typo, typo.list == f->list ? f->image : f->list);
        return;
    }
    diagnosis_word(d, "why",
                   f->exchanged ? TEXT("exchange source and destination")
                   : stale      ? TEXT("either end will do: here, make it the mirror image of what the other has")
                                : TEXT("give it the mirror image"));
    advise_all(d, f->image, stale, pairs, count);
    if (f->exchanged)
        return;
    if (stale)
        advise(d, f->list, stale_pair(f->list, f->other, stale), stale);
    else
        advise_without(d, f->list, pairs[0]);
}

/* Those that are to stand in one entry's place are typed together: each needs a number of its own. */
static void advise_missing(struct diagnosis *d, const struct facing *f, const struct selector_pair *const missing[],
                           unsigned count)
{
    const struct selector_pair *stale[TOLD], *together[TOLD];
    for (unsigned i = 0; i < count; i++)
        stale[i] = stale_pair(f->image, f->own, missing[i]);
    for (unsigned i = 0; i < count; i++) {
        unsigned n = 0;
        bool before = false;
        for (unsigned k = 0; k < count; k++) {
            const bool same = k == i || (stale[i] && stale[k] && stale[i]->line == stale[k]->line);
            before |= same && k < i;
            if (same)
                together[n++] = missing[k];
        }
        if (!before)
            advise_pairs(d, f, stale[i], together, n);
    }
}

/* What of this list has no image at the other end: told, advised at both, quoted. */
static void tell_missing(struct diagnosis *d, const struct facing *f)
{
    const struct record *acl = f->list->acl;
    const struct selector_pair *first[TOLD];
    struct text asks = { NULL, 0 };
    unsigned missing = 0;
    for (const struct selector_pair *p = f->list->pairs; p; p = p->next) {
        if (mirrored(f->other, p))
            continue;
        struct text pair = pair_text(d->m->run, &p->local, &p->remote);
        if (missing < TOLD) {
            asks = arena_format(d->m->run, "%.*s%s%.*s", TEXT_ARGS(asks), asks.len ? "; " : "", TEXT_ARGS(pair));
            first[missing] = p;
        }
        missing++;
        quote_text(d, "%.*s line %u: %.*s, without its mirror image", TEXT_ARGS(acl->title), p->line, TEXT_ARGS(pair));
        finding_quote(d->m, d->f, acl, p->line);
    }
    advise_missing(d, f, first, missing < TOLD ? missing : TOLD);
    if (missing > TOLD)
        asks = arena_format(d->m->run, "%.*s; and %u more", TEXT_ARGS(asks), missing - TOLD);
    diagnosis_word(d, "asks", asks);
}

static bool lacks(const struct list *l, const struct end *other)
{
    for (const struct selector_pair *p = l->pairs; p; p = p->next)
        if (!mirrored(other, p))
            return true;
    return false;
}

/* Source and destination stand the wrong way round in all of this list: it protects what others send to this router's
 * networks. */
static bool backwards(const struct model *m, const struct list *l)
{
    unsigned n = 0;
    for (const struct selector_pair *p = l->pairs; p && n < SPEAK_FOR_ALL; p = p->next, n++)
        if (at_home(m, l->acl->device, &p->local) || !at_home(m, l->acl->device, &p->remote))
            return false;
    return n > 0;
}

static void judge_list(struct model *m, const struct rule *r, struct list *l, struct end *other, const struct end *own)
{
    struct list *image = counterpart(l, other);
    struct diagnosis d;
    if (l->told || !lacks(l, other))
        return;
    if (backwards(m, l) && !backwards(m, image))
        return; /* the other one is right, and is told to lack its image here */
    if (told_of_sa(m, l, image, own->count > 1 || other->count > 1) ||
        !diagnosis_begin(&d, m, r, NULL, SIDE_UNKNOWN, CONFIDENCE_LIKELY,
                         arena_format(m->run, "%u %.*s %u %.*s", l->acl->device, TEXT_ARGS(l->acl->title), image->acl->device,
                                      TEXT_ARGS(image->acl->title))))
        return;
    diagnosis_word(&d, "there_name", name_of(m, l->acl->device));
    diagnosis_word(&d, "here_name", name_of(m, image->acl->device));
    diagnosis_word(&d, "acl", l->acl->title);
    diagnosis_word(&d, "other_acl", image->acl->title);
    const struct facing f = { l, image, own, other, backwards(m, image) };
    tell_missing(&d, &f);
    diagnosis_say(
        &d, NULL,
        "The crypto ACL {acl} of {there_name} protects {asks}, and {other_acl} of {here_name} has no mirror image of it.");
    if (f.exchanged)
        diagnosis_more(&d, "That of {here_name} has its own network as the destination: source and destination are exchanged.");
    if (!m->ike_sas && nothing_in_common(l, image)) { /* where an SA was seen, its own findings say so */
        diagnosis_severity(&d, SEVERITY_ERROR);
        d.f->rank = AFTER_AUTHENTICATION; /* what the IKE SA fails by comes first */
        diagnosis_more(&d, "The two lists have nothing in common, so no tunnel comes up from either side.");
    }
    for (const struct selector_pair *o = image->pairs; o; o = o->next)
        if (!mirrored(own, o))
            finding_quote(m, d.f, image->acl, o->line);
    if (image->pairs && d.f->config && !lacks(image, own))
        finding_quote(m, d.f, image->acl, image->pairs->line);
    l->told = image->told = true;
}

static void judge(struct model *m, const struct rule *r)
{
    uint32_t devices[ROUTERS_TO_COMPARE];
    size_t count = ways_routers(m, devices);
    struct arena *scratch = arena_create();
    struct end *ends = arena_array(scratch, struct end, 2);
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++) {
            gather(m, devices[i], devices[k], scratch, &ends[0]);
            gather(m, devices[k], devices[i], scratch, &ends[1]);
            for (unsigned e = 0; e < 2 && ends[0].count && ends[1].count; e++)
                for (size_t n = 0; n < ends[e].count; n++)
                    judge_list(m, r, &ends[e].lists[n], &ends[1 - e], &ends[e]);
            release(&ends[0]);
            release(&ends[1]);
        }
    arena_destroy(scratch);
}

const struct rule rule_acl_not_mirrored = {
    .id = "acl-not-mirrored",
    .severity = SEVERITY_WARNING,
    .rank = 7, /* what NAT does to an entry comes behind what is wrong with the entry */
    .title = "The crypto ACLs are no mirror images",
    .meaning = "Each end's crypto ACL says what it wants to protect, seen from itself. Where one end's entry has no mirror image "
               "at the other, its tunnel is refused "
               "(TS_UNACCEPTABLE, or NO_PROPOSAL_CHOSEN from an ASA), or comes up from one side only.",
    .advice = "For each `permit` of one access list, the same with source and destination exchanged in the other.",
    .whole = judge,
};
