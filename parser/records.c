#include "parser/records.h"

#include <stdio.h>

#include "base/limits.h"
#include "model/trace.h"
#include "parser/emit.h"
#include "parser/furniture.h"
#include "parser/packet_items.h"
#include "parser/phrases.h"
#include "parser/records_parts.h"
#include "parser/scan.h"
#include "parser/state.h"
#include "parser/translate.h"

void records_init(struct records *r, struct parser *parser)
{
    *r = (struct records){ .parser = parser,
                           .line = arena_create(),
                           .event = arena_create(),
                           .faces = memory_take(sizeof *r->faces),
                           .face_names = memory_take(sizeof *r->face_names) };
}

static void stream_free(struct stream *s)
{
    packet_clear(&s->packet);
    packet_clear(&s->sealed);
    for (unsigned i = 0; i < CONTENT_SLOTS; i++)
        packet_clear(&s->contents[i].packet);
    buffer_clear(&s->entry.joined);
    memory_free((void *)(uintptr_t)s->host.at);
    memory_free(s);
}

void records_clear(struct records *r)
{
    for (size_t i = 0; i < r->stream_count; i++)
        stream_free(r->streams[i]);
    memory_free(r->streams);
    memo_clear(&r->memo);
    memory_free(r->faces);
    memory_free(r->face_names);
    arena_destroy(r->line);
    arena_destroy(r->event);
    *r = (struct records){ 0 };
}

/* ------------------------------------------------------------------------------------------ streams */

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

void records_own(struct records *r)
{
    records_resolve_run(r, false);
    for (size_t i = 0; i < r->stream_count; i++)
        stream_own(r->streams[i]);
}

void stream_flush(struct records *r, struct stream *s)
{
    /* the packet and the entry are never open together but where contents follow an entry: the earlier goes first */
    if (s->entry.open && s->packet.open && s->origin.line < s->entry.origin.line)
        emit_packet(r, s);
    emit_entry(r, s);
    emit_packet(r, s);
}

