/* A key file and a capture in one input, and mutations of whole frames, beside libFuzzer's own of octets: frames that go, come twice,
 * or at another time, and octets of one, or payloads of its IKE message, that are mutated while the lengths around them stay right. */
#ifndef IKESCOPE_TESTS_CAPTURES_OF_H
#define IKESCOPE_TESTS_CAPTURES_OF_H

#include <stdint.h>
#include <string.h>

#include "decoder/decoder.h"
#include "tests/fuzz/messages_of.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

enum { CAPTURES_FIRST = 24, CAPTURES_RECORD = 16, CAPTURES_FRAMES = 256 };

/* capture_begins is where a line begins with a capture's first octets; size where none does: then all is keys. */
static inline size_t capture_begins(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 4 <= size; i++)
        if ((i == 0 || data[i - 1] == '\n') && decoder_recognise(bytes_over(data + i, size - i)))
            return i;
    return size;
}

struct captures_of {
    uint8_t *at;
    size_t len, most;
    uint32_t seed;
    size_t frame[CAPTURES_FRAMES + 1],
        frames; /* where each record of a pcap in this machine's order begins, and where the last ends */
};

static size_t captures_any(struct captures_of *c, size_t below)
{
    c->seed = c->seed * 1664525u + 1013904223u;
    return below ? (c->seed >> 8) % below : 0;
}

static uint32_t captures_le32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void captures_put_le32(uint8_t *at, size_t n)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(n >> 8 * i);
}

/* The records of a pcap whose numbers are little-endian; of others none. */
static void captures_index(struct captures_of *c, size_t begins)
{
    c->frames = 0;
    if (c->len - begins < CAPTURES_FIRST || captures_le32(c->at + begins) != 0xa1b2c3d4)
        return;
    size_t at = begins + CAPTURES_FIRST;
    while (c->frames < CAPTURES_FRAMES && c->len - at >= CAPTURES_RECORD) {
        const size_t captured = captures_le32(c->at + at + 8);
        if (captured > c->len - at - CAPTURES_RECORD)
            break;
        c->frame[c->frames++] = at;
        at += CAPTURES_RECORD + captured;
    }
    c->frame[c->frames] = at;
}

/* Puts n octets (NULL: leaves room) in the place of those from begin to end. */
static bool captures_replace(struct captures_of *c, size_t begin, size_t end, const uint8_t *octets, size_t n)
{
    if (c->len - (end - begin) + n > c->most)
        return false;
    memmove(c->at + begin + n, c->at + end, c->len - end);
    c->len = c->len - (end - begin) + n;
    if (octets)
        memcpy(c->at + begin, octets, n);
    return true;
}

/* Where an IKE message begins in a frame of Ethernet or of IPv4 alone, 0: nowhere. */
static size_t captures_message(const uint8_t *frame, size_t n, size_t *ip)
{
    for (*ip = 0; *ip <= 14; *ip += 14) {
        const uint8_t *at = frame + *ip;
        const size_t udp = n > *ip ? *ip + 4u * (at[0] & 15) : n;
        if (udp + 8 + 4 + MESSAGES_HEADER > n || at[0] >> 4 != 4 || udp < *ip + 20 || at[9] != 17)
            continue;
        const unsigned from = frame[udp] << 8 | frame[udp + 1], to = frame[udp + 2] << 8 | frame[udp + 3];
        if (from == 500 || to == 500)
            return udp + 8;
        if ((from == 4500 || to == 4500) && memcmp(frame + udp + 8, "\0\0\0\0", 4) == 0)
            return udp + 12;
    }
    return 0;
}

static void captures_put_be16(uint8_t *at, size_t n)
{
    at[0] = (uint8_t)(n >> 8);
    at[1] = (uint8_t)n;
}

/* The IKE message in a frame mutated, the lengths of IP and UDP set to what they are then; 0: it holds none. */
static size_t captures_mutate_message(uint8_t *frame, size_t n, size_t most, uint32_t seed)
{
    static uint8_t out[MESSAGES_MOST];
    size_t ip;
    const size_t at = captures_message(frame, n, &ip);
    if (!at || n > most)
        return 0;
    const size_t room = most - at < sizeof out ? most - at : sizeof out,
                 now = messages_mutate(frame + at, n - at, out, room, seed);
    if (now == 0)
        return 0;
    const size_t udp = ip + 4u * (frame[ip] & 15);
    memcpy(frame + at, out, now);
    captures_put_be16(frame + ip + 2, at + now - ip);
    captures_put_be16(frame + udp + 4, at + now - udp);
    captures_put_be16(frame + udp + 6, 0); /* no checksum */
    return at + now;
}

/* One record's octets mutated, its lengths set to what they are then. */
static void captures_alter(struct captures_of *c, size_t which)
{
    static uint8_t room[1 << 16];
    const size_t begin = c->frame[which] + CAPTURES_RECORD, end = c->frame[which + 1], n = end - begin;
    if (n + 64 > sizeof room)
        return;
    memcpy(room, c->at + begin, n);
    size_t now = captures_any(c, 2) ? captures_mutate_message(room, n, n + 64, (uint32_t)captures_any(c, 1 << 20)) : 0;
    if (!now)
        now = LLVMFuzzerMutate(room, n, n + 64);
    if (!captures_replace(c, begin, end, room, now))
        return;
    captures_put_le32(c->at + begin - 8, now);
    captures_put_le32(c->at + begin - 4, now);
}

static void captures_move(struct captures_of *c, size_t which, size_t to, bool stays)
{
    static uint8_t room[1 << 16];
    const size_t begin = c->frame[which], end = c->frame[which + 1], n = end - begin;
    if (n > sizeof room)
        return;
    memcpy(room, c->at + begin, n);
    size_t place = c->frame[to];
    if (!stays) {
        captures_replace(c, begin, end, NULL, 0);
        place -= place > begin ? n : 0;
    }
    captures_replace(c, place, place, room, n);
}

static void captures_mutate(struct captures_of *c)
{
    const size_t which = captures_any(c, c->frames), to = captures_any(c, c->frames + 1);
    switch (captures_any(c, 6)) {
    case 0:
        captures_replace(c, c->frame[which], c->frame[which + 1], NULL, 0);
        break;
    case 1:
        captures_move(c, which, to, true);
        break;
    case 2:
        captures_move(c, which, to, false);
        break;
    default:
        captures_alter(c, which);
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    struct captures_of c = { .at = data, .len = size, .most = most, .seed = seed };
    const size_t begins = capture_begins(data, size), way = captures_any(&c, 8);
    if (way == 0)
        return LLVMFuzzerMutate(data, size, most);
    captures_index(&c, begins);
    if (way == 1 || c.frames == 0) { /* the keys, at their length: so the capture stays where it is */
        if (begins)
            (void)LLVMFuzzerMutate(data, begins, begins); /* where it got shorter, its last octets are still there */
        return begins ? size : LLVMFuzzerMutate(data, size, most);
    }
    for (size_t n = 1 + captures_any(&c, 3); n && c.frames; n--) {
        captures_mutate(&c);
        captures_index(&c, begins);
    }
    return c.len ? c.len : LLVMFuzzerMutate(data, 0, most);
}

#endif
