#include "analysis/fits.h"

#include "analysis/evidence.h"

enum { BITS = 129, NAME_MOST = 255 /* octets of a domain, RFC 1035 section 2.3.4 */ };

struct link { /* entries that a key leads to, in their order */
    struct link *next, *last;
    const struct fit *fit;
};

/* The entries of one router and kind (and title). */
struct fit_set {
    uint32_t number;  /* part of every key of it */
    uint32_t changes; /* of the index, when it was made */
    uint32_t count;
    const struct fit *last;
    bool prefixes[BITS]; /* some range shares so many bits */
    bool domains;
};

/* What a key is of; behind it stand a type of identity and octets. */
enum key { KEY_SET, KEY_ANY, KEY_PREFIX, KEY_DOMAIN, KEY_WORD, KEY_HOST };

unsigned fit_narrowness(struct address start, struct address end)
{
    unsigned bits = 0;
    for (size_t i = 0; i < address_length(start); i++) {
        uint8_t differ = start.octets[i] ^ end.octets[i];
        if (differ == 0) {
            bits += 8;
            continue;
        }
        while (!(differ & 0x80)) {
            bits++;
            differ = (uint8_t)(differ << 1);
        }
        break;
    }
    return bits;
}

/* ---- keys ---- */

struct builder {
    const struct model *m;
    struct fit_set *set;
    const struct fit *fit;
    struct buffer key;
};

