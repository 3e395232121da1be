/* A whole capture: whatever the octets, each frame is counted once, and all is the same where frames are looked at ahead of their turn. */
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

static void look(void *context, struct foresight **f, const struct glance *glances, size_t count, unsigned thread)
{
    (void)context;
    (void)f;
    assert(thread < 2);
    for (size_t i = 0; i < count; i++)
        assert(glances[i].octets.len == 0 || glances[i].packet.place == i);
}

static void turn(void *context, const struct foresight *f)
{
    (void)context;
    assert(!f);
}

struct told {
    uint64_t sum, classes[PACKET_CLASS_COUNT];
};

static struct told told_of(struct bytes octets, unsigned threads)
{
    struct told told = { 0 };
    uint64_t counted = 0;
    struct model *model = model_create();
    const uint32_t input = model_add_input(model, TEXT("x"), TEXT("x"))->index;
    struct frames *f = frames_create(model, (struct frames_options){ .threads = threads },
                                     (struct frame_taker){ .ike = any,
                                                           .esp = any,
                                                           .ah = any,
                                                           .icmp = quoted,
                                                           .incomplete = incomplete,
                                                           .look = look,
                                                           .turn = turn,
                                                           .context = &told.sum });
    struct source *from = source_over(octets);
    frames_read(f, input, from, "x", NULL);
    for (int i = 0; i < PACKET_CLASS_COUNT; i++)
        counted += told.classes[i] = model_input(model, input)->packets[i];
    assert(counted == model_input(model, input)->packet_total);
    source_close(from);
    frames_destroy(f);
    model_destroy(model);
    return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct told alone = told_of(bytes_over(data, size), 1), ahead = told_of(bytes_over(data, size), 2);
    assert(memcmp(&alone, &ahead, sizeof alone) == 0);
    return 0;
}
