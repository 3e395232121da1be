#include "decoder/esp.h"

#include "base/limits.h"
#include "decoder/esp_parts.h"
#include "model/bounds.h"

struct esp *esp_create(struct model *model, struct plain_taker plain, unsigned threads)
{
    struct esp *e = memory_take(sizeof *e);
    e->model = model;
    e->plain = plain;
    e->arena = arena_create();
    e->threads = threads;
    pthread_mutex_init(&e->lock, NULL);
    return e;
}

void esp_destroy(struct esp *e)
{
    if (!e)
        return;
    for (size_t i = 0; i < e->sas.count; i++) {
        struct esp_sa *sa = e->sas.entries[i].value;
        if (!sa || sa->released)
            continue; /* a moved SA stands in the map more than once */
        fits_destroy(e, sa);
        sequence_clear(&sa->sequence);
        esp_held_clear(sa);
        memory_free(sa->inner.rows);
        sa->released = true;
    }
    map_clear(&e->sas);
    map_clear(&e->kin);
    map_clear(&e->keyed);
    map_clear(&e->offers);
    map_clear(&e->supplied);
    map_clear(&e->expected);
    if (e->out)
        crypto_wipe(e->out, e->out_room);
    memory_free(e->out);
    pthread_mutex_destroy(&e->lock);
    arena_destroy(e->arena);
    memory_free(e);
}

/* ---- What is known of an SPI, whatever the addresses ---- */

static struct bytes spi_key(struct arena *arena, uint8_t protocol, uint32_t spi)
{
    uint32_t octets[2] = { spi, protocol };
    return arena_bytes(arena, bytes_over(octets, sizeof octets));
}

static void *find_spi(const struct map *m, uint8_t protocol, uint32_t spi)
{
    uint32_t octets[2] = { spi, protocol };
    return map_find(m, bytes_over(octets, sizeof octets));
}

struct offer *esp_by_spi(const struct map *m, uint8_t protocol, uint32_t spi)
{
    return find_spi(m, protocol, spi);
}

static void add_offer(struct esp *e, struct map *m, const struct esp_key *key, bool certain)
{
    struct offer *o = arena_new(e->arena, struct offer), *first = esp_by_spi(m, key->protocol, key->spi);
    o->key = key;
    o->certain = certain;
    if (!first) {
        map_put(m, spi_key(e->arena, key->protocol, key->spi), o);
    } else {
        o->next = first->next; /* the first stays: the map points to it */
        first->next = o;
    }
}

void esp_offer(struct esp *e, const struct esp_key *key, bool certain)
{
    size_t count = 0;
    for (const struct offer *o = esp_by_spi(&e->offers, key->protocol, key->spi); o; o = o->next, count++)
        if (secret_equal(o->key->encr, key->encr) && secret_equal(o->key->integ, key->integ))
            return; /* derived again, from a retransmission */
    if (!limits_room(&e->model->limits, OVER_KEYS_TRIED, count))
        return;
    struct esp_key *copy = arena_new(e->arena, struct esp_key);
    *copy = *key;
    add_offer(e, &e->offers, copy, certain);
    e->version++;
    if (certain)
        keyring_add_esp(e->model->keyring, key);
    for (struct esp_sa *sa = find_spi(&e->kin, key->protocol, key->spi); sa; sa = sa->kin)
        esp_hold_offered(e, sa);
}

const struct offer *esp_supplied(struct esp *e, uint8_t protocol, uint32_t spi)
{
    if (!e->indexed && e->model->keyring) {
        e->indexed = true;
        for (const struct esp_key *k = keyring_esp(e->model->keyring); k; k = k->next)
            if (!k->derived && k->spi_mask == UINT32_MAX)
                add_offer(e, &e->supplied, k, false);
    }
    return esp_by_spi(&e->supplied, protocol, spi);
}

void esp_expect(struct esp *e, uint8_t protocol, uint32_t spi, const struct selector *from, const struct selector *to)
{
    if (!from || !to || find_spi(&e->expected, protocol, spi))
        return;
    struct expectation *x = arena_new(e->arena, struct expectation);
    x->from = selectors_copy(e->arena, from);
    x->to = selectors_copy(e->arena, to);
    map_put(&e->expected, spi_key(e->arena, protocol, spi), x);
    e->version++;
}

/* ---- SAs ---- */

