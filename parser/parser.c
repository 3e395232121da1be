#include "parser/parser.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/map.h"
#include "parser/anchors.h"
#include "parser/emit.h"
#include "parser/fields.h"
#include "parser/glances.h"
#include "parser/packing.h"
#include "parser/scan.h"
#include "parser/state.h"
#include "parser/whole.h"

enum { LONGEST_PROMPT = 240 };

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

static bool take_ending(struct text *name)
{
    static const char *const endings[] = { ".gz",   ".zst",  ".xz",  ".log",   ".txt",    ".cfg",
                                           ".conf", ".show", ".out", ".debug", ".capture" };
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        if (name->len > strlen(endings[i]) && text_ends(*name, text_of(endings[i]))) {
            name->len -= strlen(endings[i]);
            return true;
        }
    return false;
}

/* "r1.log.2": a log that was put by. */
static void take_rotation(struct text *name)
{
    struct text left = *name;
    while (left.len && scan_digit(left.at[left.len - 1]))
        left.len--;
    if (left.len == name->len || !left.len || left.at[left.len - 1] != '.')
        return;
    left.len--;
    if (take_ending(&left))
        *name = left;
}

/* "r1-crypto-ikev2-sa", "r1_show_run": words behind a router's name that say what was asked of it. */
static bool take_content(struct text *name)
{
    static const char *const words[] = { "show",    "sh",       "crypto", "ikev2",  "ike",      "ipsec",  "sa",
                                         "session", "sessions", "det",    "detail", "detailed", "stats",  "running",
                                         "run",     "startup",  "config", "cfg",    "debug",    "debugs", "log",
                                         "logs",    "logging",  "syslog", "tech",   "support",  NULL };
    size_t cut = name->len;
    while (cut && name->at[cut - 1] != '-' && name->at[cut - 1] != '_' && name->at[cut - 1] != '/')
        cut--;
    if (cut < 2 || name->at[cut - 1] == '/' || name->at[cut - 2] == '/' || !text_in(text_from(*name, cut), words))
        return false;
    name->len = cut - 1;
    return true;
}

