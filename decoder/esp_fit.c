/* Which key opens a packet. */
#include "decoder/esp_parts.h"

enum {
    ESP_HEADER = 8,
    HIGH_SEARCH = 16, /* upper words of an ESN tried from zero for a key that never fitted, of the first few */
    PATIENCE = 8,     /* packets for which all is tried; later ones get it now and then */
    FITS_FEW = 8,     /* of one SA: that these are kept ready, and those beyond count as guesses (OVER_GUESSES) */
    PATIENCE_LATE = 2 /* with each of those beyond */
};

static void rest(struct fit *f)
{
    opener_destroy(f->opener);
    opener_destroy(f->narrow);
    sealer_destroy(f->sealer);
    f->opener = f->narrow = NULL;
    f->sealer = NULL;
    f->ready = f->cut = false;
}

void fits_destroy(struct esp *e, struct esp_sa *sa)
{
    for (struct fit *f = sa->fits, *next; f; f = next) {
        next = f->next;
        for (unsigned n = 0; f->crew && n < e->threads; n++)
            opener_destroy(f->crew[n]);
        memory_free(f->crew);
        rest(f);
        memory_free(f);
    }
    sa->fits = sa->current = NULL;
}

/* ---- Gathering ---- */

static void add_fit(struct esp_sa *sa, const struct esp_key *key, bool certain, bool speculative)
{
    struct fit **tail = &sa->fits;
    for (; *tail; tail = &(*tail)->next)
        if ((*tail)->key == key) {
            (*tail)->certain |= certain;
            return;
        }
    struct fit *f = memory_take(sizeof *f);
    *f = (struct fit){ .key = key, .certain = certain, .speculative = speculative, .late = sa->fit_count >= FITS_FEW };
    sa->fit_count++;
    *tail = f;
}

/* A key that was given. Of those there may be any number for one SA: false, and counted, when it may have no more. */
static bool add_given(struct esp *e, struct esp_sa *sa, const struct esp_key *key, bool certain)
{
    struct limits *l = &e->model->limits;
    struct fit *known = sa->fits;
    while (known && known->key != key)
        known = known->next;
    const bool guess = !known && sa->fit_count >= FITS_FEW;
    if (guess && (!limits_room(l, OVER_KEYS_TRIED, sa->fit_count) || !limits_room(l, OVER_GUESSES, e->guesses)))
        return false;
    e->guesses += guess;
    add_fit(sa, key, certain, false);
    return true;
}

static void gather(struct esp *e, struct esp_sa *sa, const struct packet *p)
{
    if (sa->version == e->version + 1)
        return;
    sa->version = e->version + 1;
    const struct flow *f = sa->flow;
    const struct keyring *ring = e->model->keyring;
    for (const struct esp_key *k = NULL;
         ring && (k = keyring_find_esp(ring, f->spi, p->source.address, p->destination.address, k));)
        if (k->protocol == f->protocol && !k->derived && !add_given(e, sa, k, true))
            break;
    for (const struct offer *o = esp_by_spi(&e->offers, f->protocol, f->spi); o; o = o->next)
        add_fit(sa, o->key, o->certain, !o->certain);
    if (!sa->expected) {
        uint32_t key[2] = { f->spi, f->protocol };
        sa->expected = map_find(&e->expected, bytes_over(key, sizeof key));
    }
}

/* The SPI alone: an SA may have moved since its key was written down (NAT, MOBIKE). Only an ICV can say so. */
static void gather_moved(struct esp *e, struct esp_sa *sa)
{
    if (sa->moved_gathered)
        return;
    sa->moved_gathered = true;
    for (const struct offer *o = esp_supplied(e, sa->flow->protocol, sa->flow->spi); o; o = o->next)
        if (!o->key->integ_unchecked && !add_given(e, sa, o->key, false))
            break;
}

static struct opener *opener_of(const struct esp_key *k, bool narrow)
{
    const char *why;
    struct bytes encr = { k->encr.at, k->encr.len }, integ = { k->integ.at, k->integ.len };
    uint16_t icv_bits = narrow ? 96 : k->icv_bits;
    struct suite s = { encryption_find(k->encr_id), integrity_find(k->integ_id), icv_bits, k->integ_unchecked };
    return opener_create(&s, encr, integ, &why);
}

static void prepare(struct fit *f)
{
    const struct esp_key *k = f->key;
    const char *why;
    f->ready = true;
    if (k->protocol == PROTOCOL_AH) {
        struct bytes integ = { k->integ.at, k->integ.len };
        f->sealer = sealer_create(integrity_find(k->integ_id), k->icv_bits, integ, &why);
        f->usable = f->sealer != NULL;
        return;
    }
    f->opener = opener_of(k, false);
    f->usable = f->opener != NULL;
    if (f->opener && !opener_aead(f->opener) && k->integ_id == INTEG_HMAC_SHA2_256_128 && !k->icv_bits)
        f->narrow = opener_of(k, true);
}

