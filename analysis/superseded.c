#include "analysis/superseded.h"

#include <string.h>

#include "base/buffer.h"
#include "base/map.h"

static void put_end(struct buffer *b, const struct party *p)
{
    struct address bare = { .family = p->endpoint.address.family };
    memcpy(bare.octets, p->endpoint.address.octets, address_length(p->endpoint.address));
    buffer_put(b, &bare, sizeof bare);
    buffer_text(b, p->id.value);
}

/* Between whom it is, whoever began. False: not known. */
static bool put_ends(struct buffer *b, const struct ike_sa *sa)
{
    const struct party *i = &sa->initiator, *r = &sa->responder;
    if (!i->id.value.len || !r->id.value.len || !i->endpoint.address.family || !r->endpoint.address.family)
        return false;
    bool swap = text_compare(i->id.value, r->id.value) > 0;
    buffer_clear(b);
    buffer_init(b, 256);
    put_end(b, swap ? r : i);
    put_end(b, swap ? i : r);
    return true;
}

static bool lives(const struct ike_sa *sa)
{
    return sa->outcome == SA_ESTABLISHED && !sa->rekeyed_by && !sa->shown_only;
}

static bool over_before(const struct ike_sa *older, const struct ike_sa *sa)
{
    return older->last_ns != TIME_UNKNOWN && sa->first_ns != TIME_UNKNOWN && older->last_ns < sa->first_ns;
}

void superseded_settle(struct model *m)
{
    bool any = false;
    for (const struct ike_sa *sa = m->ike_sas; sa && !any; sa = sa->next)
        any = sa->initial_contact && sa != m->ike_sas;
    if (!any)
        return;
    struct map latest = { 0 };
    struct buffer b;
    buffer_init(&b, 256);
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        if (!lives(sa) || !put_ends(&b, sa))
            continue;
        struct ike_sa *older = map_find(&latest, bytes_over(b.at, b.len));
        if (older && sa->initial_contact && over_before(older, sa))
            older->superseded = true;
        map_put(&latest, arena_bytes(m->run, bytes_over(b.at, b.len)), sa);
    }
    buffer_clear(&b);
    map_clear(&latest);
}