/* "r1.debug.log.gz" to "r1", "hub/debug.log" to "hub/debug": what stands for a router that no line names. */
static struct text stem(struct text name)
{
    for (int again = 0; again < 3; again++) {
        take_ending(&name);
        take_rotation(&name);
    }
    while (take_content(&name))
        ;
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
    lines_init(&p->lines, packing_take, p);
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
    veils_destroy(p->veils);
    arena_destroy(p->unpacked);
    backwards_clear(&p->backwards);
    backwards_clear(&p->waiting);
    if (p->document)
        document_clear(p->document);
    memory_free(p->document);
    anchors_drop(p->anchors);
    lines_clear(&p->lines);
    records_clear(&p->records);
    sections_clear(&p->sections);
    typed_clear(&p->typed);
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
static void look_ahead(struct parser *p, struct text head)
{
    if (p->device)
        return;
    struct text rest = text_upto(head, LOOK_AHEAD), line, host, command;
    struct prefix prefix;
    struct prefix_cache cache = { .len = 0 };
    struct text candidate = { NULL, 0 };
    bool in_peer = false; /* a keyring's peer has a hostname, too */
    while (text_cut(&rest, '\n', &line)) {
        line = scan_trim_end(line);
        if (!in_peer && (text_starts(line, TEXT("hostname ")) || text_starts(line, TEXT("Hostname "))) && line.len < 80) {
            p->device = model_device_in(p->model, p->input, text_trim(text_from(line, 9)));
            return;
        }
        in_peer = text_starts(text_trim(line), TEXT("peer ")) || (in_peer && line.len && line.at[0] != '!');
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
    p->device = model_device_of_file(p->model, p->input, stem(model_input(p->model, p->input)->name));
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

static void begin(struct parser *p, struct bytes first)
{
    struct buffer head, stripped;
    p->started = true;
    buffer_init(&head, 4 * (size_t)LOOK_AHEAD);
    buffer_init(&stripped, head.limit);
    struct text text = packing_find(p, text_upto(text_of_bytes(first), LOOK_AHEAD), &head, &stripped);
    look_ahead(p, text);
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
            packing_end_document(p); /* a log stands behind it */
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

/* A line that was read ahead, and the lines of its sheet; of an export: what they hold. */
static void take_glance(struct parser *p, const struct glance *g, bool plain)
{
    const struct parcel *parcel = g->parcel;
    struct line line = { .text = g->text, .number = ++p->lines.number, .stable = true, .face = &g->face, .relayed = g->relayed };
    const struct sheet *sheet = g->sheet;
    if (parcel && parcel->unpacked) {
        line.host = parcel->host;
        line.stable = false;
        line.checked = true;
    }
    if (!plain || (parcel && !parcel->unpacked)) {
        packing_take(p, &line);
    } else if (sheet && records_usual_sheet(&p->records, &line, sheet)) {
        p->lines.number += sheet->lines;
        return;
    } else {
        records_line(&p->records, &line);
    }
    if (!sheet)
        return;
    if (!parcel)
        lines_feed(&p->lines, bytes_of_text(sheet->text));
    struct text left = parcel ? sheet->text : TEXT(""), text;
    while (text_cut(&left, '\n', &text)) {
        struct line next = { .text = text, .number = ++p->lines.number, .checked = true, .host = parcel->host };
        records_line(&p->records, &next);
    }
}

/* Can these lines be taken as they were read? plain: there is nothing to be taken off any more. */
static bool fits(const struct parser *p, const struct glances *g, bool *plain)
{
    const bool exported = g->parcels.form.form != EXPORTED_NOT;
    *plain = packing_none(p) || (exported && packing_only_exported(p));
    return p->started && !(p->document && p->document->on) && lines_between(&p->lines) &&
           (!exported || (*plain && parcels_fit(&g->parcels, &p->exported)));
}

void parser_feed_glances(struct parser *p, struct glances *g)
{
    struct text left = g->text;
    bool plain;
    if (fits(p, g, &plain)) {
        for (size_t i = 0; i < g->count;) {
            const uint8_t kind = g->lines[i].face.kind;
            if (plain && (kind == FACE_TRANSITION || kind == FACE_ENTRY))
                i += records_take_whole(&p->records, &g->lines[i], g->count - i);
            if (i < g->count)
                take_glance(p, &g->lines[i++], plain);
        }
        records_own(&p->records);
        left = text_from(left, g->upto);
    }
    if (left.len)
        parser_feed(p, bytes_of_text(left));
    parcels_know(&g->parcels, &p->exported);
}

struct parser_memory {
    struct face_memo faces;
    struct told_before told;
};

struct parser_memory *parser_memory_create(void)
{
    return memory_take(sizeof(struct parser_memory));
}

void parser_memory_destroy(struct parser_memory *m)
{
    if (m)
        told_clear(&m->told);
    memory_free(m);
}

void parser_lend(struct parser *p, struct parser_memory *lent)
{
    p->records.faces = lent ? &lent->faces : NULL;
    p->records.told = lent ? &lent->told : NULL;
}

void parser_live(struct parser *p, struct parser_memory *lent)
{
    p->live = true;
    parser_lend(p, lent);
}

void parser_slowly(struct parser *p)
{
    p->slowly = true;
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

/* The parts of each router, one after the other. */
static void chain_parts(const struct input *in)
{
    struct map last = { 0 }; /* by router: a folder may have as many as files */
    for (struct part *part = in->parts; part && in->parts->next; part = part->next) {
        const struct bytes device = bytes_over((const uint8_t *)&part->device, sizeof part->device);
        struct part *before = map_find(&last, device);
        if (before)
            before->again = part;
        map_put(&last, device, part);
    }
    map_clear(&last);
}

struct come { /* a part, and when it came */
    struct part *part;
    size_t when;
};

static int by_line(const void *a, const void *b)
{
    const struct come *x = a, *y = b;
    return x->part->first_line != y->part->first_line ? (x->part->first_line < y->part->first_line ? -1 : 1)
           : x->when < y->when                        ? -1
                                                      : x->when > y->when;
}

/* A section is read when it ends, after entries that stood inside it: back to the order of lines. */
static void sort_parts(struct input *in)
{
    size_t count = 0, n = 0;
    bool sorted = true;
    for (struct part *part = in->parts; part; part = part->next, count++)
        sorted = sorted && (!part->next || part->first_line <= part->next->first_line);
    if (sorted)
        return;
    struct come *all = memory_take(count * sizeof *all);
    for (struct part *part = in->parts; part; part = part->next, n++)
        all[n] = (struct come){ part, n };
    qsort(all, count, sizeof *all, by_line);
    in->parts = all[0].part;
    for (n = 0; n < count; n++)
        all[n].part->next = n + 1 < count ? all[n + 1].part : NULL;
    in->parts_last = all[count - 1].part;
    memory_free(all);
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
        p->device = model_device_of_file(p->model, p->input, stem(model_input(p->model, p->input)->name));
    if (p->document && p->document->on)
        packing_end_document(p);
    else
        lines_finish(&p->lines);
    packing_end(p);
    uint32_t unfinished = records_unfinished(&p->records);
    if (!unfinished)
        unfinished = p->cut;
    const uint32_t torn = p->torn; /* what is not whole from here on was cut by the end */
    records_flush(&p->records);
    sections_close(p);
    typed_end(p);
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
    chain_parts(in);
    if (!in->device)
        in->device = main_device(p, in);
    report_troubles(p, unfinished, p->lines.number);
}
