/* What several families of commands have among their arguments: transforms, keys, networks, identities. */
#include "parser/configuration.h"

#include "parser/algorithms.h"

static bool is_transform(const struct fact *facts, struct transform t, unsigned protocol, struct text word)
{
    uint64_t type = 0, id = 0, bits = 0, of = 0;
    (void)fact_get_number(facts, "type", &type);
    (void)fact_get_number(facts, "id", &id);
    (void)fact_get_number(facts, "key_length", &bits);
    (void)fact_get_number(facts, "protocol", &of);
    return type == t.type && id == t.id && bits == t.key_length && of == protocol &&
           text_equal(fact_get_text(facts, "word"), word);
}

void config_transform(struct config *c, struct transform t, unsigned protocol, struct text word)
{
    size_t count = 0;
    for (const struct fact *g = config_members(c, "transforms"); g; g = g->next, count++)
        if (is_transform(fact_children(g), t, protocol, word)) /* the command was given again */
            return;
    if (!limits_room(&c->model->read_limits, OVER_TRANSFORMS, count))
        return;
    struct facts f = config_group(c, "transforms");
    if (protocol)
        fact_code(&f, "protocol", REGISTRY_PROTOCOL, protocol);
    if (t.type) {
        fact_code(&f, "type", REGISTRY_TRANSFORM, t.type);
        fact_number(&f, "id", t.id);
        fact_code(&f, "name", transform_registry(t.type), t.id);
    }
    if (t.key_length)
        fact_number(&f, "key_length", t.key_length);
    if (word.len)
        fact_text(&f, "word", word);
}

enum { BLANKS_TYPED = 2 }; /* more is what a terminal or a table fills its lines with */

void config_key(struct config *c, const char *side, const struct text *words, size_t count)
{
    static const char *const forms[] = { "0", "6", "7", "8", "hex", NULL };
    const char *form = "clear";
    if (count > 1 && text_in(words[0], forms)) {
        if (words[0].at[0] != '0')
            form = names_intern(&c->model->names, words[0]);
        words++;
        count--;
    }
    if (count == 0)
        return;
    /* a key may hold blanks: it is the rest of the line */
    struct text key = { words[0].at, (size_t)(words[count - 1].at + words[count - 1].len - words[0].at) };
    struct facts f = config_group(c, "keys");
    fact_text(&f, "side", text_of(side));
    bool masked = true;
    for (size_t i = 0; i < key.len; i++)
        masked = masked && (key.at[i] == '*' || (key.at[i] & 0x80) || key.at[i] == '<' || key.at[i] == '>');
    /* "<removed>" tells nothing, "<removed-2>" of `ikescope redact` whether two are equal */
    masked = masked || (text_starts(key, TEXT("<")) && !text_starts(key, TEXT("<removed-")));
    fact_text(&f, "form", text_of(masked ? "masked" : form));
    /* The number tells equal keys from different ones inside this run and says nothing outside of it; no reporter prints a fact
     * whose name begins with a dot. */
    uint8_t octets[512];
    size_t hex = strcmp(form, "hex") == 0 ? text_unhex(key, octets, sizeof octets) : TEXT_NOWHERE;
    if (!masked && hex != TEXT_NOWHERE)
        fact_number(&f, ".key_digest", hash_bytes(bytes_over(octets, hex)));
    else if (!masked && (strcmp(form, "clear") == 0 || (strcmp(form, "hex") == 0 && key.at[0] == '<')))
        fact_number(&f, ".key_digest", hash_bytes(bytes_of_text(key)));
    /* a router takes a blank at the end for a part of the key; whoever copied the line may have added or lost it */
    if (key.at + key.len == c->end && c->blanks && c->blanks <= BLANKS_TYPED && !c->padded)
        fact_bool(&f, ".ends_in_blank", true);
    const void *where = c->group ? (const void *)c->group : c->object;
    if (c->keyed != where && !fact_find(c->group ? fact_children(c->group) : c->object->record->facts, "has_key"))
        config_bool(c, "has_key", true);
    c->keyed = where;
}

/* {type, how many letters are enough to mean it}; of several that letters may mean, the first */
static const struct {
    const char *type;
    uint8_t enough;
} interface_types[] = {
    { "GigabitEthernet", 1 },
    { "FastEthernet", 1 },
    { "Ethernet", 1 },
    { "TenGigabitEthernet", 2 },
    { "Tunnel", 2 },
    { "Loopback", 1 },
    { "Serial", 1 },
    { "Port-channel", 2 },
    { "Dialer", 1 },
    { "Vlan", 1 },
    { "Virtual-Template", 3 },
    { "BDI", 2 },
    { "BVI", 2 },
    { "Cellular", 2 },
    { "Multilink", 2 },
    { "Null", 1 },
    { "ATM", 1 },
    { "FortyGigabitEthernet", 2 },
    { "HundredGigE", 1 },
    { "TwentyFiveGigE", 4 },
    { "TwoGigabitEthernet", 4 },
    { "Management", 2 },
};

