#include "parser/memo.h"

#include "base/limits.h"

/* Two chains, neither of which loses anything, so that the one need not wait for the other. */
static uint64_t hash(struct text t)
{
    uint64_t a = t.len, b = 0, word[2];
    const char *at = t.at, *end = t.at + t.len;
    for (; (size_t)(end - at) >= sizeof word; at += sizeof word) {
        memcpy(word, at, sizeof word);
        a = (a ^ word[0]) * UINT64_C(0xff51afd7ed558ccd);
        b = (b ^ word[1]) * UINT64_C(0xc4ceb9fe1a85ec53);
    }
    memset(word, 0, sizeof word);
    memcpy(word, at, (size_t)(end - at));
    a = (a ^ word[0]) * UINT64_C(0xff51afd7ed558ccd);
    b = (b ^ word[1]) * UINT64_C(0xc4ceb9fe1a85ec53);
    const uint64_t h = (a ^ a >> 32) * UINT64_C(0x9e3779b97f4a7c15) ^ (b ^ b >> 29);
    return h ^ h >> 32;
}

void memo_clear(struct memo *m)
{
    arena_destroy(m->arena);
    *m = (struct memo){ .arena = NULL };
}

static void prepare(struct memo *m)
{
    if (!m->arena)
        m->arena = arena_create();
}

bool memo_full(const struct memo *m)
{
    return m->arena && arena_used(m->arena) > MEMO_MEMORY;
}

bool memo_run_append(const struct memo *m, struct text run, struct packet *p)
{
    if (!m->arena || run.len < MEMO_RUN_LEAST || run.len > MEMO_RUN_MOST)
        return false;
    uint64_t h = hash(run);
    const struct memo_run *known = &m->runs[h % MEMO_RUNS];
    if (known->hash != h || !text_equal(known->text, run) || p->payload_count + known->count > LIMIT_PAYLOADS)
        return false;
    packet_end_payload(p);
    p->digested = false;
    struct payload *last = NULL;
    for (const struct payload *from = known->payloads; from; from = from->next) {
        struct payload *copy = arena_new(p->arena, struct payload);
        *copy = *from;
        copy->next = NULL;
        /* these may still be given names */
        if (!from->next || from->type == PAYLOAD_VENDOR || from->type == PAYLOAD_IDI || from->type == PAYLOAD_IDR)
            copy->facts = facts_copy(p->arena, from->facts);
        *p->tail = copy;
        p->tail = &copy->next;
        last = copy;
    }
    p->payload_count += known->count;
    packet_resume(p, last);
    p->spi_size = known->spi_size;
    p->next = known->next;
    p->ended = known->ended;
    return true;
}

void memo_run_keep(struct memo *m, struct text run, const struct packet *p, const struct payload *first)
{
    if (!first || p->octet_count || !p->payload || run.len < MEMO_RUN_LEAST || run.len > MEMO_RUN_MOST || memo_full(m))
        return;
    if (p->names_only || p->message.truncated)
        return;
    prepare(m);
    uint64_t h = hash(run);
    struct memo_run *slot = &m->runs[h % MEMO_RUNS];
    *slot = (struct memo_run){
        .text = arena_text(m->arena, run), .hash = h, .next = p->next, .spi_size = p->spi_size, .ended = p->ended
    };
    struct payload **at = &slot->payloads;
    for (const struct payload *from = first; from; from = from->next) {
        *at = arena_new(m->arena, struct payload);
        **at = *from;
        (*at)->next = NULL;
        (*at)->facts = facts_copy(m->arena, from->facts);
        at = &(*at)->next;
        slot->count++;
    }
}
