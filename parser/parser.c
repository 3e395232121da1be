#include "parser/parser.h"

#include "base/limits.h"
#include "parser/anchors.h"
#include "parser/emit.h"
#include "parser/glances.h"
#include "parser/scan.h"
#include "parser/state.h"
#include "parser/translate.h"

enum { LINES_LOOKED = 400, LOOK_AHEAD = 1 << 16, LONGEST_PROMPT = 240 };

void parser_over(struct parser *p, enum limit row, uint32_t line)
{
    limits_at(&p->model->read_limits, p->input, line, false);
    limits_over(&p->model->read_limits, row, 1);
}

void parser_torn(struct parser *p, uint32_t line)
{
    if (p->page || p->live) /* a page breaks lines as it likes */
        return;
    if (!p->torn++)
        p->torn_first = line;
}

static void take_held(void *context, const struct held_line *held)
{
    const struct text text = held->text;
    struct line line = {
        .text = text, .number = held->number, .more = held->more, .host = held->host, .checked = true, .counted = held->counted
    };
    for (size_t i = 0; i < text.len && !line.wide; i++)
        line.wide = (unsigned char)text.at[i] >= 0x80;
    records_line(&((struct parser *)context)->records, &line);
}

/* A line, without what it was packed in, goes to the records: at once, or when its turn comes. begins: it is an entry's first. */
static void deliver(struct parser *p, struct line *line, bool begins)
{
    struct backwards *b = &p->backwards;
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
    uint32_t more = f->pieces - 1, last = f->first + more;
    struct line line = { .text = buffer_view(&f->joined), .number = f->first, .more = more };
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

/* What a collector packed into one line: perhaps several of the device's, of which the first settles how it is counted. */
static void unpack(struct parser *p, struct line *line)
{
    struct unpacked u;
    struct text part;
    lines_check(&p->lines, line);
    arena_reset(p->unpacked);
    if (!exported_take(&p->exported, scan_trim_end(line->text), p->unpacked, &u) || !u.message.at) {
        if (exported_is_wrapping(&p->exported, line->text))
            parser_count(p, line, scan_trim_end(line->text).len ? LINE_NOISE : LINE_BLANK);
        else
            deliver(p, line, false); /* a log that stands behind it */
        return;
    }
    bool begins = true;
    do {
        if (!text_cut(&u.message, '\n', &part))
            part = TEXT("");
        struct line inner = *line;
        inner.text = part;
        inner.host = u.host;
        inner.stable = false;
        inner.face = NULL;
        deliver(p, &inner, begins && part.len);
        line->counted = true;
        begins = false;
    } while (u.message.len);
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
    do {
        if (!text_cut(&rest, '\n', &part))
            part = TEXT("");
        struct line line = { .text = part, .number = m->line, .host = m->host, .counted = !first || !fresh };
        deliver(p, &line, first && part.len);
        first = false;
    } while (rest.len);
    p->document_said += fresh;
    p->document_last = fresh ? m->line : p->document_last;
}

/* The lines so far: those without a message are what it was packed in. */
static void settle_document(struct parser *p)
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

static void take_line(void *context, struct line *line)
{
    struct parser *p = context;
    if (line->beyond)
        parser_over(p, OVER_LINE, line->number);
    if (p->exported.form) {
        unpack(p, line);
        return;
    }
    if (listing_found(&p->listing)) {
        lines_check(&p->lines, line);
        line->text = listing_strip(&p->listing, line->text);
        line->face = NULL; /* it was read with the mark */
    }
    if (line->cut)
        note_cut(p, line);
    if (p->fold.width)
        take_piece(p, line);
    else
        deliver(p, line, false);
}

/* "r1.log.gz" to "r1", "hub/debug.log" to "hub/debug": what stands for a router that no line names. */
static struct text stem(struct text name)
{
    static const char *const endings[] = { ".gz",   ".zst",  ".xz",  ".log",   ".txt",    ".cfg",
                                           ".conf", ".show", ".out", ".debug", ".capture" };
    for (int again = 0; again < 2; again++)
        for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
            if (name.len > strlen(endings[i]) && text_ends(name, text_of(endings[i])))
                name.len -= strlen(endings[i]);
    return name;
}

struct parser *parser_create(struct model *model, uint32_t input, enum input_kind forced, struct event_taker taker)
{
    struct parser *p = memory_take(sizeof *p);
    p->model = model;
    p->input = input;
    p->forced = forced;
    p->taker = taker;
    buffer_init(&p->head, 2 * (size_t)LOOK_AHEAD);
    lines_init(&p->lines, take_line, p);
    p->unpacked = arena_create();
    records_init(&p->records, p);
    struct input *in = model_input(model, input);
    in->has_lines = true;
    phrases_prepare();
    p->device = in->device;
    p->device_given = in->device != 0;
    return p;
}

void parser_destroy(struct parser *p)
{
    if (!p)
        return;
    buffer_clear(&p->head);
    buffer_clear(&p->fold.joined);
    arena_destroy(p->unpacked);
    backwards_clear(&p->backwards);
    if (p->document)
        document_clear(p->document);
    memory_free(p->document);
    anchors_drop(p->anchors);
    lines_clear(&p->lines);
    records_clear(&p->records);
    sections_clear(&p->sections);
    routers_clear(&p->routers);
    memory_free(p);
}

/* ------------------------------------------------------------------------------------------ accounting */

void parser_count(struct parser *p, struct line *line, enum line_class class)
{
    if (line->counted)
        return;
    line->counted = true;
    p->counts[class]++;
    if (class == LINE_CONTINUATION && p->part_first)
        p->part_last = line->number;
}

static bool is_debug(enum input_kind kind)
{
    return kind == INPUT_IOS_DEBUG || kind == INPUT_IOSXE_DEBUG || kind == INPUT_ASA_DEBUG;
}

void parser_close_part(struct parser *p)
{
    if (p->part_first)
        input_add_part(p->model, p->input, p->part_kind ? p->part_kind : INPUT_IOS_DEBUG, p->part_device, p->part_first,
                       p->part_last);
    p->part_first = 0;
}

void parser_kind(struct parser *p, enum input_kind kind, uint32_t device, uint32_t line)
{
    if (p->forced)
        kind = p->forced;
    p->kinds[kind]++;
    if (p->part_first && p->part_device == device) {
        bool same = kind == p->part_kind ||
                    (kind == INPUT_UNKNOWN && (p->part_kind == INPUT_IOS_DEBUG || p->part_kind == INPUT_IOSXE_DEBUG)) ||
                    (kind == INPUT_SYSLOG && is_debug(p->part_kind)) ||
                    (kind == INPUT_UNKNOWN && p->part_kind == INPUT_EVENT_TRACE);
        if (p->part_kind == INPUT_UNKNOWN) { /* nothing yet said which platform it is */
            same = kind != INPUT_SHOW && kind != INPUT_CONFIG;
            if (same && kind != INPUT_UNKNOWN && kind != INPUT_SYSLOG)
                p->part_kind = kind;
        } else if (p->part_kind == INPUT_SYSLOG && is_debug(kind)) {
            same = true;
            p->part_kind = kind;
        }
        if (same) {
            p->part_first = line < p->part_first ? line : p->part_first; /* the newest comes first */
            p->part_last = line > p->part_last ? line : p->part_last;
            return;
        }
    }
    parser_close_part(p);
    p->part_kind = kind;
    p->part_device = device;
    p->part_first = p->part_last = line;
}

/* ------------------------------------------------------------------------------------------ devices */

uint32_t parser_named_device(struct parser *p, struct text name, bool main)
{
    if (name.len == 0)
        return p->device;
    if (p->device_given && p->device == model_input(p->model, p->input)->device && main && p->records.stream_count <= 1) {
        /* --device outranks what the log says, as long as it says one thing */
        struct text given = p->model->devices[p->device].name;
        if (given.len && p->device_given)
            return p->device;
    }
    uint32_t device = model_device_in(p->model, p->input, name);
    if (main)
        p->device = device;
    return device;
}

/* The first prompt or host name of the text, so that events before it carry the right name. */
static void look_ahead(struct parser *p, struct bytes octets)
{
    if (p->device)
        return;
    struct text rest = text_upto(text_of_bytes(octets), LOOK_AHEAD), line, host, command;
    struct prefix prefix;
    struct prefix_cache cache = { .len = 0 };
    struct text candidate = { NULL, 0 };
    bool after_break = true; /* a keyring's peer has a hostname, too, but not behind a '!' */
    while (text_cut(&rest, '\n', &line)) {
        line = scan_trim_end(line);
        if (after_break && text_starts(line, TEXT("hostname ")) && line.len < 80) {
            p->device = model_device_in(p->model, p->input, text_trim(text_from(line, 9)));
            return;
        }
        after_break = line.len == 0 || line.at[0] == '!';
        if (line.len == 0 || (unsigned char)line.at[0] >= 0x80)
            continue;
        if (prefix_scan(line, &cache, &prefix)) {
            if (prefix.host.len == 0)
                continue;
            p->device = model_device_in(p->model, p->input, prefix.host);
            return;
        }
        struct tag tag;
        if (line.len >= LONGEST_PROMPT || tag_scan(line, &tag) || !prompt_scan(line, &host, &command) || host.len < 2)
            continue;
        /* it stands alone, or in front of a command or a message; or it comes twice */
        if (command.len == 0 || scan_letter(command.at[0]) || prefix_scan(command, &cache, &prefix) ||
            text_equal(host, candidate)) {
            p->device = model_device_in(p->model, p->input, host);
            return;
        }
        candidate = host;
    }
    p->device = model_device_of_file(p->model, stem(model_input(p->model, p->input)->name));
}

/* ------------------------------------------------------------------------------------------ events */

void parser_emit(struct parser *p, uint32_t device, struct event *event)
{
    event->input = p->input;
    event->device = device;
    if (!p->first_device)
        p->first_device = device;
    routers_take(p, event);
}

/* ------------------------------------------------------------------------------------------ feeding */

static void keep_clean(void *context, struct line *line)
{
    struct buffer *clean = context;
    buffer_text(clean, line->text);
    if (!line->cut)
        buffer_byte(clean, '\n');
}

/* One JSON text, and not an object a line. */
static bool is_document(const struct exported *exported, struct text head)
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
    return document_detect(head);
}

