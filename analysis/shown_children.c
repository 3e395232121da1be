#include "analysis/shown_children.h"

#include "analysis/children.h"

struct spi shown_spi(const struct fact *facts, const char *name)
{
    struct text t = fact_get_text(facts, name);
    uint64_t value = 0;
    bool known = t.len && text_number(t, 16, &value) && value;
    return spi_of(known ? value : 0, known ? (unsigned)t.len : 0);
}

bool shown_flag(const struct fact *facts, const char *name, bool *value)
{
    const struct fact *f = fact_find(facts, name);
    *value = f && f->kind == FACT_BOOL && f->as.number;
    return f && f->kind == FACT_BOOL;
}

bool shown_number(const struct fact *facts, const char *name, uint16_t *value)
{
    uint64_t number;
    if (!fact_get_number(facts, name, &number) || number > UINT16_MAX)
        return false;
    *value = (uint16_t)number;
    return true;
}

static const struct fact *next_spi(const struct fact *s, const char *direction)
{
    while (s && !text_equal(fact_get_text(fact_children(s), "direction"), text_of(direction)))
        s = s->next;
    return s;
}

static void take_transforms(struct child_sa *c, const struct fact *f)
{
    for (const struct fact *t = fact_members(f, "transforms"); t; t = t->next) {
        uint16_t type = 0, id = 0;
        if (!shown_number(fact_children(t), "type", &type) || !shown_number(fact_children(t), "id", &id))
            continue;
        if (type == TRANSFORM_ENCR) {
            c->proposal.encr = id;
            c->proposal.has_encr = true;
            (void)shown_number(fact_children(t), "key_length", &c->proposal.key_length);
        } else if (type == TRANSFORM_INTEG) {
            c->proposal.integ = id;
            c->proposal.has_integ = true;
        }
    }
}

/* { address, prefix_length or mask, protocol, port } */
struct selector *shown_selector(struct model *m, const struct fact *ident)
{
    const struct fact *f = fact_children(ident);
    struct selector *s = arena_new(m->run, struct selector);
    struct address mask;
    uint64_t number;
    if (!fact_get_address(f, "address", &s->start))
        return NULL;
    s->end = s->start;
    for (size_t i = 0; fact_get_address(f, "mask", &mask) && i < address_length(s->start); i++)
        s->end.octets[i] |= (uint8_t)~mask.octets[i];
    for (size_t i = 0; fact_get_number(f, "prefix_length", &number) && i < address_length(s->start); i++)
        s->end.octets[i] |= (uint8_t)(number >= 8 * (i + 1) ? 0 : number <= 8 * i ? 0xff : 0xff >> (number - 8 * i));
    s->type = s->start.family == ADDRESS_IPV6 ? TS_IPV6_ADDR_RANGE : TS_IPV4_ADDR_RANGE;
    s->protocol = fact_get_number(f, "protocol", &number) ? (uint8_t)number : 0;
    s->start_port = fact_get_number(f, "port", &number) ? (uint16_t)number : 0;
    s->end_port = s->start_port ? s->start_port : UINT16_MAX;
    return s;
}

static void make_child(struct model *m, struct ike_sa *sa, const struct fact *flow, const struct fact *in, const struct fact *out,
                       bool first)
{
    const struct fact *f = fact_children(flow), *g = fact_children(in);
    uint64_t protocol = PROTOCOL_ESP;
    struct spi receives = shown_spi(g, "spi"), sends = shown_spi(fact_children(out), "spi");
    (void)fact_get_number(g, "protocol", &protocol);
    if (!spi_known(receives) && !spi_known(sends))
        return;
    struct child_sa *c = child_with(m, sa, first ? receives : sends, first ? sends : receives, (uint8_t)protocol);
    if (!c)
        return;
    bool udp = false;
    c->outcome = SA_ESTABLISHED;
    c->mode = text_equal(fact_get_text(g, "mode"), TEXT("transport")) ? MODE_TRANSPORT : MODE_TUNNEL;
    if (shown_flag(g, "udp_encapsulated", &udp))
        c->encap = udp ? ENCAP_UDP : ENCAP_NONE;
    if (!c->proposal.has_encr)
        take_transforms(c, g);
    (void)shown_number(f, "dh", &c->pfs_dh);
    if (!c->tsi && !c->tsr) {
        struct selector *local = shown_selector(m, fact_find(f, "local_ident")),
                        *remote = shown_selector(m, fact_find(f, "remote_ident"));
        c->tsi = first ? local : remote;
        c->tsr = first ? remote : local;
    }
}