void records_flush(struct records *r)
{
    records_resolve_run(r, true);
    for (size_t i = 0; i < r->stream_count; i++)
        stream_flush(r, r->streams[i]);
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
static struct stream *stream_of(struct records *r, struct text host)
{
    struct parser *p = r->parser;
    struct stream *now = r->current;
    if (now && (text_equal(now->host, host) || (host.len == 0 && now->device == p->device)))
        return now;
    for (size_t i = 0; i < r->stream_count; i++)
        if (text_equal(r->streams[i]->host, host))
            return turn_to(r, r->streams[i]);
    uint32_t device = host.len ? parser_named_device(p, host, r->stream_count == 0) : p->device;
    for (size_t i = 0; i < r->stream_count; i++)
        if (r->streams[i]->device == device)
            return turn_to(r, r->streams[i]);
    if (r->stream_count >= STREAM_LIMIT) {
        p->model->over_limit++;
        return now;
    }
    struct stream *s = stream_add(r, host);
    s->device = device;
    return turn_to(r, s);
}

/* ------------------------------------------------------------------------------------------ entries */

static void begin_entry(struct records *r, struct stream *s, const struct tag *tag, const struct prefix *prefix, struct text text,
                        struct line *line)
{
    struct entry *e = &s->entry;
    struct buffer joined = e->joined;
    (void)r;
    *e = (struct entry){ .joined = joined, .open = true, .text = text, .width = line->text.len };
    e->origin = (struct origin){ .tag = *tag, .line = line->number, .lines = 1 + line->more, .last_line = line_last(line) };
    if (prefix->has_time)
        e->origin.time = prefix->time;
    if (tag->family == FAMILY_SYSLOG && tag->facility.len >= 6) {
        struct text number = text_from(tag->facility, tag->facility.len - 6);
        uint64_t value;
        if (text_number(number, 10, &value)) {
            snprintf(e->number, sizeof e->number, "%.*s", TEXT_ARGS(number));
            e->text = tag->rest;
        } else {
            e->text = text_over(tag->facility.at - 1, (size_t)(tag->rest.at + tag->rest.len - tag->facility.at) + 1);
        }
    }
    e->policies = text_starts(e->text, TEXT("Received Policies:")) || text_starts(e->text, TEXT("Expected Policies:"));
    e->listing = text.len > 12 && (text.at[0] == 'I' || text.at[0] == 'E' || text.at[0] == 'A') &&
                 (text_starts(text, TEXT("IKE Proposal:")) || text_starts(text, TEXT("ESP Proposal:")) ||
                  text_starts(text, TEXT("AH Proposal:")));
    e->indented = tag->family == FAMILY_IPSEC || tag->family == FAMILY_PKI || tag->family == FAMILY_TRACE;
}

/* Joins a continuation line with a blank (glue: with nothing). */
static void join(struct stream *s, struct text text, struct line *line, bool glue)
{
    struct entry *e = &s->entry;
    stream_own(s);
    e->settled = false;
    if (!glue && e->joined.len)
        buffer_byte(&e->joined, ' ');
    buffer_text(&e->joined, text);
    e->text = buffer_view(&e->joined);
    e->width = line->text.len;
    if (e->origin.last_line != line_last(line))
        e->origin.lines += 1 + line->more;
    e->origin.last_line = line_last(line);
    e->after_blank = false;
}

static const char *named(struct records *r, struct text name)
{
    return name_cached(&r->names, &r->parser->model->names, name);
}

/* A state-machine line that was wrapped or cut: whole now? Then it goes out; what stands behind it is left in *rest. */
static bool complete_transition(struct records *r, struct stream *s, struct text *rest)
{
    struct entry *e = &s->entry;
    struct text text = scan_skip(e->text);
    struct transition_line t;
    if (text.len < 8 || text.at[0] != 'S' || text.at[1] != 'M' || transition_scan(&text, &t) != TRANSITION_WHOLE)
        return false;
    e->open = false;
    emit_packet(r, s);
    emit_transition(r, s, &e->origin, &t, named(r, t.state), named(r, t.event), text_upto(e->text, e->text.len - text.len));
    *rest = scan_skip(text);
    return true;
}

bool stream_partial(const struct stream *s)
{
    if (!s->entry.open)
        return false;
    struct text text = scan_skip(s->entry.text);
    struct transition_line t;
    return text.len > 2 && text.at[0] == 'S' && text.at[1] == 'M' && transition_scan(&text, &t) == TRANSITION_PARTIAL;
}

/* ------------------------------------------------------------------------------------------ packets */

void stream_packet_line(struct stream *s, struct line *line)
{
    if (s->origin.last_line != line_last(line))
        s->origin.lines += 1 + line->more;
    s->origin.last_line = line_last(line);
}

/* ASA prints its context inside lines: "Next payload: KE, version: 2.0 (27): Exchange type: …". Takes out every "(N):" but
 * those that belong to the tag of another entry glued on. */
static struct text without_contexts(struct records *r, struct text t)
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

void stream_begin_packet(struct stream *s, const struct tag *tag, const struct prefix *prefix, struct line *line, bool contents)
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

static bool is_datagram(struct text t)
{
    return text_starts(t, TEXT("SENT PKT ["));
}

/* Does a tagged entry belong to the open packet? Takes what it reads off *t. */
static bool packet_part(struct records *r, struct stream *s, const struct tag *tag, struct text *t, struct line *line)
{
    struct packet *p = &s->packet;
    if (!p->open)
        return false;
    if (packet_begins(*t)) {
        /* the IKEv2-PAK line, or ASA's glued one, behind Sending/Received Packet */
        if (t->at[0] != 'N' || !p->addressed || p->header || p->list || p->contents)
            return false;
    } else if (is_datagram(*t)) {
        if (p->contents || p->message.direction != DIRECTION_SENT)
            return false;
        packet_from_datagram(p, *t, r->line);
        *t = text_from(*t, t->len);
        stream_packet_line(s, line);
        emit_packet(r, s);
        return true;
    } else if (p->traced) {
        if (!text_starts(*t, TEXT("IKEv2 ")) || !text_has(*t, TEXT(" Exchange Contains:")) || tag->sa_id != s->origin.tag.sa_id)
            return false;
    } else if (r->asa && is_between(p, *t)) {
        *t = text_from(*t, t->len);
    } else if (!text_starts(*t, TEXT("Parse ")) && !packet_continues(*t) &&
               !(p->header && !p->list && (text_starts(*t, TEXT("Exchange type:")) || text_starts(*t, TEXT("Message id:")))) &&
               !(p->addressed && (text_starts(*t, TEXT("HDR[")) || text_starts(*t, TEXT("IKEV2 HDR"))))) {
        return false;
    }
    if (tag->has_sa_id && !s->origin.tag.has_sa_id) {
        s->origin.tag.has_sa_id = true;
        s->origin.tag.sa_id = tag->sa_id;
    }
    packet_read(p, t);
    stream_packet_line(s, line);
    return true;
}

/* ------------------------------------------------------------------------------------------ lines */

/* What is left of a line is taken in turn, not in depth: a line may hold thousands of entries. */
void records_rest(struct records *r, struct text rest)
{
    rest = scan_skip(rest);
    if (rest.len && r->rest_count < REST_SLOTS)
        r->rests[r->rest_count++] = rest;
}

static void note_sequence(struct records *r, struct stream *s, const struct prefix *prefix, struct line *line)
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

static bool joins_policies(const struct stream *s, const struct tag *tag, struct text t)
{
    const struct entry *e = &s->entry;
    if (!e->open || !e->policies || (tag->has_sa_id && e->origin.tag.has_sa_id && tag->sa_id != e->origin.tag.sa_id))
        return false;
    if (text_starts(t, TEXT("Expected Policies:")))
        return text_has(e->text, TEXT("Received Policies:")) && !text_has(e->text, TEXT("Expected Policies:"));
    return text_starts(t, TEXT("Failed to find a matching policy"));
}

/* Debugs that run beside IKEv2's and may cut its dumps in two. */
static bool is_of_others(const struct tag *tag)
{
    return tag->family == FAMILY_IKEV1 || tag->family == FAMILY_IPSEC || tag->family == FAMILY_PKI ||
           tag->family == FAMILY_SYSLOG;
}

static size_t event_letters(struct text t)
{
    size_t n = 0;
    while (n < t.len && (scan_upper(t.at[n]) || scan_digit(t.at[n]) || t.at[n] == '_'))
        n++;
    return n;
}

/* "EV_CHK_IF_PEER_CERT_NEEDS_ TO_BE_FETCHED": a name that a terminal cut and a blank was put into. */
static void glue_event(struct records *r, struct transition_line *transition, struct text *t)
{
    struct text rest = scan_skip(*t);
    size_t n = event_letters(rest);
    struct text name = arena_format(r->line, "%.*s%.*s", TEXT_ARGS(transition->event), (int)n, rest.at);
    if (n == 0 || !trace_knows_event(name))
        return;
    transition->event = name;
    *t = scan_skip(text_from(rest, n));
}

/* An entry with a tag of ours. */
static void tagged(struct records *r, struct line *line, const struct prefix *prefix, struct tag *tag, unsigned depth)
{
    struct parser *p = r->parser;
    struct stream *s = r->current;
    struct text t = tag->rest;
    s->noise = false;
    parser_kind(p, (enum input_kind)tag->kind, s->device, line->number);
    sections_entry(p);
    if (prefix->has_sequence)
        note_sequence(r, s, prefix, line);
    struct transition_line transition;
    enum transition_scan trace = transition_scan(&t, &transition);
    if (trace == TRANSITION_WHOLE && t.len && !trace_knows_event(transition.event))
        glue_event(r, &transition, &t);
    bool maybe_cut = trace == TRANSITION_WHOLE && t.len == 0 &&
                     ((r->wrap && line->text.len == r->wrap) || !trace_knows_event(transition.event));
    if (maybe_cut)
        t = tag->rest; /* the event's name may go on: waits like any entry */
    if (trace == TRANSITION_WHOLE && !maybe_cut) {
        struct origin origin = { .tag = *tag, .line = line->number, .lines = 1 + line->more, .last_line = line_last(line) };
        if (prefix->has_time)
            origin.time = prefix->time;
        stream_flush(r, s);
        const char *state = named(r, transition.state), *event = named(r, transition.event);
        emit_transition(r, s, &origin, &transition, state, event, text_upto(tag->rest, tag->rest.len - t.len));
        parser_count(p, line, LINE_EVENT);
        if (t.len)
            records_rest(r, t);
        return;
    }
    if (tag->family == FAMILY_ASA)
        r->asa = true;
    size_t glued = tag_glued(t);
    struct text rest = { NULL, 0 };
    if (glued != TEXT_NOWHERE) {
        rest = text_from(t, glued);
        t = scan_trim_end(text_upto(t, glued));
    }
    struct text clean = r->asa && t.len ? without_contexts(r, t) : t;
    if (s->packet.open && packet_part(r, s, tag, &clean, line)) {
        parser_count(p, line, LINE_CONTINUATION);
    } else if (joins_policies(s, tag, t)) {
        join(s, t, line, false);
        parser_count(p, line, LINE_CONTINUATION);
    } else if (packet_begins(clean)) {
        stream_flush(r, s);
        stream_begin_packet(s, tag, prefix, line, false);
        packet_read(&s->packet, &clean);
        parser_count(p, line, LINE_EVENT);
    } else {
        if (s->packet.open && is_of_others(tag) && packet_unfinished(&s->packet))
            emit_entry(r, s); /* the dump goes on behind it */
        else
            stream_flush(r, s);
        begin_entry(r, s, tag, prefix, r->asa ? scan_trim_end(clean) : t, line);
        parser_count(p, line, LINE_EVENT);
        if (text_starts(t, TEXT("Building packet for encryption"))) {
            emit_entry(r, s);
            stream_begin_packet(s, tag, prefix, line, true);
        } else if (depth || rest.len) {
            stream_own(s);
        }
    }
    if (rest.len)
        records_rest(r, rest);
}

static void begin_loose_contents(struct records *r, struct stream *s, struct line *line, const struct prefix *prefix)
{
    /* IOS prints a packet's clear contents behind the last "Construct … Payload" entry, without a heading of their own. */
    struct tag tag = s->entry.open ? s->entry.origin.tag : (struct tag){ .family = FAMILY_IOS };
    struct stamp time = s->entry.origin.time;
    emit_entry(r, s);
    stream_begin_packet(s, &tag, prefix, line, true);
    if (!prefix->has_time)
        s->origin.time = time;
}

/* A line (or what is left of one) that continues a packet dump: takes what it can. */
static bool continues_packet(struct records *r, struct stream *s, struct line *line, struct text t, const struct prefix *prefix)
{
    if (r->asa)
        t = without_contexts(r, t);
    struct text head = scan_skip(t);
    if (!s->packet.open) {
        if (!text_starts(head, TEXT("Payload contents:")))
            return false;
        begin_loose_contents(r, s, line, prefix);
    }
    struct text rest = t;
    if (packet_read(&s->packet, &rest) || rest.len < head.len) {
        stream_packet_line(s, line);
        parser_count(r->parser, line, LINE_CONTINUATION);
        if (rest.len)
            records_rest(r, rest);
        return true;
    }
    return false;
}

/* May an untagged line go on with the open entry? */
static bool continues_entry(const struct stream *s, struct text raw, struct text t)
{
    const struct entry *e = &s->entry;
    if (!e->open)
        return false;
    if (e->policies)
        return text_starts(t, TEXT("Proposal ")) || text_starts(t, TEXT("ESP:")) || text_starts(t, TEXT("AH:")) ||
               text_starts(t, TEXT("Failed to find")) || text_starts(t, TEXT("Expected Policies:")) ||
               text_starts(t, TEXT("Received Policies:")) || !e->after_blank;
    if (e->listing && (text_starts(t, TEXT("Num. transforms:")) || (raw.len && scan_blank(raw.at[0]))))
        return true;
    if (e->indented && raw.len && scan_blank(raw.at[0]))
        return true;
    if (stream_partial(s))
        return true;
    if (e->after_blank)
        return e->text.len == 0 || t.at[0] == ':';
    return true;
}

enum { GLUE_MOST = 400, GLUE_LEAST = 40 }; /* transitions are shorter, terminals wider */

static enum transition_scan scan_joined(struct records *r, struct text a, struct text b, bool glue)
{
    struct text whole = arena_format(r->line, "%.*s%s%.*s", TEXT_ARGS(a), glue ? "" : " ", TEXT_ARGS(b));
    struct transition_line t;
    return transition_scan(&whole, &t);
}

/* Does a row know the text, its pattern included? */
static bool is_known(struct text t)
{
    const struct phrase *phrase = phrase_find(t);
    return phrase && phrase_matches(phrase, t);
}

/* A terminal that cuts lines at its width cuts words, too: does the text make sense only when joined without a blank? */
static bool wants_glue(struct records *r, const struct stream *s, struct text t)
{
    struct text text = scan_skip(s->entry.text);
    if (text.len > GLUE_MOST || t.len > GLUE_MOST)
        return false;
    if (text.len < 3 || text.at[0] != 'S' || text.at[1] != 'M') {
        if (s->entry.origin.lines > 1 || s->entry.policies || s->entry.listing || s->entry.width < GLUE_LEAST)
            return false;
        struct text key = entry_key(&s->entry, r->line);
        return !is_known(arena_format(r->line, "%.*s %.*s", TEXT_ARGS(key), TEXT_ARGS(t))) &&
               is_known(arena_format(r->line, "%.*s%.*s", TEXT_ARGS(key), TEXT_ARGS(t)));
    }
    if (s->entry.width > 60 && s->entry.width == r->wrap_guess) /* the same width again: no accident */
        r->wrap = s->entry.width;
    r->wrap_guess = s->entry.width;
    enum transition_scan blank = scan_joined(r, text, t, false), glued = scan_joined(r, text, t, true);
    if (glued == TRANSITION_NOT)
        return false;
    if (blank != TRANSITION_NOT && (!r->wrap || s->entry.width != r->wrap))
        return false;
    if (blank == TRANSITION_NOT)
        r->wrap = s->entry.width;
    return true;
}

static void continue_entry(struct records *r, struct line *line, struct text raw, struct text t)
{
    struct stream *s = r->current;
    bool glue = wants_glue(r, s, t);
    if (t.at[0] == ':' && s->entry.text.len == 0) /* ":Verification of …" behind a tag that lost its colon */
        t = scan_skip(text_from(t, 1));
    size_t glued = r->asa ? tag_glued(t) : TEXT_NOWHERE;
    struct text rest = { NULL, 0 };
    if (glued != TEXT_NOWHERE) {
        rest = text_from(t, glued);
        t = scan_trim_end(text_upto(t, glued));
    }
    if (r->asa)
        t = without_contexts(r, t);
    if (s->entry.listing && raw.len && scan_blank(raw.at[0]))
        join(s, TEXT("  "), line, false);
    join(s, t, line, glue);
    s->entry.policies = s->entry.policies || text_starts(s->entry.text, TEXT("Received Policies:"));
    parser_count(r->parser, line, LINE_CONTINUATION);
    struct text behind = { NULL, 0 };
    if (rest.len)
        records_rest(r, rest);
    bool may_go_on = r->wrap && line->text.len == r->wrap; /* cut just behind a word, or inside it */
    if (!may_go_on && complete_transition(r, s, &behind) && behind.len)
        records_rest(r, arena_text(r->line, behind));
}

/* A transition whose event nobody knows may have been cut inside its name: takes the rest of it off *t where that makes it
 * one that is known; else the transition goes out as it is. */
static bool complete_event(struct records *r, struct stream *s, struct line *line, struct text *t)
{
    if (!s->entry.open) /* its text may be gone */
        return false;
    struct text text = scan_skip(s->entry.text), behind;
    struct transition_line transition;
    if (text.len < 8 || text.at[0] != 'S' || text.at[1] != 'M' || transition_scan(&text, &transition) != TRANSITION_WHOLE ||
        text.len || trace_knows_event(transition.event))
        return false;
    size_t n = event_letters(*t);
    if (n == 0 || !trace_knows_event(arena_format(r->line, "%.*s%.*s", TEXT_ARGS(transition.event), (int)n, t->at))) {
        emit_entry(r, s);
        return false;
    }
    join(s, text_upto(*t, n), line, true);
    complete_transition(r, s, &behind);
    parser_count(r->parser, line, LINE_CONTINUATION);
    *t = scan_skip(text_from(*t, n));
    return true;
}

static void count_furniture(struct parser *p, struct text t, struct line *line)
{
    /* "Syslog logging: enabled (3 messages dropped, 55 messages rate-limited, …" */
    static const char *const words[] = { " messages dropped", " messages rate-limited" };
    if (text_starts(t, TEXT("Syslog logging:")))
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            size_t at = text_find(t, text_of(words[i]));
            size_t from = at == TEXT_NOWHERE ? 0 : at;
            while (from && scan_digit(t.at[from - 1]))
                from--;
            uint64_t count;
            if (at != TEXT_NOWHERE && text_number(text_upto(text_from(t, from), at - from), 10, &count) && count) {
                p->dropped += count;
                if (!p->dropped_first)
                    p->dropped_first = line->number;
            }
        }
    parser_count(p, line, LINE_NOISE);
}

