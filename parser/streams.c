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
    s->place = r->stream_count;
    r->streams[r->stream_count++] = s;
    return s;
}

static struct bytes number_octets(const uint32_t *number)
{
    return bytes_over((const uint8_t *)number, sizeof *number);
}

struct device_stream {
    uint32_t device;
    struct stream *first; /* that was of this device when it was asked last: it may be another's by now */
};

void stream_is_of(struct records *r, struct stream *s, uint32_t device)
{
    struct device_stream *of = map_find(&r->devices, number_octets(&device));
    s->device = device;
    if (!of) {
        of = arena_new(r->parser->model->read, struct device_stream);
        of->device = device;
        map_put(&r->devices, number_octets(&of->device), of);
    }
    if (!of->first || of->first->device != device || of->first->place > s->place)
        of->first = s;
}

/* The first that is of this device. */
static struct stream *stream_of_device(struct records *r, uint32_t device)
{
    struct device_stream *of = map_find(&r->devices, number_octets(&device));
    if (of && of->first && of->first->device != device) {
        of->first = NULL;
        for (size_t i = 0; i < r->stream_count && !of->first; i++)
            of->first = r->streams[i]->device == device ? r->streams[i] : NULL;
    }
    return of ? of->first : NULL;
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
    struct stream *of_it = stream_of_device(r, device);
    if (of_it)
        return turn_to(r, of_it);
    if (r->stream_count >= LIMIT_HOSTS) {
        parser_over(p, OVER_HOSTS, p->lines.number);
        return now;
    }
    struct stream *s = stream_add(r, host);
    stream_is_of(r, s, device);
    return turn_to(r, s);
}

void stream_collect(struct records *r, struct stream *s, struct text collector)
{
    if (text_equal(s->collector, collector))
        return;
    struct stream *before = map_find(&r->collected, bytes_of_text(collector));
    if (before && text_equal(before->collector, collector))
        before->collector = (struct text){ NULL, 0 }; /* it may be a relay's name: the last one counts */
    s->collector = arena_text(r->parser->model->read, collector);
    map_put(&r->collected, bytes_of_text(s->collector), s);
}

struct text streams_collected(const struct records *r, struct text collector)
{
    const struct stream *s = collector.len ? map_find(&r->collected, bytes_of_text(collector)) : NULL;
    return s && text_equal(s->collector, collector) ? s->host : collector;
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

static void note_number(struct records *r, const struct relayed *relayed, uint64_t number)
{
    if (!relayed->hosted)
        prefix_numbered(&r->times, number);
}

void stream_relayed(struct records *r, const struct relayed *relayed, struct line *line)
{
    if (relayed->hosted)
        prefix_relayed(&r->times, relayed->host);
    struct stream *s = stream_of(r, relayed->host);
    if (!relayed->has_sequence)
        return;
    stream_note_sequence(r, s, &(struct prefix){ .sequence = relayed->sequence, .has_sequence = true }, line);
    note_number(r, relayed, relayed->sequence);
}

void stream_relayed_upto(struct records *r, const struct relayed *relayed, uint32_t more)
{
    if (!relayed->has_sequence)
        return;
    r->current->sequence = relayed->sequence + more;
    note_number(r, relayed, r->current->sequence);
}