/* { start, end, start_port, end_port } each */
static struct selector *selectors_of(struct model *m, const struct fact *of)
{
    struct selector *list = NULL, **at = &list;
    for (const struct fact *g = fact_children(of); g; g = g->next) {
        struct selector s = { .end_port = UINT16_MAX };
        if (!fact_get_address(fact_children(g), "start", &s.start) || !fact_get_address(fact_children(g), "end", &s.end))
            continue;
        (void)shown_number(fact_children(g), "start_port", &s.start_port);
        (void)shown_number(fact_children(g), "end_port", &s.end_port);
        s.type = s.start.family == ADDRESS_IPV6 ? TS_IPV6_ADDR_RANGE : TS_IPV4_ADDR_RANGE;
        *at = arena_new(m->run, struct selector);
        **at = s;
        at = &(*at)->next;
    }
    return list;
}

/* A child as `show crypto ikev2 sa` lists it below its IKE SA. */
void shown_child_listed(struct model *m, struct ike_sa *sa, const struct fact *f, bool first)
{
    struct spi receives = shown_spi(f, "esp_spi_in"), sends = shown_spi(f, "esp_spi_out");
    if (!spi_known(receives) || !spi_known(sends))
        return;
    struct child_sa *c = child_with(m, sa, first ? receives : sends, first ? sends : receives, PROTOCOL_ESP);
    if (!c)
        return;
    c->outcome = SA_ESTABLISHED;
    if (!c->proposal.has_encr)
        (void)shown_number(f, "key_length", &c->proposal.key_length);
    c->proposal.has_encr = c->proposal.has_encr || shown_number(f, "encryption", &c->proposal.encr);
    c->proposal.has_integ = c->proposal.has_integ || shown_number(f, "integrity", &c->proposal.integ);
    if (!c->tsi && !c->tsr) {
        struct selector *local = selectors_of(m, fact_find(f, "local_selectors")),
                        *remote = selectors_of(m, fact_find(f, "remote_selectors"));
        c->tsi = first ? local : remote;
        c->tsr = first ? remote : local;
    }
}

/* The first of each direction belong together, then the second. */
void shown_child_flow(struct model *m, struct ike_sa *sa, const struct fact *flow, bool first)
{
    const struct fact *sas = fact_find(fact_children(flow), "sas");
    for (const struct fact *in = fact_children(sas), *out = in;; in = in->next, out = out->next) {
        in = next_spi(in, "inbound");
        out = next_spi(out, "outbound");
        if (!in || !out)
            return;
        make_child(m, sa, flow, in, out, first);
    }
}

static void make_tunnel(struct model *m, struct ike_sa *sa, const struct fact *f, bool first)
{
    struct child_sa *c = child_new(m, sa, (struct spi){ 0 }, (struct spi){ 0 }, PROTOCOL_ESP);
    if (!c)
        return;
    c->outcome = SA_ESTABLISHED;
    c->mode = text_equal(fact_get_text(f, "encapsulation"), TEXT("Transport")) ? MODE_TRANSPORT : MODE_TUNNEL;
    c->encap = text_has(fact_get_text(f, "kind"), TEXT("NatT")) ? ENCAP_UDP : ENCAP_NONE;
    c->proposal.has_encr = shown_number(f, "encryption", &c->proposal.encr);
    (void)shown_number(f, "key_length", &c->proposal.key_length);
    c->proposal.has_integ = shown_number(f, "integrity", &c->proposal.integ);
    (void)shown_number(f, "pfs_group", &c->pfs_dh);
    struct selector *local = shown_selector(m, fact_find(f, "local")), *remote = shown_selector(m, fact_find(f, "remote"));
    c->tsi = first ? local : remote;
    c->tsr = first ? remote : local;
}

void shown_child_tunnels(struct model *m, struct ike_sa *sa, const struct fact *tunnels, bool first)
{
    bool others = sa->children != NULL;
    for (const struct fact *t = tunnels; t && !others; t = t->next)
        if (text_starts_nocase(fact_get_text(fact_children(t), "kind"), TEXT("IPsec")))
            make_tunnel(m, sa, fact_children(t), first);
}
