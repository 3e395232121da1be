#include "parser/packing.h"

#include "base/limits.h"
#include "parser/anchors.h"
#include "parser/markup.h"
#include "parser/scan.h"
#include "parser/written.h"

enum { LINES_LOOKED = 400, COLUMNS_LOOKED = 24 };

/* ------------------------------------------------------------------------------------------ taking it off */

static struct line line_of(const struct held_line *held)
{
    const struct text text = held->text;
    struct line line = {
        .text = text, .number = held->number, .more = held->more, .host = held->host, .checked = true, .counted = held->counted
    };
    for (size_t i = 0; i < text.len && !line.wide; i++)
        line.wide = (unsigned char)text.at[i] >= 0x80;
    return line;
}

static void take_held(void *context, const struct held_line *held)
{
    struct line line = line_of(held);
    records_line(&((struct parser *)context)->records, &line);
}

/* A line, without what it was packed in and with words for its veils, goes to the records: at once, or when its turn comes.
 * begins: it is an entry's first. */
static void deliver(struct parser *p, struct line *line, bool begins)
{
    struct backwards *b = &p->backwards;
    if (p->veils) {
        lines_check(&p->lines, line);
        const struct text lifted = veils_lift(p->veils, line->text);
        if (lifted.at != line->text.at) {
            line->text = lifted;
            line->stable = false;
            line->face = NULL; /* it was read with the veil */
            line->relayed = NULL;
        }
    }
    if (b->newest_first || b->doubled)
        lines_check(&p->lines, line);
    if (b->doubled && backwards_is_copy(b, line->text)) {
        parser_count(p, line, scan_trim_end(line->text).len ? LINE_NOISE : LINE_BLANK);
        return;
    }
    if (!b->newest_first) {
        records_line(&p->records, line);
        return;
    }
    uint64_t most = limits_value(&p->model->limits, OVER_NEWEST_FIRST);
    if (!backwards_hold(b, line, begins, most)) {
        parser_over(p, OVER_NEWEST_FIRST, line->number);
        backwards_replay(b, take_held, p);
        if (!backwards_hold(b, line, begins, most))
            records_line(&p->records, line);
    }
}

/* The pieces of a line that was cut, as one line; each of them counts. */
static void settle_fold(struct parser *p)
{
    struct fold *f = &p->fold;
    if (!f->pieces)
        return;
    uint32_t more = f->pieces - 1, last = f->last;
    /* its pieces are clean; to clean it once more would take the room that the line behind it was cleaned in */
    const struct held_line held = { .text = buffer_view(&f->joined), .number = f->first, .more = last - f->first };
    struct line line = line_of(&held);
    f->pieces = 0;
    deliver(p, &line, false);
    buffer_reset(&f->joined);
    p->counts[LINE_CONTINUATION] += more;
    if (more && p->part_first)
        p->part_last = last;
}

static void take_piece(struct parser *p, struct line *line)
{
    struct fold *f = &p->fold;
    lines_check(&p->lines, line);
    if (f->pieces && !fold_goes_on(f, line->text))
        settle_fold(p);
    if (!f->pieces && !fold_waits(f, line->text)) {
        deliver(p, line, false);
        return;
    }
    fold_take(f, line->text, line->number);
    if (!fold_waits(f, line->text))
        settle_fold(p);
}

static void take_waiting(void *context, const struct held_line *held)
{
    struct parser *p = context;
    const struct elements_said *said = &p->exported.elements.answer;
    struct line line = line_of(held);
    line.text = exported_stamped(line.text, text_over(said->time, said->time_len), p->unpacked);
    line.host = text_over(said->host, said->host_len);
    deliver(p, &line, held->begins);
}

/* The device's lines of one message. */
static void unpack_message(struct parser *p, struct line *line, const struct unpacked *m)
{
    struct text rest = m->message, part;
    bool begins = true;
    do {
        if (!text_cut(&rest, '\n', &part))
            part = TEXT("");
        struct line inner = *line;
        inner.text = exported_stamped(part, m->time, p->unpacked);
        inner.host = m->host;
        inner.stable = false;
        inner.face = NULL;
        if (!m->waits || !backwards_hold(&p->waiting, &inner, begins && part.len, LIMIT_LINE)) {
            backwards_release(&p->waiting, take_waiting, p);
            deliver(p, &inner, begins && part.len);
        }
        line->counted = true;
        begins = false;
    } while (rest.len);
}

