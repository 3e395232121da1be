/* The keys that may be an IKE SA's: given ones, and those that follow from shared secrets. */
#include "base/limits.h"
#include "decoder/session_parts.h"

static struct bytes view(struct secret s)
{
    return bytes_over(s.at, s.len);
}

bool suite_of(const struct proposal *p, struct ike_suite *out)
{
    *out = (struct ike_suite){ 0 };
    const struct transform *encr = p ? proposal_transform(p, TRANSFORM_ENCR) : NULL;
    const struct transform *prf = p ? proposal_transform(p, TRANSFORM_PRF) : NULL;
    const struct transform *integ = p ? proposal_transform(p, TRANSFORM_INTEG) : NULL;
    if (!encr || !prf)
        return false;
    out->encr = encryption_find(encr->id);
    out->key_bits = encr->key_length;
    out->prf = prf_find(prf->id);
    const bool apart = integ && integ->id != INTEG_NONE;
    out->integ = apart ? integrity_find(integ->id) : NULL;
    return out->encr && out->prf && (out->integ || !apart); /* how long the keys of an unknown algorithm are nobody knows */
}

void generation_prepare(struct generation *g)
{
    const char *why;
    g->ready = true;
    struct suite s = { .encr = g->suite.encr, .integ = g->suite.integ };
    g->from_i = opener_create(&s, view(g->ei), view(g->ai), &why);
    g->from_r = opener_create(&s, view(g->er), view(g->ar), &why);
}

static void rest(struct generation *g)
{
    opener_destroy(g->from_i);
    opener_destroy(g->from_r);
    g->from_i = g->from_r = NULL;
    g->ready = false;
}

void generations_destroy(struct session *ss)
{
    for (struct generation *g = ss->generations; g; g = g->next)
        rest(g);
}

void generations_rest(struct session *ss)
{
    for (struct generation *g = ss->generation_count > GENERATIONS_FEW ? ss->generations : NULL; g; g = g->next)
        if (!g->opened)
            rest(g);
}

/* One more, of an SA for which so many were tried? */
static bool may_guess(struct sessions *s, size_t tried, unsigned weight)
{
    const bool many = tried >= GENERATIONS_FEW;
    if (many && !limits_room(&s->model->limits, OVER_GUESSES, s->guesses))
        return false;
    s->guesses += many ? weight : 0;
    return true;
}

static struct generation *append(struct sessions *s, struct session *ss)
{
    if (ss->generation_count >= LIMIT_KEYS_TRIED)
        limits_over(&s->model->limits, OVER_KEYS_TRIED, 1);
    if (ss->generation_count >= LIMIT_KEYS_TRIED || !may_guess(s, ss->generation_count, 1))
        return NULL;
    struct generation *g = arena_new(s->arena, struct generation), **tail = &ss->generations;
    while (*tail)
        tail = &(*tail)->next;
    *tail = g;
    ss->generation_count++;
    return g;
}

static struct secret hold(struct sessions *s, const uint8_t *at, size_t len)
{
    return len ? keyring_hold(s->model->keyring, bytes_over(at, len)) : (struct secret){ NULL, 0 };
}

static struct generation *generation_add(struct sessions *s, struct session *ss, const struct ike_suite *suite,
                                         const struct sk *sk, bool certain, uint8_t level)
{
    struct generation *g = append(s, ss);
    if (!g)
        return NULL;
    g->suite = *suite;
    g->d = hold(s, sk->d, sk->d_len);
    g->ai = hold(s, sk->ai, sk->a_len);
    g->ar = hold(s, sk->ar, sk->a_len);
    g->ei = hold(s, sk->ei, sk->e_len);
    g->er = hold(s, sk->er, sk->e_len);
    g->pi = hold(s, sk->pi, sk->p_len);
    g->pr = hold(s, sk->pr, sk->p_len);
    g->keys = KEYS_DERIVED;
    g->certain = certain;
    g->level = g->extended = level;
    return g;
}

/* ---- Given keys ---- */

/* A key file without a PRF tells it by the length of SK_d, where one length has one PRF. */
static const struct prf *prf_by_length(size_t len)
{
    static const struct {
        uint8_t len, id;
    } rows[] = { { 20, PRF_HMAC_SHA1 }, { 32, PRF_HMAC_SHA2_256 }, { 48, PRF_HMAC_SHA2_384 }, { 64, PRF_HMAC_SHA2_512 } };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (rows[i].len == len)
            return prf_find(rows[i].id);
    return NULL;
}