/* The first lines as they will be read: in UTF-8, without control characters. */
static void clean_head(struct buffer *out, struct bytes first)
{
    struct lines lines;
    buffer_init(out, 4 * (size_t)LOOK_AHEAD);
    lines_init(&lines, keep_clean, out);
    lines_look(&lines, text_upto(text_of_bytes(first), LOOK_AHEAD));
    lines.cleans = true;
    lines_feed(&lines, (struct bytes){ first.at, first.len < LOOK_AHEAD ? first.len : LOOK_AHEAD });
    lines_finish(&lines);
    lines_clear(&lines);
}

static void look_at_clocks(void *context, const struct document_message *m)
{
    struct text rest = m->text, line;
    while (text_cut(&rest, '\n', &line))
        clocks_look(context, line, m->host);
}

/* Which way the clocks go is asked of the messages, wherever a collector packed them. */
static void detect_backwards(struct parser *p, struct text head)
{
    struct clocks clocks = { .count = 0 };
    struct exported form = p->exported;
    struct text rest = head, line, part;
    if (p->document) {
        struct document *d = memory_take(sizeof *d);
        document_init(d, look_at_clocks, &clocks);
        document_feed(d, bytes_of_text(head));
        document_clear(d);
        memory_free(d);
        rest.len = 0;
    }
    for (unsigned n = 0; n < LINES_LOOKED && text_cut(&rest, '\n', &line); n++) {
        struct unpacked u = { .message = line };
        if (form.form && (!exported_take(&form, scan_trim_end(line), p->unpacked, &u) || !u.message.at))
            continue;
        while (text_cut(&u.message, '\n', &part))
            clocks_look(&clocks, part, u.host);
        arena_reset(p->unpacked);
    }
    backwards_detect(&p->backwards, &clocks, head);
}

