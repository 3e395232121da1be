#include "parser/sheet.h"

#include "base/arena.h"
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
}

/* A line without a tag. False: it is not the packet's, or not all of it is. */
static bool take_bare(struct sheet *sheet, struct text line)
{
    return text_is_plain(line) && scan_skip(line).len && packet_read(&sheet->packet, &line);
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
    return f->of_dump && (f->kind == FACE_ENTRY || f->kind == FACE_PACKET) && tag.family == begun.family &&
           tag.kind == begun.kind && packet_takes_entry(&sheet->packet, f->text) && !(tag.packet && tags_differ(&tag, &begun));
}

static void take_entry(struct sheet *sheet, const struct face *f)
{
    const struct tag tag = tag_from_debug(&f->tag);
    struct text text = f->text;
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

static bool read_lines(struct sheets *s, struct sheet *sheet, const struct face *first, struct text behind,
                       struct face_memo *faces, struct face *next, bool *faced)
{
    struct text line, field;
    size_t whole;
    for (struct text left = behind; cut_line(left, &line, &whole); left = text_from(behind, sheet->text.len)) {
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
        face_read(faces, scan_trim_end(line), next);
        if (next->kind == FACE_UNREAD && is_dump(line)) {
            go_on(sheet, whole, 1);
            if (!take_bare(sheet, line))
                return false;
        } else if (next->kind == FACE_UNREAD && sheet->packet.list && face_field(faces, line, &field)) {
            go_on(sheet, whole, 1);
            if (!take_bare(sheet, field))
                return false;
        } else if (takes_entry(sheet, first, next)) {
            go_on(sheet, whole, 1);
            take_entry(sheet, next);
        } else {
            *faced = true;
            return true;
        }
    }
    return true;
}

/* text: what the packet's first line says; first: its face, or NULL of contents. */
static struct sheet *read_sheet(struct sheets *s, struct text text, const struct face *first, struct text behind,
                                struct face_memo *faces, struct face *next, bool *faced)
{
    struct sheet *sheet = arena_new(s->arena, struct sheet);
    struct packet *p = &sheet->packet;
    sheet->text = text_upto(behind, 0);
    packet_begin_in(p, s->arena);
    p->contents = !first;
    p->octets = s->octets;
    p->octet_room = s->octet_room;
    packet_read(p, &text);
    bool ok = read_lines(s, sheet, first, behind, faces, next, faced) && sheet->lines && !p->octet_count;
    s->octets = p->octets;
    s->octet_room = p->octet_room;
    p->octets = NULL;
    if (ok && first)
        packet_digest(p);
    *faced &= ok || !sheet->lines;
    return ok ? sheet : NULL;
}

struct sheet *sheet_read(struct sheets *s, const struct face *first, struct text behind, struct face_memo *faces,
                         struct face *next, bool *faced)
{
    *faced = false;
    if (tag_from_debug(&first->tag).family != FAMILY_IOS)
        return NULL;
    return read_sheet(s, first->text, first, behind, faces, next, faced);
}

bool sheet_begins_contents(struct text line)
{
    static const char begins[] = "Payload contents:";
    return line.len >= sizeof begins - 1 && line.at[0] == begins[0] && text_equal(scan_trim_end(line), TEXT("Payload contents:"));
}

struct sheet *sheet_contents(struct sheets *s, struct text line, struct text behind, struct face_memo *faces, struct face *next,
                             bool *faced)
{
    *faced = false;
    return read_sheet(s, line, NULL, behind, faces, next, faced);
}
