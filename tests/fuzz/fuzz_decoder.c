/* The whole decoder, as a command runs it: a key file, and behind it a capture. Each packet of IKE is one event or none, each of
 * ESP and AH stands in one flow, and all is the same where two threads look ahead. */
#include <assert.h>

#include "captures_of.h"
#include "decoder/decoder.h"
#include "decoder/keyfile.h"

struct told {
    uint64_t events, sum, inner, flows, children, keys, classes[PACKET_CLASS_COUNT];
    struct traffic traffic;
};

/* Order matters: what is mixed first is not what is mixed last. */
static void mix(uint64_t *sum, uint64_t n)
{
    *sum = (*sum ^ n) * 0x100000001b3ull;
}

static void mix_octets(uint64_t *sum, struct bytes octets)
{
    mix(sum, octets.len);
    for (size_t i = 0; i < octets.len; i++)
        mix(sum, octets.at[i]);
}

static void mix_payloads(uint64_t *sum, const struct payload *p)
{
    for (; p; p = p->next)
        mix(sum, p->type);
}

static void event(void *context, struct event *e)
{
    struct told *told = context;
    told->events++;
    mix(&told->sum, e->kind);
    mix(&told->sum, e->line);
    mix(&told->sum, e->frame_count);
    mix_octets(&told->sum, bytes_over((const uint8_t *)e->text.at, e->text.len));
    if (!e->message)
        return;
    mix(&told->sum, e->message->decryption);
    mix(&told->sum, e->message->malformed);
    mix_payloads(&told->sum, e->message->payloads);
}

static void plain(void *context, int64_t ns, uint32_t frame, struct bytes ip)
{
    struct told *told = context;
    mix(&told->inner, (uint64_t)ns);
    mix(&told->inner, frame);
    mix_octets(&told->inner, ip);
}

static void take_traffic(struct told *told, const struct traffic *t)
{
    assert(t->packets == t->decrypted + t->icv_failed + t->no_key + t->truncated);
    const uint64_t counted[] = { t->packets,
                                 t->decrypted,
                                 t->icv_failed,
                                 t->no_key,
                                 t->truncated,
                                 t->lost,
                                 t->duplicate,
                                 t->replayed,
                                 t->bytes,
                                 t->reordered,
                                 t->dummies,
                                 t->tfc,
                                 t->first_frame,
                                 t->last_frame,
                                 t->input,
                                 (uint64_t)t->first_ns,
                                 (uint64_t)t->last_ns,
                                 t->outside_selectors };
    for (size_t i = 0; i < COUNT_OF(counted); i++)
        mix(&told->flows, counted[i]);
    told->traffic.packets += t->packets;
}

static struct told told_of(struct bytes keys, struct bytes capture, unsigned threads)
{
    struct told told = { 0 };
    uint64_t counted = 0;
    size_t found;
    struct model *m = model_create();
    const uint32_t file = model_add_input(m, TEXT("k"), TEXT("k"))->index,
                   input = model_add_input(m, TEXT("x"), TEXT("x"))->index;
    struct source *from = source_over(keys);
    (void)keyfile_read(m, file, from, &found, NULL);
    source_close(from);
    struct decoder *d = decoder_create(m, (struct decoder_options){ .plain = { plain, &told }, .threads = threads },
                                       (struct event_taker){ event, &told });
    from = source_over(capture);
    (void)decoder_read(d, input, from, "x", NULL);
    source_close(from);
    decoder_finish(d);
    for (const struct flow *f = m->flows; f; f = f->next)
        take_traffic(&told, &f->traffic);
    for (int i = 0; i < PACKET_CLASS_COUNT; i++)
        counted += told.classes[i] = model_input(m, input)->packets[i];
    assert(counted == model_input(m, input)->packet_total);
    for (const struct esp_key *k = keyring_esp(m->keyring); k; k = k->next)
        mix(&told.keys, k->spi);
    for (const struct ike_key *k = keyring_ike(m->keyring); k; k = k->next)
        mix(&told.keys, k->spi_i.value ^ k->spi_r.value);
    decoder_destroy(d);
    model_destroy(m);
    return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const size_t at = capture_begins(data, size);
    const struct bytes keys = { data, at }, capture = { data + at, size - at };
    const struct told alone = told_of(keys, capture, 1), ahead = told_of(keys, capture, 2);
    assert(memcmp(&alone, &ahead, sizeof alone) == 0);
    return 0;
}