static void typed_command(struct records *r, struct line *line, struct text command)
{
    struct parser *p = r->parser;
    struct stream *s = r->current;
    if (command.len == 0) { /* a prompt alone does not end a packet's dump */
        if (!stream_partial(s))
            emit_entry(r, s);
        parser_count(p, line, LINE_NOISE);
        return;
    }
    stream_flush(r, s);
    struct event e = {
        .kind = EVENT_COMMAND, .code = CODE_COMMAND, .line = line->number, .lines = 1 + line->more, .text = command
    };
    if (text_starts(command, TEXT("cl")) && (text_has(command, TEXT("ike")) || text_has(command, TEXT("cry")))) {
        e.code = CODE_CLEAR_COMMAND;
        e.severity = SEVERITY_NOTE;
    }
    parser_emit(p, s->device, &e);
    parser_count(p, line, LINE_EVENT);
    s->trace = text_has(command, TEXT("event-trace"));
    s->noise = !s->trace; /* what it prints, until the log goes on */
}

/* A prompt: alone, with a command, in front of a message, or in the middle of a line that it cut in two. */
static bool prompt(struct records *r, struct line *line, struct text t)
{
    struct parser *p = r->parser;
    struct stream *s = r->current;
    struct text host, rest;
    if (!prompt_scan(t, &host, &rest))
        return false;
    struct prefix prefix;
    struct tag tag;
    struct text tail = text_from(t, (size_t)(rest.at - t.at));
    struct text word = rest;
    if (complete_event(r, s, line, &word)) {
        if (word.len)
            records_rest(r, word);
        return true;
    }
    if (s->packet.open && s->packet.cut && packet_item_direction(&s->packet, &word, s->packet.cut) && scan_skip(word).len == 0) {
        stream_packet_line(s, line);
        parser_count(p, line, LINE_CONTINUATION);
    } else if (rest.len && (prefix_scan(rest, &r->times, &prefix) || tag_scan(rest, &tag))) {
        records_rest(r, tail);
    } else if (rest.len && stream_partial(s)) {
        continue_entry(r, line, rest, rest);
    } else if (rest.len && packet_continues(rest)) {
        records_rest(r, tail);
    } else if (rest.len && s->entry.open && !s->entry.after_blank && !phrase_find(scan_skip(s->entry.text)) &&
               scan_lower(rest.at[0]) && s->entry.origin.last_line + 1 == line->number && !text_starts(rest, TEXT("sh")) &&
               !text_starts(rest, TEXT("cl")) && !text_starts(rest, TEXT("un")) && !text_starts(rest, TEXT("de"))) {
        join(s, rest, line, true);
        parser_count(p, line, LINE_CONTINUATION);
    } else {
        uint32_t device = parser_named_device(p, host, true);
        s->device = device;
        typed_command(r, line, rest);
        sections_command(p, rest);
        return true;
    }
    s->device = parser_named_device(p, host, true);
    return true;
}

