/* IKE SAs: messages of any octets, in any order, into sessions whose keys let plaintext through (null cipher) and whose
 * shared secrets, PSKs and PPKs are there, so that derivation and proofs run on what was said; and packets of the Child SAs that
 * follow from them, before and behind the exchange that makes their keys. */
#include <assert.h>

#include "decoder/fragments.h"
#include "decoder/session.h"
#include "tests/fuzz/messages_of.h"

static const uint8_t secret[64] = { 7, 7, 7 };

static void add_keys(struct keyring *k)
{
    struct secret s = keyring_hold(k, bytes_over(secret, 32));
    for (uint64_t spi = 1; spi < 4; spi++) {
        struct ike_key ike = { .spi_i = spi_of(spi, 16),
                               .encr_id = ENCR_NULL,
                               .integ_none = true,
                               .prf_id = PRF_HMAC_SHA2_256,
                               .sk_d = s,
                               .sk_pi = s,
                               .sk_pr = s,
                               .sk_ei = s,
                               .sk_er = s };
        keyring_add_ike(k, &ike);
    }
    struct dh_key dh = { .group = 0, .secret = s }, private = { .group = 31, .is_private = true, .secret = s };
    keyring_add_dh(k, &dh);
    keyring_add_dh(k, &private);
    struct psk_key psk = { .psk = s };
    keyring_add_psk(k, &psk);
    struct ppk_key ppk = { .ppk = s };
    keyring_add_ppk(k, &ppk);
}

static void take(struct sessions *s, struct fragments *f, struct arena *arena, struct bytes octets)
{
    struct message m = { .direction = DIRECTION_WIRE };
    struct sealed sealed;
    struct unsealed open;
    arena_reset(arena);
    if (!ike_decode(arena, octets, &m))
        return;
    if (!m.protection) {
        sessions_learn(s, &m, PAYLOAD_NONE, (struct bytes){ NULL, 0 });
        return;
    }
    if (!ike_sealed(m.octets, &sealed))
        return;
    m.decryption = (uint8_t)sessions_open(s, &m, &sealed, &open);
    if (m.decryption != DECRYPTION_DECRYPTED)
        return;
    assert(open.plain.len <= sealed.body.len);
    if (sealed.protection == PROTECTION_SKF) {
        struct whole whole;
        if (fragments_add(f, &m, 0, &sealed, open.plain, &whole) == FRAGMENT_COMPLETE) {
            ike_unseal(arena, whole.first, whole.plaintext, &m);
            sessions_learn(s, &m, whole.first, whole.plaintext);
        }
        return;
    }
    ike_unseal(arena, sealed.first, open.plain, &m);
    sessions_learn(s, &m, sealed.first, open.plain);
}

enum { LENGTH = 0x0fff, AS_ESP = 0x8000, AS_AH = 0x4000, ELSEWHERE = 0x2000, IP_HEADER = 20 };

/* A packet of a Child SA, behind an IP header of any octets. */
static bool carry(struct esp *e, struct bytes ip, uint16_t how, uint32_t *frame)
{
    const uint8_t source[4] = { 10, 0, 0, how & ELSEWHERE ? 3 : 1 }, destination[4] = { 10, 0, 0, 2 };
    if (ip.len < IP_HEADER)
        return false;
    ++*frame;
    const struct packet p = { .frame = *frame,
                              .frames = frame,
                              .frame_count = 1,
                              .source = { address_of(bytes_over(source, 4)), 0 },
                              .destination = { address_of(bytes_over(destination, 4)), 0 },
                              .ip_version = 4,
                              .ip = ip,
                              .ip_header = IP_HEADER };
    const struct bytes content = { ip.at + IP_HEADER, ip.len - IP_HEADER };
    return how & AS_AH ? esp_take_ah(e, &p, content) : esp_take(e, &p, content);
}

static uint64_t carried(struct esp *e, const struct model *m)
{
    uint64_t packets = 0;
    esp_finish(e);
    for (const struct flow *f = m->flows; f; f = f->next) {
        const struct traffic *t = &f->traffic;
        assert(t->packets == t->decrypted + t->icv_failed + t->no_key + t->truncated);
        packets += t->packets;
    }
    return packets;
}

/* One record goes, comes twice, or has its message mutated while its length stays right. */
static size_t mutate_record(uint8_t *data, size_t size, size_t most, uint32_t seed)
{
    static uint8_t out[LENGTH + 1], behind[1 << 16];
    size_t begins[256], count = 0, at = 0;
    for (; at + 2 <= size && count < COUNT_OF(begins); count++) {
        begins[count] = at;
        at += 2 + ((size_t)(data[at] << 8 | data[at + 1]) & LENGTH);
    }
    if (count == 0 || at > size || size > sizeof behind || size + LENGTH + 2 > most)
        return LLVMFuzzerMutate(data, size, most);
    const size_t which = messages_any(&seed, count), begin = begins[which], end = which + 1 < count ? begins[which + 1] : at;
    const size_t left = size - end, way = messages_any(&seed, 8);
    memcpy(behind, data + end, left);
    size_t n = 0;
    if (way == 0) { /* it goes */
        n = begin;
    } else if (way == 1) { /* it comes once more */
        memcpy(data + end, data + begin, end - begin);
        n = end + end - begin;
    } else {
        const size_t len = messages_mutate(data + begin + 2, end - begin - 2, out, LENGTH, seed);
        memcpy(data + begin + 2, out, len);
        data[begin] = (uint8_t)((data[begin] & 0xf0) | len >> 8);
        data[begin + 1] = (uint8_t)len;
        n = begin + 2 + len;
    }
    memcpy(data + n, behind, left);
    return n + left;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    uint32_t chance = seed;
    return messages_any(&chance, 2) ? LLVMFuzzerMutate(data, size, most) : mutate_record(data, size, most, chance);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct model *m = model_create();
    model_add_input(m, TEXT("x"), TEXT("x"));
    if (!m->keyring)
        m->keyring = keyring_create(&m->limits);
    add_keys(m->keyring);
    struct esp *esp = esp_create(m, (struct plain_taker){ NULL, NULL }, 1);
    struct sessions *s = sessions_create(m, esp);
    struct fragments *f = fragments_create(&(struct limits){ .input = 0 });
    struct arena *arena = arena_create();
    struct cursor c = cursor_over(bytes_over(data, size));
    uint64_t packets = 0;
    uint32_t frame = 0;
    while (!cursor_empty(&c) && cursor_ok(&c)) {
        const uint16_t how = cursor_u16(&c);
        const size_t len = how & LENGTH;
        const struct bytes octets = cursor_take(&c, len < c.left.len ? len : c.left.len);
        if (how & AS_ESP)
            packets += carry(esp, octets, how, &frame);
        else
            take(s, f, arena, octets);
    }
    const uint64_t counted = carried(esp, m);
    assert(counted == packets);
    arena_destroy(arena);
    fragments_destroy(f);
    sessions_destroy(s);
    esp_destroy(esp);
    model_destroy(m);
    return 0;
}
