/* parser_recognise: what kind of text this is, by a score of its first lines. */
#include "parser/anchors.h"
#include "parser/packing.h"
#include "parser/parser.h"
#include "parser/scan.h"
#include "parser/translate.h"

struct score {
    unsigned kinds[INPUT_KIND_COUNT];
    unsigned dumped; /* lines as a packet's dump has them: one alone may be anybody's */
    unsigned typed;  /* what a configuration begins with, behind a prompt */
};

static void score_line(struct score *s, struct text line, struct prefix_cache *cache)
{
    struct prefix prefix;
    struct tag tag;
    bool stamped = prefix_scan(line, cache, &prefix);
    if (prefix.number.len) {
        s->kinds[INPUT_SYSLOG] += 4;
        return;
    }
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
    struct text trimmed = scan_skip(line);
    if (text_ends(trimmed, TEXT("_event:")))
        s->kinds[INPUT_EVENT_TRACE] += 2;
    else if (text_starts(trimmed, TEXT("show monitor event-trace")))
        s->kinds[INPUT_EVENT_TRACE] += 4;
    int show = sections_score(line, INPUT_SHOW), config = sections_score(line, INPUT_CONFIG);
    struct text host, command;
    if (prompt_scan(line, &host, &command)) {
        for (size_t i = 0; i < section_reader_count; i++)
            if (section_readers[i]->is_command && section_readers[i]->is_command(command))
                show = 100;
        s->typed += sections_score(command, INPUT_CONFIG) >= 50;
    }
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

static struct text document_messages(struct text head, const struct document_shape *shape, struct buffer *messages)
{
    struct document *d = memory_take(sizeof *d);
    document_init(d, shape, add_message, messages);
    document_feed(d, bytes_of_text(head));
    document_clear(d);
    memory_free(d);
    return buffer_view(messages);
}

static void score_message(struct score *s, struct anchors *anchors, struct text line, struct arena *arena,
                          struct prefix_cache *cache)
{
    unsigned found;
    if (anchors)
        line = anchors_restore(anchors, line, arena);
    for (size_t i = 0; i < line.len; i++)
        if ((unsigned char)line.at[i] >= 0x80) {
            line = translate(line, arena, &found);
            break;
        }
    if (line.len)
        score_line(s, line, cache);
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
    struct document_shape shape;
    if (packing_is_document(&exported, rest, &shape)) {
        exported.form = EXPORTED_NOT;
        rest = document_messages(rest, &shape, &messages);
    }
    listing_detect(&listing, rest);
    struct anchors *anchors = anchors_needed(rest) ? anchors_create() : NULL;
    while (text_cut(&rest, '\n', &line)) {
        line = listing_strip(&listing, scan_trim_end(line));
        if (!exported_take(&exported, line, arena, &u) || !u.message.at)
            u = (struct unpacked){ .message = line };
        for (const struct unpacked *m = &u; m; m = m->next)
            score_message(&s, anchors, scan_trim_end(m->message), arena, &cache);
    }
    anchors_drop(anchors);
    arena_destroy(arena);
    buffer_clear(&messages);
    if (s.kinds[INPUT_IOSXE_DEBUG])
        s.kinds[INPUT_IOSXE_DEBUG] += s.kinds[INPUT_IOS_DEBUG];
    enum input_kind best = s.dumped > 1 ? INPUT_IOS_DEBUG : s.typed > 1 ? INPUT_CONFIG : INPUT_UNKNOWN;
    for (unsigned k = 1; k < INPUT_KIND_COUNT; k++)
        if (s.kinds[k] && (best == INPUT_UNKNOWN || s.kinds[k] > s.kinds[best]))
            best = (enum input_kind)k;
    return best;
}
