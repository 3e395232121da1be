#include "decoder/keymat.h"

#include <assert.h>

/* RFC 4434 section 2, RFC 4615 section 3: a key that is not 16 octets long is brought to it. XCBC pads short ones with
 * zeros; CMAC, and XCBC with long ones, takes the MAC of the key under a key of zeros. */
static bool fix_key(const struct prf *prf, struct bytes key, uint8_t out[static CRYPTO_DIGEST])
{
    static const uint8_t zeros[16];
    memset(out, 0, 16);
    if (key.len == 16 || (prf->mac == MAC_AES_XCBC && key.len < 16)) {
        if (key.len)
            memcpy(out, key.at, key.len);
        return true;
    }
    struct mac *m = mac_create(prf->mac, bytes_over(zeros, 16));
    bool ok = m && mac_of(m, &key, 1, out) == 16;
    mac_destroy(m);
    return ok;
}

static struct mac *keyed(const struct prf *prf, struct bytes key)
{
    if (!prf || prf->refused)
        return NULL;
    if (!prf->fixed)
        return mac_create(prf->mac, key);
    uint8_t fixed[CRYPTO_DIGEST];
    struct mac *m = fix_key(prf, key, fixed) ? mac_create(prf->mac, bytes_over(fixed, 16)) : NULL;
    crypto_wipe(fixed, sizeof fixed);
    return m;
}

size_t prf_of(const struct prf *prf, struct bytes key, const struct bytes *parts, size_t count, uint8_t out[static CRYPTO_DIGEST])
{
    struct mac *m = keyed(prf, key);
    size_t n = m ? mac_of(m, parts, count, out) : 0;
    mac_destroy(m);
    return n;
}

/* prf+ (K,S) = T1 | T2 | T3 | T4 | ...
 *   T1 = prf (K, S | 0x01)
 *   T2 = prf (K, T1 | S | 0x02) ... */
bool prf_plus(const struct prf *prf, struct bytes key, const struct bytes *parts, size_t count, uint8_t *out, size_t len)
{
    struct bytes input[PRF_PLUS_PARTS + 2];
    uint8_t t[CRYPTO_DIGEST];
    size_t have = 0;
    assert(count <= PRF_PLUS_PARTS);
    struct mac *m = keyed(prf, key);
    for (unsigned i = 1; m && len && i <= 255; i++) {
        uint8_t number = (uint8_t)i;
        input[0] = bytes_over(t, have);
        for (size_t k = 0; k < count; k++)
            input[1 + k] = parts[k];
        input[1 + count] = bytes_over(&number, 1);
        uint8_t next[CRYPTO_DIGEST];
        have = mac_of(m, input, count + 2, next);
        if (have == 0)
            break;
        memcpy(t, next, have);
        crypto_wipe(next, sizeof next);
        size_t take = have < len ? have : len;
        memcpy(out, t, take);
        out += take;
        len -= take;
    }
    mac_destroy(m);
    crypto_wipe(t, sizeof t);
    return m && len == 0;
}

size_t skeyseed_initial(const struct prf *prf, struct nonces n, struct bytes g_ir, uint8_t out[static CRYPTO_DIGEST])
{
    /* SKEYSEED = prf(Ni | Nr, g^ir). "If the negotiated PRF is AES-XCBC-PRF-128 or AES-CMAC-PRF-128, only the first 64
     * bits of Ni and the first 64 bits of Nr are used" (RFC 7296 section 2.14). */
    uint8_t key[512];
    if (!prf || n.i.len > 256 || n.r.len > 256 || n.i.len == 0 || n.r.len == 0)
        return 0;
    size_t i = prf->fixed && n.i.len > 8 ? 8 : n.i.len, r = prf->fixed && n.r.len > 8 ? 8 : n.r.len;
    memcpy(key, n.i.at, i);
    memcpy(key + i, n.r.at, r);
    return prf_of(prf, bytes_over(key, i + r), &g_ir, 1, out);
}

/* g^ir | Ni | Nr | SK(1) | ... */
static size_t mixture(const struct exchanged *x, struct bytes parts[static PRF_PLUS_PARTS])
{
    size_t count = 0;
    parts[count++] = x->g_ir;
    parts[count++] = x->n.i;
    parts[count++] = x->n.r;
    for (size_t i = 0; i < x->more_count && count < PRF_PLUS_PARTS; i++)
        parts[count++] = x->more[i];
    return count;
}

size_t skeyseed_rekey(const struct prf *old, struct bytes sk_d, const struct exchanged *x, uint8_t out[static CRYPTO_DIGEST])
{
    struct bytes parts[PRF_PLUS_PARTS];
    return prf_of(old, sk_d, parts, mixture(x, parts), out);
}

