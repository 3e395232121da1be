/* IKE SAs: messages of any octets, in any order, into sessions whose keys let plaintext through (null cipher) and whose
 * shared secrets, PSKs and PPKs are there, so that derivation and proofs run on what was said. */
#include <assert.h>

#include "decoder/fragments.h"
#include "decoder/session.h"

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
        if (fragments_add(f, &m, &sealed, open.plain, &whole) == FRAGMENT_COMPLETE) {
            ike_unseal(arena, whole.first, whole.plaintext, &m);
            sessions_learn(s, &m, whole.first, whole.plaintext);
        }
        return;
    }
    ike_unseal(arena, sealed.first, open.plain, &m);
    sessions_learn(s, &m, sealed.first, open.plain);
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
    while (!cursor_empty(&c) && cursor_ok(&c)) {
        size_t len = cursor_u16(&c) & 0x0fff;
        take(s, f, arena, cursor_take(&c, len < c.left.len ? len : c.left.len));
    }
    arena_destroy(arena);
    fragments_destroy(f);
    sessions_destroy(s);
    esp_destroy(esp);
    model_destroy(m);
    return 0;
}