static void blank_line(struct records *r, struct stream *s, struct line *line, struct text t)
{
    s->entry.after_blank = true;
    if (r->parser->sections.reader)
        sections_line(r->parser, line, t);
    else
        parser_count(r->parser, line, LINE_BLANK);
}

/* A line with a time and without a tag: part of a packet (IOS stamps attributes one by one), an event trace's text, or a
 * debug of another feature. */
static void stamped(struct records *r, struct line *line, const struct prefix *prefix, struct text t)
{
    struct parser *p = r->parser;
    struct stream *s = r->current;
    note_sequence(r, s, prefix, line);
    struct text head = scan_skip(t);
    if (head.len == 0 && prefix->relayed) {
        blank_line(r, s, line, head);
        return;
    }
    if (head.len == 0) {
        parser_count(p, line, LINE_NOISE);
        return;
    }
    if (continues_packet(r, s, line, t, prefix))
        return;
    struct tag tag = { .family = FAMILY_NONE, .kind = INPUT_UNKNOWN, .rest = head };
    const struct phrase *known = phrase_find(head);
    if (s->trace || (known && !packet_continues(head))) {
        if (s->trace || (known && phrase_kind(known) == INPUT_EVENT_TRACE)) {
            tag.family = FAMILY_TRACE;
            tag.kind = INPUT_EVENT_TRACE;
        }
        stream_flush(r, s);
        parser_kind(p, (enum input_kind)tag.kind, s->device, line->number);
        begin_entry(r, s, &tag, prefix, head, line);
        s->entry.indented = true;
        parser_count(p, line, LINE_EVENT);
        return;
    }
    struct text cleaned = r->asa ? without_contexts(r, head) : head;
    if (packet_continues(cleaned)) { /* its packet was not seen */
        parser_count(p, line, LINE_CONTINUATION);
        return;
    }
    /* A relay's lines: what continues an entry has a time of its own there. */
    if (prefix->relayed && s->entry.open && continues_entry(s, t, head)) {
        continue_entry(r, line, t, head);
        return;
    }
    emit_entry(r, s); /* a packet's dump may go on behind it */
    s->noise = true;
    parser_count(p, line, LINE_NOISE);
}

