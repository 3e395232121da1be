/* Which objects of a router's configuration are at work towards a peer: found by what names what, from those that name the
 * peer's address. Where nothing leads to an object of a kind, the few that there are of it are shown. */
#include "reporters/walkthrough.h"

enum { REACHED = 64, FEW = 4, ROUNDS = 6 };

struct reach {
    const struct model *m;
    uint32_t device;
    const struct record *at[REACHED];
    size_t count;
};

static bool is_config_of(const struct record *r, uint32_t device)
{
    return r->kind == INPUT_CONFIG && r->device == device && r->name;
}

static bool has_config(const struct model *m, uint32_t device)
{
    for (const struct record *r = m->records; r && device; r = r->next)
        if (is_config_of(r, device) && strcmp(r->name, "hostname") != 0)
            return true;
    return false;
}

static bool mentions_address(const struct fact *f, struct address a)
{
    for (; f; f = f->next) {
        if (f->kind == FACT_ADDRESS && address_equal(f->as.address, a))
            return true;
        if ((f->kind == FACT_LIST || f->kind == FACT_GROUP) && mentions_address(fact_children(f), a))
            return true;
    }
    return false;
}

static bool mentions_text(const struct fact *f, struct text t)
{
    for (; f; f = f->next) {
        if (f->kind == FACT_TEXT && text_equal(f->as.text, t))
            return true;
        if ((f->kind == FACT_LIST || f->kind == FACT_GROUP) && mentions_text(fact_children(f), t))
            return true;
    }
    return false;
}

/* "r1.cfg" goes with the log called "r1-initial". */
static bool named_alike(struct text log, struct text file)
{
    struct text stem = text_upto(file, text_find_byte(file, '.'));
    if (!stem.len || log.len <= stem.len || !text_starts_nocase(log, stem))
        return false;
    char next = log.at[stem.len];
    return !((next >= '0' && next <= '9') || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z'));
}

static uint32_t owner(const struct model *m, const struct party *p)
{
    if (has_config(m, p->device))
        return p->device;
    for (const struct record *r = m->records; r && p->endpoint.address.family; r = r->next)
        if (r->kind == INPUT_CONFIG && r->device && r->name && strcmp(r->name, "interface") == 0) {
            const struct fact *own = fact_find(r->facts, "addresses");
            if (own && mentions_address(fact_children(own), p->endpoint.address))
                return r->device;
        }
    struct text name = p->device && p->device < m->device_count ? m->devices[p->device].name : (struct text){ NULL, 0 };
    for (const struct record *r = m->records; r && name.len; r = r->next)
        if (r->kind == INPUT_CONFIG && r->device && r->input < m->input_count && named_alike(name, m->inputs[r->input].name))
            return r->device;
    return 0;
}

static bool kind_in(const char *kinds, const char *name)
{
    struct text rest = text_of(kinds), word;
    while (text_word(&rest, &word))
        if (text_equal(word, text_of(name)))
            return true;
    return false;
}

static bool reached(const struct reach *r, const struct record *record)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->at[i] == record)
            return true;
    return false;
}

static void reach_add(struct reach *r, const struct record *record)
{
    if (r->count < REACHED && !reached(r, record))
        r->at[r->count++] = record;
}

/* A crypto map's entry is called "NAME SEQ", and others speak of NAME. */
static struct text called(const struct record *r)
{
    struct text name = strcmp(r->name, "crypto-map") == 0 ? fact_get_text(r->facts, "name") : (struct text){ NULL, 0 };
    return name.len ? name : r->title;
}

static const char seeds[] = "crypto-map interface ikev2-keyring tunnel-group";
static const char linked[] =
    "ikev2-proposal ikev2-keyring ikev2-profile transform-set ipsec-proposal ipsec-profile access-list tunnel-group";
static const char backward[] = "ikev2-profile ipsec-profile interface crypto-map";

static void seed(struct reach *r, struct address peer)
{
    struct text text = { NULL, 0 };
    struct buffer b;
    buffer_init(&b, 256);
    if (peer.family)
        address_print(peer, &b);
    text = buffer_view(&b);
    for (const struct record *c = r->m->records; c; c = c->next) {
        if (!is_config_of(c, r->device))
            continue;
        bool policy = strcmp(c->name, "ikev2-policy") == 0; /* for all peers */
        bool names = peer.family && kind_in(seeds, c->name) &&
                     (mentions_address(c->facts, peer) || mentions_text(c->facts, text) || text_equal(c->title, text));
        if (policy || names)
            reach_add(r, c);
    }
    buffer_clear(&b);
}

static void spread(struct reach *r)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        size_t before = r->count;
        for (const struct record *c = r->m->records; c; c = c->next) {
            if (!is_config_of(c, r->device) || reached(r, c) || !c->title.len)
                continue;
            for (size_t i = 0; i < before && !reached(r, c); i++)
                if ((kind_in(linked, c->name) && mentions_text(r->at[i]->facts, c->title)) ||
                    (kind_in(backward, c->name) &&
                     kind_in("ikev2-keyring ikev2-profile ipsec-profile crypto-map", r->at[i]->name) &&
                     mentions_text(c->facts, called(r->at[i]))))
                    reach_add(r, c);
        }
        if (r->count == before)
            return;
    }
}

static struct walk_config **append(struct walk_config **tail, const struct record *r, struct arena *arena)
{
    *tail = arena_new(arena, struct walk_config);
    (*tail)->record = r;
    return &(*tail)->next;
}

struct walk_config *walk_configs(const struct model *m, const struct party *own, const struct party *peer, const char *kinds,
                                 struct arena *arena)
{
    struct reach r = { .m = m, .device = kinds[0] ? owner(m, own) : 0 };
    struct walk_config *first = NULL, **tail = &first;
    if (!r.device)
        return NULL;
    seed(&r, peer->endpoint.address);
    spread(&r);
    struct text rest = text_of(kinds), word;
    while (text_word(&rest, &word)) {
        size_t of_kind = 0, led = 0;
        for (const struct record *c = m->records; c; c = c->next)
            if (is_config_of(c, r.device) && text_equal(word, text_of(c->name))) {
                of_kind++;
                led += reached(&r, c);
            }
        for (const struct record *c = m->records; c; c = c->next)
            if (is_config_of(c, r.device) && text_equal(word, text_of(c->name)) && (led ? reached(&r, c) : of_kind <= FEW))
                tail = append(tail, c, arena);
    }
    return first;
}
