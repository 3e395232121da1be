/* Packet dumps: which entries and lines belong to the one that is open. */
#include "parser/emit.h"
#include "parser/packet_items.h"
#include "parser/records_parts.h"
#include "parser/scan.h"
#include "parser/state.h"

void dump_add(struct stream *s, struct line *line)
{
    if (s->origin.last_line != line_last(line))
        s->origin.lines += 1 + line->more;
    s->origin.last_line = line_last(line);
}

void dump_begin(struct stream *s, const struct tag *tag, const struct prefix *prefix, struct line *line, bool contents)
{
    packet_begin(&s->packet);
    s->packet.contents = contents;
    s->origin = (struct origin){ .tag = *tag, .line = line->number, .lines = 1 + line->more, .last_line = line_last(line) };
    if (prefix->has_time)
        s->origin.time = prefix->time;
    /* IOS-XE prints what it receives before it knows the SA: (SESSION ID = 0,SA ID = 0) */
    bool received = s->dispatched || (tag->packet && !tag->has_sa_id && !tag->has_session_id);
    s->packet.message.direction = received ? DIRECTION_RECEIVED : DIRECTION_SENT;
}

bool dump_waits(const struct stream *s, const struct tag *tag)
{
    const struct packet *p = &s->packet;
    const struct tag *own = &s->origin.tag;
    bool sealed = p->open && !p->contents && p->message.direction == DIRECTION_RECEIVED && p->first == PAYLOAD_SK;
    bool of_others = tags_differ(tag, own) || (own->has_sa_id && !tag->has_sa_id); /* what has no context may be of any */
    return sealed && p->payload_count == 0 && own->family == FAMILY_ASA && of_others;
}

void dump_makes_way(struct records *r, struct stream *s, const struct tag *tag)
{
    if (!dump_waits(s, tag) || s->parked.open) {
        stream_flush(r, s);
        return;
    }
    emit_entry(r, s);
    struct packet old = s->parked;
    s->parked = s->packet;
    s->parked_origin = s->origin;
    s->packet = old;
    packet_moved(&s->parked);
}

void dump_give_way(struct records *r, struct stream *s, const struct tag *tag)
{
    if (!s->entry.open && !s->packet.open)
        return; /* what made way waits for a dump that is open */
    if (!dump_waits(s, tag) && !s->parked.open) {
        stream_flush(r, s);
        return;
    }
    emit_entry(r, s);
    for (int i = 0; i < 2 && !dump_waits(s, tag); i++) /* the open one, and the one that had made way for it */
        emit_packet(r, s);
}

static bool is_datagram(struct text t)
{
    return text_starts(t, TEXT("SENT PKT ["));
}

/* Does a tagged entry belong to the open packet? Takes what it reads off *t. */
bool dump_takes_entry(struct records *r, struct stream *s, const struct tag *tag, struct text *t, struct line *line)
{
    struct packet *p = &s->packet;
    if (s->parked.open && p->open && p->ended && text_starts(*t, TEXT("Parse ")))
        emit_packet(r, s); /* it is whole: what is decrypted now is the other's */
    if (!p->open)
        return false;
    if (is_datagram(*t)) {
        if (p->contents || p->message.direction != DIRECTION_SENT)
            return false;
        packet_from_datagram(p, *t, r->line);
        *t = text_from(*t, t->len);
        dump_add(s, line);
        emit_packet(r, s);
        return true;
    }
    if (p->traced && !packet_begins(*t)) {
        if (!text_starts(*t, TEXT("IKEv2 ")) || !text_has(*t, TEXT(" Exchange Contains:")) || tag->sa_id != s->origin.tag.sa_id)
            return false;
    } else if (r->asa && packet_has_between(p, *t)) {
        *t = text_from(*t, t->len);
    } else if (!packet_takes_entry(p, *t) || (tag->packet && tags_differ(tag, &s->origin.tag))) {
        return false; /* or another peer's packet: its lines stand between the halves of this one */
    }
    if (tag->has_sa_id && !s->origin.tag.has_sa_id) {
        s->origin.tag.has_sa_id = true;
        s->origin.tag.sa_id = tag->sa_id;
    }
    packet_read(p, t);
    dump_add(s, line);
    return true;
}

void dump_begin_contents(struct records *r, struct stream *s, struct line *line, const struct prefix *prefix)
{
    /* IOS prints a packet's clear contents behind the last "Construct … Payload" entry, without a heading of their own. */
    struct tag tag = s->entry.open ? s->entry.origin.tag : (struct tag){ .family = FAMILY_IOS };
    struct stamp time = s->entry.origin.time;
    emit_entry(r, s);
    dump_begin(s, &tag, prefix, line, true);
    if (!prefix->has_time)
        s->origin.time = time;
}

/* A line (or what is left of one) that continues a packet dump: takes what it can. */
bool dump_takes_line(struct records *r, struct stream *s, struct line *line, struct text t, const struct prefix *prefix)
{
    if (r->asa)
        t = tag_without_contexts(t, r->line);
    struct text head = scan_skip(t);
    if (!s->packet.open) {
        if (!text_starts(head, TEXT("Payload contents:")) || r->parser->forced == INPUT_SYSLOG)
            return false;
        dump_begin_contents(r, s, line, prefix);
    }
    struct text rest = t;
    if (packet_read(&s->packet, &rest) || rest.len < head.len) {
        dump_add(s, line);
        parser_count(r->parser, line, LINE_CONTINUATION);
        if (rest.len)
            records_rest(r, rest);
        return true;
    }
    return false;
}
