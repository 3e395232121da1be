/*
 * The short way for the lines that a trace mostly consists of. It does exactly what the long way (records.c) would do: lines
 * of a packet dump wait until their run has ended and are looked up as a whole; what a line says by itself (parser/face.h) is
 * taken at a glance.
 */
#include "base/limits.h"
#include "parser/emit.h"
#include "parser/furniture.h"
#include "parser/glances.h"
#include "parser/records_parts.h"
#include "parser/scan.h"
#include "parser/state.h"

static void own_contents(struct stream *s)
{
    for (unsigned i = 0; i < CONTENT_SLOTS; i++)
        for (struct payload *v = s->contents[i].filled ? s->contents[i].packet.message.payloads : NULL; v; v = v->next)
            v->facts = facts_copy(s->contents[i].packet.arena, v->facts);
}

/* The memory forgets when it is full; what is put aside may point into it, and is made its own first. */
void records_forget(struct records *r)
{
    if (!memo_full(&r->memo))
        return;
    for (size_t i = 0; i < r->stream_count; i++)
        if (r->streams[i]->packet.open || r->streams[i]->parked.open)
            return;
    for (size_t i = 0; i < r->stream_count; i++)
        own_contents(r->streams[i]);
    memo_clear(&r->memo);
}

/* Is there nothing in a line that is to be put right, or taken apart, before it is read? */
static bool is_plain(const struct line *line)
{
    return !line->wide && !line->damaged && line_is_literal(line->text);
}

/* A line of the open packet's dump; what it leaves over is an entry glued to it. False: nothing of it was the packet's. */
static bool read_dump(struct records *r, struct line *line, struct text t, bool *whole)
{
    struct packet *p = &r->current->packet;
    size_t before = p->payload_count;
    t = scan_trim_end(t);
    struct text rest = t;
    *whole = packet_read(p, &rest);
    if (!*whole) {
        if (rest.len == scan_skip(t).len && p->payload_count == before)
            return false;
        r->rest_count = 0;
        records_rest(r, rest);
    }
    dump_add(r->current, line);
    parser_count(r->parser, line, LINE_CONTINUATION);
    if (r->rest_count)
        records_take_rests(r, line);
    return true;
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
        bool clean = false;
        bool same = r->current == s; /* a line that was none of the dump's may be another device's */
        if (!same || !p->open || !is_plain(&line) || !read_dump(r, &line, line.text, &clean))
            records_line_slowly(r, &line);
        /* a run that goes on with another payload's fields means something else behind another one; a line that was not all the
         * packet's may have ended it, and what it held is gone */
        all = all && clean && *tail != NULL;
    }
    if (all && p->open && *tail)
        memo_run_keep(&r->memo, run, p, *tail);
}

/* An indented line of a packet dump waits until the run it belongs to has ended. */
static bool waits(struct records *r, struct line *line)
{
    struct stream *s = r->current;
    struct text t = line->text;
    if (t.len < 2 || t.at[0] != ' ' || t.at[t.len - 1] == ' ' || !s->packet.open || !line->stable || r->asa)
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
    if (!p->open || t.len == 0 || (r->asa && face_has_context(t)))
        return false;
    if (t.at[0] == '*' || t.at[0] == '.' || scan_upper(t.at[0])) {
        size_t skip = r->times.len;
        if (t.at[0] == 'P' || t.at[0] == 'I') {
            if (!text_starts(t, TEXT("Payload contents:")) && !text_starts(t, TEXT("Initiator SPI :")) &&
                !text_starts(t, TEXT("IKEv2 ")))
                return false;
        } else {
            if (skip == 0 || t.len <= skip || memcmp(t.at, r->times.at, skip) != 0 || (!line->host.len && !records_stay(r)))
                return false;
            t = text_from(t, skip);
            if (t.len < 4 || t.at[0] != ' ' || t.at[1] != ' ') { /* two blanks: a field with a time of its own */
                t = scan_skip(t);
                if (p->contents || !text_starts(t, TEXT("IKEv2:Parse ")))
                    return false;
                t = text_from(t, 6);
            }
        }
    } else if (t.at[0] != ' ' || scan_trim_end(t).len == 0) {
        return false;
    }
    bool whole;
    return read_dump(r, line, t, &whole);
}