/* What a collector packed into one line: perhaps several of the device's, of which the first settles how it is counted. */
static void unpack(struct parser *p, struct line *line)
{
    struct unpacked u;
    lines_check(&p->lines, line);
    arena_reset(p->unpacked);
    const bool taken = exported_take(&p->exported, scan_trim_end(line->text), p->unpacked, &u) && u.message.at;
    if (p->exported.elements.told)
        backwards_release(&p->waiting, take_waiting, p);
    if (!taken) {
        if (exported_is_wrapping(&p->exported, line->text))
            parser_count(p, line, scan_trim_end(line->text).len ? LINE_NOISE : LINE_BLANK);
        else
            deliver(p, line, false); /* a log that stands behind it */
        return;
    }
    for (const struct unpacked *m = &u; m; m = m->next)
        unpack_message(p, line, m);
    arena_reset(p->unpacked);
}

/* Inside show output and configurations a line says nothing by which it could be known to be cut. */
static void note_cut(struct parser *p, struct line *line)
{
    const struct stream *s = p->records.current;
    lines_check(&p->lines, line);
    if (!p->page && !p->sections.reader && !p->sections.foreign && damage_cut(&p->heads, line->text, s && s->packet.open))
        p->cut = line->number;
}

static void take_message(void *context, const struct document_message *m)
{
    struct parser *p = context;
    struct text rest = m->text, part;
    bool first = true, fresh = m->line > p->document_last;
    uint32_t *each = &model_input(p->model, p->input)->lines_each;
    if (fresh && p->document_last && (!*each || m->line - p->document_last < *each))
        *each = m->line - p->document_last;
    arena_reset(p->unpacked);
    do {
        if (!text_cut(&rest, '\n', &part))
            part = TEXT("");
        part = exported_stamped(part, m->time, p->unpacked);
        struct line line = { .text = part, .number = m->line, .host = m->host, .counted = !first || !fresh };
        deliver(p, &line, first && part.len);
        first = false;
    } while (rest.len);
    p->document_said += fresh;
    p->document_last = fresh ? m->line : p->document_last;
}

/* The lines so far: those without a message are what it was packed in. */
void packing_end_document(struct parser *p)
{
    struct document *d = p->document;
    uint32_t lines = d->ended + d->line_used;
    if (document_inside(d))
        p->cut = lines;
    p->counts[LINE_BLANK] += d->blank;
    p->counts[LINE_NOISE] += lines - d->blank - p->document_said;
    p->lines.number = lines;
    document_clear(d);
}

void packing_take(void *context, struct line *line)
{
    struct parser *p = context;
    if (line->beyond)
        parser_over(p, OVER_LINE, line->number);
    p->counts[LINE_CONTINUATION] += line->more; /* of quoted-printable: what goes on behind an LF */
    if (p->exported.form) {
        unpack(p, line);
        return;
    }
    if (p->spacing.found && spacing_drops(&p->spacing, line->text)) {
        parser_count(p, line, LINE_BLANK);
        return;
    }
    if (listing_found(&p->listing)) {
        lines_check(&p->lines, line);
        line->text = listing_strip(&p->listing, line->text);
        line->face = NULL; /* it was read with the mark */
        line->relayed = NULL;
    }
    if (line->cut)
        note_cut(p, line);
    if (p->fold.width)
        take_piece(p, line);
    else
        deliver(p, line, false);
}

bool packing_none(const struct parser *p)
{
    return !p->exported.form && !p->spacing.found && !listing_found(&p->listing) && !p->fold.width && packing_only_exported(p);
}

bool packing_only_exported(const struct parser *p)
{
    return !p->forced && !p->veils && !p->backwards.newest_first && !p->backwards.doubled;
}

void packing_end(struct parser *p)
{
    settle_fold(p);
    backwards_release(&p->waiting, take_waiting, p);
    backwards_replay(&p->backwards, take_held, p);
}

/* ------------------------------------------------------------------------------------------ finding it */

static void keep_clean(void *context, struct line *line)
{
    struct buffer *clean = context;
    buffer_text(clean, line->text);
    if (!line->cut)
        buffer_byte(clean, '\n');
}

bool packing_is_document(const struct exported *exported, struct text head, struct document_shape *shape)
{
    struct exported form = *exported;
    struct text rest = head, line;
    struct unpacked u;
    if (form.form == EXPORTED_CSV)
        return false;
    if (form.form == EXPORTED_JSON) {
        struct arena *arena = arena_create();
        while (text_cut(&rest, '\n', &line) && !text_trim(line).len) {}
        bool whole = exported_take(&form, scan_trim_end(line), arena, &u);
        arena_destroy(arena);
        if (whole)
            return false;
    }
    return document_detect(head, shape);
}

/* The first lines as they will be read: in UTF-8, without control characters. */
static struct text clean_head(struct text first, struct buffer *out)
{
    struct lines lines;
    lines_init(&lines, keep_clean, out);
    lines_look(&lines, first);
    lines.cleans = true;
    lines_feed(&lines, bytes_of_text(first));
    lines_finish(&lines);
    lines_clear(&lines);
    return buffer_view(out);
}