size_t skeyseed_additional(const struct prf *prf, struct bytes sk_d, struct bytes sk_n, struct nonces n,
                           uint8_t out[static CRYPTO_DIGEST])
{
    struct bytes parts[] = { sk_n, n.i, n.r };
    return prf_of(prf, sk_d, parts, 3, out);
}

static void put64(uint8_t *out, uint64_t v)
{
    for (size_t i = 0; i < 8; i++)
        out[i] = (uint8_t)(v >> (56 - 8 * i));
}

bool sk_derive(const struct ike_suite *suite, struct bytes skeyseed, struct nonces n, uint64_t spi_i, uint64_t spi_r,
               struct sk *out)
{
    if (!suite->encr || !suite->prf || suite->prf->refused || suite->encr->refused)
        return false;
    *out = (struct sk){
        .d_len = suite->prf->key,
        .p_len = suite->prf->key,
        .a_len = (uint8_t)(suite->encr->tag || !suite->integ ? 0 : suite->integ->key),
    };
    size_t e = encryption_key_octets(suite->encr, suite->key_bits);
    if (e > KEYMAT_SK)
        return false;
    out->e_len = (uint8_t)e;
    /* {SK_d | SK_ai | SK_ar | SK_ei | SK_er | SK_pi | SK_pr} = prf+ (SKEYSEED, Ni | Nr | SPIi | SPIr) */
    uint8_t spis[16], all[7 * KEYMAT_SK];
    put64(spis, spi_i);
    put64(spis + 8, spi_r);
    struct bytes seed[] = { n.i, n.r, bytes_over(spis, 16) };
    size_t total = (size_t)out->d_len + 2u * out->a_len + 2u * out->e_len + 2u * out->p_len;
    bool ok = prf_plus(suite->prf, skeyseed, seed, 3, all, total);
    struct {
        uint8_t *to;
        size_t len;
    } cut[] = {
        { out->d, out->d_len },  { out->ai, out->a_len }, { out->ar, out->a_len }, { out->ei, out->e_len },
        { out->er, out->e_len }, { out->pi, out->p_len }, { out->pr, out->p_len },
    };
    const uint8_t *at = all;
    for (size_t i = 0; ok && i < COUNT_OF(cut); i++) {
        memcpy(cut[i].to, at, cut[i].len);
        at += cut[i].len;
    }
    crypto_wipe(all, sizeof all);
    return ok;
}

bool sk_mix_ppk(const struct prf *prf, struct bytes ppk, uint8_t *sk, size_t len)
{
    /* SK_d = prf+ (PPK, SK_d'), SK_pi = prf+ (PPK, SK_pi'), SK_pr = prf+ (PPK, SK_pr') */
    uint8_t old[KEYMAT_SK];
    if (len == 0 || len > sizeof old)
        return false;
    memcpy(old, sk, len);
    struct bytes seed = bytes_over(old, len);
    bool ok = prf_plus(prf, ppk, &seed, 1, sk, len);
    crypto_wipe(old, sizeof old);
    return ok;
}

bool child_derive(const struct prf *prf, struct bytes sk_d, const struct exchanged *x, const struct child_suite *suite,
                  struct child_keys *out)
{
    struct bytes parts[PRF_PLUS_PARTS];
    uint8_t all[4 * CRYPTO_KEY];
    size_t e = suite->encr ? encryption_key_octets(suite->encr, suite->key_bits) : 0;
    size_t a = (suite->encr && suite->encr->tag) || !suite->integ ? 0 : suite->integ->key;
    *out = (struct child_keys){ .encr_len = (uint8_t)e, .integ_len = (uint8_t)a };
    if (e > CRYPTO_KEY || a > CRYPTO_KEY)
        return false;
    /* RFC 7296 section 2.17: keys for the SA carrying data from initiator to responder are taken before those of the
     * other direction; the encryption key is taken from the first bits, the integrity key from the remaining. */
    bool ok = prf_plus(prf, sk_d, parts, mixture(x, parts), all, 2 * (e + a));
    if (ok) {
        memcpy(out->encr_i, all, e);
        memcpy(out->integ_i, all + e, a);
        memcpy(out->encr_r, all + e + a, e);
        memcpy(out->integ_r, all + 2 * e + a, a);
    }
    crypto_wipe(all, sizeof all);
    return ok;
}

size_t auth_shared(const struct prf *prf, struct bytes secret, const struct bytes *signed_octets, size_t count,
                   uint8_t out[static CRYPTO_DIGEST])
{
    static const char pad[] = "Key Pad for IKEv2";
    uint8_t key[CRYPTO_DIGEST];
    struct bytes text = bytes_over(pad, sizeof pad - 1);
    size_t len = prf_of(prf, secret, &text, 1, key);
    size_t n = len ? prf_of(prf, bytes_over(key, len), signed_octets, count, out) : 0;
    crypto_wipe(key, sizeof key);
    return n;
}
