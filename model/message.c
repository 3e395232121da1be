/* Facts, their reading and copying, and what analysis asks of a message. */
#include "model/message.h"

#include "base/limits.h"

struct facts facts_into(struct arena *arena, struct fact **head)
{
    while (*head)
        head = &(*head)->next;
    return (struct facts){ arena, head };
}

static struct fact *fact_add(struct facts *f, const char *name, enum fact_kind kind)
{
    struct fact *fact = arena_new(f->arena, struct fact);
    fact->name = name;
    fact->kind = (uint8_t)kind;
    *f->at = fact;
    f->at = &fact->next;
    return fact;
}

struct fact *fact_number(struct facts *f, const char *name, uint64_t number)
{
    struct fact *fact = fact_add(f, name, FACT_NUMBER);
    fact->as.number = number;
    return fact;
}

struct fact *fact_bool(struct facts *f, const char *name, bool value)
{
    struct fact *fact = fact_add(f, name, FACT_BOOL);
    fact->as.number = value;
    return fact;
}

struct fact *fact_code(struct facts *f, const char *name, enum registry registry, uint64_t number)
{
    struct fact *fact = fact_add(f, name, registry == REGISTRY_NONE ? FACT_NUMBER : FACT_CODE);
    fact->registry = (uint8_t)registry;
    fact->as.number = number;
    return fact;
}

static struct bytes copy_octets(struct arena *arena, struct bytes b)
{
    return b.len ? arena_bytes(arena, b) : (struct bytes){ NULL, 0 };
}

struct fact *fact_text(struct facts *f, const char *name, struct text value)
{
    struct fact *fact = fact_add(f, name, FACT_TEXT);
    fact->as.text = arena_copy(f->arena, value);
    return fact;
}

struct fact *fact_octets(struct facts *f, const char *name, struct bytes value)
{
    struct fact *fact = fact_add(f, name, FACT_OCTETS);
    fact->as.octets = copy_octets(f->arena, value);
    return fact;
}

struct fact *fact_address(struct facts *f, const char *name, struct address value)
{
    struct fact *fact = fact_add(f, name, FACT_ADDRESS);
    fact->as.address = value;
    return fact;
}

struct fact *fact_list(struct facts *f, const char *name)
{
    return fact_add(f, name, FACT_LIST);
}
struct fact *fact_group(struct facts *f, const char *name)
{
    return fact_add(f, name, FACT_GROUP);
}

const struct fact *fact_find(const struct fact *first, const char *name)
{
    for (const struct fact *fact = first; fact; fact = fact->next)
        if (fact->name && (fact->name == name || (fact->name[0] == name[0] && strcmp(fact->name, name) == 0)))
            return fact;
    return NULL;
}

struct list_end { /* key first: it is what the map goes by */
    uintptr_t owner, name;
    struct fact *list;
    struct fact **at;
};

static struct list_end *end_of_list(struct fact_lists *lists, const void *owner, const char *name)
{
    const uintptr_t key[2] = { (uintptr_t)owner, (uintptr_t)name };
    struct list_end *end = map_find(&lists->ends, bytes_over(key, sizeof key));
    if (end)
        return end;
    end = arena_new(lists->keys, struct list_end);
    *end = (struct list_end){ .owner = key[0], .name = key[1] };
    map_put(&lists->ends, bytes_over(end, sizeof key), end);
    return end;
}

/* A line beside it may have its name, too. */
static struct fact *list_among(const struct fact *first, const char *name)
{
    while (first && !(first->kind == FACT_LIST && first->name && strcmp(first->name, name) == 0))
        first = first->next;
    return (struct fact *)(uintptr_t)first;
}

struct facts fact_list_in(struct fact_lists *lists, const void *owner, const struct fact *first, struct facts *end,
                          const char *name)
{
    struct list_end *known = end_of_list(lists, owner, name);
    if (!known->list)
        known->list = list_among(first, name);
    if (!known->list) {
        known->list = fact_list(end, name);
        known->list->line = lists->line;
    }
    struct facts f = facts_into(lists->arena, known->at ? known->at : &known->list->as.child);
    known->at = f.at;
    return f;
}