static struct bytes key_begin(struct buffer *key, uint32_t number, enum key what, unsigned type)
{
    const uint8_t head[] = { (uint8_t)what,           (uint8_t)type,          (uint8_t)(number >> 24),
                             (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number };
    buffer_reset(key);
    buffer_put(key, head, sizeof head);
    return bytes_of_text(buffer_view(key));
}

static struct bytes key_word(struct buffer *key, uint32_t number, enum key what, unsigned type, struct text word)
{
    (void)key_begin(key, number, what, type);
    for (size_t i = 0; i < word.len; i++)
        buffer_byte(key, (uint8_t)text_lower(word.at[i]));
    return bytes_of_text(buffer_view(key));
}

static struct bytes key_prefix(struct buffer *key, uint32_t number, unsigned type, struct address a, unsigned bits)
{
    (void)key_begin(key, number, KEY_PREFIX, type);
    buffer_byte(key, a.family);
    buffer_byte(key, (uint8_t)bits);
    for (unsigned i = 0; 8 * i < bits; i++)
        buffer_byte(key, bits - 8 * i >= 8 ? a.octets[i] : (uint8_t)(a.octets[i] & 0xff00 >> (bits - 8 * i)));
    return bytes_of_text(buffer_view(key));
}

static void put(struct builder *b, struct bytes key)
{
    struct map *fits = &b->m->record_index->fits;
    struct link *first = map_find(fits, key), *l = arena_new(b->m->run, struct link);
    l->fit = b->fit;
    if (first)
        first->last->next = l;
    else
        map_put(fits, arena_bytes(b->m->run, key), first = l);
    first->last = l;
}

/* ---- what leads to an entry ---- */

static void put_range(struct builder *b, unsigned type, const struct fact *facts)
{
    struct address start, end;
    if (!fact_get_address(facts, "start", &start) || !fact_get_address(facts, "end", &end) || !address_length(start))
        return;
    const unsigned bits = fit_narrowness(start, end);
    b->set->prefixes[bits] = true;
    put(b, key_prefix(&b->key, b->set->number, type, start, bits));
}

static void put_identity(struct builder *b, const struct fact *facts)
{
    const uint32_t set = b->set->number;
    const struct text want = fact_get_text(facts, "id");
    uint64_t type = 0;
    (void)fact_get_number(facts, "id_type", &type);
    if (fact_find(facts, "any"))
        put(b, key_begin(&b->key, set, KEY_ANY, 0));
    else if (type == ID_IPV4_ADDR || type == ID_IPV6_ADDR)
        put_range(b, (unsigned)type, facts);
    else if (!fact_find(facts, "domain"))
        put(b, key_word(&b->key, set, KEY_WORD, (unsigned)type, want));
    else if (want.len <= NAME_MOST) {
        b->set->domains = true;
        put(b, key_word(&b->key, set, KEY_DOMAIN, (unsigned)type, want));
    }
}

static void put_entry(struct builder *b, const struct fit_kind *kind, const struct fact *facts)
{
    const struct fact *identity = kind->identity ? fact_find(facts, kind->identity) : NULL;
    if (!kind->identity) {
        put_identity(b, facts);
        return;
    }
    if (identity)
        put_identity(b, fact_children(identity));
    put_range(b, 0, facts);
    const struct text host = fact_get_text(facts, "hostname");
    if (host.len)
        put(b, key_word(&b->key, b->set->number, KEY_HOST, 0, host));
}

static struct fit_set *make_set(const struct model *m, uint32_t device, const struct fit_kind *kind, struct text title)
{
    struct builder b = { .m = m, .set = arena_new(m->run, struct fit_set) };
    buffer_init(&b.key, 1 << 22);
    b.set->number = ++m->record_index->fit_sets;
    b.set->changes = m->record_index->changes;
    for (const struct record *r = record_next(m, device, kind->record, NULL); r; r = record_next(m, device, kind->record, r))
        for (const struct fact *g = !title.len || text_equal(r->title, title) ? fact_members(r->facts, kind->list) : NULL; g;
             g = g->next) {
            if (kind->having && !fact_find(fact_children(g), kind->having))
                continue;
            struct fit *fit = arena_new(m->run, struct fit);
            *fit = (struct fit){ r, g, b.set->count++ };
            b.fit = b.set->last = fit;
            put_entry(&b, kind, fact_children(g));
        }
    buffer_clear(&b.key);
    return b.set;
}

static struct fit_set *set_of(const struct model *m, uint32_t device, const struct fit_kind *kind, struct text title,
                              struct buffer *room)
{
    struct map *fits = &m->record_index->fits;
    const uint32_t router = device_one(m, device);
    (void)key_begin(room, router, KEY_SET, 0);
    buffer_string(room, kind->record);
    buffer_byte(room, 0);
    buffer_string(room, kind->having ? kind->having : "");
    buffer_byte(room, 0);
    buffer_text(room, title);
    const struct bytes key = bytes_of_text(buffer_view(room));
    struct fit_set *set = map_find(fits, key);
    if (set && set->changes == m->record_index->changes)
        return set;
    set = make_set(m, device, kind, title);
    map_put(fits, arena_bytes(m->run, key), set);
    return set;
}

/* ---- the best ---- */

struct asked {
    const struct model *m;
    const struct fit_kind *kind;
    const struct fit_set *set;
    const struct identity *id;
    struct address peer, own;
    struct buffer key;
    const struct fit *best;
    unsigned score;
};

/* The first of what the key leads to that fits as well as such a key says; true: there is one. */
static bool look(struct asked *a, struct bytes key, unsigned least)
{
    const bool choosy = a->kind->serves && a->own.family != ADDRESS_NONE;
    for (const struct link *l = map_find(&a->m->record_index->fits, key); l; l = l->next) {
        if (choosy && !a->kind->serves(a->m, l->fit->record, a->own))
            continue;
        const unsigned score = a->kind->score(fact_children(l->fit->group), a->id, a->peer);
        if (score > a->score || (score && score == a->score && l->fit->order < a->best->order)) {
            a->best = l->fit;
            a->score = score;
        }
        if (score >= least)
            return true;
    }
    return false;
}

static void look_at_prefixes(struct asked *a, unsigned type, struct address of)
{
    bool found = false;
    for (unsigned bits = 8 * (unsigned)address_length(of) + 1; bits-- > 0 && address_length(of) && !found;)
        found = a->set->prefixes[bits] && look(a, key_prefix(&a->key, a->set->number, type, of, bits), FIT_PREFIX + bits);
}

/* "r1.branch.example" and "user@branch.example" are of ".branch.example", "branch.example", "example". */
static void look_at_domains(struct asked *a)
{
    const struct text host = a->id->value;
    for (size_t i = host.len > NAME_MOST ? host.len - NAME_MOST : 1; i < host.len && a->set->domains; i++) {
        const char here = host.at[i], before = host.at[i - 1];
        if (here == '.' || here == '@' || before == '.' || before == '@')
            (void)look(a, key_word(&a->key, a->set->number, KEY_DOMAIN, a->id->type, text_from(host, i)), FIT_DOMAIN);
    }
}

const struct fit *fit_best(const struct model *m, uint32_t device, const struct fit_kind *kind, struct text title,
                           const struct identity *id, struct address peer, struct address own)
{
    struct asked a = { .m = m, .kind = kind, .id = id, .peer = peer, .own = own };
    struct address named;
    if (!record_next(m, device, kind->record, NULL))
        return NULL;
    buffer_init(&a.key, 1 << 22);
    a.set = set_of(m, device, kind, title, &a.key);
    const bool known = id && id->type;
    look_at_prefixes(&a, 0, peer);
    for (unsigned i = 0; i < 2; i++) {
        const uint8_t type = i ? ID_IPV6_ADDR : ID_IPV4_ADDR;
        if (!known)
            look_at_prefixes(&a, type, peer);
        else if (id->type == type && address_read(id->value, &named))
            look_at_prefixes(&a, type, named);
    }
    if (known) {
        (void)look(&a, key_word(&a.key, a.set->number, KEY_WORD, id->type, id->value), FIT_WORD);
        look_at_domains(&a);
    }
    if (id && id->type == ID_FQDN)
        (void)look(&a, key_word(&a.key, a.set->number, KEY_HOST, 0, id->value), FIT_HOST);
    (void)look(&a, key_begin(&a.key, a.set->number, KEY_ANY, 0), FIT_ANY);
    buffer_clear(&a.key);
    return a.best;
}

const struct fit *fit_sole(const struct model *m, uint32_t device, const struct fit_kind *kind, struct text title)
{
    if (!record_next(m, device, kind->record, NULL))
        return NULL;
    struct buffer key;
    buffer_init(&key, 1 << 22);
    const struct fit_set *set = set_of(m, device, kind, title, &key);
    buffer_clear(&key);
    return set->count == 1 ? set->last : NULL;
}