static struct esp_sa *sa_create(struct esp *e, const struct packet *p, uint8_t protocol, uint32_t spi)
{
    struct model *m = e->model;
    if (!limits_room(&m->limits, OVER_FLOWS, m->flow_count))
        return NULL;
    struct flow *f = arena_new(m->run, struct flow);
    *f = (struct flow){ .spi = spi, .protocol = protocol, .encap = p->encap, .source = p->source, .destination = p->destination };
    f->traffic.first_ns = f->traffic.last_ns = p->ns;
    f->traffic.first_frame = f->traffic.last_frame = p->frame;
    f->traffic.input = p->input;
    *(m->flows ? &m->flows_last->next : &m->flows) = f;
    m->flows_last = f;
    m->flow_count++;
    struct esp_sa *sa = arena_new(e->arena, struct esp_sa);
    sa->flow = f;
    sa->kin = find_spi(&e->kin, protocol, spi);
    map_put(&e->kin, spi_key(e->arena, protocol, spi), sa);
    return sa;
}

void esp_keyed(struct esp *e, struct esp_sa *sa)
{
    const struct flow *f = sa->flow;
    sa->keyed = find_spi(&e->keyed, f->protocol, f->spi);
    map_put(&e->keyed, spi_key(e->arena, f->protocol, f->spi), sa);
}

void esp_key(uint8_t protocol, uint32_t spi, struct address source, struct address destination, uint8_t key[static SA_KEY])
{
    memset(key, 0, 8);
    memcpy(key, &spi, 4);
    key[4] = protocol;
    key[5] = source.family;
    memcpy(key + 8, source.octets, 16);
    memcpy(key + 24, destination.octets, 16);
}

static struct esp_sa *find(struct esp *e, const struct packet *p, uint8_t protocol, uint32_t spi)
{
    uint8_t key[SA_KEY];
    esp_key(protocol, spi, p->source.address, p->destination.address, key);
    if (e->last && memcmp(e->last_key, key, SA_KEY) == 0)
        return e->last;
    struct esp_sa *sa = map_find(&e->sas, bytes_over(key, SA_KEY));
    if (sa) {
        memcpy(e->last_key, key, SA_KEY);
        e->last = sa;
    }
    return sa;
}

/* The SA of a packet. Between addresses where it was never seen it may be one that moved: a key that fitted there and fits
 * here says so, and *opened that the packet is open already. */
static struct esp_sa *sa_of(struct esp *e, struct attempt *a, uint8_t protocol, bool *opened)
{
    const struct packet *p = a->packet;
    struct esp_sa *sa = find(e, p, protocol, a->spi);
    *opened = false;
    if (sa)
        return sa;
    sa = p->truncated ? NULL : find_spi(&e->keyed, protocol, a->spi);
    while (sa && !esp_attempt_current(e, sa, a))
        sa = sa->keyed;
    *opened = sa != NULL;
    if (!sa)
        sa = sa_create(e, p, protocol, a->spi);
    if (!sa)
        return NULL;
    uint8_t key[SA_KEY];
    esp_key(protocol, a->spi, p->source.address, p->destination.address, key);
    esp_lock(e);
    map_put(&e->sas, arena_bytes(e->arena, bytes_over(key, SA_KEY)), sa);
    esp_unlock(e);
    return sa;
}

/* ---- Counting ---- */

static bool selected(const struct selector *first, struct address a, uint8_t protocol, uint16_t port)
{
    for (const struct selector *s = first; s; s = s->next)
        if (range_has(s->start, s->end, a) && (!s->protocol || s->protocol == protocol) &&
            (!port || s->start_port > s->end_port /* OPAQUE */ || (port >= s->start_port && port <= s->end_port)))
            return true;
    return false;
}

static void count_inner(struct esp *e, struct esp_sa *sa, const struct attempt *a)
{
    struct traffic *t = &sa->flow->traffic;
    const struct inner *in = &a->found.inner;
    t->dummies += in->dummy;
    t->tfc += in->tfc;
    if (!in->dummy)
        inner_count(&sa->inner, in);
    if (in->tunnel && sa->expected &&
        (!selected(sa->expected->from, in->source, in->protocol, in->source_port) ||
         !selected(sa->expected->to, in->destination, in->protocol, in->destination_port)))
        t->outside_selectors++;
    if (e->plain.take)
        inner_write(&e->plain, a->packet, in);
}