struct text packing_plain(struct text text, struct buffer *clean, struct buffer *stripped)
{
    struct listing listing;
    struct text rest = clean_head(text, clean), line;
    struct arena *arena = arena_create();
    listing_detect(&listing, text_upto(rest, LOOK_AHEAD));
    while (text_cut(&rest, '\n', &line)) {
        line = listing_strip(&listing, line);
        line = markup_may_be(line) ? markup_strip(line, arena) : line;
        buffer_text(stripped, text_ends(line, TEXT("\n")) ? text_upto(line, line.len - 1) : line);
        buffer_byte(stripped, '\n');
        arena_reset(arena);
    }
    arena_destroy(arena);
    return buffer_view(stripped);
}

static void look_at_clocks(void *context, const struct document_message *m)
{
    struct text rest = m->text, line;
    while (text_cut(&rest, '\n', &line))
        clocks_look(context, line, m->host);
}

/* The collector's own time: the first value of a line of its export that is one. */
static void look_at_column(struct clocks *clocks, struct text line)
{
    struct prefix_cache none = { .len = 0 };
    struct prefix prefix = { .has_time = false };
    for (unsigned n = 0; n < COLUMNS_LOOKED && line.len && !prefix.has_time; n++) {
        bool quoted = line.at[0] == '"';
        line = quoted ? text_from(line, 1) : line;
        size_t quote = text_find_byte(line, '"'), comma = text_find_byte(line, ',');
        size_t end = quoted || quote < comma ? quote : comma;
        struct text value = text_trim(text_upto(line, end));
        prefix_scan(value, &none, &prefix);
        if (prefix.has_time)
            clocks_look(clocks, value, TEXT(""));
        /* what opens a quoted value is left for the next round */
        line = end >= line.len ? (struct text){ NULL, 0 } : text_from(line, quoted || line.at[end] != '"' ? end + 1 : end);
    }
}

/* Which way the clocks go is asked of the messages, wherever a collector packed them; where they have no time, of the export. */
static void detect_backwards(struct parser *p, struct text head)
{
    struct clocks clocks = { .count = 0 }, outside = { .count = 0 };
    struct exported form = p->exported;
    struct text rest = head, line, part;
    if (p->document) {
        struct document *d = memory_take(sizeof *d);
        document_init(d, &p->document->shape, look_at_clocks, &clocks);
        document_feed(d, bytes_of_text(head));
        document_clear(d);
        memory_free(d);
        rest.len = 0;
    }
    for (unsigned n = 0; n < LINES_LOOKED && text_cut(&rest, '\n', &line); n++) {
        struct unpacked u = { .message = line };
        if (form.form && (!exported_take(&form, scan_trim_end(line), p->unpacked, &u) || !u.message.at))
            continue;
        if (!u.time.len && form.form)
            look_at_column(&outside, line);
        for (const struct unpacked *m = &u; m; m = m->next) {
            struct text rest_of_it = m->message;
            if (m->time.len)
                clocks_look(&outside, m->time, TEXT(""));
            while (text_cut(&rest_of_it, '\n', &part))
                clocks_look(&clocks, part, m->host);
        }
        arena_reset(p->unpacked);
    }
    clocks.listed = outside.listed = form.form || p->document;
    backwards_detect(&p->backwards, clocks.back + clocks.on ? &clocks : &outside, head);
}

struct text packing_find(struct parser *p, struct text first, struct buffer *clean, struct buffer *stripped)
{
    lines_look(&p->lines, first);
    struct text head = clean_head(first, clean);
    if (!p->live)
        exported_detect(&p->exported, head);
    struct document_shape shape;
    if (!p->live && packing_is_document(&p->exported, head, &shape)) {
        p->exported.form = EXPORTED_NOT;
        p->document = memory_take(sizeof *p->document);
        document_init(p->document, &shape, take_message, p);
    }
    const bool packed = p->exported.form || p->document;
    buffer_init(&p->waiting.text, (size_t)LIMIT_LINE);
    if (!p->live && !packed)
        spacing_detect(&p->spacing, head);
    if (p->spacing.found) {
        spacing_strip_all(&p->spacing, clean);
        model_input(p->model, p->input)->lines_each = 2;
        head = buffer_view(clean);
    }
    if (!p->live && !packed && anchors_needed(head)) {
        p->anchors = anchors_create();
        p->page = p->slowly = true; /* the quick ways know lines as a device prints them */
    }
    if (!p->live && !packed && !p->anchors)
        listing_detect(&p->listing, head);
    const struct text text = listing_strip_all(&p->listing, head, stripped);
    damage_learn(&p->heads, text);
    if (!p->live && !packed && !(p->lines.written & WRITTEN_OWN_ENDS))
        fold_detect(&p->fold, text);
    if (!p->live) {
        p->veils = veils_create(text);
        detect_backwards(p, text);
    }
    return text;
}