static void begin(struct parser *p, struct bytes first)
{
    struct buffer head, stripped;
    p->started = true;
    lines_look(&p->lines, text_upto(text_of_bytes(first), LOOK_AHEAD));
    clean_head(&head, first);
    buffer_init(&stripped, head.limit);
    if (!p->live) /* what comes line by line must not wait, and is no page */
        exported_detect(&p->exported, buffer_view(&head));
    if (!p->live && is_document(&p->exported, buffer_view(&head))) {
        p->exported.form = EXPORTED_NOT;
        p->document = memory_take(sizeof *p->document);
        document_init(p->document, take_message, p);
    }
    const bool packed = p->exported.form || p->document;
    if (!p->live && !packed && anchors_needed(buffer_view(&head)))
        p->anchors = anchors_create();
    p->page |= p->anchors != NULL;
    if (!p->live && !packed && !p->anchors)
        listing_detect(&p->listing, buffer_view(&head));
    struct text text = listing_strip_all(&p->listing, buffer_view(&head), &stripped);
    look_ahead(p, bytes_of_text(text));
    damage_learn(&p->heads, text);
    if (!p->live && !packed && !p->lines.returns)
        fold_detect(&p->fold, text);
    if (!p->live)
        detect_backwards(p, text);
    if (parser_of_sections(p))
        sections_force(p, text);
    buffer_clear(&head);
    buffer_clear(&stripped);
}