static void take_entry(struct records *r, struct line *line, const struct face *f)
{
    struct parser *p = r->parser;
    struct stream *s = r->current;
    const struct tag tag = tag_from_debug(&f->tag);
    dump_give_way(r, s, &tag);
    struct entry *e = &s->entry;
    s->noise = false;
    e->open = true;
    e->owned = e->after_blank = e->policies = e->listing = e->indented = false;
    e->settled = f->settled;
    e->torn = f->torn;
    e->phrase = f->phrase;
    e->guess = (enum event_code)f->guess;
    e->guess_kind = (enum event_kind)f->guess_kind;
    e->number[0] = 0;
    e->text = f->text;
    e->width = line->text.len;
    e->origin.tag = tag;
    e->origin.time = f->time;
    e->origin.line = line->number;
    e->origin.last_line = line_last(line);
    e->origin.lines = 1 + line->more;
    r->asa |= e->origin.tag.family == FAMILY_ASA;
    parser_kind(p, (enum input_kind)e->origin.tag.kind, s->device, line->number);
    parser_count(p, line, LINE_EVENT);
    if (f->contents) {
        const struct prefix prefix = { .time = f->time, .has_time = f->time.kind != STAMP_NONE };
        emit_entry(r, s);
        dump_begin(s, &tag, &prefix, line, true);
    } else if (!line->stable) {
        stream_own(s);
    }
}

/* What all lines of a packet have in common is settled by its first. */
static void begin_packet(struct records *r, struct line *line, const struct face *f)
{
    struct stream *s = r->current;
    const struct prefix prefix = { .time = f->time, .has_time = f->time.kind != STAMP_NONE };
    const struct tag tag = tag_from_debug(&f->tag);
    s->noise = false;
    r->asa |= tag.family == FAMILY_ASA;
    parser_kind(r->parser, (enum input_kind)tag.kind, s->device, line->number);
    dump_makes_way(r, s, &tag);
    dump_begin(s, &tag, &prefix, line, false);
    parser_count(r->parser, line, LINE_EVENT);
}

static void take_packet(struct records *r, struct line *line, const struct face *f)
{
    struct text text = f->text;
    begin_packet(r, line, f);
    packet_read(&r->current->packet, &text);
}

/* The line that clear contents begin with. False: something else may lay claim to it. */
static bool begin_contents(struct records *r, struct line *line)
{
    const struct relayed *relayed = line->relayed;
    const struct prefix prefix = { .time = relayed ? relayed->time : (struct stamp){ 0 }, .has_time = relayed };
    struct stream *s = r->current;
    const struct packet *p = &s->packet;
    if (p->open && (!p->contents || p->list || p->payload_count)) /* an entry may have begun them */
        return false;
    if (!p->open && !s->entry.open)
        return false;
    if (!p->open)
        dump_begin_contents(r, s, line, &prefix);
    else
        dump_add(s, line);
    parser_count(r->parser, line, LINE_CONTINUATION);
    return true;
}

/* Without a time or tag of its own, a line's host may be no host's name, and its number none. */
static bool may_be_contents(const struct records *r, const struct relayed *relayed)
{
    return text_equal(relayed->host, r->current->host) &&
           (relayed->hosted || !relayed->has_sequence || prefix_goes_on(&r->times, relayed->sequence));
}