/* Follows the packet's number; false when another capture showed the packet already. */
static bool follow(struct esp_sa *sa, struct attempt *a, enum attempt_result r)
{
    const struct packet *p = a->packet;
    struct traffic *t = &sa->flow->traffic;
    struct sequence *s = &sa->sequence;
    bool opened = r == ATTEMPT_OPENED;
    if (!opened) {
        a->found.sequence = s->started ? sequence_near(s->highest, a->number) : a->number;
        if (t->decrypted && s->started && !sequence_is_close(s, a->found.sequence))
            return true; /* a damaged number says nothing */
    }
    if (!a->found.print && !p->truncated)
        a->found.print = hash_bytes(a->octets) | 1;
    switch (sequence_note(s, a->found.sequence, p->truncated ? 0 : a->found.print, opened && a->found.verified, p->input)) {
    case SEQUENCE_LATE:
        t->reordered++;
        break;
    case SEQUENCE_COPY:
        t->duplicate++;
        break;
    case SEQUENCE_REPLAY:
        t->replayed++;
        break;
    case SEQUENCE_ELSEWHERE:
        return false;
    case SEQUENCE_NEW:
        break;
    }
    return true;
}

void esp_count(struct esp *e, struct esp_sa *sa, struct attempt *a, enum attempt_result r)
{
    const struct packet *p = a->packet;
    struct flow *f = sa->flow;
    struct traffic *t = &f->traffic;
    if (!follow(sa, a, r))
        return;
    t->packets++;
    t->bytes += a->octets.len + p->missing;
    if (p->input == t->input) {
        t->last_ns = p->ns > t->last_ns ? p->ns : t->last_ns;
        t->last_frame = p->frame;
    }
    if (p->truncated) {
        t->truncated++;
        return;
    }
    switch (r) {
    case ATTEMPT_OPENED:
        t->decrypted++;
        count_inner(e, sa, a);
        break;
    case ATTEMPT_WRONG_CIPHER:
        f->wrong_encryption_key = true;
        t->no_key++;
        break;
    case ATTEMPT_ICV:
        t->icv_failed++;
        break;
    case ATTEMPT_NO_KEY:
        t->no_key++;
        if (f->protocol == PROTOCOL_AH) { /* AH hides nothing */
            uint8_t next;
            struct bytes icv, content;
            if (ah_content(a->octets, &next, &icv, &content)) {
                inner_of(next, content, &a->found.inner);
                inner_count(&sa->inner, &a->found.inner);
            }
        }
        break;
    }
}

/* ---- Packets ---- */

static bool asked_for(const struct esp *e, const struct packet *p)
{
    const struct stamp time = packet_time(p);
    return !bounds_given(e->model) || bounds_take(e->model, p->input, &time, p->frame);
}

/* Brings a packet to its SA and counts it. */
static void apply(struct esp *e, struct attempt *a, uint8_t protocol)
{
    bool opened = false;
    struct esp_sa *sa = sa_of(e, a, protocol, &opened);
    if (!sa)
        return; /* over a limit; said in the report */
    enum attempt_result r = opened ? ATTEMPT_OPENED : a->packet->truncated ? ATTEMPT_NO_KEY : esp_attempt(e, sa, a);
    if (r != ATTEMPT_OPENED && esp_hold(e, sa, a, protocol))
        return;
    if (sa->held) { /* those before it were damaged */
        esp_release(e, sa);
        *a = (struct attempt){ .octets = a->octets, .packet = a->packet, .spi = a->spi, .number = a->number };
        r = esp_attempt(e, sa, a);
    }
    esp_count(e, sa, a, r);
    esp_show(e, sa);
}

bool esp_take(struct esp *e, const struct packet *p, struct bytes octets)
{
    struct cursor c = cursor_over(octets);
    struct attempt a = { .octets = octets, .packet = p, .spi = cursor_u32(&c) };
    a.number = cursor_u32(&c);
    if (!cursor_ok(&c) || a.spi == 0)
        return false; /* SPI zero is for local use, and marks IKE in UDP */
    a.made = esp_made(e, p, octets);
    if (asked_for(e, p))
        apply(e, &a, PROTOCOL_ESP);
    return true;
}

bool esp_take_ah(struct esp *e, const struct packet *p, struct bytes octets)
{
    struct cursor c = cursor_over(octets);
    struct bytes icv, content;
    uint8_t next;
    cursor_skip(&c, 4);
    struct attempt a = { .octets = octets, .packet = p, .spi = cursor_u32(&c) };
    a.number = cursor_u32(&c);
    if (!cursor_ok(&c) || a.spi == 0 || (!p->truncated && !ah_content(octets, &next, &icv, &content)))
        return false;
    if (asked_for(e, p))
        apply(e, &a, PROTOCOL_AH);
    return true;
}

void esp_finish(struct esp *e)
{
    for (size_t i = 0; i < e->sas.count; i++) {
        struct esp_sa *sa = e->sas.entries[i].value;
        if (!sa)
            continue;
        esp_release(e, sa);
        sa->flow->traffic.lost = sa->lost_before + sa->sequence.lost;
        if (!sa->flow->inner)
            sa->flow->inner = inner_facts(e->model->run, &sa->inner);
    }
}