struct text config_interface(struct config *c, const struct text *words, size_t count, size_t *taken)
{
    uint64_t number;
    size_t letters = 0;
    *taken = 0;
    if (!count)
        return (struct text){ NULL, 0 };
    while (letters < words[0].len && !(words[0].at[letters] >= '0' && words[0].at[letters] <= '9'))
        letters++;
    struct text kind = text_upto(words[0], letters), place = text_from(words[0], letters);
    const bool apart = !place.len && count > 1 && text_digits(words[1], 10, &number);
    if (!letters || (!place.len && !apart) || text_find_byte(kind, ':') != TEXT_NOWHERE ||
        text_find_byte(kind, '.') != TEXT_NOWHERE)
        return (struct text){ NULL, 0 };
    *taken = apart ? 2 : 1;
    for (size_t i = 0; i < COUNT_OF(interface_types) && !c->asa; i++)
        if (letters >= interface_types[i].enough && text_starts_nocase(text_of(interface_types[i].type), kind)) {
            kind = text_of(interface_types[i].type);
            break;
        }
    place = apart ? words[1] : place;
    return arena_format(c->section->scratch, "%.*s%.*s", TEXT_ARGS(kind), TEXT_ARGS(place));
}

static struct address with_mask(struct address a, struct address mask, bool wildcard, bool last)
{
    for (size_t i = 0; i < address_length(a); i++) {
        uint8_t free_bits = wildcard ? mask.octets[i] : (uint8_t)~mask.octets[i];
        a.octets[i] = (uint8_t)(last ? a.octets[i] | free_bits : a.octets[i] & (uint8_t)~free_bits);
    }
    return a;
}

static struct address prefix_mask(struct address like, uint64_t bits)
{
    struct address mask = { .family = like.family };
    for (size_t i = 0; i < address_length(like); i++) {
        uint64_t here = bits > 8 * i ? bits - 8 * i : 0;
        mask.octets[i] = (uint8_t)(here >= 8 ? 0xff : 0xff00 >> here);
    }
    return mask;
}

/* 255.255.0.0 can only be a mask, 0.0.255.255 only a wildcard; the two ends are either. */
static bool looks_wildcard(struct address mask, bool wildcard)
{
    size_t last = address_length(mask);
    if (last == 0 || mask.octets[0] == mask.octets[last - 1])
        return wildcard;
    return mask.octets[0] < mask.octets[last - 1];
}

size_t config_network(const struct text *words, size_t count, bool wildcard, struct address *start, struct address *end)
{
    struct address a, mask;
    uint64_t bits;
    if (count == 0)
        return 0;
    size_t slash = text_find_byte(words[0], '/');
    if (!address_read(text_upto(words[0], slash), &a) || address_length(a) == 0)
        return 0;
    *start = *end = a;
    size_t taken = 1;
    if (slash != TEXT_NOWHERE) {
        if (!text_number(text_from(words[0], slash + 1), 10, &bits) || bits > 8 * address_length(a))
            return 0;
        mask = prefix_mask(a, bits);
        wildcard = false;
    } else if (count > 1 && address_read(words[1], &mask) && mask.family == a.family) {
        wildcard = looks_wildcard(mask, wildcard);
        taken = 2;
    } else {
        return 1;
    }
    *start = with_mask(a, mask, wildcard, false);
    *end = with_mask(a, mask, wildcard, true);
    return taken;
}

void config_identity(struct config *c, struct facts *f, const struct text *words, size_t count)
{
    static const struct {
        const char *word;
        uint8_t type;
    } kinds[] = {
        { "fqdn", ID_FQDN },      { "email", ID_RFC822_ADDR }, { "key-id", ID_KEY_ID },
        { "dn", ID_DER_ASN1_DN }, { "hostname", ID_FQDN },
    };
    struct address start, end;
    (void)c;
    if (count == 0)
        return;
    if (text_equal_nocase(words[0], TEXT("any"))) {
        fact_bool(f, "any", true);
        return;
    }
    if (text_equal_nocase(words[0], TEXT("address"))) {
        size_t at = count > 1 && text_equal_nocase(words[1], TEXT("ipv6")) ? 2 : 1;
        if (config_network(words + at, count - at, false, &start, &end)) {
            /* "address 0.0.0.0" without a mask is any address */
            struct address zero = { .family = start.family };
            if (count - at == 1 && address_equal(start, zero) && text_find_byte(words[at], '/') == TEXT_NOWHERE)
                end = with_mask(start, zero, false, true);
            fact_code(f, "id_type", REGISTRY_ID, start.family == ADDRESS_IPV6 ? ID_IPV6_ADDR : ID_IPV4_ADDR);
            fact_text(f, "id", words[at]);
            fact_address(f, "start", start);
            fact_address(f, "end", end);
        }
        return;
    }
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (!text_equal_nocase(words[0], text_of(kinds[i].word)))
            continue;
        size_t at = count > 2 && text_equal_nocase(words[1], TEXT("domain")) ? 2 : 1;
        fact_code(f, "id_type", REGISTRY_ID, kinds[i].type);
        if (at == 2)
            fact_bool(f, "domain", true);
        if (at < count)
            fact_text(f, "id", words[at]);
    }
}