/* False: there is no room for more. */
static bool add_supplied(struct sessions *s, struct session *ss, const struct ike_key *k)
{
    struct generation *g = append(s, ss);
    if (!g)
        return false;
    const struct ike_suite *own = ss->has_suite ? &ss->suite : NULL;
    g->suite.encr = k->encr_id ? encryption_find(k->encr_id) : own ? own->encr : NULL;
    g->suite.key_bits = k->key_bits ? k->key_bits : own ? own->key_bits : 0;
    g->suite.integ = k->integ_id ? integrity_find(k->integ_id) : k->integ_none || !own ? NULL : own->integ;
    g->suite.prf = k->prf_id ? prf_find(k->prf_id) : own ? own->prf : prf_by_length(k->sk_d.len);
    g->d = k->sk_d;
    g->ai = k->sk_ai;
    g->ar = k->sk_ar;
    g->ei = k->sk_ei;
    g->er = k->sk_er;
    g->pi = k->sk_pi;
    g->pr = k->sk_pr;
    g->keys = KEYS_SUPPLIED;
    g->certain = true;
    g->extended = EXTRA_KE;
    return true;
}

static void gather_supplied(struct sessions *s, struct session *ss)
{
    const struct keyring *ring = s->model->keyring;
    struct spi i = spi_of(ss->spis[0], 16), r = spi_of(ss->spis[1], 16);
    for (const struct ike_key *k = NULL; (k = keyring_find_ike(ring, i, r, k));)
        if (!k->derived && !k->resolved && !add_supplied(s, ss, k))
            return;
}

/* ---- Shared secrets ---- */

static bool dh_belongs(const struct dh_key *k, const struct session *of, const struct session *made, bool *named)
{
    const struct session *both[] = { of, made };
    *named = false;
    if (!spi_known(k->spi_i) && !spi_known(k->spi_r))
        return true;
    for (int n = 0; n < 2; n++) {
        if (!both[n])
            continue;
        bool i = !spi_known(k->spi_i) || k->spi_i.value == both[n]->spis[0];
        bool r = !spi_known(k->spi_r) || k->spi_r.value == both[n]->spis[1];
        if (i && r) {
            *named = both[n] == (made ? made : of);
            return true;
        }
    }
    return false;
}

static void add_guess(struct sessions *s, struct guess *all, size_t *count, const uint8_t *at, size_t len, bool certain)
{
    if (len == 0 || len > CRYPTO_SHARED)
        return;
    for (size_t i = 0; i < *count; i++)
        if (all[i].len == len && crypto_equal(all[i].octets, at, len))
            return;
    if (!limits_room(&s->model->limits, OVER_SECRETS_TRIED, *count))
        return;
    memcpy(all[*count].octets, at, len);
    all[*count].len = len;
    all[(*count)++].certain = certain;
}

/* g^ir is as long as the group's prime (RFC 7296 section 2.14); a source may have cut leading zeros. */
static void add_secret(struct sessions *s, struct guess *all, size_t *count, unsigned group, struct secret k, bool certain)
{
    uint8_t padded[CRYPTO_SHARED] = { 0 };
    size_t want = dh_secret_length(group);
    if (want == 0 || k.len == want) {
        add_guess(s, all, count, k.at, k.len, certain);
    } else if (k.len < want && k.len + 4 >= want) {
        memcpy(padded + want - k.len, k.at, k.len);
        add_guess(s, all, count, padded, want, certain);
        crypto_wipe(padded, sizeof padded);
    }
}

/* The shared secrets that the keyring's dh keys make of a key exchange within an SA (and, at a rekey, the SA it makes). The array
 * is the caller's to wipe and free. */
static struct guess *secrets_guess(struct sessions *s, const struct session *of, const struct session *made,
                                   const struct ke_pair *ke, size_t *count)
{
    /* A secret that names an IKE SA is that of its first key exchange, or of any later one within it. */
    const struct session *own = made ? made : of;
    const bool first = ke->i.len && ke->i.at == own->ke.i.at;
    struct guess *all = NULL;
    size_t computed = 0;
    *count = 0;
    const uint64_t spis[] = { of->spis[0], of->spis[1], made ? made->spis[0] : 0, made ? made->spis[1] : 0 };
    for (const struct dh_key *k = NULL; (k = keyring_find_dh(s->model->keyring, spis, 4, k));) {
        bool named;
        if ((k->group && ke->group && k->group != ke->group) || !dh_belongs(k, of, made, &named))
            continue;
        if (!all)
            all = memory_take(LIMIT_SECRETS_TRIED * sizeof *all);
        if (!k->is_private) {
            add_secret(s, all, count, ke->group, k->secret, named && first);
            continue;
        }
        if (!limits_room(&s->model->limits, OVER_SECRETS_TRIED, *count) || (!named && !may_guess(s, computed++, GUESS_OF_DH)))
            break;
        /* Whose private key it is, it does not say. */
        const struct bytes peers[] = { ke->r, ke->i };
        for (int n = 0; n < 2; n++) {
            uint8_t out[CRYPTO_SHARED];
            size_t len = dh_shared(ke->group, view(k->secret), peers[n], out);
            add_guess(s, all, count, out, len, false);
            crypto_wipe(out, sizeof out);
        }
    }
    for (size_t i = 0; i<*count && * count> 1; i++)
        all[i].certain = false;
    return all;
}

