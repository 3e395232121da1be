#include "parser/glances.h"

#include "parser/scan.h"

enum { RELAYED_DUMP = 96 }; /* lines of a relay that are taken for a packet's dump at once */

bool glance_read(struct face_memo *memo, struct text line, struct face *f, struct relayed *relayed)
{
    struct relayed_memo *relays = &memo->relays;
    struct text own;
    if (!relays->host_at) {
        face_read(memo, line, f);
        if (f->kind != FACE_UNREAD || !relays->tries)
            return false;
        relays->tries--;
    }
    if (!relayed_read(relays, line, relayed, &own) &&
        !(relayed_learn(relays, line) && relayed_read(relays, line, relayed, &own))) {
        if (relays->host_at)
            face_read(memo, line, f);
        return false;
    }
    face_read(memo, own, f);
    if (f->kind == FACE_ENTRY && !f->text.len) /* behind a relay's head, that is no message */
        f->kind = FACE_UNREAD;
    if (f->kind == FACE_UNREAD && !sheet_begins_contents(own))
        return false;
    if (f->time.kind == STAMP_NONE)
        f->time = relayed->time;
    return relays->met = true;
}

/* Do these lines come one behind the other from one device? */
static bool follows(const struct relayed *first, const struct relayed *r, uint32_t lines)
{
    return text_equal(r->host, first->host) && r->has_sequence == first->has_sequence &&
           (!r->has_sequence || r->sequence == first->sequence + lines);
}

/* The lines behind a relayed one as their device printed them. */
static struct text without_heads(struct glances *g, const struct relayed *first, struct text behind, struct face_memo *memo)
{
    char *const out = g->own + g->own_len;
    struct text line, own;
    struct relayed r;
    size_t len = 0;
    for (uint32_t lines = 1; lines < RELAYED_DUMP; lines++) {
        const char *lf = behind.len ? memchr(behind.at, '\n', behind.len) : NULL;
        if (!lf)
            break;
        line = text_over(behind.at, (size_t)(lf - behind.at));
        behind = text_from(behind, line.len + 1);
        if (!relayed_read(&memo->relays, line, &r, &own) || !follows(first, &r, lines) || scan_has_ends(own) ||
            !scan_skip(own).len)
            break;
        memcpy(out + len, own.at, own.len);
        len += own.len;
        out[len++] = '\n';
        if (text_has(text_upto(own, 120), TEXT("SM Trace->")))
            break;
    }
    return text_over(out, len);
}

/* So many lines of a text, with their ends. */
static struct text lines_of(struct text t, uint32_t lines)
{
    size_t len = 0;
    while (lines--)
        len = (size_t)((const char *)memchr(t.at + len, '\n', t.len - len) - t.at) + 1;
    return text_upto(t, len);
}

/* A packet that begins with this line. *faced: the next line's face was read. */
static const struct sheet *read_sheet(struct glances *g, struct glance *l, struct text lines, struct face_memo *memo, bool *faced)
{
    const bool packet = l->face.kind == FACE_PACKET;
    if (g->lost && l->text.at < g->lost) /* each of its lines may begin one, which would come to nothing as late */
        return NULL;
    if (!packet && (l->face.kind != FACE_UNREAD || g->count < 2 || (l->parcel && l->parcel != l[-1].parcel)))
        return NULL;
    const struct glance *before = packet ? NULL : l - 1;
    const bool context = before && before->face.kind == FACE_UNREAD && text_starts(before->text, TEXT("(")); /* "(27): " of ASA */
    if (before && before->face.kind != FACE_ENTRY && !context)
        return NULL;
    const struct relayed *relayed = l->relayed;
    struct text own = relayed ? text_from(l->text, relayed->len) : l->text;
    if (!packet && !sheet_begins_contents(own))
        return NULL;
    struct behind behind = { relayed ? without_heads(g, relayed, lines, memo) : lines, memo, &l[1].face, false };
    const bool asa = before && (context || tag_from_debug(&before->face.tag).family == FAMILY_ASA);
    struct sheet *sheet = packet ? sheet_read(&g->sheets, &l->face, &behind) : sheet_contents(&g->sheets, own, asa, &behind);
    if (!sheet && !relayed)
        g->lost = lines.at + g->sheets.gone;
    if (sheet && relayed) {
        g->own_len += sheet->text.len;
        sheet->text = lines_of(lines, sheet->lines);
    }
    *faced = behind.faced && !relayed;
    return sheet;
}

static void begin(struct glances *g, struct text text)
{
    g->text = text;
    g->count = 0;
    g->relayed = 0;
    g->own_len = 0;
    g->lost = NULL;
    sheets_reset(&g->sheets);
}

/* Room for what lines are without what a relay put in front. */
static void make_room(struct glances *g)
{
    if (g->own_room < g->text.len) {
        g->own = memory_grow(g->own, g->text.len);
        g->own_room = g->text.len;
    }
}

/* Lines that a parcel holds, or no parcel; how much of them was read. */
static size_t read_lines(struct glances *g, struct text lines, const struct parcel *parcel, struct face_memo *memo)
{
    const char *at = lines.at, *end = at + lines.len, *lf;
    const bool packed = parcel && !parcel->unpacked;
    bool faced = false; /* the line's face was read by the sheet before it */
    while (g->count + 1 < GLANCES_MOST && at < end && (lf = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        struct glance *l = &g->lines[g->count++];
        l->text = text_over(at, (size_t)(lf - at));
        while (l->text.len && l->text.at[l->text.len - 1] == '\r')
            l->text.len--;
        l->relayed = NULL;
        l->parcel = parcel;
        if (packed)
            l->face.kind = FACE_UNREAD;
        else if (!faced && glance_read(memo, scan_trim_end(l->text), &l->face, &g->heads[g->relayed]))
            l->relayed = &g->heads[g->relayed++];
        faced = false;
        at = lf + 1;
        if (l->relayed && !g->own_len)
            make_room(g);
        l->sheet = packed ? NULL : read_sheet(g, l, text_over(at, (size_t)(end - at)), memo, &faced);
        if (l->sheet)
            at += l->sheet->text.len;
    }
    return (size_t)(at - lines.at);
}

void glances_read(struct glances *g, struct text text, struct face_memo *memo)
{
    begin(g, text);
    relayed_begin(&memo->relays);
    if (g->parcels.form.form) {
        const struct parcel *parcel = parcels_unpack(&g->parcels, text, GLANCES_MOST - 1, &g->upto);
        for (; parcel; parcel = parcel->next)
            read_lines(g, parcel->lines, parcel, memo);
    } else {
        g->upto = read_lines(g, text, NULL, memo);
    }
}

void glances_clear(struct glances *g)
{
    sheets_clear(&g->sheets);
    parcels_clear(&g->parcels);
    memory_free(g->own);
    g->own = NULL;
    g->own_room = g->own_len = 0;
}
