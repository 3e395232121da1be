#include "analysis/evidence_words.h"

#include "analysis/evidence.h"
#include "base/map.h"

enum { WORD_ROOM = 256 };

struct word_key {
    uint32_t router;
    uint8_t place;
    uint8_t len;
    char at[WORD_ROOM - 6];
};

static struct bytes key_octets(const struct word_key *k)
{
    return bytes_over(k, offsetof(struct word_key, at) + k->len);
}

/* False: no object's name is so long. */
static bool key_of(struct word_key *k, uint32_t router, enum word_place place, struct text word)
{
    k->router = router;
    k->place = (uint8_t)place;
    k->len = 0;
    for (size_t i = 0; i < word.len; i++) {
        if (place == WORD_INTERFACE && word.at[i] == ' ')
            continue;
        if (k->len == sizeof k->at)
            return false;
        k->at[k->len++] = place == WORD_INTERFACE ? text_lower(word.at[i]) : word.at[i];
    }
    return true;
}

static struct text octets_of(const struct address *a)
{
    return text_over((const char *)a, sizeof *a);
}

/* ---- the words of a record ---- */

typedef void word_taker(const struct model *m, const struct record *r, uint32_t router, enum word_place place, struct text word);

static void peers_of(const struct model *m, const struct record *r, uint32_t router, enum word_place place, word_taker *take)
{
    const struct fact *peers = fact_members(r->facts, "peers");
    for (const struct fact *g = peers; g; g = g->next) {
        struct address a;
        if (fact_get_address(fact_children(g), "address", &a))
            take(m, r, router, place, octets_of(&a));
    }
    if (!peers && place == WORD_DYNAMIC_PEER)
        take(m, r, router, place, TEXT(""));
}

static void words_of_interface(const struct model *m, const struct record *r, uint32_t router, word_taker *take)
{
    const struct text nameif = fact_get_text(r->facts, "nameif"), map = fact_get_text(r->facts, "crypto_map"),
                      to = fact_get_text(r->facts, "tunnel_destination");
    struct address a;
    take(m, r, router, WORD_INTERFACE, r->title);
    if (nameif.len)
        take(m, r, router, WORD_NAMEIF, nameif);
    if (map.len)
        take(m, r, router, WORD_CARRIED, map);
    if (!fact_get_text(r->facts, "tunnel_profile").len)
        return;
    for (const struct fact *g = to.len ? NULL : fact_members(r->facts, "nhrp_peers"); g; g = g->next)
        if (fact_get_address(fact_children(g), "address", &a))
            take(m, r, router, WORD_TUNNEL_PEER, octets_of(&a));
    if (address_read(to, &a))
        take(m, r, router, WORD_TUNNEL_PEER, octets_of(&a));
    else if (!to.len || text_equal(to, TEXT("dynamic"))) /* multipoint, or a virtual template */
        take(m, r, router, WORD_TUNNEL_PEER, TEXT(""));
}

static void words_of(const struct model *m, const struct record *r, uint32_t router, word_taker *take)
{
    struct address a;
    struct text word;
    if (strcmp(r->name, "interface") == 0)
        words_of_interface(m, r, router, take);
    else if (strcmp(r->name, "crypto-map-binding") == 0)
        take(m, r, router, WORD_BOUND, r->title);
    else if (strcmp(r->name, "crypto-dynamic-map") == 0)
        peers_of(m, r, router, WORD_DYNAMIC_PEER, take);
    else if (strcmp(r->name, "tunnel-group") == 0 && address_read(r->title, &a))
        take(m, r, router, WORD_GROUP_ADDRESS, octets_of(&a));
    if (strcmp(r->name, "crypto-map") != 0)
        return;
    peers_of(m, r, router, WORD_MAP_PEER, take);
    word = fact_get_text(r->facts, "dynamic_map");
    if (word.len)
        take(m, r, router, WORD_DYNAMIC, word);
}

/* ---- the index ---- */

static void add(const struct model *m, const struct record *r, uint32_t router, enum word_place place, struct text word)
{
    struct map *words = &m->record_index->words;
    struct word_key key;
    if (!key_of(&key, router, place, word))
        return;
    struct worded *first = map_find(words, key_octets(&key));
    if (first && first->last->record == r)
        return; /* it has it twice */
    struct worded *w = arena_new(m->run, struct worded);
    w->record = r;
    if (first) {
        first->last->next = w;
        first->last = w;
        return;
    }
    w->last = w;
    map_put(words, arena_bytes(m->run, key_octets(&key)), w);
}

static void take_away(const struct model *m, const struct record *r, uint32_t router, enum word_place place, struct text word)
{
    struct word_key key;
    (void)r;
    if (key_of(&key, router, place, word))
        map_put(&m->record_index->words, key_octets(&key), NULL);
}

void words_enlist(const struct model *m, const struct record *r, uint32_t router)
{
    words_of(m, r, router, add);
}

void words_delist(const struct model *m, const struct record *r, uint32_t router)
{
    words_of(m, r, router, take_away);
}

const struct worded *words_first(const struct model *m, uint32_t device, enum word_place place, struct text word)
{
    struct word_key key;
    (void)record_next(m, 0, "interface", NULL); /* all that came since is in the index then */
    return key_of(&key, device ? device_one(m, device) : 0, place, word) ? map_find(&m->record_index->words, key_octets(&key))
                                                                         : NULL;
}

const struct worded *words_to(const struct model *m, uint32_t device, enum word_place place, struct address address)
{
    return address.family == ADDRESS_NONE ? NULL : words_first(m, device, place, octets_of(&address));
}

const struct record *words_earlier(const struct worded *one, const struct worded *other)
{
    const struct worded *first = !one || (other && other->record->order < one->record->order) ? other : one;
    return first ? first->record : NULL;
}