static void guesses_destroy(struct guess *g, size_t count)
{
    if (g)
        crypto_wipe(g, count * sizeof *g);
    memory_free(g);
}

void secrets_combine(struct sessions *s, const struct session *of, const struct session *made, const struct ke_pair *ke,
                     size_t ke_count, combination_taker *take, void *context)
{
    struct guess *guesses[EXTRA_KE] = { 0 };
    size_t counts[EXTRA_KE] = { 0 }, at[EXTRA_KE] = { 0 }, tried = 0;
    bool all = ke_count > 0 && ke_count <= EXTRA_KE;
    for (size_t i = 0; i < ke_count && all; i++) {
        guesses[i] = secrets_guess(s, of, made, &ke[i], &counts[i]);
        all = counts[i] > 0;
    }
    while (all && limits_room(&s->model->limits, OVER_KEYS_TRIED, tried++)) {
        struct bytes more[EXTRA_KE];
        bool certain = true;
        for (size_t i = 0; i < ke_count; i++) {
            more[i] = bytes_over(guesses[i][at[i]].octets, guesses[i][at[i]].len);
            certain &= guesses[i][at[i]].certain;
        }
        take(context, more[0], more + 1, ke_count - 1, certain);
        size_t i = 0; /* count on, as an odometer does */
        while (i < ke_count && ++at[i] == counts[i])
            at[i++] = 0;
        if (i == ke_count)
            break;
    }
    for (size_t i = 0; i < ke_count && i < EXTRA_KE; i++)
        guesses_destroy(guesses[i], counts[i]);
}

/* What follows is made of prf+ (PPK, SK_d). Of a given SK_d it is not known which of the two it is; a derived one is never mixed.
 */
void sk_d_each(const struct sessions *s, const struct session *ss, const struct generation *g, sk_d_taker *take, void *context)
{
    const bool plain = g->keys == KEYS_DERIVED, mixes = ss->ppk_confirmed; /* plain: not mixed yet */
    const struct ppk_key *first = mixes ? keyring_ppk(s->model->keyring) : NULL;
    if (!mixes || !plain)
        take(context, view(g->d), !mixes);
    for (const struct ppk_key *k = first; k && g->d.len <= KEYMAT_SK; k = k->next) {
        uint8_t mixed[KEYMAT_SK];
        memcpy(mixed, g->d.at, g->d.len);
        if (sk_mix_ppk(g->suite.prf, view(k->ppk), mixed, g->d.len))
            take(context, bytes_over(mixed, g->d.len), plain && !first->next && ppk_meant(k, ss->ppk_id));
        crypto_wipe(mixed, sizeof mixed);
    }
}

/* ---- Derived generations ---- */

struct deriving {
    struct sessions *s;
    struct session *ss;
    const struct generation *from; /* the former keys: of the rekeyed SA, or before an additional exchange */
    const struct ke_pair *ke;      /* at a rekey: of its exchange */
    struct bytes sk_d;             /* of the former keys */
    bool only, made;               /* only: no choice of SK_d */
};

static void take_seed(struct deriving *d, struct bytes seed, bool certain, uint8_t level)
{
    struct sk sk;
    struct session *ss = d->ss;
    struct nonces n = { ss->ni, ss->nr };
    if (seed.len && sk_derive(&ss->suite, seed, n, ss->spis[0], ss->spis[1], &sk))
        d->made |= generation_add(d->s, ss, &ss->suite, &sk, certain, level) != NULL;
    crypto_wipe(&sk, sizeof sk);
}

static void take_initial(void *context, struct bytes first, const struct bytes *more, size_t more_count, bool certain)
{
    struct deriving *d = context;
    uint8_t seed[CRYPTO_DIGEST];
    struct nonces n = { d->ss->ni, d->ss->nr };
    (void)more;
    (void)more_count;
    take_seed(d, bytes_over(seed, skeyseed_initial(d->ss->suite.prf, n, first, seed)), certain, 0);
    crypto_wipe(seed, sizeof seed);
}

static void take_rekey(void *context, struct bytes first, const struct bytes *more, size_t more_count, bool certain)
{
    struct deriving *d = context;
    uint8_t seed[CRYPTO_DIGEST];
    const struct exchanged x = { first, { d->ss->ni, d->ss->nr }, more, more_count };
    size_t len = skeyseed_rekey(d->from->suite.prf, d->sk_d, &x, seed);
    take_seed(d, bytes_over(seed, len), certain && d->only, 0);
    crypto_wipe(seed, sizeof seed);
}

