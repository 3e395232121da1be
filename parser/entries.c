/* Text entries and what goes on with them, on lines of their own or cut by a terminal. */
#include <stdio.h>

#include "model/trace.h"
#include "parser/emit.h"
#include "parser/furniture.h"
#include "parser/phrases.h"
#include "parser/records_parts.h"
#include "parser/scan.h"
#include "parser/state.h"

const char *trace_named(struct records *r, struct text name)
{
    return name_cached(&r->names, &r->parser->model->names, name);
}

void entry_begin(struct stream *s, const struct tag *tag, const struct prefix *prefix, struct text text, struct line *line)
{
    struct entry *e = &s->entry;
    struct buffer joined = e->joined;
    *e = (struct entry){ .joined = joined, .open = true, .text = text, .width = line->text.len };
    e->origin = (struct origin){ .tag = *tag, .line = line->number, .lines = 1 + line->more, .last_line = line_last(line) };
    if (prefix->has_time)
        e->origin.time = prefix->time;
    if (tag->family == FAMILY_SYSLOG && tag->facility.len >= 6) {
        struct text number = text_from(tag->facility, tag->facility.len - 6);
        uint64_t value;
        if (text_number(number, 10, &value)) {
            snprintf(e->number, sizeof e->number, "%.*s", TEXT_ARGS(number));
            e->text = tag->rest;
        } else {
            e->text = text_over(tag->facility.at - 1, (size_t)(tag->rest.at + tag->rest.len - tag->facility.at) + 1);
        }
    }
    e->policies = text_starts(e->text, TEXT("Received Policies:")) || text_starts(e->text, TEXT("Expected Policies:"));
    e->listing = text.len > 12 && (text.at[0] == 'I' || text.at[0] == 'E' || text.at[0] == 'A') &&
                 (text_starts(text, TEXT("IKE Proposal:")) || text_starts(text, TEXT("ESP Proposal:")) ||
                  text_starts(text, TEXT("AH Proposal:")));
    e->indented = tag->family == FAMILY_IPSEC || tag->family == FAMILY_PKI || tag->family == FAMILY_TRACE;
}

/* Joins a continuation line with a blank (glue: with nothing). */
void entry_join(struct stream *s, struct text text, struct line *line, bool glue)
{
    struct entry *e = &s->entry;
    stream_own(s);
    e->settled = false;
    if (!glue && e->joined.len)
        buffer_byte(&e->joined, ' ');
    buffer_text(&e->joined, text);
    e->text = buffer_view(&e->joined);
    e->width = line->text.len;
    if (e->origin.last_line != line_last(line))
        e->origin.lines += 1 + line->more;
    e->origin.last_line = line_last(line);
    e->after_blank = false;
}

bool stream_partial(const struct stream *s)
{
    if (!s->entry.open)
        return false;
    struct text text = scan_skip(s->entry.text);
    struct transition_line t;
    return text.len > 2 && text.at[0] == 'S' && text.at[1] == 'M' && transition_scan(&text, &t) == TRANSITION_PARTIAL;
}

/* A state-machine line that was wrapped or cut: whole now? Then it goes out; what stands behind it is left in *rest. */
static bool complete_transition(struct records *r, struct stream *s, struct text *rest)
{
    struct entry *e = &s->entry;
    struct text text = scan_skip(e->text);
    struct transition_line t;
    if (text.len < 8 || text.at[0] != 'S' || text.at[1] != 'M' || transition_scan(&text, &t) != TRANSITION_WHOLE)
        return false;
    e->open = false;
    emit_packet(r, s);
    emit_transition(r, s, &e->origin, &t, trace_named(r, t.state), trace_named(r, t.event),
                    text_upto(e->text, e->text.len - text.len));
    *rest = scan_skip(text);
    return true;
}

static size_t event_letters(struct text t)
{
    size_t n = 0;
    while (n < t.len && (scan_upper(t.at[n]) || scan_digit(t.at[n]) || t.at[n] == '_'))
        n++;
    return n;
}

/* "EV_CHK_IF_PEER_CERT_NEEDS_ TO_BE_FETCHED": a name that a terminal cut and a blank was put into. */
void entry_glue_event(struct records *r, struct transition_line *transition, struct text *t)
{
    struct text rest = scan_skip(*t);
    size_t n = event_letters(rest);
    struct text name = arena_format(r->line, "%.*s%.*s", TEXT_ARGS(transition->event), (int)n, rest.at);
    if (n == 0 || !trace_knows_event(name))
        return;
    transition->event = name;
    *t = scan_skip(text_from(rest, n));
}

/* May an untagged line go on with the open entry? */
bool entry_may_go_on(const struct stream *s, struct text raw, struct text t)
{
    const struct entry *e = &s->entry;
    if (!e->open)
        return false;
    if (e->policies)
        return text_starts(t, TEXT("Proposal ")) || text_starts(t, TEXT("ESP:")) || text_starts(t, TEXT("AH:")) ||
               text_starts(t, TEXT("Failed to find")) || text_starts(t, TEXT("Expected Policies:")) ||
               text_starts(t, TEXT("Received Policies:")) || !e->after_blank;
    if (e->listing && (text_starts(t, TEXT("Num. transforms:")) || (raw.len && scan_blank(raw.at[0]))))
        return true;
    if (e->indented && raw.len && scan_blank(raw.at[0]))
        return true;
    if (stream_partial(s))
        return true;
    if (e->after_blank)
        return e->text.len == 0 || t.at[0] == ':';
    return true;
}

static bool is_sentence(struct text t)
{
    enum { WORDS = 5 };
    unsigned blanks = 0;
    if (t.len < 2 || !scan_upper(t.at[0]) || t.at[1] < 'a' || t.at[1] > 'z' || !memchr(".:?!", t.at[t.len - 1], 4))
        return false;
    for (size_t i = 0; i < t.len; i++)
        blanks += t.at[i] == ' ';
    return blanks + 1 >= WORDS;
}