static void feed(struct parser *p, struct bytes octets)
{
    if (p->document && p->document->on) {
        size_t taken = document_feed(p->document, octets);
        octets = (struct bytes){ octets.at + taken, octets.len - taken };
        if (p->document->failed && (octets.len || !p->document->line_used))
            settle_document(p); /* a log stands behind it */
    }
    if (octets.len)
        lines_feed(&p->lines, octets);
    records_own(&p->records);
}

/* What was held back for the look ahead. */
static void feed_head(struct parser *p)
{
    struct bytes head = bytes_of_text(buffer_view(&p->head));
    begin(p, head);
    feed(p, head);
    buffer_clear(&p->head);
}

void parser_feed(struct parser *p, struct bytes octets)
{
    if (!p->started && octets.len) {
        if (p->head.len == 0 && (p->live || octets.len >= LOOK_AHEAD)) {
            begin(p, octets);
        } else {
            size_t piece = octets.len < LOOK_AHEAD ? octets.len : LOOK_AHEAD;
            buffer_put(&p->head, octets.at, piece);
            octets = (struct bytes){ octets.at + piece, octets.len - piece };
            if (p->head.len < LOOK_AHEAD)
                return;
            feed_head(p);
        }
    }
    if (octets.len)
        feed(p, octets);
}

/* Is a line as it stands the device's, and is its turn now? */
static bool is_plain(const struct parser *p)
{
    return !p->forced && !p->exported.form && !listing_found(&p->listing) && !p->fold.width && !p->backwards.newest_first &&
           !p->backwards.doubled;
}

static void take_glance(struct parser *p, const struct glance *g, bool plain)
{
    struct line line = { .text = g->text, .number = ++p->lines.number, .stable = true, .face = &g->face };
    const struct sheet *sheet = g->sheet;
    if (!plain) {
        take_line(p, &line);
    } else if (sheet && records_usual_sheet(&p->records, &line, sheet)) {
        p->lines.number += sheet->lines;
        return;
    } else {
        records_line(&p->records, &line);
    }
    if (sheet)
        lines_feed(&p->lines, bytes_of_text(sheet->text));
}

void parser_feed_glances(struct parser *p, const struct glances *g)
{
    struct text left = g->text;
    if (p->started && !(p->document && p->document->on) && lines_between(&p->lines)) {
        const bool plain = is_plain(p);
        for (size_t i = 0; i < g->count; i++)
            take_glance(p, &g->lines[i], plain);
        records_own(&p->records);
        left = text_from(left, g->upto);
    }
    if (left.len)
        parser_feed(p, bytes_of_text(left));
}

void parser_live(struct parser *p)
{
    p->live = true;
}

void parser_settle(struct parser *p)
{
    records_flush(&p->records);
    routers_flush(p);
}

static void report_troubles(struct parser *p, uint32_t unfinished, uint32_t last_line)
{
    struct model *m = p->model;
    if (p->gaps)
        input_trouble(m, p->input, "debug-incomplete", p->gap_first, false,
                      "sequence numbers are missing at %llu places (%llu lines)", (unsigned long long)p->gaps,
                      (unsigned long long)p->gap_lines);
    if (p->dropped)
        input_trouble(m, p->input, "debug-incomplete", p->dropped_first, false,
                      "the device dropped or rate-limited %llu messages", (unsigned long long)p->dropped);
    const struct lines *l = &p->lines;
    if (l->garbled)
        input_trouble(m, p->input, "input-damaged", l->garbled_first, false, "%u line%s octets that are no text", l->garbled,
                      l->garbled == 1 ? " holds" : "s hold");
    else if (p->torn)
        input_trouble(m, p->input, "input-damaged", p->torn_first, false, "of %u entr%s a part is missing", p->torn,
                      p->torn == 1 ? "y" : "ies");
    model_input(m, p->input)->incomplete |= l->garbled || p->torn;
    if (unfinished) {
        input_trouble(m, p->input, "input-truncated", last_line, false, "the log ends inside an entry that begins on line %u",
                      unfinished);
        model_input(m, p->input)->incomplete = true;
    }
}