const struct fact *fact_members_in(const struct fact_lists *lists, const void *owner, const struct fact *first, const char *name)
{
    const uintptr_t key[2] = { (uintptr_t)owner, (uintptr_t)name };
    const struct list_end *known = map_find(&lists->ends, bytes_over(key, sizeof key));
    return known ? known->list->as.child : fact_members(first, name);
}

static bool number_of(const struct fact *fact, uint64_t *number)
{
    if (!fact)
        return false;
    bool numbered = fact->kind == FACT_NUMBER || fact->kind == FACT_BOOL || fact->kind == FACT_CODE;
    if (numbered)
        *number = fact->as.number;
    return numbered;
}

bool fact_get_number(const struct fact *first, const char *name, uint64_t *number)
{
    return number_of(fact_find(first, name), number);
}

struct text fact_get_text(const struct fact *first, const char *name)
{
    const struct fact *fact = fact_find(first, name);
    if (!fact)
        return (struct text){ NULL, 0 };
    if (fact->kind == FACT_TEXT)
        return fact->as.text;
    if (fact->kind == FACT_CODE)
        return text_of(registry_name((enum registry)fact->registry, fact->as.number));
    return (struct text){ NULL, 0 };
}

bool fact_get_address(const struct fact *first, const char *name, struct address *a)
{
    const struct fact *fact = fact_find(first, name);
    if (!fact || fact->kind != FACT_ADDRESS)
        return false;
    *a = fact->as.address;
    return true;
}

struct bytes fact_get_octets(const struct fact *first, const char *name)
{
    const struct fact *fact = fact_find(first, name);
    return fact && fact->kind == FACT_OCTETS ? fact->as.octets : (struct bytes){ NULL, 0 };
}

static struct fact *copy_facts(struct arena *arena, const struct fact *first, unsigned depth)
{
    struct fact *head = NULL, **at = &head;
    for (const struct fact *fact = first; fact && depth <= LIMIT_NESTING; fact = fact->next) {
        struct fact *copy = arena_new(arena, struct fact);
        *copy = *fact;
        copy->next = NULL;
        switch ((enum fact_kind)fact->kind) {
        case FACT_TEXT:
            copy->as.text = arena_copy(arena, fact->as.text);
            break;
        case FACT_OCTETS:
            copy->as.octets = copy_octets(arena, fact->as.octets);
            break;
        case FACT_LIST:
        case FACT_GROUP:
            copy->as.child = copy_facts(arena, fact->as.child, depth + 1);
            break;
        case FACT_NONE:
        case FACT_CODE:
        case FACT_NUMBER:
        case FACT_BOOL:
        case FACT_ADDRESS:
            break;
        }
        *at = copy;
        at = &copy->next;
    }
    return head;
}

struct fact *facts_copy(struct arena *arena, const struct fact *first)
{
    return copy_facts(arena, first, 0);
}

/* ---- The digest ---- */

static unsigned small_number(const struct fact *first, const char *name, unsigned most)
{
    uint64_t number = 0;
    return fact_get_number(first, name, &number) && number <= most ? (unsigned)number : 0;
}

static struct spi spi_of_octets(struct bytes octets)
{
    if (!octets.len || octets.len > 8)
        return (struct spi){ 0, 0 };
    struct cursor c = cursor_over(octets);
    return spi_of(cursor_number(&c, octets.len), (unsigned)octets.len * 2);
}

static size_t count_members(const struct fact *list, size_t most)
{
    size_t count = 0;
    for (const struct fact *member = fact_children(list); member && count < most; member = member->next)
        count++;
    return count;
}

static bool full(struct message *m, size_t count, enum limit row)
{
    if (count < limit_rows[row].value)
        return false;
    m->over |= limit_bit(row);
    return true;
}

static const struct fact *find_list(const struct fact *first, const char *name)
{
    const struct fact *list = fact_find(first, name);
    return list && list->kind == FACT_LIST ? list : NULL;
}

static void digest_transforms(struct message *m, struct proposal *p, const struct fact *list, struct arena *arena)
{
    size_t count = count_members(list, LIMIT_TRANSFORMS);
    if (!count)
        return;
    if (count_members(list, LIMIT_TRANSFORMS + 1) > count)
        m->over |= limit_bit(OVER_TRANSFORMS);
    p->transforms = arena_array(arena, struct transform, count);
    for (const struct fact *member = fact_children(list); member && p->count < count; member = member->next) {
        if (member->kind != FACT_GROUP)
            continue;
        struct transform t = { .type = (uint8_t)small_number(fact_children(member), "type", UINT8_MAX) };
        uint64_t id = 0;
        if (!fact_get_number(fact_children(member), "id", &id) && !fact_get_number(fact_children(member), "name", &id))
            continue; /* a vendor's word that no registry has */
        t.id = (uint16_t)id;
        t.key_length = (uint16_t)small_number(fact_children(member), "key_length", UINT16_MAX);
        p->transforms[p->count++] = t;
    }
}

