/*
 * Access lists, and the objects that those of an ASA speak in. Records:
 *
 *   access-list NAME      kind ("extended", "standard"), ipv6 (bool),
 *                         entries: list of group { action ("permit", "deny"), sequence, protocol (number; 0 any),
 *                           source_start, source_end, destination_start, destination_end (address),
 *                           source_port, source_port_end, destination_port, destination_port_end (number),
 *                           options (text: the rest), unresolved (text: what was not understood; addresses absent) }
 *   object NAME           start, end (address), fqdn, nat (text: "(inside,outside) dynamic interface")
 *   route-map NAME        of one clause, title "NAME SEQUENCE": name, action ("permit", "deny"), lists (of `match ip address`),
 *                         interfaces (of `match interface`), match (text: any other)
 *   nat RULE              rule (text): "(inside,outside) source static A A ..." of an ASA, "inside source list L ..." of IOS
 *   object-group NAME     kind, members: list of group { start, end } or { object (text), group (text) }
 *
 * An entry whose object-group has several members becomes several entries with the same line.
 */
#include "parser/configuration.h"

#include "base/limits.h"
#include "model/access.h"

/* Of one end of one entry; groups that hold each other would be looked into without end. */
enum { ACL_MEMBERS = 64, ACL_GROUPS = 256, ACL_ENTRIES = 1 << 17 };

struct span {
    struct address start, end;
};

struct port_range {
    uint32_t first, last;
    bool given;
};

struct acl_end {
    struct span spans[ACL_MEMBERS];
    size_t count;
    unsigned groups; /* how many were looked into */
    struct port_range ports;
    struct text unresolved;
};

static const struct span any4 = { { ADDRESS_IPV4, { 0 } }, { ADDRESS_IPV4, { 255, 255, 255, 255 } } };

static struct span any6(void)
{
    struct span s = { { ADDRESS_IPV6, { 0 } }, { ADDRESS_IPV6, { 0 } } };
    memset(s.end.octets, 0xff, 16);
    return s;
}

/* ---- objects ---- */

static struct config_object *object_of(struct config *c, const char *kind, struct text name)
{
    struct text key = arena_format(c->section->scratch, "%s %.*s", kind, TEXT_ARGS(name));
    return map_find(&c->by_name, bytes_of_text(key));
}

static bool get_span(const struct fact *facts, struct span *s)
{
    const struct fact *start = fact_find(facts, "start"), *end = fact_find(facts, "end");
    if (!start || !end || start->kind != FACT_ADDRESS || end->kind != FACT_ADDRESS)
        return false;
    *s = (struct span){ start->as.address, end->as.address };
    return true;
}

static void add_span(struct acl_end *e, struct span s)
{
    if (e->count < ACL_MEMBERS)
        e->spans[e->count++] = s;
}

static bool add_object(struct config *c, struct acl_end *e, struct text name)
{
    struct config_object *o = object_of(c, "object", name);
    struct span s;
    if (!o || !get_span(o->record->facts, &s))
        return false;
    add_span(e, s);
    return true;
}

static bool add_group(struct config *c, struct acl_end *e, struct text name, unsigned depth)
{
    struct config_object *o = object_of(c, "object-group", name);
    const struct fact *members = o ? fact_find(o->record->facts, "members") : NULL;
    if (!members || e->groups++ >= ACL_GROUPS || !limits_room(&c->model->read_limits, OVER_NESTING, depth))
        return false;
    bool all = true;
    for (const struct fact *m = fact_children(members); m; m = m->next) {
        struct span s;
        struct text object = fact_get_text(fact_children(m), "object"), group = fact_get_text(fact_children(m), "group");
        if (e->count >= ACL_MEMBERS)
            return false;
        if (get_span(fact_children(m), &s))
            add_span(e, s);
        else if (object.len)
            all = add_object(c, e, object) && all;
        else if (group.len)
            all = add_group(c, e, group, depth + 1) && all;
    }
    return all;
}

/* What is translated on its way out goes into no tunnel, unless a rule exempts it. */
static void open_nat_rule(struct config *c, const struct config_args *a, const char *before)
{
    struct text rule = arena_format(c->model->read, "%s%.*s", before, TEXT_ARGS(config_joined(c, a, 0)));
    if (!a->count || a->no)
        return;
    config_open(c, "nat", rule, IN_GLOBAL);
    config_text(c, "rule", rule);
}

