/*
 * The short way for the lines that a trace mostly consists of. It does exactly what the long way (records.c) would do: lines
 * of a packet dump wait until their run has ended and are looked up as a whole; transitions that begin as the last one did,
 * and entries seen before, are recognised by their octets.
 */
#include "base/limits.h"
#include "parser/emit.h"
#include "parser/records_parts.h"
#include "parser/scan.h"
#include "parser/state.h"

/* The memory forgets when it is full; what is put aside may point into it, and is made its own first. */
void records_forget(struct records *r)
{
    struct stream *s = r->current;
    if (!memo_full(&r->memo) || r->stream_count != 1 || s->packet.open || s->entry.memo)
        return;
    for (unsigned i = 0; i < CONTENT_SLOTS; i++)
        for (struct payload *v = s->contents[i].filled ? s->contents[i].packet.message.payloads : NULL; v; v = v->next)
            v->facts = facts_copy(s->contents[i].packet.arena, v->facts);
    memo_clear(&r->memo);
}

/* Lines of a dump that wait are read: at once where their like is known, else one by one. whole: the run has ended; else only
 * the block did, and what follows may go on with its last payload. */
void records_resolve_run(struct records *r, bool whole)
{
    if (!r->run_lines)
        return;
    struct stream *s = r->current;
    struct text run = r->run, rest = run, text;
    uint32_t number = r->run_first, lines = r->run_lines;
    r->run_lines = 0;
    struct packet *p = &s->packet;
    if (whole && memo_run_append(&r->memo, run, p)) {
        s->origin.lines += lines;
        s->origin.last_line = number + lines - 1;
        r->parser->counts[LINE_CONTINUATION] += lines;
        if (r->parser->part_first)
            r->parser->part_last = s->origin.last_line;
        return;
    }
    struct payload **tail = p->tail;
    bool all = whole;
    for (uint32_t i = 0; i < lines && text_cut(&rest, '\n', &text); i++) {
        while (text.len && text.at[text.len - 1] == '\r')
            text.len--;
        struct line line = { .text = text, .number = number + i, .stable = true };
        lines_check(&r->parser->lines, &line);
        all &= line.stable;
        struct text left = line.text;
        if (p->open && !line.wide && !line.damaged && packet_read(p, &left)) {
            stream_packet_line(s, &line);
            parser_count(r->parser, &line, LINE_CONTINUATION);
        } else {
            all = false;
            records_line_slowly(r, &line);
        }
    }
    if (all && p->open && *tail)
        memo_run_keep(&r->memo, run, p, *tail);
}

/* An indented line of a packet dump waits until the run it belongs to has ended. */
static bool waits(struct records *r, struct line *line)
{
    struct stream *s = r->current;
    struct text t = line->text;
    if (t.len < 2 || t.at[0] != ' ' || t.at[t.len - 1] == ' ' || !s->packet.open || !line->stable || r->asa ||
        r->stream_count != 1)
        return false;
    if (r->run_lines) {
        if (t.at != r->run.at + r->run.len + 1 || r->run.len + t.len + 1 > MEMO_RUN_MOST)
            return false;
        r->run.len += t.len + 1;
        r->run_lines++;
        return true;
    }
    if (t.at[1] < 'A' || t.at[1] > 'Z' || !s->packet.list)
        return false;
    r->run = t;
    r->run_first = line->number;
    r->run_lines = 1;
    return true;
}

/* A line of an IOS packet dump that does not wait: a field on its own, "Payload contents:", "Parse … Payload". */
static bool dump_line(struct records *r, struct line *line)
{
    struct stream *s = r->current;
    struct packet *p = &s->packet;
    struct text t = line->text;
    if (!p->open || r->asa || r->stream_count != 1 || t.len < 8)
        return false;
    if (t.at[0] == '*' || t.at[0] == '.' || scan_upper(t.at[0])) {
        size_t skip = r->times.len;
        if (t.at[0] == 'P') {
            if (!text_starts(t, TEXT("Payload contents:")))
                return false;
        } else {
            if (skip == 0 || t.len <= skip || memcmp(t.at, r->times.at, skip) != 0)
                return false;
            t = text_from(t, skip);
            if (t.len < 4 || t.at[0] != ' ' || t.at[1] != ' ') { /* two blanks: a field with a time of its own */
                t = scan_skip(t);
                if (p->contents || !text_starts(t, TEXT("IKEv2:Parse ")))
                    return false;
                t = text_from(t, 6);
            }
        }
    } else if (t.at[0] != ' ' || scan_skip(t).len == 0) {
        return false;
    }
    size_t before = p->payload_count;
    struct text rest = t;
    if (!packet_read(p, &rest)) {
        if (rest.len == scan_skip(t).len && p->payload_count == before)
            return false;
        r->rest_count = 0;
        records_rest(r, rest);
    }
    stream_packet_line(s, line);
    parser_count(r->parser, line, LINE_CONTINUATION);
    if (r->rest_count)
        records_take_rests(r, line);
    return true;
}