static void untagged(struct records *r, struct line *line, struct text t, unsigned depth)
{
    static const struct prefix none;
    struct parser *p = r->parser;
    struct stream *s = r->current;
    struct text head = scan_skip(t);
    bool in_section = p->sections.reader || p->sections.foreign;
    if ((!in_section || s->packet.open) && continues_packet(r, s, line, t, &none))
        return;
    if (head.at == t.at && prompt(r, line, head))
        return;
    if (complete_event(r, s, line, &head)) {
        if (head.len)
            records_rest(r, head);
        return;
    }
    if (depth) { /* the tail of a line that was understood */
        if (s->entry.open)
            join(s, head, line, false);
        return;
    }
    if (in_section && p->page && line->wide && line_is_foreign(head)) {
        sections_close(p);
        parser_count(p, line, LINE_NOISE);
        return;
    }
    if (in_section && line_is_echo(t)) {
        typed_command(r, line, head);
        sections_command(p, head);
        return;
    }
    if (in_section && !(s->entry.open && p->sections.entries_since && stream_partial(s))) {
        if (sections_line(p, line, t))
            return;
    }
    if (line_is_trace_heading(head)) {
        stream_flush(r, s);
        s->trace = true;
        parser_kind(p, INPUT_EVENT_TRACE, s->device, line->number);
        parser_count(p, line, LINE_NOISE);
        return;
    }
    if (s->noise && t.len && scan_blank(t.at[0])) {
        parser_count(p, line, LINE_NOISE);
        return;
    }
    bool goes_on = continues_entry(s, t, head) && (!p->page || stream_partial(s));
    if ((!goes_on || head.at == t.at) && !stream_partial(s) && !s->entry.policies) {
        if (line_is_furniture(head)) {
            if (text_starts(head, TEXT("-----")) && text_has(head, TEXT(" sh")) && sections_line(p, line, t)) {
                stream_flush(r, s);
                return;
            }
            s->noise = true; /* its indented lines, too */
            count_furniture(p, head, line);
            return;
        }
        if (sections_line(p, line, t)) {
            stream_flush(r, s);
            return;
        }
    }
    if (goes_on) {
        continue_entry(r, line, t, head);
        return;
    }
    struct text clean = r->asa ? without_contexts(r, head) : head;
    if (clean.len == 0 || packet_continues(clean)) { /* of a packet whose beginning is not here */
        parser_count(p, line, LINE_CONTINUATION);
        return;
    }
    if (s->noise || p->page || (line->wide && line_is_foreign(head))) {
        parser_count(p, line, LINE_NOISE);
        return;
    }
    if (line_is_numbered(head)) { /* a line that some other program numbered */
        parser_count(p, line, LINE_NOISE);
        return;
    }
    if (line_is_echo(t)) { /* a command without its prompt */
        typed_command(r, line, head);
        sections_command(p, head);
        return;
    }
    if (phrase_find(head) && head.len > 8) { /* a message whose tag was lost */
        struct tag tag = { .family = FAMILY_NONE, .rest = head };
        stream_flush(r, s);
        begin_entry(r, s, &tag, &none, head, line);
        parser_count(p, line, LINE_EVENT);
        return;
    }
    parser_count(p, line, LINE_UNPARSED);
    input_unparsed(p->model, p->input, line->number, t);
}