static void open_nat(struct config *c, const struct config_args *a)
{
    if (a->count && text_starts(a->word[0], TEXT("("))) /* "nat (inside,outside) ..."; others begin otherwise */
        open_nat_rule(c, a, "");
}

static void open_ios_nat(struct config *c, const struct config_args *a)
{
    if (a->count && text_equal(a->word[0], TEXT("source"))) /* in an interface "ip nat inside" stands alone */
        open_nat_rule(c, a, "inside ");
}

/* "route-map NAME permit 10": what IOS translates may be told by one. */
static void open_route_map(struct config *c, const struct config_args *a)
{
    if (a->count == 0 || a->no)
        return;
    struct text sequence = a->count > 2 ? a->word[2] : TEXT("10"), action = a->count > 1 ? a->word[1] : TEXT("permit");
    config_open(c, "route-map", arena_format(c->model->read, "%.*s %.*s", TEXT_ARGS(a->word[0]), TEXT_ARGS(sequence)),
                IN_ROUTE_MAP);
    config_text(c, "name", a->word[0]);
    config_text(c, "action", action);
}

static void open_object(struct config *c, const struct config_args *a)
{
    if (a->count)
        config_open(c, "object", a->word[0], IN_OBJECT);
}

static void open_object_group(struct config *c, const struct config_args *a)
{
    if (a->count < 2)
        return;
    config_open(c, "object-group", a->word[1], IN_OBJECT_GROUP);
    config_text(c, "kind", a->word[0]);
}

static void put_span(struct facts *f, uint32_t line, struct address start, struct address end)
{
    fact_address(f, "start", start)->line = line;
    fact_address(f, "end", end)->line = line;
}

static void own_host(struct config *c, const struct config_args *a)
{
    struct address address;
    if (a->count && address_read(a->word[0], &address))
        put_span(config_at(c), c->line, address, address);
}

static void own_subnet(struct config *c, const struct config_args *a)
{
    struct address start, end;
    if (config_network(a->word, a->count, false, &start, &end))
        put_span(config_at(c), c->line, start, end);
}

static void own_range(struct config *c, const struct config_args *a)
{
    struct address start, end;
    if (a->count > 1 && address_read(a->word[0], &start) && address_read(a->word[1], &end))
        put_span(config_at(c), c->line, start, end);
}

/* "network-object host A", "network-object A M", "network-object object X", IOS: "host A", "A M", "group-object X" */
static void own_member(struct config *c, const struct config_args *a)
{
    struct address start, end;
    if (a->count == 0)
        return;
    struct facts f = config_group(c, "members");
    bool host = text_equal(a->word[0], TEXT("host"));
    if (a->fact)
        fact_text(&f, "group", a->word[0]);
    else if (text_equal(a->word[0], TEXT("object")) && a->count > 1)
        fact_text(&f, "object", a->word[1]);
    else if (config_network(a->word + host, a->count - host, false, &start, &end))
        put_span(&f, c->line, start, host ? start : end);
}

/* IOS: "host A" and "range A B" of a group */
static void own_group_host(struct config *c, const struct config_args *a)
{
    struct address address;
    if (a->no || !a->count || !address_read(a->word[0], &address))
        return;
    struct facts f = config_group(c, "members");
    put_span(&f, c->line, address, address);
}

static void own_group_range(struct config *c, const struct config_args *a)
{
    struct address start, end;
    if (a->no || a->count < 2 || !address_read(a->word[0], &start) || !address_read(a->word[1], &end))
        return;
    struct facts f = config_group(c, "members");
    put_span(&f, c->line, start, end);
}

/* ---- entries ---- */

static size_t read_ports(const struct text *w, size_t count, struct port_range *p)
{
    uint32_t first, last;
    if (count < 2 || !access_port(w[1], &first))
        return 0;
    if (text_equal(w[0], TEXT("eq"))) {
        *p = (struct port_range){ first, first, true };
        return 2;
    }
    if (text_equal(w[0], TEXT("gt")) || text_equal(w[0], TEXT("lt"))) {
        bool gt = w[0].at[0] == 'g';
        *p = (struct port_range){ gt ? first + 1 : 0, gt ? 65535 : first ? first - 1 : 0, true };
        return 2;
    }
    if (text_equal(w[0], TEXT("range")) && count > 2 && access_port(w[2], &last)) {
        *p = (struct port_range){ first, last, true };
        return 3;
    }
    return 0;
}

