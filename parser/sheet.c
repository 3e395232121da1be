#include "parser/sheet.h"

#include "base/arena.h"
#include "parser/furniture.h"
#include "parser/scan.h"

void sheets_reset(struct sheets *s)
{
    if (!s->arena)
        s->arena = arena_create();
    arena_reset(s->arena);
    if (memo_full(&s->memo))
        memo_clear(&s->memo);
}

void sheets_clear(struct sheets *s)
{
    arena_destroy(s->arena);
    memo_clear(&s->memo);
    memory_free(s->octets);
    *s = (struct sheets){ .arena = NULL };
}

/* A line up to its LF, which is there; *whole is how many octets that is with it. */
static bool cut_line(struct text left, struct text *line, size_t *whole)
{
    const char *lf = left.len ? memchr(left.at, '\n', left.len) : NULL;
    if (!lf)
        return false;
    *whole = (size_t)(lf - left.at) + 1;
    *line = text_upto(left, *whole - 1);
    while (line->len && line->at[line->len - 1] == '\r')
        line->len--;
    return true;
}

static void go_on(struct sheet *sheet, size_t octets, uint32_t lines)
{
    sheet->text.len += octets;
    sheet->lines += lines;
    sheet->parts += lines;
    sheet->last_part = sheet->last_said = sheet->lines;
}

/* A line that goes on with the packet, but says nothing of it. */
static void go_over(struct sheet *sheet, size_t octets, bool blank)
{
    sheet->text.len += octets;
    sheet->lines++;
    sheet->blank += blank;
    if (!blank)
        sheet->last_said = sheet->lines;
}

static bool is_blank(struct text t)
{
    return scan_skip(t).len == 0;
}

/* A line without a tag. False: it is not the packet's, or not all of it is. */
static bool take_bare(struct sheet *sheet, struct text line)
{
    line = scan_trim_end(line);
    return text_is_plain(line) && line_is_literal(line) && !is_blank(line) && packet_read(&sheet->packet, &line);
}

static bool runs(struct text line)
{
    return line.len >= 2 && line.at[0] == ' ' && line.at[line.len - 1] != ' ';
}

/* Indented lines up to one that is not. */
struct run {
    struct text text; /* without the last LF */
    uint32_t lines;
    bool ended; /* else the block ended within it */
};

static struct run run_at(struct text left)
{
    struct run run = { .lines = 0 };
    struct text line;
    size_t len = 0, whole;
    while (!run.ended && cut_line(text_from(left, len), &line, &whole)) {
        run.ended = !runs(line);
        if (!run.ended) {
            len += whole;
            run.lines++;
        }
    }
    run.text = text_upto(left, len - 1);
    return run;
}

/* The payloads that a run of lines is, at once where its like is known. False: not all of them are the packet's. */
static bool take_run(struct sheets *s, struct sheet *sheet, struct text left)
{
    struct packet *p = &sheet->packet;
    const struct run run = run_at(left);
    struct text line;
    size_t whole;
    go_on(sheet, run.text.len + 1, run.lines);
    if (run.ended && memo_run_append(&s->memo, run.text, p))
        return true;
    struct payload **tail = p->tail;
    bool begun = run.ended; /* a run that goes on with another payload's fields means something else behind another one */
    for (uint32_t i = 0; i < run.lines && cut_line(left, &line, &whole); i++, left = text_from(left, whole)) {
        if (!take_bare(sheet, line))
            return false;
        begun &= *tail != NULL;
    }
    if (begun)
        memo_run_keep(&s->memo, run.text, p, *tail);
    return true;
}

static bool begins_run(const struct sheet *sheet, struct text line)
{
    return runs(line) && scan_upper(line.at[1]) && sheet->packet.list;
}

/* An entry that the dump goes on with. Contents have no tag to compare it with. */
static bool takes_entry(const struct sheet *sheet, const struct face *first, const struct face *f)
{
    if (!first)
        return false;
    const struct tag tag = tag_from_debug(&f->tag), begun = tag_from_debug(&first->tag);
    const struct packet *p = &sheet->packet;
    if (!f->of_dump || (f->kind != FACE_ENTRY && f->kind != FACE_PACKET) || tag.family != begun.family ||
        tag.kind != begun.kind || p->traced)
        return false;
    return sheet->asa && packet_has_between(p, f->text)
               ? true
               : packet_takes_entry(p, f->text) && !(tag.packet && tags_differ(&tag, &begun));
}

