/*
 * Show output is tied to SAs by SPI, and where it prints none by the addresses of both ends. What a router calls local is
 * the initiator or the responder: the SPIs tell which.
 */
#include "analysis/evidence.h"

#include "analysis/ends.h"
#include "base/map.h"

/* ---- records ---- */

/* Which line of the record's text that physical line is; line_count where it is none. */
static uint32_t line_index(const struct record *r, uint32_t line)
{
    uint32_t low = 0, high = r->line_count;
    if (!r->line_numbers)
        return line >= r->first_line ? line - r->first_line : UINT32_MAX;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (r->line_numbers[middle] < line)
            low = middle + 1;
        else
            high = middle;
    }
    return low < r->line_count && r->line_numbers[low] == line ? low : UINT32_MAX;
}

struct text record_line(const struct record *r, uint32_t line)
{
    struct text part, rest = r->text;
    uint32_t index = line_index(r, line);
    if (index == UINT32_MAX)
        return (struct text){ NULL, 0 };
    if (r->line_starts && index < r->line_count) {
        rest = text_from(rest, r->line_starts[index]);
        index = 0;
    }
    while (text_cut(&rest, '\n', &part))
        if (index-- == 0)
            return part;
    return (struct text){ NULL, 0 };
}

/* So that no finding has to count lines. */
static void find_lines(struct model *m, struct record *r)
{
    uint32_t count = 0;
    struct text part, rest = r->text;
    while (text_cut(&rest, '\n', &part))
        count++;
    if (!r->line_numbers || count < r->line_count) /* LIMIT_RECORD: not all are there */
        r->line_count = count;
    r->line_starts = arena_array(m->run, uint32_t, count + 1);
    rest = r->text;
    for (uint32_t i = 0; text_cut(&rest, '\n', &part); i++)
        r->line_starts[i] = (uint32_t)(part.at - r->text.at);
}

void finding_quote(struct model *m, struct finding *f, const struct record *r, uint32_t line)
{
    if (!f || !r)
        return;
    if (line == 0)
        line = r->first_line;
    unsigned count = 0;
    struct finding_line **at = r->kind == INPUT_CONFIG ? &f->config : &f->evidence;
    while (*at) {
        if ((*at)->input == r->input && (*at)->place == line && !(*at)->packet)
            return;                        /* quoted already */
        count += (*at)->input == r->input; /* one end's lines leave room for the other's */
        at = &(*at)->next;
    }
    if (!limits_room(&m->limits, OVER_EVIDENCE, count))
        return;
    *at = arena_new(m->run, struct finding_line);
    **at = (struct finding_line){ .text = text_trim(record_line(r, line)), .input = r->input, .place = line };
}

/* ---- SAs by their SPIs ---- */

struct holder { /* SAs that have this SPI, newest first */
    uint64_t key;
    struct holder *next;
    struct ike_sa *ike;
    struct child_sa *child;
};

struct joining {
    struct model *m;
    struct arena *scratch;
    struct map ike, child; /* SPI to struct holder */
    struct map ends;       /* both addresses to struct pair */
    struct map peers;      /* a router and its peer's address to struct peer */
    bool *logged;          /* by device: it has a log */
    bool *other_run;       /* by device: its IKE SAs are not those of the logs */
    bool ends_unknown;     /* some log does not tell between whom its SA is */
};

struct pair { /* two addresses, the lower first, and the newest SA between them */
    struct address key[2];
    struct ike_sa *newest;
};

struct peer { /* the newest SA that a router has with this address */
    uint64_t device;
    struct address address;
    struct ike_sa *newest;
    bool initiator;
};

static void index_spi(struct joining *j, struct map *map, struct spi spi, struct ike_sa *ike, struct child_sa *child)
{
    if (!spi_known(spi))
        return;
    struct holder *h = arena_new(j->scratch, struct holder);
    *h = (struct holder){ .key = spi.value, .ike = ike, .child = child };
    h->next = map_find(map, bytes_over(&h->key, sizeof h->key));
    map_put(map, bytes_over(&h->key, sizeof h->key), h);
}

static const struct holder *holders(const struct map *map, uint64_t spi)
{
    return map_find(map, bytes_over(&spi, sizeof spi));
}

static bool get_spi(const struct fact *facts, const char *name, uint64_t *spi)
{
    struct text t = fact_get_text(facts, name);
    return t.len && text_number(t, 16, spi) && *spi != 0;
}

/* ---- shown ---- */

static void attach(struct joining *j, struct shown **list, const struct record *r, const struct fact *entry, bool by_spi,
                   bool initiator)
{
    struct shown *first = *list;
    if (first && first->last->entry == entry)
        return; /* by its other SPI */
    struct shown *s = arena_new(j->m->run, struct shown);
    *s = (struct shown){ .record = r, .entry = entry, .by_spi = by_spi, .initiator_side = initiator };
    *(first ? &first->last->next : list) = s;
    (first ? first : s)->last = s;
}