/* "10.0.0.0 0.0.254.255" is every other network of a range: no span says that. */
static bool has_gaps(struct text word)
{
    struct address mask;
    unsigned changes = 0;
    bool before = false;
    if (!address_read(word, &mask))
        return false;
    for (size_t i = 0; i < 8 * address_length(mask); i++) {
        const bool set = (mask.octets[i / 8] >> (7 - i % 8)) & 1;
        changes += i && set != before;
        before = set;
    }
    return changes > 1; /* from what counts to what is free, once */
}

static size_t read_end(struct config *c, const struct text *w, size_t count, bool wildcard, bool ipv6, struct acl_end *e)
{
    size_t taken = 0;
    struct span s;
    if (count == 0)
        return 0;
    bool two = count > 1;
    if (text_equal(w[0], TEXT("any")) || text_equal(w[0], TEXT("any4")) || text_equal(w[0], TEXT("any6"))) {
        add_span(e, ipv6 || text_equal(w[0], TEXT("any6")) ? any6() : any4);
        taken = 1;
    } else if (two && text_equal(w[0], TEXT("host")) && address_read(w[1], &s.start)) {
        s.end = s.start;
        add_span(e, s);
        taken = 2;
    } else if (two &&
               (text_equal(w[0], TEXT("object")) || text_equal(w[0], TEXT("object-group")) ||
                text_equal(w[0], TEXT("interface")) || text_equal(w[0], TEXT("host")) || text_equal(w[0], TEXT("addrgroup")))) {
        bool known = text_equal(w[0], TEXT("object")) ? add_object(c, e, w[1]) : add_group(c, e, w[1], 0);
        if (!known)
            e->unresolved = w[1];
        taken = 2;
    } else {
        taken = config_network(w, count, wildcard, &s.start, &s.end);
        if (taken)
            add_span(e, s);
        if (taken > 1 && has_gaps(w[1]))
            e->unresolved = w[1];
    }
    return taken ? taken + read_ports(w + taken, count - taken, &e->ports) : 0;
}

static void put_ports(struct facts *f, const char *first, const char *last, struct port_range p)
{
    if (!p.given)
        return;
    fact_number(f, first, p.first);
    fact_number(f, last, p.last);
}

struct entry {
    struct text action, options, unresolved;
    uint64_t sequence;
    uint32_t protocol;
    bool has_sequence;
    struct acl_end source, destination;
};

static void put_entry(struct config *c, const struct entry *e, const struct span *source, const struct span *destination)
{
    struct facts f = config_group(c, "entries");
    fact_text(&f, "action", e->action);
    if (e->has_sequence)
        fact_number(&f, "sequence", e->sequence);
    fact_number(&f, "protocol", e->protocol);
    if (source) {
        fact_address(&f, "source_start", source->start);
        fact_address(&f, "source_end", source->end);
    }
    if (destination) {
        fact_address(&f, "destination_start", destination->start);
        fact_address(&f, "destination_end", destination->end);
    }
    put_ports(&f, "source_port", "source_port_end", e->source.ports);
    put_ports(&f, "destination_port", "destination_port_end", e->destination.ports);
    if (e->options.len)
        fact_text(&f, "options", e->options);
    if (e->unresolved.len)
        fact_text(&f, "unresolved", e->unresolved);
}

static void put_entries(struct config *c, const struct entry *e)
{
    if (!e->source.count || !e->destination.count || e->unresolved.len) {
        put_entry(c, e, e->source.count ? &e->source.spans[0] : NULL, e->destination.count ? &e->destination.spans[0] : NULL);
        return;
    }
    size_t n = 0;
    for (size_t i = 0; i < e->source.count; i++)
        for (size_t k = 0; k < e->destination.count && limits_room(&c->model->read_limits, OVER_SELECTORS, n); k++, n++) {
            if (n && c->expanded >= ACL_ENTRIES) { /* of all lists: a line stands for hundreds of entries */
                limits_over(&c->model->read_limits, OVER_SELECTORS, 1);
                return;
            }
            c->expanded++;
            put_entry(c, e, &e->source.spans[i], &e->destination.spans[k]);
        }
}

