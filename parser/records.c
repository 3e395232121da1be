/* The way of a line that stands for more, or less, than one entry: what it begins, and what it goes on with. */
#include "parser/records.h"

#include "model/trace.h"
#include "parser/anchors.h"
#include "parser/emit.h"
#include "parser/furniture.h"
#include "parser/markup.h"
#include "parser/packet_items.h"
#include "parser/phrases.h"
#include "parser/records_parts.h"
#include "parser/scan.h"
#include "parser/state.h"
#include "parser/translate.h"

enum { MARK_MOST = 16 };

void records_init(struct records *r, struct parser *parser)
{
    *r = (struct records){ .parser = parser, .line = arena_create(), .event = arena_create() };
    r->times.relayed = &r->relayed;
    r->relayed.arena = parser->model->read;
}

void records_clear(struct records *r)
{
    for (size_t i = 0; i < r->stream_count; i++)
        stream_free(r->streams[i]);
    memory_free(r->streams);
    map_clear(&r->hosts);
    map_clear(&r->devices);
    map_clear(&r->collected);
    map_clear(&r->relayed.map);
    memo_clear(&r->memo);
    if (r->own_told)
        told_clear(r->own_told);
    memory_free(r->own_told);
    memory_free(r->own_faces);
    arena_destroy(r->line);
    arena_destroy(r->event);
    *r = (struct records){ 0 };
}

struct told_before *records_told(struct records *r)
{
    if (!r->told)
        r->told = r->own_told = memory_take(sizeof *r->told);
    return r->told;
}

void records_own(struct records *r)
{
    records_resolve_run(r, false);
    for (size_t i = 0; i < r->stream_count; i++) {
        stream_own(r->streams[i]);
        stream_own_packets(r->streams[i]);
    }
}

void records_flush(struct records *r)
{
    records_resolve_run(r, true);
    for (size_t i = 0; i < r->stream_count; i++)
        stream_flush(r, r->streams[i]);
}

/* Of an input whose kind the user named, an entry of another kind is no more than noise. Messages of syslog stand in all debug
 * logs, and what IOS prints is not parted from what IOS-XE does. */
static bool is_wanted(const struct parser *p, const struct tag *tag)
{
    switch (p->forced) {
    case INPUT_UNKNOWN:
        return true;
    case INPUT_IOS_DEBUG:
    case INPUT_IOSXE_DEBUG:
        return tag->kind != INPUT_ASA_DEBUG && tag->kind != INPUT_EVENT_TRACE;
    case INPUT_ASA_DEBUG:
        return tag->kind == INPUT_ASA_DEBUG || tag->kind == INPUT_SYSLOG ||
               (tag->kind == INPUT_UNKNOWN && tag->family != FAMILY_IOS);
    default:
        return tag->kind == p->forced;
    }
}