const struct shown *shown_by(const struct shown *first, bool initiator_side)
{
    for (; first; first = first->next)
        if (first->initiator_side == initiator_side)
            return first;
    return NULL;
}

bool shown_counter(const struct child_sa *child, bool initiator_side, const char *name, uint64_t *value)
{
    bool any = false;
    uint64_t number;
    *value = 0;
    /* output taken twice shows one flow twice: the later, larger count is the one that holds */
    for (const struct shown *s = child->shown; s; s = s->next) {
        if (s->initiator_side == initiator_side && s->entry && fact_get_number(fact_children(s->entry), name, &number)) {
            *value = !any || number > *value ? number : *value;
            any = true;
        }
    }
    return any;
}

enum tied { TIED_UNKNOWN, TIED, TIED_CONTRADICTS };

/* Both SPIs of an IKE SA, either way round. */
static enum tied tie_ike(struct joining *j, const struct record *r, const struct fact *sa)
{
    uint64_t local, remote;
    const struct fact *facts = fact_children(sa);
    if (!get_spi(facts, "local_spi", &local) || !get_spi(facts, "remote_spi", &remote))
        return TIED_UNKNOWN;
    enum tied tied = TIED_CONTRADICTS;
    unsigned count = 0;
    for (const struct holder *h = holders(&j->ike, local); h; h = h->next) {
        bool initiator = h->ike->spi_i.value == local && (h->ike->spi_r.value == remote || !spi_known(h->ike->spi_r));
        bool responder = h->ike->spi_r.value == local && h->ike->spi_i.value == remote;
        if (!initiator && !responder)
            continue;
        tied = TIED;
        if (!limits_room(&j->m->limits, OVER_SHOWN, count++))
            break;
        attach(j, &h->ike->shown, r, sa, true, initiator);
    }
    return tied;
}

/* in: the SPI on which the router that printed this receives. */
static enum tied tie_child(struct joining *j, const struct record *r, const struct fact *entry, uint64_t in, uint64_t out)
{
    enum tied tied = TIED_CONTRADICTS;
    unsigned count = 0;
    for (const struct holder *h = holders(&j->child, in ? in : out); h; h = h->next) {
        const struct child_sa *c = h->child;
        bool initiator = in ? c->spi_i.value == in : c->spi_r.value == out;
        uint64_t other = initiator ? (in ? c->spi_r.value : c->spi_i.value) : (in ? c->spi_i.value : c->spi_r.value);
        uint64_t want = in ? out : in;
        if (want && other && want != other)
            continue;
        tied = TIED;
        if (!limits_room(&j->m->limits, OVER_SHOWN, count++))
            break;
        attach(j, &h->child->shown, r, entry, true, initiator);
    }
    return tied;
}

static struct pair *pair_of(const struct joining *j, struct address a, struct address b)
{
    struct address key[2] = { a, b };
    if (address_compare(a, b) > 0) {
        key[0] = b;
        key[1] = a;
    }
    return map_find(&j->ends, bytes_over(key, sizeof key));
}

/* Its initiator's address, or, where nobody says who that is, that of whoever shows it first. */
static struct address first_end(const struct ike_sa *sa)
{
    return ike_sa_sideless(sa) ? sa->views->local.address : sa->initiator.endpoint.address;
}

static const struct peer *peer_of(const struct joining *j, uint32_t device, struct address address)
{
    struct peer key;
    memset(&key, 0, sizeof key);
    key.device = device;
    memcpy(&key.address, &address, sizeof address);
    return map_find(&j->peers, bytes_over((const uint8_t *)&key, offsetof(struct peer, newest)));
}

static void index_peers(struct joining *j, struct ike_sa *sa)
{
    for (const struct view *v = sa->views; v; v = v->next) {
        bool first = v->role ? v->role == SIDE_INITIATOR : v == sa->views;
        struct address address = !v->role ? v->remote.address
                                 : first  ? sa->responder.endpoint.address
                                          : sa->initiator.endpoint.address;
        if (v->wire || !v->device || !address.family)
            continue;
        struct peer *p = arena_new(j->scratch, struct peer);
        memset(p, 0, sizeof *p);
        p->device = v->device;
        memcpy(&p->address, &address, sizeof address);
        p->newest = sa;
        p->initiator = first;
        map_put(&j->peers, bytes_over((const uint8_t *)p, offsetof(struct peer, newest)), p);
    }
}