static void take_entry(struct sheet *sheet, const struct face *f)
{
    const struct tag tag = tag_from_debug(&f->tag);
    struct text text = sheet->asa && packet_has_between(&sheet->packet, f->text) ? TEXT("") : f->text;
    sheet->entries++;
    if (tag.has_sa_id && !sheet->has_sa_id) {
        sheet->has_sa_id = true;
        sheet->sa_id = tag.sa_id;
    }
    packet_read(&sheet->packet, &text);
}

static bool is_dump(struct text line)
{
    return text_starts(line, TEXT("Payload contents:")) || text_starts(line, TEXT("Initiator SPI :")) ||
           text_starts(line, TEXT("IKEv2 "));
}

/* An entry of an ASA's with contexts in it, or glued to a packet's line: the rest of its header. */
static bool take_tagged(struct sheets *s, struct sheet *sheet, const struct face *first, struct text t)
{
    struct face f = { .kind = FACE_PACKET, .of_dump = true };
    const size_t n = tag_usual(t, &f.tag);
    const struct text text = text_from(t, n);
    if (!n || tag_glued(text) != TEXT_NOWHERE)
        return false;
    f.text = tag_without_contexts(text, s->arena);
    if (!takes_entry(sheet, first, &f))
        return false;
    take_entry(sheet, &f);
    return true;
}

/* A line of an ASA's without a tag, or what stands behind its context. */
static bool take_asa(struct sheets *s, struct sheet *sheet, const struct face *first, struct text line)
{
    struct text rest = tag_without_contexts(line, s->arena);
    const size_t before = scan_skip(rest).len;
    return packet_read(&sheet->packet, &rest) || (rest.len < before && take_tagged(s, sheet, first, scan_skip(rest)));
}

/* Does a line of an ASA's say by itself what it is, where the long way looks for more than the packet's lines? */
static bool is_settled(struct text line, struct text said)
{
    const struct phrase *phrase;
    return text_is_plain(line) && line_is_literal(line) && !packet_begins(said) && phrase_settled(said, &phrase) && !phrase;
}

enum taken { TAKEN, NOT_TAKEN /* the sheet ends before it */, TORN /* something else lays claim to it */ };

/* Could an indented line be one of another kind, or its time? */
static bool hides_head(struct text line)
{
    const struct text head = scan_skip(line);
    return head.at[0] == '%' || head.at[0] == '*' || head.at[0] == '.' || stamp_month(head) || text_starts(head, TEXT("IKEv2"));
}

/* "(27):  SA(27):   Next payload: KE, reserved: 0x0, length: 44", or the same without the first context. */
static enum taken take_context(struct sheets *s, struct sheet *sheet, const struct face *first, struct text whole, size_t octets)
{
    const struct text line = scan_trim_end(whole);
    struct tag tag = { .rest = line };
    const bool tagged = line.at[0] == '(';
    if ((line.at[0] == ' ' && hides_head(line)) || (tagged && !(tag_scan(line, &tag) && tag.family == FAMILY_CONTEXT)) ||
        !is_settled(line, scan_skip(tag.rest)))
        return NOT_TAKEN;
    sheet->entries += tagged;
    if (is_blank(tag.rest)) {
        go_over(sheet, octets, false);
        return TAKEN;
    }
    go_on(sheet, octets, 1);
    return take_asa(s, sheet, first, tag.rest) ? TAKEN : TORN;
}

/* What an ASA does not indent. */
static bool is_at_margin(struct text line)
{
    return text_starts(line, TEXT("Decrypted packet:")) || text_starts(line, TEXT("Auth data:"));
}

/* A line of an ASA's dump that no face can be of. */
static enum taken take_line_of_asa(struct sheets *s, struct sheet *sheet, const struct face *first, struct text line,
                                   size_t octets)
{
    if (is_blank(line)) {
        go_over(sheet, octets, true);
        return TAKEN;
    }
    const bool context = face_has_context(line);
    if (line.at[0] == '(' || context || is_at_margin(line))
        return take_context(s, sheet, first, line, octets);
    line = scan_trim_end(line);
    if (!text_is_plain(line) || !line_is_literal(line))
        return NOT_TAKEN;
    go_on(sheet, octets, 1);
    return take_asa(s, sheet, first, line) ? TAKEN : TORN;
}