static void take_piece(struct records *r, struct line *line, struct text t, unsigned depth)
{
    struct prefix prefix;
    struct tag tag;
    bool has_prefix = prefix_scan(t, &r->times, &prefix);
    struct stream *s = stream_of(r, prefix.host.len ? prefix.host : depth && r->current ? r->current->host : TEXT(""));
    (void)s;
    if (prefix.columns) { /* ASDM: "750003 Local:…" */
        tag = (struct tag){ .family = FAMILY_SYSLOG,
                            .kind = INPUT_SYSLOG,
                            .facility = text_upto(prefix.rest, 6),
                            .rest = scan_skip(text_from(prefix.rest, 6)) };
        tagged(r, line, &prefix, &tag, depth);
        return;
    }
    if (!has_prefix && t.len > 5 && scan_blank(t.at[0])) { /* a log that was indented when it was pasted */
        struct text head = scan_skip(t);
        if (text_starts(head, TEXT("IKEv2")) || head.at[0] == '%'
                ? tag_scan(head, &tag)
                : head.len > 8 && (head.at[0] == '*' || head.at[0] == '.' || stamp_month(head))) {
            has_prefix = prefix_scan(head, &r->times, &prefix);
            t = head;
        }
    }
    if (has_prefix && prefix.bare && prefix.rest.len == 0) { /* an empty line, which was numbered */
        note_sequence(r, r->current, &prefix, line);
        blank_line(r, r->current, line, prefix.rest);
        return;
    }
    bool has_tag = tag_scan(prefix.rest, &tag);
    if (has_tag && tag.family == FAMILY_CONTEXT && !packet_begins(scan_skip(tag.rest)) && !phrase_find(scan_skip(tag.rest))) {
        /* "(27):   SHA256": a continuation that names its context */
        r->asa = true;
        parser_kind(r->parser, INPUT_ASA_DEBUG, r->current->device, line->number);
        if (scan_skip(tag.rest).len == 0)
            parser_count(r->parser, line, LINE_CONTINUATION);
        else
            untagged(r, line, text_trim(tag.rest).len ? tag.rest : t, depth);
        return;
    }
    if (has_tag && tag.family == FAMILY_SYSLOG && !phrase_find(syslog_key(&tag, r->line))) {
        emit_entry(r, r->current); /* some other facility's message */
        r->current->noise = true;
        note_sequence(r, r->current, &prefix, line);
        parser_count(r->parser, line, LINE_NOISE);
        return;
    }
    if (has_tag && tag.family != FAMILY_NONE) {
        tagged(r, line, &prefix, &tag, depth);
    } else if (has_prefix && (prefix.has_time || prefix.relayed)) {
        stamped(r, line, &prefix, tag.rest);
    } else {
        note_sequence(r, r->current, &prefix, line);
        untagged(r, line, tag.rest, depth);
    }
}