/* A page's own words behind an entry: a fence or a mark of Markdown, or a whole sentence where the entry's own is not at an end,
 * since what a terminal or a page wrapped inside a sentence does not go on with a new one. */
bool entry_ends_before(const struct stream *s, struct text t)
{
    if (text_starts(t, TEXT("```")) || text_starts(t, TEXT("~~~")) || line_is_nameless_prompt(t))
        return true;
    if (!s->entry.open || stream_partial(s) || s->entry.policies || s->entry.listing) /* what is not open has no text any more */
        return false;
    const struct text said = scan_trim_end(s->entry.text);
    if (said.len == 0)
        return false;
    bool bold = t.len > 2 && t.at[0] == '*' && t.at[1] == '*' && t.at[2] != '*' && t.at[2] != ' ';
    return bold || text_starts(t, TEXT("## ")) || text_starts(t, TEXT("### ")) ||
           (!memchr(".:,;=(-!", said.at[said.len - 1], 8) && is_sentence(scan_trim_end(t)));
}

enum { GLUE_MOST = 400, GLUE_LEAST = 40 }; /* transitions are shorter, terminals wider */

static enum transition_scan scan_joined(struct records *r, struct text a, struct text b, bool glue)
{
    struct text whole = arena_format(r->line, "%.*s%s%.*s", TEXT_ARGS(a), glue ? "" : " ", TEXT_ARGS(b));
    struct transition_line t;
    return transition_scan(&whole, &t);
}

/* Does a row know the text, its pattern included? */
static bool is_known(struct text t)
{
    const struct phrase *phrase = phrase_find(t);
    return phrase && phrase_matches(phrase, t);
}

/* A terminal that cuts lines at its width cuts words, too: does the text make sense only when joined without a blank? */
static bool wants_glue(struct records *r, const struct stream *s, struct text t)
{
    struct text text = scan_skip(s->entry.text);
    if (text.len > GLUE_MOST || t.len > GLUE_MOST)
        return false;
    if (text.len < 3 || text.at[0] != 'S' || text.at[1] != 'M') {
        if (s->entry.origin.lines > 1 || s->entry.policies || s->entry.listing || s->entry.width < GLUE_LEAST)
            return false;
        struct text key = entry_key(&s->entry, r->line);
        return !is_known(arena_format(r->line, "%.*s %.*s", TEXT_ARGS(key), TEXT_ARGS(t))) &&
               is_known(arena_format(r->line, "%.*s%.*s", TEXT_ARGS(key), TEXT_ARGS(t)));
    }
    if (s->entry.width > 60 && s->entry.width == r->wrap_guess) /* the same width again: no accident */
        r->wrap = s->entry.width;
    r->wrap_guess = s->entry.width;
    enum transition_scan blank = scan_joined(r, text, t, false), glued = scan_joined(r, text, t, true);
    if (glued == TRANSITION_NOT)
        return false;
    if (blank != TRANSITION_NOT && (!r->wrap || s->entry.width != r->wrap))
        return false;
    if (blank == TRANSITION_NOT)
        r->wrap = s->entry.width;
    return true;
}

void entry_continue(struct records *r, struct line *line, struct text raw, struct text t)
{
    struct stream *s = r->current;
    bool glue = wants_glue(r, s, t);
    if (t.at[0] == ':' && s->entry.text.len == 0) /* ":Verification of …" behind a tag that lost its colon */
        t = scan_skip(text_from(t, 1));
    size_t glued = r->asa ? tag_glued(t) : TEXT_NOWHERE;
    struct text rest = { NULL, 0 };
    if (glued != TEXT_NOWHERE) {
        rest = text_from(t, glued);
        t = scan_trim_end(text_upto(t, glued));
    }
    if (r->asa)
        t = tag_without_contexts(t, r->line);
    if (s->entry.listing && raw.len && scan_blank(raw.at[0]))
        entry_join(s, TEXT("  "), line, false);
    entry_join(s, t, line, glue);
    s->entry.policies = s->entry.policies || text_starts(s->entry.text, TEXT("Received Policies:"));
    parser_count(r->parser, line, LINE_CONTINUATION);
    struct text behind = { NULL, 0 };
    if (rest.len)
        records_rest(r, rest);
    bool may_go_on = r->wrap && line->text.len == r->wrap; /* cut just behind a word, or inside it */
    if (!may_go_on && complete_transition(r, s, &behind) && behind.len)
        records_rest(r, arena_text(r->line, behind));
}

/* A transition whose event nobody knows may have been cut inside its name: takes the rest of it off *t where that makes it
 * one that is known; else the transition goes out as it is. */
bool entry_complete_event(struct records *r, struct stream *s, struct line *line, struct text *t)
{
    if (!s->entry.open) /* its text may be gone */
        return false;
    struct text text = scan_skip(s->entry.text), behind;
    struct transition_line transition;
    if (text.len < 8 || text.at[0] != 'S' || text.at[1] != 'M' || transition_scan(&text, &transition) != TRANSITION_WHOLE ||
        text.len || trace_knows_event(transition.event))
        return false;
    size_t n = event_letters(*t);
    if (n == 0 || !trace_knows_event(arena_format(r->line, "%.*s%.*s", TEXT_ARGS(transition.event), (int)n, t->at))) {
        emit_entry(r, s);
        return false;
    }
    entry_join(s, text_upto(*t, n), line, true);
    complete_transition(r, s, &behind);
    parser_count(r->parser, line, LINE_CONTINUATION);
    *t = scan_skip(text_from(*t, n));
    return true;
}