/* An entry that has no face for the contexts in it. */
static bool may_be_tagged(struct text line)
{
    return line.at[0] == 'I' && face_has_context(text_from(line, 20)) && is_settled(scan_trim_end(line), TEXT(""));
}

/* An ASA's dump has blank lines and contexts in it. */
static bool read_lines_of_asa(struct sheets *s, struct sheet *sheet, const struct face *first, struct behind *behind)
{
    struct face *next = behind->next;
    struct text line;
    size_t octets;
    for (struct text left = behind->text; cut_line(left, &line, &octets); left = text_from(behind->text, sheet->text.len)) {
        if (is_blank(line) || line.at[0] == ' ' || line.at[0] == '(' || is_dump(line) || is_at_margin(line)) {
            const enum taken taken = take_line_of_asa(s, sheet, first, line, octets);
            if (taken != TAKEN)
                return taken == NOT_TAKEN;
            continue;
        }
        face_read(behind->faces, scan_trim_end(line), next);
        if (takes_entry(sheet, first, next)) {
            take_entry(sheet, next);
        } else if (next->kind != FACE_UNREAD || !may_be_tagged(line) || !take_tagged(s, sheet, first, scan_trim_end(line))) {
            behind->faced = true;
            return true;
        }
        go_on(sheet, octets, 1);
    }
    return true;
}

static bool read_lines(struct sheets *s, struct sheet *sheet, const struct face *first, struct behind *behind)
{
    struct face *next = behind->next;
    struct text line, field;
    size_t whole;
    for (struct text left = behind->text; cut_line(left, &line, &whole); left = text_from(behind->text, sheet->text.len)) {
        if (begins_run(sheet, line)) {
            if (!take_run(s, sheet, left))
                return false;
            continue;
        }
        if (line.len && line.at[0] == ' ') {
            go_on(sheet, whole, 1);
            if (!take_bare(sheet, line))
                return false;
            continue;
        }
        face_read(behind->faces, scan_trim_end(line), next);
        if (next->kind == FACE_UNREAD && is_dump(line)) {
            go_on(sheet, whole, 1);
            if (!take_bare(sheet, line))
                return false;
        } else if (next->kind == FACE_UNREAD && sheet->packet.list && face_field(behind->faces, line, &field)) {
            go_on(sheet, whole, 1);
            if (!take_bare(sheet, field))
                return false;
        } else if (takes_entry(sheet, first, next)) {
            go_on(sheet, whole, 1);
            take_entry(sheet, next);
        } else {
            behind->faced = true;
            return true;
        }
    }
    return true;
}

/* text: what the packet's first line says; first: its face, or NULL of contents. */
static struct sheet *read_sheet(struct sheets *s, struct text text, const struct face *first, bool asa, struct behind *behind)
{
    struct sheet *sheet = arena_new(s->arena, struct sheet);
    struct packet *p = &sheet->packet;
    sheet->text = text_upto(behind->text, 0);
    sheet->asa = asa;
    packet_begin_in(p, s->arena);
    p->contents = !first;
    p->octets = s->octets;
    p->octet_room = s->octet_room;
    packet_read(p, &text);
    bool ok = (asa ? read_lines_of_asa : read_lines)(s, sheet, first, behind) && sheet->lines;
    s->gone = sheet->text.len;
    s->octets = p->octets;
    s->octet_room = p->octet_room;
    p->octets = NULL;
    if (ok && p->octet_count) {
        p->octets = arena_take(s->arena, p->octet_count);
        memcpy(p->octets, s->octets, p->octet_count);
    } else if (ok && first) {
        packet_digest(p);
    }
    behind->faced &= ok || !sheet->lines;
    return ok ? sheet : NULL;
}

struct sheet *sheet_read(struct sheets *s, const struct face *first, struct behind *behind)
{
    behind->faced = false;
    return read_sheet(s, first->text, first, tag_from_debug(&first->tag).family == FAMILY_ASA, behind);
}

bool sheet_begins_contents(struct text line)
{
    static const char begins[] = "Payload contents:";
    return line.len >= sizeof begins - 1 && line.at[0] == begins[0] && text_equal(scan_trim_end(line), TEXT("Payload contents:"));
}

struct sheet *sheet_contents(struct sheets *s, struct text line, bool asa, struct behind *behind)
{
    behind->faced = false;
    return read_sheet(s, line, NULL, asa, behind);
}