static void index_ends(struct joining *j, struct ike_sa *sa)
{
    bool sideless = ike_sa_sideless(sa);
    struct address a = first_end(sa), b = sideless ? sa->views->remote.address : sa->responder.endpoint.address;
    index_peers(j, sa);
    if (a.family == ADDRESS_NONE || b.family == ADDRESS_NONE) {
        j->ends_unknown = true;
        return;
    }
    struct pair *p = pair_of(j, a, b);
    if (!p) {
        p = arena_new(j->scratch, struct pair);
        bool turned = address_compare(a, b) > 0;
        p->key[0] = turned ? b : a;
        p->key[1] = turned ? a : b;
        map_put(&j->ends, bytes_over(p->key, sizeof p->key), p);
    }
    p->newest = sa;
}

/* Output without SPIs: the newest SA between the two addresses. */
static void tie_by_address(struct joining *j, const struct record *r, const struct fact *entry, struct address local,
                           struct address remote)
{
    const struct pair *p = pair_of(j, local, remote);
    if (p)
        attach(j, &p->newest->shown, r, entry, false, address_equal(first_end(p->newest), local));
}

/* A log may print no SPI of its Child SA. Then SPIs that no log knows contradict nothing; and where the same router shows the IKE
 * SA as the log has it, the flow between the same ends is that of its only such Child SA. */
static enum tied tie_child_by_ends(struct joining *j, const struct record *r, const struct fact *flow, struct address local,
                                   struct address remote)
{
    const struct pair *p = pair_of(j, local, remote);
    struct child_sa *nameless = NULL;
    bool shown = false;
    unsigned count = 0;
    for (struct child_sa *c = p ? p->newest->children : NULL; c; c = c->sibling) {
        if (c->outcome == SA_FAILED || spi_known(c->spi_i) || spi_known(c->spi_r))
            continue;
        nameless = c;
        count++;
    }
    if (!count || (r->device < j->m->device_count && j->other_run[r->device]))
        return TIED_CONTRADICTS;
    for (const struct shown *s = p->newest->shown; s; s = s->next)
        shown = shown || (s->by_spi && s->record->device == r->device);
    if (count > 1 || !shown)
        return TIED_UNKNOWN;
    attach(j, &nameless->shown, r, flow, false, address_equal(first_end(p->newest), local));
    return TIED;
}

struct tally {
    unsigned tied, contradicting, at_known_ends; /* of those that contradict: between the ends of some SA of the logs */
    bool known_ends;                             /* something listed has the ends of some SA of the logs */
};

static void count(struct tally *t, enum tied tied, bool known_ends)
{
    t->tied += tied == TIED;
    t->contradicting += tied == TIED_CONTRADICTS;
    t->at_known_ends += tied == TIED_CONTRADICTS && known_ends;
}

static void note_ends(struct joining *j, struct tally *t, struct address local, struct address remote)
{
    t->known_ends = t->known_ends || pair_of(j, local, remote) != NULL;
}

static void join_ike_list(struct joining *j, const struct record *r, struct tally *t)
{
    const struct fact *sas = fact_find(r->facts, "sas");
    for (const struct fact *sa = fact_children(sas); sa; sa = sa->next) {
        struct address local, remote;
        enum tied own = tie_ike(j, r, sa), tied = own;
        bool ends = fact_get_address(fact_children(sa), "local", &local) &&
                    fact_get_address(fact_children(sa), "remote", &remote);
        const bool known = ends && pair_of(j, local, remote);
        count(t, tied, known);
        if (ends)
            note_ends(j, t, local, remote);
        const struct fact *children = fact_find(fact_children(sa), "children");
        for (const struct fact *c = fact_children(children); c; c = c->next) {
            uint64_t in = 0, out = 0;
            (void)get_spi(fact_children(c), "esp_spi_in", &in);
            (void)get_spi(fact_children(c), "esp_spi_out", &out);
            enum tied tied_child = in || out ? tie_child(j, r, c, in, out) : TIED_UNKNOWN;
            count(t, tied_child, known);
            if (tied == TIED_UNKNOWN && tied_child != TIED_UNKNOWN)
                tied = tied_child;
        }
        /* without any SPI, or with children whose SPIs fit, the addresses speak for the IKE SA */
        if (own == TIED_UNKNOWN && tied != TIED_CONTRADICTS && ends)
            tie_by_address(j, r, sa, local, remote);
    }
}

/* One direction each of the pairs that a flow lists, inbound and outbound, in their order. */
static void join_flow(struct joining *j, const struct record *r, const struct fact *flow, struct tally *t)
{
    const struct fact *sas = fact_find(fact_children(flow), "sas");
    bool any = false;
    struct address local, remote;
    bool ends = (fact_get_address(fact_children(flow), "local_endpoint", &local) ||
                 fact_get_address(fact_children(flow), "local_address", &local)) &&
                (fact_get_address(fact_children(flow), "remote_endpoint", &remote) ||
                 fact_get_address(fact_children(flow), "peer", &remote));
    for (const struct fact *sa = fact_children(sas); sa; sa = sa->next) {
        uint64_t spi;
        if (!get_spi(fact_children(sa), "spi", &spi))
            continue;
        bool inbound = text_equal(fact_get_text(fact_children(sa), "direction"), TEXT("inbound"));
        enum tied tied = tie_child(j, r, flow, inbound ? spi : 0, inbound ? 0 : spi);
        if (tied == TIED_CONTRADICTS && ends)
            tied = tie_child_by_ends(j, r, flow, local, remote);
        count(t, tied, ends && pair_of(j, local, remote));
        any = true;
    }
    if (ends)
        note_ends(j, t, local, remote);
    if (!any && ends)
        tie_by_address(j, r, flow, local, remote);
}

