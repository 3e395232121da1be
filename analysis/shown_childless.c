#include "analysis/shown_childless.h"

#include "analysis/evidence.h"
#include "base/map.h"

enum { LINES_OF_HEADING = 6 /* an ASA's heading of a session stands so near above its IKE SA */, NONE_LEARNT = 0xff };

static const char flow_list[] = "show crypto ipsec sa";

/* The line of a record, from one line on and before another, that begins so. */
static uint32_t line_with(const struct record *r, uint32_t from, uint32_t until, const char *begins)
{
    for (uint32_t line = from; line < until && line <= r->last_line; line++)
        if (text_starts(text_trim(record_line(r, line)), text_of(begins)))
            return line;
    return 0;
}

/* ---- its session is up and idle ---- */

static bool session_idle(const struct shown *s, struct childless *c)
{
    const struct fact *facts = fact_children(s->entry), *status = fact_find(facts, "status");
    const uint32_t at = s->entry->line, above = at > LINES_OF_HEADING ? at - LINES_OF_HEADING : 1;
    uint64_t children = 0;
    c->record = s->record;
    c->asa = fact_find(facts, "role") != NULL;
    if (text_equal(fact_get_text(facts, "session_status"), TEXT("UP-IDLE"))) {
        c->line = line_with(s->record, above > s->record->first_line ? above : s->record->first_line, at, "Session-id:");
        c->line = c->line ? c->line : at;
        return !fact_find(facts, "children") && !(fact_get_number(facts, "child_count", &children) && children);
    }
    c->line = status && status->line ? status->line : at;
    return text_equal(fact_get_text(facts, "status"), TEXT("UP-IDLE"));
}

/* ---- show crypto ipsec sa ---- */

/* Whose SAs were asked for: everybody's (family NONE), or one peer's. False: a filter behind it leaves lines out. */
static bool asked_for(const struct record *r, struct address *peer)
{
    struct text word, rest = r->title;
    bool behind = false;
    *peer = (struct address){ 0 };
    while (text_word(&rest, &word)) {
        if (!behind)
            behind = text_equal_nocase(word, TEXT("sa"));
        else if (text_starts_nocase(word, TEXT("pe")))
            return text_word(&rest, &word) && address_read(word, peer);
        else if (!text_starts_nocase(word, TEXT("det")))
            return false;
    }
    return true;
}

static const struct fact *lists_none(const struct record *r)
{
    return fact_find(r->facts, "flows") ? NULL : fact_find(r->facts, ".none");
}

static bool flow_is_from(const struct fact *f, const struct view *v)
{
    struct address local;
    if (!fact_get_address(f, "local_endpoint", &local) && !fact_get_address(f, "local_address", &local))
        local = v->local.address;
    return !v->local.address.family || address_equal(local, v->local.address);
}

/* An outbound SPI of 0, or a heading with nothing below it. */
static uint32_t line_without_spi(const struct record *r, const struct fact *flow)
{
    const uint32_t until = flow->next && flow->next->line ? flow->next->line : UINT32_MAX;
    uint32_t line = line_with(r, flow->line, until, "current outbound spi: 0x0(");
    if (!line && !fact_find(fact_children(flow), "outbound_spi"))
        line = line_with(r, flow->line, until, "inbound esp sas:");
    return line;
}

/* Of all flows of a record to this peer, the first of which is given, none may have an SPI. */
static bool flows_without_spi(const struct shown_flow *of, const struct view *v, struct childless *c)
{
    const struct record *r = of->record;
    const struct fact *found = NULL;
    for (; of && of->record == r; of = of->next) { /* a record's stand together */
        const struct fact *f = fact_children(of->flow);
        if (!flow_is_from(f, v))
            continue;
        if (fact_find(f, "sas") || fact_find(f, "outbound_spi"))
            return false;
        found = found ? found : of->flow;
    }
    *c = (struct childless){ .record = r, .flow = found, .line = found ? line_without_spi(r, found) : 0 };
    c->asa = found && fact_find(fact_children(found), "sequence");
    return c->line != 0;
}