/* "[sequence] permit|deny PROTOCOL END END [options]"; a standard list has the source alone. */
static void read_entry(struct config *c, const struct text *w, size_t count, bool wildcard, bool standard)
{
    struct entry e = { .has_sequence = false };
    bool ipv6 = fact_find(c->object->record->facts, "ipv6") != NULL;
    size_t at = 0;
    if (count > 1 && text_number(w[0], 10, &e.sequence)) {
        e.has_sequence = true;
        at = 1;
    }
    if (at >= count || !(text_equal(w[at], TEXT("permit")) || text_equal(w[at], TEXT("deny"))))
        return; /* a remark */
    e.action = w[at++];
    bool named = at < count && access_protocol(w[at], &e.protocol);
    ipv6 = ipv6 || (named && text_equal(w[at], TEXT("ipv6")));
    if (ipv6 && e.protocol == IPPROTO_NO_ICMP) /* "icmp" in a list of IPv6 */
        e.protocol = IPPROTO_NO_IPV6_ICMP;
    /* "permit 10.0.0.0 0.0.0.255" has no protocol: a standard list, whatever was said */
    if (named && !standard)
        at++;
    else if (at + 1 < count && (text_equal(w[at], TEXT("object")) || text_equal(w[at], TEXT("object-group"))) && !standard) {
        e.unresolved = w[at + 1];
        at += 2;
    } else
        standard = true;
    size_t taken = read_end(c, w + at, count - at, wildcard, ipv6, &e.source);
    at += taken;
    if (standard) {
        add_span(&e.destination, ipv6 ? any6() : any4);
    } else if (taken) {
        taken = read_end(c, w + at, count - at, wildcard, ipv6, &e.destination);
        at += taken;
    }
    struct config_args rest = { .count = 0 };
    for (; at < count; at++)
        rest.word[rest.count++] = w[at];
    if (rest.count && text_equal(rest.word[rest.count - 1], TEXT("inactive")))
        return; /* an ASA keeps the line and does without it */
    e.options = config_joined(c, &rest, 0);
    if (!taken)
        e.unresolved = e.options.len ? e.options : TEXT("incomplete");
    if (!e.unresolved.len)
        e.unresolved = e.source.unresolved.len ? e.source.unresolved : e.destination.unresolved;
    put_entries(c, &e);
}

static void open_list(struct config *c, struct text name, const char *kind)
{
    config_open(c, "access-list", name, IN_ACL);
    if (!fact_find(c->object->record->facts, "kind"))
        config_text(c, "kind", text_of(kind));
}

/* IOS: "access-list 101 permit ip ..."; ASA: "access-list NAME [extended|standard] permit ip ..." */
static void own_access_list(struct config *c, const struct config_args *a)
{
    uint64_t number;
    if (a->count < 2)
        return;
    bool numbered = text_number(a->word[0], 10, &number);
    bool extended = text_equal(a->word[1], TEXT("extended")), standard = text_equal(a->word[1], TEXT("standard"));
    size_t at = extended || standard ? 2 : 1;
    if (numbered && at == 1)
        standard = number < 100 || (number >= 1300 && number < 2000);
    open_list(c, a->word[0], standard ? "standard" : "extended");
    if (at == 1 && a->count > 3 && text_equal(a->word[1], TEXT("line"))) /* as show access-list prints it */
        at = text_equal(a->word[3], TEXT("extended")) || text_equal(a->word[3], TEXT("standard")) ? 4 : 3;
    read_entry(c, a->word + at, a->count - at, numbered && !c->asa && !extended, standard);
    c->context = IN_GLOBAL;
}

static void open_extended(struct config *c, const struct config_args *a)
{
    if (a->count)
        open_list(c, a->word[0], "extended");
}

static void open_standard(struct config *c, const struct config_args *a)
{
    if (a->count)
        open_list(c, a->word[0], "standard");
}

static void open_ipv6(struct config *c, const struct config_args *a)
{
    if (a->count == 0)
        return;
    open_list(c, a->word[0], "extended");
    if (!fact_find(c->object->record->facts, "ipv6"))
        config_bool(c, "ipv6", true);
}