/* ---- One key ---- */

struct sealed_esp { /* a packet, and how its sequence number is to be read */
    struct bytes octets;
    uint32_t number, high;
    bool esn;
};

/* fitted: this key opened packets before, so that odd contents are not its fault. */
static enum tried open_esp(struct opener *o, bool fitted, const struct sealed_esp *p, uint8_t *out, struct found *found)
{
    uint8_t header[12];
    struct bytes octets = p->octets;
    size_t icv = opener_icv(o);
    if (octets.len < ESP_HEADER + icv)
        return TRIED_NOT;
    struct box b = {
        .aad = { octets.at, ESP_HEADER },
        .covered = { octets.at, octets.len - icv },
        .body = { octets.at + ESP_HEADER, octets.len - ESP_HEADER },
        .sequence = p->number,
    };
    if (p->esn) {
        /* SPI | upper 32 bits | lower 32 bits is what an AEAD cipher authenticates (RFC 4106 section 5); a separate
         * algorithm takes the upper bits behind the packet (RFC 4303 section 2.2.1). */
        memcpy(header, octets.at, 4);
        for (size_t i = 0; i < 4; i++)
            header[4 + i] = (uint8_t)(p->high >> (24 - 8 * i));
        memcpy(header + 8, octets.at + 4, 4);
        b.aad = bytes_over(header, 12);
        b.suffix = bytes_over(header + 4, 4);
        b.sequence |= (uint64_t)p->high << 32;
    }
    size_t len;
    enum opened r = opener_open(o, &b, out, &len);
    if (r == OPENED_LENGTH)
        return TRIED_WRONG_CIPHER;
    if (r != OPENED)
        return TRIED_NOT;
    found->plain = bytes_over(out, len);
    found->verified = opener_verifies(o);
    bool by_content = !opener_aead(o) && opener_ciphers(o) && !fitted; /* does the cipher key fit? */
    if (!inner_read(found->plain, &found->inner) && (by_content || !found->verified))
        return found->verified ? TRIED_WRONG_CIPHER : TRIED_NOT;
    found->sequence = b.sequence;
    if (found->verified && icv >= 8)
        memcpy(&found->print, octets.at + octets.len - 8, 8); /* the ICV stands for all octets */
    return TRIED_OPENED;
}

static enum tried try_high(struct esp *e, struct fit *f, struct attempt *a, bool esn, uint32_t high)
{
    if (f->sealer) {
        uint8_t next;
        struct bytes icv, content;
        if (!ah_content(a->octets, &next, &icv, &content) || !ah_verify(f->sealer, a->packet, a->octets, esn, high))
            return TRIED_NOT;
        inner_of(next, content, &a->found.inner);
        a->found.verified = true;
        a->found.sequence = a->number | (esn ? (uint64_t)high << 32 : 0);
        if (icv.len >= 8)
            memcpy(&a->found.print, icv.at + icv.len - 8, 8);
        return TRIED_OPENED;
    }
    const struct try *made = a->made;
    a->made = NULL;
    if (made && made->fit == f && made->high == high) {
        a->found = made->found;
        return (enum tried)made->tried;
    }
    const struct sealed_esp p = { a->octets, a->number, high, esn };
    enum tried t = f->opener ? open_esp(f->opener, f->opened, &p, e->out, &a->found) : TRIED_NOT;
    if (t == TRIED_NOT && f->narrow && !f->opened) {
        t = open_esp(f->narrow, false, &p, e->out, &a->found);
        if (t != TRIED_NOT) { /* this is how the peers cut it */
            struct opener *wide = f->opener;
            f->opener = f->narrow;
            f->narrow = wide;
            f->cut = !f->cut;
        }
    }
    if (t != TRIED_NOT && !f->opened)
        f->esn = esn;
    return t;
}

/* What follows from the packets seen with this key, if it is the SA's: the upper half that is nearest to them. */
static uint32_t nearest_high(const struct esp_sa *sa, uint32_t number)
{
    return (uint32_t)(sequence_near(sa->sequence.highest, number) >> 32);
}

/* The upper half of an extended sequence number is not sent. Where packets were seen, the one nearest to them comes first
 * (RFC 4303 appendix A2.2), then its neighbours; else what the key source said, then small numbers. */
static enum tried try_extended(struct esp *e, const struct esp_sa *sa, struct fit *f, struct attempt *a, bool deep)
{
    enum tried t = TRIED_NOT;
    bool follow = f->opened && sa->current == f && sa->sequence.started;
    uint32_t near = follow ? nearest_high(sa, a->number) : f->key->esn_high;
    const uint32_t first[] = { near, near + 1, near - 1 };
    for (size_t i = 0; i < 3 && t == TRIED_NOT; i++)
        if (near || i < 2)
            t = try_high(e, f, a, true, first[i]);
    for (uint32_t high = 0; deep && !follow && !f->late && high < HIGH_SEARCH && t == TRIED_NOT; high++)
        if (high != near && high != near + 1)
            t = try_high(e, f, a, true, high);
    return t;
}