static struct proposal **digest_sa(struct message *m, struct proposal **at, const struct fact *facts, struct arena *arena)
{
    const struct fact *list = find_list(facts, "proposals");
    size_t count = 0;
    for (const struct fact *member = fact_children(list); member && !full(m, count++, OVER_PROPOSALS); member = member->next) {
        if (member->kind != FACT_GROUP)
            continue;
        struct proposal *p = arena_new(arena, struct proposal);
        p->number = (uint8_t)small_number(fact_children(member), "number", UINT8_MAX);
        p->protocol = (uint8_t)small_number(fact_children(member), "protocol", UINT8_MAX);
        p->spi = spi_of_octets(fact_get_octets(fact_children(member), "spi"));
        digest_transforms(m, p, find_list(fact_children(member), "transforms"), arena);
        *at = p;
        at = &p->next;
    }
    return at;
}

static struct selector **digest_selectors(struct message *m, struct selector **at, const struct fact *facts, struct arena *arena)
{
    const struct fact *list = find_list(facts, "selectors");
    size_t count = 0;
    for (const struct fact *member = fact_children(list); member && !full(m, count++, OVER_SELECTORS); member = member->next) {
        const struct fact *start = fact_find(fact_children(member), "start"), *end = fact_find(fact_children(member), "end");
        if (member->kind != FACT_GROUP || !start || !end || start->kind != FACT_ADDRESS || end->kind != FACT_ADDRESS)
            continue; /* a security label, Fibre Channel: not addresses */
        struct selector *s = arena_new(arena, struct selector);
        s->type = (uint8_t)small_number(fact_children(member), "type", UINT8_MAX);
        s->protocol = (uint8_t)small_number(fact_children(member), "protocol", UINT8_MAX);
        s->start = start->as.address;
        s->end = end->as.address;
        uint64_t port = 0;
        s->start_port = (uint16_t)small_number(fact_children(member), "start_port", UINT16_MAX);
        s->end_port = fact_get_number(fact_children(member), "end_port", &port) ? (uint16_t)port : UINT16_MAX;
        *at = s;
        at = &s->next;
    }
    return at;
}

static struct notice **digest_notify(struct notice **at, const struct fact *facts, struct arena *arena)
{
    uint64_t type = 0;
    if (!fact_get_number(facts, "number", &type) && !fact_get_number(facts, "notify", &type))
        return at;
    struct notice *n = arena_new(arena, struct notice);
    n->type = (uint16_t)type;
    n->protocol = (uint8_t)small_number(facts, "protocol", UINT8_MAX);
    n->spi = spi_of_octets(fact_get_octets(facts, "spi"));
    n->data = copy_octets(arena, fact_get_octets(facts, "data"));
    *at = n;
    return &n->next;
}

static struct deletion **digest_delete(struct deletion **at, const struct fact *facts, struct arena *arena)
{
    struct deletion *d = arena_new(arena, struct deletion);
    d->protocol = (uint8_t)small_number(facts, "protocol", UINT8_MAX);
    const struct fact *list = find_list(facts, "spis");
    size_t count = count_members(list, UINT16_MAX);
    if (count) {
        d->spis = arena_array(arena, struct spi, count);
        for (const struct fact *member = fact_children(list); member && d->count < count; member = member->next)
            if (member->kind == FACT_OCTETS)
                d->spis[d->count++] = spi_of_octets(member->as.octets);
    }
    *at = d;
    return &d->next;
}

static void digest_identity(struct identity *id, const struct fact *facts, struct arena *arena)
{
    if (id->type || id->value.at)
        return; /* the first counts */
    id->type = (uint8_t)small_number(facts, "id_type", UINT8_MAX);
    id->value = arena_copy(arena, fact_get_text(facts, "id"));
}

