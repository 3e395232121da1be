#include "decoder/blocks_parts.h"

#include <stdarg.h>

#include "base/arena.h"
#include "decoder/decoder.h"

void blocks_damage(struct blocks *b, enum damage_kind kind, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (b->damage.take)
        b->damage.take(b->damage.context, kind, b->frames, text);
}

void blocks_over(struct blocks *b, enum limit row)
{
    if (b->damage.over)
        b->damage.over(b->damage.context, row);
}

bool blocks_end(struct blocks *b)
{
    if (!b->ended)
        blocks_damage(b, DAMAGE_CUT, "the capture ends inside frame %u", b->frames + 1);
    b->ended = true;
    return false;
}

void blocks_lost(struct blocks *b)
{
    if (!b->searching)
        b->lost_at = b->window.offset;
    b->searching = true;
}

static void remember_barren(struct blocks *b, uint64_t from, uint64_t to)
{
    const bool apart = from > b->barren_to || to < b->barren_from;
    b->barren_from = apart || from < b->barren_from ? from : b->barren_from;
    b->barren_to = apart || to > b->barren_to ? to : b->barren_to;
}

size_t blocks_find(struct blocks *b, size_t from, bool (*leads)(struct blocks *, size_t))
{
    const uint64_t offset = b->window.offset;
    size_t at = from, hit = BLOCKS_NOWHERE;
    while (at < SCAN_AHEAD && hit == BLOCKS_NOWHERE && window_want(&b->window, at + 1) > at) {
        if (offset + at >= b->barren_from && offset + at < b->barren_to)
            at = (size_t)(b->barren_to - offset);
        else if (leads(b, at))
            hit = at;
        else
            at++;
    }
    remember_barren(b, offset + from, offset + at);
    return hit;
}

static void found(struct blocks *b)
{
    uint64_t skipped = b->window.offset - b->lost_at;
    b->searching = false;
    if (skipped)
        blocks_damage(b, DAMAGE_GARBAGE, "%llu octets behind frame %u are damaged and were skipped", (unsigned long long)skipped,
                      b->frames);
}

bool blocks_seek(struct blocks *b, bool (*leads)(struct blocks *, size_t))
{
    for (;;) {
        size_t at = blocks_find(b, 0, leads);
        window_skip(&b->window, at == BLOCKS_NOWHERE ? SCAN_AHEAD : at);
        if (at != BLOCKS_NOWHERE || window_want(&b->window, 1) == 0) {
            found(b);
            b->ended = at == BLOCKS_NOWHERE;
            return !b->ended;
        }
    }
}

bool blocks_yield(struct blocks *b, struct captured *r, size_t offset, size_t size)
{
    r->octets = window_view(&b->window, offset, size);
    if (r->original < r->octets.len)
        r->original = (uint32_t)r->octets.len;
    r->frame = ++b->frames;
    b->last_ns = r->ns;
    return true;
}

/* Captures of other tools: worth a name, so that their owner knows what to do. */
static const struct {
    const char *magic;
    size_t length;
    const char *name;
} foreign[] = {
    { "snoop\0\0\0", 8, "a snoop capture" },      { "GMBU", 4, "a Network Monitor capture" },
    { "RTSS", 4, "a Network Monitor capture" },   { "\x54\x52\x00\x64\x00", 5, "an HP-UX nettl trace" },
    { "ViSn", 4, "a Visual Networks capture" },   { "TRSNIFF data    \x1a", 17, "a Sniffer capture" },
    { "XCP\0", 4, "a NetXray capture" },          { "btsnoop\0", 8, "a Bluetooth snoop capture" },
    { "iptrace 1.0", 11, "an iptrace capture" },  { "iptrace 2.0", 11, "an iptrace capture" },
    { "\xaa\xaa\xaa\xaa", 4, "a 5View capture" },
};

static const char *foreign_name(struct bytes first)
{
    for (size_t i = 0; i < COUNT_OF(foreign); i++)
        if (first.len >= foreign[i].length && memcmp(first.at, foreign[i].magic, foreign[i].length) == 0)
            return foreign[i].name;
    return NULL;
}

struct blocks *blocks_create(struct source *from, struct damage_taker damage, struct error *err)
{
    struct blocks *b = memory_take(sizeof *b);
    window_init(&b->window, from);
    b->damage = damage;
    window_want(&b->window, 32);
    struct bytes first = window_view(&b->window, 0, 32);
    const char *name = foreign_name(first);
    if (first.len == 0)
        fail(err, ERROR_INPUT, "the capture is empty");
    else if (name)
        fail(err, ERROR_UNSUPPORTED, "this is %s: convert it to pcapng first (editcap does)", name);
    else if (pcap_open(b) || pcapng_open(b))
        return b;
    else
        fail(err, ERROR_INPUT, "this is neither pcap nor pcapng");
    blocks_destroy(b);
    return NULL;
}

bool blocks_next(struct blocks *b, struct captured *r)
{
    return !b->ended && b->next(b, r);
}

void blocks_destroy(struct blocks *b)
{
    if (!b)
        return;
    window_clear(&b->window);
    memory_free(b->ng.interfaces);
    memory_free(b);
}

/* A pcapng file begins with a section header block: its type reads the same in both octet orders. */
static bool is_pcapng(struct bytes first)
{
    return first.len >= 12 && memcmp(first.at, "\x0a\x0d\x0d\x0a", 4) == 0 &&
           (memcmp(first.at + 8, "\x1a\x2b\x3c\x4d", 4) == 0 || memcmp(first.at + 8, "\x4d\x3c\x2b\x1a", 4) == 0);
}

/* Captures of other tools are recognised too: they are no text, and reading them says what they are. */
bool decoder_recognise(struct bytes first)
{
    return is_pcapng(first) || pcap_recognise(first) || foreign_name(first);
}