/* The kind that most lines speak for; a log that only ever used tags which IOS and IOS-XE share is IOS. */
static enum input_kind main_kind(struct parser *p)
{
    if (p->forced)
        return p->forced;
    if (p->kinds[INPUT_IOSXE_DEBUG]) /* what both print counts for the one that is there */
        p->kinds[INPUT_IOSXE_DEBUG] += p->kinds[INPUT_UNKNOWN];
    else if (p->kinds[INPUT_EVENT_TRACE] && p->kinds[INPUT_UNKNOWN] < p->kinds[INPUT_EVENT_TRACE])
        p->kinds[INPUT_EVENT_TRACE] += p->kinds[INPUT_UNKNOWN];
    else
        p->kinds[INPUT_IOS_DEBUG] += p->kinds[INPUT_UNKNOWN];
    enum input_kind best = INPUT_UNKNOWN;
    for (unsigned k = 1; k < INPUT_KIND_COUNT; k++)
        if (p->kinds[k] && (best == INPUT_UNKNOWN || p->kinds[k] > p->kinds[best]))
            best = (enum input_kind)k;
    /* syslog messages stand in every debug log */
    if (best == INPUT_SYSLOG)
        for (unsigned k = INPUT_IOS_DEBUG; k <= INPUT_ASA_DEBUG; k++)
            if (p->kinds[k] * 4 > p->kinds[INPUT_SYSLOG])
                best = (enum input_kind)k;
    return best;
}

/* A section is read when it ends, after entries that stood inside it: back to the order of lines. */
static void sort_parts(struct input *in)
{
    struct part *sorted = NULL, *last = NULL;
    for (struct part *part = in->parts, *next; part; part = next) {
        next = part->next;
        struct part **at = &sorted;
        if (last && last->first_line <= part->first_line)
            at = &last->next;
        while (*at && (*at)->first_line <= part->first_line)
            at = &(*at)->next;
        part->next = *at;
        *at = part;
        if (!part->next)
            last = part;
    }
    in->parts = sorted;
    in->parts_last = last;
}

/* The router that speaks first; one that was only typed at, whose output is not here, gives way to one that shows something. */
static uint32_t main_device(const struct parser *p, const struct input *in)
{
    const uint32_t first = p->first_device ? p->first_device : p->device;
    for (const struct part *part = in->parts; part; part = part->next)
        if (part->device == first)
            return first;
    return in->parts && in->parts->device ? in->parts->device : first;
}

void parser_finish(struct parser *p)
{
    if (!p->started && p->head.len)
        feed_head(p);
    if (!p->device && !p->started)
        p->device = model_device_of_file(p->model, stem(model_input(p->model, p->input)->name));
    if (p->document && p->document->on)
        settle_document(p);
    else
        lines_finish(&p->lines);
    settle_fold(p);
    backwards_replay(&p->backwards, take_held, p);
    uint32_t unfinished = records_unfinished(&p->records);
    if (!unfinished)
        unfinished = p->cut;
    const uint32_t torn = p->torn; /* what is not whole from here on was cut by the end */
    records_flush(&p->records);
    sections_close(p);
    p->torn = torn;
    routers_flush(p);
    parser_close_part(p);
    struct input *in = model_input(p->model, p->input);
    limits_join(&p->model->limits, &p->model->read_limits);
    in->line_total += p->lines.number;
    for (unsigned c = 0; c < LINE_CLASS_COUNT; c++)
        in->lines[c] += p->counts[c];
    in->kind = main_kind(p);
    sort_parts(in);
    if (!in->device)
        in->device = main_device(p, in);
    report_troubles(p, unfinished, p->lines.number);
}

/* ------------------------------------------------------------------------------------------ recognition */

struct score {
    unsigned kinds[INPUT_KIND_COUNT];
    unsigned dumped; /* lines as a packet's dump has them: one alone may be anybody's */
};