static void join_flows(struct joining *j, const struct record *r, struct tally *t)
{
    const struct fact *flows = fact_find(r->facts, "flows");
    for (const struct fact *flow = fact_children(flows); flow; flow = flow->next)
        join_flow(j, r, flow, t);
}

static void join_sessions(struct joining *j, const struct record *r)
{
    const struct fact *sessions = fact_find(r->facts, "sessions");
    for (const struct fact *s = fact_children(sessions); s; s = s->next) {
        const struct fact *sas = fact_find(fact_children(s), "ike_sas");
        for (const struct fact *sa = fact_children(sas); sa; sa = sa->next) {
            struct address local, remote;
            if (fact_get_address(fact_children(sa), "local", &local) && fact_get_address(fact_children(sa), "remote", &remote))
                tie_by_address(j, r, s, local, remote);
        }
    }
}

/* An ASA's sessions name their peers alone. */
static void join_vpn_sessions(struct joining *j, const struct record *r)
{
    for (const struct fact *s = fact_members(r->facts, "sessions"); s; s = s->next) {
        struct address address;
        bool peer = fact_get_address(fact_children(s), "address", &address);
        const struct peer *p = peer ? peer_of(j, r->device, address) : NULL;
        if (p)
            attach(j, &p->newest->shown, r, s, false, p->initiator);
    }
}

bool record_lists_sas(const struct record *r)
{
    return strcmp(r->name, "show crypto ikev2 sa") == 0 || strcmp(r->name, "show crypto ikev2 session") == 0;
}

static void join_record(struct joining *j, struct record *r)
{
    struct tally t = { 0 };
    if (record_lists_sas(r))
        join_ike_list(j, r, &t);
    else if (strcmp(r->name, "show crypto ipsec sa") == 0)
        join_flows(j, r, &t);
    else if (strcmp(r->name, "show crypto session") == 0)
        join_sessions(j, r);
    else if (strcmp(r->name, "show vpn-sessiondb") == 0)
        join_vpn_sessions(j, r);
    bool same_router = r->device && r->device < j->m->device_count && j->logged[r->device];
    /* between other addresses than those of the logs it is not another run but another tunnel; so is what stands beside one of
     * theirs */
    bool logs = j->m->ike_sas && !j->m->ike_sas->shown_only;
    unsigned contradicting = t.known_ends && !j->ends_unknown ? t.at_known_ends : t.contradicting;
    r->foreign = logs && contradicting && !t.tied && (same_router || t.known_ends || j->ends_unknown);
    if (r->foreign && r->device < j->m->device_count && record_lists_sas(r))
        j->other_run[r->device] = true;
}

void evidence_join(struct model *m)
{
    if (!record_next(m, 0, NULL, NULL))
        return;
    routers_join(m);
    struct joining j = { .m = m, .scratch = arena_create() };
    j.logged = arena_array(j.scratch, bool, m->device_count + 1);
    j.other_run = arena_array(j.scratch, bool, m->device_count + 1);
    for (struct ike_sa *sa = m->ike_sas; sa; sa = sa->next) {
        index_spi(&j, &j.ike, sa->spi_i, sa, NULL);
        index_spi(&j, &j.ike, sa->spi_r, sa, NULL);
        index_ends(&j, sa);
        for (const struct view *v = sa->views; v; v = v->next)
            if (v->device < m->device_count)
                j.logged[v->device] = true;
    }
    for (struct child_sa *c = m->child_sas; c; c = c->next) {
        index_spi(&j, &j.child, c->spi_i, NULL, c);
        index_spi(&j, &j.child, c->spi_r, NULL, c);
    }
    for (struct record *r = m->records; r; r = r->next) {
        find_lines(m, r);
        if (r->kind == INPUT_SHOW && record_lists_sas(r))
            join_record(&j, r);
    }
    for (struct record *r = m->records; r; r = r->next) /* what it means rests on the IKE SAs that are shown */
        if (r->kind == INPUT_SHOW && !record_lists_sas(r))
            join_record(&j, r);
    map_clear(&j.ike);
    map_clear(&j.child);
    map_clear(&j.ends);
    map_clear(&j.peers);
    arena_destroy(j.scratch);
}