/* What is left of a line is taken in turn, not in depth: a line may hold thousands of entries. */
void records_rest(struct records *r, struct text rest)
{
    rest = scan_skip(rest);
    if (rest.len && r->rest_count < REST_SLOTS)
        r->rests[r->rest_count++] = rest;
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
        stream_note_sequence(r, s, prefix, line);
    struct transition_line transition;
    enum transition_scan trace = transition_scan(&t, &transition);
    if (trace == TRANSITION_WHOLE && t.len && !trace_knows_event(transition.event))
        entry_glue_event(r, &transition, &t);
    bool maybe_cut = trace == TRANSITION_WHOLE && t.len == 0 &&
                     ((r->wrap && line->text.len == r->wrap) || !trace_knows_event(transition.event));
    if (maybe_cut)
        t = tag->rest; /* the event's name may go on: waits like any entry */
    if (trace == TRANSITION_WHOLE && !maybe_cut) {
        struct origin origin = { .tag = *tag, .line = line->number, .lines = 1 + line->more, .last_line = line_last(line) };
        if (prefix->has_time)
            origin.time = prefix->time;
        dump_give_way(r, s, tag);
        const char *state = trace_named(r, transition.state), *event = trace_named(r, transition.event);
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
    struct text clean = r->asa && t.len ? tag_without_contexts(t, r->line) : t;
    if (s->packet.open && dump_takes_entry(r, s, tag, &clean, line)) {
        parser_count(p, line, LINE_CONTINUATION);
    } else if (joins_policies(s, tag, t)) {
        entry_join(s, t, line, false);
        parser_count(p, line, LINE_CONTINUATION);
    } else if (packet_begins(clean)) {
        dump_makes_way(r, s, tag);
        dump_begin(s, tag, prefix, line, false);
        packet_read(&s->packet, &clean);
        parser_count(p, line, LINE_EVENT);
    } else {
        if (s->packet.open && is_of_others(tag) && packet_unfinished(&s->packet))
            emit_entry(r, s); /* the dump goes on behind it */
        else
            dump_give_way(r, s, tag);
        entry_begin(s, tag, prefix, r->asa ? scan_trim_end(clean) : t, line);
        parser_count(p, line, LINE_EVENT);
        if (text_starts(t, TEXT("Building packet for encryption"))) {
            emit_entry(r, s);
            dump_begin(s, tag, prefix, line, true);
        } else if (depth || rest.len) {
            stream_own(s);
        }
    }
    if (rest.len)
        records_rest(r, rest);
}

static void blank_line(struct records *r, struct stream *s, struct line *line, struct text t)
{
    s->entry.after_blank = true;
    if (r->parser->sections.reader)
        sections_line(r->parser, line, t);
    else
        parser_count(r->parser, line, LINE_BLANK);
}

/* Behind what some program put in front, and no form of a relay's knows, an entry of ours may stand: it is not lost with it. */
static bool hides_entry(struct records *r, struct text t)
{
    size_t inside = tag_glued(t);
    if (inside == TEXT_NOWHERE || inside == 0)
        return false;
    records_rest(r, text_from(t, inside));
    return true;
}

/* Are there several? One alone is what a sentence may mention. */
static bool hides_entries(struct text t)
{
    size_t first = tag_glued(t);
    return first != TEXT_NOWHERE && first && tag_glued(text_from(t, first + 1)) != TEXT_NOWHERE;
}

/* A line with a time and without a tag: part of a packet (IOS stamps attributes one by one), an event trace's text, or a
 * debug of another feature. */
static void stamped(struct records *r, struct line *line, const struct prefix *prefix, struct text t)
{
    struct parser *p = r->parser;
    struct stream *s = r->current;
    stream_note_sequence(r, s, prefix, line);
    struct text head = scan_skip(t);
    if (head.len == 0 && prefix->relayed) {
        blank_line(r, s, line, head);
        return;
    }
    if (head.len == 0) {
        parser_count(p, line, LINE_NOISE);
        return;
    }
    if (dump_takes_line(r, s, line, t, prefix))
        return;
    struct tag tag = { .family = FAMILY_NONE, .kind = INPUT_UNKNOWN, .rest = head };
    const struct phrase *known = phrase_find(head);
    if (s->trace || (known && phrase_kind(known) == INPUT_EVENT_TRACE)) {
        tag.family = FAMILY_TRACE;
        tag.kind = INPUT_EVENT_TRACE;
    }
    if ((s->trace || (known && !packet_continues(head))) && is_wanted(p, &tag)) {
        stream_flush(r, s);
        parser_kind(p, (enum input_kind)tag.kind, s->device, line->number);
        entry_begin(s, &tag, prefix, head, line);
        s->entry.indented = true;
        parser_count(p, line, LINE_EVENT);
        return;
    }
    struct text cleaned = r->asa ? tag_without_contexts(head, r->line) : head;
    if (packet_continues(cleaned)) { /* its packet was not seen */
        parser_count(p, line, LINE_CONTINUATION);
        return;
    }
    /* A relay's lines: what continues an entry has a time of its own there. */
    if (prefix->relayed && s->entry.open && entry_may_go_on(s, t, head)) {
        entry_continue(r, line, t, head);
        return;
    }
    if (hides_entry(r, head))
        return;
    emit_entry(r, s); /* a packet's dump may go on behind it */
    s->noise = true;
    parser_count(p, line, LINE_NOISE);
}

/* Inside show output or a configuration: what its reader takes, and what ends it. */
static bool in_section(struct records *r, struct line *line, struct text t, struct text head)
{
    struct parser *p = r->parser;
    const struct stream *s = r->current;
    if (p->page && line->wide && line_is_foreign(head)) {
        bool config = p->sections.reader && p->sections.reader->kind == INPUT_CONFIG;
        if (config && sections_line(p, line, t)) /* it may part two routers' configurations */
            return true;
        sections_close(p);
        parser_count(p, line, LINE_NOISE);
        return true;
    }
    if (line_is_echo(t)) {
        prompt_command(r, line, head);
        sections_command(p, head, line->number);
        return true;
    }
    if (text_starts(head, TEXT("```"))) { /* a page's fence: what follows is prose */
        sections_close(p);
        r->current->noise = true;
        parser_count(p, line, LINE_NOISE);
        return true;
    }
    bool awaited = s->entry.open && p->sections.entries_since && stream_partial(s);
    return !awaited && sections_line(p, line, t);
}

/* What stands around a log, or begins show output and configurations in the midst of it. */
static bool between_entries(struct records *r, struct line *line, struct text t, struct text head)
{
    struct parser *p = r->parser;
    struct stream *s = r->current;
    bool furniture = line_is_furniture(head), heads = text_starts(head, TEXT("-----")) && text_has(head, TEXT(" sh"));
    if ((!furniture || heads) && sections_line(p, line, t)) {
        stream_flush(r, s);
        return true;
    }
    if (furniture) {
        s->noise = true; /* its indented lines, too */
        typed_answered(p, head, line->number);
        prompt_furniture(p, head, line);
    }
    return furniture;
}

/* A line that goes on with nothing. */
static void alone(struct records *r, struct line *line, struct text t, struct text head)
{
    static const struct prefix none;
    struct parser *p = r->parser;
    struct stream *s = r->current;
    const struct tag tag = { .family = FAMILY_NONE, .rest = head };
    struct text clean = r->asa ? tag_without_contexts(head, r->line) : head;
    if (clean.len == 0 || packet_continues(clean)) { /* of a packet whose beginning is not here */
        parser_count(p, line, LINE_CONTINUATION);
    } else if (s->noise || p->page || (line->wide && line_is_foreign(head)) || line_is_numbered(head)) {
        /* the last: a line that some other program numbered */
        parser_count(p, line, LINE_NOISE);
    } else if (line_is_echo(t)) { /* a command without its prompt */
        prompt_command(r, line, head);
        sections_command(p, head, line->number);
    } else if (hides_entries(head) && hides_entry(r, head)) { /* a page that lost its line ends */
        return;
    } else if (is_wanted(p, &tag) && phrase_find(head) && head.len > 8) { /* a message whose tag was lost */
        stream_flush(r, s);
        entry_begin(s, &tag, &none, head, line);
        parser_count(p, line, LINE_EVENT);
    } else {
        parser_count(p, line, LINE_UNPARSED);
        input_unparsed(p->model, p->input, line->number, t);
    }
}

/* A prompt stands at the line's beginning; one that was moved on, as a paste does, is known by the show command behind it. */
static bool may_be_prompt(struct text t, struct text head)
{
    struct text host, command;
    return head.at == t.at || (prompt_scan(head, &host, &command) && host.len > 1 && line_is_echo(command));
}

static void untagged(struct records *r, struct line *line, struct text t, unsigned depth)
{
    static const struct prefix none;
    struct parser *p = r->parser;
    struct stream *s = r->current;
    struct text head = scan_skip(t);
    bool section = p->sections.reader || p->sections.foreign;
    if ((!section || s->packet.open) && dump_takes_line(r, s, line, t, &none))
        return;
    if (may_be_prompt(t, head) && prompt_line(r, line, head))
        return;
    if (entry_complete_event(r, s, line, &head)) {
        if (head.len)
            records_rest(r, head);
        return;
    }
    if (depth) { /* the tail of a line that was understood */
        if (s->entry.open)
            entry_join(s, head, line, false);
        return;
    }
    if (section && in_section(r, line, t, head))
        return;
    if (line_is_trace_heading(head)) {
        stream_flush(r, s);
        s->trace = true;
        parser_kind(p, INPUT_EVENT_TRACE, s->device, line->number);
        parser_count(p, line, LINE_NOISE);
        return;
    }
    if (s->noise && t.len && scan_blank(t.at[0]) && sections_score(t, INPUT_SHOW) < 60) {
        parser_count(p, line, LINE_NOISE);
        return;
    }
    if (!section && entry_ends_before(s, head)) {
        stream_flush(r, s);
        s->noise = true;
        parser_count(p, line, LINE_NOISE);
        return;
    }
    bool goes_on = entry_may_go_on(s, t, head) && (!p->page || stream_partial(s) || s->entry.policies);
    if ((!goes_on || head.at == t.at) && !stream_partial(s) && !s->entry.policies && between_entries(r, line, t, head))
        return;
    if (goes_on)
        entry_continue(r, line, t, head);
    else
        alone(r, line, t, head);
}

/* The whole input is show output, or a configuration: no debugs are looked for in it. */
static void of_section(struct records *r, struct line *line, struct text t)
{
    struct text head = scan_skip(t);
    if (may_be_prompt(t, head) && prompt_line(r, line, head))
        return;
    if (line_is_echo(t)) {
        prompt_command(r, line, head);
        sections_command(r->parser, head, line->number);
    } else {
        sections_line(r->parser, line, t);
    }
}

/* A mark that an author put in front of an entry, without a letter or a digit: a star, an arrow, a bullet of his own. */
static struct text behind_mark(struct records *r, struct text t)
{
    struct prefix prefix;
    struct tag tag;
    size_t n = 0;
    if (t.len < 8 || (t.at[0] != '-' && (unsigned char)t.at[0] < 0x80))
        return t;
    while (n < t.len && n < MARK_MOST && !scan_letter(t.at[n]) && !scan_digit(t.at[n]) && !strchr("%*.", t.at[n]))
        n++;
    if (n == 0 || n == t.len || !scan_blank(t.at[n - 1]))
        return t;
    (void)prefix_scan(text_from(t, n), &r->times, &prefix);
    return tag_scan(prefix.rest, &tag) && tag.family != FAMILY_CONTEXT ? text_from(t, n) : t;
}

/* bare: it may go on with the line before it, as what a relay left bare does. */
static void choose_stream(struct records *r, struct line *line, const struct prefix *prefix, bool bare)
{
    struct text host = prefix->host.len ? prefix->host : streams_collected(r, line->host);
    if (!host.len && r->current && bare)
        host = r->current->host;
    struct stream *s = stream_of(r, host);
    if (prefix->host.len && line->host.len)
        stream_collect(r, s, line->host);
}

/* "(27):   SHA256": a continuation that names its context. */
static void of_context(struct records *r, struct line *line, const struct prefix *prefix, const struct tag *tag, unsigned depth)
{
    r->asa = true;
    stream_note_sequence(r, r->current, prefix, line);
    parser_kind(r->parser, INPUT_ASA_DEBUG, r->current->device, line->number);
    if (scan_skip(tag->rest).len == 0)
        parser_count(r->parser, line, LINE_CONTINUATION);
    else
        untagged(r, line, tag->rest, depth);
}

static void take_piece(struct records *r, struct line *line, struct text t, unsigned depth)
{
    struct prefix prefix;
    struct tag tag;
    t = behind_mark(r, t);
    bool has_prefix = prefix_scan(t, &r->times, &prefix);
    choose_stream(r, line, &prefix, depth || !has_prefix);
    if (parser_of_sections(r->parser)) {
        of_section(r, line, t);
        return;
    }
    if (prefix.number.len) {
        tag = (struct tag){ .family = FAMILY_SYSLOG, .kind = INPUT_SYSLOG, .facility = prefix.number, .rest = prefix.rest };
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
        stream_note_sequence(r, r->current, &prefix, line);
        blank_line(r, r->current, line, prefix.rest);
        return;
    }
    bool has_tag = tag_scan(prefix.rest, &tag);
    if (has_tag && !has_prefix && r->parser->sections.reader && text_equal(scan_trim_end(prefix.rest), TEXT("IKEv2:"))) {
        has_tag = false; /* a heading of what a command shows */
        tag.rest = prefix.rest;
    }
    if (has_tag && tag.family != FAMILY_NONE && !is_wanted(r->parser, &tag)) {
        emit_entry(r, r->current);
        r->current->noise = true;
        parser_count(r->parser, line, LINE_NOISE);
        return;
    }
    if (has_tag && tag.family == FAMILY_CONTEXT && !packet_begins(scan_skip(tag.rest)) && !phrase_find(scan_skip(tag.rest))) {
        of_context(r, line, &prefix, &tag, depth);
        return;
    }
    if (has_tag && tag.family == FAMILY_SYSLOG && !phrase_find(syslog_key(&tag, r->line))) {
        if (hides_entry(r, tag.rest))
            return;
        emit_entry(r, r->current); /* some other facility's message */
        r->current->noise = true;
        stream_note_sequence(r, r->current, &prefix, line);
        parser_count(r->parser, line, LINE_NOISE);
        return;
    }
    if (has_tag && tag.family != FAMILY_NONE) {
        tagged(r, line, &prefix, &tag, depth);
    } else if (has_prefix && (prefix.has_time || prefix.relayed)) {
        stamped(r, line, &prefix, tag.rest);
    } else {
        stream_note_sequence(r, r->current, &prefix, line);
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
    const bool same = r->current && !r->parser->forced && !r->parser->slowly && !line->damaged &&
                      (!line->host.len || text_equal(streams_collected(r, line->host), r->current->host));
    if (same && records_usual_line(r, line))
        return;
    if (r->run_lines)
        records_resolve_run(r, true);
    lines_check(&r->parser->lines, line);
    records_line_slowly(r, line);
    records_forget(r);
}

/* What is one line here was several: it ends inside at "#012", as rsyslog writes it, or at an LF that markup left. */
static void take_escaped(struct records *r, struct line *line, struct text t)
{
    unsigned depth = 0;
    bool escaped = scan_has_ends(t);
    for (size_t at; (at = escaped ? text_find(t, TEXT("#012")) : text_find_byte(t, '\n')) != TEXT_NOWHERE; depth = 1) {
        const size_t len = escaped ? 4 : 1;
        struct text piece = scan_trim_end(text_upto(t, at));
        if (piece.len || !depth)
            take_piece(r, line, piece, escaped ? depth : 0);
        while (r->rest_count)
            take_piece(r, line, r->rests[--r->rest_count], 1);
        stream_own(r->current);
        t = text_from(t, at + len);
    }
    if (t.len || !depth)
        take_piece(r, line, t, escaped ? depth : 0);
}

/* How many blanks stand behind what is left of a line. */
static uint8_t blanks_behind(struct text whole, struct text left)
{
    size_t n = 0;
    for (size_t at = left.len; at < whole.len; at++)
        n += whole.at[at] == ' ';
    return n < UINT8_MAX ? (uint8_t)n : UINT8_MAX;
}

void records_line_slowly(struct records *r, struct line *line)
{
    struct parser *p = r->parser;
    struct text t = scan_trim_end(line->text);
    line->blanks = blanks_behind(line->text, t);
    struct stream *s = r->current ? r->current : stream_of(r, TEXT(""));
    if (line->damaged) {
        parser_count(p, line, LINE_UNPARSED);
        input_unparsed(p->model, p->input, line->number, t);
        return;
    }
    if (t.len == 0) {
        blank_line(r, s, line, t);
        return;
    }
    unsigned found = 0;
    if (markup_may_be(t))
        t = markup_strip(t, r->line);
    if (t.len == 0) { /* nothing but a page's tags */
        s->entry.after_blank = true;
        parser_count(p, line, LINE_NOISE);
        return;
    }
    if (line->wide) {
        t = scan_trim_end(translate(t, r->line, &found));
        p->page |= found != 0;
    }
    if (p->anchors)
        t = scan_trim_end(anchors_restore(p->anchors, t, r->line));
    t = line_without_fence(t);
    if (t.at[0] == '>' || t.at[0] == '|' || t.at[t.len - 1] == '|') {
        t = p->sections.reader || stream_partial(s) ? t : line_without_paste(t);
        if (t.len == 0) {
            s->entry.after_blank = true;
            parser_count(p, line, LINE_NOISE);
            return;
        }
    }
    r->rest_count = 0;
    take_escaped(r, line, t);
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
