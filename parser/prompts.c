/* What a terminal adds to a log: prompts, commands, headers. */
#include "parser/configuration.h"
#include "parser/emit.h"
#include "parser/furniture.h"
#include "parser/packet_items.h"
#include "parser/phrases.h"
#include "parser/records_parts.h"
#include "parser/scan.h"
#include "parser/state.h"

void prompt_furniture(struct parser *p, struct text t, struct line *line)
{
    /* "Syslog logging: enabled (3 messages dropped, 55 messages rate-limited, …" */
    static const char *const words[] = { " messages dropped", " messages rate-limited" };
    if (text_starts(t, TEXT("Syslog logging:")))
        for (size_t i = 0; i < COUNT_OF(words); i++) {
            size_t at = text_find(t, text_of(words[i]));
            size_t from = at == TEXT_NOWHERE ? 0 : at;
            while (from && scan_digit(t.at[from - 1]))
                from--;
            uint64_t count;
            if (at != TEXT_NOWHERE && text_number(text_upto(text_from(t, from), at - from), 10, &count) && count) {
                p->dropped += count;
                if (!p->dropped_first)
                    p->dropped_first = line->number;
            }
        }
    parser_count(p, line, LINE_NOISE);
}

/* What stands above a command was printed before it; but a packet's dump that is not through goes on behind it. */
static void flush_above(struct records *r, struct stream *s)
{
    if (s->packet.open && !s->entry.open && packet_unfinished(&s->packet))
        return;
    stream_flush(r, s);
}

void prompt_command(struct records *r, struct line *line, struct text command)
{
    struct parser *p = r->parser;
    struct stream *s = r->current;
    if (command.len == 0) { /* a prompt alone does not end a packet's dump */
        if (!stream_partial(s))
            emit_entry(r, s);
        parser_count(p, line, LINE_NOISE);
        return;
    }
    flush_above(r, s);
    struct event e = { .kind = EVENT_COMMAND,
                       .code = CODE_COMMAND,
                       .line = line->number,
                       .lines = 1 + line->more,
                       .text = model_masked(p->model, command, r->event) }; /* a key is typed at a prompt, too */
    if (text_starts(command, TEXT("cl")) && (text_has(command, TEXT("ike")) || text_has(command, TEXT("cry")))) {
        e.code = CODE_CLEAR_COMMAND;
        e.severity = SEVERITY_NOTE;
    }
    parser_emit(p, s->device, &e);
    parser_count(p, line, LINE_EVENT);
    s->trace = text_has(command, TEXT("event-trace"));
    s->noise = !s->trace; /* what it prints, until the log goes on */
}

/* Is that typed at a prompt, and not the rest of a line that the prompt cut in two? */
static bool is_typed(struct text rest, bool in_configuration)
{
    static const char *const begun[] = { "sh", "cl", "un", "de", "conf", "term" }; /* abbreviated at will */
    static const char *const words[] = {
        "ping", "traceroute", "packet-tracer", "capture", "exit", "end", "quit", "no",     "do",
        "wr",   "write",      "copy",          "more",    "test", "int", "en",   "reload", NULL
    };
    struct text line = rest, word;
    for (size_t i = 0; i < COUNT_OF(begun); i++)
        if (text_starts(rest, text_of(begun[i])))
            return true;
    return text_word(&line, &word) && (text_in(word, words) || (in_configuration && config_is_command(rest)));
}

/* May a prompt have cut the open entry in two, with this behind it? */
static bool cuts_entry(struct records *r, const struct stream *s, const struct line *line, struct text rest,
                       bool in_configuration)
{
    const struct entry *entry = &s->entry;
    return entry->open && !entry->after_blank && scan_lower(rest.at[0]) && entry->origin.last_line + 1 == line->number &&
           !phrase_find(scan_skip(entry_key(entry, r->event))) && !is_typed(rest, in_configuration);
}

/* A prompt: alone, with a command, in front of a message, or in the middle of a line that it cut in two. */
bool prompt_line(struct records *r, struct line *line, struct text t)
{
    struct parser *p = r->parser;
    struct stream *s = r->current;
    struct text host, rest;
    if (!prompt_scan(t, &host, &rest))
        return false;
    struct prefix prefix;
    struct tag tag;
    struct text tail = text_from(t, (size_t)(rest.at - t.at));
    const bool in_configuration = text_find_byte(text_upto(t, t.len - tail.len), '(') != TEXT_NOWHERE;
    struct text word = rest;
    if (entry_complete_event(r, s, line, &word)) {
        if (word.len)
            records_rest(r, word);
        return true;
    }
    if (s->packet.open && s->packet.cut && packet_item_direction(&s->packet, &word, s->packet.cut) && scan_skip(word).len == 0) {
        dump_add(s, line);
        parser_count(p, line, LINE_CONTINUATION);
    } else if (rest.len && (prefix_scan(rest, &r->times, &prefix) || tag_scan(rest, &tag))) {
        records_rest(r, tail);
    } else if (rest.len && stream_partial(s)) {
        entry_continue(r, line, rest, rest);
    } else if (rest.len && packet_continues(rest)) {
        records_rest(r, tail);
    } else if (rest.len && cuts_entry(r, s, line, rest, in_configuration)) {
        entry_join(s, rest, line, true);
        parser_count(p, line, LINE_CONTINUATION);
    } else {
        /* what stands above it was printed under the prompt before */
        if (rest.len)
            flush_above(r, s);
        else if (!stream_partial(s))
            emit_entry(r, s);
        stream_is_of(r, s, parser_named_device(p, host, true));
        prompt_command(r, line, rest);
        if (in_configuration)
            typed_add(p, p->device, rest, line->number);
        sections_command(p, rest, line->number);
        return true;
    }
    stream_is_of(r, s, parser_named_device(p, host, true));
    return true;
}
