/*
 * ESP on all cores. A thread that has a stretch of the capture at hand tries keys on its packets before their turn comes: where
 * one key is sure to be tried first (an SA whose packets open), that try need not be made any more in its turn; where things
 * turned out otherwise it is not used. So the result does not depend on the number of threads.
 */
#include "decoder/esp_parts.h"

enum {
    FORESEEN = 32,     /* packets a thread that an SA has shown before its key is tried ahead: an opener costs as much */
    CREWS_MOST = 8192, /* SAs that have openers for each thread */
    MEMO = 3,          /* bits: SAs that are remembered */
    COARSE = 31        /* bits: as near as a sequence number must be shown */
};

struct foresight {
    struct try *at; /* one a frame */
    size_t count, room;
    uint8_t *out; /* plaintexts; of all where they are wanted, else room for one */
    size_t out_room;
};

void foresight_destroy(struct foresight *f)
{
    if (!f)
        return;
    if (f->out)
        crypto_wipe(f->out, f->out_room);
    memory_free(f->out);
    memory_free(f->at);
    memory_free(f);
}

void esp_lock(struct esp *e)
{
    pthread_mutex_lock(&e->lock);
}

void esp_unlock(struct esp *e)
{
    pthread_mutex_unlock(&e->lock);
}

/* ---- In turn ---- */

static struct fit *first_fit(struct esp *e, const struct esp_sa *sa)
{
    struct fit *f = sa->current;
    if (!f || !f->opener || !f->opened || f->failures || sa->flow->traffic.decrypted < FORESEEN * e->threads ||
        (f->esn && !sa->sequence.started))
        return NULL;
    if (!f->crew && e->crews < CREWS_MOST) {
        e->crews++;
        f->crew = memory_take(e->threads * sizeof *f->crew);
    }
    return f->crew ? f : NULL;
}

void esp_show(struct esp *e, struct esp_sa *sa)
{
    if (e->threads < 2)
        return;
    struct fit *f = first_fit(e, sa);
    const struct outlook now = { f, f && f->esn ? sa->sequence.highest >> COARSE << COARSE : 0 };
    if (now.fit == sa->outlook.fit && now.near == sa->outlook.near)
        return;
    esp_lock(e);
    sa->outlook = now;
    esp_unlock(e);
}

void esp_turn(struct esp *e, const struct foresight *f)
{
    e->foresight = f;
}

const struct try *esp_made(const struct esp *e, const struct packet *p, struct bytes octets)
{
    const struct foresight *f = e->foresight;
    const struct try *t = f && p->place < f->count ? &f->at[p->place] : NULL;
    return t && t->fit && t->octets.at == octets.at && t->octets.len == octets.len ? t : NULL;
}

/* ---- Ahead ---- */

struct memo { /* of SAs that were sought: packets are mostly of a few */
    uint8_t keys[1 << MEMO][SA_KEY];
    struct outlook outlooks[1 << MEMO];
};

static struct outlook outlook_of(const struct esp *e, struct memo *m, const struct glance *g, uint32_t spi)
{
    const struct packet *p = &g->packet;
    const size_t at = spi * 2654435769u >> (32 - MEMO);
    uint8_t key[SA_KEY];
    esp_key(PROTOCOL_ESP, spi, p->source.address, p->destination.address, key);
    if (memcmp(m->keys[at], key, SA_KEY) == 0)
        return m->outlooks[at];
    const struct esp_sa *sa = map_find(&e->sas, bytes_over(key, SA_KEY));
    memcpy(m->keys[at], key, SA_KEY);
    return m->outlooks[at] = sa ? sa->outlook : (struct outlook){ 0 };
}

/* Which tries are to be made; gives the room for their plaintexts. */
static size_t choose(struct esp *e, struct foresight *f, const struct glance *glances)
{
    size_t room = 0;
    struct memo memo = { 0 };
    esp_lock(e);
    for (size_t i = 0; i < f->count; i++) {
        const struct glance *g = &glances[i];
        struct try *t = &f->at[i];
        struct cursor c = cursor_over(g->octets);
        const uint32_t spi = cursor_u32(&c), number = cursor_u32(&c);
        t->fit = NULL;
        if (!cursor_ok(&c) || !spi)
            continue;
        const struct outlook o = outlook_of(e, &memo, g, spi);
        t->fit = o.fit;
        if (!o.fit)
            continue;
        t->octets = g->octets;
        t->number = number;
        t->high = o.fit->esn ? (uint32_t)(sequence_near(o.near, number) >> 32) : 0;
        t->out = e->plain.take ? room : 0;
        room = e->plain.take ? room + g->octets.len : room < g->octets.len ? g->octets.len : room;
    }
    esp_unlock(e);
    return room;
}

void esp_look(struct esp *e, struct foresight **to, const struct glance *glances, size_t count, unsigned thread)
{
    struct foresight *f = *to = *to ? *to : memory_take(sizeof *f);
    if (f->room < count) {
        f->room = count;
        f->at = memory_grow(f->at, count * sizeof *f->at);
    }
    f->count = count;
    const size_t room = choose(e, f, glances);
    if (f->out_room < room) {
        if (f->out)
            crypto_wipe(f->out, f->out_room);
        memory_free(f->out);
        f->out = memory_grow(NULL, room);
        f->out_room = room;
    }
    for (size_t i = 0; i < count; i++)
        if (f->at[i].fit)
            esp_try(&f->at[i], thread, f->out + f->at[i].out);
}
