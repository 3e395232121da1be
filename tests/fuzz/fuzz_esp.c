/* ESP and AH: packets of any octets, with keys of every kind, among them the null cipher, which lets the plaintext through.
 * What is counted must add up. */
#include <assert.h>

#include "decoder/ciphers.h"
#include "decoder/esp.h"

static void plain(void *context, int64_t ns, uint32_t frame, struct bytes ip)
{
    uint64_t *sum = context;
    (void)ns;
    (void)frame;
    for (size_t i = 0; i < ip.len; i++)
        *sum += ip.at[i];
}

static void add_keys(struct model *m)
{
    static const uint8_t octets[64] = { 1, 2, 3 };
    size_t count;
    const struct encryption *rows = encryption_rows(&count);
    for (uint32_t i = 0; i < 64; i++) {
        const struct encryption *e = &rows[i % count];
        struct esp_key k = { .spi = i,
                             .spi_mask = UINT32_MAX,
                             .protocol = i % 8 == 7 ? PROTOCOL_AH : PROTOCOL_ESP,
                             .encr_id = i < 16 ? ENCR_NULL : e->id,
                             .integ_id = (uint16_t)(i < 8 ? 0 : i % 15),
                             .has_esn = i & 1,
                             .esn = i & 2,
                             .icv_bits = i == 20 ? 96 : 0,
                             .integ_unchecked = i == 21 };
        k.encr = keyring_hold(m->keyring, bytes_over(octets, encryption_key_octets(e, 0)));
        const struct integrity *a = integrity_find(k.integ_id);
        k.integ = keyring_hold(m->keyring, bytes_over(octets, a ? a->key : 0));
        keyring_add_esp(m->keyring, &k);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t sum = 0;
    struct model *m = model_create();
    model_add_input(m, TEXT("x"), TEXT("x"));
    if (!m->keyring)
        m->keyring = keyring_create(&m->limits);
    add_keys(m);
    struct esp *esp = esp_create(m, (struct plain_taker){ plain, &sum }, 1);
    struct cursor c = cursor_over(bytes_over(data, size));
    uint32_t frame = 0;
    uint64_t taken = 0;
    while (!cursor_empty(&c) && cursor_ok(&c)) {
        uint8_t kind = cursor_u8(&c);
        size_t len = cursor_u8(&c), header = kind & 1 ? 40 : 20;
        struct bytes ip = cursor_take(&c, len < c.left.len ? len : c.left.len);
        if (ip.len < header + 12)
            continue;
        frame++;
        struct packet p = { .frame = frame,
                            .frames = &frame,
                            .frame_count = 1,
                            .ip_version = kind & 1 ? 6 : 4,
                            .ip = ip,
                            .ip_header = header,
                            .truncated = kind & 4,
                            .missing = kind & 4 ? 9 : 0 };
        p.source.address = address_of((struct bytes){ ip.at, kind & 8 ? 4 : 16 });
        p.destination.address = address_of((struct bytes){ ip.at + 4, kind & 8 ? 4 : 16 });
        struct bytes content = { ip.at + header, ip.len - header };
        taken += kind & 2 ? esp_take_ah(esp, &p, content) : esp_take(esp, &p, content);
    }
    esp_finish(esp);
    uint64_t packets = 0;
    for (const struct flow *f = m->flows; f; f = f->next) {
        const struct traffic *t = &f->traffic;
        assert(t->packets == t->decrypted + t->icv_failed + t->no_key + t->truncated);
        packets += t->packets;
    }
    assert(packets == taken);
    esp_destroy(esp);
    model_destroy(m);
    return 0;
}
