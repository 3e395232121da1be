#include "cli/select.h"

#include <stdlib.h>

#include "analysis/quote.h"
#include "base/arena.h"
#include "cli/run.h"

enum { NAMED = 6 }; /* of those that there are, in a sentence */

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

/* The same cause again and again for one peer is one finding, of the first attempt. Which of the SAs that are left is it about, too?
 * NULL: none. */
static struct ike_sa *repeat_of(const struct model *m, const struct finding *f)
{
    struct ike_sa *sa = f->count > 1 ? m->ike_sas : NULL;
    while (sa && !diagnosed_again(sa, f))
        sa = sa->next;
    return sa;
}

/* ------------------------------------------------------------------------------------------ what there is instead */

static int by_octets(const void *a, const void *b)
{
    return address_compare(*(const struct address *)a, *(const struct address *)b);
}

static bool is_listed(const struct address *at, size_t count, struct address a)
{
    for (size_t i = 0; i < count; i++)
        if (address_equal(at[i], a))
            return true;
    return false;
}

/* first: NAMED of them in order of first sighting; all: room for both of every SA. Returns how many different ones there are. */
static size_t addresses_of(const struct model *m, struct address *all, struct address *first)
{
    size_t count = 0, named = 0, different = 0;
    for (const struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        for (int side = 0; side < 2; side++) {
            const struct address a = (side ? &sa->responder : &sa->initiator)->endpoint.address;
            if (!a.family)
                continue;
            all[count++] = a;
            if (named < NAMED && !is_listed(first, named, a))
                first[named++] = a;
        }
    if (count)
        qsort(all, count, sizeof *all, by_octets);
    for (size_t i = 0; i < count; i++)
        different += i == 0 || !address_equal(all[i], all[i - 1]);
    return different;
}

static void and_more(size_t all, size_t named, struct buffer *out)
{
    if (all > named)
        buffer_format(out, " and %zu more", all - named);
}

static void addresses_print(const struct model *m, struct buffer *out)
{
    struct address first[NAMED], *all = memory_take((2 * (size_t)m->ike_sa_count + 1) * sizeof *all);
    const size_t count = addresses_of(m, all, first), named = count < NAMED ? count : NAMED;
    for (size_t i = 0; i < named; i++) {
        buffer_string(out, i ? ", " : "");
        address_print(first[i], out);
    }
    and_more(count, named, out);
    memory_free(all);
}

/* "ike1 (f074d8bbd5a59f0b / f94020dd8cb4b9c4), ike2 and 5 more" */
static void ids_print(const struct model *m, struct buffer *out)
{
    size_t named = 0;
    for (const struct ike_sa *sa = m->ike_sas; sa && named < NAMED; sa = sa->next, named++) {
        buffer_format(out, "%sike%u", named ? ", " : "", sa->number);
        if (!spi_known(sa->spi_i))
            continue;
        buffer_string(out, " (");
        spi_print(sa->spi_i, out);
        if (spi_known(sa->spi_r)) {
            buffer_string(out, " / ");
            spi_print(sa->spi_r, out);
        }
        buffer_byte(out, ')');
    }
    and_more(m->ike_sa_count, named, out);
}

/* Nothing is what was asked for: what there is to ask for. A report without names gives none away here either. */
static bool nothing_wanted(const struct model *m, const struct invocation *i, struct error *err)
{
    struct buffer there;
    buffer_init(&there, 2000);
    if (!m->ike_sas)
        buffer_string(&there, "; there is none at all");
    else if (!option_given(&i->redact)) {
        buffer_string(&there, m->ike_sa_count == 1 && !i->peer.count ? "; there is " : "; there are ");
        if (i->peer.count)
            addresses_print(m, &there);
        else
            ids_print(m, &there);
    }
    if (i->sa.count && i->peer.count)
        fail(err, ERROR_USAGE, "no IKE SA is what '--sa' and '--peer' ask for together%.*s", TEXT_ARGS(buffer_view(&there)));
    else if (i->peer.count)
        fail(err, ERROR_USAGE, "no IKE SA has the address '%s'%.*s", i->peer.at[0], TEXT_ARGS(buffer_view(&there)));
    else
        fail(err, ERROR_USAGE, "no IKE SA is '%s'%.*s", i->sa.at[0], TEXT_ARGS(buffer_view(&there)));
    buffer_clear(&there);
    return false;
}

/* Of several that were asked for. */
static void tell_unknown(const struct model *m, const struct invocation *i)
{
    for (unsigned k = 0; k < 2; k++) {
        const struct words *all = k ? &i->peer : &i->sa;
        for (size_t n = 0; n < all->count && all->count > 1; n++) {
            struct invocation one = { 0 };
            *(k ? &one.peer : &one.sa) = (struct words){ .at = all->at + n, .count = 1 };
            const struct ike_sa *sa = m->ike_sas;
            while (sa && !wanted(sa, &one))
                sa = sa->next;
            if (!sa)
                warn(option_given(&i->quiet), k ? "no IKE SA has the address '%s'" : "no IKE SA is '%s'", all->at[n]);
        }
    }
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
    const struct ike_sa *any = m->ike_sas;
    while (any && !wanted(any, i))
        any = any->next;
    if (!any)
        return nothing_wanted(m, i, err);
    tell_unknown(m, i);
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
    for (struct finding *f = m->findings; f; f = f->next) {
        if (f->ike_sa && !wanted(f->ike_sa, i)) {
            f->ike_sa = i->sa.count ? repeat_of(m, f) : NULL;
            f->child_sa = NULL;
            if (!f->ike_sa)
                continue;
        }
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
    return true;
}
