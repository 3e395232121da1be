#include "cli/select.h"

static bool spi_begins(struct spi spi, struct text prefix)
{
    struct buffer b;
    buffer_init(&b, 64);
    spi_print(spi, &b);
    bool yes = prefix.len >= 3 && text_starts_nocase(buffer_view(&b), prefix);
    buffer_clear(&b);
    return yes;
}

static bool is_named(const struct ike_sa *sa, struct text name)
{
    uint64_t number;
    if (text_starts_nocase(name, TEXT("ike")) && text_number(text_from(name, 3), 10, &number))
        return sa->number == number;
    if (text_starts_nocase(name, TEXT("0x")))
        name = text_from(name, 2);
    if (spi_begins(sa->spi_i, name) || spi_begins(sa->spi_r, name))
        return true;
    for (const struct child_sa *c = sa->children; c; c = c->sibling)
        if (spi_begins(c->spi_i, name) || spi_begins(c->spi_r, name))
            return true;
    return false;
}

static bool has_address(const struct ike_sa *sa, struct address a)
{
    if (address_equal(sa->initiator.endpoint.address, a) || address_equal(sa->responder.endpoint.address, a))
        return true;
    for (const struct path *p = sa->path; p; p = p->next)
        if (address_equal(p->initiator.address, a) || address_equal(p->responder.address, a))
            return true;
    return false;
}

static bool wanted(const struct ike_sa *sa, const struct invocation *i)
{
    bool by_id = i->sa.count == 0, by_peer = i->peer.count == 0;
    for (size_t n = 0; n < i->sa.count && !by_id; n++)
        by_id = is_named(sa, text_of(i->sa.at[n]));
    for (size_t n = 0; n < i->peer.count && !by_peer; n++) {
        struct address a;
        by_peer = address_read(text_of(i->peer.at[n]), &a) && has_address(sa, a);
    }
    return by_id && by_peer;
}

bool select_sas(struct model *m, const struct invocation *i, struct error *err)
{
    if (!i->sa.count && !i->peer.count)
        return true;
    for (size_t n = 0; n < i->peer.count; n++) {
        struct address a;
        if (!address_read(text_of(i->peer.at[n]), &a))
            return fail(err, ERROR_USAGE, "'--peer %s' is no address", i->peer.at[n]);
    }
    struct ike_sa **at = &m->ike_sas;
    m->ike_sas_last = NULL;
    m->ike_sa_count = m->child_sa_count = m->finding_count = 0;
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        if (wanted(sa, i)) {
            *at = sa;
            at = &sa->next;
            m->ike_sa_count++;
            m->ike_sas_last = sa;
        }
    *at = NULL;
    struct child_sa **child = &m->child_sas;
    m->child_sas_last = NULL;
    for (struct child_sa *c = m->child_sas; c; c = c->next)
        if (wanted(c->ike_sa, i)) {
            *child = c;
            child = &c->next;
            m->child_sa_count++;
            m->child_sas_last = c;
        }
    *child = NULL;
    struct finding **finding = &m->findings;
    for (struct finding *f = m->findings; f; f = f->next)
        if (!f->ike_sa || wanted(f->ike_sa, i)) {
            *finding = f;
            finding = &f->next;
            m->finding_count++;
        }
    *finding = NULL;
    struct kept_event **event = &m->events;
    for (struct kept_event *e = m->events; e; e = e->next)
        if (e->ike_sa && wanted(e->ike_sa, i)) {
            *event = e;
            event = &e->next;
        }
    *event = NULL;
    return m->ike_sas || fail(err, ERROR_USAGE, "no IKE SA is what '--sa' or '--peer' asked for");
}
