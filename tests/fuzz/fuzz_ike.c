/* IKE messages of any octets: decode, look for the sealed part, open it with whatever is in it, collect fragments. */
#include <assert.h>

#include "decoder/fragments.h"
#include "decoder/rebuild.h"
#include "tests/fuzz/messages_of.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    static uint8_t out[MESSAGES_MOST];
    uint32_t chance = seed;
    if (messages_any(&chance, 2) || size < MESSAGES_HEADER || size > sizeof out)
        return LLVMFuzzerMutate(data, size, most);
    const size_t n = messages_mutate(data, size, out, most < sizeof out ? most : sizeof out, chance);
    memcpy(data, out, n);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct fragments *fragments = fragments_create(&(struct limits){ .input = 0 });
    struct message m = { 0 };
    struct sealed s;
    struct whole whole;
    struct bytes octets = bytes_over(data, size);
    endpoint_read(TEXT("192.0.2.1:500"), &m.source);
    endpoint_read(TEXT("[2001:db8::1]:4500"), &m.destination);
    if (ike_decode(arena, octets, &m)) {
        struct message *copy = message_copy(arena, &m, true);
        message_digest(copy, arena);
        if (ike_sealed(octets, &s)) {
            if (s.protection == PROTECTION_SKF && fragments_add(fragments, &m, 0, &s, s.body, &whole) == FRAGMENT_COMPLETE)
                ike_unseal(arena, whole.first, whole.plaintext, &m);
            else
                ike_unseal(arena, s.first, s.body, &m);
        }
        struct buffer out;
        buffer_init(&out, 1 << 16);
        for (const struct proposal *p = m.proposals; p; p = p->next)
            for (size_t i = 0; i < p->count; i++)
                transform_print(p->transforms[i], &out);
        buffer_reset(&out);
        struct rebuilt r;
        if (message_rebuild(&m, &out, &r)) /* what is written back must be a message again, as long as it says */
            assert(ike_decode(arena, bytes_over(out.at, out.len), &(struct message){ 0 }));
        buffer_clear(&out);
    }
    fragments_destroy(fragments);
    arena_destroy(arena);
    return 0;
}