void records_take_rests(struct records *r, struct line *line)
{
    while (r->rest_count) {
        struct text rest = r->rests[--r->rest_count];
        take_piece(r, line, rest, 1);
    }
    /* What waits must not point into what goes with the line. */
    struct stream *s = r->current;
    if (s->entry.open && !s->entry.owned && s->entry.origin.last_line == line_last(line) &&
        (!line->stable || line->wide || s->entry.text.at < line->text.at || s->entry.text.at > line->text.at + line->text.len))
        stream_own(s);
    arena_reset(r->line);
}

void records_line(struct records *r, struct line *line)
{
    if (r->current && records_usual_line(r, line))
        return;
    if (r->run_lines)
        records_resolve_run(r, true);
    lines_check(&r->parser->lines, line);
    records_line_slowly(r, line);
    records_forget(r);
}

void records_line_slowly(struct records *r, struct line *line)
{
    struct parser *p = r->parser;
    struct text t = scan_trim_end(line->text);
    struct stream *s = r->current ? r->current : stream_of(r, TEXT(""));
    if (line->damaged) {
        if (!p->damaged++)
            p->damaged_first = line->number;
        parser_count(p, line, LINE_UNPARSED);
        input_unparsed(p->model, p->input, line->number, t);
        return;
    }
    if (t.len == 0) {
        blank_line(r, s, line, t);
        return;
    }
    unsigned found = 0;
    if (memchr(t.at, '&', t.len))
        t = line_without_entities(t, r->line);
    if (line->wide) {
        t = scan_trim_end(translate(t, r->line, &found));
        p->page |= found != 0;
    }
    if (t.at[0] == '>' || t.at[0] == '|' || t.at[t.len - 1] == '|') {
        t = p->sections.reader || stream_partial(s) ? t : line_without_paste(t);
        if (t.len == 0) {
            s->entry.after_blank = true;
            parser_count(p, line, LINE_NOISE);
            return;
        }
    }
    r->rest_count = 0;
    take_piece(r, line, t, 0);
    records_take_rests(r, line);
    if (!line->counted) /* every path counts; a line must never be lost */
        parser_count(p, line, LINE_CONTINUATION);
}

uint32_t records_unfinished(const struct records *r)
{
    for (size_t i = 0; i < r->stream_count; i++) {
        const struct stream *s = r->streams[i];
        if (stream_partial(s))
            return s->entry.origin.line;
        if (packet_unfinished(&s->packet))
            return s->origin.line;
    }
    return 0;
}