/* ---- together ---- */

struct towards { /* a router, and its peer's address */
    uint64_t device;
    struct address peer;
};

static struct bytes towards_of(struct towards *t, const struct view *v)
{
    memset(t, 0, sizeof *t);
    t->device = v->device;
    memcpy(&t->peer, &v->remote.address, sizeof t->peer);
    return bytes_over(t, sizeof *t);
}

/* Of several IKE SAs with one peer, one has the Child SAs of all. */
static bool another_has_children(const struct model *m, const struct ike_sa *sa)
{
    struct record_index *index = m->record_index;
    struct towards key;
    for (const struct ike_sa *other = index->parent ? NULL : m->ike_sas; other; other = other->next) {
        index->parent = other;
        for (const struct view *w = other->children ? other->views : NULL; w; w = w->next)
            if (w->remote.address.family)
                map_put(&index->parents, arena_bytes(m->run, towards_of(&key, w)), (void *)(uintptr_t)other);
    }
    return map_find(&index->parents, towards_of(&key, sa->views)) != NULL;
}

/* The first output of a router that lists no SA, of those that were asked for; once somebody asked, all of the router's are found. */
static const struct record *none_of(const struct model *m, uint32_t device, struct address peer)
{
    struct record_index *index = m->record_index;
    struct towards key = { .device = device };
    struct bytes at = bytes_over(&key, sizeof key);
    key.peer.family = NONE_LEARNT;
    if (!map_find(&index->nones, at)) {
        map_put(&index->nones, arena_bytes(m->run, at), index);
        for (const struct record *r = record_next(m, device, flow_list, NULL); r; r = record_next(m, device, flow_list, r))
            if (!r->foreign && lists_none(r) && asked_for(r, &key.peer) && !map_find(&index->nones, at))
                map_put(&index->nones, arena_bytes(m->run, at), (void *)(uintptr_t)r);
    }
    key.peer = peer;
    return map_find(&index->nones, at);
}

static const struct record *earlier(const struct record *a, const struct record *b)
{
    return !a || (b && b->order < a->order) ? b : a;
}

static bool list_says_none(const struct model *m, const struct view *v, struct childless *c)
{
    const struct record *none = earlier(none_of(m, v->device, (struct address){ 0 }),
                                        v->remote.address.family ? none_of(m, v->device, v->remote.address) : NULL);
    const struct record *before = NULL;
    for (const struct shown_flow *of = flows_towards(m, v->remote.address); of; before = of->record, of = of->next)
        if (of->record != before && !of->record->foreign && (!v->device || device_same(m, of->record->device, v->device)) &&
            earlier(of->record, none) == of->record && flows_without_spi(of, v, c))
            return true;
    if (none)
        *c = (struct childless){ .record = none,
                                 .line = lists_none(none)->line,
                                 .asa = text_starts(lists_none(none)->as.text, TEXT("There are no ipsec sas")) };
    return none != NULL;
}

static bool says_none(const struct model *m, const struct ike_sa *sa, struct childless *c)
{
    for (const struct view *v = sa->views; v; v = v->next)
        if (list_says_none(m, v, c))
            return true;
    for (const struct shown *s = sa->shown; s; s = s->next) {
        *c = (struct childless){ .record = NULL };
        if (session_idle(s, c))
            return true;
    }
    return false;
}

bool shown_childless(const struct model *m, const struct ike_sa *sa, struct childless *c)
{
    *c = (struct childless){ .record = NULL };
    return sa->shown_only && sa->outcome == SA_ESTABLISHED && !sa->children && sa->views && says_none(m, sa, c) &&
           !another_has_children(m, sa);
}

void shown_childless_mark(struct model *m)
{
    struct childless c;
    map_clear(&m->record_index->parents);
    map_clear(&m->record_index->nones);
    m->record_index->parent = NULL;
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next)
        if (sa->shown_only && shown_childless(m, sa, &c))
            sa->shown_childless = true;
}