static void score_line(struct score *s, struct text line, struct prefix_cache *cache)
{
    struct prefix prefix;
    struct tag tag;
    bool stamped = prefix_scan(line, cache, &prefix);
    if (tag_scan(prefix.rest, &tag)) {
        unsigned weight = tag.family == FAMILY_CONTEXT ? 1 : 4;
        if (tag.family == FAMILY_SYSLOG && !text_starts(tag.facility, TEXT("CRYPTO")) &&
            !text_starts(tag.facility, TEXT("IKEV2")) && !text_starts(tag.facility, TEXT("ASA")) &&
            !text_starts(tag.facility, TEXT("FTD")) && !text_starts(tag.facility, TEXT("PKI")))
            weight = 1;
        s->kinds[tag.kind == INPUT_UNKNOWN ? INPUT_IOS_DEBUG : tag.kind] += weight;
        return;
    }
    if (stamped)
        return;
    s->dumped += packet_continues(line);
    if (prefix.columns)
        s->kinds[INPUT_SYSLOG] += 4;
    struct text trimmed = scan_skip(line);
    if (text_ends(trimmed, TEXT("_event:")))
        s->kinds[INPUT_EVENT_TRACE] += 2;
    else if (text_starts(trimmed, TEXT("show monitor event-trace")))
        s->kinds[INPUT_EVENT_TRACE] += 4;
    int show = sections_score(line, INPUT_SHOW), config = sections_score(line, INPUT_CONFIG);
    struct text host, command;
    if (prompt_scan(line, &host, &command))
        for (size_t i = 0; i < section_reader_count; i++)
            if (section_readers[i]->is_command && section_readers[i]->is_command(command))
                show = 100;
    if (show >= 50 && show >= config)
        s->kinds[INPUT_SHOW] += 8;
    else if (config >= 50)
        s->kinds[INPUT_CONFIG] += 4;
}

static void add_message(void *context, const struct document_message *m)
{
    struct buffer *messages = context;
    buffer_text(messages, m->text);
    buffer_byte(messages, '\n');
}

static struct text document_messages(struct text head, struct buffer *messages)
{
    struct document *d = memory_take(sizeof *d);
    document_init(d, add_message, messages);
    document_feed(d, bytes_of_text(head));
    document_clear(d);
    memory_free(d);
    return buffer_view(messages);
}

enum input_kind parser_recognise(struct bytes first)
{
    struct score s = { .dumped = 0 };
    struct prefix_cache cache = { .len = 0 };
    struct arena *arena = arena_create();
    struct text rest = text_of_bytes(first), line;
    if (first.len >= 4 &&
        (first.at[1] == 0 || (first.at[0] == 0xff && first.at[1] == 0xfe) || (first.at[0] == 0xfe && first.at[1] == 0xff))) {
        /* UTF-16: its low octets are enough here */
        bool big = first.at[0] == 0xfe || first.at[0] == 0;
        char *narrow = arena_take(arena, first.len / 2 + 1);
        for (size_t i = 0; i + 1 < first.len; i += 2)
            narrow[i / 2] = (char)first.at[big ? i + 1 : i];
        rest = text_over(narrow, first.len / 2);
    }
    struct exported exported;
    struct listing listing;
    struct unpacked u;
    struct buffer messages;
    buffer_init(&messages, 4 * (size_t)LOOK_AHEAD);
    exported_detect(&exported, rest);
    if (is_document(&exported, rest)) {
        exported.form = EXPORTED_NOT;
        rest = document_messages(rest, &messages);
    }
    listing_detect(&listing, rest);
    struct anchors *anchors = anchors_needed(rest) ? anchors_create() : NULL;
    while (text_cut(&rest, '\n', &line)) {
        line = listing_strip(&listing, scan_trim_end(line));
        if (exported_take(&exported, line, arena, &u) && u.message.at)
            line = scan_trim_end(u.message);
        if (anchors)
            line = anchors_restore(anchors, line, arena);
        if (line.len == 0)
            continue;
        for (size_t i = 0; i < line.len; i++)
            if ((unsigned char)line.at[i] >= 0x80) {
                unsigned found;
                line = translate(line, arena, &found);
                break;
            }
        score_line(&s, line, &cache);
    }
    anchors_drop(anchors);
    arena_destroy(arena);
    buffer_clear(&messages);
    if (s.kinds[INPUT_IOSXE_DEBUG])
        s.kinds[INPUT_IOSXE_DEBUG] += s.kinds[INPUT_IOS_DEBUG];
    enum input_kind best = s.dumped > 1 ? INPUT_IOS_DEBUG : INPUT_UNKNOWN;
    for (unsigned k = 1; k < INPUT_KIND_COUNT; k++)
        if (s.kinds[k] && (best == INPUT_UNKNOWN || s.kinds[k] > s.kinds[best]))
            best = (enum input_kind)k;
    return best;
}