static enum tried try_fit(struct esp *e, const struct esp_sa *sa, struct fit *f, struct attempt *a)
{
    const bool deep = f->failures < (f->late ? PATIENCE_LATE : PATIENCE) || (f->failures & 255) == 0;
    if (f->late && !f->opened && !deep) {
        f->failures++;
        return TRIED_NOT;
    }
    if (!f->ready)
        prepare(f);
    if (!f->usable)
        return TRIED_NOT;
    enum tried t;
    if (f->opened) {
        t = f->esn ? try_extended(e, sa, f, a, false) : try_high(e, f, a, false, 0);
    } else if (f->key->has_esn && f->key->esn) {
        t = try_extended(e, sa, f, a, deep);
        if (t == TRIED_NOT && deep)
            t = try_high(e, f, a, false, 0);
    } else {
        t = try_high(e, f, a, false, 0);
        if (t == TRIED_NOT && deep && (f->sealer || opener_verifies(f->opener)))
            t = try_extended(e, sa, f, a, true);
    }
    if (t == TRIED_OPENED) {
        f->opened = true;
        f->failures = 0;
    } else {
        f->failures++;
    }
    return t;
}

/* ---- Ahead ---- */

/* Whatever of the fit is read here does not change once it has opened a packet. */
void esp_try(struct try *t, unsigned thread, uint8_t *out)
{
    struct fit *f = t->fit;
    if (!f->crew[thread])
        f->crew[thread] = opener_of(f->key, f->cut);
    const struct sealed_esp p = { t->octets, t->number, t->high, f->esn };
    t->found = (struct found){ 0 };
    if (f->crew[thread])
        t->tried = (uint8_t)open_esp(f->crew[thread], true, &p, out, &t->found);
    else
        t->fit = NULL;
}

/* ---- All keys of an SA ---- */

static void adopt(struct esp *e, struct esp_sa *sa, struct fit *f)
{
    if (sa->current == f)
        return;
    if (sa->current) { /* the SPI was given out again, with another key: a new count */
        sa->lost_before += sa->sequence.lost;
        sequence_clear(&sa->sequence);
    } else {
        esp_keyed(e, sa);
    }
    sa->current = f;
    sa->flow->keys = f->key->derived ? KEYS_DERIVED : KEYS_SUPPLIED;
    if (f->speculative) {
        f->speculative = false;
        f->certain = true;
        keyring_add_esp(e->model->keyring, f->key);
    }
}

static void make_room(struct esp *e, size_t len)
{
    if (e->out_room >= len)
        return;
    if (e->out)
        crypto_wipe(e->out, e->out_room);
    memory_free(e->out);
    e->out_room = len < 65536 ? 65536 : len;
    e->out = memory_take(e->out_room);
}

bool esp_attempt_current(struct esp *e, struct esp_sa *sa, struct attempt *a)
{
    make_room(e, a->octets.len);
    struct fit *f = sa->current;
    if (!f || !f->opened || (!f->sealer && !opener_verifies(f->opener)))
        return false;
    bool opened = try_fit(e, sa, f, a) == TRIED_OPENED;
    return opened;
}

enum attempt_result esp_attempt(struct esp *e, struct esp_sa *sa, struct attempt *a)
{
    make_room(e, a->octets.len);
    bool wrong_cipher = false, meant = false;
    if (sa->current) {
        enum tried t = try_fit(e, sa, sa->current, a);
        if (t == TRIED_OPENED)
            return ATTEMPT_OPENED;
        wrong_cipher = t == TRIED_WRONG_CIPHER;
        meant = true;
    }
    gather(e, sa, a->packet);
    struct fit *last = NULL;
    for (int moved = 0; moved < 2; moved++) { /* first the keys that were meant for these addresses */
        if (moved)
            gather_moved(e, sa);
        for (struct fit *f = last ? last->next : sa->fits; f; f = f->next) {
            last = f;
            if (f == sa->current)
                continue;
            enum tried t = try_fit(e, sa, f, a);
            if (t == TRIED_OPENED) {
                adopt(e, sa, f);
                return ATTEMPT_OPENED;
            }
            wrong_cipher |= t == TRIED_WRONG_CIPHER;
            meant |= f->certain && f->usable;
            if (f->late && !f->opened)
                rest(f);
        }
    }
    return wrong_cipher ? ATTEMPT_WRONG_CIPHER : meant ? ATTEMPT_ICV : ATTEMPT_NO_KEY;
}
