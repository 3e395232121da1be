/* Mutations of whole lines, beside libFuzzer's own of octets: lines that go, come twice, join or break, and what relays, pages and
 * chats put in front of them, behind, or between; and what the whole log went through. A door that reads a log includes it. */
#ifndef IKESCOPE_TESTS_LINES_OF_H
#define IKESCOPE_TESTS_LINES_OF_H

#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "tests/fuzz/dresses_of.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

static const char *const lines_heads[] = {
    "<189>May  1 12:00:00 r24 ",
    "<189>May  1 12:00:00 r24 12: ",
    "May  1 12:00:00 192.0.2.1 ",
    "2024-06-20T14:03:22.501Z r1 ",
    "<189>1 2024-06-20T14:03:22.501Z r24 - - - - ",
    "<189>1 2024-06-20T14:03:22.501Z r1 - - - - 7: ",
    "r2: ",
    "000123: ",
    "*Nov 11 19:30:34.811: ",
    "%ASA-7-711001: ",
    "Nov 12 2024 10:00:01: %FTD-7-711001: ",
    "<167>Nov 12 2024 10:00:01 fw1 : %ASA-7-711001: ",
    "<167>Nov 12 10:00:01 fw1 %ASA-7-711001: ",
    "> ",
    " ",
};
static const char *const lines_around[] = {
    "{noformat}", "```", "{code}", "{code:title=log}", "[code]", "~~~", "|", "\r", "#012", "<br>", "&gt;", "\t", " ",
    "*",          "\n",  "\x18",   "\xef\xbb\xbf"
};
enum {
    LINES_HEADS = COUNT_OF(lines_heads),
    LINES_AROUND = COUNT_OF(lines_around),
    LINES_MOST = 24 /* of a run that gets the same head */
};

struct lines_of {
    uint8_t *at;
    size_t len, most;
    uint32_t seed;
};

static size_t lines_any(struct lines_of *l, size_t below)
{
    l->seed = l->seed * 1664525u + 1013904223u;
    return below ? (l->seed >> 8) % below : 0;
}

static size_t lines_begin(const struct lines_of *l, size_t at)
{
    while (at && l->at[at - 1] != '\n')
        at--;
    return at;
}

/* Where the line's LF stands, or the text's end. */
static size_t lines_end(const struct lines_of *l, size_t at)
{
    while (at < l->len && l->at[at] != '\n')
        at++;
    return at;
}

static void lines_put(struct lines_of *l, size_t at, const void *octets, size_t n)
{
    if (n > l->most - l->len)
        return;
    memmove(l->at + at + n, l->at + at, l->len - at);
    memcpy(l->at + at, octets, n);
    l->len += n;
}

static void lines_cut(struct lines_of *l, size_t at, size_t n)
{
    memmove(l->at + at, l->at + at + n, l->len - at - n);
    l->len -= n;
}

static void lines_repeat(struct lines_of *l, size_t begin, size_t end, size_t to)
{
    uint8_t line[512];
    const size_t n = end - begin < sizeof line ? end - begin : sizeof line;
    memcpy(line, l->at + begin, n);
    lines_put(l, to, line, n);
}

static void lines_head(struct lines_of *l, size_t at)
{
    const char *head = lines_heads[lines_any(l, LINES_HEADS)];
    for (size_t n = 1 + lines_any(l, LINES_MOST); n && at < l->len; n--) {
        lines_put(l, at, head, strlen(head));
        at = lines_end(l, at) + 1;
    }
}

static void lines_mutate(struct lines_of *l)
{
    const size_t at = lines_any(l, l->len), begin = lines_begin(l, at), end = lines_end(l, at),
                 whole = end < l->len ? end + 1 : end;
    const char *word = lines_around[lines_any(l, LINES_AROUND)];
    switch (lines_any(l, 8)) {
    case 0:
        lines_put(l, begin, word, strlen(word));
        break;
    case 1:
        lines_put(l, end, word, strlen(word));
        break;
    case 2:
        lines_put(l, at, word, strlen(word));
        break;
    case 3:
        lines_cut(l, begin, whole - begin);
        break;
    case 4:
        lines_cut(l, end, whole - end);
        break;
    case 5:
        lines_cut(l, at, end - at);
        break;
    case 6:
        lines_repeat(l, begin, whole, lines_begin(l, lines_any(l, l->len)));
        break;
    default:
        lines_head(l, begin);
    }
}

static void lines_dress(struct lines_of *l)
{
    static uint8_t room[1 << 17];
    const size_t most = l->most < sizeof room ? l->most : sizeof room;
    l->len = dresses_wear(lines_any(l, COUNT_OF(dresses)), text_over((const char *)l->at, l->len), room, most);
    memcpy(l->at, room, l->len);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    struct lines_of l = { data, size, most, seed };
    if (size && lines_any(&l, 16) == 0)
        lines_dress(&l);
    size = l.len;
    if (size == 0 || lines_any(&l, 2))
        return LLVMFuzzerMutate(data, size, most);
    for (size_t n = 1 + lines_any(&l, 4); n && l.len; n--)
        lines_mutate(&l);
    return l.len ? l.len : LLVMFuzzerMutate(data, 0, most);
}

#endif