/* What stands behind a line's time, and that time: mostly the same as the line before had. False: some other prefix. */
static bool behind_time(struct records *r, const struct line *line, struct text *behind, struct stamp *time)
{
    struct text t = line->text;
    size_t skip = r->times.len;
    if (skip && t.len > skip && memcmp(t.at, r->times.at, skip) == 0) {
        *behind = scan_skip(text_from(t, skip));
        *time = r->times.time;
        return true;
    }
    if (t.len < 8)
        return false;
    if (t.at[0] == 'I') {
        *behind = t;
        *time = (struct stamp){ 0 };
        return true;
    }
    struct prefix prefix;
    if ((t.at[0] != '*' && t.at[0] != '.' && (!scan_upper(t.at[0]) || !stamp_month(t))) || !prefix_scan(t, &r->times, &prefix) ||
        !prefix.has_time || prefix.has_sequence || prefix.relayed || prefix.host.len || prefix.columns)
        return false;
    *behind = prefix.rest;
    *time = prefix.time;
    return true;
}

/* An entry whose like was seen before. */
static bool known_entry(struct records *r, struct line *line, struct text behind, const struct stamp *time)
{
    struct parser *p = r->parser;
    struct stream *s = r->current;
    if (!line->stable || r->asa || r->stream_count != 1)
        return false;
    struct text t = scan_trim_end(behind);
    const struct memo_entry *known = memo_entry_find(&r->memo, t);
    if (!known || (s->entry.open && s->entry.policies)) /* policies are compared over several entries */
        return false;
    if (s->entry.open || s->packet.open)
        stream_flush(r, s);
    struct entry *e = &s->entry;
    s->noise = false;
    e->open = true;
    e->owned = e->after_blank = e->policies = e->listing = e->indented = false;
    e->memo = known;
    e->whole.len = 0;
    e->number[0] = 0;
    e->text = text_from(t, known->text_at);
    e->origin.tag = known->tag;
    e->origin.time = *time;
    e->origin.line = line->number;
    e->origin.last_line = line_last(line);
    e->origin.lines = 1 + line->more;
    parser_kind(p, (enum input_kind)known->tag.kind, s->device, line->number);
    parser_count(p, line, LINE_EVENT);
    return true;
}

/* A state-machine line that differs from the last one in its state and event only. */
static bool known_transition(struct records *r, struct line *line, struct text behind, const struct stamp *time)
{
    struct parser *p = r->parser;
    struct stream *s = r->current;
    const char *state, *event;
    if (!transition_again(&r->again, behind, &r->names, &p->model->names, &state, &event))
        return false;
    if (s->entry.open || s->packet.open)
        stream_flush(r, s);
    s->noise = false;
    parser_kind(p, (enum input_kind)r->again_origin.tag.kind, s->device, line->number);
    r->again_origin.line = line->number;
    r->again_origin.last_line = line_last(line);
    r->again_origin.lines = 1 + line->more;
    r->again_origin.time = *time;
    emit_transition(r, s, &r->again_origin, &r->again.line, state, event, text_from(behind, r->again_start));
    parser_count(p, line, LINE_EVENT);
    return true;
}

/* The lines that a trace mostly consists of: those of a packet dump, those that begin as the last transition did, and
 * entries seen before. What is compared as a whole with what was read before needs no look at its octets. */
bool records_usual_line(struct records *r, struct line *line)
{
    struct parser *p = r->parser;
    struct stream *s = r->current;
    if (waits(r, line))
        return true;
    if (r->run_lines)
        records_resolve_run(r, true);
    if (p->sections.reader || p->sections.foreign)
        return false;
    struct text behind;
    struct stamp time;
    if (r->stream_count == 1 && behind_time(r, line, &behind, &time) &&
        (known_transition(r, line, behind, &time) || known_entry(r, line, behind, &time)))
        return true;
    lines_check(&p->lines, line);
    return !line->wide && !line->damaged && s->packet.open && dump_line(r, line);
}
