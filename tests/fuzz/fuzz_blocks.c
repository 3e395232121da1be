/* Octets as the bodies of pcapng blocks: each piece is a kind, a length and a body, and gets the frame around it that a
 * file has, so that options, interfaces, secrets and sections are reached behind right lengths. */
#include <assert.h>

#include "base/buffer.h"
#include "decoder/frames.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool any(void *context, const struct packet *p, struct bytes octets)
{
    uint64_t *sum = context;
    assert(p->frame_count > 0);
    for (size_t i = 0; i < octets.len; i++)
        *sum += octets.at[i];
    return true;
}

static void quoted(void *context, const struct packet *p, const struct quote *q)
{
    any(context, p, q->octets);
}

static void le32(struct buffer *b, uint32_t n)
{
    for (int i = 0; i < 4; i++)
        buffer_byte(b, (char)(n >> 8 * i));
}

static void block(struct buffer *file, uint32_t kind, struct bytes body)
{
    size_t padded = (body.len + 3) & ~(size_t)3;
    le32(file, kind);
    le32(file, (uint32_t)padded + 12);
    buffer_put(file, body.at, body.len);
    buffer_put(file, "\0\0\0", padded - body.len);
    le32(file, (uint32_t)padded + 12);
}

static void packet(struct buffer *file, struct cursor *c, size_t length)
{
    struct buffer body;
    struct cursor octets = cursor_child(c, length < c->left.len ? length : c->left.len);
    buffer_init(&body, 1 << 17);
    le32(&body, 0);
    le32(&body, 0x5f000);
    le32(&body, 0);
    le32(&body, (uint32_t)octets.left.len);
    le32(&body, (uint32_t)octets.left.len);
    buffer_put(&body, octets.left.at, octets.left.len);
    block(file, 6, bytes_of_text(buffer_view(&body)));
    buffer_clear(&body);
}

static void blocks(struct buffer *file, struct cursor c)
{
    static const uint32_t kinds[] = { 0x0a0d0d0a, 1, 2, 3, 4, 5, 6, 9, 10, 0x0bad, 0x40000bad };
    static const uint8_t section[] = "\x4d\x3c\x2b\x1a\1\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff", interface[] = "\1\0\0\0\0\0\4\0";
    block(file, kinds[0], bytes_over(section, 16));
    block(file, 1, bytes_over(interface, 8));
    while (!cursor_empty(&c) && cursor_ok(&c)) {
        const uint8_t kind = cursor_u8(&c);
        const size_t length = cursor_u8(&c);
        if (kind < 128) {
            packet(file, &c, length);
            continue;
        }
        struct cursor body = cursor_child(&c, length < c.left.len ? length : c.left.len);
        block(file, kinds[kind % (COUNT_OF(kinds))], body.left);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 16)
        return 0;
    struct buffer file;
    uint64_t sum = 0, counted = 0;
    buffer_init(&file, 8 << 20);
    blocks(&file, cursor_over(bytes_over(data, size)));
    struct model *model = model_create();
    const uint32_t input = model_add_input(model, TEXT("x"), TEXT("x"))->index;
    struct frames *f = frames_create(model, (struct frames_options){ 0 },
                                     (struct frame_taker){ .ike = any, .esp = any, .ah = any, .icmp = quoted, .context = &sum });
    struct source *from = source_over(bytes_of_text(buffer_view(&file)));
    frames_read(f, input, from, "x", NULL);
    for (int i = 0; i < PACKET_CLASS_COUNT; i++)
        counted += model_input(model, input)->packets[i];
    assert(counted == model_input(model, input)->packet_total);
    source_close(from);
    frames_destroy(f);
    model_destroy(model);
    buffer_clear(&file);
    return 0;
}