/* The row's words are gone from the arguments; the entry wants them back. */
static void own_entry(struct config *c, const struct config_args *a)
{
    struct text w[CONFIG_WORDS + 2];
    size_t n = 0;
    if (c->sequence.len)
        w[n++] = c->sequence;
    w[n++] = text_of(a->fact);
    for (size_t i = 0; i < a->count; i++)
        w[n++] = a->word[i];
    bool standard = text_equal(fact_get_text(c->object->record->facts, "kind"), TEXT("standard"));
    read_entry(c, w, n, true, standard);
}

/* IPv6: "sequence 30 permit udp any any" */
static void own_sequenced(struct config *c, const struct config_args *a)
{
    bool standard = text_equal(fact_get_text(c->object->record->facts, "kind"), TEXT("standard"));
    read_entry(c, a->word, a->count, true, standard);
}

static const struct config_command commands[] = {
    /* context, kind, arguments at most, words, fact, own */
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "access-list", NULL, own_access_list },
    { IN_GLOBAL, CONFIG_OWN, 1, "ip access-list extended", NULL, open_extended },
    { IN_GLOBAL, CONFIG_OWN, 1, "ip access-list standard", NULL, open_standard },
    { IN_GLOBAL, CONFIG_OWN, 1, "ipv6 access-list", NULL, open_ipv6 },
    { IN_ACL, CONFIG_OWN, CONFIG_REST, "permit", "permit", own_entry },
    { IN_ACL, CONFIG_OWN, CONFIG_REST, "deny", "deny", own_entry },
    { IN_ACL, CONFIG_OWN, CONFIG_REST, "sequence", NULL, own_sequenced },
    { IN_ACL, CONFIG_IGNORED, CONFIG_REST, "remark", NULL, NULL },

    { IN_GLOBAL, CONFIG_OWN, 1, "object network", NULL, open_object },
    { IN_OBJECT, CONFIG_OWN, 1, "host", NULL, own_host },
    { IN_OBJECT, CONFIG_OWN, 2, "subnet", NULL, own_subnet },
    { IN_OBJECT, CONFIG_OWN, 2, "range", NULL, own_range },
    { IN_OBJECT, CONFIG_TEXT, 2, "fqdn", "fqdn", NULL },
    { IN_OBJECT, CONFIG_TEXT, CONFIG_REST, "nat", "nat", NULL },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "nat", NULL, open_nat },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "ip nat inside", NULL, open_ios_nat },
    { IN_GLOBAL, CONFIG_OWN, CONFIG_REST, "route-map", NULL, open_route_map },
    { IN_ROUTE_MAP, CONFIG_LIST, CONFIG_REST, "match ip address", "lists", NULL },
    { IN_ROUTE_MAP, CONFIG_LIST, CONFIG_REST, "match interface", "interfaces", NULL },
    { IN_ROUTE_MAP, CONFIG_TEXT, CONFIG_REST, "match", "match", NULL },
    { IN_ROUTE_MAP, CONFIG_IGNORED, CONFIG_REST, "set", NULL, NULL },
    { IN_OBJECT, CONFIG_TEXT, CONFIG_REST, "description", "description", NULL },
    { IN_GLOBAL, CONFIG_OWN, 3, "object-group", NULL, open_object_group },
    { IN_OBJECT_GROUP, CONFIG_OWN, 2, "network-object", NULL, own_member },
    { IN_OBJECT_GROUP, CONFIG_OWN, 1, "group-object", "group", own_member },
    { IN_OBJECT_GROUP, CONFIG_OWN, 1, "host", NULL, own_group_host },
    { IN_OBJECT_GROUP, CONFIG_OWN, 2, "range", NULL, own_group_range },
    { IN_OBJECT_GROUP, CONFIG_IGNORED, CONFIG_REST, "service-object", NULL, NULL },
    { IN_OBJECT_GROUP, CONFIG_IGNORED, CONFIG_REST, "port-object", NULL, NULL },
    { IN_OBJECT_GROUP, CONFIG_IGNORED, CONFIG_REST, "protocol-object", NULL, NULL },
    { IN_OBJECT_GROUP, CONFIG_IGNORED, CONFIG_REST, "icmp-object", NULL, NULL },
    { IN_OBJECT_GROUP, CONFIG_TEXT, CONFIG_REST, "description", "description", NULL },
};

const struct config_table config_acl_table = { commands, COUNT_OF(commands) };