struct certificate certificate_copy(struct arena *arena, const struct certificate *c)
{
    return (struct certificate){ arena_copy(arena, c->subject), arena_copy(arena, c->issuer), arena_copy(arena, c->not_before),
                                 arena_copy(arena, c->not_after), c->by_url };
}

/* A method may refuse in its own words, to which the client says AUTHENTICATION_FAILED before EAP failure is sent. */
static bool method_refused(unsigned type, const struct fact *facts)
{
    static const struct {
        uint8_t type, number;
        const char *fact;
    } words[] = {
        { EAP_MSCHAPV2, 4, "opcode" },                                   /* Failure */
        { EAP_CISCO_MSCHAPV2, 4, "opcode" }, { EAP_AKA, 2, "subtype" },  /* AKA-Authentication-Reject */
        { EAP_AKA_PRIME, 2, "subtype" },     { EAP_SIM, 14, "subtype" }, /* Client-Error */
        { EAP_AKA, 14, "subtype" },
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (words[i].type == type && small_number(facts, words[i].fact, UINT8_MAX) == words[i].number)
            return true;
    return false;
}

static void digest_eap(struct message *m, const struct fact *facts, struct arena *arena)
{
    m->eap_code = (uint8_t)small_number(facts, "code", UINT8_MAX);
    m->eap_type = (uint8_t)small_number(facts, "eap_type", UINT8_MAX);
    m->eap_identity = arena_copy(arena, fact_get_text(facts, "identity"));
    m->eap_refused = m->eap_code == EAPCODE_FAILURE || method_refused(m->eap_type, facts);
}

struct digest_tails {
    struct proposal **proposals;
    struct notice **notices;
    struct selector **tsi, **tsr;
    struct deletion **deletions;
};

/* Names as a capture's octets give them and as logs print them. */
static uint8_t vendor_mark(struct text vendor)
{
    static const struct {
        const char *word;
        enum vendor_mark mark;
    } words[] = {
        { "DELETE-REASON", VENDOR_DELETE_REASON }, { "COPYRIGHT", VENDOR_COPYRIGHT }, { "copyright", VENDOR_COPYRIGHT },
        { "FRAGMENTATION", VENDOR_FRAGMENTATION }, { "FlexVPN", VENDOR_FLEXVPN },     { "FLEXVPN", VENDOR_FLEXVPN },
        { "DYNAMIC-ROUTE", VENDOR_DYNAMIC_ROUTE },
    };
    for (size_t i = 0; vendor.len && i < COUNT_OF(words); i++)
        if (text_has(vendor, text_of(words[i].word)))
            return (uint8_t)words[i].mark;
    return 0;
}

static void digest_payload(struct message *m, const struct payload *p, struct digest_tails *at, struct arena *arena)
{
    switch ((enum payload_type)p->type) {
    case PAYLOAD_SA:
        at->proposals = digest_sa(m, at->proposals, p->facts, arena);
        break;
    case PAYLOAD_NOTIFY:
        at->notices = digest_notify(at->notices, p->facts, arena);
        break;
    case PAYLOAD_DELETE:
        at->deletions = digest_delete(at->deletions, p->facts, arena);
        break;
    case PAYLOAD_TSI:
        at->tsi = digest_selectors(m, at->tsi, p->facts, arena);
        break;
    case PAYLOAD_TSR:
        at->tsr = digest_selectors(m, at->tsr, p->facts, arena);
        break;
    case PAYLOAD_IDI:
        digest_identity(&m->idi, p->facts, arena);
        break;
    case PAYLOAD_IDR:
        digest_identity(&m->idr, p->facts, arena);
        break;
    case PAYLOAD_KE:
        if (!m->ke_group)
            m->ke_group = (uint16_t)small_number(p->facts, "group", UINT16_MAX);
        if (!m->ke_group)
            m->ke_group = (uint16_t)small_number(p->facts, "group_name", UINT16_MAX);
        break;
    case PAYLOAD_NONCE: {
        size_t length = fact_get_octets(p->facts, "data").len;
        if (!length && p->length > 4)
            length = p->length - 4;
        m->nonce_length = (uint16_t)(length > UINT16_MAX ? UINT16_MAX : length);
        break;
    }
    case PAYLOAD_AUTH:
        m->auth_method = (uint8_t)small_number(p->facts, "number", UINT8_MAX);
        if (!m->auth_method)
            m->auth_method = (uint8_t)small_number(p->facts, "method", UINT8_MAX);
        break;
    case PAYLOAD_CP:
        m->cfg_type = (uint8_t)small_number(p->facts, "cfg_type", UINT8_MAX);
        break;
    case PAYLOAD_EAP:
        digest_eap(m, p->facts, arena);
        break;
    case PAYLOAD_CERT:
        if (!m->cert.subject.at)
            m->cert = certificate_copy(
                arena, &(struct certificate){ fact_get_text(p->facts, "subject"), fact_get_text(p->facts, "issuer"),
                                              fact_get_text(p->facts, "not_before"), fact_get_text(p->facts, "not_after"),
                                              m->cert.by_url || fact_find(p->facts, "url") });
        if (m->cert_count < UINT8_MAX)
            m->cert_count++;
        break;
    case PAYLOAD_VENDOR:
        m->vendors |= vendor_mark(fact_get_text(p->facts, "vendor"));
        break;
    case PAYLOAD_SK:
    case PAYLOAD_SKF:
        m->has_sk = true;
        break;
    default:
        break;
    }
}

void message_digest(struct message *m, struct arena *arena)
{
    m->proposals = NULL;
    m->notices = NULL;
    m->tsi = m->tsr = NULL;
    m->deletions = NULL;
    m->idi = m->idr = (struct identity){ 0 };
    m->types = NULL;
    m->type_count = m->ke_group = m->nonce_length = 0;
    m->auth_method = m->cfg_type = m->eap_code = m->eap_type = m->cert_count = m->vendors = 0;
    m->has_sk = m->protection != PROTECTION_NONE;
    m->eap_refused = false;
    m->eap_identity = (struct text){ NULL, 0 };
    m->cert = (struct certificate){ 0 };

    struct digest_tails at = { &m->proposals, &m->notices, &m->tsi, &m->tsr, &m->deletions };
    size_t count = 0;
    for (const struct payload *p = m->payloads; p && count < UINT16_MAX; p = p->next)
        count++;
    if (count)
        m->types = arena_array(arena, uint8_t, count);
    for (const struct payload *p = m->payloads; p && m->type_count < count; p = p->next) {
        m->types[m->type_count++] = p->type;
        digest_payload(m, p, &at, arena);
    }
}

/* ---- Copying ---- */

/* Copies a list of structs that begin with their next pointer; the body sees `copy` and `from`. */
#define COPY_LIST(type, head, first, body)                                                                                       \
    do {                                                                                                                         \
        struct type *list_head_ = NULL, **list_at_ = &list_head_;                                                                \
        for (const struct type *from = (first); from; from = from->next) {                                                       \
            struct type *copy = arena_new(arena, struct type);                                                                   \
            *copy = *from;                                                                                                       \
            copy->next = NULL;                                                                                                   \
            body;                                                                                                                \
            *list_at_ = copy;                                                                                                    \
            list_at_ = &copy->next;                                                                                              \
        }                                                                                                                        \
        (head) = list_head_;                                                                                                     \
    } while (0)

static void *copy_array(struct arena *arena, const void *from, size_t size, size_t count)
{
    if (!from || !count)
        return NULL;
    void *to = arena_take_array(arena, size, count);
    memcpy(to, from, size * count);
    return to;
}

struct proposal *proposals_copy(struct arena *arena, const struct proposal *first)
{
    struct proposal *copies;
    COPY_LIST(proposal, copies, first,
              copy->transforms = copy_array(arena, from->transforms, sizeof *from->transforms, from->count));
    return copies;
}

bool selector_holds(const struct selector *wide, const struct selector *narrow)
{
    return range_has(wide->start, wide->end, narrow->start) && range_has(wide->start, wide->end, narrow->end);
}

bool selector_meets(const struct selector *a, const struct selector *b)
{
    return range_meets(a->start, a->end, b->start, b->end);
}

struct selector *selectors_copy(struct arena *arena, const struct selector *first)
{
    struct selector *copies;
    COPY_LIST(selector, copies, first, (void)0);
    return copies;
}

struct message *message_copy(struct arena *arena, const struct message *m, bool with_payloads)
{
    struct message *to = arena_new(arena, struct message);
    *to = *m;
    to->octets = (struct bytes){ NULL, 0 };
    to->payloads = NULL;
    if (with_payloads)
        COPY_LIST(payload, to->payloads, m->payloads, copy->facts = facts_copy(arena, from->facts));
    to->proposals = proposals_copy(arena, m->proposals);
    COPY_LIST(notice, to->notices, m->notices, copy->data = copy_octets(arena, from->data));
    to->tsi = selectors_copy(arena, m->tsi);
    to->tsr = selectors_copy(arena, m->tsr);
    COPY_LIST(deletion, to->deletions, m->deletions, copy->spis = copy_array(arena, from->spis, sizeof *from->spis, from->count));
    to->idi.value = arena_copy(arena, m->idi.value);
    to->idr.value = arena_copy(arena, m->idr.value);
    to->eap_identity = arena_copy(arena, m->eap_identity);
    to->cert = certificate_copy(arena, &m->cert);
    to->types = copy_array(arena, m->types, sizeof *m->types, m->type_count);
    return to;
}

struct message *message_copy_whole(struct arena *arena, const struct message *m, bool with_payloads)
{
    struct message *to = message_copy(arena, m, with_payloads || m->octets.len);
    if (m->octets.len)
        to->octets = arena_bytes(arena, m->octets);
    return to;
}

/* ---- Asking ---- */

const struct notice *message_notice(const struct message *m, unsigned notify_type)
{
    for (const struct notice *n = m->notices; n; n = n->next)
        if (n->type == notify_type)
            return n;
    return NULL;
}

bool message_asks_again(const struct message *m)
{
    return m && (message_notice(m, NOTIFY_COOKIE) || message_notice(m, NOTIFY_INVALID_KE_PAYLOAD));
}

const struct notice *message_error(const struct message *m)
{
    for (const struct notice *n = m->notices; n; n = n->next)
        if (n->type && notify_is_error(n->type))
            return n;
    return NULL;
}

const struct proposal *message_proposal(const struct message *m, bool ike)
{
    for (const struct proposal *p = m ? m->proposals : NULL; p; p = p->next)
        if ((p->protocol == PROTOCOL_IKE) == ike)
            return p;
    return NULL;
}

bool message_has_type(const struct message *m, unsigned payload_type)
{
    for (size_t i = 0; i < m->type_count; i++)
        if (m->types[i] == payload_type)
            return true;
    return false;
}

const struct transform *proposal_transform(const struct proposal *p, unsigned type)
{
    for (size_t i = 0; p && i < p->count; i++)
        if (p->transforms[i].type == type)
            return &p->transforms[i];
    return NULL;
}

/* ---- Printing ---- */

void spi_print(struct spi s, struct buffer *out)
{
    static const char digits[] = "0123456789abcdef";
    for (unsigned left = s.digits < 16 ? s.digits : 16; left-- > 0;)
        buffer_byte(out, digits[s.value >> (4 * left) & 15]);
}

void transform_print(struct transform t, struct buffer *out)
{
    const char *type = registry_name(REGISTRY_TRANSFORM, t.type);
    const char *name = registry_name(transform_registry(t.type), t.id);
    if (t.type == TRANSFORM_DH) {
        buffer_format(out, name ? "DH group %u (%s)" : "DH group %u", (unsigned)t.id, name);
        return;
    }
    bool speaks = name && t.type != TRANSFORM_INTEG ? true : name && t.id != INTEG_NONE;
    if (speaks && transform_registry(t.type) != REGISTRY_KE)
        buffer_string(out, name);
    else if (type && name)
        buffer_format(out, "%s %s", type, name);
    else if (type)
        buffer_format(out, "%s %u", type, (unsigned)t.id);
    else
        buffer_format(out, "transform type %u id %u", (unsigned)t.type, (unsigned)t.id);
    if (t.key_length)
        buffer_format(out, "-%u", (unsigned)t.key_length);
}

const char *payload_notation(unsigned type)
{
    if (type == PAYLOAD_NONE)
        return NULL;
    const char *name = registry_name(REGISTRY_PAYLOAD, type);
    return name ? name : registry_name(REGISTRY_PAYLOAD1, type);
}

const char *exchange_name(unsigned type)
{
    const char *name = registry_name(REGISTRY_EXCHANGE, type);
    return name ? name : registry_name(REGISTRY_EXCHANGE1, type);
}
