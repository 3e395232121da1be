/* Devices mixed in one input: whose line it is, and what of theirs is pending. */
#include <string.h>

#include "base/limits.h"
#include "base/map.h"
#include "parser/emit.h"
#include "parser/records_parts.h"
#include "parser/state.h"

void stream_free(struct stream *s)
{
    packet_clear(&s->packet);
    packet_clear(&s->parked);
    packet_clear(&s->sealed);
    for (unsigned i = 0; i < CONTENT_SLOTS; i++)
        packet_clear(&s->contents[i].packet);
    buffer_clear(&s->entry.joined);
    memory_free((void *)(uintptr_t)s->host.at);
    memory_free(s);
}

void stream_own(struct stream *s)
{
    struct entry *e = &s->entry;
    if (!e->open || e->owned)
        return;
    buffer_reset(&e->joined);
    buffer_text(&e->joined, e->text);
    e->text = buffer_view(&e->joined);
    e->owned = true;
}

void stream_own_packets(struct stream *s)
{
    packet_own(&s->packet);
    packet_own(&s->parked);
    for (unsigned i = 0; i < CONTENT_SLOTS; i++)
        packet_own(&s->contents[i].packet);
}

void stream_flush(struct records *r, struct stream *s)
{
    /* the packet and the entry are never open together but where contents follow an entry: the earlier goes first */
    if (s->entry.open && s->packet.open && s->origin.line < s->entry.origin.line)
        emit_packet(r, s);
    emit_entry(r, s);
    emit_packet(r, s);
    emit_packet(r, s); /* one that had made way for the other */
}

static struct stream *stream_add(struct records *r, struct text host)
{
    if (r->stream_count == r->stream_room) {
        r->stream_room = r->stream_room ? r->stream_room * 2 : 8;
        r->streams = memory_grow(r->streams, r->stream_room * sizeof *r->streams);
    }
    struct stream *s = memory_take(sizeof *s);
    if (host.len) {
        char *copy = memory_take(host.len + 1);
        memcpy(copy, host.at, host.len);
        s->host = text_over(copy, host.len);
        map_put(&r->hosts, bytes_of_text(s->host), s);
    } else {
        r->nameless = s;
    }
    buffer_init(&s->entry.joined, LIMIT_RECORD);
    r->streams[r->stream_count++] = s;
    return s;
}

/* A relay mixes its devices' lines: a text that waited for more goes out, unless more is bound to come. */
static struct stream *turn_to(struct records *r, struct stream *s)
{
    struct stream *now = r->current;
    if (now && now != s) {
        const struct entry *e = &now->entry;
        if (e->open && !e->listing && !e->policies && !e->indented && e->text.len && !stream_partial(now) && !now->packet.open)
            emit_entry(r, now);
        stream_own(now);
    }
    r->current = s;
    return s;
}

/* The stream of a host that a relay names; without a name, of the input's own device. */
struct stream *stream_of(struct records *r, struct text host)
{
    struct parser *p = r->parser;
    struct stream *now = r->current;
    if (now && (text_equal(now->host, host) || (host.len == 0 && now->device == p->device)))
        return now;
    struct stream *named = host.len ? map_find(&r->hosts, bytes_of_text(host)) : r->nameless;
    if (named)
        return turn_to(r, named);
    uint32_t device = host.len ? parser_named_device(p, host, r->stream_count == 0) : p->device;
    for (size_t i = 0; i < r->stream_count; i++)
        if (r->streams[i]->device == device)
            return turn_to(r, r->streams[i]);
    if (r->stream_count >= LIMIT_HOSTS) {
        parser_over(p, OVER_HOSTS, p->lines.number);
        return now;
    }
    struct stream *s = stream_add(r, host);
    s->device = device;
    return turn_to(r, s);
}

void stream_collect(struct records *r, struct stream *s, struct text collector)
{
    const uint64_t of = hash_bytes(bytes_of_text(collector));
    for (size_t i = 0; i < r->stream_count && s->collector != of; i++)
        if (r->streams[i]->collector == of)
            r->streams[i]->collector = 0; /* it may be a relay's name: the last one counts */
    s->collector = of;
}

struct text streams_collected(const struct records *r, struct text collector)
{
    const uint64_t of = collector.len ? hash_bytes(bytes_of_text(collector)) : 0;
    for (size_t i = 0; of && i < r->stream_count; i++)
        if (r->streams[i]->collector == of)
            return r->streams[i]->host;
    return collector;
}

void stream_note_sequence(struct records *r, struct stream *s, const struct prefix *prefix, struct line *line)
{
    struct parser *p = r->parser;
    if (!prefix->has_sequence)
        return;
    if (s->has_sequence && prefix->sequence > s->sequence + 1) {
        if (!p->gaps++)
            p->gap_first = line->number;
        p->gap_lines += prefix->sequence - s->sequence - 1;
    }
    s->has_sequence = true;
    s->sequence = prefix->sequence;
}
