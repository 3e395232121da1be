/* Turns fuzzed octets into a capture of several frames, so that fragments and segments meet: each frame is a length octet and
 * what follows, behind a header that the door gives. */
#ifndef IKESCOPE_TESTS_FRAMES_OF_H
#define IKESCOPE_TESTS_FRAMES_OF_H

#include <assert.h>

#include "base/buffer.h"
#include "decoder/frames.h"

static bool frames_of_any(void *context, const struct packet *p, struct bytes octets)
{
    uint64_t *sum = context;
    assert(p->frame_count > 0);
    for (size_t i = 0; i < octets.len; i++)
        *sum += octets.at[i];
    return true;
}

static void frames_of_quote(void *context, const struct packet *p, const struct quote *q)
{
    frames_of_any(context, p, q->octets);
}

static void le32(struct buffer *b, uint32_t n)
{
    for (int i = 0; i < 4; i++)
        buffer_byte(b, (char)(n >> 8 * i));
}

/* header(frame, first) writes what stands before a frame's octets and takes what it needs of them. */
static void frames_of(const uint8_t *data, size_t size, void (*header)(struct buffer *frame, struct cursor *octets))
{
    struct buffer file, frame;
    buffer_init(&file, 16 << 20);
    buffer_init(&frame, 1 << 20);
    buffer_put(&file, "\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\x65\0\0\0", 24);
    struct cursor c = cursor_over(bytes_over(data, size));
    uint64_t frames = 0;
    for (uint32_t seconds = 1700000000; !cursor_empty(&c) && cursor_ok(&c); seconds++) {
        const size_t wanted = cursor_u8(&c);
        struct cursor octets = cursor_child(&c, wanted < c.left.len ? wanted : c.left.len);
        buffer_reset(&frame);
        header(&frame, &octets);
        buffer_put(&frame, octets.left.at, octets.left.len);
        le32(&file, seconds);
        le32(&file, 0);
        le32(&file, (uint32_t)frame.len);
        le32(&file, (uint32_t)frame.len);
        buffer_put(&file, frame.at, frame.len);
        frames++;
    }
    uint64_t sum = 0, counted = 0;
    struct model *model = model_create();
    const uint32_t input = model_add_input(model, TEXT("x"), TEXT("x"))->index;
    struct frames *f = frames_create(
        model, (struct frames_options){ 0 },
        (struct frame_taker){
            .ike = frames_of_any, .esp = frames_of_any, .ah = frames_of_any, .icmp = frames_of_quote, .context = &sum });
    struct source *from = source_over(bytes_over(file.at, file.len));
    const bool read = frames_read(f, input, from, "x", NULL);
    assert(read);
    for (int i = 0; i < PACKET_CLASS_COUNT; i++)
        counted += model_input(model, input)->packets[i];
    assert(counted == frames && model_input(model, input)->packet_total == frames);
    source_close(from);
    frames_destroy(f);
    model_destroy(model);
    buffer_clear(&file);
    buffer_clear(&frame);
}

#endif
