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

/* ASA prints its context inside lines: "Next payload: KE, version: 2.0 (27): Exchange type: …". Takes out every "(N):" but
 * those that belong to the tag of another entry glued on. */
struct text dump_without_contexts(struct records *r, struct text t)
{
    const char *paren = t.len ? memchr(t.at, '(', t.len) : NULL;
    char *out = NULL;
    size_t len = 0, from = 0;
    while (paren) {
        size_t at = (size_t)(paren - t.at);
        uint64_t number;
        size_t n = text_digits(text_upto(text_from(t, at + 1), 10), 10, &number);
        bool context = n && at + n + 2 < t.len + 0 && t.at[at + n + 1] == ')' && t.at[at + n + 2] == ':';
        bool tagged = at >= 4 && t.at[at - 1] == ' ' && t.at[at - 2] == ':' && scan_digit(t.at[at - 3]) && t.at[at - 4] == '-';
        if (context && !tagged) {
            if (!out)
                out = arena_take(r->line, t.len + 1);
            memcpy(out + len, t.at + from, at - from);
            len += at - from;
            from = at + n + 3;
        }
        size_t next = at + 1 > from ? at + 1 : from;
        paren = next < t.len ? memchr(t.at + next, '(', t.len - next) : NULL;
    }
    if (!out)
        return t;
    memcpy(out + len, t.at + from, t.len - from);
    return text_over(out, len + t.len - from);
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

/* Entries of ASA that stand between a received packet's header and its decrypted payloads. */
static bool is_between(const struct packet *p, struct text t)
{
    if (!p->open || p->contents)
        return false;
    bool waiting = p->message.direction == DIRECTION_RECEIVED && p->first == PAYLOAD_SK;
    return waiting && (t.len == 0 || text_starts(t, TEXT("decrypt queued")) ||
                       text_starts(t, TEXT("Asynchronous request queued")) || text_starts(t, TEXT("Decrypt success")));
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
    } else if (r->asa && is_between(p, *t)) {
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
        t = dump_without_contexts(r, t);
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
