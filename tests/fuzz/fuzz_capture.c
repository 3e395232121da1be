/* A whole capture: whatever the octets, each frame is counted once. */
#include <assert.h>

#include "decoder/frames.h"

static bool any(void *context, const struct packet *p, struct bytes octets)
{
    uint64_t *sum = context;
    assert(p->frame_count > 0 && p->frames[p->frame_count - 1] <= p->frame);
    for (size_t i = 0; i < octets.len; i++)
        *sum += octets.at[i];
    for (size_t i = 0; i < p->ip.len; i++)
        *sum += p->ip.at[i];
    return octets.len % 5 != 0;
}

static void quoted(void *context, const struct packet *p, const struct quote *q)
{
    any(context, p, q->octets);
}

static void incomplete(void *context, const struct packet *p, struct bytes ike)
{
    any(context, p, p->ip);
    any(context, p, ike);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t sum = 0, counted = 0;
    struct model *model = model_create();
    const uint32_t input = model_add_input(model, TEXT("x"), TEXT("x"))->index;
    struct frames *f = frames_create(
        model, (struct frames_options){ 0 },
        (struct frame_taker){ .ike = any, .esp = any, .ah = any, .icmp = quoted, .incomplete = incomplete, .context = &sum });
    struct source *from = source_over(bytes_over(data, size));
    frames_read(f, input, from, "x", NULL);
    for (int i = 0; i < PACKET_CLASS_COUNT; i++)
        counted += model_input(model, input)->packets[i];
    assert(counted == model_input(model, input)->packet_total);
    source_close(from);
    frames_destroy(f);
    model_destroy(model);
    return 0;
}