bool records_usual_sheet(struct records *r, struct line *line, const struct sheet *sheet)
{
    struct parser *p = r->parser;
    const struct face *f = line->face;
    const struct relayed *relayed = line->relayed;
    if (r->run_lines) /* they are of the stream at hand, which the sheet may not be of */
        records_resolve_run(r, true);
    if ((r->asa && !sheet->asa) || r->wrap || p->page || !r->current ||
        !(relayed ? records_knows_relayed(r, relayed, line->host) : records_stay_with(r, line->host)))
        return false;
    if (relayed && sheet->packet.contents && !may_be_contents(r, relayed))
        return false;
    if (relayed)
        stream_relayed(r, relayed, line);
    struct stream *s = r->current;
    if (p->sections.reader || p->sections.foreign)
        return false;
    if (sheet->packet.contents) {
        const bool of_asa = p->part_first && p->part_kind == INPUT_ASA_DEBUG && p->part_device == s->device;
        if (r->asa != sheet->asa || (sheet->entries && !of_asa) || !begin_contents(r, line))
            return false;
    } else {
        const struct tag tag = tag_from_debug(&f->tag);
        if (s->packet.open && packet_takes_entry(&s->packet, f->text))
            return false;
        if (s->parked.open || dump_waits(s, &tag)) /* what is decrypted may be the other's */
            return false;
        begin_packet(r, line, f);
    }
    packet_become(&s->packet, &sheet->packet);
    if (sheet->has_sa_id && !s->origin.tag.has_sa_id) {
        s->origin.tag.has_sa_id = true;
        s->origin.tag.sa_id = sheet->sa_id;
    }
    if (relayed)
        stream_relayed_upto(r, relayed, sheet->lines);
    s->origin.lines += sheet->parts;
    s->origin.last_line += sheet->last_part;
    s->entry.after_blank |= sheet->blank != 0;
    p->kinds[sheet->asa ? INPUT_ASA_DEBUG : s->origin.tag.kind] += sheet->entries;
    p->counts[LINE_CONTINUATION] += sheet->lines - sheet->blank;
    p->counts[LINE_BLANK] += sheet->blank;
    if (p->part_first)
        p->part_last = line->number + sheet->last_said;
    return true;
}

static void take_transition(struct records *r, struct line *line, const struct face *f)
{
    struct parser *p = r->parser;
    struct stream *s = r->current;
    const struct tag tag = tag_from_debug(&f->tag);
    dump_give_way(r, s, &tag);
    s->noise = false;
    parser_kind(p, (enum input_kind)tag.kind, s->device, line->number);
    emit_face(r, s, f, line->number, 1 + line->more);
    parser_count(p, line, LINE_EVENT);
}

/* A line that the open dump goes on with. */
static bool take_part(struct records *r, struct line *line, const struct face *f)
{
    struct stream *s = r->current;
    const struct tag tag = tag_from_debug(&f->tag);
    struct text text = f->text;
    r->asa |= tag.family == FAMILY_ASA;
    if (!dump_takes_entry(r, s, &tag, &text, line))
        return false;
    s->noise = false;
    parser_kind(r->parser, (enum input_kind)tag.kind, s->device, line->number);
    parser_count(r->parser, line, LINE_CONTINUATION);
    return true;
}

/* A line that was not read ahead. */
static bool glance_in_turn(struct records *r, const struct line *line, struct face *face, struct relayed *relayed)
{
    if (!r->faces)
        r->faces = r->own_faces = memory_take(sizeof *r->faces);
    if (r->in_turn++ % GLANCES_MOST == 0)
        relayed_begin(&r->faces->relays);
    return glance_read(r->faces, scan_trim_end(line->text), face, relayed);
}

/* A line that says all by itself. */
static bool at_a_glance(struct records *r, struct line *line)
{
    struct face own;
    struct relayed head;
    const struct face *f = line->face;
    const struct relayed *relayed = line->relayed;
    if (r->parser->page || (r->wrap && line->text.len == r->wrap))
        return false;
    if (!f) {
        relayed = glance_in_turn(r, line, &own, &head) ? &head : NULL;
        f = &own;
    }
    if (f->kind == FACE_UNREAD)
        return false;
    if (relayed && !records_knows_relayed(r, relayed, line->host))
        return false;
    if (relayed)
        stream_relayed(r, relayed, line);
    else if (f->time.kind != STAMP_NONE && !line->host.len && !records_stay(r))
        return false;
    if (f->of_dump && r->current->packet.open && take_part(r, line, f))
        return true;
    if (f->kind == FACE_TRANSITION)
        take_transition(r, line, f);
    else if (f->kind == FACE_ENTRY)
        take_entry(r, line, f);
    else if (f->kind == FACE_PACKET)
        take_packet(r, line, f);
    return true;
}

/* The lines that a trace mostly consists of: those of a packet dump, the state machine's, and messages that stand alone. */
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
    if (line->text.len == 0) {
        s->entry.after_blank = true;
        parser_count(p, line, LINE_BLANK);
        return true;
    }
    if (at_a_glance(r, line))
        return true;
    lines_check(&p->lines, line);
    return s->packet.open && is_plain(line) && dump_line(r, line);
}
