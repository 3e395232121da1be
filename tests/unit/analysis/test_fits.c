/* What fits best is found through the index as a walk over all entries finds it. */
#include "analysis/fits.h"

#include "test.h"

static bool within(struct address a, const struct fact *facts)
{
    struct address start, end;
    return fact_get_address(facts, "start", &start) && fact_get_address(facts, "end", &end) && a.family == start.family &&
           address_compare(a, start) >= 0 && address_compare(a, end) <= 0;
}

static unsigned range_score(struct address a, const struct fact *facts)
{
    struct address start = { 0 }, end = { 0 };
    (void)fact_get_address(facts, "start", &start);
    (void)fact_get_address(facts, "end", &end);
    return within(a, facts) ? FIT_PREFIX + fit_narrowness(start, end) : 0;
}

static unsigned score(const struct fact *facts, const struct identity *id, struct address peer)
{
    struct text want = fact_get_text(facts, "id"), have = id ? id->value : TEXT("");
    uint64_t type = 0;
    struct address named;
    (void)fact_get_number(facts, "id_type", &type);
    if (fact_find(facts, "any"))
        return FIT_ANY;
    if (type == ID_IPV4_ADDR)
        return !id ? range_score(peer, facts) : id->type == type && address_read(have, &named) ? range_score(named, facts) : 0;
    if (!id || id->type != type)
        return 0;
    if (!fact_find(facts, "domain"))
        return text_equal_nocase(want, have) ? FIT_WORD : 0;
    return have.len > want.len && have.at[have.len - want.len - 1] == '.' && text_ends(have, want) ? FIT_DOMAIN : 0;
}

/* The entry's members are those of a peer's block of a keyring as well: a range of its own, and an identity. */
static unsigned block_score(const struct fact *facts, const struct identity *id, struct address peer)
{
    const struct fact *identity = fact_find(facts, "identity");
    unsigned one = identity ? score(fact_children(identity), id, peer) : 0, other = range_score(peer, facts);
    unsigned most = one > other ? one : other;
    return most                                                                                          ? most
           : id && id->type == ID_FQDN && text_equal_nocase(fact_get_text(facts, "hostname"), id->value) ? FIT_HOST
                                                                                                         : 0;
}

static uint32_t state = 1;

static uint32_t below(uint32_t n)
{
    state = state * 1664525 + 1013904223;
    return (state >> 16) % n;
}

static struct text any_name(struct arena *arena)
{
    return arena_format(arena, "%s%u.b%u.example", below(2) ? "R" : "r", below(20), below(4));
}

static struct address any_address(void)
{
    const uint8_t octets[] = { 10, 0, (uint8_t)below(4), (uint8_t)below(256) };
    return address_of(bytes_over(octets, sizeof octets));
}

static void put_range(struct facts *f)
{
    struct address start = any_address(), end = start;
    const unsigned bits = below(12);
    for (unsigned i = 0; i < bits; i++) {
        start.octets[3 - i / 8] &= (uint8_t) ~(1U << (i % 8));
        end.octets[3 - i / 8] |= (uint8_t)(1U << (i % 8));
    }
    if (below(8) == 0 && end.octets[3] > start.octets[3]) /* not all of a prefix */
        end.octets[3]--;
    fact_address(f, "start", start);
    fact_address(f, "end", end);
}

static void put_identity(struct facts *f, struct arena *arena)
{
    switch (below(4)) {
    case 0:
        if (below(30) == 0)
            fact_bool(f, "any", true);
        break;
    case 1:
        fact_number(f, "id_type", ID_IPV4_ADDR);
        put_range(f);
        break;
    case 2:
        fact_number(f, "id_type", ID_FQDN);
        fact_text(f, "id", any_name(arena));
        break;
    default:
        fact_number(f, "id_type", ID_FQDN);
        fact_text(f, "id", below(2) ? TEXT("example") : arena_format(arena, "b%u.example", below(4)));
        fact_bool(f, "domain", true);
    }
}

static void put_entries(struct model *m, struct record *r, bool blocks, uint32_t count)
{
    struct facts f = facts_into(m->run, &r->facts);
    struct fact *list = fact_list(&f, "entries");
    struct facts entries = facts_into(m->run, &list->as.child);
    for (uint32_t i = 0; i < count; i++) {
        struct fact *entry = fact_group(&entries, NULL);
        struct facts members = facts_into(m->run, &entry->as.child);
        if (below(5))
            fact_bool(&members, "counts", true);
        if (!blocks) {
            put_identity(&members, m->run);
            continue;
        }
        if (below(2))
            put_range(&members);
        if (below(3) == 0)
            fact_text(&members, "hostname", any_name(m->run));
        if (below(2) == 0) {
            struct fact *identity = fact_group(&members, "identity");
            struct facts of = facts_into(m->run, &identity->as.child);
            put_identity(&of, m->run);
        }
    }
}

static const struct fact *walked(const struct model *m, const struct fit_kind *kind, const struct identity *id,
                                 struct address peer)
{
    const struct fact *best = NULL;
    unsigned most = 0;
    for (const struct record *r = m->records; r; r = r->next)
        for (const struct fact *g = fact_members(r->facts, kind->list); g; g = g->next) {
            unsigned one = kind->having && !fact_find(fact_children(g), kind->having) ? 0
                                                                                      : kind->score(fact_children(g), id, peer);
            if (one > most) {
                best = g;
                most = one;
            }
        }
    return best;
}

static void check_alike(bool blocks, uint32_t count)
{
    const struct fit_kind kind = {
        "ikev2-keyring", "entries", blocks ? "identity" : NULL, blocks ? "counts" : NULL, blocks ? block_score : score, NULL
    };
    struct model *m = model_create();
    const uint32_t device = model_device(m, TEXT("R1"));
    const struct address none = { ADDRESS_NONE };
    unsigned found = 0;
    for (unsigned n = 0; n < 3; n++) {
        struct record *r = model_add_record(m, INPUT_CONFIG, "ikev2-keyring");
        r->device = device;
        r->title = n ? TEXT("KR") : TEXT("OTHER");
        put_entries(m, r, blocks, count);
        for (unsigned i = 0; i < 300; i++) { /* what came since is found, too */
            struct identity id = { .type = ID_FQDN, .value = any_name(m->run) };
            if (below(3) == 0)
                id = (struct identity){ ID_IPV4_ADDR, address_text(any_address(), m->run) };
            const struct identity *asked = below(3) ? &id : NULL;
            const struct address peer = any_address();
            const struct fit *best = fit_best(m, device, &kind, TEXT(""), asked, peer, none);
            CHECK((best ? best->group : NULL) == walked(m, &kind, asked, peer));
            found += best != NULL;
        }
    }
    CHECK(found > 100);
    const struct fit *of_title = fit_best(m, device, &kind, TEXT("OTHER"), NULL, any_address(), none);
    CHECK(!of_title || text_equal(of_title->record->title, TEXT("OTHER")));
    CHECK(!fit_best(m, device, &kind, TEXT("NONE"), NULL, any_address(), none));
    model_destroy(m);
}

int main(void)
{
    check_alike(false, 10);
    check_alike(false, 200);
    check_alike(true, 10);
    check_alike(true, 200);
    return TEST_REPORT();
}