static void take_additional(void *context, struct bytes first, const struct bytes *more, size_t more_count, bool certain)
{
    struct deriving *d = context;
    uint8_t seed[CRYPTO_DIGEST];
    struct nonces n = { d->ss->ni, d->ss->nr };
    (void)more;
    (void)more_count;
    size_t len = skeyseed_additional(d->ss->suite.prf, view(d->from->d), first, n, seed);
    take_seed(d, bytes_over(seed, len), certain, (uint8_t)(d->from->level + 1));
    crypto_wipe(seed, sizeof seed);
}

/* SKEYSEED = prf(SK_d (old), "Resumption" | Ni | Nr): RFC 5723 section 5.1 */
static void take_resumed(void *context, struct bytes sk_d, bool only)
{
    struct deriving *d = context;
    uint8_t seed[CRYPTO_DIGEST];
    const struct bytes parts[] = { bytes_over("Resumption", 10), d->ss->ni, d->ss->nr };
    take_seed(d, bytes_over(seed, prf_of(d->from->suite.prf, sk_d, parts, 3, seed)), only, 0);
    crypto_wipe(seed, sizeof seed);
}

/* SKEYSEED' = prf(PPK, SK_d): RFC 9867 section 3.1 */
static void take_ppk(struct deriving *d)
{
    uint8_t seed[CRYPTO_DIGEST];
    const struct bytes sk_d = view(d->from->d);
    for (const struct ppk_key *k = keyring_ppk(d->s->model->keyring); k; k = k->next) {
        size_t len = prf_of(d->ss->suite.prf, view(k->ppk), &sk_d, 1, seed);
        take_seed(d, bytes_over(seed, len), false, (uint8_t)(d->from->level + 1));
    }
    crypto_wipe(seed, sizeof seed);
}

static void take_former(void *context, struct bytes sk_d, bool only)
{
    struct deriving *d = context;
    d->sk_d = sk_d;
    d->only = only;
    secrets_combine(d->s, d->ss->parent, d->ss, d->ke, 1u + d->ss->more_count, take_rekey, d);
}

static bool gather_dh(struct sessions *s, struct session *ss)
{
    struct ke_pair ke[EXTRA_KE];
    struct deriving d = { .s = s, .ss = ss, .ke = ke };
    ke[0] = ss->ke;
    if (!ss->parent) {
        secrets_combine(s, ss, NULL, ke, 1, take_initial, &d);
        return d.made;
    }
    memcpy(ke + 1, ss->more, ss->more_count * sizeof *ke);
    for (const struct generation *g = ss->parent->generations; g; g = g->next) {
        d.from = g;
        if (g->d.len && g->suite.prf && g->opened)
            sk_d_each(s, ss->parent, g, ss->resumed ? take_resumed : take_former, &d);
    }
    return d.made;
}

bool generations_gather(struct sessions *s, struct session *ss)
{
    uint32_t before = ss->generation_count;
    if (!ss->supplied_gathered) {
        ss->supplied_gathered = true;
        gather_supplied(s, ss);
    }
    if (!ss->dh_gathered && ss->has_suite && ss->ni.len && (ss->resumed || (ss->ke.i.len && ss->ke.r.len))) {
        ss->dh_gathered = true;
        gather_dh(s, ss);
    }
    for (struct generation *g = ss->generations; g; g = g->next)
        while (g->opened && g->d.len && ss->has_suite && g->extended < ss->additional_count && g->extended == g->level) {
            struct deriving d = { .s = s, .ss = ss, .from = g };
            const struct ke_pair *ke = &ss->additional[g->extended++];
            if (ke->ppk)
                take_ppk(&d);
            else
                secrets_combine(s, ss, NULL, ke, 1, take_additional, &d);
        }
    return ss->generation_count != before;
}

void generation_opened(struct sessions *s, struct session *ss, struct generation *g)
{
    g->opened = true;
    bool given = g->keys == KEYS_SUPPLIED;
    if (given)
        g->level = g->extended = ss->additional_count;
    struct ike_key k = {
        .spi_i = spi_of(ss->spis[0], 16),
        .spi_r = spi_of(ss->spis[1], 16),
        .encr_id = g->suite.encr->id,
        .key_bits = g->suite.key_bits,
        .integ_id = g->suite.integ ? g->suite.integ->id : 0,
        .prf_id = g->suite.prf ? g->suite.prf->id : 0,
        .ke_id = ss->ke.group,
        .integ_none = !g->suite.integ,
        .sk_d = g->d,
        .sk_ai = g->ai,
        .sk_ar = g->ar,
        .sk_ei = g->ei,
        .sk_er = g->er,
        .sk_pi = g->pi,
        .sk_pr = g->pr,
        .derived = !given,
        .resolved = given,
    };
    keyring_add_ike(s->model->keyring, &k);
}
